"""Build letters: from paths to a report of what became of each."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.model import digest
from prevent_letter.ground.findings import Finding, Misuse, Stop, limited, printable, shown
from prevent_letter.letter.formats import FORMATS, Format, format_of
from prevent_letter.rules.judge import judge, stops
from prevent_letter.tasks import paths, report, targets, writing
from prevent_letter.tasks.report import FAULT, Failure, attempt, count
from prevent_letter.tasks.targets import Outcome, Standing

if TYPE_CHECKING:
    from prevent_letter.letter.compose import Composer
    from prevent_letter.tasks.read_back import Kept

_PUBLISHED = frozenset(("pdf", "html"))
_STALE = (Outcome.MISSING, Outcome.OUT_OF_DATE, Outcome.EDITED)


@dataclass(frozen=True)
class Request:
    """What to build. No paths mean the current folder, no formats the first of them all."""

    paths: Sequence[Path] = ()
    output: Path | None = None
    """A folder for the letters, or one letter's file."""
    formats: tuple[str, ...] = ()
    """As the names of the formats' files end, such as docx."""
    as_draft: bool = False
    publish: bool = False
    """Build copies to publish, which leave out names and contact details."""
    comments: bool = False
    """Put the findings of ``check`` into Word drafts, as comments."""
    check: bool = False
    """Write nothing; find out which letters are missing, out of date or edited."""
    force: bool = False
    """Write over files that somebody has changed; make letters that were sent and are missing."""

    @property
    def variant(self) -> str:
        """What the names of the files say; empty for the letters themselves, which alone may be records."""
        return "draft" if self.as_draft else "published" if self.publish else ""


@dataclass(frozen=True)
class Letter:
    """What became of one letter. ``str()`` of it is the line of data about it, if there is one."""

    target: Path
    outcome: Outcome
    remark: str
    """What a person should know or do about it, if anything."""

    def __str__(self) -> str:
        if self.outcome in _STALE:
            return f"{shown(self.target)}: {self.outcome.value}"
        return shown(self.target) if self.outcome is Outcome.BUILT else ""


@dataclass
class Report(report.Report):
    """What became of the letters. ``str()`` of it is the summary that a person reads."""

    check: bool = False
    asked: int = 0
    """How many letters were to be built."""
    not_begun: int = 0
    """How many of them nothing is scored or written for yet."""
    letters: list[Letter] = field(default_factory=list)

    @property
    def code(self) -> int:
        """The exit code."""
        wrong = self.findings or any(
            each.outcome in (*_STALE, Outcome.KEPT, Outcome.READ_ONLY) for each in self.letters
        )
        return max(super().code, FAULT if wrong else 0)

    def __str__(self) -> str:
        found = [letter.outcome for letter in self.letters]
        found = [Outcome.KEPT if each is Outcome.READ_ONLY else each for each in found]
        order = (
            (*_STALE, Outcome.UNCHANGED)
            if self.check
            else (Outcome.BUILT, Outcome.UNCHANGED, Outcome.KEPT)
        )
        failed = self.asked - len(found) - self.not_begun
        counts = [f"{found.count(each)} {each.value}" for each in order] + [f"{failed} failed"]
        counts += [f"{sent} sent"] if (sent := found.count(Outcome.SENT)) else []
        counts += [f"{self.not_begun} not begun"] if self.not_begun else []
        return f"{count(self.asked, 'letter')}: {self.summary(*counts)}"


_NOT_BEGUN = "not begun: nothing is scored and nothing written yet, so there is no letter to build"

Watch = Callable[[list[Finding] | int | Failure | Letter], None]
"""What is called as things happen: with the findings, with the number of letters to come, with what becomes of each."""


