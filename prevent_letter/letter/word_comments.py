"""Comments in a Word letter (17.13.4): what is to be said about a draft, at its words."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from prevent_letter.letter.settled import AUTHOR
from prevent_letter.letter.word_package import XML

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Comment(NamedTuple):
    """A comment on words of a block, by its number; on the whole block where the words don't stand in it together."""

    block: int
    words: str
    text: str


def annotate(
    document: str, comments: Sequence[Comment], styles: Mapping[str, str], date: str
) -> tuple[str, str]:
    """The main document with comments on it, and the comments' own part.

    Args:
        document: the XML of the main document.
        comments: what is said, and where.
        styles: style ids by the styles' names in small letters.
        date: the letter's, as year-month-day, or empty.
    """
    root = etree.fromstring(document.encode())
    blocks = [
        child
        for body in root.iter(f"{_W}body")
        for child in body
        if child.tag in (f"{_W}p", f"{_W}tbl")
    ]
    parts = []
    for number, comment in enumerate(comments):
        _mark(blocks[comment.block], comment.words, number, styles["annotation reference"])
        when = f' w:date="{date}T00:00:00Z"' if date else ""
        paragraph = (
            f'<w:p><w:pPr><w:pStyle w:val="{styles["annotation text"]}"/></w:pPr><w:r><w:rPr><w:rStyle w:val='
            f'"{styles["annotation reference"]}"/></w:rPr><w:annotationRef/></w:r>'
            f'<w:r><w:t xml:space="preserve">{escape(comment.text)}</w:t></w:r></w:p>'
        )
        parts.append(
            f'<w:comment w:id="{number}" w:author={quoteattr(AUTHOR)}{when} w:initials="PL">{paragraph}</w:comment>'
        )
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return XML + etree.tostring(
        root, encoding="unicode"
    ), f"{XML}<w:comments {space}>{''.join(parts)}</w:comments>"


def _mark(block: Any, words: str, number: int, style: str) -> None:
    """Put a comment's range round words, or round all runs of the block's first paragraph."""
    paragraph = block if block.tag == f"{_W}p" else next(block.iter(f"{_W}p"))
    found = next((run for run in paragraph.iter(f"{_W}r") if words and words in _text(run)), None)
    if found is not None:
        first = last = _cut(found, words)
    else:
        inside = [child for child in paragraph if child.tag != f"{_W}pPr"]
        if not inside:
            return
        first, last = inside[0], inside[-1]
    first.addprevious(etree.Element(f"{_W}commentRangeStart", {f"{_W}id": str(number)}))
    run = etree.Element(f"{_W}r")
    properties = etree.SubElement(run, f"{_W}rPr")
    etree.SubElement(properties, f"{_W}rStyle", {f"{_W}val": style})
    etree.SubElement(run, f"{_W}commentReference", {f"{_W}id": str(number)})
    last.addnext(run)
    last.addnext(etree.Element(f"{_W}commentRangeEnd", {f"{_W}id": str(number)}))


def _text(run: Any) -> str:
    texts = run.findall(f"{_W}t")
    return texts[0].text or "" if len(texts) == 1 else ""


def _cut(run: Any, words: str) -> Any:
    """The part of a run that is some words; what stands before and after becomes runs of its own."""
    before, after = _text(run).split(words, 1)
    for text, add in ((before, run.addprevious), (after, run.addnext)):
        if text:
            other = deepcopy(run)
            _set(other, text)
            add(other)
    _set(run, words)
    return run


def _set(run: Any, text: str) -> None:
    element = run.find(f"{_W}t")
    element.text = text
    element.set(_SPACE, "preserve")
