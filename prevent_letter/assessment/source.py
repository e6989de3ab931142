"""Read a YAML file once, for its plain data, the place of each key and value, and errors (PL0xx).

The data consists of dict, list, str and None. A scalar stays text, since the schema decides what
it means; only an empty one, ``~`` and ``null`` are None. The YAML is version 1.1
(https://yaml.org/spec/1.1/) as PyYAML parses it. Anchors, aliases, tags, several documents and keys
that are not text are refused, since these files do not need them.
"""

import codecs
import errno
import os.path
import re
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from prevent_letter.assessment import text_hints
from prevent_letter.assessment.places import KeyPath, Source, Spot
from prevent_letter.assessment.text_hints import Hint, Scalar
from prevent_letter.core.findings import MOST_LISTED
from prevent_letter.core.ordinary import open_ordinary

MOST_BYTES = 1 << 20
"""The most bytes of a file; an assessment has some 30,000."""
_LONGEST_TEXT = 50_000
"""The most characters of one value. The longest text of the published letter has 2,000."""
_MOST_VALUES = 20_000
"""The most values of a file; an assessment has two hundred."""
_DEEPEST = 20
"""The deepest nesting of mappings and lists; deeper ones crash the C parser's composer."""

_PARSER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULLS = {"", "~", "null", "Null", "NULL"}
_ORDINARY = bytes(range(0x20, 0x7F)) + b"\t\r\n"  # bytes that are never refused
# Control characters, U+0085 (a line break only to YAML), bidirectional overrides, lone surrogates,
# noncharacters, and a byte order mark inside the text, which the two parsers read differently.
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(1, 17))
    + "]|(?<=[\r\n])\ufeff"
)
_TAB_FIRST = re.compile(r"^ *(\t)[ \t]*[^ \t\r\n]", re.MULTILINE)


def read(path: Path) -> Source:
    """Read a YAML file of at most 1 MiB, in UTF-8 with or without a byte order mark."""
    try:
        return parse(path, read_bytes(path))
    except OSError as error:
        source = Source(Path(os.path.abspath(path)))  # without .., and links unresolved
        help = COPY_IT if error.errno == errno.ELOOP else OPEN_IT
        source.report("PL001", Hint(0, 0, f"the file can't be read: {error.strerror}", help))
        return source


OPEN_IT = "check that you can open it yourself"
COPY_IT = "put a copy of the file in its place"


def read_bytes(path: Path) -> bytes:
    """Return at most ``MOST_BYTES`` + 1 bytes of a file; the extra byte shows that it is too large.

    Raises:
        OSError: the file can't be read.
    """
    with open_ordinary(path) as file:
        return file.read(MOST_BYTES + 1)


def parse(path: Path, data: bytes) -> Source:
    """Parse the bytes of a YAML file; ``path`` is its name, and is not opened."""
    source = Source(Path(os.path.abspath(path)))  # without .., and links unresolved
    if len(data) > MOST_BYTES:
        message = "the file is over 1 MiB, more than any assessment or criteria set needs"
        source.report("PL003", Hint(0, 0, message, "check that this is the file you meant"))
        return source
    hints = [more for signature, *more in text_hints.SIGNATURES if data.startswith(signature)]
    if data.count(0) > len(data) // 4:
        hints.append(["the file is saved as UTF-16, or is not text", text_hints.SAVE_AS_UTF_8])
    if hints:
        source.report("PL002", Hint(0, 0, *hints[0]))
        return source
    try:
        source.text = data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        source.text = error.object.decode(errors="replace")
        offset = len(error.object[: error.start].decode())
        message = "the file is not UTF-8 from here on"
        source.report("PL002", Hint(offset, offset + 1, message, text_hints.SAVE_AS_UTF_8))
        return source
    if data.translate(None, _ORDINARY):
        refused = _REFUSED.finditer(source.text)
        for match in islice(refused, MOST_LISTED + 1):
            source.report("PL004", text_hints.refused_character(*match.span(), match[0]))
        if more := sum(1 for _ in refused):
            source.findings[-1] = replace(source.findings[-1], times=1 + more)
    if "\t" in source.text:
        for match in _TAB_FIRST.finditer(source.text):
            help = "put spaces in place of the tab: YAML accepts no other indentation"
            source.report("PL005", Hint(*match.span(1), "a tab indents this line", help))
    if not source.findings:
        _Reader(source).read()
    return source


@dataclass
class _OpenNode:
    """A mapping or list that is being read, and the key (with its span) that waits for a value."""

    path: KeyPath
    data: Any
    key: tuple[str, int, int] | None = None
    is_repeated: bool = False
    """True once the mapping's first key is repeated: the name of the next part seems missing."""


