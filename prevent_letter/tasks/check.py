"""Check assessments, criteria sets and settings: from paths to what is wrong with them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from prevent_letter.assessment import criteria, settings
from prevent_letter.assessment.drafts import Desk
from prevent_letter.assessment.settings import Settings
from prevent_letter.ground.findings import Finding, Misuse, limited, shown
from prevent_letter.letter.formats import FORMATS
from prevent_letter.rules.judge import Judge, settings_findings
from prevent_letter.tasks import paths, report, targets
from prevent_letter.tasks.paths import Found
from prevent_letter.tasks.report import FAULT, attempt, count
from prevent_letter.tasks.templates import template_findings

if TYPE_CHECKING:
    from prevent_letter.tasks.fix import Mended


TemplateFindings = Callable[[Settings], Iterable[Finding]]
MENDED = frozenset(
    "PL002 PL004 PL005 PL006 PL101 PL103 PL104 PL115 PL119 PL202 PL307 PL308".split()
)
"""The codes of which some findings can be mended."""


@dataclass
class Report(report.Report):
    """What is wrong. ``str()`` of it is the summary that a person reads."""

    files: int = 0
    strict: bool = False
    mended: list["Mended"] = field(default_factory=list)
    """What was mended, or would be."""
    mendable: set[Finding] = field(default_factory=set)
    """The findings that ``fix`` mends."""

    @property
    def code(self) -> int:
        """The exit code."""
        return max(super().code, FAULT if self.strict and self.errors + self.warnings else 0)

    def __str__(self) -> str:
        counts = [
            count(self.files, "file"),
            count(self.errors, "error"),
            count(self.warnings, "warning"),
        ]
        notes = len(self.findings) - self.errors - self.warnings
        return self.summary(*counts, *([count(notes, "note")] if notes else []))


def check(
    asked: Sequence[Path] = (),
    *,
    strict: bool = False,
    fix: bool = False,
    diff: bool = False,
    desk: Desk | None = None,
    of_templates: TemplateFindings = template_findings,
) -> Report:
    """Check what paths mean; no paths mean the current folder. Nothing is written unless it is to be mended.

    Args:
        asked: files and folders.
        strict: warnings fail too.
        fix: mend what is beyond doubt first, and write it.
        diff: mend it too, but write nothing; the findings are those that would be left.
        desk: opens the drafts, where they aren't to be read from their files.
        of_templates: finds what is wrong with the templates that settings name.

    Raises:
        Misuse: there is nothing to check.
    """
    found = paths.find(asked or [Path()])
    files = len(found.assessments) + len(found.criteria) + len(found.settings)
    if not files and not found.findings:
        where = ", ".join(map(shown, asked)) or "the current folder"
        raise Misuse(
            f"there is nothing to check in {where}: no assessment, no criteria set and no settings."
        )
    made = Report(files=files, strict=strict, passed_over=found.passed_over)
    desk = desk or Desk(_mend(found.assessments, made, write=fix) if fix or diff else None)
    made.findings = limited(_findings(found, made, desk, of_templates))
    if not (fix or diff) and any(each.code in MENDED for each in made.findings):
        made.mendable = _mendable(made.findings, found.assessments, desk)
    return made


def _findings(
    found: Found, made: Report, desk: Desk, of_templates: TemplateFindings
) -> set[Finding]:
    """All that is wrong with the files that were found; what can't be opened is a failure of the report."""
    judge, held = Judge(open=desk.open), set[Path]()
    findings = {*found.findings}
    for draft in made.open(found.assessments, desk):
        below = found.assessments[draft.path]
        judge.add(
            draft, targets.target(draft.path, below, None, draft.settings, next(iter(FORMATS)))
        )
        held |= {draft.settings.source.path} if draft.settings.source else set()
    for neighbour, goes in targets.neighbours(found, None, next(iter(FORMATS))):
        judge.meet(neighbour, goes)
    findings.update(finding for each in judge.finish().values() for finding in each)
    for path in found.criteria:
        findings.update(criteria.read(path).findings)
    for path in {*found.settings, *held}:
        findings.update((*(read := settings.read(path)).findings, *settings_findings(read)))
        findings.update(of_templates(read))
    return findings


def _mend(assessments: Iterable[Path], made: Report, *, write: bool) -> Mapping[Path, bytes]:
    """Mend assessments, and give what those hold then that were mended."""
    from prevent_letter.tasks.fix import Mended, mend

    held: dict[Path, bytes] = {}
    for path in assessments:
        done = attempt(mend, path, path)
        if isinstance(done, Mended):
            failed = attempt(Mended.write, done, path) if write else None
            made.mended.append(done)
            made.failures += [failed] if failed else []
            held |= {path: done.after} if not failed else {}
        elif done:
            made.failures.append(done)
    return held


def _mendable(findings: Sequence[Finding], assessments: Iterable[Path], desk: Desk) -> set[Finding]:
    """Which findings could be mended."""
    from prevent_letter.tasks.fix import mendable

    of = {path: list[Finding]() for path in assessments}
    for finding in findings:
        if finding.code in MENDED and finding.place.path in of:
            of[finding.place.path].append(finding)
    return {each for path, some in of.items() if some for each in mendable(desk.open(path), some)}
