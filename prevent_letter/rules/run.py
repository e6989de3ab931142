"""The drafts of a run against each other (PL4xx)."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from prevent_letter.assessment.fields import quoted
from prevent_letter.ground.findings import shown
from prevent_letter.rules.judged import Judged, Verdict, rule


@dataclass(frozen=True)
class Run:
    """All drafts of a run, and where their letters would go."""

    drafts: list[Judged]
    targets: Mapping[Path, Path]


@rule("PL401", "two assessments of one authority and period", "error")
def assessed_twice(run: Run) -> Iterator[tuple[Judged, Verdict]]:
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
    first: dict[tuple[str, str], Judged] = {}
    for judged in run.drafts:
        key = judged.line("authority").casefold(), judged.line("period")
        if all(key) and (other := first.setdefault(key, judged)) is not judged:
            message = f"{shown(other.draft.path)} assesses the same authority for the same period"
            yield judged, Verdict(("authority",), message, "delete one of the two, or correct authority or period")


@rule("PL402", "two letters in one place", "error")
def one_target(run: Run) -> Iterator[tuple[Judged, Verdict]]:
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
    meeting: dict[str, list[Judged]] = {}
    for judged in run.drafts:
        if target := run.targets.get(judged.draft.path):
            meeting.setdefault(unicodedata.normalize("NFC", str(target)).casefold(), []).append(judged)
    help = "rename one of the two assessments, or build them into different folders"
    for one, other in (pair for drafts in meeting.values() for pair in permutations(drafts, 2)):
        where = shown(run.targets[one.draft.path])
        yield one, Verdict((), f"{shown(other.draft.path)} would write the same letter, {where}", help)


@rule("PL403", "another authority's name", "warning")
def another_authority(run: Run) -> Iterator[tuple[Judged, Verdict]]:
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
    for judged in run.drafts:
        areas.setdefault(judged.line("authority"), set()).add(judged.line("area"))
    index: dict[str, set[str]] = {}  # the names by their first word: 680 of them, looked up at each word
    for name in {*areas, *(area for several in areas.values() for area in several)} - {""}:
        index.setdefault(re.findall(r"\w+|\W", name)[0], set()).add(name)
    for judged in run.drafts:
        partners = {name.casefold() for name in judged.partners}
        own = {judged.line("authority"), judged.line("area"), *judged.partners}
        own |= {
            name for authority in areas if authority.casefold() in partners for name in (authority, *areas[authority])
        }
        others = {name for word in judged.words & index.keys() for name in index[word]} - own
        if others:
            names = "|".join(map(re.escape, sorted(others | own - {""}, key=len, reverse=True)))  # the longest counts
            named = re.compile(rf"(?<!\w)(?:{names})(?!\w)")
            for block in judged.blocks:
                for found in named.finditer(block.text):
                    if found[0] not in own:
                        message = f"{quoted(found[0])} is another authority or area of this run"
                        help = "correct the name, or list the authority under partners"
                        yield judged, block.verdict(found, message, help)
