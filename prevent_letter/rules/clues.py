"""Words and signs of a text, by which most expressions need not be tried.

Each clue of each table of expressions is registered here. So one look-up for a draft shows which
expressions can match in it, and an expression without a clue in the draft costs nothing.
"""

import re
import sys
from collections import defaultdict
from functools import cached_property
from itertools import pairwise

Trigger = tuple[int, int]
"""A table of expressions, by its number, and the number of an expression in it."""

_WORDS = defaultdict[str, list[Trigger]](list)
_PHRASES = defaultdict[tuple[str, str], list[tuple[tuple[str, ...], Trigger]]](list)
"""By the last two words of each phrase, the words or the text that a block has, and its trigger."""
_ENDS_OF_PHRASES: set[tuple[str, str]] = set()
"""The keys of ``_PHRASES`` as a set, with which pairs are compared fast."""
_SIGNS = defaultdict[str, list[Trigger]](list)
_WORD_OR_END = re.compile(r"\w+|\n")


def register(clue: str, trigger: Trigger) -> None:
    """Register a clue, as `Expressions` describes it, of an expression."""
    if clue.isalnum():
        _WORDS[clue].append(trigger)
        return
    if not clue.replace("_", "").isalnum():
        _SIGNS[clue.replace("~", " ").lower()].append(trigger)
        return
    assert clue == clue.lower(), clue
    words = tuple(clue.split("_"))
    of_block = words if len(words) == 2 else (" ".join(words),)
    _PHRASES[words[-2], words[-1]].append((of_block, trigger))
    _ENDS_OF_PHRASES.add((words[-2], words[-1]))


class Clues:
    """The words, pairs of words and signs that a text has. Each line of the text is a block."""

    def __init__(self, text: str, lower_text: str) -> None:
        self.text, self.lower_text = text, lower_text

    @cached_property
    def in_order(self) -> list[str]:
        """The words in order, as they are written, with a newline after each block."""
        return _WORD_OR_END.findall(self.text)

    @cached_property
    def words(self) -> set[str]:
        """The words, as they are written."""
        words = set(self.in_order)
        words.discard("\n")
        return words

    @cached_property
    def lower_in_order(self) -> list[str]:
        """The words in order, in small letters, with a newline after each block."""
        lower = {word: sys.intern(word.lower()) for word in self.words}  # compared by identity
        lower["\n"] = "\n"
        return [*map(lower.__getitem__, self.in_order)]

    @cached_property
    def lower_words(self) -> set[str]:
        """The words, in small letters."""
        return set(map(str.lower, self.words))

    @cached_property
    def pairs(self) -> set[tuple[str, str]]:
        """Pairs of successive words in small letters, whatever signs are between the two."""
        return set(pairwise(self.lower_in_order))

    @cached_property
    def odd(self) -> list[str]:
        """What stands between spaces and is not a word, alone or with a comma or full stop."""
        tokens = (token for token in set(self.text.split()) if not token.isalpha())
        return sorted(t for t in tokens if t[-1] not in ".,;" or not t[:-1].isalpha())

    @cached_property
    def triggered(self) -> dict[int, dict[int, list[tuple[str, ...]]]]:
        """The expressions that can match, by table and number, with words of a block that matches.

        These words are in small letters, and each tuple is a clue.
        """
        tables: dict[int, dict[int, list[tuple[str, ...]]]] = {}
        for word in self.words & _WORDS.keys():
            for table, number in _WORDS[word]:
                tables.setdefault(table, {}).setdefault(number, []).append((word.lower(),))
        for pair in self.pairs & _ENDS_OF_PHRASES:
            for words, (table, number) in _PHRASES[pair]:
                tables.setdefault(table, {}).setdefault(number, []).append(words)
        odd = f" {' '.join(self.odd)} ".lower()
        for signs in (signs for signs in _SIGNS if signs in odd):
            for table, number in _SIGNS[signs]:
                tables.setdefault(table, {}).setdefault(number, []).append((signs,))
        return tables
