"""The press: a draft without faults becomes a letter in its place, or is compared with the letter that is there."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prevent_letter import files, letter, word
from prevent_letter.assessment import Assessment, Draft
from prevent_letter.criteria import Criteria
from prevent_letter.files import Outcome
from prevent_letter.findings import Stop, shown


@dataclass(frozen=True)
class Job:
    """One letter to build: of a draft that has an assessment, into a file."""

    draft: Draft
    target: Path

    @property
    def path(self) -> Path:
        """The file of the assessment."""
        return self.draft.path


class Press:
    """Builds the letters of one run; templates are read once in it."""

    def __init__(self, *, draft: bool = False, check: bool = False, force: bool = False) -> None:
        """``draft``: letters are drafts. ``check``: nothing is written. ``force``: somebody's work is written over."""
        self.draft, self.check, self.force = draft, check, force
        self._composers, self._look = cache(letter.Composer), cache(word.look)

    def do(self, job: Job) -> Outcome:
        """Build a letter, or say what building it would do. One that was sent is a record, and is left alone.

        Raises:
            Stop: a template or a look is at fault, or the target can't be read or written.
        """
        assessment, criteria = job.draft.assessment, job.draft.criteria
        assert assessment
        assert criteria
        if not self.check:
            files.clear(job.target)
        if assessment.sent and not self.draft:
            found = files.record(job.target, letter.digest(assessment, criteria), word)
            if self.check:
                return found
            if found is not Outcome.MISSING or not self.force:
                return Outcome.SENT
        data = self._printed(job, assessment, criteria)
        if self.check:
            return files.state(job.target, data, word)
        return files.save(job.target, data, word, force=self.force)

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

    def _printed(self, job: Job, assessment: Assessment, criteria: Criteria) -> bytes:
        settings = job.draft.settings
        look = settings.template("letter.docx")
        if os.path.realpath(job.target) in (os.path.realpath(job.path), os.path.realpath(look)):
            raise Stop(f"{shown(job.target)}: the letter is made from this file; name another with -o")
        xhtml = self._composers(settings.templates).compose(assessment, criteria, draft=self.draft)
        return word.write(xhtml, self._look(look))
