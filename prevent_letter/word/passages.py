"""Read passages of a Word letter as the prose of an assessment."""

import re
import unicodedata
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from prevent_letter.word.blocks import TextRun


class Piece(NamedTuple):
    """A paragraph (``depth`` 0) or list item of a passage.

    ``mark`` is ``-`` or ``3.``; empty for a paragraph, or for another paragraph of an item.
    """

    depth: int
    mark: str
    runs: tuple[TextRun, ...]

    @property
    def text(self) -> str:
        """The text of all its runs."""
        return "".join(run.text for run in self.runs)


def cut(runs: Sequence[TextRun], length: int) -> list[TextRun]:
    """Return runs without their first ``length`` characters."""
    left: list[TextRun] = []
    for run in runs:
        if length < len(run.text):
            left.append(run._replace(text=run.text[length:]))
        length = max(0, length - len(run.text))
    return left


def without(runs: Sequence[TextRun], words: str) -> list[TextRun]:
    """Return runs without some words, wherever these are in the text of the runs."""
    text = "".join(run.text for run in runs)
    if not words or words not in text:
        return list(runs)
    ends = [place for match in re.finditer(re.escape(words), text) for place in match.span()]
    edges = [0, *ends, len(text)]
    kept = deque(zip(edges[::2], edges[1::2], strict=True))
    left, start = list[TextRun](), 0
    for run in runs:
        end = start + len(run.text)
        while kept and kept[0][0] < end:
            piece = text[max(kept[0][0], start) : min(kept[0][1], end)]
            left += [run._replace(text=piece)] if piece else []
            if kept[0][1] > end:
                break
            kept.popleft()
        start = end
    return left


def unbold(runs: Sequence[TextRun], is_label_bold: bool = True) -> tuple[list[TextRun], bool]:
    """Return runs without the bold that has spread from a label into their beginning.

    ``is_label_bold`` is True if all runs since the label are bold. The second result is its value
    for the runs that come next.
    """
    plain = []
    for run in runs:
        is_label_bold = is_label_bold and (run.bold or not run.text.strip())
        plain.append(run._replace(bold=False) if is_label_bold else run)
    return plain, is_label_bold


_TYPED_MARK = re.compile(r"[-•·◦▪●]\s+(?=\S)")


def pieces_of(runs: Sequence[TextRun], depth: int, mark: str, odd: set[str]) -> list[Piece]:
    """Return the pieces of a paragraph: one, or one for each line if it has line breaks."""
    lines: list[list[TextRun]] = [[]]
    for run in runs:
        first, *more = run.text.split("\n")
        lines[-1].append(run._replace(text=first))
        lines += [[run._replace(text=text)] for text in more]
    pieces: list[Piece] = []
    for line in filter(None, map(tidy, lines)):
        typed = _TYPED_MARK.match(line[0].text) if not depth else None
        if typed:
            pieces.append(Piece(1, "-", tidy(cut(line, typed.end()))))
        else:
            pieces.append(Piece(depth, "" if pieces else mark, line))
    if len(pieces) > 1:
        odd.add("line break")
    return pieces


def tidy(runs: Sequence[TextRun]) -> tuple[TextRun, ...]:
    """Return runs with white space collapsed, and none at the edges.

    A space between two runs has only the format that both have.
    """
    signs: list[tuple[str, tuple[bool, bool, str]]] = []
    for run in runs:
        for sign in unicodedata.normalize("NFC", run.text.replace("\u00ad", "")):
            sign = " " if sign.isspace() and sign != "\u00a0" else sign
            if sign != " " or (signs and signs[-1][0] != " "):
                signs.append((sign, run[1:]))
    while signs and signs[-1][0] in " \u00a0":
        signs.pop()
    first = next((n for n, sign in enumerate(signs) if sign[0] not in " \u00a0"), 0)
    signs = signs[first:]
    for n in range(1, len(signs) - 1):
        if signs[n][0] == " ":
            (bold, italic, link), other = signs[n - 1][1], signs[n + 1][1]
            both = bold and other[0], italic and other[1], link if link == other[2] else ""
            signs[n] = " ", both
    looks = groupby(signs, key=lambda sign: sign[1])
    return tuple(TextRun("".join(sign for sign, _ in group), *look) for look, group in looks)


def items_of(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield the key recommendations: each outermost item with what is in it, as a passage."""
    item: list[Piece] = []
    for piece in pieces:
        is_outermost = piece.depth == 0 or (piece.depth == 1 and piece.mark)
        if is_outermost and item:
            yield item
            item = []
        mark = "" if is_outermost else piece.mark
        item.append(piece._replace(depth=max(0, piece.depth - 1), mark=mark))
    if item:
        yield item


# They stand for the marks of emphasis and links until a value goes into a file: nobody types them.
_STAR, _OPEN, _LEADS, _CLOSE = "\ufdd0\ufdd1\ufdd2\ufdd3"
_MARKS = str.maketrans({_STAR: "*", _OPEN: "[", _LEADS: "](", _CLOSE: ")"})


def written(passage: Sequence[Piece]) -> str:
    """Return a passage as text, with blank lines between paragraphs and with list marks.

    Emphasis and links have placeholders, which ``as_prose`` replaces with their marks.
    """
    lines: list[str] = []
    margins = [0]  # where the items at each depth begin; the last is that of the open item's text
    marks: list[str] = []  # of the open items
    for piece in passage:
        text = ""
        for run in piece.runs:  # spaces are outside the marks
            inner = run.text.strip(" ")
            before, _, after = run.text.partition(inner) if inner else (run.text, "", "")
            sign = _STAR * (run.italic + 2 * run.bold) if inner else ""
            words = f"{_OPEN}{inner}{_LEADS}{run.link}{_CLOSE}" if inner and run.link else inner
            text += f"{before}{sign}{words}{sign}{after}"
        elder = marks[piece.depth - 1] if len(marks) >= piece.depth > 0 else ""
        begins_list = len(margins) == 1 and piece.depth == 1
        goes_on = piece.mark not in ("", "-", "1.") and elder in ("", "-")  # an earlier list
        if lines and (not piece.mark or begins_list or goes_on):
            lines.append("")
        if not piece.mark:
            del margins[piece.depth + 1 :], marks[piece.depth :]
            lines.append(" " * margins[-1] + text)
            continue
        del margins[piece.depth :], marks[piece.depth - 1 :]
        marks += [""] * (piece.depth - 1 - len(marks)) + [piece.mark]
        lines.append(f"{' ' * margins[-1]}{piece.mark} {text}")
        margins.append(margins[-1] + len(piece.mark) + 1)
    return "\n".join(lines)


def as_prose(value: str) -> str:
    """Return a value with the marks of prose in place of the placeholders of ``written``."""
    return value.translate(_MARKS)
