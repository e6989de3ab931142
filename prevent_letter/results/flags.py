"""What to re-read before the letters go out: three kinds of flags, each a fact and a question.

The thresholds were measured on simulated data: 20 advisors with 340 authorities in all, ten
benchmarks and two years (tests/test_simulated_world.py, benchmarks/regions.py).
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from prevent_letter.core import prose
from prevent_letter.results import anonymise
from prevent_letter.results.ranks import discoveries, rank_sum
from prevent_letter.results.result import ScoredText, Where
from prevent_letter.results.year import Authority, Section, share

FEWEST_OF_A_REGION = 8
"""The fewest comparable authorities that a region needs to be tested. Fewer show nothing."""
FALSE_DISCOVERIES = 0.05
"""Of the regions named, the greatest expected share named by chance alone. In 20 simulated years,
the region of a new advisor, harsher by .8 standard deviations, was named 20 times and another once.
With no new advisor, no region was named in 20 years, and two regions in 60 years. With three more
new advisors, 28 other regions were named in 20 years: any new advisor's region can be named."""
MANY_LEVELS = 2
"""The fewest levels by which a flagged score moved. A third of all scores move by one each year."""
HONEST_MOVES = 0.002, 0.015
"""The least and the greatest share of scores expected to move by two levels or more in a year. Of
3,400 scores, 6 did so in the calmest of 20 simulated years in which 3 of 20 advisors were new, and
51 in the liveliest of 20 years in which 18 were new."""
FEWEST_WORDS = 30
"""The fewest words of a text that is compared with others. Shorter texts are alike by chance."""
ALIKE = 0.6
"""The least share of the shorter text's words in identical sentences. Of 300 simulated copies, with
one sentence in ten left out and one in five changed, 258 were found. Among 102,000 texts written
independently, no pair was found."""
COMMON_SENTENCE = 20
"""A sentence in more texts on one benchmark than this is ignored as a set phrase. An advisor has
fewer authorities (17). Without this limit, pairs grow as the square of the number of texts."""
MOST_PAIRS = 20
"""The most pairs that are shown; the rest are counted."""

FAIR = "Being listed is no finding against anyone: each is a question, and most have a good answer."
"""The sentence that the text, the page and the workbook show with the flags."""
CAN_SAY = (
    "Each authority is scored by one advisor. Where a region scores lower than others, the numbers"
    " can't show whether its authorities do less or its advisor reads the levels more strictly;"
    " only reading the same letters can.",
    "Where a region has one advisor, readers can tell whose scores these are.",
    "The numbers can show where scores moved together on last year, which moved far, and where"
    " similar wording has different scores: that is, which letters to read first.",
    "There are no totals, averages or ranks: the benchmarks are not of equal weight, and the"
    " letters say so.",
)
"""What the numbers can and can't say."""


class Flag(NamedTuple):
    """Something to re-read: a fact, a question, and the places (none for a flag about a region)."""

    fact: str
    question: str
    places: tuple[Where, ...] = ()


class FlagGroup(NamedTuple):
    """The flags of one kind; ``more`` counts those that are not shown."""

    name: str
    chance: str
    """What is expected by chance, in a sentence."""
    flags: tuple[Flag, ...]
    more: int
    total: int | None
    """The number of flags, shown or not; None if there was nothing to compare."""


def flags(section: Section) -> tuple[FlagGroup, FlagGroup, FlagGroup]:
    """Return all flags about the authorities that are scored against one criteria set."""
    tested = bool(_comparable_regions(section))
    chance = "If no region had moved, fewer than one year in ten would name any."
    if not tested:
        chance = f"No region could be compared: it takes {FEWEST_OF_A_REGION} authorities with"
        chance += " last year's, and others."
    moved = tuple(regions_that_moved(section))
    total = len(moved) if tested else None
    regions = FlagGroup("regions whose scores moved together", chance, moved, 0, total)
    compared = sum(len(authority.changes) for authority in section.authorities)
    least, most = (round(compared * part) for part in HONEST_MOVES)
    chance = f"Of {compared} scores with last year's beside them, about {least} to {most}"
    chance += " are expected to move so far in a year."
    if not compared:
        chance = "There is no score of last year to compare."
    large = tuple(large_changes(section))
    total = len(large) if compared else None
    changes = FlagGroup("changes of two levels or more", chance, large, 0, total)
    pairs = [*similar_texts(section)]
    chance = "Among texts that were written apart, none is expected."
    name, shown, more = "similar wording, different scores", pairs[:MOST_PAIRS], pairs[MOST_PAIRS:]
    texts = FlagGroup(name, chance, tuple(shown), len(more), len(pairs))
    return regions, changes, texts


def _comparable_regions(section: Section) -> dict[str, tuple[list[Authority], list[Authority]]]:
    """Return, for each region that can be tested, its authorities and those of other regions."""
    comparable = [authority for authority in section.authorities if authority.changes]
    regions: dict[str, list[Authority]] = {}
    for authority in comparable:
        regions.setdefault(authority.result.region, []).append(authority)
    return {
        name: (regions[name], [a for a in comparable if a.result.region != name])
        for name in sorted(regions)
        if name and FEWEST_OF_A_REGION <= len(regions[name]) < len(comparable)
    }


