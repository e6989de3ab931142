"""Begin the next assessment of each authority of a folder, in each of its languages."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment import blank, fields, source
from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.languages import english
from prevent_letter.ground.findings import Misuse, shown
from prevent_letter.ground.names import folded
from prevent_letter.tasks import new
from prevent_letter.tasks.criteria import choose
from prevent_letter.tasks.new import Wish
from prevent_letter.tasks.report import attempt


@dataclass
class Report(new.Report):
    """What was begun, and what was passed over."""

    left: int = 0
    """How many files were passed over; the remarks say why."""

    def __str__(self) -> str:
        failed = f", {len(self.failures)} failed" if self.failures else ""
        return f"{len(self.begun)} begun, {self.left} passed over{failed}"

    def pass_over(self, path: Path, why: str) -> None:
        """Say that nothing is begun after a file, and why."""
        self.left += 1
        self.remarks.append(f"{shown(path)}: passed over: {why}")


class _Last(NamedTuple):
    """What tells an assessment of a folder: whose and when, where it lies, and why there is no next one yet."""

    authority: str
    language: str
    period: str
    path: Path
    below: Path
    unfinished: str


def next_year(folder: Path, output: Path | None, wish: Wish) -> Report:
    """Write the assessment after the newest of each authority, beside it or mirrored under ``output``.

    Raises:
        Misuse: there is no assessment in the folder, or what is wished can't be.
        Faults: the criteria set that is wished is at fault.
    """
    wish.refuse_odd()
    if wish.language:
        raise Misuse(
            "with --from and a folder, each authority keeps its languages; leave --language out"
        )
    if wish.criteria:
        choose(wish.criteria)  # once, before anything is written
    made = Report()
    found = made.find([folder])
    several: dict[tuple[str, str], list[_Last]] = {}
    for draft in made.open(found.assessments):
        last = _last(draft, found.assessments[draft.path])
        if draft.source.findings:
            made.pass_over(draft.path, f"it can't be read: {draft.source.findings[0].message}")
        elif last.authority and fields.is_period(last.period):
            several.setdefault((last.authority, last.language), []).append(last)
        else:
            made.pass_over(draft.path, "whose it is, and of which period, can't be read")
    for _, each in sorted(several.items()):
        if newest := _newest(made, each, wish.period):
            _begin_next(
                made, newest, output / newest.below.parent if output else newest.path.parent, wish
            )
    return made


def _last(draft: Draft, below: Path) -> _Last:
    authority, language, period = (
        new.text(draft.source.value(key)) for key in ("authority", "language", "period")
    )
    unfinished = (
        ""
        if draft.assessment
        else "it isn't begun yet"
        if draft.is_not_begun
        else "it isn't finished"
    )
    return _Last(folded(authority), english(language), period, draft.path, below, unfinished)


def _newest(made: Report, several: list[_Last], period: str | None) -> _Last | None:
    """The newest of an authority's assessments, unless there is one of the period already, or it isn't finished."""
    before = [each for each in several if not period or each.period <= period]
    newest = max(before or several, key=lambda each: each.period)
    if not before:
        made.pass_over(newest.path, f"there is none from before {period}")
    elif newest.period == period:
        made.pass_over(newest.path, f"this is the one of {period}")
    elif newest.unfinished:
        made.pass_over(newest.path, f"this is the newest, and {newest.unfinished}")
    else:
        return newest
    return None


def _begin_next(made: Report, last: _Last, folder: Path, wish: Wish) -> None:
    """Begin the assessment after a finished one; what comes in the way of one stops no other."""
    read = source.read(last.path)
    period = wish.period or blank.next_period(last.period)
    target = folder / blank.name(
        {"area": new.text(read.value("area")), "period": period, "language": last.language}
    )
    if os.path.lexists(target):
        made.pass_over(last.path, f"{shown(target)} is there already")
    elif failed := attempt(lambda each: new.begin(made, folder, "", each, wish), read, target):
        made.failures.append(failed)
