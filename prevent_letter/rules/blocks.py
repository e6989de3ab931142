"""The prose of a draft, paragraph by paragraph, and the problems that rules find in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.fields import FieldText, walk_texts
from prevent_letter.assessment.model import Assessment
from prevent_letter.assessment.places import KeyPath, Source, words_pattern
from prevent_letter.core import prose
from prevent_letter.core.findings import Place
from prevent_letter.core.names import normalise, strip_invisible


class Problem(NamedTuple):
    """One problem that a rule finds, at a value or at words in it."""

    path: KeyPath
    message: str
    help: str
    words: str = ""
    block: "RuleBlock | None" = None
    offset: int = 0
    """Where in the block the words begin."""

    def place(self, source: Source) -> Place:
        """Return the problem's place in the file."""
        nth = 0  # how often the words occur before in the passage
        if self.block:
            pattern, block = words_pattern(self.words), self.block
            nth = sum(1 for _ in pattern.finditer(block.passage, 0, block.start))
            nth += sum(1 for _ in pattern.finditer(block.text[: self.offset]))
        return source.find(self.path, self.words, nth)


Problems = Iterator[Problem]


@dataclass(frozen=True)
class RuleBlock:
    """A paragraph or list item on one line (an item with its mark), or a field's text."""

    path: KeyPath
    text: str
    passage: str
    start: int = 0
    """Where in its passage the block begins."""
    mark: str = ""
    """The mark that begins the text of a list item."""
    is_last: bool = True
    """True if it is the last block of its passage."""

    @property
    def section(self) -> str:
        """The section that the block is in: the id of a benchmark, or a key."""
        return str(self.path[1] if self.path[0] == "benchmarks" else self.path[0])

    @property
    def is_recommendation(self) -> bool:
        """True if it is in a benchmark's recommendations or a key recommendation."""
        return self.path[0] == "key_recommendations" or self.path[-1] == "recommendations"

    @property
    def without_mark(self) -> str:
        """The text without the mark of its item."""
        return self.text.removeprefix(self.mark).lstrip(" ")

    @cached_property
    def lower(self) -> str:
        """The text in small letters."""
        return self.text.lower()

    @cached_property
    def words(self) -> list[str]:
        """The words, in order."""
        return re.findall(r"\w+", self.text)

    @cached_property
    def lower_words(self) -> list[str]:
        """The words in small letters."""
        return [*map(str.lower, self.words)]

    @cached_property
    def sentences(self) -> list[tuple[str, int]]:
        """The sentences, each with its offset."""
        return [*prose.sentences(self.text)]

    def sentence_at(self, offset: int) -> tuple[str, int]:
        """Return the sentence at an offset, and where it begins."""
        return next(pair for pair in reversed(self.sentences) if pair[1] <= offset)

    def problem(self, match: re.Match[str], message: str, help: str) -> Problem:
        """Return a problem at words of the block."""
        return Problem(self.path, message, help, match[0], self, match.start())

    def problem_at(self, offset: int, words: str, message: str, help: str) -> Problem:
        """Return a problem at words that begin at an offset of the block."""
        return Problem(self.path, message, help, words, self, offset)


@dataclass(frozen=True)
class DraftProse:
    """All texts of a draft, valid or not."""

    draft: Draft

    @cached_property
    def texts(self) -> list[FieldText]:
        """Each readable text of a field that the letter shows."""
        texts = []
        for path, shown, text in walk_texts(Assessment, self.draft.source.data):
            if shown.use.shown:
                stripped = strip_invisible(text) if shown.kind == "prose" else text
                texts.append(FieldText(path, shown, stripped))
        return texts

    @cached_property
    def passages(self) -> list[tuple[KeyPath, str]]:
        """Each passage of prose that could be read, with its key path."""
        return [(path, text) for path, shown, text in self.texts if shown.kind == "prose"]

    @cached_property
    def blocks(self) -> list[RuleBlock]:
        """Each paragraph and list item of the prose."""
        blocks = []
        for path, passage in self.passages:
            parsed = prose.parse(passage)
            for block in parsed:
                is_last = block is parsed[-1]
                text = normalise(block.line)
                blocks.append(RuleBlock(path, text, passage, block.start, block.mark, is_last))
        return blocks

    @property
    def lines(self) -> list[RuleBlock]:
        """Each text of the letter that is not prose: names, the address and the like."""
        lines = [
            (path, " ".join(normalise(text).split()))
            for path, shown, text in self.texts
            if shown.kind in ("line", "lines")
        ]
        return [RuleBlock(path, text, text) for path, text in lines]

    @cached_property
    def words(self) -> set[str]:
        """All words of the prose, as they are written."""
        return {word for block in self.blocks for word in block.words}

    @cached_property
    def pairs(self) -> set[tuple[str, str]]:
        """Pairs of successive words in small letters, whatever signs are between the two."""
        return set().union(*(pairwise(block.lower_words) for block in self.blocks))

    @cached_property
    def text(self) -> str:
        """All blocks, each on a line."""
        return "\n".join(block.text for block in self.blocks)

    @cached_property
    def lower_text(self) -> str:
        """All blocks in small letters, each on a line."""
        return self.text.lower()
