"""Check assessments, criteria sets and settings: from paths to what is wrong with them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from prevent_letter.assessment import criteria, files, settings
from prevent_letter.assessment.drafts import DraftLoader
from prevent_letter.assessment.files import FoundFiles
from prevent_letter.assessment.report import FAULT, Failure, Report, attempt
from prevent_letter.assessment.settings import Settings
from prevent_letter.core.display import count, show_path
from prevent_letter.core.findings import Finding, UsageError, for_report
from prevent_letter.letter.formats import DEFAULT
from prevent_letter.letter.location import letter_path, neighbours
from prevent_letter.letter.template_check import template_findings
from prevent_letter.rules.engine import RuleRun, settings_findings

if TYPE_CHECKING:
    from prevent_letter.checking.fix import FixedFile

TemplateCheck = Callable[[Settings], Iterable[Finding]]
FIXABLE = frozenset(
    "PL002 PL004 PL005 PL006 PL101 PL103 PL104 PL115 PL119 PL202 PL307 PL308".split()
)
"""The codes of which ``fix`` can fix some findings; it is loaded for these alone."""


@dataclass
class CheckReport(Report):
    """What is wrong. ``str()`` is the summary that a person reads."""

    files: int = 0
    strict: bool = False
    fixed: list["FixedFile"] = field(default_factory=list)
    """The files that were fixed, or would be."""
    fixable: set[Finding] = field(default_factory=set)
    """The findings that ``--fix`` fixes."""

    @property
    def code(self) -> int:
        """The exit code."""
        has_warnings = self.strict and self.warnings
        return max(super().code, FAULT if has_warnings else 0)

    def __str__(self) -> str:
        counts = [count(self.files, "file"), count(self.errors, "error")]
        counts.append(count(self.warnings, "warning"))
        if notes := len(self.findings) - self.errors - self.warnings:
            counts.append(count(notes, "note"))
        return self.summary(*counts)


def check(
    paths: Sequence[Path] = (),
    *,
    strict: bool = False,
    fix: bool = False,
    diff: bool = False,
    loader: DraftLoader | None = None,
    check_templates: TemplateCheck = template_findings,
) -> CheckReport:
    """Check what paths mean (none: the current folder). Only ``fix`` writes anything.

    Args:
        paths: files and folders.
        strict: warnings fail too.
        fix: fix what is beyond doubt first, and write it.
        diff: fix it too, but write nothing; the findings are those that would be left.
        loader: loads the drafts, if they are not to be read from their files.
        check_templates: finds what is wrong with the templates of settings.

    Raises:
        UsageError: there is nothing to check.
    """
    found = files.find(paths or [Path()])
    number = len(found.assessments) + len(found.criteria) + len(found.settings)
    if not number and not found.findings:
        where = ", ".join(map(show_path, paths)) or "the current folder"
        message = f"there is nothing to check in {where}"
        raise UsageError(f"{message}: no assessment, no criteria set and no settings.")
    report = CheckReport(files=number, strict=strict, passed_over=found.passed_over)
    if fix or diff:
        loader = DraftLoader(_fix(found.assessments, report, write=fix))
    loader = loader or DraftLoader()
    findings = set(found.findings)
    settings_paths = set(found.settings)
    findings |= _assessment_findings(found, report, loader, settings_paths)
    for path in found.criteria:
        findings.update(criteria.read(path).findings)
    for path in settings_paths:
        read = settings.read(path)
        findings.update((*read.findings, *settings_findings(read), *check_templates(read)))
    report.findings = for_report(findings)
    if not (fix or diff):
        report.fixable = _fixable(report.findings, found.assessments, loader)
    return report


def _assessment_findings(
    found: FoundFiles, report: CheckReport, loader: DraftLoader, settings_paths: set[Path]
) -> set[Finding]:
    """Return the findings on assessments; the files of their settings are added to a set."""
    run = RuleRun(load=loader.load)
    for draft in report.load(found.assessments, loader):
        below = found.assessments[draft.path]
        run.add(draft, letter_path(draft.path, below, None, draft.settings, DEFAULT.end))
        if draft.settings.source:
            settings_paths.add(draft.settings.source.path)
    for header, target in neighbours(found, None, DEFAULT.end):
        run.add_neighbour(header, target)
    return {finding for findings in run.finish().values() for finding in findings}


def _fix(paths: Iterable[Path], report: CheckReport, *, write: bool) -> Mapping[Path, bytes]:
    """Fix assessments, and return the bytes that those then have which were fixed."""
    from prevent_letter.checking.fix import FixedFile, fix_file

    contents: dict[Path, bytes] = {}
    for path in paths:
        fixed = attempt(fix_file, path, path)
        if isinstance(fixed, Failure):
            report.failures.append(fixed)
        elif fixed:
            report.fixed.append(fixed)
            failure = attempt(FixedFile.write, fixed, path) if write else None
            if failure:
                report.failures.append(failure)
            else:
                contents[path] = fixed.after
    return contents


def _fixable(
    findings: Sequence[Finding], paths: Iterable[Path], loader: DraftLoader
) -> set[Finding]:
    """Return the findings that could be fixed."""
    by_path: dict[Path, list[Finding]] = {path: [] for path in paths}
    for finding in findings:
        if finding.code in FIXABLE and finding.place.path in by_path:
            by_path[finding.place.path].append(finding)
    fixable: set[Finding] = set()
    for path, of_file in by_path.items():
        if of_file:
            from prevent_letter.checking.fix import fixable_findings

            fixable.update(fixable_findings(loader.load(path), of_file))
    return fixable
