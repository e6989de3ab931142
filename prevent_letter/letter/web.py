"""Write the letter as one HTML file with its style sheet inside, no script, and nothing to fetch.

The header and the footer become margin boxes of the printed page (CSS Paged Media Module Level 3,
section 5), and are removed from the body. ``ELEMENTS`` lists the elements that a web page may have.
The classes are those of letter.css.
"""

import copy
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from prevent_letter.core.display import show_path
from prevent_letter.core.findings import UserError
from prevent_letter.core.ordinary import open_ordinary
from prevent_letter.core.prose import one_line
from prevent_letter.core.web import css_string, page_policy
from prevent_letter.letter import document
from prevent_letter.letter.formats import Identity, is_intact, seal

LOOK = "letter.css"
ELEMENTS = frozenset(
    "html head title meta body main nav section h1 h2 h3 p ul ol li table colgroup col thead tbody"
    " tr th td aside a br em span strong sup header footer".split()
)
"""The elements that a web page may have."""
_MOST_BYTES = 1 << 18
"""The largest style sheet, in bytes. letter.css has 6,000."""
_COMMENT = b"<!-- ", b" -->"


class HtmlLook(NamedTuple):
    """The style sheet of the page, and its file."""

    path: Path
    css: str
    classes: frozenset[str]


def read_look(path: Path) -> HtmlLook:
    """Read the look from a style sheet in UTF-8.

    Raises:
        UserError: the file can't be read, or has ``</``, which could end the style element.
    """
    try:
        with open_ordinary(path) as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise UserError(f"{show_path(path)}: this is too large for a style sheet")
        css = data.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        message = "this can't be read as a style sheet in UTF-8"
        raise UserError(f"{show_path(path)}: {message}") from error
    if "</" in css:
        raise UserError(f"{show_path(path)}: a style sheet can't have </")
    without_comments = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    if re.search(r"""@import|url\(\s*+["']?+(?!data:|#)""", without_comments, re.IGNORECASE):
        message = "a style sheet can't fetch anything; write pictures as url(data:...)"
        raise UserError(f"{show_path(path)}: {message}")
    return HtmlLook(path, css, frozenset(re.findall(r"\.([A-Za-z_-][\w-]*)", css)))


def write(xhtml: str, look: HtmlLook) -> bytes:
    """Return the letter as the bytes of an HTML file in UTF-8.

    Raises:
        UserError: see ``page``.
    """
    root = page(xhtml, look)
    [head], css = root.iter("head"), root.findtext("head/style", "")
    policy = {"http-equiv": "Content-Security-Policy", "content": page_policy(css)}
    head.insert(1, Element("meta", policy))
    html = ElementTree.tostring(root, "unicode", method="html")
    return seal(f"<!DOCTYPE html>\n{html}\n".encode(), *_COMMENT)


def page(xhtml: str, look: HtmlLook) -> Element:
    """Return the letter as the tree of a web page, whose head ends with the one style element.

    Raises:
        UserError: the letter has an element that a web page may not have, or a class without a
            rule in the style sheet.
    """
    root = copy.deepcopy(document.tree(xhtml))
    tags = (element.tag for element in root.iter())
    if unknown := next((tag for tag in tags if tag not in ELEMENTS), None):
        message = f"the letter's template has <{unknown}>, which a web page can't have"
        raise UserError(message)
    [head], [body] = root.iter("head"), root.iter("body")
    css = look.css
    for part in (body.find("header"), body.find("footer")):
        if part is not None:
            css += _margin_box(part)
            body.remove(part)
    for element in root.iter():
        name = element.get("class")
        if name and name not in look.classes:
            message = f"there is no rule for .{name}, and the letter needs it"
            raise UserError(f"{show_path(look.path)}: {message}")
    for nav in root.iter("nav"):
        nav.append(_contents(root))
    viewport = {"name": "viewport", "content": "width=device-width, initial-scale=1"}
    head.insert(1, Element("meta", viewport))
    SubElement(head, "style").text = css
    return root


def _contents(root: Element) -> Element:
    """Return a list of links to the sections, with inner lists of links to the benchmarks."""
    contents, [main] = Element("ul"), root.iter("main")
    benchmarks = set(main.findall("h3"))  # without the headings in the appendix
    section: Element | None = None
    for heading in main.iter():
        if heading.tag == "h2" and heading.get("id"):
            section = _add_link(contents, heading)
        elif heading in benchmarks and heading.get("id") and section is not None:
            inner = section.find("ul")
            _add_link(SubElement(section, "ul") if inner is None else inner, heading)
    return contents


def _add_link(parent: Element, heading: Element) -> Element:
    """Add to a list an item that links to a heading, and return the item."""
    item = SubElement(parent, "li")
    link = SubElement(item, "a", {"class": "screen", "href": f"#{heading.get('id')}"})
    text = heading.attrib.pop("data-short", "") or "".join(heading.itertext())
    link.text = one_line(text).strip(" ")
    return item


def _margin_box(part: Element) -> str:
    """Return the rule that prints the header (from page 2) or the footer (on each page).

    A marking is in the middle, as in Word (CSS Paged Media Level 3, 4.2).
    """
    side, align = ("bottom", "top") if part.tag == "footer" else ("top", "bottom")
    markings = [paragraph for paragraph in part if paragraph.get("class") == "marking"]
    rest = [paragraph for paragraph in part if paragraph not in markings]
    boxes = {"left": rest, "center": markings}
    rules = [
        f"@{side}-{box} {{ content: {_css_content(paragraphs)}; vertical-align: {align}; }}"
        for box, paragraphs in boxes.items()
        if paragraphs
    ]
    if markings:  # which else would have no room
        rules.append(f"@{side}-left {{ width: auto; }}")
    rule = f"@page {{ {' '.join(rules)} }}\n"
    if side == "bottom":
        return rule
    none = " ".join(f"@top-{box} {{ content: none; }}" for box in boxes)
    return f"{rule}@page :first {{ {none} }}\n"


def _css_content(paragraphs: list[Element]) -> str:
    """Return paragraphs as the value of a box's content, each on lines of its own."""
    lines = "\n".join(" ".join(_css_pieces(paragraph)) for paragraph in paragraphs).split("\n")
    return ' "\\A" '.join(line.strip() for line in lines)


def _css_pieces(element: Element) -> Iterator[str]:
    """Yield the text of an element as CSS strings and counters, and line breaks as line ends."""
    yield css_string(element.text)
    for child in element:
        if child.tag == "br":
            yield "\n"
        elif child.get("class") in ("page", "pages"):
            yield f"counter({child.get('class')})"
        else:
            yield from _css_pieces(child)
        yield css_string(child.tail)


def identity(data: bytes) -> Identity | None:
    """Return the identity in an HTML file's metas; None if there is none."""
    names = (b"identifier", b"digest")
    metas = [re.search(rb'<meta name="%s" content="([^"]*)">' % name, data) for name in names]
    values = [unescape(meta[1].decode("utf-8", "replace")) for meta in metas if meta]
    if len(values) != 2 or not re.fullmatch("[0-9a-f]{64}", values[1]):
        return None
    is_whole = is_intact(data.replace(b"\r\n", b"\n"), *_COMMENT)
    return Identity(values[0], values[1], is_whole)


def same(one: bytes, other: bytes) -> bool:
    """Return True if two files are the same letter, apart from line ends that git may change."""
    return one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")


def readable(data: bytes) -> bool:
    """Return True if the bytes are a web page in UTF-8."""
    try:
        return re.search("<html|<!doctype html", data.decode("utf-8")[:1000], re.I) is not None
    except UnicodeDecodeError:
        return False
