"""Add comments to a Word letter (ECMA-376 Part 1, 17.13.4), at the words that they are about."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from prevent_letter.core.xml_text import escape, quoteattr
from prevent_letter.letter.word_package import AUTHOR, XML, as_part

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


class NewComment(NamedTuple):
    """A comment on words in a block (numbered from 0); without words, on the whole block."""

    block: int
    words: str
    text: str


def annotate(
    document: str, comments: Sequence[NewComment], styles: Mapping[str, str], date: str
) -> tuple[str, str]:
    """Return the main document with comments on it, and the comments' own part.

    Args:
        document: the XML of the main document.
        comments: the comments to add.
        styles: style ids, by the styles' names in lower case.
        date: the letter's date as year-month-day, or empty.
    """
    root = ElementTree.fromstring(document)
    [body] = root.iter(f"{_W}body")
    blocks = [child for child in body if child.tag in (f"{_W}p", f"{_W}tbl")]
    reference = f'<w:rPr><w:rStyle w:val="{styles["annotation reference"]}"/></w:rPr>'
    when = f' w:date="{date}T00:00:00Z"' if date else ""
    parts = []
    for number, comment in enumerate(comments):
        _mark(blocks[comment.block], comment.words, number, styles["annotation reference"])
        paragraph = (
            f'<w:p><w:pPr><w:pStyle w:val="{styles["annotation text"]}"/></w:pPr>'
            f"<w:r>{reference}<w:annotationRef/></w:r>"
            f'<w:r><w:t xml:space="preserve">{escape(comment.text)}</w:t></w:r></w:p>'
        )
        author = f"w:author={quoteattr(AUTHOR)}{when}"
        parts.append(f'<w:comment w:id="{number}" {author} w:initials="PL">{paragraph}</w:comment>')
    return as_part(root, document), f"{XML}<w:comments {_NAMESPACE}>{''.join(parts)}</w:comments>"


def _mark(block: Element, words: str, number: int, style: str) -> None:
    """Put a comment's range around words, or around all runs of the block's first paragraph."""
    paragraph = block if block.tag == f"{_W}p" else next(block.iter(f"{_W}p"))
    of_run = ((parent, run) for parent in paragraph.iter() for run in parent.findall(f"{_W}r"))
    found = next(((p, run) for p, run in of_run if words and words in _text(run)), None)
    if found:  # split it, so that a run has only these words
        parent, run = found
        before, after = _text(run).split(words, 1)
        first = last = [*parent].index(run)
        for place, text in ((first + 1, after), (first, before)):
            if text:
                parent.insert(place, deepcopy(run))
                _set_text(parent[place], text)
        first = last = first + bool(before)
        _set_text(run, words)
    else:
        parent = paragraph
        places = [n for n, child in enumerate(paragraph) if child.tag != f"{_W}pPr"]
        if not places:
            return
        first, last = places[0], places[-1]
    id = {f"{_W}id": str(number)}
    reference = Element(f"{_W}r")
    properties = SubElement(reference, f"{_W}rPr")
    SubElement(properties, f"{_W}rStyle", {f"{_W}val": style})
    SubElement(reference, f"{_W}commentReference", id)
    parent.insert(last + 1, reference)
    parent.insert(last + 1, Element(f"{_W}commentRangeEnd", id))
    parent.insert(first, Element(f"{_W}commentRangeStart", id))


def _text(run: Element) -> str:
    texts = run.findall(f"{_W}t")
    return texts[0].text or "" if len(texts) == 1 else ""


def _set_text(run: Element, text: str) -> None:
    for element in run.findall(f"{_W}t"):
        element.text = text
        element.set(_SPACE, "preserve")
