"""Advisors' prose: a subset of CommonMark (https://spec.commonmark.org/0.31.2/).

Paragraphs, bulleted and numbered lists (nested too), emphasis, and links to http, https and mailto.
All else is literal text: headings, code, images, tables, raw HTML, backslash escapes, entities,
links with titles, ``*`` inside a word, ``1)``, a number that is neither 1 nor the next of its list,
and a list mark with nothing after it. Unlike in CommonMark, a list may be indented by any number of
spaces, because advisors do not write indented code.

``parse`` returns the blocks of a passage, which the letter, the digest and the rules all use.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup, escape

from prevent_letter.core.names import strip_invisible

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_DEEPEST = 9
"""The deepest level of nested lists, as in Word; a deeper list mark is text."""
_MOST_SIGNS = 300
"""A block with more ``*``, ``_`` and ``[`` than this stays text: parsing time is quadratic."""
_MOST_BRACKETS = 20
"""A block with more ``[`` than this has no links, as each takes the time of many other signs."""


class ProseBlock(NamedTuple):
    """A paragraph, or the first paragraph of a list item.

    ``depth`` is the number of nested lists that the block is in. ``mark`` is a list item's mark
    as written: ``-``, ``2.``, or all marks if nested items begin on one line, such as ``- 1.``.
    ``text`` is the block's lines without the mark, each stripped, joined by newlines. ``start`` and
    ``end`` are the block's offsets in the passage, with the mark. ``indent`` is the number of
    columns before the block. ``apart`` is True if a blank line or nothing comes before it.
    """

    depth: int
    mark: str
    text: str
    start: int
    end: int
    indent: int
    apart: bool

    @property
    def line(self) -> str:
        """The block on one line, with its mark."""
        return one_line(f"{self.mark} {self.text}" if self.mark else self.text)


class Prose(NamedTuple):
    """A passage as XHTML: its first paragraph's content (empty if a list is first) and the rest."""

    first: Markup
    rest: Markup


@lru_cache(512)
def parse(passage: str) -> tuple[ProseBlock, ...]:
    """Return the blocks of a passage in order, whatever its line endings."""
    if not _NEARLY_ITEM.search(passage) or not _ANY_ITEM.search(passage):
        paragraphs = []
        for match in _PARAGRAPH.finditer(passage):
            lines = (line.strip(" \t") for line in _LINE_END.split(match[0]))
            text, start = "\n".join(lines).expandtabs(1), match.end(1)
            end, indent = match.start() + len(match[0].rstrip(" \t")), len(match[1])
            paragraphs.append(ProseBlock(0, "", text, start, end, indent, True))
        return tuple(paragraphs)
    parser = _ListParser()
    end = 0
    for line in _LINE.finditer(passage):
        apart = passage[end : line.start()] not in ("\n", "\r\n", "\r")
        parser.add_line(line[0].expandtabs(1), line.start(), apart=apart)
        end = line.end()
    blocks = parser.blocks
    return tuple(b._replace(text="\n".join(lines), end=end) for b, lines, end in blocks)


def render(passage: str, style: str = "") -> Prose:
    """Return a passage as XHTML; paragraphs outside lists get ``style`` as their class."""
    nodes = _tree(parse(strip_invisible(passage)))
    opening = f'<p class="{escape(style)}">' if style else "<p>"
    if nodes and isinstance(nodes[0], ProseBlock):
        return Prose(_inline(nodes[0].text), _xhtml(nodes[1:], opening))
    return Prose(Markup(""), _xhtml(nodes, opening))


def collapse(passage: str) -> str:
    """Collapse the white space in each paragraph and item, so that wrapping makes no difference.

    If a passage may contain markup, its indentation is kept, and a no-break space at the end of a
    block's first line is removed. Never change the result: digests of sent letters depend on it.
    """
    may_be_item = _NEARLY_ITEM.search(passage) and _NEARLY_MARKED.search(passage)
    if not may_be_item and not _MARKED_UP.search(passage):
        return "\n\n".join(one_line(block.text) for block in parse(passage))
    lines: list[str] = []
    for block in parse(passage):
        first, end, more = block.text.partition("\n")
        line = " " * block.indent + block._replace(text=first.rstrip() + end + more).line
        lines.append(f"\n{line}" if block.apart and lines else line)
    return "\n".join(lines)


def canonical(passage: str) -> str:
    """Return what a reader of the letter sees of a passage, a block on each line.

    Wrapping makes no difference, nor which sign makes a bullet or emphasis.
    """
    lines = []
    numbers: list[int] = []  # of the open items, by depth; 0 for a bullet
    for block in parse(strip_invisible(passage)):
        mark = "-" if block.mark else ""
        if block.mark[-1:] == ".":
            elder = numbers[block.depth - 1] if len(numbers) >= block.depth else 0
            mark = f"{elder + 1 if elder else int(block.mark.split()[-1][:-1])}."
        numbers = numbers[: block.depth - 1 if mark else block.depth]
        numbers += [0] * (block.depth - len(numbers))
        if mark:
            numbers[-1] = int(mark[:-1]) if mark != "-" else 0
        lines.append(f"{block.depth}{mark} {_marked_words(block.text)}")
    return unicodedata.normalize("NFC", "\n".join(lines))


def _marked_words(text: str) -> str:
    """Return the words of a block on one line, each with the tags of its emphasis and link."""
    if not _MARKED_UP.search(text):
        return one_line(text)
    open_tags: list[str] = []
    words = ""
    for part in re.split("(<[^>]*>)", one_line(_inline(text))):
        if part.startswith("</"):
            open_tags.pop()
        elif part.startswith("<"):
            open_tags.append(part)
        else:
            tags = "".join(sorted(open_tags))
            words += " ".join(tags + word if word else "" for word in part.split(" "))
    return words.strip()


def one_line(text: str) -> str:
    """Return text with each run of white space (in XHTML: space, tab, line ends) as one space."""
    text = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    while "  " in text:  # faster than a regular expression, as most text has none
        text = text.replace("  ", " ")
    return text


_SENTENCE_END = re.compile(r"[.!?] +(?=[A-Z\"'(])")


def sentences(line: str) -> Iterator[tuple[str, int]]:
    """Yield the sentences of a text on one line, each with its offset."""
    start = 0
    for end in _SENTENCE_END.finditer(line):
        yield line[start : end.start() + 1], start
        start = end.end()
    yield line[start:], start


# Blocks.

_NEARLY_ITEM = re.compile(r"[-+*0-9][ \t.]")  # a fast first test, as most passages have no list
_ANY_ITEM = re.compile(r"(?:^|[\r\n])[ \t]*(?:[-+*]|[0-9]{1,9}\.)[ \t]")
_PARAGRAPH = re.compile(
    r"(?<![^\r\n])([ \t]*)[^ \t\r\n][^\r\n]*(?:(?:\r\n|\r|\n)[ \t]*[^ \t\r\n][^\r\n]*)*"
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\r\n]*[^ \t\r\n][^\r\n]*")
_ITEM = re.compile(r"( *)([-+*]|([0-9]{1,9})\.)( +)(?=[^ ])")
_MARK_ALONE = re.compile(r" *(?:(?:[-+*]|[0-9]{1,9}\.) +)*(?:[-+*]|[0-9]{1,9}[.)]) *")
_MARKED_UP = re.compile(r"[*_[]")
_NEARLY_MARKED = re.compile(r"(?:^|[\r\n])[ \t]*(?:[-+]|[0-9]+\.)[ \t]")


class _OpenItem(NamedTuple):
    """An item that may still go on: the columns of its mark and text, its number (0: bullet)."""

    mark_column: int
    text_column: int
    number: int


@dataclass
class _ListParser:
    """Parses the lists of a passage line by line."""

    blocks: list[tuple[ProseBlock, list[str], int]] = field(default_factory=list)
    """Each block, with its lines and its end."""
    open: list[_OpenItem] = field(default_factory=list)
    """The items that are open, outermost first."""
    ended: list[int] = field(default_factory=list)
    """By depth, a list's last number (0 if none): the list may go on after a paragraph."""

    def add_line(self, line: str, start: int, *, apart: bool) -> None:
        """Read the next line that is not blank; ``apart`` is True if a blank line precedes it."""
        indent, end = len(line) - len(line.lstrip(" ")), start + len(line.rstrip(" "))
        apart = apart or not self.blocks
        marks = 0 if _MARK_ALONE.fullmatch(line) else self.open_items(line, apart=apart)
        if not marks and not apart:
            block, lines, _ = self.blocks[-1]
            lines.append(line.strip(" "))
            self.blocks[-1] = block, lines, end
            return
        if not marks:
            self.open = [item for item in self.open if item.text_column <= indent]
            del self.ended[len(self.open) + 1 :]
        mark = " ".join(line[:marks].split())
        block = ProseBlock(len(self.open), mark, "", start + indent, 0, indent, apart)
        self.blocks.append((block, [line[marks:].strip(" ")], end))

    def open_items(self, line: str, *, apart: bool) -> int:
        """Open the items whose marks begin a line, and return the length of these marks."""
        offset = 0
        while match := _ITEM.match(line, offset):
            column, gap = offset + len(match[1]), len(match[4])
            outer = [item for item in self.open if item.text_column <= column]
            depth, edge = len(outer), outer[-1].text_column if outer else 0
            elder = self.open[depth] if len(self.open) > depth else _OpenItem(column, 0, 0)
            ended = self.ended[depth] if len(self.ended) > depth else 0
            number, expected = int(match[3] or 0), (elder.number or ended) + 1
            is_next = number == expected and (elder.number or apart or offset)
            # In CommonMark a mark indented this far, but left of the elder's text, continues it.
            is_astray = elder.mark_column - edge < 4 <= column - edge
            if not (not match[3] or number == 1 or is_next) or is_astray or depth >= _DEEPEST:
                break
            if match[3]:
                number = expected if elder.number else number
                self.ended = [*self.ended[:depth], *[0] * (depth - len(self.ended)), number]
            text_column = match.end(2) + (gap if gap <= 4 else 1)
            self.open = [*outer, _OpenItem(column, text_column, number)]
            offset = match.end()
        return offset


# XHTML.


@dataclass
class _ListNode:
    """A list and its items; loose (CommonMark 5.3) if a blank line is between or within items."""

    mark: str
    loose: bool = False
    items: "list[list[ProseBlock | _ListNode]]" = field(default_factory=list)


def _tree(blocks: tuple[ProseBlock, ...]) -> list[ProseBlock | _ListNode]:
    """Return the blocks of a passage as a tree of paragraphs, lists and their items."""
    root: list[ProseBlock | _ListNode] = []
    open_lists: list[_ListNode] = []  # outermost first
    for block in blocks:
        marks = block.mark.split()
        outer = block.depth - len(marks)
        continues = False
        if len(open_lists) > outer and marks:
            mark = open_lists[outer].mark
            continues = mark == marks[0] or mark[-1] == marks[0][-1] == "."
        if continues:
            outer += 1
            open_lists[outer - 1].items.append([])
        del open_lists[outer:]
        parent = open_lists[-1].items[-1] if open_lists else root
        if open_lists and (continues or parent):  # not the first of its list, or of its item
            open_lists[-1].loose |= block.apart
        for mark in marks[1:] if continues else marks:
            open_lists.append(_ListNode(mark))
            parent.append(open_lists[-1])
            parent = []
            open_lists[-1].items.append(parent)
        parent.append(block)
    return root


def _xhtml(nodes: list[ProseBlock | _ListNode], opening: str) -> Markup:
    """Return paragraphs and lists as XHTML; ``opening`` is a paragraph's start tag, or empty."""
    parts = []
    for node in nodes:
        if isinstance(node, ProseBlock):
            parts.append(f"{opening}{_inline(node.text)}{'</p>' if opening else ''}")
            continue
        tag, number = ("ol", node.mark[:-1]) if node.mark[-1] == "." else ("ul", "1")
        start = f' start="{number}"' if number != "1" else ""
        edge, inner = ("\n", "<p>") if node.loose else ("", "")
        items = [f"<li>{edge}{_xhtml(item, inner)}{edge}</li>" for item in node.items]
        parts.append("\n".join([f"<{tag}{start}>", *items, f"</{tag}>"]))
    return Markup("\n".join(parts))


# Emphasis and links. Characters that must stay text are replaced by noncharacters before parsing
# and put back afterwards. No passage has noncharacters, because the YAML reader refuses them.

_STAND_INS = {text: chr(0xFDD0 + number) for number, text in enumerate("*[]\\&")}
_HIDE = str.maketrans(_STAND_INS)
_RESTORE = str.maketrans({stand_in: text for text, stand_in in _STAND_INS.items()})
_RESTORE_ESCAPED = _RESTORE | {ord(_STAND_INS["&"]): "&amp;"}
_LINK = re.compile(r"(https?://|mailto:)\S", re.IGNORECASE)


def _inline(text: str) -> Markup:
    """Return the text of a block as XHTML, with its emphasis and links."""
    signs = text.count("*") + text.count("_") + text.count("[")
    if not signs or signs > _MOST_SIGNS:
        return escape(text)
    text = re.sub(r"(?<=\w)\*+(?=\w)", lambda match: match[0].translate(_HIDE), text)
    if text.count("[") > _MOST_BRACKETS:
        text = text.replace("[", _STAND_INS["["])
    text = text.replace("![", "!" + _STAND_INS["["])
    text = text.replace("\\", _STAND_INS["\\"]).replace("&", _STAND_INS["&"])
    text = re.sub(r"\](?=\(\s*\))", _STAND_INS["]"], text)
    parser = _inline_parser()
    [inline] = parser.parseInline(text)
    xhtml = parser.renderer.render(_flatten(inline.children or []), parser.options, {})
    return Markup(xhtml.translate(_RESTORE_ESCAPED))


@cache
def _inline_parser() -> "MarkdownIt":
    """Return the inline parser, loaded here because it is slow and most blocks need none."""
    from markdown_it import MarkdownIt
    from markdown_it.helpers import parseLinkDestination, parseLinkLabel

    parser = MarkdownIt("zero", {"xhtmlOut": True, "maxNesting": 200}).enable(["emphasis", "link"])
    # The parser is designed to be changed like this, although its types do not say so.
    parser.validateLink = lambda url: bool(_LINK.match(url))  # type: ignore[method-assign]  # the parser is made to be changed so
    normalize = parser.normalizeLink
    parser.normalizeLink = lambda url: normalize(url.translate(_RESTORE))  # type: ignore[method-assign]  # as above
    no_title = SimpleNamespace(ok=False, pos=0, lines=0, str="")
    helpers: Any = SimpleNamespace(
        parseLinkDestination=parseLinkDestination,
        parseLinkLabel=parseLinkLabel,
        parseLinkTitle=lambda *_: no_title,
    )
    parser.helpers = helpers
    return parser


def _flatten(tokens: "list[Token]") -> "list[Token]":
    """Drop emphasis inside emphasis of its kind (at any depth); show empty links' addresses."""
    flat: list[Token] = []
    depth = {"em": 0, "strong": 0}
    for token in tokens:
        if token.tag in depth:
            is_outermost = depth[token.tag] == (0 if token.nesting == 1 else 1)
            depth[token.tag] += token.nesting
            if not is_outermost:
                continue
        if token.type == "link_close" and flat[-1].type == "link_open":
            flat.append(type(token)("text", "", 0, content=str(flat[-1].attrs["href"])))
        flat.append(token)
    return flat
