"""Show the scores of one period's assessments as a table, a page or a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prevent_letter.assessment.drafts import DraftLoader
from prevent_letter.assessment.header import read_header
from prevent_letter.assessment.report import OutputReport, choose_style
from prevent_letter.assessment.values import check_period
from prevent_letter.core import atomic
from prevent_letter.core.display import as_json, show_path
from prevent_letter.core.findings import UsageError, UserError
from prevent_letter.results import tables
from prevent_letter.results.chart import chart
from prevent_letter.results.columns import as_csv
from prevent_letter.results.flags import CAN_SAY, FAIR, flags
from prevent_letter.results.result import result
from prevent_letter.results.year import Year, share, year

STYLES = ("table", "csv", "json", "html", "xlsx")
_MARKED = ("html", "xlsx")
"""The formats that must have a marking on each page, because they are passed on."""
_LONGEST_MARKING = 100
"""The most characters of a marking. Excel allows 255 in a page header."""


@dataclass(frozen=True)
class ScoresRequest:
    """What to show. Without paths, the current folder is read."""

    paths: Sequence[Path] = ()
    period: str | None = None
    style: str | None = None
    output: Path | None = None
    marking: str | None = None
    sample: int | None = None
    """The number of letters for a blind reading."""
    force: bool = False


def scores(request: ScoresRequest) -> OutputReport:
    """Read assessments, and show the results of one period.

    Raises:
        UsageError: options don't go together, or there is no assessment of that period.
        UserError: the output file has other content, or can't be written.
    """
    marking = " ".join(request.marking.split()) if request.marking else ""
    style = _check_request(request, marking)
    report, loader, results, unread = OutputReport(), DraftLoader(), [], []
    for draft in report.load_drafts(report.find(request.paths).assessments, loader.load):
        if kept := result(draft):
            results.append(kept)
        else:
            report.leave_out(draft)
            unread.append(read_header(draft.path, draft.source.text.encode()).authority)
    if not results:
        return report
    of_year = year(results, request.period, unread)
    report.remarks += of_year.remarks
    if request.sample and request.output:
        report.written += _write_sample(of_year, request.sample, request.output, marking, loader)
    else:
        report.deliver(_data(of_year, style, marking), request.output, force=request.force)
    return report


def _check_request(request: ScoresRequest, marking: str) -> str:
    """Return the output format, or raise ``UsageError`` if the options don't go together."""
    sample = request.sample
    if sample and (request.style or not request.output):
        message = "--sample goes with -o FOLDER, a new or empty folder, and without --format"
        raise UsageError(message)
    style = "html" if sample else choose_style(request.style, request.output, STYLES)
    if style == "xlsx" and not request.output:
        raise UsageError("--format xlsx goes with -o, such as: -o results.xlsx")
    if style == "csv" and marking:
        help = "leave --marking out, or choose another format"
        raise UsageError(f"--format csv has no place for a marking; {help}")
    if style in _MARKED and not marking:
        option = "--sample" if sample else f"--format {style}"
        raise UsageError(f"{option} needs --marking, such as OFFICIAL-SENSITIVE")
    if marking.startswith("-"):
        help = "its text is missing, such as --marking OFFICIAL-SENSITIVE"
        raise UsageError(f"--marking {marking}: {help}")
    if not marking.isprintable() or len(marking) > _LONGEST_MARKING:
        message = f"--marking must be one line of at most {_LONGEST_MARKING} visible characters"
        raise UsageError(message)
    check_period(request.period)
    return style


def _data(of_year: Year, style: str, marking: str) -> bytes | str:
    """Return the results in a format: text (str) for a console, and bytes for all others."""
    if style == "csv":
        return as_csv(tables.SCORE_COLUMNS, tables.score_rows(of_year))
    if style == "json":
        return as_json(tables.as_dict(of_year, marking or None))
    if style == "html":
        from prevent_letter.results.pages import render_page  # Jinja is slow to load

        filters = {"chart": chart, "flags": flags, "share": share}
        filters["show_progress"] = tables.show_progress
        words = {"can_say": CAN_SAY, "fair": FAIR, "counts": tables.COUNTS}
        return render_page("results.html.j2", marking, filters, year=of_year, **words)
    if style == "xlsx":
        from prevent_letter.results import workbook

        return workbook.write(of_year, marking)
    return f"{tables.as_text(of_year, marking)}\n"


def _write_sample(
    of_year: Year, number: int, folder: Path, marking: str, loader: DraftLoader
) -> list[Path]:
    """Write a page of letters and the key to them into a new or empty folder; return both paths."""
    from prevent_letter.results import blind_reading  # Jinja is slow to load
    from prevent_letter.results.pages import render_page

    chosen = blind_reading.choose(of_year, number)
    with atomic.explain_errors(folder, thing="folder"):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            message = "the letters go into a new or empty folder; name another one"
            raise UserError(f"{show_path(folder)}: {message}")
    drafts = [loader.load(authority.result.path) for authority in chosen]
    page, key = folder / blind_reading.PAGE, folder / blind_reading.KEY
    letters = [blind_reading.blind_letter(draft) for draft in drafts]
    words: Any = {"period": of_year.period, "letters": letters}
    atomic.put(page, render_page("reading.html.j2", marking, **words))
    atomic.put(key, blind_reading.key_to_letters(chosen))
    return [page, key]
