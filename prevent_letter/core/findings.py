"""Findings (one problem each: its place and how to fix it), and the errors that end a run."""

import unicodedata
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from prevent_letter.core.display import path_from_root, printable, show_path, wrap

Severity = Literal["error", "warning", "note"]
"""An error makes a check fail, a warning only with ``--strict``, and a note never."""
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

MOST_LISTED = 20
"""How many findings of one code are listed for a file; one more finding counts the rest."""
_EXCERPT_WIDTH = 64
"""The most columns of the file's line that a finding shows."""


class Group(IntEnum):
    """The subject of a finding, given by the first digit of its code."""

    FILE = 0
    """The file itself: it can't be read, or is not YAML that we accept."""
    VALUES = 1
    """Keys and values, checked against the schema."""
    SCORES = 2
    """Scores and dates, compared with the criteria and the text."""
    PROSE = 3
    ASSESSMENTS = 4
    """The assessments of a run and their neighbours, compared with each other."""
    WORD_LETTER = 5
    """A letter that came back from Word."""

    @classmethod
    def of(cls, code: str) -> "Group":
        """Return the group of a code, such as PL203."""
        return cls(int(code[2]))


class UserError(Exception):
    """A file can't be read or written, and the cause is outside the assessment.

    The file is a template, a style file or an output path. The message is one sentence.
    """


class UsageError(Exception):
    """The command can't be carried out as it was given. The message is one sentence."""


class FileErrors(Exception):  # noqa: N818 (it has several)
    """The files that a command needs have errors, which are in ``findings``."""

    def __init__(self, findings: Iterable["Finding"]) -> None:
        super().__init__(*findings)
        self.findings = tuple(findings)


class Place(NamedTuple):
    """A place in a file: ``line`` and ``column`` from 1; ``column`` and ``width`` in characters."""

    path: Path
    line: int = 1
    column: int = 1
    width: int = 1
    excerpt: str = ""
    """The whole line of the file, without its line end."""

    @property
    def words(self) -> str:
        """The words at the place."""
        return self.excerpt[self.column - 1 :][: self.width].strip()


@dataclass(frozen=True, order=True)
class Finding:
    """One problem: its place, what is wrong, and how to fix it. ``str()`` is for people."""

    place: Place
    code: str
    severity: Severity
    message: str
    help: str = ""
    times: int = 1
    """How many problems this finding counts: 1, or more if there are too many to list."""
    key_path: str | None = field(default=None, compare=False)
    """The key path of the finding's value, as written under ``accepted:``; None if unknown."""

    def __str__(self) -> str:
        return self.render(lambda words, kind: words)

    def render(self, paint: Callable[[str, str], str], width: int = 0) -> str:
        """Return the finding for a terminal of ``width`` columns (0: lines are not wrapped).

        ``paint`` colours words by their kind: error, warning, note, help.
        """
        where = f"{show_path(self.place.path)}:{self.place.line}:{self.place.column}: "
        kind = f"{self.severity} {self.code}"
        lines = wrap(f"{where}{kind}: {printable(self.message)}", width)
        painted = lines[0].removeprefix(where).replace(kind, paint(kind, self.severity), 1)
        lines[0] = where + painted
        if self.place.excerpt.strip():
            excerpt = _excerpt(self.place)
            number = str(self.place.line)
            carets = paint("^" * excerpt.carets, self.severity)
            lines.append(f"   {number} | {excerpt.text}")
            lines.append(f"   {' ' * len(number)} | {' ' * excerpt.indent}{carets}")
        if self.help:
            first, *rest = wrap(f"   help: {printable(self.help)}", width)
            lines += [first.replace("help:", paint("help:", "help"), 1), *rest]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, str | int]:
        """Return the finding as data for JSON, with its path as ``path_from_root`` returns it."""
        return {
            "path": path_from_root(self.place.path),
            "line": self.place.line,
            "column": self.place.column,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "help": self.help,
        }

    def as_annotation(self) -> str:
        """Return the finding as a GitHub Actions workflow command, with its text escaped."""

        def escape(words: str, separators: str = "") -> str:
            words = printable(words, "\n")
            return "".join(f"%{ord(c):02X}" if c in "%\r\n" + separators else c for c in words)

        file = escape(path_from_root(self.place.path), ":,")
        text = escape("\n".join(filter(None, (self.message, self.help))))
        command = "notice" if self.severity == "note" else self.severity
        place = f"file={file},line={self.place.line},col={self.place.column}"
        return f"::{command} {place},title={self.code}::{text}"


class FindingList(list[Finding]):
    """The findings on one file: the first 20 of each kind, and a 21st that counts the rest."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        super().__init__(findings)
        self.counts: dict[Hashable, int] = {}
        self.last: dict[Hashable, int] = {}  # the position of each kind's last finding

    def add(self, kind: Hashable, make: Callable[[], Finding], times: int = 1) -> None:
        """Add the finding that ``make`` returns; after 21 of its ``kind``, only count it."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if self.counts[kind] <= MOST_LISTED + 1:
            self.last[kind] = len(self)
            self.append(make())
        else:
            last = self.last[kind]
            self[last] = replace(self[last], times=self[last].times + times)


def for_report(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings sorted, each once; after 20 of a code in a file, a 21st counts the rest."""
    listed = FindingList()
    for finding in sorted(set(findings)):
        listed.add((finding.place.path, finding.code), partial(replace, finding), finding.times)
    for kind, position in listed.last.items():
        if listed.counts[kind] > MOST_LISTED:
            message = f"{listed[position].times} more of this kind from here on"
            help = "fix those above, and check again"
            listed[position] = replace(listed[position], message=message, help=help)
    return listed


class _Excerpt(NamedTuple):
    """A part of a line, the columns before its marked words, and the number of ``^`` below them."""

    text: str
    indent: int
    carets: int


def _excerpt(place: Place) -> _Excerpt:
    """Return the part of the line that surrounds a place."""

    def columns(text: str) -> int:  # two for wide characters, none for combining ones
        wide = [unicodedata.east_asian_width(c) in "WF" for c in text]
        widths = zip(text, wide, strict=True)
        return sum(0 if unicodedata.combining(c) else 1 + w for c, w in widths)

    line, offset = place.excerpt, place.column - 1
    visible = line.replace("##[", "## ")  # of the same length
    visible = "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in visible)
    start = 0
    if len(line) > _EXCERPT_WIDTH and offset >= _EXCERPT_WIDTH * 3 // 4:
        start = offset - _EXCERPT_WIDTH // 4
    end = start + _EXCERPT_WIDTH
    lead, tail = "..." if start else "", "..." if len(line) > end else ""
    text = lead + visible[start:end].rstrip() + tail
    marked = line[offset : min(offset + place.width, end)]
    return _Excerpt(text, columns(lead + visible[start:offset]), max(1, columns(marked)))
