"""One type for all that is wrong: what, where, and how to mend it."""

import os
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning", "note"]
"""What fails, what fails with ``--strict``, and what never does."""

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

    @property
    def words(self) -> str:
        """What is to be underlined."""
        return self.excerpt[self.column - 1 :][: self.width].strip()


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong. ``str()`` of it is what a person reads, paths relative to the current folder."""

    place: Place
    code: str
    severity: Severity
    message: str
    help: str = ""
    times: int = 1
    """How many of its kind it stands for, where there are too many to list."""
    at: str | None = field(default=None, compare=False)
    """Of a rule's finding the key path with dots, as ``accepted`` in an assessment takes it."""

    def __str__(self) -> str:
        return self.text(lambda words, kind: words)

    def text(self, paint: Callable[[str, str], str], width: int = 0) -> str:
        """The finding for a terminal of so many columns (0: lines of any length).

        ``paint`` colours words of a kind: error, warning, note, caret, help.
        """
        where = f"{shown(self.place.path)}:{self.place.line}:{self.place.column}: "
        kind = f"{self.severity} {self.code}:"
        lines = wrapped(f"{where}{kind} {printable(self.message)}", width)
        lines[0] = where + lines[0].removeprefix(where).replace(
            kind[:-1], paint(kind[:-1], self.severity), 1
        )
        if self.place.excerpt.strip():
            text, before, marked = _window(self.place)
            number = str(self.place.line)
            lines.append(f"   {number} | {text}")
            lines.append(
                f"   {' ' * len(number)} | {' ' * _columns(before)}{paint('^' * marked, 'caret')}"
            )
        if self.help:
            help = wrapped(f"   help: {printable(self.help)}", width)
            lines += [help[0].replace("help:", paint("help:", "help"), 1), *help[1:]]
        return "\n".join(lines)

    def plain(self) -> dict[str, str | int]:
        """The finding as an object of JSON: path (from the root), line, column, code, severity, message, help."""
        place: dict[str, str | int] = {"path": from_root(self.place.path), "line": self.place.line}
        place |= {"column": self.place.column, "code": self.code, "severity": self.severity}
        return {**place, "message": self.message, "help": self.help}

    def annotation(self) -> str:
        """The finding as a workflow command of GitHub Actions, which shows it at its line; no words can end it."""
        place = f"file={_escaped(from_root(self.place.path), ':,')},line={self.place.line},col={self.place.column}"
        text = _escaped("\n".join(filter(None, (self.message, self.help))))
        command = "notice" if self.severity == "note" else self.severity
        return f"::{command} {place},title={self.code}::{text}"


def wrapped(line: str, width: int) -> list[str]:
    """A line wrapped at words to a width (0: none), what follows its first line indented by three."""
    if not 0 < width < len(line):
        return [line]
    import textwrap  # only a terminal needs it

    return textwrap.wrap(
        line,
        max(width, 40),
        subsequent_indent="   ",
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )


MOST = 20
"""How many findings of one code are listed for a file; one more counts the rest."""


class Gathered(list[Finding]):
    """Findings on one file as they come: of one code what a person reads, and one that counts the rest."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        super().__init__(findings)
        self._counts: dict[str, int] = {}

    def add(self, code: str, make: Callable[[], Finding]) -> None:
        """Take in one finding of a code, which is made only where it is listed."""
        self._counts[code] = self._counts.get(code, 0) + 1
        if self._counts[code] <= MOST + 1:
            self.append(make())
        else:
            at = max(number for number, each in enumerate(self) if each.code == code)
            self[at] = replace(self[at], times=self[at].times + 1)


def limited(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in order, each once, and of one code in a file not more than a person reads."""
    listed: list[Finding] = []
    more: dict[tuple[Path, str], int] = {}  # where in the list the rest of a kind is counted
    counts: dict[tuple[Path, str], int] = {}
    for finding in sorted(set(findings)):
        kind = finding.place.path, finding.code
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= MOST:
            listed.append(finding)
        elif kind not in more:
            more[kind] = len(listed)
            listed.append(finding)
        else:
            last = listed[more[kind]]
            listed[more[kind]] = replace(last, times=last.times + finding.times)
    for at in more.values():
        text = f"{listed[at].times} more of this kind"
        listed[at] = replace(
            listed[at], message=f"{text} from here on", help="mend those above, and check again"
        )
    return listed


class Faults(Exception):  # noqa: N818 (it is no fault of the program)
    """What keeps a task from being done and stands in the files that people write, as findings."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__(*findings)
        self.findings = tuple(findings)


def _escaped(words: str, separators: str = "") -> str:
    words = printable(words, "\n")
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" + separators else c for c in words)


def as_json(data: object) -> bytes:
    """Plain data as JSON, in UTF-8 whatever the console; no words of it are a command of GitHub Actions."""
    import json  # a person reads text

    text = json.dumps(data, ensure_ascii=False, indent=2).replace("##[", "#\\u0023[")
    return f"{text}\n".encode(errors="backslashreplace")


def printable(text: str, besides: str = "") -> str:
    """The text with all that could forge a line of a log, or move a terminal's cursor, as escapes."""
    if not text.isprintable():
        text = "".join(
            c if c.isprintable() or c in besides else c.encode("unicode_escape").decode()
            for c in text
        )
    return text.replace(
        "##[", "#\\x23["
    )  # GitHub Actions takes these for a command anywhere in a line


def shown(path: Path, folder: Path | None = None) -> str:
    """A path as people are shown it: from a folder or the current one, with forward slashes, nothing invisible."""
    return _relative(path, str(folder or ""))


def from_root(path: Path) -> str:
    """A path as CI needs it: from GITHUB_WORKSPACE, else the git work tree, else the current folder."""
    try:
        return _relative(path, os.environ.get("GITHUB_WORKSPACE") or _root(os.getcwd()))
    except OSError:  # the current folder is gone
        return _relative(path, "")


@cache
def _root(folder: str) -> str:
    return str(work_tree(Path(folder)) or folder)


def work_tree(folder: Path) -> Path | None:
    """The git work tree that a folder, by its absolute path, is in."""
    above = (folder, *folder.parents)
    return next((each for each in above if os.path.exists(each / ".git")), None)


def _relative(path: Path, start: str) -> str:
    try:
        text = printable(Path(os.path.relpath(path, start or None)).as_posix())
    except (ValueError, OSError):  # another drive of Windows; a current folder that is gone
        text = printable(path.as_posix())
    return (
        f"./{text}" if text.startswith((":", "#")) else text
    )  # no path begins a command of GitHub Actions


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Which of the known words a misspelt one is nearest to, if one is near enough."""
    import difflib  # only a fault needs it

    by_shape = {name.casefold().replace("-", "_").replace(" ", "_"): name for name in known}
    near = difflib.get_close_matches(
        word.casefold().replace("-", "_").replace(" ", "_"), by_shape, 1, 0.7
    )
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
    """The text with what moves the cursor, can't be seen, or is a command, as one space or sign a character."""
    text = text.replace("##[", "## ")
    return "".join(
        c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: two for a wide character, none for one that combines."""
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )
