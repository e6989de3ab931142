"""The press: a draft without faults becomes a letter in its place, or is compared with the letter that is there."""

import os
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from prevent_letter import files, letter
from prevent_letter.assessment import Draft
from prevent_letter.files import Outcome
from prevent_letter.findings import Stop, shown


class Writer(files.Format, Protocol):
    """A room that writes letters in one format: ``word``, ``pdf`` or ``web``."""

    LOOK: str
    """The name of the file that the look of this format lives in."""

    def look(self, path: Path, /) -> Any:
        """Read the look."""

    def write(self, xhtml: str, look: Any, /) -> bytes:
        """The letter as the bytes of a file."""


@dataclass(frozen=True)
class Job:
    """One letter to build: of a draft that has an assessment, into a file whose name says the format."""

    draft: Draft
    target: Path

    @property
    def path(self) -> Path:
        """The file of the assessment."""
        return self.draft.path

    @property
    def writer(self) -> Writer:
        """The room that writes the format, which isn't loaded before it is needed."""
        writer: Any = import_module(f"prevent_letter.{files.FORMATS[self.target.suffix.lower()[1:]]}")
        return writer  # type: ignore[no-any-return]


class Press:
    """Builds the letters of one run; templates are read once in it, and a draft is composed once for all formats."""

    def __init__(self, *, draft: bool = False, check: bool = False, force: bool = False) -> None:
        """``draft``: letters are drafts. ``check``: nothing is written. ``force``: somebody's work is written over."""
        self.draft, self.check, self.force = draft, check, force
        self._composers = cache(letter.Composer)
        self._looks: dict[Path, Any] = {}
        self._composed: tuple[Draft | None, str] = None, ""

    def do(self, job: Job) -> Outcome:
        """Build a letter, or say what building it would do. One that was sent is a record, and is left alone.

        Raises:
            Stop: a template or a look is at fault, or the target can't be read or written.
        """
        assessment, criteria = job.draft.assessment, job.draft.criteria
        assert assessment
        assert criteria
        if assessment.sent and self.draft and not job.target.stem.endswith(".draft") and job.target.exists():
            return Outcome.SENT  # -o names a file that may be the record
        if assessment.sent and not self.draft:
            found = files.record(job.target, letter.digest(assessment, criteria), job.writer)
            if self.check:
                return found
            if found is not Outcome.MISSING or not self.force:
                return Outcome.SENT
        settings, writer = job.draft.settings, job.writer
        look = settings.template(writer.LOOK)
        if os.path.realpath(job.target) in (os.path.realpath(job.path), os.path.realpath(look)):
            raise Stop(f"{shown(job.target)}: the letter is made from this file; name another with -o")
        if self._composed[0] is not job.draft:
            composer = self._composers(settings.templates)
            self._composed = job.draft, composer.compose(assessment, criteria, draft=self.draft)
        if look not in self._looks:
            self._looks[look] = writer.look(look)
        data = writer.write(self._composed[1], self._looks[look])
        if self.check:
            return files.state(job.target, data, writer)
        return files.save(job.target, data, writer, force=self.force)

    def remark(self, job: Job, outcome: Outcome) -> str:
        """What a person should know or do about an outcome; empty where its name says enough."""
        sent = job.draft.assessment.sent if job.draft.assessment and not self.draft else None
        if outcome is Outcome.KEPT:
            remark = "somebody has saved it since it was built, or it isn't a letter of this tool"
            return f"kept: {remark}; move or rename it, or write over it with --force"
        if outcome is Outcome.SENT and not job.target.exists():
            return f"sent on {sent}, and missing; put the letter that was sent there, or make it with --force"
        if sent and outcome in (Outcome.OUT_OF_DATE, Outcome.EDITED):
            return f"sent on {sent}, and the assessment no longer says what the letter says"
        return ""
