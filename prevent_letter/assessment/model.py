"""The models of an assessment, in which each field declares its kind and its use."""

import re
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

from prevent_letter.assessment.criteria import NUMBER_WORDS, Criteria
from prevent_letter.assessment.fields import FieldUse
from prevent_letter.assessment.values import (
    Date,
    Email,
    Entry,
    FieldKind,
    InvalidValueError,
    Language,
    Line,
    Lines,
    OptionalDate,
    OptionalLine,
    OptionalProse,
    Period,
    Phone,
    Prose,
    ScoreReader,
    Status,
    described,
    score_without_criteria,
    short_text,
)
from prevent_letter.core.display import quote

LEFT_OUT = "[left out of copies to publish]"
"""The placeholder for names and contact details; no letter should show it."""
_SHOWN = FieldUse(shown=True)
_SHOWN_AND_KEPT = FieldUse(shown=True, carried="with the authority")
_SHOWN_AND_ALWAYS_KEPT = FieldUse(shown=True, carried="always")
_KEPT = FieldUse(shown=False, carried="with the authority")
_INTERNAL = FieldUse(shown=False)
_WRITTEN_BY_IMPORT = FieldUse(shown=False, typed=False)
"""The use of a field that is only for those who write and clear the letter."""


def score_reader(criteria: Criteria | None, *, accept_numbers: bool = False) -> ScoreReader:
    """Return the validator of a score on the criteria's scale.

    With ``accept_numbers``, a scale with names accepts numbers as well. Without criteria any score
    is 0: their set has errors, and so there will be no assessment.
    """
    return partial(_score, criteria, accept_numbers)


def _score(criteria: Criteria | None, accept_numbers: bool, value: object) -> int:
    is_bracketed = isinstance(value, list) and len(value) == 1
    words = short_text(value[0] if isinstance(value, list) and is_bracketed else value)
    if criteria is None:
        return 0
    scale = criteria.scale
    if not is_bracketed and (score := scale.written.get(words.casefold())) is not None:
        return score
    is_number = words.isascii() and words.isdecimal()
    if accept_numbers and is_number and int(words) in scale.scores:
        return int(words)
    written = quote(f"[{words}]" if is_bracketed else words)
    from_met = f"the duty is met from {scale.label(scale.met)} on; see the criteria's levels"
    if scale.names:
        *most, last = (scale.label(score) for score in scale.scores)
        message = f"must be {', '.join(most)} or {last}, not {written}"
        raise InvalidValueError("PL114", message, from_met)
    numbers: list[str] = re.findall(r"(?<![\w.,-])[0-9]+(?![\w]|[.,][0-9])", words)
    numbers += [str(NUMBER_WORDS[w]) for w in words.casefold().split() if w in NUMBER_WORDS]
    numbers = [number for number in numbers if number in scale.written]
    help = f"write the number alone; {from_met}"
    if numbers:
        help = f"write the number alone: {numbers[0]}"
    message = f"must be a whole number from {scale.min} to {scale.max}, not {written}"
    raise InvalidValueError("PL114", message, help)


@dataclass(frozen=True, kw_only=True)
class Addressee(Entry):
    """Who the letter is addressed to."""

    name: Annotated[Line, _SHOWN] = described("The person the letter goes to, as on an envelope.")
    greeting: Annotated[Line, _SHOWN] = described(
        'The name after "Dear"; for two people: Alex and Sam.'
    )
    address: Annotated[Lines, _SHOWN] = described(
        "The address after a |, each line on its own. A job title is its first line."
    )


@dataclass(frozen=True, kw_only=True)
class Advisor(Entry):
    """Who signs the letter."""

    name: Annotated[Line, _SHOWN] = described("The name of the advisor who signs.")
    role: Annotated[Line, _SHOWN] = described("The advisor's role, below the name.")
    region: Annotated[Line, _SHOWN] = described("The advisor's region, such as East Midlands.")
    phone: Annotated[Phone, _SHOWN] = described(
        "The advisor's telephone number. May be left out.", None
    )
    email: Annotated[Email, _SHOWN] = described("The advisor's e-mail address.")


@dataclass(frozen=True, kw_only=True)
class Scored(Entry):
    """The score of one benchmark, and the feedback on it."""

    score: Annotated[int, FieldKind("score", score_without_criteria, {}), _SHOWN] = described(
        "The score on the criteria's scale, or the level's name if the scale has names."
    )
    good_practice: Annotated[OptionalProse, _SHOWN] = described(
        'What the authority does well, after a |. Left out, the letter says "None".', None
    )
    recommendations: Annotated[OptionalProse, _SHOWN] = described(
        'What the authority should do, after a |. Left out, the letter says "None".', None
    )


