"""Locate, in a letter that somebody has edited, the fixed words of the letter as it was built."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from prevent_letter.word.blocks import Block, Paragraph, Table

_MOST_PAIRS = 10_000
"""The most pairs of texts whose similarity is looked at, between two located anchors."""
_PASSAGES = (".good_practice", ".recommendations")


@dataclass
class Anchor:
    """Fixed words of the model (the letter as built), or a line of it that shows one field."""

    block: Block
    """Its block in the model."""
    id: str = ""
    words: str = ""
    """The fixed words before a value."""
    value: str = ""
    """The id of the value in this line, or after these words; empty for fixed words alone."""
    is_passage: bool = False
    """True if the value is a passage, which goes on up to the next anchor."""
    number: int | None = None
    """The number of the anchor's block in the edited letter; None until that is located."""


def anchors(model: Sequence[Block]) -> list[Anchor]:
    """Return the anchors of a letter as it was built, in order."""
    listed: list[Anchor] = []
    passage = ""  # the id of the passage that is open
    for block in model:
        if isinstance(block, Table):
            listed.append(Anchor(block, "table"))
            continue
        ids = sorted(block.marks, key=len)
        id, length = (ids[0], block.marks[ids[-1]]) if ids else ("", 0)
        words = block.text[:length] if len(ids) > 1 or length < len(block.text) else ""
        if passage and (not id or (id.startswith(f"{passage}.") and id[-1].isdigit())):
            continue  # it belongs to the passage
        passage = ""
        if block.style.startswith("heading"):
            passage = "summary" if id == "summary" else ""
        elif id.endswith(_PASSAGES):
            passage, words = id, block.text[:length]
        elif id == "key_recommendations.opening":
            passage, words = "key_recommendations", ""
        elif id:
            is_field = not words or len(ids) > 1 or id.startswith("advisor.")
            if is_field or id.endswith(".score"):
                listed.append(Anchor(block, id, words, id))
                continue
        listed.append(Anchor(block, id, words if passage else "", passage, bool(passage)))
    return listed


_QUOTES = str.maketrans("‘’‚“”„«»", '\'\'\'"""""')


@lru_cache(4096)
def fold(text: str) -> str:
    """Return text to compare, in small letters, with one kind of space, dash and quotation mark."""
    text = re.sub(r"[‐-―−]", "-", text.translate(_QUOTES))
    return " ".join(text.replace("\u00ad", "").split()).casefold()


def align(anchors: Sequence[Anchor], blocks: Sequence[Block]) -> None:
    """Find anchors among the blocks, in the anchors' order; set the ``number`` of those found."""
    texts, wholes = [fold(b.text) for b in blocks], [fold(a.block.text) for a in anchors]
    known, labels = {a.id for a in anchors if a.id}, [fold(a.words) for a in anchors]
    fixed = {whole: a.id for whole, a in zip(wholes, anchors, strict=True) if not a.value}
    marks, begins = list[str](), []
    for block, text in zip(blocks, texts, strict=True):
        mark = "table"
        if isinstance(block, Paragraph):
            mine = sorted(
                (not n, id)  # those with words left first
                for id, n in block.marks.items()
                if id in known and text and id not in marks and fixed.get(text, id) == id
            )
            mark = mine[0][1] if mine else ""
        marks.append(mark)
        begins.append(next((label for label in labels if label and text.startswith(label)), ""))
    # By bookmark, by all words, and by label. What is empty is like nothing else.
    for ours, theirs in (([a.id for a in anchors], marks), (wholes, texts), (labels, begins)):
        for own, among in _gaps(anchors, len(blocks)):
            pair = [ours[n] or n for n in own], [theirs[n] or -1 - n for n in among]
            for a, b, size in SequenceMatcher(None, *pair, autojunk=False).get_matching_blocks():
                for n in range(size):
                    anchors[own[a + n]].number = among[b + n]
    for own, among in _gaps(anchors, len(blocks)):  # by similar words
        if len(own) * len(among) > _MOST_PAIRS:
            continue  # this is hardly the letter
        left = list(among)
        for n in own:
            similar = (
                m for m in left if not anchors[n].is_passage and is_near(texts[m], wholes[n])
            )
            if (number := next(similar, None)) is not None:
                anchors[n].number, left = number, [m for m in left if m > number]


def _gaps(anchors: Sequence[Anchor], blocks: int) -> Iterator[tuple[range, range]]:
    """Yield the numbers of the anchors and of the blocks in each gap between located anchors."""
    located = [(n, anchor.number) for n, anchor in enumerate(anchors) if anchor.number is not None]
    for (first, start), (last, end) in pairwise([(-1, -1), *located, (len(anchors), blocks)]):
        if last - first > 1 and end - start > 1:
            yield range(first + 1, last), range(start + 1, end)


_LONGEST_COMPARED = 1500
"""Characters. No heading, label or fixed paragraph is as long, and comparing takes their square."""


@lru_cache(256)
def _matcher(text: str) -> "SequenceMatcher[str]":
    """Return a matcher for texts that are compared with ``text``, which is prepared once."""
    return SequenceMatcher(None, "", text, autojunk=False)


def is_near(one: str, other: str, least: float = 0.8) -> bool:
    """Return True if two folded texts are similar: at least the share ``least`` (0 to 1) agrees."""
    if not one or not other or not 0.55 < len(one) / len(other) < 1.8:
        return False
    if max(len(one), len(other)) > _LONGEST_COMPARED:
        return one == other
    matcher = _matcher(other)
    matcher.set_seq1(one)
    ratios = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)  # the quick ones first
    return all(ratio() >= least for ratio in ratios)


def length_of(text: str, words: str) -> int:
    """Return the length of ``words`` as they are written at a text's beginning; 0 if not there."""
    goal = fold(words)
    for end in range(1, min(len(text), len(words) + 8) + 1) if goal else ():
        in_longer_word = goal[-1:].isalnum() and text[end : end + 1].isalnum()
        if fold(text[:end]) == goal and not in_longer_word:
            return end + len(text[end:]) - len(text[end:].lstrip(" \u00a0"))
    return 0
