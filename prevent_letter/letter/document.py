"""The rules for the letter's XHTML, checked once so that each writer can rely on them.

The document is plain, semantic XHTML (elements without a style, footnotes as DPUB-ARIA 1.1
``doc-noteref`` and ``doc-footnote``):

- ``html lang``; a head with title and the metas author, date, subject, identifier, digest;
- ``body`` (of a draft: ``class="draft" data-mark="DRAFT"``) with ``header`` (from page 2),
  ``main``, ``footer``;
- a class names a paragraph style of Word, but ``class="screen"`` is for the web page alone;
- an empty ``nav`` becomes the web page's table of contents, in which a heading with a
  ``data-short`` has that name;
- ``span class="page"`` is the page number, and ``"pages"`` the number of pages;
- every fixed label and heading, and every line that shows one field, has an id.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape
from itertools import dropwhile
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

METAS = ("author", "date", "subject", "identifier", "digest")
"""The metas of the head, each once. The date (ISO 8601) is empty if a draft has no date."""
MOST_CHARACTERS = 150_000
"""The longest letter, in characters. The standard one has 60,000."""
_MOST_ELEMENTS = 3_000
"""The most elements of a letter. The standard one has 300."""
_LONGEST_ATTRIBUTE = 2000
"""Characters."""
_LONGEST_WORD = 2000
"""Characters. A longer word, or longer margins, would take a typesetter seconds or gigabytes."""
_MOST_IN_MARGIN = 1000, 10
"""Characters and paragraphs of a header or footer, which are on each page."""
_MOST_HEAD_ROWS = 3
_LONG_VALUE = re.compile(
    rf"""=\s*"[^"]{{{_LONGEST_ATTRIBUTE}}}|=\s*'[^']{{{_LONGEST_ATTRIBUTE}}}"""
)
_DEEPEST = 60
"""The most levels of nested elements. Without a limit, deep nesting would crash a writer."""
_XMLNS = ' xmlns="http://www.w3.org/1999/xhtml"'


@lru_cache(1)
def tree(xhtml: str) -> Element:
    """Return the document as a tree without namespaces. All formats share it: do not change it."""
    return ElementTree.fromstring(xhtml.replace(_XMLNS, "", 1))


_INLINE = frozenset({"a", "br", "em", "span", "strong", "sup"})
_FLOW = frozenset({"h1", "h2", "h3", "p", "ul", "ol", "table"})
_CONTENT: dict[str, frozenset[str]] = {
    "html": frozenset({"head", "body"}),
    "head": frozenset({"meta", "title"}),
    "body": frozenset({"a", "header", "main", "footer"}),
    **dict.fromkeys(("header", "footer", "aside"), frozenset({"p"})),
    "main": _FLOW | {"aside", "nav", "section"},
    "section": _FLOW,
    **dict.fromkeys(("ul", "ol"), frozenset({"li"})),
    "table": frozenset({"colgroup", "thead", "tbody"}),
    "colgroup": frozenset({"col"}),
    **dict.fromkeys(("thead", "tbody"), frozenset({"tr"})),
    "tr": frozenset({"th", "td"}),
    "li": _INLINE | {"p", "ul", "ol"},
    **dict.fromkeys("h1 h2 h3 p th td a em span strong sup".split(), _INLINE),
    **dict.fromkeys(("br", "meta", "col", "nav"), frozenset()),
}
"""The elements that each element may contain."""
_WITH_TEXT = frozenset({"title", "h1", "h2", "h3", "p", "li", "th", "td"}) | _INLINE
_ATTRIBUTES = frozenset(
    "charset class content data-mark data-short data-width href id lang name role scope"
    " start".split()
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,5}")
"""A language tag (RFC 5646, 2.1)."""
_NOT_BLANK = re.compile(r"[^ \t\r\n]")


class DocumentFault(NamedTuple):
    """Why a document is not a letter, as a sentence, and words to search for in the template."""

    text: str
    trace: str = ""


Faults = Iterator[DocumentFault]


def faults(xhtml: str) -> Faults:
    """Yield each reason why the writers can't use a document."""
    if len(xhtml) > MOST_CHARACTERS:
        yield DocumentFault(f"the letter has more than {MOST_CHARACTERS:,} characters")
        return
    long_lines = (line for line in xhtml.split("\n") if len(line) > _LONGEST_WORD)
    words = (word for line in long_lines for word in re.split(r"[\s<>]+", line))
    if any(len(word) > _LONGEST_WORD for word in words):
        yield DocumentFault(f"there is a word of more than {_LONGEST_WORD:,} characters")
        return
    if re.search(r"<!DOCTYPE(?! html>)", xhtml):
        yield DocumentFault("the only DOCTYPE of a letter is <!DOCTYPE html>", "<!DOCTYPE")
        return
    try:
        root = tree(xhtml)
    except ElementTree.ParseError as error:
        yield _ill_formed(xhtml, *error.position)
        return
    if root.tag != "html" or not _LANGUAGE.fullmatch(root.get("lang", "")):
        message = "the outermost element must be html with a lang, such as en-GB"
        yield DocumentFault(message, "lang")
        return
    elements = [*root.iter()]
    if len(elements) > _MOST_ELEMENTS:
        yield DocumentFault(f"the letter has more than {_MOST_ELEMENTS:,} elements")
        return
    level = [root]
    for _ in range(_DEEPEST):
        level = [child for element in level for child in element]
    if level:
        message = f"elements are nested more than {_DEEPEST} deep"
        yield DocumentFault(message, f"<{level[0].tag}")
    yield from _head_faults(root)
    if sum(element.tag == "nav" for element in elements) > 1:
        yield DocumentFault("a letter has at most one nav", "<nav")
    has_long = _LONG_VALUE.search(xhtml)
    ids: set[str] = set()
    for element in elements:  # 300 a letter, most without anything to look at
        if has_long or not _ATTRIBUTES.issuperset(element.attrib):
            yield from _attribute_faults(element)
        if id := element.get("id"):
            if id in ids:
                yield DocumentFault(f"the id {id} is used twice", f'id="{id}"')
            ids.add(id)
        if element.tag in ("nav", "table", "ol"):
            yield from _kind_faults(element)
        if len(element) or element.tag not in _WITH_TEXT:
            yield from _content_faults(element)
    yield from _reference_faults(root)


