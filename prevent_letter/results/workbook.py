"""A year's results as an Excel workbook, which managers filter, and use for a meeting's minutes.

Its sheets, among them one of authorities by benchmarks for each criteria set, have one named table
each and no merged cells. Excel reads no text as a formula, a number or a link.
"""

import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from prevent_letter import ROOT
from prevent_letter.core.findings import UserError
from prevent_letter.results.chart import shade
from prevent_letter.results.columns import Cell
from prevent_letter.results.flags import CAN_SAY, FAIR, flags
from prevent_letter.results.tables import COUNTS, SCORE_COLUMNS, score_cells, score_rows
from prevent_letter.results.year import Section, Year

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_TABLE_ROW = 2
"""The row of the titles, below the marking and an empty row; rows count from 0."""
_WIDEST = 60
"""The greatest width of a column, in characters."""
_OF_A_PAGE = 200
"""The width of a sheet, in characters, that A4 across shows at 70 % or more."""
_NARROWEST = 9
"""The least width to which a column is narrowed, in characters."""
_LINE, _HIGHEST = 15, 405
"""The height of a line, and the greatest of a row, in points. Excel allows 409."""
_OPTIONS = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
_OPTIONS["in_memory"] = True


def write(year: Year, marking: str) -> bytes:
    """Return the workbook (SpreadsheetML, ECMA-376), the same bytes for the same results.

    Raises:
        UserError: XlsxWriter is not installed.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError as error:
        message = "workbooks need XlsxWriter, which is not installed here"
        help = "install prevent-letter[xlsx] in the same way as prevent-letter itself"
        raise UserError(f"{message}: {help}") from error
    out = io.BytesIO()
    book = Workbook(out, _OPTIONS)
    created = dt.datetime(int(year.period[-4:]), 3, 31)
    book.set_properties({"title": f"Prevent assessments {year.period}", "created": created})
    _add_sheet(book, "Cover", marking, ("What", "Says"), _cover(year, marking))
    _add_sheet(book, "Benchmarks", marking, *_benchmarks(year))
    titles = [name.replace("_", " ").capitalize() for name in SCORE_COLUMNS]
    titles[_ID : _ID + 1] = ["Benchmark", "Id"]
    _add_sheet(book, "Scores", marking, titles, _named_rows(year))
    for number, section in enumerate(year.sections, 1):
        name = "Authorities" if len(year.sections) == 1 else f"Authorities {number}"
        titles, cells = _authorities(section)
        _add_sheet(book, name, marking, titles, cells, _shades(section))
    titles = ["Criteria", "Kind", "Fact", "Question", "Where", "Where else", "Decision"]
    rows: list[tuple[Cell, ...]] = []
    for section in year.sections:
        title = section.criteria.title
        for group in flags(section):
            for flag in group.flags:
                first, second, *_ = (*map(str, flag.places), "", "")
                rows.append((title, group.name, flag.fact, flag.question, first, second, ""))
            if group.more:
                rows.append((title, group.name, f"{group.more} more", "", "", "", ""))
    _add_sheet(book, "To re-read", marking, titles, rows)
    book.close()
    return out.getvalue()


def _narrowed(widths: Sequence[int]) -> list[int]:
    """Return the widths of columns so that they fit a page, as far as they can be narrowed."""
    too_much = sum(widths) - _OF_A_PAGE
    spare = sum(width - _NARROWEST for width in widths if width > _NARROWEST)
    share = min(max(too_much, 0) / spare, 1) if spare else 0
    return [w - math.ceil((w - _NARROWEST) * share) if w > _NARROWEST else w for w in widths]


_ID = SCORE_COLUMNS.index("benchmark")


def _named_rows(year: Year) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of scores, with each benchmark's name before its id."""
    for section in year.sections:
        names = {benchmark.id: benchmark.name for benchmark in section.criteria.benchmarks}
        for row in score_rows(replace(year, sections=(section,))):
            yield (*row[:_ID], names[str(row[_ID])], *row[_ID:])