def regions_that_moved(section: Section) -> Iterator[Flag]:
    """Yield the regions whose authorities moved up or down unlike those of other regions.

    Each authority is one observation (its ups minus its downs), because its ten scores are not
    independent. Levels are not compared, because they can depend on the region or its advisor.
    """
    regions = _comparable_regions(section)
    p_values = [rank_sum(_balances(own), _balances(others)) for own, others in regions.values()]
    is_discovery = discoveries(p_values, FALSE_DISCOVERIES)
    for (name, (own, others)), differs in zip(regions.items(), is_discovery, strict=True):
        if differs and any(_balances(own)):
            compared, up, down = _moves(own)
            _, up_elsewhere, down_elsewhere = _moves(others)
            fact = f"{name}: of {compared} scores {up} went up and {down} went down on last year"
            fact += f"; elsewhere {up_elsewhere} and {down_elsewhere}."
            question = "Was it the year itself, a new advisor, or another reading of the levels?"
            yield Flag(fact, f"{question} The scores alone can't say.")


def _balances(authorities: Iterable[Authority]) -> list[int]:
    """Return, for each authority, how many scores went up minus how many went down."""
    return [sum((by > 0) - (by < 0) for by in a.changes.values()) for a in authorities]


class _Moves(NamedTuple):
    compared: int
    up: str
    down: str


def _moves(authorities: Iterable[Authority]) -> _Moves:
    """Return how many scores can be compared, and the shares of them that went up and down."""
    moves = [by for authority in authorities for by in authority.changes.values()]
    up, down = sum(by > 0 for by in moves), sum(by < 0 for by in moves)
    return _Moves(len(moves), share(up, len(moves)), share(down, len(moves)))


def large_changes(section: Section) -> Iterator[Flag]:
    """Yield the scores that moved by two levels or more, authority by authority."""
    label = section.criteria.scale.label
    for authority in section.authorities:
        for id, by in authority.changes.items():
            if abs(by) >= MANY_LEVELS and authority.last:
                last, now = label(authority.last[id]), label(authority.scores[id])
                fact = f"{authority.name}, {section.criteria.by_id[id].name}"
                fact += f": {last} last year, {now} this year."
                question = "Does the letter say what changed?"
                yield Flag(fact, question, authority.places(id))


# Similar wording, different scores.

_WORD = re.compile(r"[^\W\d_][\w'’]*")


class _ComparedText(NamedTuple):
    """A text to compare, without the sentences of the criteria."""

    authority: Authority
    text: ScoredText
    score: int
    sentences: "array[int]"
    """The hash of each sentence and its benchmark: the words of 20,000 texts would fill 300 MB."""
    lengths: "array[int]"
    """The number of words of each sentence."""

    @property
    def where(self) -> Where:
        """The place of the text."""
        return self.authority.result.where(self.text.benchmark, self.text.key, self.text.line)

    def rare(self, times: Counter[int]) -> dict[int, int]:
        """Return the length of each sentence that is no set phrase."""
        sentences = zip(self.sentences, self.lengths, strict=True)
        return {s: length for s, length in sentences if times[s] <= COMMON_SENTENCE}


def similar_texts(section: Section) -> Iterator[Flag]:
    """Yield pairs of texts on one benchmark with shared sentences and different scores."""
    compared = [*_compared_texts(section)]
    times = Counter(sentence for text in compared for sentence in text.sentences)
    texts: list[_ComparedText] = []
    index: dict[int, list[int]] = {}
    for text in compared:
        rare = text.rare(times)
        if sum(rare.values()) >= FEWEST_WORDS:
            for sentence in (sentence for sentence in rare if times[sentence] > 1):
                index.setdefault(sentence, []).append(len(texts))
            texts.append(text)
    shared: Counter[tuple[int, int]] = Counter()
    for sentence, numbers in index.items():
        for one, other in combinations(numbers, 2):
            if texts[one].score != texts[other].score:  # so the texts are two authorities'
                shared[one, other] += texts[one].lengths[texts[one].sentences.index(sentence)]
    reported: set[tuple[str, str, str]] = set()
    for (one, other), words in sorted(shared.items()):
        first, second = texts[one], texts[other]
        shorter = min(sum(text.rare(times).values()) for text in (first, second))
        pair = first.text.benchmark, first.authority.name, second.authority.name
        if words >= ALIKE * shorter and pair not in reported:
            reported.add(pair)
            label = section.criteria.scale.label
            names = [f"{t.authority.name} ({label(t.score)})" for t in (first, second)]
            fact = f"{section.criteria.by_id[first.text.benchmark].name}: {' and '.join(names)}"
            fact += f" have {words} of {shorter} words in the same sentences."
            question = "Are both scores right for what the words say?"
            yield Flag(fact, question, (first.where, second.where))


def _compared_texts(section: Section) -> Iterator[_ComparedText]:
    """Yield the texts on each scored benchmark."""
    known: set[str] = set()
    for benchmark in section.criteria.benchmarks:
        for words in (benchmark.statement, *benchmark.levels):
            known |= _sentences(words, ()).keys()
    for authority in section.authorities:
        for text in authority.result.texts:
            if (score := authority.scores.get(text.benchmark)) is not None:
                found = _sentences(text.words, authority.result.names)
                own = {hash((text.benchmark, s)): n for s, n in found.items() if s not in known}
                sentences, lengths = array("q", own.keys()), array("H", own.values())
                yield _ComparedText(authority, text, score, sentences, lengths)


def _sentences(passage: str, names: tuple[str, ...]) -> dict[str, int]:
    """Return sentences in small letters, without names and digits, each with its word count.

    A capitalised word inside a sentence counts as a name.
    """
    sentences: dict[str, int] = {}
    text = anonymise.without_names(passage, names).replace(anonymise.NAME, " ")
    for block in prose.parse(text):
        for sentence, _ in prose.sentences(prose.one_line(block.text)):
            first, *rest = _WORD.findall(sentence) or [""]
            words = [first.lower(), *(word.lower() for word in rest if not word[0].isupper())]
            if first:
                sentences[" ".join(words)] = len(words)
    return sentences