def _head_faults(root: Element) -> Faults:
    """Yield what is wrong with the two parts of the document, and with its properties."""
    if [part.tag for part in root] != ["head", "body"] or len(root.findall("body/main")) != 1:
        yield DocumentFault("html must have a head and a body with one main")
    elif [part.tag for part in root[1] if part.tag != "a"] != ["header", "main", "footer"]:
        yield DocumentFault("the body must have a header, a main and a footer", "<body")
    elif not (root.findtext("head/title") or "").strip():
        yield DocumentFault("the head has no title")
    metas = [meta.get("name") for meta in root.iterfind("head/meta")]
    for name in METAS:
        if metas.count(name) != 1:
            yield DocumentFault(f"the head must have one meta {name}")
            return
    for margin in (*root.iterfind("body/header"), *root.iterfind("body/footer")):
        text = "".join(margin.itertext())
        if len(text) > _MOST_IN_MARGIN[0] or len(margin) > _MOST_IN_MARGIN[1]:
            limits = f"{_MOST_IN_MARGIN[0]:,} characters or {_MOST_IN_MARGIN[1]} paragraphs"
            yield DocumentFault(f"the {margin.tag} has more than {limits}", f"<{margin.tag}")
    date = properties(root)["date"]
    try:
        is_date = not date or dt.date.fromisoformat(date).isoformat() == date
    except ValueError:
        is_date = False
    if not is_date:
        yield DocumentFault(f"the meta date is no date: {date[:60]}", 'name="date"')


_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(/?)>")


def _ill_formed(xhtml: str, line: int, column: int) -> DocumentFault:
    """Return the fault where the parser stopped: an entity, a bare &, an unclosed element."""
    lines = xhtml.splitlines(keepends=True)
    offset = sum(map(len, lines[: line - 1])) + column
    if entity := re.match(r"&(\w+);", xhtml[offset:]):
        character = unescape(entity[0])
        help = f"write the character itself, {character}"
        if character == entity[0]:
            help = "write &amp; for a plain &"
        return DocumentFault(f"XHTML doesn't know {entity[0]}; {help}", entity[0])
    near = " ".join(xhtml[max(0, offset - 40) : offset + 40].split())
    if bare := re.search(r"&(?!#?\w+;)[^\s<]*", xhtml[max(0, offset - 3) : offset + 20]):
        return DocumentFault(f"a plain & is written &amp; in a template: {near}", bare[0])
    open_tags: list[re.Match[str]] = []
    for tag in _TAG.finditer(xhtml):
        if tag[1] and open_tags and open_tags[-1][2] == tag[2]:
            open_tags.pop()
        elif tag[1]:
            break
        elif not tag[4]:
            open_tags.append(tag)
    if open_tags:
        last = open_tags[-1]
        words = " ".join(xhtml[last.start() : last.end() + 40].split("<")[1].split())
        message = f"it is not well-formed XHTML: <{last[2]}> is not closed, near: <{words}"
        return DocumentFault(message, f"<{words}")
    return DocumentFault(f"it is not well-formed XHTML near: {near}", near[-30:])


def _attribute_faults(element: Element) -> Faults:
    """Yield faults for attributes that no letter has."""
    for name in element.attrib:
        if name == "style":
            message = f"<{element.tag}> has a style attribute; use a class instead"
            yield DocumentFault(message, "style=")
        elif len(element.attrib[name]) > _LONGEST_ATTRIBUTE:
            message = f"{name} has more than {_LONGEST_ATTRIBUTE:,} characters"
            yield DocumentFault(f"<{element.tag}>: {message}", f"{name}=")
        elif name not in _ATTRIBUTES and not name.startswith("aria-"):
            message = f"<{element.tag}> has an attribute {name}, which no letter has"
            yield DocumentFault(message, f"{name}=")


