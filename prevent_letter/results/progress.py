"""Show the progress on the recommendations of one letter, or of each authority's newest letter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.report import OutputReport, choose_style
from prevent_letter.core.display import as_json
from prevent_letter.core.findings import FileErrors, UsageError
from prevent_letter.results import records
from prevent_letter.results.columns import as_csv
from prevent_letter.results.records import Record

STYLES = ("table", "csv", "json")


@dataclass(frozen=True)
class ProgressRequest:
    """What to show. Without paths, the current folder is read."""

    paths: Sequence[Path] = ()
    style: str | None = None
    output: Path | None = None
    council: bool = False
    """Make a page that can be shown to the council."""
    force: bool = False


def progress(request: ProgressRequest) -> OutputReport:
    """Show the progress on one assessment's recommendations, or on each authority's newest letter.

    Raises:
        UsageError: options don't go together, there is no assessment, or no letter was sent.
        FileErrors: only one assessment is given, and it has errors.
        UserError: the output file has other content, or can't be written.
    """
    is_one = len(request.paths) == 1 and request.paths[0].is_file()
    if request.council and not (is_one and request.output and not request.style):
        message = "--council goes with one assessment and -o, such as"
        raise UsageError(f"{message}: exampleshire_2027.yaml --council -o page.html")
    styles = ("html",) if request.council else STYLES
    style = choose_style(request.style, request.output, styles)
    report = OutputReport()
    drafts = report.load_drafts(report.find(request.paths).assessments)
    if is_one:
        [draft] = drafts
        if not draft.assessment:
            raise FileErrors(draft.findings)
        shown = [records.record(draft)]
    else:
        shown = _newest(drafts, report)
    if request.council:
        if not shown[0].sent:
            help = "the page shows the progress on what was sent"
            raise UsageError(f"--council: the letter was not sent yet; {help}")
        data: bytes | str = records.council_page(shown[0])
    elif not shown:
        return report
    elif style == "csv":
        data = as_csv(records.COLUMNS, records.rows(shown))
    elif style == "json":
        data = as_json([dict(zip(records.COLUMNS, r, strict=True)) for r in records.rows(shown)])
    elif is_one:
        data = f"{records.text_of_one(shown[0])}\n"
    else:
        data = f"{records.text_of_all(shown)}\n"
    report.deliver(data, request.output, force=request.force)
    return report


def _newest(drafts: Iterable[Draft], report: OutputReport) -> list[Record]:
    """Return each authority's newest sent letter; sent letters with errors become failures."""
    valid = []
    for draft in drafts:
        if draft.assessment:
            valid.append(records.record(draft))
        elif draft.source.findings or draft.source.value("sent") is not None:
            report.leave_out(draft)
    newest = records.newest(valid)
    if not newest and not report.failures:
        raise UsageError("none of these letters was sent yet; an assessment says it under sent:")
    return newest
