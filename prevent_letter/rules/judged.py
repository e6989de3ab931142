"""What the rules look at, and the table of them.

A rule yields a verdict for each thing that it finds: where, a message, help. Its docstring is its explanation: what it
finds and why that matters, with a bad and a good example, which a test runs. What a rule looks at follows from its
code: PL2xx a draft whose assessment is valid, PL3xx the prose of any draft that could be read, PL4xx all drafts of a
run together. To add one, write it with ``@rule`` into the room of its kind and give it a test.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from prevent_letter.assessment import fields
from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.fields import Declared
from prevent_letter.assessment.model import Assessment
from prevent_letter.assessment.settings import Settings
from prevent_letter.assessment.source import KeyPath, Source, pattern
from prevent_letter.ground import prose
from prevent_letter.ground.findings import Place, Severity
from prevent_letter.ground.names import normal, seen


class Verdict(NamedTuple):
    """One thing that a rule finds: at a value, or at words in it."""

    at: KeyPath
    message: str
    help: str
    words: str = ""
    block: "Block | None" = None
    offset: int = 0
    """Where in the block the words begin."""

    def place(self, source: Source) -> Place:
        """Where it stands in the file."""
        return source.find(
            self.at, self.words, self.block.nth(self.words, self.offset) if self.block else 0
        )


Verdicts = Iterator[Verdict]
_WORD = re.compile(r"\w+")


class Block(NamedTuple):
    """A paragraph or list item on one line, an item with its mark; of a name or address, its text on one line."""

    at: KeyPath
    text: str
    passage: str
    start: int = 0
    """Where in its passage the block begins."""
    mark: str = ""
    """The mark with which the text of an item begins."""
    last: bool = True
    """Whether it is the last of its passage."""

    @property
    def words(self) -> str:
        """The block without its mark."""
        return self.text.removeprefix(self.mark).lstrip(" ")

    def verdict(self, found: re.Match[str], message: str, help: str) -> Verdict:
        """A verdict at words of the block, wherever else in the passage the same words stand."""
        return Verdict(self.at, message, help, found[0], self, found.start())

    def nth(self, words: str, offset: int) -> int:
        """How many times words stand in the passage before they stand at an offset of the block."""
        looked_for = pattern(words)
        before = sum(1 for _ in looked_for.finditer(self.passage, 0, self.start))
        return before + sum(1 for _ in looked_for.finditer(self.text[:offset]))

    def sentences(self) -> Iterator[tuple[str, int]]:
        """Its sentences, and where each begins."""
        return prose.sentences(self.text)


@dataclass(frozen=True)
class Judged:
    """One draft as the rules see it."""

    draft: Draft

    @property
    def assessment(self) -> Assessment:
        """The assessment; a rule of PL2xx may count on it."""
        assert self.draft.assessment
        return self.draft.assessment

    @property
    def criteria(self) -> Criteria:
        """The criteria; a rule of PL2xx may count on them."""
        assert self.draft.criteria
        return self.draft.criteria

    def line(self, *at: str) -> str:
        """The text at a key path, on one line; empty where there is none."""
        return self.draft.source.line(*at)

    @cached_property
    def first_year(self) -> int:
        """The first year of the letter's period; 0 where it can't be read."""
        found = re.fullmatch(r"([0-9]{4})/[0-9]{4}", self.line("period"))
        return int(found[1]) if found else 0

    def listed(self, key: str) -> list[Any]:
        """The items of a list, whether they are texts or not; none where there is no list."""
        value = self.draft.source.value(key)
        return value if isinstance(value, list) else []

    @cached_property
    def partners(self) -> list[str]:
        """The other authorities that the letter may name."""
        return [
            " ".join(normal(each).split())
            for each in self.listed("partners")
            if isinstance(each, str)
        ]

    @cached_property
    def texts(self) -> list[tuple[KeyPath, Declared, str]]:
        """Each text that could be read of a field that the letter shows, with its key path."""
        found = fields.texts(Assessment, self.draft.source.data)
        return [
            (at, field, seen(text) if field.kind == "prose" else text)
            for at, field, text in found
            if field.facts.shown
        ]

    @cached_property
    def prose(self) -> list[tuple[KeyPath, str]]:
        """Each passage of prose that could be read, with its key path."""
        return [(at, text) for at, field, text in self.texts if field.kind == "prose"]

    @cached_property
    def blocks(self) -> list[Block]:
        """Each paragraph and list item of the prose."""
        found = []
        for at, passage in self.prose:
            blocks = prose.read(passage)
            found += [
                Block(at, normal(block.line), passage, block.start, block.mark, block is blocks[-1])
                for block in blocks
            ]
        return found

    @property
    def lines(self) -> list[Block]:
        """Each text of the letter that is no prose: names, the address and the like."""
        lines = [
            (at, " ".join(normal(text).split()))
            for at, field, text in self.texts
            if field.kind in ("line", "lines")
        ]
        return [Block(at, text, text) for at, text in lines]

    # A look at these spares most rules a look at the text.

    @cached_property
    def tokens(self) -> list[tuple[Block, list[str]]]:
        """The words of each block, one after the other."""
        return [(block, _WORD.findall(block.text)) for block in self.blocks]

    @cached_property
    def words(self) -> set[str]:
        """All words of the prose."""
        return {word for _, words in self.tokens for word in words}

    @cached_property
    def lowered(self) -> list[tuple[Block, list[str]]]:
        """The same in small letters."""
        return [(block, [*map(str.lower, words)]) for block, words in self.tokens]

    @cached_property
    def lower(self) -> set[str]:
        """All words of the prose in small letters."""
        return {word.lower() for word in self.words}

    @cached_property
    def pairs(self) -> set[tuple[str, str]]:
        """Words in small letters that follow each other, whatever signs stand between."""
        return set().union(*(pairwise(words) for _, words in self.lowered))

    @cached_property
    def sentences(self) -> list[tuple[Block, list[tuple[str, int]]]]:
        """The sentences of each block, and where in it each begins."""
        return [(block, [*block.sentences()]) for block in self.blocks]

    def holding(self, *signs: str) -> Iterator[Block]:
        """The blocks that hold one of some signs or words as they are written."""
        if any(map(self.text.__contains__, signs)):
            yield from (block for block in self.blocks if any(map(block.text.__contains__, signs)))

    @cached_property
    def text(self) -> str:
        """All blocks, a line each."""
        return "\n".join(block.text for block in self.blocks)


@dataclass(frozen=True)
class Kept:
    """What the rules about a run need of one of its drafts, and of a neighbour: not all are held."""

    path: Path
    target: Path | None
    """Where its letter would go."""
    authority: str
    area: str
    period: str
    language: str = ""
    settings: Settings = field(default_factory=Settings)
    partners: tuple[str, ...] = ()
    capitals: frozenset[str] = frozenset()
    """The words of its prose that begin with a capital."""
    accepted: tuple[tuple[int, str, KeyPath], ...] = ()
    """Number, code and key path of each warning that is accepted."""


@dataclass(frozen=True)
class Rule:
    """One rule: ``needed`` names what isn't built without it, though elsewhere it only warns: letter, pdf."""

    code: str
    name: str
    severity: Severity
    needed: str
    english: bool
    """Whether it is about English words, and silent in other languages."""
    judge: Callable[..., Iterator[Any]]

    @property
    def across(self) -> bool:
        """Whether the rule looks at all drafts of a run; its verdicts then come with the draft they are about."""
        return self.code.startswith("PL4")


