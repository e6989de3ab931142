"""One type for all that is wrong: what, where, and how to mend it."""

import os
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning"]

_EXCERPT = 64
"""The columns of a file's line that a finding shows at the most."""


class Stop(Exception):  # noqa: N818 (it is no fault of the program)
    """What keeps a letter from being built and stands in no assessment, as a sentence: a template, a look, a target."""


class Misuse(Exception):  # noqa: N818 (it is no fault of the program)
    """What was asked can't be done as it was asked, as a sentence."""


@dataclass(frozen=True, order=True)
class Place:
    """A place in a file: ``line`` and ``column`` count from 1, in characters; ``width`` is what to underline there."""

    path: Path
    line: int = 1
    column: int = 1
    width: int = 1
    excerpt: str = ""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong. ``str()`` of it is what a person reads, paths relative to the current folder."""

    place: Place
    code: str
    severity: Severity
    message: str
    help: str = ""

    def __str__(self) -> str:
        return self.text(lambda words, kind: words)

    def text(self, paint: Callable[[str, str], str]) -> str:
        """The finding for a terminal; ``paint`` colours words of a kind: error, warning, caret, help."""
        where = f"{shown(self.place.path)}:{self.place.line}:{self.place.column}"
        lines = [f"{where}: {paint(f'{self.severity} {self.code}', self.severity)}: {self.message}"]
        if self.place.excerpt.strip():
            text, before, width = _window(self.place)
            number = str(self.place.line)
            lines.append(f"   {number} | {text}")
            lines.append(f"   {' ' * len(number)} | {' ' * _columns(before)}{paint('^' * width, 'caret')}")
        if self.help:
            lines.append(f"   {paint('help:', 'help')} {self.help}")
        return "\n".join(lines)

    def plain(self) -> dict[str, str | int]:
        """The finding as an object of JSON: path, line, column, code, severity, message, help."""
        place: dict[str, str | int] = {"path": shown(self.place.path), "line": self.place.line}
        place |= {"column": self.place.column, "code": self.code, "severity": self.severity}
        return {**place, "message": self.message, "help": self.help}

    def annotation(self) -> str:
        """The finding as a workflow command of GitHub Actions, which shows it at its line; no words can end it."""
        place = f"file={_escaped(shown(self.place.path), ':,')},line={self.place.line},col={self.place.column}"
        text = _escaped("\n".join(filter(None, (self.message, self.help))))
        return f"::{self.severity} {place},title={self.code}::{text}"


class Faults(Exception):  # noqa: N818 (it is no fault of the program)
    """What keeps a task from being done and stands in the files that people write, as findings."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__(*findings)
        self.findings = tuple(findings)


def _escaped(words: str, separators: str = "") -> str:
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" + separators else c for c in words)


def shown(path: Path) -> str:
    """A path as people are shown it: from the current folder, with forward slashes."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:  # another drive of Windows
        return path.as_posix()


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Which of the known words a misspelt one is nearest to, if one is near enough."""
    import difflib  # only a fault needs it

    by_shape = {name.casefold().replace("-", "_").replace(" ", "_"): name for name in known}
    near = difflib.get_close_matches(word.casefold().replace("-", "_").replace(" ", "_"), by_shape, 1, 0.7)
    return by_shape[near[0]] if near else None


def _window(place: Place) -> tuple[str, str, int]:
    """The part of a line round its place: the text, what stands before the place, and how many columns to underline."""
    line, at = place.excerpt, place.column - 1
    start = 0 if len(line) <= _EXCERPT or at < _EXCERPT * 3 // 4 else at - _EXCERPT // 4
    lead = "..." if start else ""
    tail = "..." if len(line) > start + _EXCERPT else ""
    text = _printable(line[start : start + _EXCERPT].rstrip())
    before = lead + _printable(line[start:at])
    width = _columns(_printable(line[at : min(at + place.width, start + _EXCERPT)]))
    return lead + text + tail, before, max(1, width)


def _printable(text: str) -> str:
    """The text with what moves the cursor, or can't be seen, as one space or sign a character."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: two for a wide character, none for one that combines."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)