def build(request: Request, watch: Watch = lambda event: None) -> Report:
    """Check the assessments, and build the letters of those that are good.

    Raises:
        Misuse: what is asked can't be done as it is asked: nothing to build, one file for two letters.
    """
    if request.comments and not request.as_draft:
        raise Misuse("--comments is for drafts: add --draft.")
    found = paths.find(request.paths or [Path()])
    formats = targets.formats(request.output, request.formats)
    if request.publish and (request.as_draft or not _PUBLISHED.issuperset(formats)):
        raise Misuse(
            "--publish is for finished letters in PDF and HTML: add -f pdf,html, and leave out --draft."
        )
    made = Report(
        passed_over=found.passed_over,
        check=request.check,
        asked=len(found.assessments) * len(formats),
    )
    if not made.asked and not found.findings:
        raise Misuse("there is no assessment to build here.")
    if request.output and format_of(request.output) and made.asked > 1:
        raise Misuse(
            f"-o {request.output} is one letter's file, and {made.asked} assessments are to be built."
        )
    drafts = list(made.open(found.assessments))
    named = {draft.path for draft in drafts if request.as_draft and draft.path in found.named}
    waiting = [draft for draft in drafts if draft.is_not_begun and draft.path not in named]
    if request.as_draft:
        drafts = [draft if draft in waiting else draft.as_form() for draft in drafts]
    made.not_begun = len(formats) * sum(draft.path not in found.named for draft in waiting)
    made.failures += [
        Failure(f"{shown(each.path)}: {_NOT_BEGUN}", FAULT)
        for each in waiting
        if each.path in found.named
    ]
    for failure in made.failures:
        watch(failure)
    jobs = [
        _job(request, draft, found.assessments[draft.path], end)
        for draft in drafts
        for end in formats
    ]
    first = {job.draft.path: job.target for job in reversed(jobs)}
    beside = targets.neighbours(found, request.output, formats[0], request.variant)
    judged = judge(drafts, first, "draft" if request.as_draft else "build", formats, beside)
    findings = (
        finding
        for findings in judged.values()
        for finding in findings
        if finding.severity == "error"
    )
    made.findings = limited([*found.findings, *findings])
    watch(made.findings)
    good = [
        job
        for job in jobs
        if not any(stops(each, job.format.end) for each in judged[job.draft.path])
    ]
    good = [job for job in good if job.draft.assessment]
    if request.publish:
        copies = {job.draft.path: job.draft.to_publish() for job in good}
        good = [replace(job, draft=copies[job.draft.path]) for job in good]
    _press(request, jobs, good, made, watch)
    return made


def _press(
    request: Request, jobs: list["Job"], good: list["Job"], made: Report, watch: Watch
) -> None:
    """Build the good letters; what an earlier build left half-written goes in any case."""
    for folder in {job.target.parent for job in jobs} if not request.check else ():
        writing.clear(folder)
    watch(len(good))
    press = Press(request)
    for job in good:
        done = attempt(press.do, job, job.draft.path)
        made.letters += [done] if isinstance(done, Letter) else []
        made.failures += [done] if isinstance(done, Failure) else []
        watch(done)


@dataclass(frozen=True)
class Job:
    """One letter to build: of a draft that has an assessment, in a format, into a file."""

    draft: Draft
    format: Format
    target: Path
    is_record: bool
    """Whether the target is where the assessment's own letter goes, though another variant may be asked for."""


def _job(request: Request, draft: Draft, below: Path, end: str) -> Job:
    target = targets.target(draft.path, below, request.output, draft.settings, end, request.variant)
    letter = targets.target(draft.path, below, None, draft.settings, end)
    return Job(draft, FORMATS[end], target, os.path.realpath(target) == os.path.realpath(letter))


