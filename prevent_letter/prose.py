"""Advisors' prose: CommonMark (https://spec.commonmark.org/0.31.2/), cut down, to XHTML.

Paragraphs, bulleted and numbered lists (nested too), emphasis and links to http, https and mailto. All else comes out
as the literal characters: headings, code, images, tables, raw HTML, backslash escapes, entities, links with titles,
``*`` inside a word, ``1)``, a number that is neither 1 nor the next of its list, and a list mark with nothing after it.
"""

import re
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# What shall be text is swapped for noncharacters, which the YAML reader refuses, before the parser sees it.
_TEXT = {text: chr(0xFDD0 + number) for number, text in enumerate("*.)-+[]\\&")}
_SWAP = str.maketrans(_TEXT)
_BACK = str.maketrans({swapped: text for text, swapped in _TEXT.items()})

_MARK = re.compile(r"[*_\[]|^[ \t]*(?:[-+]|[0-9]+\.)[ \t]", re.MULTILINE)
_ITEM = re.compile(r"( *)([-+*]|([0-9]{1,9})\.)( +)(?=[^ ])")
_LONE = re.compile(r" *(?:(?:[-+*]|[0-9]{1,9}\.) +)*(?:[-+*]|[0-9]{1,9}[.)]) *")
_PAREN = re.compile(r"(?<![^ ])([0-9]{1,9})\)")
_LINK = re.compile(r"(https?://|mailto:)\S", re.IGNORECASE)
_DEEPEST = 9
"""Lists nest this deep at the most, as in Word; a deeper mark is text."""


class Prose(NamedTuple):
    """A passage as XHTML: the content of its first paragraph (empty, where it begins with a list) and all the rest."""

    first: Markup
    rest: Markup


def render(text: str, style: str = "") -> Prose:
    """A passage as XHTML; its paragraphs that stand in no list get ``style`` as their class."""
    if not _MARK.search(text):
        first, *rest = _paragraphs(text)
        opening = Markup('<p class="{}">').format(style) if style else Markup("<p>")
        return Prose(escape(first), Markup("\n").join(opening + part + Markup("</p>") for part in rest))
    parser = _parser()
    tokens = parser.parse("\n".join(_as_text(text)))
    for token in tokens:
        if token.type == "paragraph_open" and token.level == 0 and style:
            token.attrSet("class", style)
        if token.children:
            token.children = _flat(token.children)
    if tokens and tokens[0].type == "paragraph_open":
        return Prose(_xhtml(parser, tokens[1:2]), _xhtml(parser, tokens[3:]))
    return Prose(Markup(""), _xhtml(parser, tokens))


def collapsed(text: str) -> str:
    """A passage with the white space collapsed inside each paragraph and item: wrapped anew, it stays the same."""
    joined = (("\n" if fresh and number else "") + block for number, (fresh, block) in enumerate(_blocks(text)))
    return "\n".join(joined)


def blocks(text: str) -> list[str]:
    """The paragraphs and list items of a passage, each on one line, an item with its mark."""
    return [block.strip(" ") for _, block in _blocks(text)]


def _blocks(text: str) -> list[tuple[bool, str]]:
    """Each paragraph and item on one line, with its indentation, and whether a blank line stands before it."""
    if not _MARK.search(text):
        return [(True, re.sub(r" *[\t\n][ \t\n]*|  +", " ", part)) for part in _paragraphs(text)]
    found: list[tuple[bool, str]] = []
    fresh = True
    for line in _as_text(text):
        if not line.strip(" "):
            fresh = True
        elif fresh or _ITEM.match(line):
            found.append((fresh, line.rstrip()))
            fresh = False
        else:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip(' ')}")
    return [(fresh, re.sub(r"(?<=[^ ])  +", " ", line).translate(_BACK)) for fresh, line in found]


