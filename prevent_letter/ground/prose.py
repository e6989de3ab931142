"""Advisors' prose: CommonMark (https://spec.commonmark.org/0.31.2/), cut down, read once.

Paragraphs, bulleted and numbered lists (nested too), emphasis and links to http, https and mailto. All else is the
literal characters: headings, code, images, tables, raw HTML, backslash escapes, entities, links with titles, ``*``
inside a word, ``1)``, a number that is neither 1 nor the next of its list, and a list mark with nothing after it. Other
than in CommonMark a list may stand as far in as its writer likes: nobody means code.

``read`` gives the blocks of a passage; the letter, the digest and the rules all go by these.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup, escape

from prevent_letter.ground.names import seen

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


class Block(NamedTuple):
    """A paragraph, or the first paragraph of a list's item.

    ``kind`` is paragraph or item, ``depth`` in how many lists it stands, its own included; ``mark`` an item's mark as
    it is written (``-``, ``2.``; of nested items that begin on one line all: ``- 1.``); ``text`` its lines without the
    mark, joined by newlines, without white space round each. ``start`` and ``end`` are its span in the passage, from
    its mark on; ``indent`` the columns before it; ``apart``: a blank line stands before it, or nothing at all.
    """

    kind: str
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
    """A passage as XHTML: the content of its first paragraph (empty, where it begins with a list) and all the rest."""

    first: Markup
    rest: Markup


@lru_cache(512)
def read(passage: str) -> tuple[Block, ...]:
    """The blocks of a passage, in order; lines may end as on any system."""
    if not _NEARLY_ITEM.search(passage) or not _ANY_ITEM.search(
        passage
    ):  # most have none, and need no reader
        return tuple(_paragraph(found) for found in _PARAGRAPH.finditer(passage))
    reader = _Reader()
    behind = 0
    for line in _LINE.finditer(passage):
        reader.take(
            line[0].expandtabs(1),
            line.start(),
            apart=passage[behind : line.start()] not in _ONE_END,
        )
        behind = line.end()
    return tuple(
        block._replace(text="\n".join(lines), end=end) for block, lines, end in reader.blocks
    )


def render(passage: str, style: str = "") -> Prose:
    """A passage as XHTML, without what nobody sees; paragraphs outside lists get ``style`` as their class."""
    nodes = _tree(read(seen(passage)))
    opening = f'<p class="{escape(style)}">' if style else "<p>"
    if nodes and isinstance(nodes[0], Block):
        return Prose(_inline(nodes[0].text), _xhtml(nodes[1:], opening))
    return Prose(Markup(""), _xhtml(nodes, opening))


def collapsed(passage: str) -> str:
    """A passage with the white space collapsed inside each paragraph and item: wrapped anew, it stays the same.

    Where something in a passage could be a mark, its indentation counts, and a no-break space that ends the first line
    of a block doesn't: the digests of letters that were sent are made so.
    """
    if not _INLINE.search(passage) and not (
        _NEARLY_ITEM.search(passage) and _MARKED.search(passage)
    ):
        return "\n\n".join([one_line(block.text) for block in read(passage)])
    joined: list[str] = []
    for block in read(passage):
        first, end, more = block.text.partition("\n")
        line = block._replace(text=first.rstrip() + end + more).line
        joined.append("\n" * (block.apart and bool(joined)) + " " * block.indent + line)
    return "\n".join(joined)


def one_line(text: str) -> str:
    """The text with its white space (space, tab, line ends, as in XHTML) as single spaces."""
    text = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    while "  " in text:  # quicker than a regular expression: most text has none
        text = text.replace("  ", " ")
    return text


_SENTENCE_END = re.compile(r"[.!?] +(?=[A-Z\"'(])")


def sentences(line: str) -> Iterator[tuple[str, int]]:
    """The sentences of a text on one line, and where each begins."""
    start = 0
    for end in _SENTENCE_END.finditer(line):
        yield line[start : end.start() + 1], start
        start = end.end()
    yield line[start:], start


# Blocks.

_ANY_ITEM = re.compile(r"(?:^|[\r\n])[ \t]*(?:[-+*]|[0-9]{1,9}\.)[ \t]")
_NEARLY_ITEM = re.compile(r"[-+*0-9][ \t.]")  # which is quick to look for
_PARAGRAPH = re.compile(r"([ \t]*)[^ \t\r\n][^\r\n]*(?:(?:\r\n|\r|\n)[ \t]*[^ \t\r\n][^\r\n]*)*")
_LINE = re.compile(r"[^\r\n]*[^ \t\r\n][^\r\n]*")
_ONE_END = ("\n", "\r\n", "\r")
_ITEM = re.compile(r"( *)([-+*]|([0-9]{1,9})\.)( +)(?=[^ ])")
_LONE = re.compile(r" *(?:(?:[-+*]|[0-9]{1,9}\.) +)*(?:[-+*]|[0-9]{1,9}[.)]) *")
_DEEPEST = 9
"""Lists nest this deep at the most, as in Word; a deeper mark is text."""


def _paragraph(found: re.Match[str]) -> Block:
    """A paragraph of a passage without lists; nothing but spaces and tabs stands before it on its line."""
    text = "\n".join(line.strip(" \t") for line in re.split(r"\r\n|\r|\n", found[0])).expandtabs(1)
    end = found.start() + len(found[0].rstrip(" \t"))
    return Block("paragraph", 0, "", text, found.end(1), end, len(found[1]), True)


_INLINE = re.compile(r"[*_[]")
_MARKED = re.compile(r"(?:^|[\r\n])[ \t]*(?:[-+]|[0-9]+\.)[ \t]")


class _Item(NamedTuple):
    """An item whose list is open: the columns of its mark and of its text, and its number (0: a bullet)."""

    begin: int
    column: int
    number: int


class _Reader:
    """Follows the lists of a passage line by line."""

    def __init__(self) -> None:
        self.blocks: list[tuple[Block, list[str], int]] = []  # with their lines, and their ends
        self.open: list[_Item] = []  # outermost first
        self.ended: dict[
            int, int
        ] = {}  # by depth, the last number of a list that a paragraph ended

    def take(self, line: str, start: int, *, apart: bool) -> None:
        """The next line that isn't blank, and whether a blank one stands before it."""
        indent, end = len(line) - len(line.lstrip(" ")), start + len(line.rstrip(" "))
        apart = apart or not self.blocks
        marks = 0 if _LONE.fullmatch(line) else self.marks(line, apart)
        if not marks and not apart:
            block, lines, _ = self.blocks[-1]
            lines.append(line.strip(" "))
            self.blocks[-1] = block, lines, end
            return
        if not marks:
            self.open = [item for item in self.open if item.column <= indent]
            self.forget(len(self.open) + 1)
        kind, mark = ("item", " ".join(line[:marks].split())) if marks else ("paragraph", "")
        block = Block(kind, len(self.open), mark, "", start + indent, 0, indent, apart)
        self.blocks.append((block, [line[marks:].strip(" ")], end))

    def marks(self, line: str, apart: bool) -> int:
        """Open the items whose marks begin a line; gives how far these marks go."""
        at = 0
        while found := _ITEM.match(line, at):
            column, gap = at + len(found[1]), len(found[4])
            outer = [item for item in self.open if item.column <= column]
            depth, edge = len(outer), outer[-1].column if outer else 0
            elder = self.open[depth] if len(self.open) > depth else _Item(column, 0, 0)
            number, follows = int(found[3] or 0), (elder.number or self.ended.get(depth, 0)) + 1
            fits = (
                not found[3] or number == 1 or (number == follows and (elder.number or apart or at))
            )
            # as CommonMark has it, a mark this far in, but not under its elder's text, is that text's next line
            astray = elder.begin - edge < 4 <= column - edge
            if not fits or astray or depth >= _DEEPEST:
                break
            if found[3]:
                number = follows if elder.number else number
                self.forget(depth + 1)
                self.ended[depth] = number
            self.open = [*outer, _Item(column, found.end(2) + (gap if gap <= 4 else 1), number)]
            at = found.end()
        return at

    def forget(self, depth: int) -> None:
        """Forget the ended lists from a depth on."""
        self.ended = {each: last for each, last in self.ended.items() if each < depth}


