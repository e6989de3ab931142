"""Build the letters of assessments, and report the result for each letter."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from prevent_letter.assessment import files
from prevent_letter.assessment.drafts import Draft, DraftLoader
from prevent_letter.assessment.files import InputFiles
from prevent_letter.assessment.report import Failure, Report, attempt
from prevent_letter.building import targets
from prevent_letter.building.letter_builder import BuildRequest, Job, LetterBuilder
from prevent_letter.building.targets import Outcome
from prevent_letter.core import atomic
from prevent_letter.core.display import count, printable, show_path
from prevent_letter.core.exit_codes import FAULT
from prevent_letter.core.findings import Finding, UsageError, UserError, for_report
from prevent_letter.core.repository import real_path
from prevent_letter.letter.formats import FORMATS, format_of
from prevent_letter.letter.location import letter_path, neighbours
from prevent_letter.rules.engine import RuleRun, stops_format

_TO_PUBLISH = frozenset(("pdf", "html"))
_STALE = (Outcome.MISSING, Outcome.OUT_OF_DATE, Outcome.EDITED)
_NOT_BUILT = (*_STALE, Outcome.KEPT, Outcome.READ_ONLY)
_KEPT = 500
"""The number of drafts that are kept in memory, each some 80 KB."""
_NOT_BEGUN = "not begun: nothing is scored and nothing written yet, so there is no letter to build"


@dataclass(frozen=True)
class LetterResult:
    """The result for one letter. ``str()`` is its line for standard output, or empty."""

    target: Path
    outcome: Outcome
    remark: str
    """What the user should know or do about the letter; empty if nothing."""

    def __str__(self) -> str:
        if self.outcome in _STALE:
            return f"{show_path(self.target)}: {self.outcome.value}"
        return show_path(self.target) if self.outcome is Outcome.BUILT else ""


@dataclass
class BuildReport(Report):
    """The results for all letters. ``str()`` is the summary for the user."""

    check: bool = False
    requested: int = 0
    """How many letters were to be built."""
    not_begun: int = 0
    """How many of these letters have an assessment that is not begun."""
    letters: list[LetterResult] = field(default_factory=list)
    unsaid: str = ""
    """How many warnings ``check`` has, and how to see them; empty if there are none."""

    @property
    def code(self) -> int:
        """The exit code."""
        is_wrong = any(letter.outcome in _NOT_BUILT for letter in self.letters)
        return max(super().code, FAULT if self.findings or is_wrong else 0)

    def __str__(self) -> str:
        outcomes = [letter.outcome for letter in self.letters]
        outcomes = [Outcome.KEPT if o is Outcome.READ_ONLY else o for o in outcomes]
        order = [Outcome.BUILT, Outcome.UNCHANGED, Outcome.KEPT]
        if self.check:
            order = [*_STALE, Outcome.UNCHANGED]
        counts = [f"{outcomes.count(outcome)} {outcome.value}" for outcome in order]
        counts.append(f"{self.requested - len(outcomes) - self.not_begun} failed")
        if sent := outcomes.count(Outcome.SENT):
            counts.append(f"{sent} sent")
        if self.not_begun:
            counts.append(f"{self.not_begun} not begun")
        line = f"{count(self.requested, 'letter')}: {self.summary(*counts)}"
        return "\n".join(filter(None, (line, self.unsaid)))


Watch = Callable[[list[Finding] | int | Failure | LetterResult], None]
"""Called with each event: a failure, the findings, the number of letters to write, or a result."""


def build(request: BuildRequest, watch: Watch = lambda event: None) -> BuildReport:
    """Check the assessments, and build the letters of those without errors.

    Raises:
        UsageError: the options don't go together, there is nothing to build, or several letters
            are to go to one file.
        UserError: a file of a large run was changed while the files were judged.
    """
    inputs = files.find(request.paths or [Path()])
    formats = _check_request(request, inputs)
    report = BuildReport(passed_over=inputs.passed_over, check=request.check)
    report.requested = len(inputs.assessments) * len(formats)
    drafts = _Drafts(request, inputs)
    good = _judge(drafts, formats, report, watch)
    watch(sum(map(len, good.values())))
    builder = LetterBuilder(request)
    for path, formats_of_letter in good.items():
        draft = attempt(drafts.load, path, path)
        if isinstance(draft, Failure):
            report.failures.append(draft)
            watch(draft)
            continue
        if request.publish:
            draft = replace(draft, assessment=draft.valid[0].to_publish())
        for job in drafts.jobs(draft, formats_of_letter):
            result = attempt(builder.build, job, path)
            if isinstance(result, Failure):
                report.failures.append(result)
                watch(result)
            else:
                letter = LetterResult(job.target, *result)
                report.letters.append(letter)
                watch(letter)
    return report


class _Drafts:
    """The drafts of a run, with ``--draft`` as forms to fill in.

    The latest are kept. In a larger run the others are read again when their letters are built, as
    20,000 of them would fill 1.5 GB.
    """

    def __init__(self, request: BuildRequest, inputs: InputFiles) -> None:
        self.request, self.inputs = request, inputs
        self.load = lru_cache(_KEPT)(self._load)
        self._loader = DraftLoader()
        self._texts: dict[Path, int] = {}
        """The hash of each file's text."""

    def _load(self, path: Path) -> Draft:
        """Return the draft of an assessment.

        Raises:
            UserError: the file is no longer what it was when it was first read.
        """
        draft = self._loader.load(path)
        text = hash(draft.source.text)
        if self._texts.setdefault(path, text) != text:
            message = "somebody changed this file while the letters were built; build again"
            raise UserError(f"{show_path(path)}: {message}")
        is_form = self.request.as_draft and (path in self.inputs.named or not draft.is_not_begun)
        return draft.as_form() if is_form else draft

    def jobs(self, draft: Draft, formats: Iterable[str]) -> list[Job]:
        """Return a job for each of the formats of a draft's letter."""
        place, request = (draft.path, self.inputs.assessments[draft.path]), self.request
        jobs = []
        for end in formats:
            own = letter_path(*place, None, draft.settings, end)
            target = letter_path(*place, request.output, draft.settings, end, request.variant)
            is_own = real_path(target) == real_path(own)
            jobs.append(Job(draft, FORMATS[end], target, is_own, self._earlier(draft.path)))
        return jobs

    def _earlier(self, path: Path) -> Path | None:
        """Return the letter since which the changes in an assessment's letter are marked."""
        since = self.request.changes_since
        if not since or not since.is_dir():
            return since
        return since / self.inputs.assessments[path].with_suffix(".docx")


