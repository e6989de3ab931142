"""What an advisor writes: the models of an assessment. Each field says here what it is (``Facts``)."""

import json
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationInfo

from prevent_letter.assessment import fields
from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.fields import (
    Entry,
    Facts,
    Kind,
    Line,
    OptionalDate,
    OptionalLine,
    OptionalProse,
    Prose,
    declared,
)
from prevent_letter.ground import prose

LEFT_OUT = "[left out of copies to publish]"
"""Stands in place of names and contact details; no letter shows it."""
_SHOWN = Facts(shown=True)
_SHOWN_AGAIN = Facts(shown=True, carried="with the authority")
_OURS = Facts(shown=False)
"""For those who write and clear the letter alone."""


def _score(value: object, info: ValidationInfo) -> int:
    alone = value[0] if isinstance(value, list) and len(value) == 1 else value
    words = fields.short(alone)
    criteria: Criteria | None = info.context["criteria"] if info.context else None
    if criteria is None:
        return 0  # the set is at fault, which is reported at its own lines, and there will be no assessment
    scale = criteria.scale
    if alone is value and (score := scale.written.get(words.casefold())) is not None:
        return score
    if (
        info.context
        and info.context.get("numbers")
        and words.isascii()
        and words.isdecimal()
        and int(words) in scale.scores
    ):
        return int(words)  # as assessments on a named scale were written once
    written = words if alone is value else f"[{words}]"
    if scale.names:
        *others, last = (scale.label(score) for score in scale.scores)
        message = f"must be {', '.join(others)} or {last}, not {fields.quoted(written)}"
    else:
        message = (
            f"must be a whole number from {scale.min} to {scale.max}, not {fields.quoted(written)}"
        )
    meant: list[str] = re.findall(r"(?<![\w.,-])[0-9]+(?![\w]|[.,][0-9])", words)
    meant += [
        str(fields.NUMBER_WORDS[word])
        for word in words.casefold().split()
        if word in fields.NUMBER_WORDS
    ]
    meant = [number for number in meant if number in scale.written]
    help = f"write the number alone: {meant[0]}" if meant and not scale.names else ""
    if not help:
        help = f"from {scale.label(scale.met)} on the duty is met; see the criteria's levels"
        help = help if scale.names else f"write the number alone; {help}"
    raise fields.verdict("PL114", message, help)


class Addressee(Entry):
    """Who the letter is addressed to."""

    name: Annotated[Line, _SHOWN] = Field(
        description="The person the letter goes to, as on an envelope."
    )
    greeting: Annotated[Line, _SHOWN] = Field(
        description='The name after "Dear"; for two people: Alex and Sam.'
    )
    address: Annotated[fields.Lines, _SHOWN] = Field(
        description="The address, a line each, after a |. A job title is its first line."
    )


class Advisor(Entry):
    """Who signs the letter."""

    name: Annotated[Line, _SHOWN] = Field(description="The name of the advisor who signs.")
    role: Annotated[Line, _SHOWN] = Field(
        description="The advisor's role, as it stands below the name."
    )
    region: Annotated[Line, _SHOWN] = Field(
        description="The advisor's region, such as East Midlands."
    )
    phone: Annotated[fields.Phone, _SHOWN] = Field(
        default=None, description="The advisor's telephone number. May be left out."
    )
    email: Annotated[fields.Email, _SHOWN] = Field(description="The advisor's e-mail address.")


class Scored(Entry):
    """The score of one benchmark, and the feedback on it."""

    score: Annotated[int, BeforeValidator(_score), Kind("score"), _SHOWN] = Field(
        description="The score on the criteria's scale, or the level's name where the scale has names."
    )
    good_practice: Annotated[OptionalProse, _SHOWN] = Field(
        default=None,
        description='What the authority does well, after a |. Left out, the letter says "None".',
    )
    recommendations: Annotated[OptionalProse, _SHOWN] = Field(
        default=None,
        description='What the authority should do, after a |. Left out, the letter says "None".',
    )


class Accepted(Entry):
    """A warning that was looked at and left."""

    rule: Annotated[Line, _OURS] = Field(description="The code of the warning, such as PL304.")
    at: Annotated[OptionalLine, _OURS] = Field(
        default=None, description="Where, as keys with dots: benchmarks.training.score."
    )
    reason: Annotated[Line, _OURS] = Field(
        description="Why it may stay, for the person who clears the letter."
    )


class Progress(Entry):
    """What became of a recommendation by a day. Items are only ever added, and never touch the letter."""

    date: Annotated[fields.Date, _OURS] = Field(
        description="The day of this word, such as 2027-09-14."
    )
    about: Annotated[Line, _OURS] = Field(
        description="Which: a benchmark's id for all its recommendations, training.1 for one of several, or key.1."
    )
    status: Annotated[fields.Status, _OURS] = Field(
        description="not started, in progress, done or overtaken."
    )
    note: Annotated[OptionalLine, _OURS] = Field(
        default=None,
        description="What is to be said of it, for us alone. overtaken needs one; else it may be left out.",
    )


