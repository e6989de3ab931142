"""What the letter's XHTML may hold, checked once, so that each writer can walk it without a thought of its own.

The document is plain, semantic XHTML (elements without a style, footnotes as DPUB-ARIA 1.1 ``doc-noteref`` and
``doc-footnote``):

- ``html lang``; a head with title and the metas author, date, subject, identifier, digest;
- ``body`` (of a draft: ``class="draft" data-mark="DRAFT"``) with ``header`` (from page 2), ``main``, ``footer``;
- a class names a paragraph style of Word; ``class="screen"`` is for the web page alone, and so is an empty ``nav``,
  which becomes its contents; ``span class="page"`` and ``"pages"`` stand for the numbers;
- an id stands on every fixed label and heading and on every line that is a field.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from html import unescape
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_XMLNS = ' xmlns="http://www.w3.org/1999/xhtml"'
METAS = ("author", "date", "subject", "identifier", "digest")
"""The metas that the head has, each once; the date (ISO 8601) is empty in a draft without one."""


@lru_cache(1)
def tree(xhtml: str) -> Element:
    """The document as an element tree, the names without their namespace, for reading alone: all formats share it."""
    xhtml = xhtml.replace(_XMLNS, "", 1)
    before, appendix, after = _parts(xhtml)
    with suppress(ElementTree.ParseError):  # which is told by its place in the whole
        root = ElementTree.fromstring(f"{before}<{_PLACE}/>{after}" if appendix else xhtml)
        main = root.find("body/main")
        for number, child in enumerate(() if main is None or not appendix else main):
            if main is not None and child.tag == _PLACE:
                main[number] = _appendix(appendix)[0]
                return root
    return ElementTree.fromstring(xhtml)


_PLACE = "place-of-the-appendix"


def _parts(xhtml: str) -> tuple[str, str, str]:
    """What stands before the appendix, the appendix, and what stands after it, if it can be read alone."""
    start = xhtml.find('<section role="doc-appendix"')
    end = xhtml.find("</section>", start) + len("</section>")
    appendix, after = xhtml[start:end], xhtml[end:]
    alone = (
        start >= 0
        and appendix.count("<section") == 1
        and "doc-noteref" not in appendix
        and "<!" not in xhtml[16:]
    )
    if alone and _PLACE not in xhtml and after.lstrip().startswith("<"):
        with suppress(ElementTree.ParseError):
            return (xhtml[:start], appendix, after) if _appendix(appendix) else ("", "", "")
    return "", "", ""


@lru_cache(4)
def _appendix(xhtml: str) -> "tuple[Element, tuple[Fault, ...], frozenset[str]]":
    """An appendix, its faults and its ids: half of each letter, and the same in most letters of a run."""
    element, ids = ElementTree.fromstring(xhtml), set[str]()
    return element, tuple(_element_faults(element, ids)), frozenset(ids)


_INLINE = frozenset({"a", "br", "em", "span", "strong", "sup"})
_FLOW = frozenset({"h1", "h2", "h3", "p", "ul", "ol", "table"})
_CONTENT: dict[str, frozenset[str]] = {
    "html": frozenset({"head", "body"}),
    "head": frozenset({"meta", "title"}),
    "body": frozenset({"a", "header", "main", "footer"}),
    "header": frozenset({"p"}),
    "footer": frozenset({"p"}),
    "main": _FLOW | {"aside", "nav", "section"},
    "nav": frozenset(),
    "section": _FLOW,
    "aside": frozenset({"p"}),
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
    "table": frozenset({"colgroup", "thead", "tbody"}),
    "colgroup": frozenset({"col"}),
    "thead": frozenset({"tr"}),
    "tbody": frozenset({"tr"}),
    "tr": frozenset({"th", "td"}),
    "li": _INLINE | {"p", "ul", "ol"},
    **dict.fromkeys(
        ("h1", "h2", "h3", "p", "th", "td", "a", "em", "span", "strong", "sup"), _INLINE
    ),
    **dict.fromkeys(("br", "meta", "col"), frozenset()),
}
_TEXT = frozenset({"title", "h1", "h2", "h3", "p", "li", "th", "td"}) | _INLINE
_ATTRIBUTES = frozenset(
    "charset class content data-mark data-width href id lang name role scope start".split()
)
_DEEPEST = 60
MOST_CHARACTERS = 1 << 22
"""What a letter may have; the standard one has 60,000."""
_NOT_BLANK = re.compile(r"[^ \t\r\n]")


class Fault(NamedTuple):
    """What keeps a document from being a letter, as a sentence; and words that stand where it comes from."""

    text: str
    trace: str = ""


def faults(xhtml: str) -> Iterator[Fault]:
    """What keeps a document from being the letter that the writers expect."""
    if len(xhtml) > MOST_CHARACTERS:
        yield Fault(f"the letter has more than {MOST_CHARACTERS:,} characters")
        return
    try:
        root = tree(xhtml)
    except ElementTree.ParseError as error:
        yield _ill_formed(xhtml, *error.position)
        return
    if root.tag != "html" or not root.get("lang"):
        yield Fault("the outermost element must be html with a lang")
        return
    yield from _depth_faults(root)
    yield from map(Fault, _head_faults(root))
    appendix = _parts(xhtml.replace(_XMLNS, "", 1))[1]
    known, its_faults, ids = _appendix(appendix) if appendix else (None, (), frozenset[str]())
    if known is None or not any(child is known for child in root.iterfind("body/main/section")):
        known, its_faults, ids = None, (), frozenset()
    yield from its_faults
    yield from _element_faults(root, set(ids), known)
    yield from _reference_faults(root)


_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(/?)>")


def _ill_formed(xhtml: str, line: int, column: int) -> Fault:
    """The fault where the parser stopped: an entity, a bare &, an element that isn't closed."""
    lines = xhtml.splitlines(keepends=True)
    at = sum(map(len, lines[: line - 1])) + column
    if entity := re.match(r"&(\w+);", xhtml[at:]):
        character = unescape(entity[0])
        help = (
            f"write the character itself, {character}"
            if character != entity[0]
            else "write &amp; for a plain &"
        )
        return Fault(f"XHTML doesn't know {entity[0]}; {help}", entity[0])
    near = " ".join(xhtml[max(0, at - 40) : at + 40].split())
    if bare := re.search(r"&(?!#?\w+;)[^\s<]*", xhtml[max(0, at - 3) : at + 20]):
        return Fault(f"a plain & is written &amp; in a template: {near}", bare[0])
    open: list[re.Match[str]] = []
    for tag in _TAG.finditer(xhtml):
        if tag[1] and open and open[-1][2] == tag[2]:
            open.pop()
        elif tag[1]:
            break
        elif not tag[4]:
            open.append(tag)
    if open:
        words = " ".join(xhtml[open[-1].start() : open[-1].end() + 40].split("<")[1].split())
        return Fault(
            f"it isn't well-formed XHTML: <{open[-1][2]}> isn't closed, near: <{words}", f"<{words}"
        )
    return Fault(f"it isn't well-formed XHTML near: {near}", near[-30:])


