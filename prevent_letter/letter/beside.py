"""Notes beside the paragraphs of a letter's web page: each after the paragraph, the item or the table it is about."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_LISTS = frozenset({"ul", "ol"})
_BLOCKS = frozenset({"p", "h1", "h2", "h3", "li", "table"})


class Note(NamedTuple):
    """What is to be said about the first id that the letter has (of ``document.ids``)."""

    ids: tuple[str, ...]
    block: tuple[int, int]
    """About which paragraph or item of the passage there, from 0, and how many it has (0: it is no passage)."""
    markup: str
    """One element of XHTML."""


def place(main: Element, notes: Iterable[Note]) -> Iterator[Note]:
    """Put notes into the ``main`` of a page, in their order; those that nothing in it is about are given back."""
    parents = {child: parent for parent in main.iter() for child in parent}
    by_id = {id: element for element in main.iter() if (id := element.get("id"))}
    places: dict[tuple[Element, int], list[Element]] = {}
    for note in notes:
        at = next((by_id[id] for id in note.ids if id in by_id), None)
        while at is not None and at.tag not in _BLOCKS:
            at = parents.get(at)
        if at is None:
            yield note
            continue
        block = _block(at, parents[at], *note.block)
        parent = block if block.tag == "li" else parents[block]
        number = _below_text(block) if block.tag == "li" else list(parent).index(block) + 1
        places.setdefault((parent, number), []).append(ElementTree.fromstring(note.markup))
    for (parent, number), made in sorted(places.items(), key=lambda place: -place[0][1]):
        parent[number:number] = made


def _below_text(item: Element) -> int:
    """Before which child of an item a note about its own text stands: before the list within it, if there is one."""
    return next((number for number, child in enumerate(item) if child.tag in _LISTS), len(item))


def _block(first: Element, parent: Element, number: int, count: int) -> Element:
    """The block of a passage with this number; the one that begins it, where the letter has another count of them.

    What has the passage's id may be its first paragraph, or a heading or label that stands alone before it.
    """
    siblings, found = list(parent), list[Element]()
    for block in siblings[siblings.index(first) :]:
        if block is not first and any(each.get("id") for each in block.iter()):
            break  # another value
        found += [each for each in block.iter() if each.tag in _BLOCKS and _own_text(each).strip()]
    alone = len(found) - count
    return found[number + alone] if count and alone in (0, 1) else first


def _own_text(block: Element) -> str:
    """The text of a block, without that of the blocks within it, and what is for the web page alone."""
    if block.get("class") == "screen":
        return ""
    inner = ("" if child.tag in _LISTS | _BLOCKS else _own_text(child) for child in block)
    return (block.text or "") + "".join(
        text + (child.tail or "") for text, child in zip(inner, block, strict=True)
    )
