"""The drafts of a run against each other (PL4xx)."""

import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.fields import quoted
from prevent_letter.ground.findings import MOST, shown
from prevent_letter.ground.names import folded, normal
from prevent_letter.rules.judged import Judged, Kept, Verdict, rule


@dataclass(frozen=True)
class Run:
    """What is kept of all drafts of a run, and the way to open one again."""

    drafts: list[Kept]
    open: Callable[[Path], Draft]


@rule("PL401", "two assessments of one authority and period", "error")
def assessed_twice(run: Run) -> Iterator[tuple[Kept, Verdict]]:
    """Two assessments are of the same authority and period: one of them is a copy that was forgotten, or misnamed.

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
    first: dict[tuple[str, str], Kept] = {}
    for kept in run.drafts:
        key = folded(kept.authority), normal(kept.period)
        if all(key) and (other := first.setdefault(key, kept)) is not kept:
            message = f"{shown(other.path)} assesses the same authority for the same period"
            yield kept, Verdict(("authority",), message, "delete one of the two, or correct authority or period")


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
            target = _real(kept.target)
            meeting.setdefault(unicodedata.normalize("NFC", target).casefold(), []).append(kept)
    help = "rename one of the two assessments, or build them into different folders"
    for drafts in meeting.values():
        for kept in drafts:
            for other in islice((other for other in drafts if other is not kept), MOST):
                where = shown(kept.target or kept.path)
                yield kept, Verdict((), f"{shown(other.path)} would write the same letter, {where}", help)


def _real(path: Path) -> str:
    """Where a path leads, links followed, as far as that can be known."""
    try:
        return os.path.realpath(path)
    except OSError:
        return str(path)


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
        areas.setdefault(kept.authority, set()).add(kept.area)
    index: dict[str, set[str]] = {}  # the names by their first word with a capital: 680 of them, looked up at each word
    for name in {*areas, *(area for several in areas.values() for area in several)}:
        if capital := next((word for word in re.findall(r"\w+", name) if word[0].isupper()), None):
            index.setdefault(capital, set()).add(name)
    for kept in run.drafts:
        partners = {name.casefold() for name in kept.partners}
        own = {kept.authority, kept.area, *kept.partners}
        own |= {
            name for authority in areas if authority.casefold() in partners for name in (authority, *areas[authority])
        }
        others = {name for word in kept.capitals & index.keys() for name in index[word]} - own
        if others:
            names = "|".join(map(re.escape, sorted(others | own - {""}, key=len, reverse=True)))  # the longest counts
            named = re.compile(rf"(?<!\w)(?:{names})(?!\w)")
            for block in Judged(run.open(kept.path)).blocks:
                for found in named.finditer(block.text):
                    if found[0] not in own:
                        message = f"{quoted(found[0])} is another authority or area of this run"
                        help = "correct the name, or list the authority under partners"
                        yield kept, block.verdict(found, message, help)
