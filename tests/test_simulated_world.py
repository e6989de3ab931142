"""The flags in a world whose truth is known: 340 authorities, ten benchmarks, two years, twenty seeds.

The world. Each authority has a latent quality on each benchmark, the sum of independent normal parts with these
standard deviations: region .25, region by benchmark .15, advisor .15, advisor by benchmark .15, a partnership of three
authorities .45 on each benchmark, authority .5, and a rest that brings the variance to 1, of which .8 persists into the
next year. Normal quantiles cut it into levels; the levels' shares go evenly from .03, .14, .36, .34, .13 on the first
benchmark to .08, .26, .38, .22, .06 on the last. 20 advisors have 17 authorities each. A new advisor's parts are drawn
anew in the second year. A harsh advisor is new this year, with .8 less on all benchmarks.

Where it departs from the truth:
- One advisor has one region, but where a test says that two share one; no authority changes its advisor, its region or
  its name, and none is missing in either year. Real regions are of unlike size.
- Regions don't move from year to year by themselves, other than by their advisors. Real ones may.
- Partnerships lie within a region where 17 can be parted by three: the last of each has two.
- The parts are normal and add up; nobody rounds up towards "met", and nobody copies last year's score.
- Scores are made without files; words are made of a stock of phrases, without names, in the test of copied passages
  alone. One sentence in ten is one of three turns of phrase that all use; a real advisor's own return more often.
- Copies are edited by chance: each sentence is left out with one chance in ten, and changed with one chance in five. Real
  copies may be nearer to the original, or rewritten whole.
"""

import random
import re
from itertools import accumulate
from pathlib import Path
from statistics import NormalDist

from prevent_letter import ROOT
from prevent_letter.assessment import criteria as criteria_sets
from prevent_letter.assessment.drafts import State
from prevent_letter.results.flags import (
    HONEST_MOVES,
    large_changes,
    regions_that_moved,
    similar_texts,
)
from prevent_letter.results.result import Result, ScoredText
from prevent_letter.results.year import Section, year

READ = criteria_sets.read(ROOT / "criteria" / "annex_a.yaml").criteria
assert READ
CRITERIA = READ
IDS = list(CRITERIA.by_id)
ADVISORS, EACH, SEEDS = 20, 17, 20
FIRST, LAST = (0.03, 0.14, 0.36, 0.34, 0.13), (0.08, 0.26, 0.38, 0.22, 0.06)


def _cuts(number: int) -> list[float]:
    shares = [
        one + (other - one) * number / (len(IDS) - 1)
        for one, other in zip(FIRST, LAST, strict=True)
    ]
    return [NormalDist().inv_cdf(share) for share in accumulate(shares[:-1])]


CUTS = [_cuts(number) for number in range(len(IDS))]
REST = (1 - 0.25**2 - 3 * 0.15**2 - 0.45**2 - 0.5**2) ** 0.5


class Advisor:
    def __init__(self, chance: random.Random) -> None:
        own = chance.gauss(0, 0.15)
        self.parts = [own + chance.gauss(0, 0.15) for _ in IDS]


