"""Build letters one by one, each in one format."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prevent_letter.assessment.digests import digest, value_digests
from prevent_letter.assessment.drafts import Draft
from prevent_letter.building import targets
from prevent_letter.building.targets import Outcome, TargetStatus
from prevent_letter.core.display import printable, show_path
from prevent_letter.core.findings import UserError
from prevent_letter.core.repository import real_path
from prevent_letter.letter.formats import CHANGES, Format

if TYPE_CHECKING:
    from prevent_letter.word.letter_values import UnsavedChanges

_NOT_RECOGNISED = 20
"""With this many changed values or more, a file does not count as this assessment's letter."""


@dataclass(frozen=True)
class BuildRequest:
    """What to build. The defaults are the current folder and the first format."""

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
    changes_since: Path | None = None
    """An earlier letter, or a folder of such: mark in the new ones what changed since."""
    check: bool = False
    """Write nothing; report which letters are missing, out of date or edited."""
    force: bool = False
    """Overwrite files that somebody has changed, and build sent letters that are missing."""

    @property
    def variant(self) -> str:
        """The word in the files' names, such as draft; empty for the letters themselves."""
        word = "draft" if self.as_draft else "published" if self.publish else ""
        return ".".join(filter(None, (word, "changes" if self.changes_since else "")))


@dataclass(frozen=True)
class Job:
    """One letter to build: a draft with an assessment, a format, and a file."""

    draft: Draft
    format: Format
    target: Path
    at_letter_path: bool
    """True if the target is the letter's default path, even when a draft or copy goes there."""
    earlier: Path | None = None
    """The letter since which changes are marked."""


