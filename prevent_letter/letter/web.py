"""The letter as one HTML file that needs nothing else: no script, nothing fetched, its look in a letter.css.

The header and the footer become margin boxes of the printed page (CSS Paged Media Module Level 3, section 5) and leave
the document. The elements that a web page has a place for are listed here; the classes are those that letter.css names.
"""

import copy
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from prevent_letter.ground.findings import Stop, shown
from prevent_letter.ground.prose import one_line
from prevent_letter.ground.web import css_string, policy
from prevent_letter.letter import document
from prevent_letter.letter.formats import Identity
from prevent_letter.letter.seal import is_intact, seal

LOOK = "letter.css"
_COMMENT = b"<!-- ", b" -->"

ELEMENTS = frozenset(
    "html head title meta body main nav section h1 h2 h3 p ul ol li table colgroup col thead tbody tr th td aside "
    "a br em span strong sup header footer".split()
)
"""The elements that a web page has a place for."""


class Look(NamedTuple):
    """The style sheet of the page, and where it stands."""

    path: Path
    css: str


def look(path: Path) -> Look:
    """Read the look from a style sheet, in UTF-8.

    Raises:
        Stop: it can't be read, or would end the style element that it goes into.
    """
    try:
        if path.stat().st_size > 1 << 20:
            raise Stop(f"{shown(path)}: this is too large for a style sheet")
        css = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(f"{shown(path)}: this can't be read as a style sheet in UTF-8") from error
    if "</" in css:
        raise Stop(f"{shown(path)}: a style sheet can't hold </")
    return Look(path, css)


def write(xhtml: str, look: Look) -> bytes:
    """The letter as the bytes of an HTML file, in UTF-8.

    Raises:
        Stop: as ``page``.
    """
    root = page(xhtml, look)
    head, css = root.find("head"), root.findtext("head/style", "")
    assert head is not None
    head.insert(
        1, Element("meta", {"http-equiv": "Content-Security-Policy", "content": policy(css)})
    )
    return seal(f"<!DOCTYPE html>\n{as_html(root)}\n".encode(), *_COMMENT)


def as_html(element: Element) -> str:
    """An element of a page as HTML."""
    return ElementTree.tostring(element, "unicode", method="html")


def page(xhtml: str, look: Look) -> Element:
    """The letter as the tree of a web page, whose head ends with the one style element.

    Raises:
        Stop: the letter has an element that a web page has no place for, or a class that the style sheet doesn't name.
    """
    root = copy.deepcopy(document.tree(xhtml))
    if strange := next(
        (element.tag for element in root.iter() if element.tag not in ELEMENTS), None
    ):
        raise Stop(f"the letter's template has <{strange}>, and the web page has no place for it")
    head, body = root.find("head"), root.find("body")
    assert head is not None
    assert body is not None
    boxes = [
        (each, _lines(each))
        for each in (body.find("header"), body.find("footer"))
        if each is not None
    ]
    for each, _ in boxes:
        body.remove(each)
    for element in root.iter():
        if (name := element.get("class")) and not re.search(
            rf"\.{re.escape(name)}(?![\w-])", look.css
        ):
            raise Stop(f"{shown(look.path)}: there is no rule for .{name}, and the letter needs it")
    for nav in root.iter("nav"):
        nav.append(_contents(root))
    style = Element("style")
    style.text = look.css + "".join(_margin_box(each.tag, lines) for each, lines in boxes)
    head.insert(
        1, Element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    )
    head.append(style)
    return root


def _contents(root: Element) -> Element:
    """A list of links to the sections, and within it of those to the benchmarks in them."""
    contents, [main] = Element("ul"), root.iter("main")
    benchmarks = set(main.findall("h3"))  # not the appendix's, which names them once more
    section: Element | None = None
    for heading in main.iter():
        if heading.tag == "h2" and heading.get("id"):
            section = _link(contents, heading)
        elif heading in benchmarks and heading.get("id") and section is not None:
            inner = section.find("ul")
            _link(SubElement(section, "ul") if inner is None else inner, heading)
    return contents


def _link(list: Element, heading: Element) -> Element:
    """Add an item with a link to a heading to a list, and give the item."""
    item = SubElement(list, "li")
    link = SubElement(item, "a", {"class": "screen", "href": f"#{heading.get('id')}"})
    link.text = one_line("".join(heading.itertext())).strip(" ")
    return item


def _lines(part: Element) -> list[str]:
    """The lines of a header or footer as values of CSS ``content``: strings and counters."""
    lines = [""]
    for number, paragraph in enumerate(part):
        lines += [""] * bool(number)
        for piece in _pieces(paragraph):
            if piece is None:
                lines.append("")
            else:
                lines[-1] += f" {piece}"
    return [line.strip() for line in lines]


def _pieces(element: Element) -> Iterator[str | None]:
    """The text of an element in pieces of CSS; None for a line break."""
    yield css_string(element.text)
    for child in element:
        if child.tag == "br":
            yield None
        elif child.get("class") in ("page", "pages"):
            yield f"counter({child.get('class')})"
        else:
            yield from _pieces(child)
        yield css_string(child.tail)


def _margin_box(name: str, lines: list[str]) -> str:
    """The rule that prints a header (from page 2) or a footer (on each page) in the margin of the page."""
    where, align = ("@top-left", "bottom") if name == "header" else ("@bottom-left", "top")
    content = ' "\\A" '.join(lines)
    first = "@page :first { @top-left { content: none; } }\n" if name == "header" else ""
    return f"@page {{ {where} {{ content: {content}; vertical-align: {align}; }} }}\n{first}"


def identity(data: bytes) -> Identity | None:
    """What the bytes of an HTML file tell about themselves: in its metas."""
    found = [
        re.search(rb'<meta name="%s" content="([^"]*)">' % name, data)
        for name in (b"identifier", b"digest")
    ]
    metas = [unescape(each[1].decode("utf-8", "replace")) for each in found if each]
    if len(metas) != 2 or not re.fullmatch("[0-9a-f]{64}", metas[1]):
        return None
    return Identity(metas[0], metas[1], is_intact(_unix(data), *_COMMENT))


def same(one: bytes, other: bytes) -> bool:
    """Whether two files are the same letter, whose line ends git may have changed."""
    return _unix(one) == _unix(other)


def _unix(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def readable(data: bytes) -> bool:
    """Whether the bytes are a web page, in UTF-8."""
    try:
        return re.search("<html|<!doctype html", data.decode("utf-8")[:1000], re.I) is not None
    except UnicodeDecodeError:
        return False