def world(seed: int, *, harsh: int | None = None, new: int = 0, share: int = 1) -> Section:
    """A year's scores with last year's; ``share`` advisors share a region."""
    chance = random.Random(seed)
    regions = []
    for _ in range(ADVISORS // share):
        own = chance.gauss(0, 0.25)
        regions.append([own + chance.gauss(0, 0.15) for _ in IDS])
    results = []
    newcomers = {each for each in chance.sample(range(ADVISORS), new + 1) if each != harsh}
    newcomers = set(sorted(newcomers)[:new])
    for advisor in range(ADVISORS):
        before, partnership = Advisor(chance), [0.0] * len(IDS)
        now = Advisor(chance) if advisor in newcomers or advisor == harsh else before
        for number in range(EACH):
            if number % 3 == 0:
                partnership = [chance.gauss(0, 0.45) for _ in IDS]
            own = chance.gauss(0, 0.5)
            base = [
                region + part + own
                for region, part in zip(regions[advisor // share], partnership, strict=True)
            ]
            lasting = [chance.gauss(0, REST * 0.8**0.5) for _ in IDS]
            for period, who in (("2025/2026", before), ("2026/2027", now)):
                severity = -0.8 if advisor == harsh and who is now else 0
                scores = {}
                for at, id in enumerate(IDS):
                    quality = (
                        base[at]
                        + lasting[at]
                        + chance.gauss(0, REST * 0.2**0.5)
                        + who.parts[at]
                        + severity
                    )
                    scores[id] = 1 + sum(quality > cut for cut in CUTS[at])
                name = f"Council {advisor:02}-{number:02}"
                results.append(_result(name, f"Region {advisor // share:02}", period, scores))
    [section] = year(results).sections
    return section


def _result(
    name: str,
    region: str,
    period: str,
    scores: dict[str, int],
    passages: tuple[ScoredText, ...] = (),
) -> Result:
    path = Path(f"/{name}_{period[-4:]}.yaml")
    lines = dict.fromkeys(scores, 1)
    return Result(
        path,
        name,
        region,
        period,
        "",
        CRITERIA,
        State.COMPLETE,
        scores,
        lines,
        (),
        passages,
        (name,),
    )


def named(section: Section) -> set[int]:
    return {int(flag.fact.split()[1].strip(":")) for flag in regions_that_moved(section)}


def test_scores_stay_as_they_do_in_the_world_that_was_measured() -> None:
    changes = [by for each in world(1).authorities for by in each.changes.values()]
    assert 0.62 < changes.count(0) / len(changes) < 0.72


def test_a_new_harsh_advisor_is_named_and_next_to_nobody_else() -> None:
    found = [(seed % ADVISORS, named(world(seed, harsh=seed % ADVISORS))) for seed in range(SEEDS)]
    assert sum(harsh in regions for harsh, regions in found) >= 19
    assert sum(len(regions - {harsh}) for harsh, regions in found) <= 4


def test_where_nobody_is_new_next_to_nobody_is_named() -> None:
    assert sum(bool(named(world(100 + seed))) for seed in range(SEEDS)) <= 1


def test_honest_changes_of_two_levels_are_as_many_as_the_page_says() -> None:
    least, most = (share * len(IDS) * EACH * ADVISORS for share in HONEST_MOVES)
    for seed, new in ((1, 3), (2, 3), (3, 18), (4, 18)):
        assert least - 1 <= len([*large_changes(world(seed, new=new))]) <= most + 1


# Words.

WHO = "board|council|partnership|panel|coordinator|safeguarding team|steering group|local force|education lead|lead officer".split(
    "|"
)
DOES = (
    "reviews|discusses|shares|improves|supports|monitors|promotes|revises|delivers|records".split(
        "|"
    )
)
WHAT = "the action plan|its referrals|the training offer|the local risks|the risk register|each case|its venue policy|the communications plan|the pathway|its own learning".split(
    "|"
)
HOW = "with care|in good time|across all wards|with the districts|through its schools|in plain words|without delay|twice a year|with new partners|as agreed".split(
    "|"
)
WHY = "so that staff know what to do|because gaps were found before|and tells the members|which residents have welcomed|and keeps a record of it|so that risks are seen early|as the auditors advised|and this is bearing fruit|though more is needed|and has done so since spring".split(
    "|"
)
FORMULAS = [
    "I was pleased to see the progress that was made on this benchmark.",
    "There is a clear commitment to this work from the leadership.",
    "This should be built on in the year to come with partners.",
]


def sentence(chance: random.Random) -> str:
    if chance.random() < 0.1:
        return chance.choice(FORMULAS)
    return f"The {chance.choice(WHO)} {chance.choice(DOES)} {chance.choice(WHAT)} {chance.choice(HOW)} {chance.choice(WHY)}."


def copied(words: list[str], chance: random.Random) -> list[str]:
    kept = [each for each in words if chance.random() > 0.1] or words
    return [
        re.sub(r" (\w+)\.$", r" it seems.", each) if chance.random() < 0.2 else each
        for each in kept
    ]


def with_words(section: Section, seed: int, copies: int) -> tuple[Section, set[frozenset[str]]]:
    """The year with five to eight sentences on each benchmark, and who copied from whom though their scores differ."""
    chance = random.Random(seed)
    said = {
        each.name: {id: [sentence(chance) for _ in range(chance.randint(5, 8))] for id in IDS}
        for each in section.authorities
    }
    pairs: set[frozenset[str]] = set()
    taken: set[str] = set()
    while len(pairs) < copies:
        (one, other), id = chance.sample(section.authorities, 2), chance.choice(IDS)
        if one.scores[id] != other.scores[id] and not taken & {one.name, other.name}:
            taken |= {one.name, other.name}
            said[other.name][id] = copied(said[one.name][id], chance)
            said[one.name][id][0] = (
                f"{one.name} has {chance.randint(2, 99)} members. " + said[one.name][id][0]
            )
            pairs.add(frozenset((one.name, other.name)))
    results = []
    for each in section.authorities:
        passages = tuple(
            ScoredText.of(id, "good_practice", " ".join(words), 1)
            for id, words in said[each.name].items()
        )
        results.append(_result(each.name, each.result.region, "2026/2027", each.scores, passages))
    [made] = year(results).sections
    return made, pairs


def test_copied_passages_are_found_and_none_that_were_written_apart() -> None:
    for seed in range(3):
        section, pairs = with_words(world(seed), seed, copies=10)
        found = {
            frozenset(re.findall(r"Council \d\d-\d\d", flag.fact))
            for flag in similar_texts(section)
        }
        assert len(found & pairs) >= 8
        assert not found - pairs
