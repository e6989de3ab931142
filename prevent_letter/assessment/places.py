"""A YAML file as plain data, with the place of each key and value."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from prevent_letter.assessment.text_hints import Hint
from prevent_letter.core import prose
from prevent_letter.core.findings import Finding, FindingList, Place
from prevent_letter.core.names import normalise, word_pattern

KeyPath = tuple[str | int, ...]
"""A path in the data: ``("benchmarks", "training", "score")``; items of a list count from 0."""

_MOST_IN_PATTERN = 200
"""A search for words uses at most this many characters, from the beginning of the words."""
_LINE_END = re.compile(r"\r\n|\r|\n")


class Spot(NamedTuple):
    """Offsets of a key and its value; without a key, the key's offsets are those of the value."""

    key: int
    key_end: int
    start: int
    end: int
    style: str
    """The sign that the value is written with: |, >, ' or ", or empty if it is plain."""


class BlockNumber(NamedTuple):
    """The index of a paragraph or item in a passage, and how many there are (0: no passage)."""

    number: int
    of: int


@dataclass
class Source:
    """One file: its ``data``, the place of each value, and the errors of the file itself."""

    path: Path
    text: str = ""
    data: Any = None
    findings: FindingList = field(default_factory=FindingList)
    unnamed: dict[int, KeyPath] = field(default_factory=dict)
    """The lines above which a part's name seems missing, with the key path of the part before."""
    spots: dict[KeyPath, Spot] = field(default_factory=dict)
    """Where each key and its value are."""
    _lines: list[int] = field(default_factory=list)
    _excerpt: tuple[int, str] = (-1, "")

    def value(self, *path: str | int) -> Any:
        """Return the value at a key path, valid or not; None where there is none."""
        value = self.data
        for part in path:
            if isinstance(value, dict):
                value = value.get(part)
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def line(self, *path: str | int) -> str:
        """Return the text at a key path, normalised and on one line; empty where there is none."""
        value = self.value(*path)
        return " ".join(normalise(value).split()) if isinstance(value, str) else ""

    def listed(self, key: str) -> list[Any]:
        """Return the items of a list, valid or not; none where there is no list."""
        value = self.value(key)
        return value if isinstance(value, list) else []

    def written(self, path: KeyPath) -> str:
        """Return a value as written in the file, with its quotation marks and line ends."""
        spot = self.spots.get(path)
        return self.text[spot.start : spot.end] if spot else ""

    def place(self, path: KeyPath, *, key: bool = False) -> Place:
        """Return the place of a value, or of its key if the value is empty or ``key`` is True.

        If there is no such value, return the place of the nearest key above it.
        """
        while path not in self.spots:
            if not path:
                return self.place_at(0, 0)
            path, key = path[:-1], True
        spot = self.spots[path]
        if key or spot.start >= spot.end:
            return self.place_at(spot.key, spot.key_end)
        return self.place_at(spot.start, spot.end)

    def path_at(self, place: Place) -> KeyPath:
        """Return the path of the innermost value that contains a place, in itself or in its key."""
        start = self._line_starts()[place.line - 1] + place.column - 1
        paths = (
            path
            for path, spot in self.spots.items()
            if spot.key <= start < max(spot.end, spot.key_end)
        )
        return max(paths, key=len, default=())

    def find(self, path: KeyPath, words: str, nth: int = 0) -> Place:
        """Return the place of words in a value, or of the whole value if they are not in it.

        The words may be quoted or wrapped. ``nth`` chooses among several occurrences, from 0.
        """
        spot = self.spots.get(path)
        if spot and words.split():
            expression = words_pattern(words, spot.style)
            if matches := [*expression.finditer(self.text, spot.start, spot.end)]:
                return self.place_at(*matches[min(nth, len(matches) - 1)].span())
        return self.place(path)

    def block_at(self, path: KeyPath, place: Place) -> BlockNumber:
        """Return the number of the block that contains a place in a passage."""
        spot, passage = self.spots.get(path), self.value(*path)
        if not spot or not isinstance(passage, str):
            return BlockNumber(0, 0)
        offset = self._line_starts()[place.line - 1] + place.column - 1
        written = self.text[spot.start : offset]
        if spot.style == "'":
            written = written.replace("''", "'")
        elif spot.style == '"':
            written = re.sub(r"\\(?:[ntr_ ]|\s+)", " ", written)
            written = re.sub(r"\\(?:x..|u....|U.{8}|.)", "x", written)
        # Now the text of the file and the passage differ only in white space.
        visible, number, blocks = len("".join(written.split())), -1, prose.parse(passage)
        count = last = 0
        for block in blocks:
            count += len("".join(passage[last : block.start].split()))
            last = block.start
            if count <= visible:
                number += 1
        return BlockNumber(max(0, number), len(blocks))

    def place_at(self, start: int, end: int) -> Place:
        """Return the place of a part of the text, underlined up to the end of its first line."""
        lines = self._line_starts()
        line = bisect_right(lines, start)
        first = lines[line - 1]
        if self._excerpt[0] != line:  # found once for all findings on a line
            last = _LINE_END.search(self.text, first)
            self._excerpt = line, self.text[first : last.start() if last else None]
        excerpt = self._excerpt[1]
        width = max(1, min(end, first + len(excerpt)) - start)
        return Place(self.path, line, start - first + 1, width, excerpt)

    def _line_starts(self) -> list[int]:
        if not self._lines:
            self._lines = [0, *map(re.Match.end, _LINE_END.finditer(self.text))]
        return self._lines

    def report(self, code: str, hint: Hint) -> None:
        """Add an error of the file itself."""
        start, end, message, help = hint
        self.findings.add(
            code, lambda: Finding(self.place_at(start, end), code, "error", message, help)
        )


def on_one_line(value: Any) -> str:
    """Return a text on one line, or an empty one if the value is not text."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def words_pattern(words: str, style: str = "") -> re.Pattern[str]:
    """Return a regular expression for whole words with any white space between them.

    ``style`` is how the words are written in YAML (see ``Spot``).
    """
    is_cut = len(words) > _MOST_IN_PATTERN
    words = words[:_MOST_IN_PATTERN]
    gap = r"\s+"
    if style == "'":
        words = words.replace("'", "''")
    elif style == '"':
        words = re.sub(r'["\\]', r"\\\g<0>", words)
        gap = r"(?:\\?\s|\\[nt])+"
    expression = gap.join(map(word_pattern, words.split()))
    if words.lstrip()[:1].isalnum():
        expression = r"(?<!\w)" + expression
    if words.rstrip()[-1:].isalnum() and not is_cut:
        expression += r"(?!\w)"
    return re.compile(expression)
