"""What to read again before the letters go out: three flags and no more, each a fact and a question.

What each threshold was measured with is said beside it: 340 authorities of 20 advisors, ten benchmarks, two years,
simulated (tests/test_simulated_world.py, benchmarks/regions.py).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any, NamedTuple

from prevent_letter.assessment.criteria import Criteria
from prevent_letter.ground import prose
from prevent_letter.results import names_out
from prevent_letter.results.ranks import discoveries, rank_sum
from prevent_letter.results.result import Passage, Where
from prevent_letter.results.year import Authority, Section, share

FEWEST_OF_A_REGION = 8
"""The comparable authorities that a region has at the least to be tested: a smaller one's few moves say nothing."""
FALSE_DISCOVERIES = 0.05
"""The rate of regions named by chance alone. In 20 simulated years an advisor who was new and harsher by .8 standard
deviations was named 20 times, with 1 region besides. Where nobody was new, no region was named in 20 years, and in 60
years two were. With three more new advisors, 28 were in 20 years: whoever is new may be named."""
MANY_LEVELS = 2
"""The levels that a score moves by to be read again. By one, a third of all scores move each year."""
HONEST_MOVES = 0.002, 0.015
"""The least and the greatest share of comparisons that move so far honestly in a year: 6 of 3,400 in the calmest of 20
simulated years in which three of 20 advisors were new, 51 in the liveliest of 20 in which 18 were."""
FEWEST_WORDS = 30
"""The words of a passage that is compared with others: shorter ones are alike by chance."""
ALIKE = 0.6
"""The share of the shorter passage's words in identical sentences. Of 300 simulated copies, one sentence
in ten left out and one in five changed, 258 were found; among 102,000 passages written apart, no pair."""
COMMON_SENTENCE = 20
"""The passages on one benchmark in which a sentence may stand, and still tells of copying: an advisor has 17
authorities, and what stands in more is a turn of phrase. Without it the pairs would grow as their square."""
MOST_PAIRS = 20
"""The pairs that are shown; the rest are counted."""


class Flag(NamedTuple):
    """Something to read again: a fact, a question, and the places, none where it is about a region."""

    fact: str
    question: str
    places: tuple[Where, ...] = ()


class Kind(NamedTuple):
    """The flags of one kind; ``more`` counts those that aren't shown."""

    name: str
    chance: str
    """What is expected by chance, in a sentence."""
    flags: tuple[Flag, ...]
    more: int = 0
    known: bool = True
    """Whether there was anything to compare."""

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.flags) + self.more

    def plain(self) -> dict[str, Any]:
        """The kind as an object of JSON."""
        flags = [
            {**each._asdict(), "places": [place.plain() for place in each.places]}
            for each in self.flags
        ]
        count = self.total if self.known else None
        return {"kind": self.name, "count": count, "expected": self.chance, "flags": flags}


FAIR = "Being listed is no finding against anyone: each is a question, and most have a good answer."
"""What stands above all flags."""
CAN_SAY = (
    "Each authority is scored by one advisor. Where a region scores lower than others, the numbers can't tell whether "
    "its authorities do less or its advisor reads the levels more strictly; only reading the same letters can.",
    "A region with one advisor is that advisor to all who know it.",
    "The numbers can show where scores moved together on last year, which moved far, and where like words are scored "
    "unlike: so, which letters to read first.",
    "There are no totals, averages or places: the benchmarks aren't of equal weight, and the letters say so.",
)
"""What the numbers can and can't say."""


def flags(section: Section) -> tuple[Kind, Kind, Kind]:
    """All that is to be read again of the authorities scored against one set."""
    return _moved(section), _changed(section), _alike(section)


def _moved(section: Section) -> Kind:
    tested = bool(_regions(section))
    chance = "If no region had moved, fewer than one year in ten would name any."
    if not tested:
        chance = f"No region could be compared: it takes {FEWEST_OF_A_REGION} authorities with last year's, and others."
    return Kind(
        "regions whose scores moved together", chance, tuple(moved_together(section)), known=tested
    )


def _changed(section: Section) -> Kind:
    compared = sum(len(each.changes) for each in section.authorities)
    least, most = (round(compared * part) for part in HONEST_MOVES)
    chance = f"Of {compared} scores with last year's beside them, about {least} to {most} move so far honestly in a year."
    if not compared:
        chance = "There is no score of last year to compare."
    return Kind(
        "changes of two levels or more", chance, tuple(changed_much(section)), known=compared > 0
    )


def _alike(section: Section) -> Kind:
    pairs = [*like_words(section)]
    chance = "Among passages that were written apart, none is expected."
    return Kind(
        "like words, unlike scores", chance, tuple(pairs[:MOST_PAIRS]), len(pairs[MOST_PAIRS:])
    )


def _regions(section: Section) -> dict[str, tuple[list[Authority], list[Authority]]]:
    """By its name each region that can be tested: its authorities that can be compared, and all others'."""
    comparable = [each for each in section.authorities if each.changes]
    regions: dict[str, list[Authority]] = {}
    for each in comparable:
        regions.setdefault(each.result.region, []).append(each)
    return {
        name: (regions[name], [each for each in comparable if each.result.region != name])
        for name in sorted(regions)
        if name and FEWEST_OF_A_REGION <= len(regions[name]) < len(comparable)
    }


