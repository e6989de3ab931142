"""Build one letter after the other, each in one format."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.model import digest
from prevent_letter.building import targets
from prevent_letter.building.targets import Outcome, TargetStatus
from prevent_letter.core.display import printable, show_path
from prevent_letter.core.findings import UserError
from prevent_letter.letter.formats import Format

if TYPE_CHECKING:
    from prevent_letter.letter.compose import Composer
    from prevent_letter.word.letter_values import UnsavedChanges

_MOST_VALUES_SHOWN = 20
"""The values that differ in a letter of this assessment; with more it is another letter."""


@dataclass(frozen=True)
class Job:
    """One letter to build: a draft with an assessment, a format, and a file."""

    draft: Draft
    format: Format
    target: Path
    is_record: bool
    """The target is where the assessment's own letter goes."""


class BuildOptions(Protocol):
    """How letters are built (see ``BuildRequest``)."""

    @property
    def output(self) -> Path | None:
        """A folder, or one letter's file."""

    @property
    def as_draft(self) -> bool:
        """Build drafts."""

    @property
    def publish(self) -> bool:
        """Build copies to publish."""

    @property
    def comments(self) -> bool:
        """Put findings into Word drafts."""

    @property
    def check(self) -> bool:
        """Write nothing."""

    @property
    def force(self) -> bool:
        """Overwrite files that somebody has changed."""

    @property
    def variant(self) -> str:
        """What the files' names say."""


class LetterBuilder:
    """Builds letters; templates are read once, and a draft is composed once for all formats."""

    def __init__(self, options: BuildOptions) -> None:
        from prevent_letter.letter.compose import Composer  # slow to load

        self.options = options
        self._composers = cache(Composer)
        self._looks: dict[Path, Any] = {}
        self._composed: tuple[Draft | None, str] = None, ""
        self._names_reported = set[Path]()

    def build(self, job: Job) -> tuple[Outcome, str]:
        """Build a letter or, with ``--check``, report what building would do.

        Letters marked ``sent`` are never changed. Returns the outcome, and a remark.

        Raises:
            UserError: a template or a style file is wrong, or the target can't be read or written.
        """
        repository = None if self.options.output else job.draft.repository
        targets.refuse_links(job.target, repository)
        status = self._status_of_record(job)
        is_missing = status is not None and status.outcome is Outcome.MISSING
        if status is None or (is_missing and self.options.force and not self.options.check):
            status = self._write(job)
        elif not self.options.check:
            status = status._replace(outcome=Outcome.KEPT if status.owner else Outcome.SENT)
        return status.outcome, self._remark(job, status)

    def _status_of_record(self, job: Job) -> TargetStatus | None:
        """Return the status of a letter that was sent; None if the target is no record."""
        assessment, criteria = job.draft.valid
        if not assessment.sent:
            return None
        if self.options.variant:
            return TargetStatus(Outcome.SENT) if job.is_record else None
        content = digest(assessment, criteria)
        status = targets.compare_sent(job.target, content, assessment.identifier, job.format)
        differs = status.outcome in (Outcome.OUT_OF_DATE, Outcome.EDITED) and not status.owner
        changes = _unsaved_changes(job) if differs else None
        return TargetStatus(Outcome.SENT) if changes and not changes.values else status

    def _write(self, job: Job) -> TargetStatus:
        """Write a letter, or compare it with what is there."""
        assessment, _ = job.draft.valid
        writer, look = job.format.writer, self._look(job)
        xhtml = self._xhtml(job.draft)
        with self._composer(job.draft).blamed():
            if self.options.comments and job.format.end == "docx":
                from prevent_letter.building.comments import with_comments

                data = with_comments(job.draft, xhtml, look)
            else:
                data = writer.write(xhtml, look)
        if self.options.check:
            return targets.compare(job.target, data, assessment.identifier, writer)
        force = self.options.force
        return targets.save(job.target, data, assessment.identifier, writer, force=force)

    def _composer(self, draft: Draft) -> "Composer":
        return self._composers(draft.settings.templates, draft.valid[0].language)

    def _xhtml(self, draft: Draft) -> str:
        if self._composed[0] is not draft:
            composer = self._composer(draft)
            xhtml = composer.compose(*draft.valid, as_draft=self.options.as_draft)
            self._composed = draft, xhtml
        return self._composed[1]

    def _look(self, job: Job) -> Any:
        writer = job.format.writer
        if not writer.LOOK:
            return None
        path = job.draft.settings.template(writer.LOOK, job.draft.valid[0].language)
        if any(targets.is_same_file(job.target, source) for source in (job.draft.path, path)):
            message = "the letter is made from this file; name another with -o"
            raise UserError(f"{show_path(job.target)}: {message}")
        if path not in self._looks:
            self._looks[path] = writer.read_look(path)
        return self._looks[path]

    def _remark(self, job: Job, status: TargetStatus) -> str:
        """Return what a person should know or do about an outcome; empty if its name is enough."""
        assessment, outcome = job.draft.valid[0], status.outcome
        if status.owner:
            lead = "kept: " if outcome is Outcome.KEPT else ""
            whose = f"this is the letter of {printable(status.owner)}"
            whose += f", and this assessment is {assessment.identifier}'s"
            help = "if the name was corrected, use --force, else name another place with -o"
            return f"{lead}{whose}; {help}"
        if outcome is Outcome.KEPT:
            return f"kept: {_why_kept(job)}; move or rename it, or overwrite it with --force"
        if outcome is Outcome.READ_ONLY:
            return "kept: it is read-only; make it writable, or move it away, and build again"
        if outcome is Outcome.SENT and not job.target.exists():
            help = "put the letter that was sent there, or make it with --force"
            return f"sent on {assessment.sent}, and missing; {help}"
        is_stale = outcome in (Outcome.OUT_OF_DATE, Outcome.EDITED)
        if assessment.sent and is_stale and not self.options.variant:
            message = "the assessment no longer says what the letter says"
            return f"sent on {assessment.sent}, and {message}"
        if self.options.publish and not self.options.check:
            return self._names_left(job.draft)
        return ""

    def _names_left(self, draft: Draft) -> str:
        """Return the names that stay in a copy to publish, once for all formats."""
        if draft.path in self._names_reported:
            return ""
        self._names_reported.add(draft.path)
        from prevent_letter.building.publish import names_left  # rarely needed

        return names_left(draft, self._xhtml(draft))


def _unsaved_changes(job: Job) -> "UnsavedChanges | None":
    """Return what in an edited Word letter is not in its assessment; None if that is unknown."""
    if job.format.end != "docx":
        return None
    from prevent_letter.word.letter_values import unsaved_changes  # rarely needed

    return unsaved_changes(job.target, job.draft)


def _why_kept(job: Job) -> str:
    """Return why a letter was kept, and what overwriting it would lose."""
    saved = "somebody has saved it since it was built"
    changes = _unsaved_changes(job)
    if not changes or len(changes.values) >= _MOST_VALUES_SHOWN:
        return f"{saved}, or it is not a letter of this tool"
    lost, help = [*changes.others], ""
    if changes.values:
        more = " ..." if len(changes.values) > 3 else ""
        lost.insert(0, f"changes ({', '.join(changes.values[:3])}{more})")
        help = "; import shows what was changed"
    if not lost:
        return f"{saved}; its changes are in the assessment now"
    return f"{saved}, and --force would lose {' and '.join(lost)}{help}"
