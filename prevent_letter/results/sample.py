"""Letters for a blind reading: a few, the same for all readers, with the names taken out, and the key to them.

Names in other words than the assessment's own can't be known, so this is "names taken out", and no more.
"""

import hashlib
import re
from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import NamedTuple

from markupsafe import Markup

from prevent_letter.assessment.criteria import Benchmark, Criteria
from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.languages import english
from prevent_letter.ground import prose
from prevent_letter.ground.findings import Misuse, from_root
from prevent_letter.results import names_out
from prevent_letter.results.columns import as_csv
from prevent_letter.results.page import page
from prevent_letter.results.result import State
from prevent_letter.results.year import Authority, Year

PAGE, KEY = "reading.html", "key.csv"
"""The names of the two files."""


class Part(NamedTuple):
    """A benchmark of a letter to read, with what is written on it as XHTML."""

    benchmark: Benchmark
    good_practice: Markup
    recommendations: Markup


class Letter(NamedTuple):
    """What a letter says on each benchmark, without names and scores; the summary would tell of these."""

    criteria: Criteria
    parts: list[Part]


def choose(year: Year, number: int) -> list[Authority]:
    """So many of the year's finished English letters, the same for all who ask: a turn for each region.

    In a region those with something below "met" and those without take turns, each alphabetically. The letters then
    stand in an order that tells nothing of this: by the digests of their authorities' names.

    Raises:
        Misuse: there aren't so many.
    """
    regions: dict[str, list[list[Authority]]] = {}
    for section in year.sections:
        for each in section.authorities:
            if each.state in (State.COMPLETE, State.SENT) and not english(each.result.language):
                unmet = any(score < section.criteria.scale.met for score in each.scores.values())
                regions.setdefault(each.result.region, [[], []])[not unmet].append(each)
    chosen = _in_turn([_in_turn(sides) for _, sides in sorted(regions.items())])
    if number > len(chosen):
        raise Misuse(
            f"--sample {number}: {len(chosen)} letters of {year.period} are complete and in English"
        )
    return sorted(
        chosen[:number], key=lambda each: hashlib.sha256(each.result.key.encode()).digest()
    )


def _in_turn(lists: Sequence[Sequence[Authority]]) -> list[Authority]:
    """One of each list after the other."""
    return [each for each in chain.from_iterable(zip_longest(*lists)) if each is not None]


def reading(year: Year, drafts: Sequence[Draft], marking: str) -> bytes:
    """The page with the letters to read, in UTF-8."""
    letters = [_letter(draft) for draft in drafts]
    sets = list({each.criteria.key: each.criteria for each in letters}.values())
    return page("reading.html.j2", marking, period=year.period, letters=letters, sets=sets)


def key(chosen: Sequence[Authority]) -> bytes:
    """The key to the letters as CSV: which is whose, with the scores that were given."""
    rows: list[tuple[str | int, ...]] = []
    for number, each in enumerate(chosen, 1):
        scale, whose = each.result.criteria.scale, (number, each.name, each.result.region)
        for id, score in each.scores.items():
            rows.append((*whose, id, scale.cell(score), from_root(each.result.path)))
    return as_csv(("letter", "authority", "region", "benchmark", "score", "path"), rows)


def _letter(draft: Draft) -> Letter:
    assessment, criteria = draft.assessment, draft.criteria
    assert assessment
    assert criteria
    names = (*names_out.bodies(draft.source), *names_out.people(draft.source))

    def plain(words: str | None) -> Markup:
        """Prose as XHTML, names taken out; of a link its words alone, since its address would tell."""
        first, rest = prose.render(names_out.taken_out(words or "", names))
        xhtml = Markup("<p>{}</p>").format(first) + rest if first else rest
        return Markup(re.sub(r"</?a\b[^>]*>", "", xhtml))

    parts = [
        Part(each, plain(scored.good_practice), plain(scored.recommendations))
        for each in criteria.benchmarks
        if (scored := assessment.benchmarks[each.id])
    ]
    return Letter(criteria, parts)
