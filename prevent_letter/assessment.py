"""What an advisor writes: the models of an assessment, and the one way in from its path to a checked draft."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo

from prevent_letter import criteria as criteria_sets
from prevent_letter import fields, settings, source
from prevent_letter.criteria import Criteria
from prevent_letter.fields import Entry, Line, OptionalDate, OptionalLine, OptionalProse, Prose
from prevent_letter.findings import Finding, meant
from prevent_letter.settings import Settings
from prevent_letter.source import Source

CODES = {
    "PL114": "a score that the scale doesn't have",
    "PL115": "a benchmark that the criteria don't have",
    "PL116": "a benchmark of the criteria that isn't scored",
}


def _score(value: object, info: ValidationInfo) -> int:
    words = fields.short(value)
    criteria: Criteria | None = info.context["criteria"] if info.context else None
    if criteria is None:
        return 0  # the set is at fault, which is told where it stands, and there will be no assessment
    scale = criteria.scale
    if (score := scale.written.get(words.casefold())) is not None:
        return score
    if scale.names:
        *others, last = (scale.label(score) for score in scale.scores)
        message = f"must be {', '.join(others)} or {last}, not {fields.quoted(words)}"
    else:
        message = f"must be a whole number from {scale.min} to {scale.max}, not {fields.quoted(words)}"
    raise fields.verdict(
        "PL114", message, f"from {scale.label(scale.met)} on the duty is met; see the criteria's levels"
    )


class Addressee(Entry):
    """Who the letter is addressed to."""

    name: Line = Field(description="The person the letter goes to, as on an envelope.")
    greeting: Line = Field(description='The name after "Dear"; for two people: Alex and Sam.')
    address: fields.Lines = Field(description="The address, a line each, after a |. A job title is its first line.")


class Advisor(Entry):
    """Who signs the letter."""

    name: Line = Field(description="The name of the advisor who signs.")
    role: Line = Field(description="The advisor's role, as it stands below the name.")
    region: Line = Field(description="The advisor's region, such as East Midlands.")
    phone: fields.Phone = Field(default=None, description="The advisor's telephone number. May be left out.")
    email: fields.Email = Field(description="The advisor's e-mail address.")


class Scored(Entry):
    """The score of one benchmark, and the feedback on it."""

    score: Annotated[int, BeforeValidator(_score)] = Field(
        description="The score on the criteria's scale, or the level's name where the scale has names."
    )
    good_practice: OptionalProse = Field(
        default=None, description='What the authority does well, after a |. Left out, the letter says "None".'
    )
    recommendations: OptionalProse = Field(
        default=None, description='What the authority should do, after a |. Left out, the letter says "None".'
    )


class Accepted(Entry):
    """A warning that was looked at and left."""

    rule: Line = Field(description="The code of the warning, such as PL304.")
    at: OptionalLine = Field(default=None, description="Where, as keys with dots: benchmarks.training.score.")
    reason: Line = Field(description="Why it may stay, for the person who clears the letter.")


class Assessment(Entry):
    """The assessment of one authority for one period."""

    authority: Line = Field(description="The council's full name, such as Exampleshire County Council.")
    area: Line = Field(description="The name of the area that the letter's text uses, such as Exampleshire.")
    period: fields.Period = Field(description="The period that is assessed, two successive years: 2021/2022.")
    date: OptionalDate = Field(default=None, description="The date of the letter: 2022-05-27. A draft may lack it.")
    addressee: Addressee = Field(description="Who the letter is addressed to.")
    cc: Annotated[tuple[Line, ...], BeforeValidator(fields.unless_empty)] = Field(
        default=(), description="Who else gets the letter. May be left out."
    )
    advisor: Advisor = Field(description="Who signs the letter.")
    criteria: OptionalLine = Field(
        default=None, description="The criteria set: a bundled set's name, or a path from this file. May be left out."
    )
    marking: OptionalLine = Field(default=None, description="A protective marking, such as OFFICIAL. May be left out.")
    partners: Annotated[tuple[Line, ...], BeforeValidator(fields.unless_empty)] = Field(
        default=(), description="Other authorities that the letter may name. May be left out."
    )
    summary: Prose = Field(description="The summary of how the authority implements the duty, after a |.")
    benchmarks: dict[str, Scored] = Field(description="Each benchmark of the criteria by its id, with its score.")
    key_recommendations: Annotated[tuple[Prose, ...], BeforeValidator(fields.unless_empty)] = Field(
        default=(), description="The recommendations that the letter closes with, as a list. May be empty."
    )
    accepted: Annotated[tuple[Accepted, ...], BeforeValidator(fields.unless_empty)] = Field(
        default=(), description="Warnings that were looked at and left, each with its reason. May be left out."
    )
    sent: OptionalDate = Field(
        default=None, description="The day the letter was sent. From then on it is a record and isn't built again."
    )

    @property
    def identifier(self) -> str:
        """What tells this letter from all others: authority and period."""
        return f"{self.authority} {self.period}"


@dataclass(frozen=True)
class Draft:
    """An assessment as it was read. ``assessment`` and ``criteria`` are there unless ``findings`` say why not."""

    source: Source
    settings: Settings
    criteria: Criteria | None
    assessment: Assessment | None
    findings: tuple[Finding, ...]

    @property
    def path(self) -> Path:
        """The file of the assessment."""
        return self.source.path


class Desk:
    """Opens the drafts of one run; settings and criteria sets are read once in it."""

    def __init__(self) -> None:
        self._settings = cache(settings.find)
        self._criteria = cache(criteria_sets.read)

    def open(self, path: Path) -> Draft:
        """Read an assessment with the settings and the criteria that hold for it.

        The findings are those of the file itself (PL0xx) or else all of the schema's (PL1xx), and those of the
        settings and the criteria set, at their own lines.
        """
        read = source.read(path)
        held = self._settings(read.path.parent)
        if read.findings:
            return Draft(read, held, None, None, (*held.findings, *read.findings))
        found, findings = self._criteria_of(read, held)
        criteria = found.criteria if found else None
        assessment, faults = fields.validate(Assessment, read, {"criteria": criteria})
        findings += [*faults, *_ids(read, criteria)] if criteria else faults
        set_findings = found.findings if found else ()
        valid = assessment if criteria and not findings else None
        return Draft(read, held, criteria, valid, (*held.findings, *set_findings, *findings))

    def _criteria_of(self, read: Source, held: Settings) -> tuple[criteria_sets.CriteriaSet | None, list[Finding]]:
        """The criteria set of an assessment, and what is wrong where it is named."""
        named = read.value("criteria")
        if isinstance(named, str) and named.strip():
            name, where, folder = " ".join(named.split()), read.place(("criteria",)), read.path.parent
        elif held.findings:
            return None, []  # which set is meant can't be known
        elif held.criteria and held.source:
            name, where, folder = held.criteria, held.source.place(("criteria",)), held.source.path.parent
        else:
            name, where, folder = criteria_sets.STANDARD, read.place(("criteria",)), read.path.parent
        if missing := list(criteria_sets.missing(name, folder, where)):
            return None, missing
        found = self._criteria(criteria_sets.locate(name, folder))
        if found.criteria is None:
            message = f"the criteria set {name} is at fault"
            return found, [Finding(where, "PL110", "error", message, "mend the set first: its own findings say where")]
        return found, []


def _ids(read: Source, criteria: Criteria) -> Iterator[Finding]:
    """Every benchmark of the criteria stands in the assessment exactly once, and no other."""
    scored = read.value("benchmarks")
    if not isinstance(scored, dict):
        return
    missing = [id for id in criteria.by_id if id not in scored]
    for id in (id for id in scored if id not in criteria.by_id):
        if guess := meant(id, missing):
            missing.remove(guess)
            help = f"did you mean {guess}?"
        else:
            help = f"the benchmarks are {', '.join(criteria.by_id)}"
        place = read.place(("benchmarks", id), key=True)
        yield Finding(place, "PL115", "error", f"{fields.quoted(id)} is no benchmark of the criteria", help)
    for id in missing:
        message = f"the benchmark {id} ({criteria.by_id[id].name}) is missing"
        yield Finding(read.place(("benchmarks",), key=True), "PL116", "error", message, f"add {id}: with its score")
