"""Search prose with regular expressions, without trying or compiling those that can't match.

Rules are applied to hundreds of drafts, and most find nothing. Each expression has clues: words or
signs of which every match has at least one. A look-up shows which clues a draft has, and in which
blocks. Only the expressions of these clues are compiled, and they search only these blocks.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count
from typing import NamedTuple

from prevent_letter.assessment.places import KeyPath
from prevent_letter.rules import clues
from prevent_letter.rules.clues import Clues
from prevent_letter.rules.context import RuleBlock, RuleContext

_NUMBERS = count()
"""The number of each table."""


class Expression(str):
    """A regular expression, which ``re`` compiles and keeps when it is first used."""

    __slots__ = ()


def beginning(*words: str) -> str:
    """Return an expression for one of several words that begin a sentence or a part of one.

    The first letter comes first, since ``re`` looks for that fastest.
    """
    begins = r"(?:(?<=^.)|(?<=[.;:] .))"
    return f"(?:{'|'.join(f'{word[0]}{begins}{word[1:]}' for word in words)})"


class BlockMatch(NamedTuple):
    """Words that an expression finds in a block."""

    block: RuleBlock
    match: re.Match[str]


class PassageMatch(NamedTuple):
    """Words that an expression finds in a passage, where lines break as they were written."""

    path: KeyPath
    passage: str
    match: re.Match[str]


class Expressions:
    """A table of expressions, each with its clues, to search text for all of them together.

    An entry is ``(clues, pattern)``; spaces separate the clues, and each clue is one of:

    - ``insert``: a word, with exactly these capitals
    - ``could_of``, ``here_is_no``: successive words in small letters, whatever the text has
    - ``£``, ``[at]``, ``~0``: signs, and letters beside them, in or at the edge of a token (see
      `Clues.odd`); ``~`` is the space before or after it

    ``hint`` is the clue of a table whose patterns have no fixed words: a quick regular expression
    that matches in one of the tokens (see `Clues.odd`) that a match of the table overlaps.
    """

    def __init__(self, *table: tuple[str, str], hint: str = "") -> None:
        self.patterns = tuple(pattern for _, pattern in table)
        self.hint = hint
        self._table = next(_NUMBERS)
        for number, (words, _) in enumerate(table):
            for clue in words.split():
                clues.register(clue, (self._table, number))

    def find(self, context: RuleContext) -> Iterator[BlockMatch]:
        """Yield the matches of the expressions in the blocks of ``context``."""
        matches: list[tuple[int, int, int, re.Match[str]]] = []
        for number, found in self._triggered(context.clues).items():
            blocks: set[int] = set()
            for clue in found:
                together = context.blocks_with(" ".join(clue)) if len(clue[-1]) > 2 else ()
                blocks |= together or frozenset.intersection(*map(context.blocks_with, clue))
            for block in blocks:
                of_block = _compiled(self.patterns[number]).finditer(context.blocks[block].text)
                matches += ((block, match.start(), number, match) for match in of_block)
        end = (-1, 0)  # of the last match: its block and offset
        for block, start, _, match in sorted(matches, key=lambda found: found[:3]):
            if (block, start) >= end:
                end = block, match.end()
                yield BlockMatch(context.blocks[block], match)

    def find_in_passages(self, context: RuleContext) -> Iterator[PassageMatch]:
        """Yield the matches in passages that have a clue of the table."""
        found = self._triggered(context.clues).values()
        texts = {text for several in found for clue in several for text in clue}
        numbers = frozenset[int]().union(*map(context.blocks_with, texts))
        paths = {context.blocks[number].path for number in numbers}
        for path, passage in context.passages if paths else ():
            if path in paths:
                for match in _compiled("|".join(self.patterns)).finditer(passage):
                    yield PassageMatch(path, passage, match)

    def find_in_text(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches of the expressions in a short text on one line."""
        for number in self._triggered(Clues(text, text.lower())):
            yield from _compiled(self.patterns[number]).finditer(text)

    def _triggered(self, of_text: Clues) -> Mapping[int, list[tuple[str, ...]]]:
        """Return the numbers of the expressions to try, each with clues of the blocks to search."""
        if not self.hint:
            return of_text.triggered.get(self._table, {})
        is_hint = _compiled(self.hint).search
        tokens: list[tuple[str, ...]]
        tokens = [(token.lower(),) for token in of_text.odd if is_hint(token)]
        return dict.fromkeys(range(len(self.patterns)), tokens) if tokens else {}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