class _Reader:
    """Goes through the parser's events once, without recursion (see ``_DEEPEST``)."""

    def __init__(self, source: Source) -> None:
        self.source = source
        # Equal lengths keep the offsets right. Editors break no lines at U+2028 and U+2029.
        self.text = source.text.replace("\t", " ").replace("\u2028", " ").replace("\u2029", " ")
        self.open: list[_OpenNode] = []  # outermost first
        self.documents = self.values = 0
        self.scalar = Scalar(0, 0, "")  # the last one

    def read(self) -> None:
        try:
            for event in yaml.parse(self.text, Loader=_PARSER):
                if not self.handle(event):
                    return
        except yaml.MarkedYAMLError as error:
            stopped = error.problem_mark.index if error.problem_mark else len(self.text)
            began = error.context_mark.index if error.context_mark else stopped
            refused = [f for f in self.source.findings if f.code in ("PL008", "PL011")][-1:]
            if refused and self.text.count("\n", self.scalar.end, stopped) <= 1:
                # The text after the refused part broke the YAML, so the refusal is the cause.
                self.source.findings[:] = refused
                return
            self.source.findings.clear()  # they mean little now
            from prevent_letter.assessment.yaml_hints import explain_syntax_error  # seldom needed

            hint = explain_syntax_error(self.text, stopped, began, self.scalar)
            self.source.report("PL006", hint)
            return
        if self.source.data is None and not self.source.findings:
            help = "check that this is the file you meant, and that it was saved"
            self.source.report("PL012", Hint(0, 0, "the file is empty", help))

    def handle(self, event: Any) -> bool:
        """Handle one parser event. Return False to stop reading."""
        start, end = event.start_mark.index, event.end_mark.index
        match event:  # the most frequent kind first
            case yaml.ScalarEvent():
                self.values += 1
                if self.values > _MOST_VALUES:
                    message = f"the file has over {_MOST_VALUES:,} values"
                    message += ", more than any assessment or criteria set needs"
                    help = "check that this is the file you meant"
                    self.source.report("PL015", Hint(start, end, message, help))
                    return False
                if len(event.value) > _LONGEST_TEXT:
                    message = f"this text has {len(event.value):,} characters"
                    message += f"; no letter has one of over {_LONGEST_TEXT:,}"
                    help = "write it shorter, or check that this is the file you meant"
                    self.source.report("PL016", Hint(start, end, message, help))
                    return False
                self.refuse_tag(event, start, end)
                self.read_scalar(event.value, Scalar(start, end, event.style or ""))
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    message = "a second document begins here; a file has only one"
                    help = "delete the line ---, or put what follows into a file of its own"
                    self.source.report("PL010", Hint(start, end, message, help))
                    return False
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.open.pop()
            case yaml.AliasEvent():
                self.source.report("PL008", text_hints.leading_sign_means_more(start, end, "*"))
                self.add_value(None, start, end)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self.refuse_tag(event, start, end)
                if len(self.open) == _DEEPEST:
                    message = f"lists and keys are nested more than {_DEEPEST} deep here"
                    help = "if it is text with brackets: " + text_hints.WRITE_BAR
                    self.source.report("PL009", Hint(start, end, message, help))
                    return False
                data: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
                self.open.append(_OpenNode(self.add_value(data, start, end), data))
        return True

    def refuse_tag(self, event: Any, start: int, end: int) -> None:
        """Report an anchor or a tag; the writer often just meant text that begins with & or !."""
        if event.anchor is not None:
            self.source.report("PL008", text_hints.leading_sign_means_more(start, end, "&"))
        elif event.tag is not None:
            self.source.report("PL008", text_hints.leading_sign_means_more(start, end, "!"))

    def read_scalar(self, text: str, scalar: Scalar) -> None:
        self.scalar = scalar
        start, end, style = scalar
        parent = self.open[-1] if self.open else None
        key = parent.key if parent else None
        if hint := text_hints.comment_that_cuts(self.text, scalar, text, key[1] if key else None):
            self.source.report("PL011", hint)
        if style == '"' and (refused := _REFUSED.search(text)):  # by an escape such as "\x07"
            self.source.report("PL004", text_hints.refused_character(start, end, refused[0]))
        if parent and isinstance(parent.data, dict) and key is None:
            parent.key = (text, start, end)
        else:
            is_null = not style and text in _NULLS
            self.add_value(None if is_null else text, start, end, style)

    def add_value(self, value: Any, start: int, end: int, style: str = "") -> KeyPath:
        """Put a value into the data, record its place, and return its path."""
        parent = self.open[-1] if self.open else None
        path: KeyPath = ()
        key_start, key_end = start, end
        if parent is None:
            self.source.data = value
        elif isinstance(parent.data, list):
            path = (*parent.path, len(parent.data))
            parent.data.append(value)
        elif parent.key is None:  # a key that is not text
            message = "there is a list or a mapping where a key belongs"
            help = f"if it is text: {text_hints.WRITE_BAR}"
            self.source.report("PL013", Hint(start, end, message, help))
            parent.key = ("?", start, end)
            return (*parent.path, "?")
        else:
            (key, key_start, key_end), parent.key = parent.key, None
            path = (*parent.path, key)
            if self.source.spots.get(path):
                if not parent.is_repeated:
                    first_line, keys = self.source.place(path, key=True).line, [*parent.data]
                    is_part = len(parent.path) > 1 and len(keys) > 1 and keys[0] == key
                    parent.is_repeated, part = is_part, None
                    if is_part:
                        part = str(parent.path[-1])
                        line = self.source.place_at(key_start, key_end).line
                        self.source.unnamed[line] = parent.path
                    hint = text_hints.repeated_key(key_start, key_end, key, first_line, part)
                    self.source.report("PL007", hint)
                path = (*path, key_start)  # so that the values below it are not reported as well
            parent.data[key] = value
        self.source.spots[path] = Spot(key_start, key_end, start, end, style)
        return path