class Press:
    """Builds letters, one by one; templates are read once in it, and a draft is composed once for all formats."""

    def __init__(self, request: Request) -> None:
        from prevent_letter.letter.compose import Composer  # Jinja takes its time

        self.request = request
        self._composers = cache(Composer)
        self._looks: dict[Path, Any] = {}
        self._composed: tuple[Draft | None, str] = None, ""
        self._told = set[Path]()

    def do(self, job: Job) -> Letter:
        """Build a letter, or find out what building it would do. One that was sent is a record, and is left alone.

        Raises:
            Stop: a template or a look is at fault, or the target can't be read or written.
        """
        assert job.draft.assessment
        targets.refuse_links(job.target, None if self.request.output else job.draft.repository)
        found = self._record(job)
        if found is None or (
            found.outcome is Outcome.MISSING and self.request.force and not self.request.check
        ):
            writer, identifier = job.format.writer, job.draft.assessment.identifier
            xhtml, look = self._xhtml(job.draft), self._look(job)
            with self._composer(job.draft).blamed():
                data = self._with_comments(job, xhtml, look) or writer.write(xhtml, look)
            if self.request.check:
                found = targets.state(job.target, data, identifier, writer)
            else:
                found = targets.save(job.target, data, identifier, writer, force=self.request.force)
        elif not self.request.check:
            found = found._replace(outcome=Outcome.KEPT if found.whose else Outcome.SENT)
        return Letter(job.target, found.outcome, self._remark(job, found))

    def _record(self, job: Job) -> Standing | None:
        """How the record of a letter that was sent stands; None where the target is no record."""
        assessment, criteria = job.draft.assessment, job.draft.criteria
        assert assessment
        assert criteria
        if not assessment.sent:
            return None
        if not self.request.variant:
            found = targets.record(
                job.target, digest(assessment, criteria), assessment.identifier, job.format
            )
            unlike = found.outcome in (Outcome.OUT_OF_DATE, Outcome.EDITED) and not found.whose
            cleared = _kept(job) if unlike else None
            return Standing(Outcome.SENT) if cleared and not cleared.values else found
        return Standing(Outcome.SENT) if job.is_record else None

    def _composer(self, draft: Draft) -> "Composer":
        assert draft.assessment
        return self._composers(
            draft.settings.path(draft.settings.file.templates), draft.assessment.language
        )

    def _xhtml(self, draft: Draft) -> str:
        if self._composed[0] is not draft:
            assert draft.assessment
            assert draft.criteria
            xhtml = self._composer(draft).compose(
                draft.assessment, draft.criteria, as_draft=self.request.as_draft
            )
            self._composed = draft, xhtml
        return self._composed[1]

    def _with_comments(self, job: Job, xhtml: str, look: Any) -> bytes | None:
        """A Word draft with the findings on it as comments; None where there are to be none."""
        if not self.request.comments or job.format.end != "docx":
            return None
        from prevent_letter.tasks.comments import commented

        return commented(job.draft, xhtml, look)

    def _look(self, job: Job) -> Any:
        if not (name := job.format.writer.LOOK):
            return None
        assert job.draft.assessment
        path = job.draft.settings.template(name, job.draft.assessment.language)
        if os.path.realpath(job.target) in (
            os.path.realpath(job.draft.path),
            os.path.realpath(path),
        ):
            raise Stop(
                f"{shown(job.target)}: the letter is made from this file; name another with -o"
            )
        if path not in self._looks:
            self._looks[path] = job.format.writer.look(path)
        return self._looks[path]

    def _remark(self, job: Job, found: Standing) -> str:
        """What a person should know or do about an outcome; empty where its name is enough."""
        assessment = job.draft.assessment
        assert assessment
        sent = assessment.sent if not self.request.variant else None
        if found.whose:
            remark = f"this is the letter of {printable(found.whose)}, and this assessment is {assessment.identifier}'s"
            kept = "kept: " * (found.outcome is Outcome.KEPT)
            return f"{kept}{remark}; if the name was corrected, use --force, else name another place with -o"
        if found.outcome is Outcome.KEPT:
            return f"kept: {_why_kept(job)}; move or rename it, or write over it with --force"
        if found.outcome is Outcome.READ_ONLY:
            return "kept: it may only be read; allow writing it, or move it away, and build again"
        if found.outcome is Outcome.SENT and not job.target.exists():
            return f"sent on {assessment.sent}, and missing; put the letter that was sent there, or make it with --force"
        if sent and found.outcome in (Outcome.OUT_OF_DATE, Outcome.EDITED):
            return f"sent on {sent}, and the assessment no longer says what the letter says"
        return (
            self._names_left(job.draft) if self.request.publish and not self.request.check else ""
        )

    def _names_left(self, draft: Draft) -> str:
        """The names that stay in a copy to publish, told with the first format of it."""
        if draft.path in self._told:
            return ""
        self._told.add(draft.path)
        from prevent_letter.tasks.publish import names_left  # seldom asked for

        return names_left(draft, self._xhtml(draft))


def _kept(job: Job) -> "Kept | None":
    """What a Word letter that somebody worked on has beside its assessment; None where that can't be read."""
    from prevent_letter.tasks.read_back import kept  # which reads Word letters: seldom needed

    return kept(job.target, job.draft) if job.format.end == "docx" else None


def _why_kept(job: Job) -> str:
    """Why a letter was kept, and what writing over it would lose."""
    found = _kept(job)
    if found and not found.values and not found.others:
        return "somebody has saved it since it was built; its changes are in the assessment now"
    if found and len(found.values) < 20:
        lost = [
            f"what it says otherwise ({', '.join(found.values[:3])}{' ...' * (len(found.values) > 3)})"
        ] * bool(found.values)
        lost += found.others
        back = "; import shows what was changed" * bool(found.values)
        return f"somebody has saved it since it was built, and --force would lose {' and '.join(lost)}{back}"
    return "somebody has saved it since it was built, or it isn't a letter of this tool"
