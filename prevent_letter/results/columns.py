"""Write tables as text, 80 characters wide, and as CSV."""

import csv
import io
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile
from typing import Any, NamedTuple

from prevent_letter.core.display import printable

WIDTH = 80
"""The width of a text, in characters."""
NARROWEST = 24
"""The least width of the column of names, in characters."""
_GAP = 2
Cell = str | int


class Column(NamedTuple):
    """A column of numbers: its title, which may have several lines, and a value for each row."""

    title: str
    values: Sequence[Cell]

    @property
    def width(self) -> int:
        """Its width, in characters."""
        lines = self.title.split("\n")
        return max(3, *map(len, lines), *(len(str(value)) for value in self.values))


def room_for_names(columns: Sequence[Column]) -> int:
    """Return the width that columns of numbers leave for names, in characters."""
    return WIDTH - sum(column.width + _GAP for column in columns)


def table(names: Sequence[str], columns: Sequence[Column]) -> Iterator[str]:
    """Yield the lines of a table: the titles, then a name and its numbers in each row."""
    widest = min(room_for_names(columns), max(map(len, names), default=0))
    widths = [column.width for column in columns]

    def line(cells: Iterable[Cell]) -> str:
        pairs = zip(cells, widths, strict=True)
        return "".join(" " * _GAP + str(cell).rjust(width) for cell, width in pairs)

    titles = [column.title.split("\n") for column in columns]
    height = max(map(len, titles))
    for cells in zip(*([""] * (height - len(title)) + title for title in titles), strict=True):
        yield (" " * widest + line(cells)).rstrip()
    for number, name in enumerate(names):
        first, *rest = textwrap.wrap(printable(name), widest)
        yield first.ljust(widest) + line(column.values[number] for column in columns)
        yield from rest


def wrap_line(line: str, indent: str = "  ") -> str:
    """Return a line wrapped between words, with later lines indented."""
    unbroken: Any = {"break_long_words": False, "break_on_hyphens": False}
    return textwrap.fill(line, WIDTH, subsequent_indent=indent, **unbroken)


def join_lines(lines: Iterable[str]) -> str:
    """Join lines into one text, and escape all that could move a terminal's cursor."""
    return "\n".join(printable(line) for text in lines for line in text.split("\n"))


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as CSV (RFC 4180) in UTF-8 with a byte order mark, for Excel.

    Text that Excel would read as a formula gets an apostrophe before it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(_harmless(cell) if isinstance(cell, str) else cell for cell in row)
    return out.getvalue().encode("utf-8-sig")


_FILLERS = "\u115f\u1160\u2800\u3164"
"""Letters and symbols that can't be seen."""
_FORMULA_OR_COMMAND = ("=", "+", "-", "@", "::")
_FORMULA = re.compile(r"(?<=[;|\t])(?=[^\S\t]*(?:[=+@＝＋＠]|[-－](?! )))")
"""Where Excel begins a cell, and a formula in it, if lists are separated by that character."""


def _harmless(cell: str) -> str:
    """Return a cell that no Excel takes for a formula, and no log of GitHub for a command."""
    cell = _FORMULA.sub("'", cell).replace("##[", "#\\x23[")
    seen = "".join(dropwhile(_is_blank, unicodedata.normalize("NFKC", cell)))
    is_risky = seen.startswith(_FORMULA_OR_COMMAND) or cell.startswith(("\t", "\r"))
    return f"'{cell}" if is_risky else cell


def _is_blank(c: str) -> bool:
    is_mark = unicodedata.category(c).startswith("M")
    return is_mark or c.isspace() or not c.isprintable() or c in _FILLERS
