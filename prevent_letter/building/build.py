"""Build letters: from paths to a report of what became of each letter."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from prevent_letter.assessment import files
from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.files import FoundFiles
from prevent_letter.assessment.report import FAULT, Failure, Report, attempt
from prevent_letter.building import targets
from prevent_letter.building.letter_builder import Job, LetterBuilder
from prevent_letter.building.targets import Outcome
from prevent_letter.core import atomic
from prevent_letter.core.display import count, show_path
from prevent_letter.core.findings import Finding, UsageError, for_report
from prevent_letter.letter.formats import FORMATS, format_of
from prevent_letter.letter.location import letter_path, neighbours
from prevent_letter.rules.engine import Stage, apply_rules, stops_format

_TO_PUBLISH = frozenset(("pdf", "html"))
_STALE = (Outcome.MISSING, Outcome.OUT_OF_DATE, Outcome.EDITED)
_NOT_BUILT = (*_STALE, Outcome.KEPT, Outcome.READ_ONLY)
_NOT_BEGUN = "not begun: nothing is scored and nothing written yet, so there is no letter to build"


@dataclass(frozen=True)
class BuildRequest:
    """What to build. Without paths it is the current folder, without formats the first one."""

    paths: Sequence[Path] = ()
    output: Path | None = None
    """A folder for the letters, or one letter's file."""
    formats: tuple[str, ...] = ()
    """The endings of the formats, such as docx."""
    as_draft: bool = False
    publish: bool = False
    """Build copies to publish, without names and contact details."""
    comments: bool = False
    """Put the findings of ``check`` into Word drafts, as comments."""
    check: bool = False
    """Write nothing; report which letters are missing, out of date or edited."""
    force: bool = False
    """Overwrite files that somebody has changed; make letters that were sent and are missing."""

    @property
    def variant(self) -> str:
        """What the files' names say; empty for the letters themselves."""
        if self.as_draft:
            return "draft"
        return "published" if self.publish else ""


@dataclass(frozen=True)
class LetterResult:
    """What became of one letter. ``str()`` is the line of data about it, if there is one."""

    target: Path
    outcome: Outcome
    remark: str
    """What a person should know or do about it, if anything."""

    def __str__(self) -> str:
        if self.outcome in _STALE:
            return f"{show_path(self.target)}: {self.outcome.value}"
        return show_path(self.target) if self.outcome is Outcome.BUILT else ""


@dataclass
class BuildReport(Report):
    """What became of the letters. ``str()`` is the summary that a person reads."""

    check: bool = False
    requested: int = 0
    """How many letters were to be built."""
    not_begun: int = 0
    """How many of them are of assessments that are not begun."""
    letters: list[LetterResult] = field(default_factory=list)

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
        return f"{count(self.requested, 'letter')}: {self.summary(*counts)}"


Watch = Callable[[list[Finding] | int | Failure | LetterResult], None]
"""Called as things happen: with the findings, the number of letters to write, each result."""


def build(request: BuildRequest, watch: Watch = lambda event: None) -> BuildReport:
    """Check the assessments, and build the letters of those without errors.

    Raises:
        UsageError: the request can't be carried out: options that don't go together, nothing to
            build, one file for two letters.
    """
    found = files.find(request.paths or [Path()])
    formats = _check_request(request, found)
    report = BuildReport(passed_over=found.passed_over, check=request.check)
    report.requested = len(found.assessments) * len(formats)
    drafts = _load_drafts(request, found, report, len(formats))
    for failure in report.failures:
        watch(failure)
    jobs = [
        _job(request, draft, found.assessments[draft.path], end)
        for draft in drafts
        for end in formats
    ]
    findings = _apply_rules(request, drafts, jobs, found, formats)
    errors = (f for of_draft in findings.values() for f in of_draft if f.severity == "error")
    report.findings = for_report([*found.findings, *errors])
    watch(report.findings)
    good = [job for job in jobs if _is_good(job, findings[job.draft.path])]
    if request.publish:
        copies = {job.draft.path: job.draft.to_publish() for job in good}  # one for all formats
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


def _check_request(request: BuildRequest, found: FoundFiles) -> tuple[str, ...]:
    """Return the formats to build, if the request can be carried out."""
    if request.comments and not request.as_draft:
        raise UsageError("--comments is for drafts: add --draft.")
    formats = targets.choose_formats(request.output, request.formats)
    if request.publish and (request.as_draft or not _TO_PUBLISH.issuperset(formats)):
        message = "--publish is for finished letters in PDF and HTML"
        raise UsageError(f"{message}: add -f pdf,html, and leave out --draft.")
    if not found.assessments and not found.findings:
        raise UsageError("there is no assessment to build here.")
    letters = len(found.assessments) * len(formats)
    if request.output and format_of(request.output) and letters > 1:
        message = f"-o {request.output} is one letter's file"
        raise UsageError(f"{message}, and {letters} assessments are to be built.")
    return formats


def _load_drafts(
    request: BuildRequest, found: FoundFiles, report: BuildReport, formats: int
) -> list[Draft]:
    """Return the drafts, as forms for drafts of letters; those not begun are only counted.

    One that is not begun and was named itself is a failure, or with ``--draft`` a form.
    """
    drafts = []
    for draft in report.load(found.assessments):
        is_named = draft.path in found.named
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


def _job(request: BuildRequest, draft: Draft, below: Path, end: str) -> Job:
    target = letter_path(draft.path, below, request.output, draft.settings, end, request.variant)
    letter = letter_path(draft.path, below, None, draft.settings, end)
    return Job(draft, FORMATS[end], target, targets.is_same_file(target, letter))


def _apply_rules(
    request: BuildRequest,
    drafts: Iterable[Draft],
    jobs: Sequence[Job],
    found: FoundFiles,
    formats: tuple[str, ...],
) -> dict[Path, list[Finding]]:
    """Return the findings on each draft by its path."""
    stage: Stage = "draft" if request.as_draft else "build"
    first_targets = {job.draft.path: job.target for job in reversed(jobs)}
    around = neighbours(found, request.output, formats[0], request.variant)
    return dict(apply_rules(drafts, first_targets, stage, formats, around))


def _is_good(job: Job, findings: Iterable[Finding]) -> bool:
    """Return True if nothing stops a letter in its format."""
    if job.draft.assessment is None:
        return False
    return not any(stops_format(finding, job.format.end) for finding in findings)
