"""Start the next assessment of each authority in a folder, in each of its languages."""

import os
from dataclasses import dataclass
from pathlib import Path

from prevent_letter.assessment import criteria_sets
from prevent_letter.assessment.blank import file_name, next_period
from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.header import without_english
from prevent_letter.assessment.report import attempt
from prevent_letter.assessment.values import is_period
from prevent_letter.core.display import show_path
from prevent_letter.core.findings import UsageError
from prevent_letter.core.names import fold_name
from prevent_letter.core.repository import is_inside
from prevent_letter.starting.new import NewOptions, NewReport, start


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
    by_authority: dict[tuple[str, str], dict[str, list[Draft]]] = {}
    for draft in report.load_drafts(inputs.assessments):
        line = draft.source.line
        authority, language = fold_name(line("authority")), without_english(line("language"))
        if draft.source.findings:
            message = f"it can't be read: {draft.source.findings[0].message}"
            report.pass_over(draft.path, message)
        elif authority and is_period(line("period")):
            by_period = by_authority.setdefault((authority, language), {})
            by_period.setdefault(line("period"), []).append(draft)
        else:
            report.pass_over(draft.path, "its authority or period can't be read")
    for _, by_period in sorted(by_authority.items()):
        newest = _newest(report, by_period, options.period)
        if newest:
            below = output / inputs.assessments[newest.path] if output else newest.path
            if output and not is_inside(below.parent, output):
                message = f"{show_path(below.parent)} leads outside {show_path(output)}"
                report.pass_over(newest.path, message)
                continue
            _start_next(report, newest, below.parent, options)
    return report


def _newest(
    report: NextYearReport, by_period: dict[str, list[Draft]], period: str | None
) -> Draft | None:
    """Return the newest draft up to ``period``; None, with a remark, if it gets no next one."""
    before = [last for last in by_period if not period or last <= period]
    last = max(before or by_period)
    newest = by_period[last][0]
    if not before:
        report.pass_over(newest.path, f"there is none from before {period}")
    elif last == period:
        report.pass_over(newest.path, f"this is the one of {period}")
    elif not newest.assessment:
        why = "it is not begun yet" if newest.is_not_begun else "it is not finished"
        report.pass_over(newest.path, f"this is the newest, and {why}")
    else:
        return newest
    return None


def _start_next(report: NextYearReport, last: Draft, folder: Path, options: NewOptions) -> None:
    """Start the assessment that follows a finished one; a failure doesn't stop the others."""
    assessment, _ = last.valid
    period = options.period or next_period(assessment.period)
    known = {"area": assessment.area, "period": period, "language": assessment.language}
    target = folder / file_name(known)
    if os.path.lexists(target):
        report.pass_over(last.path, f"{show_path(target)} exists already")
        return
    failure = attempt(lambda last: start(report, folder, "", last, options), last.source, target)
    if failure:
        report.failures.append(failure)
