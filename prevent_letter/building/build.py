"""Build the letters of assessments, and report the result for each letter."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from prevent_letter.assessment import files
from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.files import InputFiles
from prevent_letter.assessment.report import Failure, Report, attempt
from prevent_letter.building import targets
from prevent_letter.building.letter_builder import BuildRequest, Job, LetterBuilder
from prevent_letter.building.targets import Outcome
from prevent_letter.core import atomic
from prevent_letter.core.display import count, printable, show_path
from prevent_letter.core.exit_codes import FAULT
from prevent_letter.core.findings import Finding, UsageError, for_report
from prevent_letter.core.repository import real_path
from prevent_letter.letter.formats import FORMATS, format_of
from prevent_letter.letter.location import letter_path, neighbours
from prevent_letter.rules.engine import Stage, apply_rules, stops_format

_TO_PUBLISH = frozenset(("pdf", "html"))
_STALE = (Outcome.MISSING, Outcome.OUT_OF_DATE, Outcome.EDITED)
_NOT_BUILT = (*_STALE, Outcome.KEPT, Outcome.READ_ONLY)
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
    """
    inputs = files.find(request.paths or [Path()])
    formats = _check_request(request, inputs)
    report = BuildReport(passed_over=inputs.passed_over, check=request.check)
    report.requested = len(inputs.assessments) * len(formats)
    drafts = _load_drafts(request, inputs, report, len(formats))
    for failure in report.failures:
        watch(failure)
    jobs = []
    for draft in drafts:
        place = (draft.path, inputs.assessments[draft.path])
        for end in formats:
            own = letter_path(*place, None, draft.settings, end)
            target = letter_path(*place, request.output, draft.settings, end, request.variant)
            jobs.append(Job(draft, FORMATS[end], target, real_path(target) == real_path(own)))
    stage: Stage = "draft" if request.as_draft else "build"
    first_targets = {job.draft.path: job.target for job in reversed(jobs)}
    around = neighbours(inputs, request.output, formats[0], request.variant)
    findings = apply_rules(drafts, first_targets, stage, formats, around)
    of_drafts = [finding for of_draft in findings.values() for finding in of_draft]
    errors = (finding for finding in of_drafts if finding.severity == "error")
    report.findings = for_report([*inputs.findings, *errors])
    report.unsaid = _unsaid(of_drafts, request)
    watch(report.findings)
    good = []
    for job in jobs:
        end, of_draft = job.format.end, findings[job.draft.path]
        if job.draft.assessment and not any(stops_format(finding, end) for finding in of_draft):
            good.append(job)
    if request.publish:
        refused = {job.draft.path: why for job in good if (why := _why_not_to_publish(job.draft))}
        for path, why in refused.items():
            failure = Failure(f"{show_path(path)}: {printable(why)}", FAULT)
            report.failures.append(failure)
            watch(failure)
        good = [job for job in good if job.draft.path not in refused]
        to_copy = {job.draft.path: job.draft for job in good}  # one copy for all formats
        copies = {p: replace(d, assessment=d.valid[0].to_publish()) for p, d in to_copy.items()}
        good = [replace(job, draft=copies[job.draft.path]) for job in good]
    if not request.check:
        for folder in {job.target.parent for job in jobs}:
            atomic.remove_leftovers(folder)
    watch(len(good))
    builder = LetterBuilder(request)
    for job in good:
        result = attempt(builder.build, job, job.draft.path)
        if isinstance(result, Failure):
            report.failures.append(result)
            watch(result)
        else:
            letter = LetterResult(job.target, *result)
            report.letters.append(letter)
            watch(letter)
    return report


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
    if not inputs.assessments and not inputs.findings:
        raise UsageError("there is no assessment to build here.")
    letters = len(inputs.assessments) * len(formats)
    if request.output and format_of(request.output) and letters > 1:
        message = f"-o {request.output} is one letter's file"
        raise UsageError(f"{message}, and {letters} assessments are to be built.")
    return formats


def _load_drafts(
    request: BuildRequest, inputs: InputFiles, report: BuildReport, formats: int
) -> list[Draft]:
    """Return the drafts (with ``--draft``, as forms to fill in), and count those not begun.

    If the user named a file that is not begun, it becomes a failure or, with ``--draft``, a form.
    """
    drafts = []
    for draft in report.load_drafts(inputs.assessments):
        is_named = draft.path in inputs.named
        if draft.is_not_begun and not (request.as_draft and is_named):
            if is_named:
                text = f"{show_path(draft.path)}: {_NOT_BEGUN}"
                report.failures.append(Failure(text, FAULT))
            else:
                report.not_begun += formats
            drafts.append(draft)
        else:
            drafts.append(draft.as_form() if request.as_draft else draft)
    return drafts