def _depth_faults(root: Element) -> Iterator[Fault]:
    """Elements in elements without end, which would end a writer's process."""
    level = [root]
    for _ in range(_DEEPEST):
        level = [child for element in level for child in element]
    if level:
        yield Fault(f"elements stand in each other more than {_DEEPEST} deep", f"<{level[0].tag}")


def _head_faults(root: Element) -> Iterator[str]:
    if [part.tag for part in root] != ["head", "body"] or len(root.findall("body/main")) != 1:
        yield "html must hold a head and a body with one main"
        return
    if not (root.findtext("head/title") or "").strip():
        yield "the head has no title"
    names = [meta.get("name") for meta in root.iterfind("head/meta") if meta.get("name")]
    for name in METAS:
        if names.count(name) != 1:
            yield f"the head must have one meta {name}"


def _element_faults(root: Element, ids: set[str], known: Element | None = None) -> Iterator[Fault]:
    """Elements where they don't belong, text where no writer would look for it, and ids that stand twice.

    ``ids`` are those that stand elsewhere, to which the root's are added; what is ``known`` was looked at before.
    """
    left = [root]
    while left:
        if (element := left.pop()) is known:
            continue
        left.extend(reversed(element))
        allowed = _CONTENT.get(element.tag, frozenset())
        for name in element.attrib if not _ATTRIBUTES.issuperset(element.attrib) else ():
            if name == "style":
                yield Fault(
                    f"<{element.tag}> has a style attribute; how it looks belongs to its class",
                    "style=",
                )
            elif name not in _ATTRIBUTES and not name.startswith("aria-"):
                yield Fault(
                    f"<{element.tag}> has an attribute {name}, which no letter has", f"{name}="
                )
        if id := element.get("id"):
            if id in ids:
                yield Fault(f"the id {id} stands twice", f'id="{id}"')
            ids.add(id)
        if element.tag == "nav" and element.get("class") != "screen":
            yield Fault(
                'a nav is for the web page alone; write <nav class="screen" aria-label="...">',
                "<nav",
            )
        if element.tag == "table":
            yield from (Fault(fault, "<table") for fault in _table_faults(element))
        if element.tag == "ol" and not re.fullmatch("[0-9]{1,5}", element.get("start", "1")):
            yield Fault(f"a list can't start at {element.get('start')}", "<ol start=")
        words = element.text if element.tag not in _TEXT else None
        blocks = False
        for child in element:
            if child.tag not in allowed:
                yield Fault(f"<{child.tag}> can't stand in <{element.tag}>", f"<{child.tag}")
            blocks = blocks or child.tag in _FLOW
            if (
                element.tag == "li"
                and blocks
                and (child.tag not in _FLOW or _NOT_BLANK.search(child.tail or ""))
            ):
                text = (child.tail or "").strip()[:60]
                yield Fault(f"an item goes on after a block in it: {text}", text)
            elif element.tag not in _TEXT:
                words = f"{words or ''}{child.tail or ''}"
        if words and _NOT_BLANK.search(words):
            text = words.strip()[:60]
            yield Fault(f"text stands where none can, in <{element.tag}>: {text}", text[:20])


