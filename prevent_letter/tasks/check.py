"""Check assessments, criteria sets and settings: from paths to what is wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prevent_letter.assessment import criteria, settings
from prevent_letter.ground.findings import Misuse
from prevent_letter.letter.formats import FORMATS
from prevent_letter.rules.judge import judge, settings_findings
from prevent_letter.tasks import paths, report, targets
from prevent_letter.tasks.report import FAULT, count


@dataclass
class Report(report.Report):
    """What is wrong. ``str()`` of it is the summary that a person reads."""

    files: int = 0
    strict: bool = False

    @property
    def code(self) -> int:
        """The exit code."""
        return max(super().code, FAULT if self.strict and self.findings else 0)

    def __str__(self) -> str:
        warnings = len(self.findings) - self.errors
        return self.summary(count(self.files, "file"), count(self.errors, "error"), count(warnings, "warning"))


def check(asked: Sequence[Path] = (), *, strict: bool = False) -> Report:
    """Check what paths mean; no paths mean the current folder. Nothing is written.

    ``strict``: warnings fail too.

    Raises:
        Misuse: there is nothing to check.
    """
    found = paths.find(asked or [Path()])
    files = len(found.assessments) + len(found.criteria) + len(found.settings)
    if not files:
        raise Misuse("there is nothing to check here: no assessment, no criteria set and no settings.")
    made = Report(files=files, strict=strict, passed_over=found.passed_over)
    drafts = made.open(found.assessments)
    goals = {
        draft.path: targets.target(draft.path, found.assessments[draft.path], None, draft.settings, next(iter(FORMATS)))
        for draft in drafts
    }
    findings = {finding for findings in judge(drafts, goals).values() for finding in findings}
    for path in found.criteria:
        findings.update(criteria.read(path).findings)
    for path in found.settings:
        findings.update((*(held := settings.read(path)).findings, *settings_findings(held)))
    made.findings = sorted(findings)
    return made
