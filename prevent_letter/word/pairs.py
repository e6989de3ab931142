"""Pair the blocks, rows and words of two letters, to tell what changed from one to the other."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby, zip_longest
from typing import NamedTuple
from xml.etree.ElementTree import Element

from prevent_letter.word.blocks import Block, Table, TextRun

_LEAST_LIKE = 0.4
"""The share of words that two paragraphs must have in common to be versions of one."""
_BOTH_TABLES = 3.0
"""What it counts that both are tables: more than any words."""
_MOST_PAIRS = 250_000
"""The most pairs of blocks that are compared by their words."""
_SAME_LABEL = 0.3
"""What it counts, besides the share of words, that two paragraphs begin with the same label."""

BIT = re.compile(r"\n|[^\S\n]+|\w+(?:['’@.\u00ad]+\w+)*|[^\w\s]")
"""What a text is compared in: a line break, spaces, a word or a sign."""
_SPACES = re.compile(r"[^\S\n\u00a0]+")
_LEAST_KEPT = 0.35
"""A sentence with a smaller share of old words is new as a whole, or gone as a whole."""

_MOST_BITS = 4_000_000
"""The most pairs of words of two paragraphs that are compared; longer ones are new as a whole."""


class LetterBlocks(NamedTuple):
    """A letter as it was read: its blocks, the ids of their values by number, and its notes."""

    blocks: Sequence[Block]
    owners: Mapping[int, str]
    notes: Sequence[str]


Pair = tuple[int | None, int | None]
"""The number of an old thing and of the new one in its place; None where there is none."""


def list_kind(block: Block) -> tuple[int, str]:
    """Return the depth of a list item, and ``-``, ``1`` or, if the item above goes on, nothing."""
    if isinstance(block, Table) or not block.depth or block.style.startswith("heading"):
        return 0, ""
    return block.depth, "1" if block.mark[:1].isdigit() else block.mark[:1]


def paired(old: LetterBlocks, new: LetterBlocks) -> Iterator[Pair]:
    """Yield the blocks of two letters in pairs and in order.

    Those of the same value with the same words go together, then between these the likest.
    """
    kept = [n for n, b in enumerate(old.blocks) if isinstance(b, Table) or b.text.strip()]

    def key(letter: LetterBlocks, number: int) -> tuple[str, str]:
        block = letter.blocks[number]
        is_table = isinstance(block, Table)
        return ("", "table") if is_table else (letter.owners.get(number, ""), block.text)

    words_of = lru_cache(None)(_words)

    def likeness(i: int, j: int) -> float:
        ours, theirs = old.blocks[kept[i]], new.blocks[j]
        if isinstance(ours, Table) or isinstance(theirs, Table):
            return _BOTH_TABLES * (isinstance(ours, Table) and isinstance(theirs, Table))
        share = _common_share(words_of(ours.text), words_of(theirs.text))
        if ours.marks.keys() & theirs.marks.keys():
            return share + _SAME_LABEL
        is_of_one = old.owners.get(kept[i]) == new.owners.get(j)
        return share if is_of_one and share >= _LEAST_LIKE else 0.0

    ours = [key(old, number) for number in kept]
    theirs = [key(new, number) for number in range(len(new.blocks))]
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        pairs: Iterator[Pair] = zip(range(a, b), range(c, d), strict=False)
        if kind != "equal" and (b - a) * (d - c) > _MOST_PAIRS:  # hardly the same letter
            pairs = zip_longest(range(a, b), range(c, d))
        elif kind != "equal":
            pairs = _nearest(range(a, b), range(c, d), likeness)
        for i, j in pairs:
            yield None if i is None else kept[i], j


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def _common_share(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of words that two texts have in common, from 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _nearest(ours: range, theirs: range, like: Callable[[int, int], float]) -> Iterator[Pair]:
    """Yield pairs that keep the order and are the likest together, and what has no partner."""
    weights = {(i, j): weight for i in ours for j in theirs if (weight := like(i, j))}
    best: dict[tuple[int, int], float] = {}

    def together(i: int, j: int) -> float:
        return weights[i, j] + best.get((i + 1, j + 1), 0) if (i, j) in weights else 0.0

    for i in reversed(ours):
        for j in reversed(theirs):
            alone = max(best.get((i + 1, j), 0), best.get((i, j + 1), 0))
            best[i, j] = max(together(i, j), alone)
    i, j = ours.start, theirs.start
    while i < ours.stop or j < theirs.stop:
        if (i, j) in weights and best[i, j] == together(i, j):
            yield i, j
            i, j = i + 1, j + 1
        elif j >= theirs.stop or (i < ours.stop and best[i, j] == best.get((i + 1, j), 0)):
            yield i, None
            i += 1
        else:
            yield None, j
            j += 1


def paired_rows(old: Table, new: Table) -> Iterator[Pair]:
    """Yield the rows of two tables in pairs, by their ids, else by the words of two cells."""

    def likeness(i: int, j: int) -> float:
        if len(old.rows[i]) != len(new.rows[j]):
            return 0.0
        names = [row[:2][-1].split() if row else [] for row in (old.rows[i], new.rows[j])]
        return 1.0 * (names[0] == names[1] or (old.ids[i] != "" and old.ids[i] == new.ids[j]))

    return _nearest(range(len(old.rows)), range(len(new.rows)), likeness)


# Words.


class Bit(NamedTuple):
    """A word, a space or a sign with its look; ``link`` is where it leads."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""
    run: Element | None = None
    """Of the new letter: the run that it is in."""
    before: tuple[Element, ...] = ()
    """Of the new letter: what precedes it and is no word, such as a bookmark or a note's number."""

    @property
    def said(self) -> tuple[str, str]:
        """What it says and where it leads, whatever kind of space, and without soft hyphens."""
        is_space = self.text.isspace() and self.text != "\n"
        return " " if is_space else self.text.replace("\u00ad", ""), self.link


