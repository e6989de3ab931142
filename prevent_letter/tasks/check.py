"""Check assessments, criteria sets and settings: from paths to what is wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prevent_letter.assessment import criteria, settings
from prevent_letter.ground.findings import Misuse, limited, shown
from prevent_letter.letter.formats import FORMATS
from prevent_letter.rules.judge import Judge, settings_findings
from prevent_letter.tasks import paths, report, targets
from prevent_letter.tasks.report import FAULT, count
from prevent_letter.tasks.templates import template_findings


@dataclass
class Report(report.Report):
    """What is wrong. ``str()`` of it is the summary that a person reads."""

    files: int = 0
    strict: bool = False

    @property
    def code(self) -> int:
        """The exit code."""
        return max(super().code, FAULT if self.strict and self.errors + self.warnings else 0)

    def __str__(self) -> str:
        counts = [count(self.files, "file"), count(self.errors, "error"), count(self.warnings, "warning")]
        notes = len(self.findings) - self.errors - self.warnings
        return self.summary(*counts, *([count(notes, "note")] if notes else []))


def check(asked: Sequence[Path] = (), *, strict: bool = False) -> Report:
    """Check what paths mean; no paths mean the current folder. Nothing is written.

    ``strict``: warnings fail too.

    Raises:
        Misuse: there is nothing to check.
    """
    found = paths.find(asked or [Path()])
    files = len(found.assessments) + len(found.criteria) + len(found.settings)
    if not files and not found.findings:
        where = ", ".join(map(shown, asked)) or "the current folder"
        raise Misuse(f"there is nothing to check in {where}: no assessment, no criteria set and no settings.")
    made = Report(files=files, strict=strict, passed_over=found.passed_over)
    judge, held = Judge(), set[Path]()
    findings = {*found.findings}
    for draft in made.open(found.assessments):
        below = found.assessments[draft.path]
        judge.add(draft, targets.target(draft.path, below, None, draft.settings, next(iter(FORMATS))))
        held |= {draft.settings.source.path} if draft.settings.source else set()
    for neighbour, goes in targets.neighbours(found, None, next(iter(FORMATS))):
        judge.meet(neighbour, goes)
    findings.update(finding for each in judge.finish().values() for finding in each)
    for path in found.criteria:
        findings.update(criteria.read(path).findings)
    for path in {*found.settings, *held}:
        findings.update((*(read := settings.read(path)).findings, *settings_findings(read)))
        findings.update(template_findings(read))
    made.findings = limited(findings)
    return made