def _judge(
    drafts: _Drafts, formats: Sequence[str], report: BuildReport, watch: Watch
) -> dict[Path, list[str]]:
    """Check the assessments, and return the formats that can be built of each that has any."""
    request, inputs = drafts.request, drafts.inputs
    run = RuleRun("draft" if request.as_draft else "build", formats, drafts.load)
    folders, why_not = set[Path](), dict[Path, str]()
    for draft in report.load_drafts(inputs.assessments, drafts.load):
        path, jobs = draft.path, drafts.jobs(draft, formats)
        if draft.is_not_begun and path in inputs.named:
            text = f"{show_path(path)}: {_NOT_BEGUN}"
            report.failures.append(Failure(text, FAULT))
        elif draft.is_not_begun:
            report.not_begun += len(formats)
        if draft.assessment is not None:
            why_not[path] = _why_not_to_publish(draft) if request.publish else ""
        folders.update(job.target.parent for job in jobs)
        run.add(draft, jobs[0].target)
    for failure in report.failures:
        watch(failure)
    for header, target in neighbours(inputs, request.output, formats[0], request.variant):
        run.add_neighbour(header, target)
    findings = run.finish()
    of_drafts = [finding for of_draft in findings.values() for finding in of_draft]
    errors = (finding for finding in of_drafts if finding.severity == "error")
    report.findings = for_report([*inputs.findings, *errors])
    report.unsaid = _unsaid(of_drafts, request)
    watch(report.findings)
    good: dict[Path, list[str]] = {}
    for path, why in why_not.items():
        ends = [e for e in formats if not any(stops_format(f, e) for f in findings[path])]
        if ends and why:
            failure = Failure(f"{show_path(path)}: {printable(why)}", FAULT)
            report.failures.append(failure)
            watch(failure)
        elif ends:
            good[path] = ends
    if not request.check:
        for folder in folders:
            atomic.remove_leftovers(folder)
    return good


def _unsaid(findings: list[Finding], request: BuildRequest) -> str:
    """Return how many warnings the assessments have, and the command that shows them."""
    warnings = {finding for finding in findings if finding.severity == "warning"}
    if not warnings or request.as_draft:
        return ""
    files = {finding.place.path for finding in warnings}
    names = [f'"{name}"' if " " in name else name for name in map(show_path, request.paths)]
    number = sum(finding.times for finding in warnings)
    command = " ".join(["prevent-letter check", *names])
    return f"{count(number, 'warning')} in {count(len(files), 'file')}: {command}"


def _why_not_to_publish(draft: Draft) -> str:
    """Return why there must be no copy of a letter for the web; empty if there may be one."""
    assessment, _ = draft.valid
    if not assessment.sent:
        return "this letter isn't sent yet: write sent: when it has gone out"
    if assessment.marking and assessment.marking.upper() != "OFFICIAL":
        return f"it is marked {assessment.marking}, and can't be published"
    return ""


def _check_request(request: BuildRequest, inputs: InputFiles) -> tuple[str, ...]:
    """Return the formats to build, or raise ``UsageError`` if the request can't be met."""
    if request.comments and not request.as_draft:
        raise UsageError("--comments is for drafts: add --draft.")
    formats = targets.choose_formats(request.output, request.formats)
    if request.publish and (request.as_draft or not _TO_PUBLISH.issuperset(formats)):
        message = "--publish is for finished letters in PDF and HTML"
        raise UsageError(f"{message}: add -f pdf,html, and leave out --draft.")
    if request.changes_since:
        if formats != ("docx",) or request.publish or request.comments or request.check:
            message = "--changes-since writes Word letters with tracked changes"
            raise UsageError(f"{message}: leave out -f, --publish, --comments and --check.")
        if len(inputs.assessments) > 1 and not request.changes_since.is_dir():
            message = f"--changes-since {request.changes_since} is one letter"
            help = "name the folder with the earlier letters"
            raise UsageError(f"{message}, and {len(inputs.assessments)} are to be built; {help}.")
    if not inputs.assessments and not inputs.findings:
        raise UsageError("there is no assessment to build here.")
    letters = len(inputs.assessments) * len(formats)
    if request.output and format_of(request.output) and letters > 1:
        message = f"-o {request.output} is one letter's file"
        raise UsageError(f"{message}, and {letters} assessments are to be built.")
    return formats