BitPair = tuple[Bit | None, Bit | None]
"""An old word and the new one; None where there is none."""


def cut(runs: Sequence[TextRun]) -> list[Bit]:
    """Return runs as words, wherever the runs begin and end."""
    looks = groupby(runs, key=lambda run: run[1:])
    joined = (
        ("".join(run.text for run in same).replace("\u00ad", ""), look) for look, same in looks
    )
    texts = [(_SPACES.sub(" ", text), look) for text, look in joined]
    bits = [Bit(word, *look) for text, look in texts for word in BIT.findall(text)]
    while bits and bits[-1].text.isspace():
        bits.pop()
    return bits


def said(runs: Sequence[TextRun]) -> list[tuple[object, ...]]:
    """Return what runs say; a space has no look."""
    return [(*bit.said, *bit[1:3]) if bit.text.strip() else bit.said for bit in cut(runs)]


def compared(old: Sequence[Bit], new: Sequence[Bit]) -> Iterator[BitPair]:
    """Yield old and new words in pairs and in order, what is gone before what is new."""
    ours, theirs = ([bit.said for bit in bits] for bits in (old, new))
    is_short = len(ours) * len(theirs) <= _MOST_BITS
    matcher = SequenceMatcher(None, ours if is_short else (), theirs, autojunk=False)
    partner: dict[int, int] = {}
    for a, c, size in matcher.get_matching_blocks():
        words = "".join(bit.text for bit in new[c : c + size])
        is_edge = (a == c == 0) or (a + size == len(old) and c + size == len(new))
        if is_edge or re.search(r"\w{3}", words) or any(b.link for b in new[c : c + size]):
            partner |= {c + n: a + n for n in range(size)}
    for bits, kept in ((new, partner.keys()), (old, set(partner.values()))):
        for start, end in _sentences(bits):
            words_in = [n for n in range(start, end) if bits[n].text[0].isalnum()]
            if len(words_in) > 3 and sum(n in kept for n in words_in) < _LEAST_KEPT * len(words_in):
                partner = {
                    c: a for c, a in partner.items() if not start <= (c if bits is new else a) < end
                }
    i = j = 0
    for c, a in [*sorted(partner.items()), (len(new), len(old))]:
        yield from ((bit, None) for bit in old[i:a])
        yield from ((None, bit) for bit in new[j:c])
        yield from zip(old[a : a + 1], new[c : c + 1], strict=True)
        i, j = a + 1, c + 1


def _sentences(bits: Sequence[Bit]) -> Iterator[tuple[int, int]]:
    """Yield where each sentence begins and ends."""
    start = 0
    for end, bit in enumerate(bits, 1):
        if end == len(bits) or (bit.text in ".!?:–" and bits[end].text.isspace()):
            yield start, end
            start = end
