"""Rows and columns: as text of 80 columns, and as CSV for Excel."""

import csv
import io
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from prevent_letter.ground.findings import printable

WIDTH = 80
"""The columns of a text."""
NARROWEST = 24
"""The columns that names have at the least."""
_GAP = 2
Cell = str | int
Column = tuple[str, Sequence[Cell]]
"""The title of a column, and a number for each row."""


def room(columns: Sequence[Column]) -> int:
    """The columns of text that are left for names beside columns of numbers."""
    return WIDTH - sum(_width(column) + _GAP for column in columns)


def table(names: Sequence[str], columns: Sequence[Column]) -> Iterator[str]:
    """The lines of a table: a name and its numbers a row; a title may have several lines, and a name is wrapped."""
    widest, widths = min(room(columns), max(map(len, names), default=0)), [*map(_width, columns)]
    heads = [title.split("\n") for title, _ in columns]
    tallest = max(map(len, heads))
    for line in zip(*([""] * (tallest - len(head)) + head for head in heads), strict=True):
        yield (" " * widest + _line(widths, line)).rstrip()
    for number, name in enumerate(names):
        first, *rest = textwrap.wrap(printable(name), widest)
        yield first.ljust(widest) + _line(widths, [values[number] for _, values in columns])
        yield from rest


def _width(column: Column) -> int:
    title, values = column
    return max(
        3, *(len(line) for line in title.split("\n")), *(len(str(value)) for value in values)
    )


def _line(widths: Sequence[int], cells: Iterable[Cell]) -> str:
    return "".join(
        " " * _GAP + str(cell).rjust(width) for width, cell in zip(widths, cells, strict=True)
    )


def wrapped(line: str, indent: str = "  ") -> str:
    """A line wrapped at words, what follows its first line indented."""
    return textwrap.fill(
        line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def joined(lines: Iterable[str]) -> str:
    """Lines as a text, with all that could move a terminal's cursor as escapes."""
    return "\n".join(printable(line) for text in lines for line in text.split("\n"))


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows as CSV (RFC 4180) in UTF-8 with a byte order mark, for Excel: a text that begins a formula is guarded."""
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(columns)
    writer.writerows([_guarded(value) for value in row] for row in rows)
    return made.getvalue().encode("utf-8-sig")


def _guarded(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and re.match(r"[=+\-@\t\r]", value) else value
