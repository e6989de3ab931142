"""A YAML file, read once: plain data, the place of every key and value, and what is wrong with the file itself (PL0xx).

The data is made of dict, list, str and None alone. A scalar is the text that stands in the file; only an empty one,
``~`` and ``null`` are None: what a text means is the schema's business. The YAML is version 1.1
(https://yaml.org/spec/1.1/) as PyYAML parses it, less what these files have no use for: anchors, aliases, tags, several
documents, keys that aren't text.
"""

import os.path
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from prevent_letter.assessment import slips
from prevent_letter.ground import prose
from prevent_letter.ground.findings import MOST, Finding, Gathered, Place
from prevent_letter.ground.names import as_pattern, normal

KeyPath = tuple[str | int, ...]
"""Where a value lies in the data: ``("benchmarks", "training", "score")``; items of a list count from 0."""


_MOST_BYTES = 1 << 20
_DEEPEST = 20
_MOST_VALUES = 20_000
"""What a file may hold; a letter's has two hundred."""
_PARSER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_LINE_END = re.compile(r"\r\n|\r|\n")
# Control characters, U+0085 (a line break to YAML alone), bidirectional overrides, lone surrogates, noncharacters.
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(1, 17))
    + "]|(?<=[\r\n])\ufeff"  # a byte order mark within, which the two parsers take differently
)
_PLAIN = bytes(range(0x20, 0x7F)) + b"\t\r\n"  # what needs no second look
_TAB_FIRST = re.compile(r"^ *(\t)[ \t]*[^ \t\r\n]", re.MULTILINE)
_HASH = re.compile(r"( *)#([^\r\n]?)")
_BLOCK_HASH = re.compile(r"[|>][-+0-9]*( +)#([^\r\n]?)")
_HASH_BELOW = re.compile(r" *(?:\r\n|\r|\n)( *)#(?=[^ \r\n])")
_OTHER_FILES = (
    (
        b"PK\x03\x04",
        "this is a Word file, or another packed file",
        "give the assessment's own file, which ends in .yaml",
    ),
    (b"%PDF", "this is a PDF file", "give the assessment's own file, which ends in .yaml"),
    (b"{\\rtf", "this is a Rich Text file", "save it as plain text, with the encoding UTF-8"),
    (b"\xff\xfe", "the file is saved as UTF-16", "save it again with the encoding UTF-8"),
    (b"\xfe\xff", "the file is saved as UTF-16", "save it again with the encoding UTF-8"),
)
_NO_TEXT = {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Offsets into the text: of a key (of the value itself, where there is none), and of its value."""

    key: int
    key_end: int
    start: int
    end: int
    style: str


@dataclass
class Source:
    """One file: its ``data``, where everything in it stands, and as ``findings`` what is wrong with the file itself."""

    path: Path
    text: str = ""
    data: Any = None
    findings: Gathered = field(default_factory=Gathered)
    nameless: dict[int, KeyPath] = field(default_factory=dict)
    """By the line on which a part begins whose name is missing, the part before it."""
    _spots: dict[KeyPath, Spot] = field(default_factory=dict)
    _lines: list[int] = field(default_factory=list)
    _excerpt: tuple[int, str] = (-1, "")

    def value(self, *at: str | int) -> Any:
        """What stands at a key path, whether a schema takes it or not; None where there is nothing."""
        value = self.data
        for part in at:
            if isinstance(value, dict):
                value = value.get(part)
            else:
                value = (
                    value[part]
                    if isinstance(value, list) and isinstance(part, int) and part < len(value)
                    else None
                )
        return value

    def line(self, *at: str | int) -> str:
        """The text at a key path in its normal form, on one line; empty where there is none."""
        value = self.value(*at)
        return " ".join(normal(value).split()) if isinstance(value, str) else ""

    def place(self, at: KeyPath, *, key: bool = False) -> Place:
        """The place of a value; of its key, if the value is empty or ``key`` says so; else of what is above it."""
        while at not in self._spots:
            if not at:
                return self.place_at(0, 0)
            at, key = at[:-1], True
        spot = self._spots[at]
        if key or spot.start >= spot.end:
            return self.place_at(spot.key, spot.key_end)
        return self.place_at(spot.start, spot.end)

    def spot(self, at: KeyPath) -> Spot | None:
        """The offsets of a key and its value."""
        return self._spots.get(at)

    def spots(self) -> Iterable[tuple[KeyPath, Spot]]:
        """Each key path with its offsets."""
        return self._spots.items()

    def at(self, place: Place) -> KeyPath:
        """The key path of the innermost value that a place is in, its key included; empty where there is none."""
        start = self._line_starts()[place.line - 1] + place.column - 1
        inside = (
            at
            for at, spot in self._spots.items()
            if spot.key <= start < max(spot.end, spot.key_end)
        )
        return max(inside, key=len, default=())

    def find(self, at: KeyPath, words: str, nth: int = 0) -> Place:
        """The place of words inside a value, however it is quoted and its lines are wrapped; else that of the value.

        ``nth`` says which, from 0, where the words stand there several times, as ``pattern`` finds them.
        """
        spot = self._spots.get(at)
        if spot and words.split():
            style = spot.style if spot.style in ("'", '"') else ""
            found = list(pattern(words, style).finditer(self.text, spot.start, spot.end))
            if found:
                return self.place_at(*found[min(nth, len(found) - 1)].span())
        return self.place(at)

    def block(self, at: KeyPath, place: Place) -> tuple[int, int]:
        """Which paragraph or item of a passage a place is in, from 0, and how many the passage has (0: it is none)."""
        spot, passage = self._spots.get(at), self.value(*at)
        if not spot or not isinstance(passage, str):
            return 0, 0
        written = self.text[spot.start : self._line_starts()[place.line - 1] + place.column - 1]
        if spot.style == "'":
            written = written.replace("''", "'")
        elif spot.style == '"':
            written = re.sub(r"\\(?:[ntr_ ]|\s+)", " ", written)
            written = re.sub(r"\\(?:x..|u....|U.{8}|.)", "x", written)
        before, number, left = (
            _ink(written),
            -1,
            0,
        )  # indentation and line ends are all that else differs
        blocks, count = prose.read(passage), 0
        for block in blocks:
            count, left = count + _ink(passage[left : block.start]), block.start
            number += count <= before
        return max(0, number), len(blocks)

    def written(self, at: KeyPath) -> str:
        """A value as it is written in the file, with its quotes and line ends."""
        spot = self._spots.get(at)
        return self.text[spot.start : spot.end] if spot else ""

    def place_at(self, start: int, end: int) -> Place:
        """The place of a stretch of the text, which is underlined as far as its first line goes."""
        line = bisect_right(lines := self._line_starts(), start)
        first = lines[line - 1]
        if self._excerpt[0] != line:  # cut out once, however much is wrong on a line
            last = _LINE_END.search(self.text, first)
            self._excerpt = line, self.text[first : last.start() if last else None]
        excerpt = self._excerpt[1]
        return Place(
            self.path,
            line,
            start - first + 1,
            max(1, min(end, first + len(excerpt)) - start),
            excerpt,
        )

    def _line_starts(self) -> list[int]:
        if not self._lines:
            self._lines = [0, *map(re.Match.end, _LINE_END.finditer(self.text))]
        return self._lines

    def report(self, code: str, start: int, end: int, message: str, help: str) -> None:
        """Note that something is wrong with the file itself; more than a person reads is only counted."""
        self.findings.add(
            code, lambda: Finding(self.place_at(start, end), code, "error", message, help)
        )


def _ink(text: str) -> int:
    """How many characters of a text aren't white space."""
    return sum(map(len, text.split()))


def pattern(words: str, style: str = "") -> re.Pattern[str]:
    """Whole words with any white space between them, as they stand in text or (``style``) in quotes of YAML."""
    if cut := len(words) > 200:
        words = words[:200]
    if style == "'":
        words = words.replace("'", "''")
    elif style == '"':
        words = re.sub(r'["\\]', r"\\\g<0>", words)
    gap = r"(?:\\?\s|\\[nt])+" if style == '"' else r"\s+"
    before, after = (
        r"(?<!\w)" * words.lstrip()[0].isalnum(),
        r"(?!\w)" * (words.rstrip()[-1].isalnum() and not cut),
    )
    return re.compile(before + gap.join(map(as_pattern, words.split())) + after)


def read(path: Path) -> Source:
    """Read a YAML file of at most 1 MiB, in UTF-8 with or without a byte order mark, any line ends."""
    try:
        return parse(path, contents(path))
    except OSError as error:
        source = Source(Path(os.path.abspath(path)))  # .. goes, links stay
        help = "see whether you may open it yourself"
        source.report("PL001", 0, 0, f"the file can't be read: {error.strerror}", help)
        return source


def contents(path: Path) -> bytes:
    """What a file holds, as far as it is read: enough of what is too large to tell that it is.

    Raises:
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        return file.read(_MOST_BYTES + 1)


def parse(path: Path, data: bytes) -> Source:
    """Read the bytes of a YAML file; ``path`` says only where they stand."""
    source = Source(Path(os.path.abspath(path)))  # .. goes, links stay
    if len(data) > _MOST_BYTES:
        message = "the file is over 1 MiB, more than any assessment or criteria set needs"
        source.report("PL003", 0, 0, message, "check that this is the file you meant")
        return source
    for beginning, message, help in _OTHER_FILES:
        if data.startswith(beginning):
            source.report("PL002", 0, 0, message, help)
            return source
    if data.count(0) > len(data) // 4:
        help = "save it again with the encoding UTF-8"
        source.report("PL002", 0, 0, "the file is saved as UTF-16, or isn't a text", help)
        return source
    try:
        source.text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        source.text = data.decode("utf-8", errors="replace").removeprefix("\N{BOM}")
        at = len(data[: error.start].decode("utf-8-sig"))
        source.report(
            "PL002",
            at,
            at + 1,
            "the file isn't UTF-8 from here on",
            "save it again with the encoding UTF-8",
        )
        return source
    refused = _REFUSED.finditer(source.text) if data.translate(None, _PLAIN) else iter(())
    for found in islice(refused, MOST + 1):
        source.report("PL004", *found.span(), *_refusal(found[0]))
    if rest := sum(1 for _ in refused):
        source.findings[-1] = replace(source.findings[-1], times=1 + rest)
    for found in _TAB_FIRST.finditer(source.text) if "\t" in source.text else ():
        help = "YAML takes only spaces: put some in its place"
        source.report("PL005", *found.span(1), "a tab indents this line", help)
    if not source.findings:
        _Reader(source).read()
    return source


def _refusal(character: str) -> tuple[str, str]:
    if character == "\x0b":
        return (
            "Word's manual line break (U+000B) stands here",
            "delete it; leave a blank line to begin a paragraph",
        )
    return (
        f"an invisible character stands here that no letter can hold (U+{ord(character):04X})",
        "delete it",
    )


@dataclass
class _Open:
    """A mapping or list that is being read; ``key`` and where it stands wait for their value."""

    path: KeyPath
    data: Any
    key: tuple[str, int, int] | None = None
    again: bool = False
    """Whether all its keys begin again, as where the name of the next part is missing."""


class _Reader:
    """Walks the parser's events once, without recursion: deep nesting crashes the parser's own composer."""

    def __init__(self, source: Source) -> None:
        self.source = source
        # One for one, so that every offset stays right; these are no line breaks to an editor.
        self.text = source.text.replace("\t", " ").replace("\u2028", " ").replace("\u2029", " ")
        self.open: list[_Open] = []  # outermost first
        self.documents = self.values = 0
        self.scalar = (0, 0, "")  # the last one: where it begins and ends, its style

    def read(self) -> None:
        try:
            for event in yaml.parse(self.text, Loader=_PARSER):
                if not self.take(event):
                    return
        except yaml.MarkedYAMLError as error:
            self.syntax_error(error)
            return
        if self.source.data is None and not self.source.findings:
            help = "check that this is the file you meant, and that it was saved"
            self.source.report("PL012", 0, 0, "there is nothing in this file", help)

    def take(self, event: Any) -> bool:
        """Take in one event; False where reading any further is of no use."""
        start, end = event.start_mark.index, event.end_mark.index
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    help = "delete the line ---, or make a file of its own of what follows"
                    self.source.report(
                        "PL010",
                        start,
                        end,
                        "a second document begins here; a file holds only one",
                        help,
                    )
                    return False
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.open.pop()
            case yaml.AliasEvent():
                self.source.report("PL008", start, end, slips.LEADING["*"], slips.BLOCK)
                self.value(None, start, end)
            case yaml.ScalarEvent():
                self.values += 1
                if self.values > _MOST_VALUES:
                    message = f"the file holds more than {_MOST_VALUES:,} values, more than any of these needs"
                    self.source.report(
                        "PL015", start, end, message, "check that this is the file you meant"
                    )
                    return False
                self.refuse_tag(event, start, end)
                self.take_scalar(event.value, start, end, event.style or "")
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self.refuse_tag(event, start, end)
                if len(self.open) == _DEEPEST:
                    message = f"lists and keys are nested deeper than {_DEEPEST} here"
                    self.source.report(
                        "PL009", start, end, message, "if it is text with brackets: " + slips.BLOCK
                    )
                    return False
                data: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
                self.open.append(_Open(self.value(data, start, end), data))
        return True

    def refuse_tag(self, event: Any, start: int, end: int) -> None:
        """Refuse an anchor or a tag: as a rule a text that happens to begin with & or !."""
        if event.anchor is not None or event.tag is not None:
            sign = "&" if event.anchor is not None else "!"
            help = f"if it is text: {slips.BLOCK}; else delete what begins with {sign}"
            self.source.report("PL008", start, end, slips.LEADING[sign], help)

    def take_scalar(self, text: str, start: int, end: int, style: str) -> None:
        self.scalar = (start, end, style)
        self.refuse_cut(text, start, end, style)
        if style == '"' and (
            refused := _REFUSED.search(text)
        ):  # by way of an escape such as "\x07"
            self.source.report("PL004", start, end, *_refusal(refused[0]))
        if self.open and isinstance(self.open[-1].data, dict) and self.open[-1].key is None:
            self.open[-1].key = (text, start, end)
        else:
            self.value(None if not style and text in _NO_TEXT else text, start, end, style)

    def refuse_cut(self, text: str, start: int, end: int, style: str) -> None:
        """Refuse a text of which YAML would take a part for a comment."""
        block = style in ("|", ">")
        cut = _BLOCK_HASH.match(self.text, start) if block else _HASH.match(self.text, end)
        below = _HASH_BELOW.match(self.text, end) if text and not style else None
        words = 0 if block else len(text.split())
        if below and self.open and (key := self.open[-1].key):
            column = (
                key[1] - max(self.text.rfind("\n", 0, key[1]), self.text.rfind("\r", 0, key[1])) - 1
            )
            cut = below if len(below[1]) > column else cut
        if cut and (cut is below or cut[2] not in ("", " ") or (words > 1 and len(cut[1]) < 2)):
            message = "YAML takes what follows a space and # for a comment, so this text would be cut short here"
            help = "put a space after the # if a comment follows; else write a | before the text, on the line above"
            if words > 1:
                help = f"{slips.BLOCK}; a comment has two spaces before its # and one after"
            self.source.report("PL011", cut.end(1), cut.end(1) + 1, message, help)

    def value(self, value: Any, start: int, end: int, style: str = "") -> KeyPath:
        """Put a value where it belongs, note its place, and give its path."""
        path: KeyPath = ()
        key_start, key_end = start, end
        if not self.open:
            self.source.data = value
        elif isinstance(self.open[-1].data, list):
            path = (*self.open[-1].path, len(self.open[-1].data))
            self.open[-1].data.append(value)
        elif self.open[-1].key is None:  # what isn't text stands where a key belongs
            message = "a list or a mapping stands here where a key belongs"
            self.source.report("PL013", start, end, message, f"if it is text: {slips.BLOCK}")
            self.open[-1].key = ("?", start, end)
            return (*self.open[-1].path, "?")
        else:
            (key, key_start, key_end), self.open[-1].key = self.open[-1].key, None
            path = (*self.open[-1].path, key)
            if path in self.source._spots:
                self.report_twice(path, key_start, key_end)
                path = (*path, key_start)  # so that what lies below isn't reported as well
            self.open[-1].data[key] = value
        self.source._spots[path] = Spot(key_start, key_end, start, end, style)
        return path

    def report_twice(self, path: KeyPath, start: int, end: int) -> None:
        """Report a key that stands twice; where a whole part begins again, that once and not each of its keys."""
        within, keys = self.open[-1], [*self.open[-1].data]
        if within.again:
            return
        line = self.source.place(path, key=True).line
        within.again = len(within.path) > 1 and len(keys) > 1 and keys[0] == path[-1]
        if within.again:
            self.source.nameless[self.source.place_at(start, end).line] = within.path
            message = f"{path[-1]} of {within.path[-1]} stands on line {line} already; is a name missing above this line?"
            help = f"write the name of what begins here above it, like {within.path[-1]}: above line {line}"
        else:
            message, help = (
                f"{str(path[-1])[:60]} stands twice; it stands on line {line} already",
                "keep one of the two",
            )
        self.source.report("PL007", start, end, message, help)

    def syntax_error(self, error: yaml.MarkedYAMLError) -> None:
        """Report what isn't YAML. Only the one finding that matters is kept: what follows an error means little."""
        at = error.problem_mark.index if error.problem_mark else len(self.text)
        begun = error.context_mark.index if error.context_mark else at
        refused = [
            finding for finding in self.source.findings if finding.code in ("PL008", "PL011")
        ][-1:]
        start, end, style = self.scalar
        if refused and self.text.count("\n", end, at) <= 1:
            self.source.findings[:] = (
                refused  # the text went on after what was refused, and that broke the YAML
            )
            return
        self.source.findings.clear()
        if (
            style in ("'", '"')
            and _LINE_END.search(self.text, start, end)
            and not _LINE_END.search(self.text, end, at)
        ):
            line = self.source.place_at(end - 1, end).line
            message = f"the {style} that begins this text is closed by the one on line {line}"
            self.source.report(
                "PL006", start, end, message, f"close it where the text ends; or {slips.BLOCK}"
            )
            return
        self.source.report("PL006", *slips.find(self.text, at, begun))