@dataclass(frozen=True, kw_only=True)
class Accepted(Entry):
    """A warning that may stay."""

    rule: Annotated[Line, _INTERNAL] = described("The code of the warning, such as PL304.")
    at: Annotated[OptionalLine, _INTERNAL] = described(
        "Where, as keys with dots: benchmarks.training.score.", None
    )
    reason: Annotated[Line, _INTERNAL] = described(
        "Why it may stay, for the person who clears the letter."
    )


@dataclass(frozen=True, kw_only=True)
class Progress(Entry):
    """The status of a recommendation on a day. Items are only ever added; no letter shows them."""

    date: Annotated[Date, _INTERNAL] = described("The day, such as 2027-09-14.")
    about: Annotated[Line, _INTERNAL] = described(
        "Which: a benchmark's id for all its recommendations, training.1 for one"
        " of several, or key.1."
    )
    status: Annotated[Status, _INTERNAL] = described("not started, in progress, done or overtaken.")
    note: Annotated[OptionalLine, _INTERNAL] = described(
        "A note for ourselves alone. overtaken needs one; else it may be left out.", None
    )


@dataclass(frozen=True, kw_only=True)
class Assessment(Entry):
    """The assessment of one authority for one period."""

    authority: Annotated[Line, _SHOWN_AND_KEPT] = described(
        "The council's full name, such as Exampleshire County Council."
    )
    area: Annotated[Line, _SHOWN_AND_KEPT] = described(
        "The name of the area that the letter's text uses, such as Exampleshire."
    )
    period: Annotated[Period, _SHOWN] = described(
        "The period that is assessed, two successive years: 2021/2022."
    )
    date: Annotated[OptionalDate, _SHOWN] = described(
        "The date of the letter: 2022-05-27. A draft may lack it.", None
    )
    addressee: Annotated[Addressee, _SHOWN_AND_KEPT] = described("Who the letter is addressed to.")
    cc: Annotated[tuple[Line, ...], _SHOWN_AND_KEPT] = described(
        "Who else gets the letter. May be left out.", ()
    )
    advisor: Annotated[Advisor, _SHOWN_AND_ALWAYS_KEPT] = described("Who signs the letter.")
    language: Annotated[Language, _SHOWN_AND_KEPT] = described(
        "The letter's language if it is not English, such as cy. May be left out.", None
    )
    criteria: Annotated[OptionalLine, _INTERNAL] = described(
        "The criteria set: a bundled set's name, or a path from this file. May be left out.", None
    )
    marking: Annotated[OptionalLine, _SHOWN_AND_ALWAYS_KEPT] = described(
        "A protective marking, such as OFFICIAL. May be left out.", None
    )
    partners: Annotated[tuple[Line, ...], _KEPT] = described(
        "Other authorities that the letter may name. May be left out.", ()
    )
    summary: Annotated[Prose, _SHOWN] = described(
        "The summary of how the authority implements the duty, after a |."
    )
    benchmarks: Annotated[dict[str, Scored], _SHOWN] = described(
        "Each benchmark of the criteria by its id, with its score."
    )
    key_recommendations: Annotated[tuple[Prose, ...], _SHOWN] = described(
        "The recommendations that the letter closes with, as a list. May be empty.", ()
    )
    imported: Annotated[dict[str, Line], _WRITTEN_BY_IMPORT] = described(
        "Written by import --apply: which values came from the letter. Leave it as it is.",
        factory=dict,
    )
    accepted: Annotated[tuple[Accepted, ...], _INTERNAL] = described(
        "Warnings that may stay, each with its reason. May be left out.", ()
    )
    sent: Annotated[OptionalDate, _INTERNAL] = described(
        "The day the letter was sent. From then on it is a record and is not built again.", None
    )
    progress: Annotated[tuple[Progress, ...], _INTERNAL] = described(
        "What became of the recommendations after the letter was sent. Items are only ever added.",
        (),
    )

    _is_to_publish: bool = False

    @property
    def is_to_publish(self) -> bool:
        """Whether ``to_publish`` made this copy."""
        return self._is_to_publish

    @property
    def identifier(self) -> str:
        """The letter's identity: authority, period, and the language if it is not English.

        A copy to publish adds the word "published".
        """
        copy = "published" if self.is_to_publish else None
        return " ".join(filter(None, (self.authority, self.period, self.language, copy)))

    def to_publish(self) -> "Assessment":
        """Return a copy without the names in its fields, and without the advisor's contact details.

        ``LEFT_OUT`` takes their place, and is visible if a template still asks for them.
        """
        addressee = replace(self.addressee, name=LEFT_OUT, greeting=LEFT_OUT)
        advisor = replace(self.advisor, name=LEFT_OUT, phone=LEFT_OUT, email=LEFT_OUT)
        return replace(self, addressee=addressee, cc=(), advisor=advisor, _is_to_publish=True)
