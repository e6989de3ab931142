"""Notes beside the paragraphs of a letter's web page: each after the paragraph, the item or the table it is about."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from prevent_letter.assessment.source import pattern

_LISTS = frozenset({"ul", "ol"})
_BLOCKS = frozenset({"p", "h1", "h2", "h3", "li", "table"})


class Note(NamedTuple):
    """What is to be said about the first id that the letter has (of ``document.ids``), where some words stand."""

    ids: tuple[str, ...]
    words: str
    nth: int
    """Which of the places where the words stand, from 0."""
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
        block = _holding(at, parents[at], note.words, note.nth)
        parent = block if block.tag == "li" else parents[block]
        number = _below_text(block) if block.tag == "li" else list(parent).index(block) + 1
        places.setdefault((parent, number), []).append(ElementTree.fromstring(note.markup))
    for (parent, number), made in sorted(places.items(), key=lambda place: -place[0][1]):
        parent[number:number] = made


def _below_text(item: Element) -> int:
    """Before which child of an item a note about its own text stands: before the list within it, if there is one."""
    return next((number for number, child in enumerate(item) if child.tag in _LISTS), len(item))


def _holding(first: Element, parent: Element, words: str, nth: int) -> Element:
    """Which paragraph or item of the passage that begins with a block holds words for the nth time.

    Where they stand there less often, the last that holds them; the first block, if none does.
    """
    siblings, found = list(parent), first
    for block in siblings[siblings.index(first) :] if words else ():
        if block is not first and any(each.get("id") for each in block.iter()):
            break  # another value
        for each in (each for each in block.iter() if each.tag in _BLOCKS):
            times = len(pattern(words).findall(_own_text(each)))
            found = each if times else found
            if nth < times:
                return each
            nth -= times
    return found


def _own_text(block: Element) -> str:
    """The text of a block, without that of the blocks within it."""
    inner = ("" if child.tag in _LISTS | _BLOCKS else _own_text(child) for child in block)
    return (block.text or "") + "".join(text + (child.tail or "") for text, child in zip(inner, block, strict=True))