class Assessment(Entry):
    """The assessment of one authority for one period."""

    authority: Annotated[Line, _SHOWN_AGAIN] = Field(
        description="The council's full name, such as Exampleshire County Council."
    )
    area: Annotated[Line, _SHOWN_AGAIN] = Field(
        description="The name of the area that the letter's text uses, such as Exampleshire."
    )
    period: Annotated[fields.Period, _SHOWN] = Field(
        description="The period that is assessed, two successive years: 2021/2022."
    )
    date: Annotated[OptionalDate, _SHOWN] = Field(
        default=None, description="The date of the letter: 2022-05-27. A draft may lack it."
    )
    addressee: Annotated[Addressee, _SHOWN_AGAIN] = Field(
        description="Who the letter is addressed to."
    )
    cc: Annotated[tuple[Line, ...], BeforeValidator(fields.unless_empty), _SHOWN_AGAIN] = Field(
        default=(), description="Who else gets the letter. May be left out."
    )
    advisor: Annotated[Advisor, Facts(shown=True, carried="always")] = Field(
        description="Who signs the letter."
    )
    language: Annotated[fields.Language, _SHOWN_AGAIN] = Field(
        default=None,
        description="The letter's language where it isn't English, such as cy. May be left out.",
    )
    criteria: Annotated[OptionalLine, _OURS] = Field(
        default=None,
        description="The criteria set: a bundled set's name, or a path from this file. May be left out.",
    )
    marking: Annotated[OptionalLine, Facts(shown=True, carried="always")] = Field(
        default=None, description="A protective marking, such as OFFICIAL. May be left out."
    )
    partners: Annotated[
        tuple[Line, ...],
        BeforeValidator(fields.unless_empty),
        Facts(shown=False, carried="with the authority"),
    ] = Field(
        default=(), description="Other authorities that the letter may name. May be left out."
    )
    summary: Annotated[Prose, _SHOWN] = Field(
        description="The summary of how the authority implements the duty, after a |."
    )
    benchmarks: Annotated[dict[str, Scored], _SHOWN] = Field(
        description="Each benchmark of the criteria by its id, with its score."
    )
    key_recommendations: Annotated[
        tuple[Prose, ...], BeforeValidator(fields.unless_empty), _SHOWN
    ] = Field(
        default=(),
        description="The recommendations that the letter closes with, as a list. May be empty.",
    )
    accepted: Annotated[tuple[Accepted, ...], BeforeValidator(fields.unless_empty), _OURS] = Field(
        default=(),
        description="Warnings that were looked at and left, each with its reason. May be left out.",
    )
    sent: Annotated[OptionalDate, _OURS] = Field(
        default=None,
        description="The day the letter was sent. From then on it is a record and isn't built again.",
    )

    progress: Annotated[tuple[Progress, ...], BeforeValidator(fields.unless_empty), _OURS] = Field(
        default=(),
        description="What became of the recommendations once the letter was sent. Items are only ever added.",
    )

    _is_to_publish: bool = PrivateAttr(default=False)

    @property
    def is_to_publish(self) -> bool:
        """Whether this is what ``to_publish`` makes."""
        return self._is_to_publish

    @property
    def identifier(self) -> str:
        """What tells this letter from all others: authority and period, and the language if it isn't English.

        A copy to publish says that it is one.
        """
        copy = "published" if self.is_to_publish else None
        return " ".join(filter(None, (self.authority, self.period, self.language, copy)))

    def to_publish(self) -> "Assessment":
        """A copy without addressee, greeting, cc, and the advisor's name, telephone and e-mail: it names nobody.

        ``LEFT_OUT`` stands in their place, which shows where a template asks for them all the same.
        """
        addressee = self.addressee.model_copy(update={"name": LEFT_OUT, "greeting": LEFT_OUT})
        advisor = self.advisor.model_copy(
            update={"name": LEFT_OUT, "phone": LEFT_OUT, "email": LEFT_OUT}
        )
        made = self.model_copy(update={"addressee": addressee, "cc": (), "advisor": advisor})
        made._is_to_publish = True
        return made


def digest(assessment: Assessment, criteria: Criteria) -> str:
    """The digest of what the letter says: SHA-256, in hexadecimal, of the canonical JSON of the fields it shows.

    A comment, a line wrapped anew or a field that is not set doesn't change it.
    """
    import hashlib  # check has no use for it

    content = {**_content(assessment, "form"), "title": criteria.title}
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _content(value: Any, kind: str) -> Any:
    """Plain data of what is shown and set, the white space inside the paragraphs and items of prose collapsed."""
    if isinstance(value, Entry):
        values = (
            (field, getattr(value, field.name))
            for field in declared(type(value))
            if field.facts.shown
        )
        return {
            field.name: _content(inner, field.kind)
            for field, inner in values
            if inner not in (None, "", (), {})
        }
    if isinstance(value, dict):
        return {key: _content(inner, kind) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_content(inner, kind) for inner in value]
    if isinstance(value, int):
        return value
    return prose.collapsed(value) if kind == "prose" else str(value)