RULES: dict[str, Rule] = {}
_Judge = Callable[..., Iterator[Any]]


def rule(
    code: str, name: str, severity: Severity, *, needed: str = "", english: bool = False
) -> Callable[[_Judge], _Judge]:
    """Register a rule under its code, which is never given a second meaning."""

    def register(judge: _Judge) -> _Judge:
        assert code not in RULES, code
        RULES[code] = Rule(code, name, severity, needed, english, judge)
        return judge

    return register


class Clues:
    """Expressions, each with words of which one stands in whatever it finds: they spare most letters a look."""

    def __init__(self, *table: tuple[str, str]) -> None:
        """``table``: words with spaces between, and the expression; ``could_of`` are two that follow each other."""
        self.expressions = [expression for _, expression in table]
        self._words: dict[str, int] = {}
        self._pairs: dict[tuple[str, str], int] = {}
        for number, word in (
            (number, word) for number, (words, _) in enumerate(table) for word in words.split()
        ):
            first, _, second = word.partition("_")
            if second:
                self._pairs[first, second] = number
            else:
                self._words[word] = number
        self._compiled: dict[tuple[int, ...], re.Pattern[str]] = {}

    def find(self, judged: Judged) -> Iterator[tuple[Block, re.Match[str]]]:
        """What the expressions find in the prose."""
        words, pairs = judged.words & self._words.keys(), judged.pairs & self._pairs.keys()
        if not words and not pairs:
            return
        numbers = tuple(
            sorted({*(self._words[word] for word in words), *(self._pairs[pair] for pair in pairs)})
        )
        if numbers not in self._compiled:
            self._compiled[numbers] = re.compile(
                "|".join(self.expressions[number] for number in numbers)
            )
        for (block, tokens), (_, lowered) in zip(judged.tokens, judged.lowered, strict=True):
            if not words.isdisjoint(tokens) or (pairs and not pairs.isdisjoint(pairwise(lowered))):
                yield from (
                    (block, found) for found in self._compiled[numbers].finditer(block.text)
                )


_NOTHING = re.compile(
    r"(?:(?:there are )?(?:none|nil|n/?a|not applicable|nothing)(?: (?:as yet|this year|identified|noted|required"
    r"|needed|to (?:add|report)))*"
    r"(?: at (?:this|the) (?:time|stage|point|moment)| at present| currently)?"
    r"|(?:there are )?no (?:further |key |specific |other )?"
    r"(?:recommendations?|good practice|areas? (?:for|of) (?:development|improvement))"
    r"(?: (?:identified|noted|required|needed|made))?(?: at this (?:time|stage))?)?",
    re.I,
)


def is_nothing(words: str | None) -> bool:
    """Whether a passage is left out, or says in some words that there is nothing."""
    if words is not None and len(words) > 200:
        return False
    return (
        words is None
        or _NOTHING.fullmatch(re.sub(r"[^\w/]+|_", " ", words).strip(" /")) is not None
    )