def _add_sheet(
    book: "Workbook",
    name: str,
    marking: str,
    titles: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    shades: Mapping[Cell, tuple[str, str]] | None = None,
) -> None:
    """Add a sheet with the marking, in a cell and on each printed page, and one table.

    With ``shades``, cells after the first two have the colour and the ink of their value, and the
    columns are as wide as their cells, not as their titles.
    """
    sheet = book.add_worksheet(name)
    cells = [*rows] or [("nothing", *[""] * (len(titles) - 1))]
    plain = book.add_format({"text_wrap": True, "valign": "top", "align": "left"})
    shaded = {
        value: book.add_format({"valign": "top", "align": "left", "bg_color": fill, "color": ink})
        for value, (fill, ink) in (shades or {}).items()
    }
    sheet.write_string(0, 0, marking, book.add_format({"bold": True}))
    widths = []
    for column, title in enumerate(titles):
        longest = max(len(str(row[column])) for row in cells)
        if shades and column > 1:
            longest, title = max(longest, max(map(len, title.split()))), ""
        widths.append(min(max(longest, len(title) + 3) + 1, _WIDEST))
    is_narrowed = sum(widths) > _OF_A_PAGE
    widths = _narrowed(widths)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for number, row in enumerate(cells, _TABLE_ROW + 1):
        lines = max(1 + len(str(cell)) // width for cell, width in zip(row, widths, strict=True))
        sheet.set_row(number, min(_LINE * lines, _HIGHEST))
        for column, cell in enumerate(row):
            look = shaded.get(cell, plain) if column > 1 else plain
            if isinstance(cell, str):
                sheet.write_string(number, column, cell, look)
            else:
                sheet.write_number(number, column, cell, look)
    area = (_TABLE_ROW, 0, _TABLE_ROW + len(cells), len(titles) - 1)
    table_name = name.replace(" ", "_").replace("-", "_")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    headers = [{"header": title, "header_format": wrapped} for title in titles]
    if shades or is_narrowed:
        sheet.set_row(_TABLE_ROW, 3 * _LINE)
    sheet.add_table(*area, {"name": table_name, "columns": headers})
    sheet.freeze_panes(_TABLE_ROW + 1, 0)
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_TABLE_ROW)
    escaped = marking.replace("&", "&&")
    sheet.set_header(f"&C{escaped}")
    sheet.set_footer(f"&C{escaped}&R&P")


def _cover(year: Year, marking: str) -> Iterator[tuple[Cell, Cell]]:
    yield "Prevent assessments", year.period
    yield "Marking", marking
    yield "Other periods here", ", ".join(year.others) or "none"
    for state, number in year.states.items():
        yield state.value.capitalize(), number
    for name in year.no_file_yet or ["none"]:
        yield "A letter last year, and no file yet", name
    for section in year.sections:
        yield "Criteria", section.criteria.title
        yield "Authorities", len(section.authorities)
        comparable = len(section.authorities) - len(section.not_comparable)
        yield "With last year's to compare", comparable
        for name in section.not_comparable or ["none"]:
            yield "Nothing to compare", name
    for sentence in CAN_SAY:
        yield "What these numbers can say", sentence
    yield "Assessments to re-read", FAIR


def _authorities(section: Section) -> tuple[list[str], list[list[Cell]]]:
    """Return the titles and rows of each authority's scores; a missing score is empty."""
    benchmarks, shown = section.criteria.benchmarks, score_cells(section.criteria.scale, "")
    names = [f"{number} {each.name}" for number, each in enumerate(benchmarks, 1)]
    rows: list[list[Cell]] = []
    for each in section.authorities:
        scores = [shown[each.scores.get(id)] for id in section.criteria.by_id]
        rows.append([each.name, each.result.region, *scores])
    return ["Authority", "Region", *names], rows


def _shades(section: Section) -> dict[Cell, tuple[str, str]]:
    """Return the colour and the ink of each level's cells, which are those of the page."""
    css = (ROOT / "templates" / "results.css").read_text(encoding="utf-8")
    colours = dict(reversed(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css)))  # the light ones
    shades = {}
    for score, cell in score_cells(section.criteria.scale, "").items():
        if score is not None:
            name = shade(score, section.criteria.scale.met)
            shades[cell] = (colours[name], colours[f"{name}-ink"])
    return shades


def _benchmarks(year: Year) -> tuple[list[str], list[list[Cell]]]:
    """Return the titles and rows of the benchmarks; levels that a set lacks are empty."""
    labels: dict[str, str] = {}  # sets may write a label with other capitals
    for section in year.sections:
        for label in map(section.criteria.scale.label, section.criteria.scale.scores):
            labels[label.casefold()] = label
    rows: list[list[Cell]] = []
    for section in year.sections:
        label_of = section.criteria.scale.label
        for row in section.counts():
            levels = {label_of(score).casefold(): n for score, n in row.levels.items()}
            cells: list[Cell] = [section.criteria.title, row.benchmark.name]
            cells += [levels.get(label, "") for label in labels]
            rows.append([*cells, *(count.value(row) for count in COUNTS if count.key)])
    titles = ["Criteria", "Benchmark", *(f"At {label}" for label in labels.values())]
    return [*titles, *(count.title for count in COUNTS if count.key)], rows
