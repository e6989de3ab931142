"""The recommendations of an assessment, with the handles by which ``progress`` speaks of them, and what became of each.

A paragraph or an item of a list is a recommendation; what is nested in an item belongs to it, and a paragraph that ends
in a colon before a list only leads to it. All of this goes by plain data, so that it holds for last year's file too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from prevent_letter.assessment.criteria import KEY, Criteria
from prevent_letter.assessment.fields import STATUSES, quoted
from prevent_letter.assessment.model import Assessment
from prevent_letter.assessment.source import KeyPath
from prevent_letter.ground import prose
from prevent_letter.ground.findings import nearest
from prevent_letter.ground.names import seen

NO_WORD = "no word yet"
"""The state of a recommendation of which ``progress`` says nothing: derived, never written."""
STATES = (NO_WORD, *STATUSES)


class Recommendation(NamedTuple):
    """A recommendation: ``benchmark`` is the id whose it is, or ``key``; ``words`` its text on one line."""

    handle: str
    benchmark: str
    words: str


class Word(NamedTuple):
    """The last word on a recommendation: its status, the day (year-month-day; empty where there is none), the note."""

    status: str
    date: str = ""
    note: str = ""


Fault = tuple[KeyPath, str, str, str]
"""Key path, code, message, help."""


def recommendations(data: Any, ids: Iterable[str]) -> list[Recommendation]:
    """The recommendations in plain data of an assessment: of each benchmark in order, then the key ones."""
    found = []
    for id in ids:
        passage = _at(data, "benchmarks", id, "recommendations")
        parts = [*_parts(passage)] if isinstance(passage, str) else []
        found += [
            Recommendation(f"{id}.{number}" if len(parts) > 1 else id, id, words)
            for number, words in enumerate(parts, 1)
        ]
    key = _at(data, "key_recommendations")
    for number, passage in enumerate(key if isinstance(key, list) else (), 1):
        words = " ".join(_parts(passage)) if isinstance(passage, str) else ""
        found.append(Recommendation(f"{KEY}.{number}", KEY, words))
    return found


def _at(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _parts(passage: str) -> Iterator[str]:
    """The recommendations of a passage, each on one line."""
    parts: list[list[str]] = []
    blocks = prose.read(seen(passage))
    for number, block in enumerate(blocks):
        begins = block.depth == len(block.mark.split())  # it stands in no other item
        follows = blocks[number + 1] if number + 1 < len(blocks) else None
        leads = (
            not block.depth
            and block.text.rstrip("*_ ").endswith(":")
            and follows is not None
            and follows.depth
        )
        if begins and not leads:
            parts.append([])
        if parts and not leads:
            parts[-1].append(prose.one_line(block.text))
    return (" – ".join(each) for each in parts)


def meant(about: str, known: Sequence[Recommendation]) -> list[Recommendation]:
    """The recommendations that a handle means: one, or by a bare id all of that benchmark."""
    handle = about.strip().casefold()
    alone = [each for each in known if each.benchmark == handle.removesuffix(".1")]
    if len(alone) == 1 and alone[0].benchmark != KEY:
        return alone
    return [each for each in known if handle in (each.handle, each.benchmark)]


def last_words(data: Any, known: Sequence[Recommendation]) -> dict[str, Word]:
    """By its handle, the last word on each recommendation."""
    found = {each.handle: Word(NO_WORD) for each in known}
    items = _at(data, "progress")
    for item in items if isinstance(items, list) else ():
        about, status, date, note = (
            _line(_at(item, key)) for key in ("about", "status", "date", "note")
        )
        for each in meant(about, known):
            found[each.handle] = Word(status.casefold(), date, note)
    return found


def _line(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def faults(assessment: Assessment, data: Any, criteria: Criteria) -> Iterator[Fault]:
    """What the schema can't say of ``progress``."""
    if assessment.progress and not assessment.sent:
        message = "progress begins when the letter was sent, and there is no sent:"
        yield (
            ("progress",),
            "PL124",
            message,
            "add sent: with the day that the letter went out, or delete progress",
        )
    known, letter = recommendations(data, criteria.by_id), assessment.date or assessment.sent
    before = letter
    for number, each in enumerate(assessment.progress):
        at: KeyPath = ("progress", number)
        if not meant(each.about, known):
            yield (*at, "about"), "PL123", *_unknown(each.about, known, criteria)
        if each.status == "overtaken" and not each.note:
            yield (
                (*at, "status"),
                "PL124",
                "overtaken needs a note",
                "add note: with what has overtaken it",
            )
        if before and each.date < before:
            what = "the letter" if before == letter else "the one above it"
            help = "items are only ever added, each after the last; correct the date"
            yield (*at, "date"), "PL124", f"this date is before that of {what}, {before}", help
        before = max(before, each.date) if before else each.date


def _unknown(about: str, known: Sequence[Recommendation], criteria: Criteria) -> tuple[str, str]:
    """Message and help about a handle that means nothing."""
    message, handle = (
        f"{quoted(about)} is no recommendation of this letter",
        about.strip().casefold(),
    )
    id = re.sub(r"\.\d+$", "", handle)
    handles = [each.handle for each in known if each.benchmark == id] or [
        each.handle for each in known
    ]
    there = f"there are {', '.join(handles)}"[:1000] if handles else "it recommends nothing"
    if id in criteria.by_id and id not in {each.benchmark for each in known}:
        return f"{message}: it recommends nothing on {id}", there
    names = {
        each.name.casefold(): each.id
        for each in criteria.benchmarks
        if any(each.id == of.benchmark for of in known)
    }
    guess = names.get(handle) or nearest(about, [*handles, *names.values()])
    return message, f"did you mean {guess}?" if guess and id not in names.values() else there
