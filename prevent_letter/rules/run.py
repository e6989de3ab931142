"""The drafts of a run against each other (PL4xx)."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.fields import quoted
from prevent_letter.assessment.languages import english, in_other_languages
from prevent_letter.assessment.settings import leads_to
from prevent_letter.ground.findings import MOST, shown
from prevent_letter.ground.names import folded
from prevent_letter.rules.judged import Judged, Kept, Verdict, rule


@dataclass(frozen=True)
class Run:
    """What is kept of all drafts of a run, and the way to open one again."""

    drafts: list[Kept]
    open: Callable[[Path], Draft]


@rule("PL401", "two assessments of one authority and period", "error")
def assessed_twice(run: Run) -> Iterator[tuple[Kept, Verdict]]:
    """Two assessments are of the same authority and period: one of them is a copy that was forgotten, or misnamed.

    One in each language is as it should be.

    Bad:
        # exampleshire_2027.yaml
        authority: Exampleshire County Council
        period: 2026/2027
        # exampleshire_2027_copy.yaml
        authority: Exampleshire County Council
        period: 2026/2027
    Good:
        # exampleshire_2026.yaml
        authority: Exampleshire County Council
        period: 2025/2026
        # exampleshire_2027.yaml
        authority: Exampleshire County Council
        period: 2026/2027
    """
    same: dict[tuple[str, str, str], list[Kept]] = {}
    for kept in run.drafts:
        if kept.authority and kept.period:
            same.setdefault(
                (folded(kept.authority), kept.period, english(kept.language)), []
            ).append(kept)
    help = "delete one of the two, or correct authority or period"
    for drafts in same.values():
        for kept in drafts if len(drafts) > 1 else ():
            other = drafts[0] if kept is not drafts[0] else drafts[1]
            message = f"{shown(other.path)} assesses the same authority for the same period"
            yield kept, Verdict(("authority",), message, help)


@rule("PL402", "two letters in one place", "error")
def one_target(run: Run) -> Iterator[tuple[Kept, Verdict]]:
    """Two assessments would write the same letter, so neither is built. Capitals don't count, as on Windows.

    Bad:
        # exampleshire.yaml
        authority: Exampleshire County Council
        # exampleshire.yml
        authority: Rutshire Borough Council
    Good:
        # exampleshire.yaml
        authority: Exampleshire County Council
        # rutshire.yaml
        authority: Rutshire Borough Council
    """
    meeting: dict[str, list[Kept]] = {}
    for kept in run.drafts:
        if kept.target:
            target = leads_to(kept.target)
            meeting.setdefault(unicodedata.normalize("NFC", target).casefold(), []).append(kept)
    help = "rename one of the two assessments, or build them into different folders"
    for drafts in meeting.values():
        for kept in drafts:
            for other in islice((other for other in drafts if other is not kept), MOST):
                where = shown(kept.target or kept.path)
                yield (
                    kept,
                    Verdict((), f"{shown(other.path)} would write the same letter, {where}", help),
                )


@rule("PL403", "another authority's name", "warning")
def another_authority(run: Run) -> Iterator[tuple[Kept, Verdict]]:
    """The name of another authority or area of this run stands in the prose: the copy-and-paste error.

    Names count as whole words, with their capitals. Those under ``partners``, and the areas of these, may stand.

    Bad:
        # exampleshire.yaml
        area: Exampleshire
        summary: Prevent in Rutshire is well led.
        # rutshire.yaml
        authority: Rutshire Borough Council
        area: Rutshire
        summary: Prevent in Rutshire is well led.
    Good:
        # exampleshire.yaml
        area: Exampleshire
        summary: Prevent in Exampleshire is well led.
        # rutshire.yaml
        authority: Rutshire Borough Council
        area: Rutshire
        summary: Prevent in Rutshire is well led.
    """
    areas: dict[str, set[str]] = {}
    for kept in run.drafts:
        areas.setdefault(folded(kept.authority), set()).update((kept.authority, kept.area))
    index = _by_capital({name for several in areas.values() for name in several})
    translations = in_other_languages(run.drafts)
    for kept in run.drafts:
        known = [kept.authority, kept.area, *kept.partners, *areas[folded(kept.authority)]]
        known += [
            name
            for other in translations.get(kept.path, ())
            for name in (other.authority, other.area)
        ]
        known += [name for partner in kept.partners for name in areas.get(folded(partner), ())]
        own = " | ".join(map(folded, known))
        others = {name for word in kept.capitals & index.keys() for name in index[word]}.difference(
            known
        )
        others = {
            name
            for name in others
            if not re.search(rf"(?<!\w){re.escape(folded(name))}(?!\w)", own)
        }
        if others:
            forms = {form for name in (*others, *known) for form in (name, name.upper()) if form}
            names = "|".join(
                _in_any_form(form) for form in sorted(forms, key=len, reverse=True)
            )  # the longest counts
            named = re.compile(rf"(?<!\w)(?:{names})(?!\w)")
            strange = {folded(name) for name in others}
            for block in Judged(run.open(kept.path)).blocks:
                for found in named.finditer(block.text):
                    if folded(found[0]) in strange and not _of_an_organisation(block.text, found):
                        message = f"{quoted(found[0])} is another authority or area of this run"
                        help = "correct the name, or list the authority under partners"
                        yield kept, block.verdict(found, message, help)


def _by_capital(names: set[str]) -> dict[str, set[str]]:
    """Names by their first word with a capital: 680 of them, looked up at each word."""
    index: dict[str, set[str]] = {}
    for name in names:
        if capital := next((word for word in re.findall(r"\w+", name) if word[0].isupper()), None):
            for form in (capital, capital.upper()):
                index.setdefault(form, set()).add(name)
    return index


def _in_any_form(name: str) -> str:
    return re.sub(
        r"\\ (?:&|and|AND)\\ ", r"\\ (?:&|and|AND)\\ ", re.escape(name).replace(r"\&", "&")
    )


_ORGANISATION = re.compile(
    r"(?:['’]s)?(?: (?:and|of|the|&|[A-Z][\w'’-]*)){0,4}? (?:Police|Constabulary|Fire|University|College|NHS|ICB|Trust"
    r"|Hospitals?|Integrated Care|Ambulance|Airport|Football|FC|Diocese|Cathedral|Mosque|Probation|Prison|Crown Court"
    r"|Magistrates|Academy|School|Gazette|Chamber|Railway|Road|Street)\b"
)


def _of_an_organisation(text: str, found: re.Match[str]) -> bool:
    """Whether a name is part of an organisation's, such as a police force's, which covers more than the area."""
    before = text[max(0, found.start() - 20) : found.start()]
    return bool(
        re.search(
            r"(?:Greater|University of|NHS|Diocese of|Bishop of|HMP|BBC Radio|Lord Lieutenant of) $",
            before,
        )
        or _ORGANISATION.match(text, found.end())
    )


_KINDS = frozenset("and borough city council county district metropolitan of royal the".split())


@rule("PL404", "the area is not the authority's", "warning")
def area_of_another(run: Run) -> Iterator[tuple[Kept, Verdict]]:
    """The area shares no word with the authority's name: the file was copied, and one of the two not changed.

    That is right for some. It is left alone where the authority has this area in another file of the run.

    Bad:
        # exampleshire.yaml
        authority: Exampleshire County Council
        area: Rutshire
    Good:
        # exampleshire.yaml
        authority: Exampleshire County Council
        area: Exampleshire
    """
    pairs: dict[tuple[str, str], int] = {}
    for kept in run.drafts:
        key = folded(kept.authority), folded(kept.area)
        pairs[key] = pairs.get(key, 0) + 1
    for kept in run.drafts:
        authority, area = folded(kept.authority), folded(kept.area)
        words = {*re.findall(r"\w+", authority)} - _KINDS
        shared = any(one[:5] == other[:5] for one in words for other in re.findall(r"\w+", area))
        if authority and area and not shared and pairs[authority, area] == 1:
            message = f"the area {quoted(kept.area)} shares no word with the authority's name"
            yield (
                kept,
                Verdict(
                    ("area",), message, "correct the one that was left from a copy, or accept this"
                ),
            )


@rule("PL405", "scores that differ between two languages", "warning")
def scores_in_two_languages(run: Run) -> Iterator[tuple[Kept, Verdict]]:
    """An authority's assessments of one period, one in each language, have unlike scores.

    They belong together by authority and period, or by their names, where one ends in the language: NAME.cy.yaml.

    Bad:
        # exampleshire_2027.yaml
        authority: Exampleshire County Council
        period: 2026/2027
        benchmarks:
          training: {score: 4}
        # exampleshire_2027.cy.yaml
        authority: Exampleshire County Council
        period: 2026/2027
        language: cy
        benchmarks:
          training: {score: 3}
    Good:
        # exampleshire_2027.yaml
        authority: Exampleshire County Council
        period: 2026/2027
        benchmarks:
          training: {score: 4}
        # exampleshire_2027.cy.yaml
        authority: Exampleshire County Council
        period: 2026/2027
        language: cy
        benchmarks:
          training: {score: 4}
    """
    translations = in_other_languages(run.drafts)
    for kept in (each for each in run.drafts if each.path in translations):
        scores = run.open(kept.path).scores
        for other in translations[kept.path]:
            others = run.open(other.path).scores
            for id in (id for id, score in scores.items() if others.get(id, score) != score):
                message = f"the score of {id} is another one in {shown(other.path)}"
                yield (
                    kept,
                    Verdict(("benchmarks", id, "score"), message, "correct the one or the other"),
                )