def moved_together(section: Section) -> Iterator[Flag]:
    """The regions in which authorities went up, or down, otherwise than in all others.

    An authority is one observation, its ups minus its downs: its ten scores aren't independent. Levels aren't compared:
    what an advisor is like can't be told from what a region is like.
    """
    regions = _regions(section)
    p_values = [rank_sum(_balances(own), _balances(others)) for own, others in regions.values()]
    for (name, (own, others)), counts in zip(
        regions.items(), discoveries(p_values, FALSE_DISCOVERIES), strict=True
    ):
        if counts and any(_balances(own)):
            here, up, down = _shares(own)
            _, elsewhere_up, elsewhere_down = _shares(others)
            fact = (
                f"{name}: of {here} scores {up} went up and {down} went down on last year; "
                f"elsewhere {elsewhere_up} and {elsewhere_down}."
            )
            question = "Was it the year itself, a new advisor, or another reading of the levels? The scores alone can't say."
            yield Flag(fact, question)


def _balances(authorities: Iterable[Authority]) -> list[int]:
    """Each authority's ups minus downs."""
    return [sum((by > 0) - (by < 0) for by in each.changes.values()) for each in authorities]


def _shares(authorities: Iterable[Authority]) -> tuple[int, str, str]:
    """How many scores can be compared, and the shares of them that went up and down."""
    moves = [by for each in authorities for by in each.changes.values()]
    up, down = (sum(by * way > 0 for by in moves) for way in (1, -1))
    return len(moves), share(up, len(moves)), share(down, len(moves))


def changed_much(section: Section) -> Iterator[Flag]:
    """The scores that moved by two levels or more: a reading list, authority by authority."""
    label = section.criteria.scale.label
    for each in section.authorities:
        for id, by in each.changes.items():
            if abs(by) >= MANY_LEVELS and each.last:
                name = section.criteria.by_id[id].name
                fact = f"{each.name}, {name}: {label(each.last[id])} last year, {label(each.scores[id])} this year."
                yield Flag(fact, "Does the letter say what changed?", tuple(each.where(id)))


# Like words, unlike scores.

_WORD = re.compile(r"[^\W\d_][\w'’]*")


class _Said(NamedTuple):
    """A passage as it is compared: its sentences, names and digits taken out, each with the number of its words."""

    authority: Authority
    passage: Passage
    sentences: dict[str, int]

    @property
    def words(self) -> int:
        return sum(self.sentences.values())

    @property
    def score(self) -> int:
        return self.authority.scores[self.passage.benchmark]


def like_words(section: Section) -> Iterator[Flag]:
    """Pairs of passages on one benchmark that two authorities share, but not the score, by an index of sentences."""
    said = [*_said(section)]
    index: dict[tuple[str, str], list[int]] = {}
    for number, each in enumerate(said):
        for sentence in each.sentences:
            index.setdefault((each.passage.benchmark, sentence), []).append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for (_, sentence), found in index.items():
        for one, other in combinations(found, 2):
            if said[one].score != said[other].score:  # and so another authority's
                shared[one, other] += said[one].sentences[sentence]
    told: set[tuple[str, str, str]] = set()
    for (one, other), words in sorted(shared.items()):
        first, second = said[one], said[other]
        shorter = min(first.words, second.words)
        pair = first.passage.benchmark, first.authority.name, second.authority.name
        if words >= ALIKE * shorter and pair not in told:
            told.add(pair)
            yield _pair(section.criteria, first, second, f"{words} of {shorter}")


def _pair(criteria: Criteria, first: _Said, second: _Said, alike: str) -> Flag:
    named = [
        f"{each.authority.name} ({criteria.scale.label(each.score)})" for each in (first, second)
    ]
    about = criteria.by_id[first.passage.benchmark].name
    fact = f"{about}: {' and '.join(named)} have {alike} words in the same sentences."
    return Flag(
        fact,
        "Are both scores right for what the words say?",
        (first.passage.where, second.passage.where),
    )


def _said(section: Section) -> list[_Said]:
    """The passages that are long enough, without the sentences of the criteria and those that are turns of phrase."""
    criteria = section.criteria
    texts = (text for each in criteria.benchmarks for text in (each.statement, *each.levels))
    known = {sentence for text in texts for sentence in _sentences(text, ())}
    said = [
        _Said(authority, passage, _sentences(passage.words, authority.result.names))
        for authority in section.authorities
        for passage in authority.result.passages
        if passage.benchmark in authority.scores
    ]
    times = Counter(
        (each.passage.benchmark, sentence) for each in said for sentence in each.sentences
    )
    for each in said:
        for sentence in [*each.sentences]:
            if sentence in known or times[each.passage.benchmark, sentence] > COMMON_SENTENCE:
                del each.sentences[sentence]
    return [each for each in said if each.words >= FEWEST_WORDS]


def _sentences(passage: str, names: tuple[str, ...]) -> dict[str, int]:
    """The sentences of a passage in small letters, names and digits taken out, each with the number of its words.

    What begins with a capital within a sentence is taken for a name.
    """
    found: dict[str, int] = {}
    for block in prose.read(names_out.taken_out(passage, names).replace(names_out.NAME, " ")):
        for sentence, _ in prose.sentences(prose.one_line(block.text)):
            words = _WORD.findall(sentence)
            kept = [
                word.lower()
                for number, word in enumerate(words)
                if not number or not word[0].isupper()
            ]
            found |= {" ".join(kept): len(kept)} if kept else {}
    return found