# XHTML.


class _List:
    """A list with its items; loose (5.3 of CommonMark) where blank lines stand between or in them."""

    def __init__(self, mark: str) -> None:
        self.mark, self.loose = mark, False
        self.items: list[list[Block | _List]] = []

    def takes(self, mark: str) -> bool:
        """Whether an item with a mark goes on with this list."""
        return self.mark == mark or (self.mark[-1] == mark[-1] == ".")


def _tree(blocks: tuple[Block, ...]) -> list[Block | _List]:
    """The blocks of a passage with the items in their lists."""
    root: list[Block | _List] = []
    open: list[_List] = []  # outermost first
    for block in blocks:
        marks = block.mark.split()
        outer = block.depth - len(marks)
        if goes_on := bool(marks) and len(open) > outer and open[outer].takes(marks[0]):
            outer += 1
            open[outer - 1].items.append([])
        del open[outer:]
        holder = open[-1].items[-1] if open else root
        if open and (goes_on or holder):  # it isn't its list's, or its item's, first
            open[-1].loose |= block.apart
        for mark in marks[goes_on:]:
            open.append(_List(mark))
            holder.append(open[-1])
            holder = []
            open[-1].items.append(holder)
        holder.append(block)
    return root


def _xhtml(nodes: list[Block | _List], opening: str) -> Markup:
    """Paragraphs, each with an opening tag unless that is empty, and lists."""
    made = []
    for node in nodes:
        if isinstance(node, Block):
            made.append(f"{opening}{_inline(node.text)}{'</p>' * bool(opening)}")
            continue
        tag, number = ("ol", node.mark[:-1]) if node.mark[-1] == "." else ("ul", "1")
        start = f' start="{number}"' if number != "1" else ""
        edge, inner = ("\n", "<p>") if node.loose else ("", "")
        items = [f"<li>{edge}{_xhtml(item, inner)}{edge}</li>" for item in node.items]
        made.append("\n".join([f"<{tag}{start}>", *items, f"</{tag}>"]))
    return Markup("\n".join(made))