def _kind_faults(element: Element) -> Faults:
    """Yield what is wrong with a nav, a table or a numbered list."""
    if element.tag == "nav" and element.get("class") != "screen":
        message = 'a nav is for the web page alone; write <nav class="screen" aria-label="...">'
        yield DocumentFault(message, "<nav")
    elif element.tag == "table":
        widths = [column.get("data-width", "") for column in element.iterfind("colgroup/col")]
        number = r"[0-9]{1,3}(\.[0-9]{1,3})?"
        if not widths or not all(re.fullmatch(number, width) for width in widths):
            message = "a table needs a col with a data-width in per cent for each column"
            yield DocumentFault(message, "<table")
        rows = list(element.iter("tr"))
        if not rows or any(len(row) != len(widths) for row in rows):
            yield DocumentFault("each row of a table needs a cell for each column", "<table")
        if len(element.findall("thead/tr")) not in range(1, _MOST_HEAD_ROWS + 1):
            message = f"a table needs a thead with one to {_MOST_HEAD_ROWS} rows"
            yield DocumentFault(message, "<table")
    elif element.tag == "ol" and not re.fullmatch("[0-9]{1,5}", element.get("start", "1")):
        yield DocumentFault(f"a list can't start at {element.get('start')}", "<ol start=")


def _content_faults(element: Element) -> Faults:
    """Yield faults for elements and text that this element must not contain."""
    allowed = _CONTENT.get(element.tag, frozenset())
    for child in element:
        if child.tag not in allowed:
            yield DocumentFault(f"<{child.tag}> can't be in <{element.tag}>", f"<{child.tag}")
    if element.tag == "li":
        for child in dropwhile(lambda child: child.tag not in _FLOW, element):
            if child.tag not in _FLOW or _NOT_BLANK.search(child.tail or ""):
                text = (child.tail or "").strip()[:60]
                yield DocumentFault(f"an item goes on after a block in it: {text}", text)
    elif element.tag not in _WITH_TEXT:
        words = "".join([element.text or "", *(child.tail or "" for child in element)])
        if _NOT_BLANK.search(words):
            text = words.strip()[:60]
            message = f"there is text where none can be, in <{element.tag}>: {text}"
            yield DocumentFault(message, text[:20])


def _reference_faults(root: Element) -> Faults:
    """Yield faults for bad links. A note must have exactly one reference and one link back."""
    notes = {note.get("id"): note for note in root.iter("aside")}
    references: dict[str, str | None] = {}
    for link in root.iter("a"):
        target = link.get("href") or ""
        trace = f'href="{target}"'
        is_inside = not target or target.startswith("#")
        if link.get("role") and not is_inside:
            yield DocumentFault(
                f"the link of a note leads inside the letter, not to {target}", trace
            )
        elif link.get("role") == "doc-noteref":
            if target[1:] in references:
                yield DocumentFault(f"two references lead to the note {target}", trace)
            references[target[1:]] = link.get("id")
        elif not target or (is_inside and link.get("class") != "screen"):
            why = 'only notes and class="screen" lead inside the letter'
            yield DocumentFault(f"a link leads to {target or 'nothing'}: {why}", trace)
        elif not re.match("#|https?://|mailto:", target):
            why = "only http, https and mailto can be linked to"
            yield DocumentFault(f"a link leads to {target}: {why}", trace)
    for id, note in notes.items():
        links = note.iter("a")
        backs = [link.get("href") for link in links if link.get("role") == "doc-backlink"]
        if any(link.get("role") == "doc-noteref" for link in note.iter("a")):
            yield DocumentFault(f"the note {id} can't have a note of its own", f'id="{id}"')
        if id not in references or backs != [f"#{references[id]}"]:
            message = f"the note {id} must have one reference to it, and one link back"
            yield DocumentFault(message, f'id="{id}"')
    for part in ("header", "footer"):
        links = root.iterfind(f"body/{part}//a")
        if any(link.get("role") == "doc-noteref" for link in links):
            message = f"a note can't have its reference in the {part}"
            yield DocumentFault(message, "doc-noteref")
    for id in references.keys() - notes.keys():
        yield DocumentFault(f"there is no note {id}", f'href="#{id}"')


def ids_of(path: Sequence[str | int]) -> Iterator[str]:
    """Yield the ids that a letter can use for a key path, longest first. Items count from 1."""
    parts = [str(part + 1) if isinstance(part, int) else part for part in path]
    if parts[:1] == ["benchmarks"] or parts[:2] == ["addressee", "greeting"]:
        parts = parts[1:]
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])


def properties(root: Element) -> dict[str, str]:
    """Return the content of the head: ``title`` and ``METAS``."""
    metas = {meta.get("name", ""): meta.get("content", "") for meta in root.iterfind("head/meta")}
    return {"title": root.findtext("head/title", ""), **{name: metas[name] for name in METAS}}
