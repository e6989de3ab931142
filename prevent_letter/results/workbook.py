"""A year's results as an Excel workbook, for managers who filter and minute there.

Four sheets with a named table each and no merged cells. No text is taken for a formula, a number or a link.
"""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from prevent_letter.ground.findings import Stop
from prevent_letter.results import tables
from prevent_letter.results.columns import Cell
from prevent_letter.results.flags import CAN_SAY, FAIR, flags
from prevent_letter.results.year import Year

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_TABLE_ROW = 2
"""Below the marking and an empty row; rows count from 0."""
_WIDEST, _LINE, _HIGHEST = 60, 15, 405
"""The characters of a column; the points of a line, and of a row, of which Excel takes 409."""
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write(year: Year, marking: str) -> bytes:
    """The workbook (SpreadsheetML, ECMA-376), the same bytes for the same results.

    Raises:
        Stop: XlsxWriter isn't installed.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError as error:
        raise Stop(
            "no workbook can be made: install prevent-letter[xlsx], as you installed prevent-letter"
        ) from error
    made = io.BytesIO()
    book = Workbook(made, _OPTIONS)
    book.set_properties(
        {
            "title": f"Prevent assessments {year.period}",
            "created": dt.datetime(int(year.period[-4:]), 3, 31),
        }
    )
    _sheet(book, "Cover", marking, ("What", "Says"), _cover(year, marking))
    _sheet(book, "Benchmarks", marking, *_benchmarks(year))
    names = [name.replace("_", " ").capitalize() for name in tables.COLUMNS]
    _sheet(book, "Scores", marking, names, tables.scores(year))
    _sheet(
        book,
        "To read again",
        marking,
        ("Criteria", "Kind", "Fact", "Question", "Where", "Where else"),
        _to_read_again(year),
    )
    book.close()
    return made.getvalue()


def _sheet(
    book: "Workbook",
    name: str,
    marking: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
) -> None:
    """A sheet with the marking, in a cell and on each printed page, and one table."""
    sheet, written = book.add_worksheet(name), [*rows] or [("nothing", *[""] * (len(columns) - 1))]
    bold = book.add_format({"bold": True})
    plain = book.add_format({"text_wrap": True, "valign": "top", "align": "left"})
    sheet.write_string(0, 0, marking, bold)
    widths = [max(len(str(each[at])) for each in written) for at in range(len(columns))]
    widths = [
        min(max(width, len(column) + 3) + 1, _WIDEST)
        for width, column in zip(widths, columns, strict=True)
    ]
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    for down, row in enumerate(written, _TABLE_ROW + 1):
        lines = max(1 + len(str(value)) // width for value, width in zip(row, widths, strict=True))
        sheet.set_row(down, min(_LINE * lines, _HIGHEST))
        for across, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(down, across, value, plain)
            else:
                sheet.write_number(down, across, value, plain)
    titles = [{"header": column} for column in columns]
    area = (_TABLE_ROW, 0, _TABLE_ROW + len(written), len(columns) - 1)
    sheet.add_table(*area, {"name": name.replace(" ", "_"), "columns": titles})
    sheet.freeze_panes(_TABLE_ROW + 1, 0)
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_TABLE_ROW)
    said = marking.replace("&", "&&")
    sheet.set_header(f"&C{said}")
    sheet.set_footer(f"&C{said}&R&P")


def _cover(year: Year, marking: str) -> Iterator[tuple[Cell, Cell]]:
    yield "Prevent assessments", year.period
    yield "Marking", marking
    yield "Other periods here", ", ".join(year.others) or "none"
    for state, number in year.states.items():
        yield state.value.capitalize(), number
    yield from (
        ("A letter last year, and no file yet", name) for name in year.no_file_yet or ["none"]
    )
    for section in year.sections:
        yield "Criteria", section.criteria.title
        yield "Authorities", len(section.authorities)
        yield "With last year's to compare", len(section.comparable)
        yield from (("Nothing to compare", name) for name in section.not_comparable or ["none"])
    for sentence in CAN_SAY:
        yield "What these numbers can say", sentence
    yield "To read again", FAIR


def _benchmarks(year: Year) -> tuple[list[str], list[list[Cell]]]:
    """The columns and rows of the benchmarks; a level that a set hasn't is left empty in its rows."""
    scales = [section.criteria.scale for section in year.sections]
    labels = {
        scale.label(score).casefold(): scale.label(score)
        for scale in scales
        for score in scale.scores
    }
    moves = ["Compared", "Down 2 or more", "Down 1", "The same", "Up 1", "Up 2 or more"]
    rows: list[list[Cell]] = []
    for section in year.sections:
        for row in section.rows():
            counts = {
                section.criteria.scale.label(score).casefold(): number
                for score, number in row.levels.items()
            }
            rows.append(
                [
                    section.criteria.title,
                    row.benchmark.name,
                    *(counts.get(label, "") for label in labels),
                ]
            )
            rows[-1] += [
                row.scored,
                row.met,
                row.compared,
                row.down_2,
                row.down_1,
                row.same,
                row.up_1,
                row.up_2,
            ]
    levels = [f"At {label}" for label in labels.values()]
    return ["Criteria", "Benchmark", *levels, "Scored", "Met or above", *moves], rows


def _to_read_again(year: Year) -> Iterator[tuple[Cell, ...]]:
    for section in year.sections:
        for kind in flags(section):
            for flag in kind.flags:
                where = [str(place) for place in flag.places] + ["", ""]
                yield (section.criteria.title, kind.name, flag.fact, flag.question, *where[:2])
            if kind.more:
                yield (section.criteria.title, kind.name, f"{kind.more} more", "", "", "")
