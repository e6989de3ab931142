"""Start the next assessment of each authority in a folder, in each of its languages."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment import criteria_sets, source
from prevent_letter.assessment.blank import file_name, next_period
from prevent_letter.assessment.header import without_english
from prevent_letter.assessment.report import attempt
from prevent_letter.assessment.values import is_period
from prevent_letter.core.display import show_path
from prevent_letter.core.findings import UsageError
from prevent_letter.core.names import fold_name
from prevent_letter.starting.new import NewOptions, NewReport, on_one_line, start


@dataclass
class NextYearReport(NewReport):
    """The assessments that were started, and the number of files that were passed over."""

    passed: int = 0
    """The number of files that were passed over; the remarks say why."""

    def __str__(self) -> str:
        failed = f", {len(self.failures)} failed" if self.failures else ""
        return f"{len(self.started)} begun, {self.passed} passed over{failed}"

    def pass_over(self, path: Path, why: str) -> None:
        """Count a file as passed over, and add a remark that says why."""
        self.passed += 1
        self.remarks.append(f"{show_path(path)}: passed over: {why}")


class _LastYear(NamedTuple):
    """An assessment, and its path ``below`` the folder. ``unfinished`` is the reason, or empty."""

    authority: str
    language: str
    period: str
    path: Path
    below: Path
    unfinished: str


def next_year(folder: Path, output: Path | None, options: NewOptions) -> NextYearReport:
    """Write each authority's next assessment, beside its newest one or below ``output``.

    Raises:
        UsageError: there is no assessment in the folder, or the options are not valid.
        FileErrors: the criteria set has errors.
    """
    options.check()
    if options.language:
        message = "with --from and a folder, each authority keeps its languages"
        raise UsageError(f"{message}; leave --language out")
    if options.criteria:
        criteria_sets.choose(options.criteria)  # any error is raised before anything is written
    report = NextYearReport()
    inputs = report.find([folder])
    by_authority: dict[tuple[str, str], list[_LastYear]] = {}
    for draft in report.load(inputs.assessments):
        keys = ("authority", "language", "period")
        authority, language, period = (on_one_line(draft.source.value(key)) for key in keys)
        unfinished = ""
        if not draft.assessment:
            unfinished = "it is not begun yet" if draft.is_not_begun else "it is not finished"
        whose, below = fold_name(authority), inputs.assessments[draft.path]
        language = without_english(language)
        last = _LastYear(whose, language, period, draft.path, below, unfinished)
        if draft.source.findings:
            message = f"it can't be read: {draft.source.findings[0].message}"
            report.pass_over(draft.path, message)
        elif last.authority and is_period(last.period):
            by_authority.setdefault((last.authority, last.language), []).append(last)
        else:
            report.pass_over(draft.path, "its authority or period can't be read")
    for _, assessments in sorted(by_authority.items()):
        newest = _newest(report, assessments, options.period)
        if newest:
            target = output / newest.below.parent if output else newest.path.parent
            _start_next(report, newest, target, options)
    return report


def _newest(
    report: NextYearReport, assessments: list[_LastYear], period: str | None
) -> _LastYear | None:
    """Return the newest assessment up to ``period``; None, with a remark, if none can follow it."""
    before = [last for last in assessments if not period or last.period <= period]
    newest = max(before or assessments, key=lambda last: last.period)
    if not before:
        report.pass_over(newest.path, f"there is none from before {period}")
    elif newest.period == period:
        report.pass_over(newest.path, f"this is the one of {period}")
    elif newest.unfinished:
        report.pass_over(newest.path, f"this is the newest, and {newest.unfinished}")
    else:
        return newest
    return None


def _start_next(report: NextYearReport, last: _LastYear, folder: Path, options: NewOptions) -> None:
    """Start the assessment that follows a finished one; a failure doesn't stop the others."""
    last_source = source.read(last.path)
    period = options.period or next_period(last.period)
    area = on_one_line(last_source.value("area"))
    target = folder / file_name({"area": area, "period": period, "language": last.language})
    if os.path.lexists(target):
        report.pass_over(last.path, f"{show_path(target)} exists already")
        return
    failure = attempt(lambda last: start(report, folder, "", last, options), last_source, target)
    if failure:
        report.failures.append(failure)