def _paragraphs(text: str) -> list[str]:
    return [
        part.strip(" \t\n")
        for part in re.split(r"\n(?:[ \t]*\n)+", text.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n"))
    ]


def _as_text(text: str) -> list[str]:
    """The lines of a passage with all that shall be text swapped for noncharacters."""
    text = re.sub(r"(?<=\w)\*+(?=\w)", lambda found: found[0].translate(_SWAP), text.expandtabs(1))
    text = text.replace("![", "!" + _TEXT["["]).replace("\\", _TEXT["\\"]).replace("&", _TEXT["&"])
    text = re.sub(r"\](?=\(\s*\))", _TEXT["]"], text)
    lines = re.split(r"\r\n|\r|\n", text)
    lists = _Lists()
    for number, line in enumerate(lines):
        if _LONE.fullmatch(line):
            line = line.translate(_SWAP)
        else:
            line = lists.take(_PAREN.sub(lambda found: found[1] + _TEXT[")"], line))
        lines[number] = line
        lists.blank = not line.strip(" ")
    return lines


class _Lists:
    """Follows the lists of a passage line by line, and makes a number text where it is not its list's next."""

    def __init__(self) -> None:
        self.open: list[tuple[int, int]] = []  # the open items: the column of their text, their number (0: a bullet)
        self.ended: dict[int, int] = {}  # by depth, the last number of a list that a paragraph ended
        self.blank = True

    def take(self, line: str) -> str:
        """The next line, its number made text where it is none of a list's."""
        at = 0
        while found := _ITEM.match(line, at):
            column, gap = at + len(found[1]), len(found[4])
            outer = [item for item in self.open if item[0] <= column]
            depth, elder = len(outer), self.open[len(outer)][1] if len(self.open) > len(outer) else 0
            number, follows = int(found[3] or 0), (elder or self.ended.get(depth, 0)) + 1
            fits = not found[3] or number == 1 or (number == follows and (elder or self.blank))
            # CommonMark takes a mark this far in, but not under its elder's text, for that text's next line
            astray = len(self.open) > depth and column - (outer[-1][0] if outer else 0) >= 4
            if not fits or astray or depth >= _DEEPEST:
                line = line[:column] + found[2].translate(_SWAP) + line[found.end(2) :]
                break
            if found[3]:
                number = follows if elder else number
                self._end(depth + 1)
                self.ended[depth] = number
            self.open = [*outer, (found.end(2) + (gap if gap <= 4 else 1), number)]
            at, self.blank = found.end(), True
        if at == 0 and self.blank and line.strip(" "):
            self.open = [item for item in self.open if item[0] <= len(line) - len(line.lstrip(" "))]
            self._end(len(self.open) + 1)
        return line

    def _end(self, depth: int) -> None:
        """Forget the ended lists from a depth on."""
        self.ended = {each: last for each, last in self.ended.items() if each < depth}


@cache
def _parser() -> "MarkdownIt":
    """The parser, which takes as long to load as all else in a small letter: most passages have no mark for it."""
    from markdown_it import MarkdownIt
    from markdown_it.helpers import parseLinkDestination, parseLinkLabel

    parser = MarkdownIt("zero", {"xhtmlOut": True, "maxNesting": 200}).enable(["list", "emphasis", "link"])
    parser.validateLink = lambda url: bool(_LINK.match(url))  # type: ignore[method-assign]
    normalize = parser.normalizeLink
    parser.normalizeLink = lambda url: normalize(url.translate(_BACK))  # type: ignore[method-assign]
    no_title = SimpleNamespace(ok=False, pos=0, lines=0, str="")
    helpers: Any = SimpleNamespace(
        parseLinkDestination=parseLinkDestination, parseLinkLabel=parseLinkLabel, parseLinkTitle=lambda *_: no_title
    )
    parser.helpers = helpers
    return parser


def _xhtml(parser: "MarkdownIt", tokens: "list[Token]") -> Markup:
    return Markup(parser.renderer.render(tokens, parser.options, {}).strip("\n").translate(_ESCAPED_BACK))


_ESCAPED_BACK = _BACK | {ord(_TEXT["&"]): "&amp;"}


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
