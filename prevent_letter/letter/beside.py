"""Notes beside the paragraphs of a letter's web page: each after the paragraph, the item or the table it is about."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_BLOCKS = frozenset({"p", "h1", "h2", "h3", "li", "table"})


class Note(NamedTuple):
    """What is to be said about the first id that the letter has (of ``document.ids``), where some words stand."""

    ids: tuple[str, ...]
    words: str
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
        block = _holding(at, parents[at], " ".join(note.words.split()))
        parent = block if block.tag == "li" else parents[block]
        number = len(parent) if block.tag == "li" else list(parent).index(block) + 1
        places.setdefault((parent, number), []).append(ElementTree.fromstring(note.markup))
    for (parent, number), made in sorted(places.items(), key=lambda place: -place[0][1]):
        parent[number:number] = made


def _holding(first: Element, parent: Element, words: str) -> Element:
    """Which paragraph or item of the passage that begins with a block holds some words; else the block itself."""
    siblings = list(parent)
    for block in siblings[siblings.index(first) :] if words else ():
        if block is not first and any(each.get("id") for each in block.iter()):
            break  # another value
        texts = {each: " ".join("".join(each.itertext()).split()) for each in block.iter() if each.tag in _BLOCKS}
        if holding := [each for each, text in texts.items() if words in text]:
            return min(holding, key=lambda each: len(texts[each]))
    return first