# What stands in a line.

# What shall be text is swapped for noncharacters, which the YAML reader refuses, before the parser sees it.
_TEXT = {text: chr(0xFDD0 + number) for number, text in enumerate("*[]\\&")}
_SWAP = str.maketrans(_TEXT)
_BACK = str.maketrans({swapped: text for text, swapped in _TEXT.items()})
_ESCAPED_BACK = _BACK | {ord(_TEXT["&"]): "&amp;"}
_LINK = re.compile(r"(https?://|mailto:)\S", re.IGNORECASE)


def _inline(text: str) -> Markup:
    """The text of a block, with its emphasis and links."""
    signs = text.count("*") + text.count("_") + text.count("[")
    if not signs or signs > 300:  # the parser's work grows as the square of them
        return escape(text)
    text = re.sub(r"(?<=\w)\*+(?=\w)", lambda found: found[0].translate(_SWAP), text)
    text = text.replace("![", "!" + _TEXT["["]).replace("\\", _TEXT["\\"]).replace("&", _TEXT["&"])
    text = re.sub(r"\](?=\(\s*\))", _TEXT["]"], text)
    parser = _parser()
    [inline] = parser.parseInline(text)
    xhtml = parser.renderer.render(_flat(inline.children or []), parser.options, {})
    return Markup(xhtml.translate(_ESCAPED_BACK))


@cache
def _parser() -> "MarkdownIt":
    """The parser, which takes as long to load as all else in a small letter: most blocks have nothing for it."""
    from markdown_it import MarkdownIt
    from markdown_it.helpers import parseLinkDestination, parseLinkLabel

    parser = MarkdownIt("zero", {"xhtmlOut": True, "maxNesting": 200}).enable(["emphasis", "link"])
    parser.validateLink = lambda url: bool(_LINK.match(url))  # type: ignore[method-assign]
    normalize = parser.normalizeLink
    parser.normalizeLink = lambda url: normalize(url.translate(_BACK))  # type: ignore[method-assign]
    no_title = SimpleNamespace(ok=False, pos=0, lines=0, str="")
    helpers: Any = SimpleNamespace(
        parseLinkDestination=parseLinkDestination,
        parseLinkLabel=parseLinkLabel,
        parseLinkTitle=lambda *_: no_title,
    )
    parser.helpers = helpers
    return parser


def _flat(tokens: "list[Token]") -> "list[Token]":
    """Drop emphasis inside the same emphasis, which could nest without end; show an empty link's address."""
    flat: list[Token] = []
    depth = {"em": 0, "strong": 0}
    for token in tokens:
        if token.tag in depth:
            outermost = depth[token.tag] == (0 if token.nesting == 1 else 1)
            depth[token.tag] += token.nesting
            if not outermost:
                continue
        if token.type == "link_close" and flat[-1].type == "link_open":
            flat.append(type(token)("text", "", 0, content=str(flat[-1].attrs["href"])))
        flat.append(token)
    return flat