class LetterBuilder:
    """Builds letters. It reads each template once, and composes a draft once for all formats."""

    def __init__(self, request: BuildRequest) -> None:
        from prevent_letter.letter.compose import Composer  # slow to load

        self.request = request
        self._composers = cache(Composer)
        self._looks: dict[Path, Any] = {}
        self._composed: tuple[Draft | None, str] = None, ""
        self._names_reported = set[Path]()
        self._summary = ""
        """How much changed since the earlier letter, in words."""

    def build(self, job: Job) -> tuple[Outcome, str]:
        """Build a letter or, with ``--check``, report what building would do.

        Letters marked ``sent`` are never changed. The result is the outcome and a remark.

        Raises:
            UserError: a template or a style file is wrong, or the target can't be read or written.
        """
        folder, name = job.draft.repository, "the repository"
        if output := self.request.output:
            folder, name = (None if job.target == output else output), show_path(output)
        targets.refuse_links(job.target, folder, name)
        assessment, criteria = job.draft.valid
        status = None
        if assessment.sent and not self.request.variant:
            content, owner = digest(assessment, criteria), assessment.identifier
            status = targets.compare_sent(job.target, content, owner, job.format)
            differs = status.outcome in (Outcome.OUT_OF_DATE, Outcome.EDITED) and not status.owner
            changes = _unsaved_changes(job) if differs else None
            if changes and not changes.values:
                status = TargetStatus(Outcome.SENT)
        elif assessment.sent and job.at_letter_path:
            status = TargetStatus(Outcome.SENT)
        is_missing = status is not None and status.outcome is Outcome.MISSING
        if status is None or (is_missing and self.request.force and not self.request.check):
            status = self._write(job)
        elif not self.request.check:
            status = status._replace(outcome=Outcome.KEPT if status.owner else Outcome.SENT)
        return status.outcome, self._remark(job, status)

    def _write(self, job: Job) -> TargetStatus:
        """Write a letter or, with ``--check``, compare it with the file that is there."""
        (assessment, _), settings = job.draft.valid, job.draft.settings
        writer, force = job.format.writer, self.request.force
        look: Any = None
        if writer.LOOK:
            path = settings.template(writer.LOOK, assessment.language)
            sources = filter(None, (job.draft.path, path, job.earlier))
            if real_path(job.target) in map(real_path, sources):
                message = "the letter is made from this file; name another with -o"
                raise UserError(f"{show_path(job.target)}: {message}")
            look = self._looks[path] = self._looks.get(path) or writer.read_look(path)
        xhtml = self._xhtml(job.draft)
        with self._composers(settings.templates, assessment.language).blamed():
            if job.format.end == "docx":
                data = self._word(job, xhtml, look)
            else:
                data = writer.write(xhtml, look)
        identifier = assessment.identifier + (CHANGES if job.earlier else "")
        if self.request.check:
            return targets.compare(job.target, data, identifier, writer)
        return targets.save(job.target, data, identifier, writer, force=force)

    def _word(self, job: Job, xhtml: str, look: Any) -> bytes:
        """Return a Word letter, which knows from which values it was built."""
        from prevent_letter.letter import word  # only Word letters need it

        draft = job.draft
        assessment, criteria = draft.valid
        values = value_digests(assessment, criteria.scale)
        if self.request.comments:
            from prevent_letter.building.comments import with_comments

            return with_comments(draft, xhtml, look, values)
        if job.earlier:
            from prevent_letter.building.earlier import with_changes

            force = self.request.force
            data, self._summary = with_changes(draft, xhtml, look, values, job.earlier, force=force)
            return data
        return word.write(xhtml, look, values)

    def _xhtml(self, draft: Draft) -> str:
        if self._composed[0] is not draft:
            composer = self._composers(draft.settings.templates, draft.valid[0].language)
            xhtml = composer.compose(*draft.valid, as_draft=self.request.as_draft)
            self._composed = draft, xhtml
        return self._composed[1]

    def _remark(self, job: Job, status: TargetStatus) -> str:
        """Return what the user should know or do about an outcome; empty if nothing."""
        assessment, outcome = job.draft.valid[0], status.outcome
        if status.owner:
            lead = "kept: " if outcome is Outcome.KEPT else ""
            if status.owner.removesuffix(CHANGES) == assessment.identifier:
                which = (
                    "the letter with its changes"
                    if status.owner.endswith(CHANGES)
                    else "the letter"
                )
                return f"{lead}this is {which}; name another file with -o"
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
        if job.earlier and outcome in (Outcome.BUILT, Outcome.UNCHANGED):
            return self._summary
        is_stale = outcome in (Outcome.OUT_OF_DATE, Outcome.EDITED)
        if assessment.sent and is_stale and not self.request.variant:
            message = "the assessment no longer says what the letter says"
            return f"sent on {assessment.sent}, and {message}"
        is_first = job.draft.path not in self._names_reported  # of its formats
        if not self.request.publish or self.request.check or not is_first:
            return ""
        from prevent_letter.building.publish import names_left  # rarely needed

        self._names_reported.add(job.draft.path)
        return names_left(job.draft, self._xhtml(job.draft))


def _unsaved_changes(job: Job) -> "UnsavedChanges | None":
    """Return the changes in a Word letter that its assessment lacks; None if unknown."""
    if job.format.end != "docx":
        return None
    from prevent_letter.word.letter_values import unsaved_changes  # rarely needed

    return unsaved_changes(job.target, job.draft)


def _why_kept(job: Job) -> str:
    """Return why a letter was kept, and what overwriting it would lose."""
    saved = "somebody has saved it since it was built"
    changes = _unsaved_changes(job)
    if not changes or len(changes.values) >= _NOT_RECOGNISED:
        return f"{saved}, or it is not a letter of this tool"
    lost, help = [*changes.others], ""
    if changes.values:
        more = " ..." if len(changes.values) > 3 else ""
        lost.insert(0, f"changes ({', '.join(changes.values[:3])}{more})")
        help = "; import shows what was changed"
    if not lost:
        return f"{saved}; its changes are in the assessment now"
    return f"{saved}, and --force would lose {' and '.join(lost)}{help}"
