"""Put notes into a letter's web page, each after the paragraph that it is about."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from prevent_letter.assessment.places import BlockNumber

_LISTS = frozenset({"ul", "ol"})
_BLOCKS = frozenset({"p", "h1", "h2", "h3", "li", "table"})


class Note(NamedTuple):
    """A note on the value with the first of ``ids`` that the letter has (``document.ids_of``)."""

    ids: tuple[str, ...]
    block: BlockNumber
    """Which paragraph or list item of the value the note is about."""
    markup: str
    """One element of XHTML."""


def place_notes(main: Element, notes: Iterable[Note]) -> Iterator[Note]:
    """Put notes into the ``main`` of a page, in order; yield those that have no place in it."""
    parents = {child: parent for parent in main.iter() for child in parent}
    by_id = {id: element for element in main.iter() if (id := element.get("id"))}
    insertions: dict[tuple[Element, int], list[Element]] = {}
    for note in notes:
        element = next((by_id[id] for id in note.ids if id in by_id), None)
        while element is not None and element.tag not in _BLOCKS:
            element = parents.get(element)
        if element is None:
            yield note
            continue
        block = _find_block(element, parents[element], note.block)
        if block.tag == "li":  # before the list in this item, if there is one
            parent, index = block, len(block)
            index = next((n for n, child in enumerate(block) if child.tag in _LISTS), index)
        else:
            parent = parents[block]
            index = list(parent).index(block) + 1
        insertions.setdefault((parent, index), []).append(ElementTree.fromstring(note.markup))
    for (parent, index), elements in sorted(insertions.items(), key=lambda item: -item[0][1]):
        parent[index:index] = elements


def _find_block(first: Element, parent: Element, block: BlockNumber) -> Element:
    """Return a passage's block by its number, or ``first`` if there are not ``block.of`` blocks.

    ``first`` has the passage's id. It is the first paragraph, or a heading or label before it.
    """
    siblings, blocks = list(parent), list[Element]()
    for sibling in siblings[siblings.index(first) :]:
        if sibling is not first and any(element.get("id") for element in sibling.iter()):
            break  # another value begins
        for element in sibling.iter():
            if element.tag in _BLOCKS and _own_text(element).strip():
                blocks.append(element)
    before = len(blocks) - block.of  # 1 if a heading or label comes first
    if block.of and before in (0, 1):
        return blocks[block.number + before]
    return first


def _own_text(block: Element) -> str:
    """Return the text of a block, without nested blocks and text that only the web page shows."""
    if block.get("class") == "screen":
        return ""
    parts = [block.text or ""]
    for child in block:
        if child.tag not in _LISTS | _BLOCKS:
            parts.append(_own_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
