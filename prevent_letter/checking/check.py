"""Check assessments, criteria sets and settings, and report what is wrong with them."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from prevent_letter.assessment import criteria, files, settings
from prevent_letter.assessment.drafts import DraftLoader
from prevent_letter.assessment.report import Failure, Report, attempt
from prevent_letter.assessment.settings import Settings
from prevent_letter.core.display import count, show_path
from prevent_letter.core.exit_codes import FAULT
from prevent_letter.core.findings import SEVERITIES, Finding, UsageError, for_report
from prevent_letter.letter.formats import DEFAULT
from prevent_letter.letter.location import letter_path, neighbours
from prevent_letter.rules.engine import RuleRun, settings_findings

if TYPE_CHECKING:
    from prevent_letter.checking.fix import FixedFile

TemplateCheck = Callable[[Settings], Iterable[Finding]]
FIXABLE = {f"PL{n:03}" for n in (2, 4, 5, 6, 101, 103, 104, 115, 119, 202, 307, 308)}
"""The codes of findings that ``checking.fix`` may fix. Only these codes need that module."""


_MANY = 10
"""So many files get a line for each code at the end."""


@dataclass
class CheckReport(Report):
    """What is wrong with the files. ``str()`` is the summary for the user."""

    files: int = 0
    strict: bool = False
    fixed: list["FixedFile"] = field(default_factory=list)
    """The files that were fixed or, with ``--diff``, would be."""
    fixable: set[Finding] = field(default_factory=set)
    """The findings that ``--fix`` fixes."""

    @property
    def code(self) -> int:
        """The exit code."""
        has_warnings = self.strict and self.tally("warning")
        return max(super().code, FAULT if has_warnings else 0)

    def __str__(self) -> str:
        counts = [count(self.files, "file")]
        counts += [count(self.tally(kind), kind) for kind in SEVERITIES[:2]]
        if notes := self.tally("note"):
            counts.append(count(notes, "note"))
        lines = [self.summary(*counts)]
        if self.files >= _MANY:
            lines[:0] = self._by_code()
        if self.fixable:
            number = len({finding.place.path for finding in self.fixable})
            where = f" in {count(number, 'file')}" if self.files > 1 else ""
            fix = f"{count(len(self.fixable), 'finding')}{where} can be fixed"
            lines.append(f"{fix}: prevent-letter check --fix")
        elif codes := [
            f.code for kind in SEVERITIES[:2] for f in self.findings if f.severity == kind
        ]:
            lines.append(f"more about {codes[0]}: prevent-letter explain {codes[0]}")
        return "\n".join(lines)

    def _by_code(self) -> Iterator[str]:
        """Yield a line for each code of several files, the most frequent first."""
        times, paths = Counter[str](), dict[str, set[Path]]()
        for finding in self.findings:
            times[finding.code] += finding.times
            paths.setdefault(finding.code, set()).add(finding.place.path)
        for code, number in times.most_common() if len(times) > 1 else ():
            yield f"{code}: {number} in {count(len(paths[code]), 'file')}"


def _try_templates(settings: Settings) -> Iterable[Finding]:
    # Only where there are settings.
    from prevent_letter.letter.template_check import template_findings

    return template_findings(settings)


def check(
    paths: Sequence[Path] = (),
    *,
    strict: bool = False,
    fix: bool = False,
    diff: bool = False,
    loader: DraftLoader | None = None,
    check_templates: TemplateCheck = _try_templates,
    progress: Callable[[Collection[Path]], Iterable[Path]] = iter,
) -> CheckReport:
    """Check files and folders, by default the current folder. Only ``fix`` writes anything.

    Args:
        paths: files and folders.
        strict: warnings fail too.
        fix: first fix what is beyond doubt, and write the fixed files.
        diff: fix without writing anything, and return the findings that would be left.
        loader: loads the drafts; without a loader, they are read from their files.
        check_templates: finds what is wrong with the templates of settings.
        progress: yields the paths that it is given, and shows how far the check is.

    Raises:
        UsageError: there is nothing to check.
    """
    inputs = files.find(paths or [Path()])
    number = len(inputs.assessments) + len(inputs.criteria) + len(inputs.settings)
    if not number and not inputs.findings:
        where = ", ".join(map(show_path, paths)) or "the current folder"
        message = f"there is nothing to check in {where}"
        raise UsageError(f"{message}: no assessment, no criteria set and no settings.")
    report = CheckReport(files=number, strict=strict, passed_over=inputs.passed_over)
    if fix or diff:
        from prevent_letter.checking.fix import fix_file

        for path in inputs.assessments:
            fixed = attempt(partial(fix_file, write=not diff), path, path)
            if isinstance(fixed, Failure):
                report.failures.append(fixed)
            elif fixed:
                report.fixed.append(fixed)
        loader = DraftLoader({file.path: file.after for file in report.fixed})
    loader = loader or DraftLoader()
    findings, settings_paths = set(inputs.findings), set(inputs.settings)
    run = RuleRun(load=loader.load)
    for draft in report.load_drafts(progress(inputs.assessments), loader.load):
        below = inputs.assessments[draft.path]
        run.add(draft, letter_path(draft.path, below, None, draft.settings, DEFAULT.end))
        if draft.settings.source:
            settings_paths.add(draft.settings.source.path)
    for header, target in neighbours(inputs, None, DEFAULT.end):
        run.add_neighbour(header, target)
    findings.update(*run.finish().values())
    for path in inputs.criteria:
        findings.update(criteria.read(path).findings)
    for path in settings_paths:
        read = settings.read(path)
        findings.update((*read.findings, *settings_findings(read), *check_templates(read)))
    report.findings = for_report(findings)
    candidates = [] if fix or diff else [f for f in report.findings if f.code in FIXABLE]
    for path, of_file in groupby(candidates, key=lambda finding: finding.place.path):
        if path in inputs.assessments:
            from prevent_letter.checking.fix import fixable_findings

            report.fixable.update(fixable_findings(loader.load(path), [*of_file]))
    return report
