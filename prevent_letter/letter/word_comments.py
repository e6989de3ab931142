"""Add comments to a Word letter (ECMA-376 Part 1, 17.13.4), at the words that they are about."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from prevent_letter.letter.word_package import AUTHOR, XML

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
    root = etree.fromstring(document.encode())
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
    xml = XML + etree.tostring(root, encoding="unicode")
    return xml, f"{XML}<w:comments {_NAMESPACE}>{''.join(parts)}</w:comments>"


def _mark(block: Any, words: str, number: int, style: str) -> None:
    """Put a comment's range around words, or around all runs of the block's first paragraph."""
    paragraph = block if block.tag == f"{_W}p" else next(block.iter(f"{_W}p"))
    runs = (run for run in paragraph.iter(f"{_W}r") if words and words in _text(run))
    run = next(runs, None)
    if run is not None:  # split it, so that a run has only these words
        first = last = run
        before, after = _text(run).split(words, 1)
        parts = [(before, deepcopy(run)), (words, run), (after, deepcopy(run))]
        for text, part in parts:
            part.find(f"{_W}t").text = text
            part.find(f"{_W}t").set(_SPACE, "preserve")
        if before:
            run.addprevious(parts[0][1])
        if after:
            run.addnext(parts[2][1])
    else:
        children = [child for child in paragraph if child.tag != f"{_W}pPr"]
        if not children:
            return
        first, last = children[0], children[-1]
    id = {f"{_W}id": str(number)}
    first.addprevious(etree.Element(f"{_W}commentRangeStart", id))
    reference = etree.Element(f"{_W}r")
    properties = etree.SubElement(reference, f"{_W}rPr")
    etree.SubElement(properties, f"{_W}rStyle", {f"{_W}val": style})
    etree.SubElement(reference, f"{_W}commentReference", id)
    last.addnext(reference)
    last.addnext(etree.Element(f"{_W}commentRangeEnd", id))


def _text(run: Any) -> str:
    texts = run.findall(f"{_W}t")
    return texts[0].text or "" if len(texts) == 1 else ""