def _table_faults(table: Element) -> Iterator[str]:
    widths = [column.get("data-width", "") for column in table.iterfind("colgroup/col")]
    if not widths or not all(re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", width) for width in widths):
        yield "a table needs a col with a data-width in per cent for each column"
    rows = list(table.iter("tr"))
    if not rows or any(len(row) != len(widths) for row in rows):
        yield "each row of a table needs a cell for each column"


def _reference_faults(root: Element) -> Iterator[Fault]:
    """Each note has its reference and a way back; a # link is for notes, or for the web page alone."""
    notes = {note.get("id"): note for note in root.iter("aside")}
    references: dict[str, str | None] = {}
    for link in root.iter("a"):
        target = link.get("href") or ""
        if link.get("role") == "doc-noteref":
            if target[1:] in references:
                yield Fault(f"two references lead to the note {target}", f'href="{target}"')
            references[target[1:]] = link.get("id")
        elif not target or (target.startswith("#") and link.get("class") != "screen"):
            inside = 'only notes and class="screen" lead inside the letter'
            yield Fault(f"a link leads to {target or 'nothing'}: {inside}", f'href="{target}"')
        elif not re.match("#|https?://|mailto:", target):
            yield Fault(
                f"a link leads to {target}: only http, https and mailto can be linked to",
                f'href="{target}"',
            )
    for id, note in notes.items():
        backs = [link.get("href") for link in note.iter("a") if link.get("role") == "doc-backlink"]
        if id not in references or backs != [f"#{references[id]}"]:
            yield Fault(
                f"the note {id} must have one reference, and one link back to it", f'id="{id}"'
            )
    for part in ("header", "footer"):
        if any(link.get("role") == "doc-noteref" for link in root.iterfind(f"body/{part}//a")):
            yield Fault(f"a note can't have its reference in the {part}", "doc-noteref")
    for id in references.keys() - notes.keys():
        yield Fault(f"there is no note {id}", f'href="#{id}"')


def ids(at: Sequence[str | int]) -> Iterator[str]:
    """The ids that the value at a key path may have in the letter, the innermost first; items count from 1."""
    parts = [str(part + 1) if isinstance(part, int) else part for part in at]
    if parts[:1] == ["benchmarks"] or parts[:2] == ["addressee", "greeting"]:
        parts = parts[1:]
    for end in range(len(parts), 0, -1):
        yield ".".join(parts[:end])


def properties(root: Element) -> dict[str, str]:
    """What stands in the head: ``title`` and ``METAS``."""
    metas = {meta.get("name", ""): meta.get("content", "") for meta in root.iterfind("head/meta")}
    return {"title": root.findtext("head/title", ""), **{name: metas[name] for name in METAS}}
