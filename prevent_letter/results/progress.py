"""What became of the recommendations: of one letter, or of each authority's newest."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from prevent_letter.assessment.criteria import KEY, Criteria
from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.languages import english, in_other_languages
from prevent_letter.assessment.recommendations import (
    NO_WORD,
    STATES,
    Recommendation,
    Word,
    last_words,
    recommendations,
)
from prevent_letter.ground import prose
from prevent_letter.ground.findings import from_root
from prevent_letter.ground.names import folded, normal
from prevent_letter.results import columns
from prevent_letter.results.columns import wrapped
from prevent_letter.results.page import page

MOST_LISTED = 20
"""How many benchmarks without a word are listed in a text; the rest are counted."""
COLUMNS = ("authority", "path", "handle", "status", "date", "words")


class Followed(NamedTuple):
    """A recommendation with the last word on it."""

    recommendation: Recommendation
    word: Word

    @property
    def xhtml(self) -> Any:
        """Its words with their emphasis and links."""
        return prose.render(self.recommendation.words).first


@dataclass(frozen=True)
class Record:
    """A letter that was sent (or is to be: ``sent`` is empty then), and what became of its recommendations."""

    path: Path
    authority: str
    period: str
    language: str
    sent: str
    marking: str
    criteria: Criteria
    followed: tuple[Followed, ...]
    unmet: tuple[str, ...]
    """The benchmarks on which the duty isn't met."""

    @property
    def silent(self) -> dict[str, list[str]]:
        """By the benchmarks on which the duty isn't met, the handles of the recommendations without a word on them."""
        found = {
            id: [each.recommendation.handle for each in self.followed if _is_silent(each, id)]
            for id in self.unmet
        }
        return {id: handles for id, handles in found.items() if handles}


def _is_silent(followed: Followed, id: str) -> bool:
    return followed.recommendation.benchmark == id and followed.word.status == NO_WORD


def record(draft: Draft) -> Record:
    """What is kept of a valid draft."""
    assessment, criteria, data = draft.assessment, draft.criteria, draft.source.data
    assert assessment
    assert criteria
    known = recommendations(data, criteria.by_id)
    words = last_words(data, known)
    return Record(
        draft.path,
        normal(assessment.authority),
        assessment.period,
        assessment.language or "",
        assessment.sent.isoformat() if assessment.sent else "",
        assessment.marking or "",
        criteria,
        tuple(Followed(each, words[each.handle]) for each in known),
        tuple(id for id in criteria.by_id if assessment.benchmarks[id].score < criteria.scale.met),
    )


def newest(records: Sequence[Record]) -> list[Record]:
    """Each authority's newest letter that was sent, alphabetically; of two languages the one with more words on it."""
    latest: dict[str, list[Record]] = {}
    for each in (each for each in records if each.sent):
        latest.setdefault(folded(each.authority), []).append(each)
    chosen = []
    for several in latest.values():
        period = max(each.period for each in several)
        chosen.append(max((each for each in several if each.period == period), key=_told))
    others, seen = in_other_languages(chosen), set[Path]()
    for each in sorted(chosen, key=lambda each: (_told(each), each.path), reverse=True):
        if each.path not in seen:
            seen |= {
                other.path for other in others.get(each.path, ()) if other.period == each.period
            }
    return sorted(
        (each for each in chosen if each.path not in seen), key=lambda each: folded(each.authority)
    )


def _told(record: Record) -> tuple[int, bool]:
    return sum(each.word.status != NO_WORD for each in record.followed), not english(
        record.language
    )


# Text.


def text_of_one(record: Record) -> str:
    """Each recommendation of one letter: handle, status, date, words."""
    sent = f"sent {record.sent}" if record.sent else "not sent yet"
    made = [wrapped(f"{record.authority} {record.period}, {sent}"), ""]
    widest = max((len(each.recommendation.handle) for each in record.followed), default=0)
    for each in record.followed:
        lead = (
            f"{each.recommendation.handle:{widest}}  {each.word.status:11}  {each.word.date:10}  "
        )
        made.append(wrapped(lead + each.recommendation.words, " " * len(lead)))
    return columns.joined(made if record.followed else [*made, "The letter recommends nothing."])


def text_of_many(records: Sequence[Record]) -> str:
    """Statuses by benchmark, then where the duty isn't met and there is no word since the letter, longest first."""
    letters = f"{len(records)} letters" if len(records) != 1 else "1 letter"
    made = [
        wrapped(
            f"What became of the recommendations of {letters}: of each authority the newest that was sent"
        )
    ]
    for of_set in _by_set(records):
        criteria = of_set[0].criteria
        names = {each.id: each.name for each in criteria.benchmarks} | {KEY: "Key recommendations"}
        found = [
            (each.recommendation.benchmark, each.word.status)
            for one in of_set
            for each in one.followed
        ]
        table: list[columns.Column] = [
            (state.replace(" ", "\n", 1), [found.count((id, state)) for id in names])
            for state in STATES
        ]
        table.append(("of", [sum(id == benchmark for benchmark, _ in found) for id in names]))
        made += ["", wrapped(criteria.title), *columns.table([*names.values()], table)]
    silent = [*_silent(records)]
    made += ["", f"Duty not met, and no word since the letter: {len(silent)}"]
    made += [
        wrapped(f"{sent}  {authority}: {', '.join(handles)}", " " * 12)
        for sent, authority, handles in silent[:MOST_LISTED]
    ]
    made += [f"and {len(silent) - MOST_LISTED} more"] * (len(silent) > MOST_LISTED)
    return columns.joined(made)


def _by_set(records: Sequence[Record]) -> list[list[Record]]:
    """Letters of one criteria set together, that with most letters first."""
    sets: dict[object, list[Record]] = {}
    for each in records:
        sets.setdefault(each.criteria.key, []).append(each)
    return sorted(sets.values(), key=lambda found: (-len(found), found[0].criteria.title))


def _silent(records: Iterable[Record]) -> list[tuple[str, str, list[str]]]:
    """Day of the letter, authority and handles, for each benchmark on which nobody has heard; longest ago first."""
    found = [
        (each.sent, each.authority, handles) for each in records for handles in each.silent.values()
    ]
    return sorted(found, key=lambda each: (each[0], folded(each[1]), each[2]))


# Rows.


def rows(records: Iterable[Record]) -> Iterator[tuple[str, ...]]:
    """A row for each recommendation, as in ``COLUMNS``."""
    for record in records:
        for each in record.followed:
            of, word = each.recommendation, each.word
            yield (
                record.authority,
                from_root(record.path),
                of.handle,
                word.status,
                word.date,
                of.words,
            )


def plain(records: Iterable[Record]) -> list[dict[str, str]]:
    """The same as objects of JSON."""
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows(records)]


# For the council.


def for_the_council(record: Record) -> bytes:
    """A page with each recommendation, its status and date, and never a note; in English, in UTF-8."""
    sections = [
        (name, found)
        for id, name in {
            **{each.id: each.name for each in record.criteria.benchmarks},
            KEY: "",
        }.items()
        if (found := [each for each in record.followed if each.recommendation.benchmark == id])
    ]
    return page(
        "progress.html.j2", record.marking, record=record, sections=sections, no_word=NO_WORD
    )
