"""Choose letters for a blind reading (the same for all readers), and remove names from the letters.

Only the names in the assessment's fields are known, so other forms of a name may be left in.
"""

import hashlib
import re
from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import NamedTuple

from markupsafe import Markup

from prevent_letter.assessment.criteria import Benchmark, Criteria
from prevent_letter.assessment.drafts import Draft, State
from prevent_letter.assessment.header import without_english
from prevent_letter.core import prose
from prevent_letter.core.display import path_from_root
from prevent_letter.core.findings import UsageError
from prevent_letter.results import anonymise
from prevent_letter.results.columns import Cell, as_csv
from prevent_letter.results.year import Authority, Year

PAGE, KEY = "reading.html", "key.csv"
"""The names of two files: the page with the letters, and the key to them."""


class BlindPart(NamedTuple):
    """A benchmark of a letter to read, with the feedback on it as XHTML."""

    benchmark: Benchmark
    good_practice: Markup
    recommendations: Markup


class BlindLetter(NamedTuple):
    """What a letter says on each benchmark, without names, scores and summary."""

    criteria: Criteria
    parts: list[BlindPart]


def choose(year: Year, number: int) -> list[Authority]:
    """Return ``number`` of the year's finished English letters, the same ones each time.

    Regions take turns, alphabetically. In a region, authorities with a score below "met" and the
    others take turns. The chosen letters are sorted by a digest of the authority's name, so that
    their order shows neither region nor scores.

    Raises:
        UsageError: there are fewer letters than ``number``.
    """

    def in_turn(lists: Sequence[Sequence[Authority]]) -> list[Authority]:
        return [authority for authority in chain.from_iterable(zip_longest(*lists)) if authority]

    regions: dict[str, tuple[list[Authority], list[Authority]]] = {}
    for section in year.sections:
        met = section.criteria.scale.met
        for authority in section.authorities:
            is_finished = authority.state in (State.COMPLETE, State.SENT)
            if is_finished and not without_english(authority.result.language):
                unmet, all_met = regions.setdefault(authority.result.region, ([], []))
                is_unmet = any(score < met for score in authority.scores.values())
                (unmet if is_unmet else all_met).append(authority)
    chosen = in_turn([in_turn(sides) for _, sides in sorted(regions.items())])
    if number > len(chosen):
        message = f"only {len(chosen)} letters of {year.period} are complete and in English"
        raise UsageError(f"--sample {number}: {message}")
    return sorted(chosen[:number], key=lambda a: hashlib.sha256(a.result.key.encode()).digest())


def key_to_letters(chosen: Sequence[Authority]) -> bytes:
    """Return the key to the letters as CSV: each letter's authority, region, scores and path."""
    rows: list[tuple[Cell, ...]] = []
    for number, authority in enumerate(chosen, 1):
        result = authority.result
        for id, score in authority.scores.items():
            scale, path = result.criteria.scale, path_from_root(result.path)
            cell = scale.label(score) if scale.names else score
            rows.append((number, authority.name, result.region, id, cell, path))
    return as_csv(("letter", "authority", "region", "benchmark", "score", "path"), rows)


def blind_letter(draft: Draft) -> BlindLetter:
    """Return what the letter of a valid draft says, without the names in its fields."""
    assessment, criteria = draft.valid
    names = (*anonymise.names_of_bodies(draft.source), *anonymise.names_of_people(draft.source))

    def blind(words: str | None) -> Markup:
        """Return prose as XHTML without names, and with links reduced to their words."""
        first, rest = prose.render(anonymise.without_names(words or "", names))
        xhtml = Markup("<p>{}</p>").format(first) + rest if first else rest
        return Markup(re.sub(r"</?a\b[^>]*>", "", xhtml))

    parts = []
    for benchmark in criteria.benchmarks:
        scored = assessment.benchmarks[benchmark.id]
        good_practice = blind(scored.good_practice)
        parts.append(BlindPart(benchmark, good_practice, blind(scored.recommendations)))
    return BlindLetter(criteria, parts)
