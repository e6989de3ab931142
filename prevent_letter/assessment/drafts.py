"""The one way in: from the path of an assessment to a draft with its settings, its criteria and what is wrong."""

import os.path
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from prevent_letter import ROOT
from prevent_letter.assessment import criteria as criteria_sets
from prevent_letter.assessment import fields, recommendations, settings, source
from prevent_letter.assessment.criteria import Criteria, CriteriaSet, NamedSet
from prevent_letter.assessment.fields import Entry
from prevent_letter.assessment.model import Assessment, Scored
from prevent_letter.assessment.settings import Settings
from prevent_letter.assessment.source import KeyPath, Source
from prevent_letter.ground.findings import MOST, Finding, Place, nearest
from prevent_letter.ground.names import normal, unseen


@dataclass(frozen=True)
class Draft:
    """An assessment as it was read. ``assessment`` and ``criteria`` are there unless ``findings`` say why not."""

    source: Source
    settings: Settings
    criteria: Criteria | None
    assessment: Assessment | None
    findings: tuple[Finding, ...]
    repository: Path | None = None

    @property
    def path(self) -> Path:
        """The file of the assessment."""
        return self.source.path

    def as_form(self, *, numbers: bool = False) -> "Draft":
        """The draft with what is missing as None, if nothing else is wrong: its letter is a form to fill in."""
        if self.assessment or not self.criteria or self.source.findings:
            return self
        rest = tuple(each for each in self.findings if each.code not in ("PL102", "PL116", "PL120"))
        made = form(self.source, self.criteria, numbers=numbers) if not rest else None
        return replace(self, assessment=made, findings=rest) if made else self

    def to_publish(self) -> "Draft":
        """The draft whose letter is a copy to publish, which names nobody that the assessment has a field for."""
        return replace(self, assessment=self.assessment and self.assessment.to_publish())

    def about(self, finding: Finding) -> KeyPath:
        """The key path of the value that a finding is about; empty where it is about none of this assessment."""
        if finding.place.path != self.path:
            return ()
        if finding.at:
            return fields.key_path(finding.at)
        return (
            self.source.at(finding.place) if finding.place.excerpt else ()
        )  # else it is about the whole file

    @property
    def scores(self) -> dict[str, int]:
        """Each score that is one of the criteria's scale, by the benchmark's id, in a draft that may be faulty."""
        known = self.criteria.by_id if self.criteria else ()
        texts = {id: self.source.value("benchmarks", id, "score") for id in known}
        written = self.criteria.scale.written if self.criteria else {}
        found = {
            id: written.get(" ".join(text.split()).casefold())
            for id, text in texts.items()
            if isinstance(text, str)
        }
        return {id: score for id, score in found.items() if score is not None}

    @property
    def is_not_begun(self) -> bool:
        """Whether nothing is scored and nothing written in it, and nothing but that is missing."""
        return bool(self.findings) and all(each.code == "PL120" for each in self.findings)


def form(read: Source, criteria: Criteria, *, numbers: bool = False) -> Assessment | None:
    """An assessment whose missing values are None, for a draft that is to be filled in; None where more is amiss.

    Authority, area and period must be there.
    """
    if not isinstance(read.data, dict):
        return None
    data, missing = _filled(Assessment, read.data, ())
    scored = data.get("benchmarks")
    benchmarks: dict[str, Any] = dict(scored) if isinstance(scored, dict) else {}
    for id in criteria.by_id:
        entry = benchmarks.get(id)
        if entry is None or isinstance(entry, dict):
            benchmarks[id], more = _filled(Scored, entry or {}, ("benchmarks", id))
            missing += more
    if benchmarks.keys() - criteria.by_id.keys() or {("authority",), ("area",), ("period",)} & {
        *missing
    }:
        return None
    for path in missing:
        if path[-1] == "score":
            benchmarks[str(path[1])]["score"] = criteria.scale.label(criteria.scale.met)
    try:
        context = {"criteria": criteria, "numbers": numbers}
        made = Assessment.model_validate({**data, "benchmarks": benchmarks}, context=context)
    except ValidationError:
        return None
    for path in missing:
        made = _without(made, path)
    return made


def _filled(model: type[Entry], data: Any, at: KeyPath) -> tuple[dict[str, Any], list[KeyPath]]:
    """Plain data with an example in place of each value that must be there and isn't, and the paths of these."""
    filled, missing = dict(data) if isinstance(data, dict) else {}, list[KeyPath]()
    for field in fields.declared(model):
        value = filled.get(field.name)
        if not model.model_fields[field.name].is_required() or field.several:
            continue
        if field.entry and (value is None or isinstance(value, dict)):
            filled[field.name], more = _filled(field.entry, value or {}, (*at, field.name))
            missing += more
        elif value is None or (isinstance(value, str) and not value.strip()):
            filled[field.name] = field.example
            missing.append((*at, field.name))
    return filled, missing


def _without(entry: Any, at: KeyPath) -> Any:
    """A copy of a model, or of a mapping of them, without the value at a key path."""
    inner = entry[at[0]] if isinstance(entry, dict) else getattr(entry, str(at[0]))
    changed = _without(inner, at[1:]) if len(at) > 1 else None
    if isinstance(entry, dict):
        return {**entry, at[0]: changed}
    return entry.model_copy(update={str(at[0]): changed})


class Desk:
    """Opens the drafts of one run; settings and criteria sets are read once in it."""

    def __init__(self, held: Mapping[Path, bytes] | None = None) -> None:
        """``held``: what files hold that are read as if it had been saved already."""
        self._held = held or {}
        self._settings = cache(settings.find)
        self._criteria = cache(criteria_sets.read)
        self._repository = cache(settings.repository)

    def open(self, path: Path, *, numbers: bool = False) -> Draft:
        """Read an assessment with the settings and the criteria that hold for it.

        The findings are those of the file itself (PL0xx) or else all of the schema's (PL1xx), and those of the
        settings and the criteria set, at their own lines. With ``numbers`` a named scale's scores may be numbers.
        """
        read = source.parse(path, self._held[path]) if path in self._held else source.read(path)
        held, home = self._settings(read.path.parent), self._repository(read.path.parent)
        if read.findings and not read.nameless:
            return Draft(read, held, None, None, (*held.findings, *read.findings), home)
        found, findings = self._criteria_of(read, held, home)
        if read.findings:
            named = _named(read, found.criteria if found else None)
            return Draft(read, held, None, None, (*held.findings, *named), home)
        criteria = found.criteria if found else None
        assessment, faults = fields.validate(
            Assessment, read, {"criteria": criteria, "numbers": numbers}
        )
        findings += [
            *_how_far(read, criteria, faults),
            *(self._ids(read, criteria, held, home) if criteria else ()),
        ]
        findings += _language(read, held)
        found_in_progress = (
            recommendations.faults(assessment, read.data, criteria)
            if assessment and criteria
            else ()
        )
        findings += [
            Finding(read.place(at), code, "error", message, help)
            for at, code, message, help in found_in_progress
        ]
        if hidden := unseen(read.path.name):
            message = f"the file's name isn't what it looks like: {hidden[1]}"
            findings.append(Finding(Place(read.path), "PL119", "error", message, "rename the file"))
        valid = assessment if criteria and not findings else None
        return Draft(
            read,
            held,
            criteria,
            valid,
            (*held.findings, *(found.findings if found else ()), *findings),
            home,
        )

    def _criteria_of(
        self, read: Source, held: Settings, home: Path | None
    ) -> tuple[CriteriaSet | None, list[Finding]]:
        """The criteria set of an assessment, and what is wrong where it is named."""
        named = named_set(read, held)
        if held.findings and not _own_set(read):
            return None, []  # which set the settings name can't be known
        if missing := list(named.missing()):
            return None, missing
        if home and named.is_own and not settings.is_inside(named.path, home):
            help = "put a copy of the set into the repository, and name that"
            message = f"the criteria set {named.name} lies outside the repository"
            return None, [Finding(named.place, "PL110", "error", message, help)]
        found = self._criteria(named.path)
        if found.criteria is None:
            message = f"the criteria set {named.name} is at fault"
            help = "mend the set first: its own findings say where"
            return found, [Finding(named.place, "PL110", "error", message, help)]
        return found, []

    def _ids(
        self, read: Source, criteria: Criteria, held: Settings, home: Path | None
    ) -> Iterator[Finding]:
        """Every benchmark of the criteria stands in the assessment exactly once, and no other."""
        scored = read.value("benchmarks")
        if not isinstance(scored, dict):
            return
        missing = [id for id in criteria.by_id if id not in scored]
        strange = [id for id in scored if id not in criteria.by_id]
        if len(strange) > 1 and (other := self._set_of(scored.keys(), read, held, home)):
            message = (
                f"these are the benchmarks of {other}, and this is scored against {criteria.title}"
            )
            place = read.place(("benchmarks",), key=True)
            yield Finding(place, "PL115", "error", message, f"write criteria: {other}")
            return
        for number, id in enumerate(strange[: MOST + 1]):
            if guess := nearest(normal(id), missing):
                missing.remove(guess)
                help = f"did you mean {guess}?"
            else:
                help = f"the benchmarks are {', '.join(criteria.by_id)}"[:1000]
            place = read.place(("benchmarks", id), key=True)
            message = f"{fields.quoted(id)} is no benchmark of the criteria"
            if hidden := unseen(id):
                message = f"{normal(id)} isn't the benchmark it looks like: {hidden[1]}"
            yield Finding(
                place, "PL115", "error", message, help, len(strange) - MOST if number == MOST else 1
            )
        for id in missing:
            message = f"the benchmark {id} ({criteria.by_id[id].name}) is missing"
            yield Finding(
                read.place(("benchmarks",), key=True),
                "PL116",
                "error",
                message,
                f"add {id}: with its score",
            )

    def _set_of(self, ids: Set[str], read: Source, held: Settings, home: Path | None) -> str:
        """What to write for the set that has all of some benchmarks: a bundled one, the settings', the repository's."""
        bundled = sorted((ROOT / "criteria").glob("*.yaml"))
        own = [named.path] if (named := named_set(None, held)).is_own else []
        kept = sorted((home / "criteria").glob("*.y*ml"))[:MOST] if home else []
        for path in (*bundled, *own, *kept):
            found = self._criteria(path).criteria
            if found and ids <= found.by_id.keys():
                return (
                    path.stem
                    if path in bundled
                    else Path(os.path.relpath(path, read.path.parent)).as_posix()
                )
        return ""


def named_set(read: Source | None, held: Settings) -> NamedSet:
    """The criteria set that an assessment names, or else the settings, or else the standard one."""
    if read and (own := _own_set(read)):
        return NamedSet(own, read.path.parent, read)
    if held.file.criteria and held.source:
        return NamedSet(held.file.criteria, held.source.path.parent, held.source)
    return NamedSet(criteria_sets.STANDARD, Path(), read)


def _own_set(read: Source) -> str:
    """The name of the set that an assessment names itself; empty where it names none."""
    own = read.value("criteria")
    return " ".join(own.split()) if isinstance(own, str) else ""


def _is_begun(read: Source) -> bool:
    """Whether anything is scored or written in an assessment, or it says that its letter was sent."""
    scored_or_written = (
        field.kind in ("score", "prose")
        for _, field, text in fields.texts(Assessment, read.data)
        if text.strip()
    )
    return any(scored_or_written) or read.value("sent") is not None


_SCREENFUL = 4
"""How many missing values are told each by itself, before the rest is named in one."""


def _named(read: Source, criteria: Criteria | None) -> Iterator[Finding]:
    """The faults of a file in which a benchmark's name is missing, with the name that it should have."""
    for finding in read.findings:
        before = read.nameless.get(finding.place.line, ()) if finding.code == "PL007" else ()
        ids = list(criteria.by_id) if criteria and before[:1] == ("benchmarks",) else []
        behind = ids[ids.index(before[-1]) + 1 :] if before and before[-1] in ids else []
        missing = [id for id in behind if read.value("benchmarks", id) is None]
        if missing:
            message = f"a benchmark's name is missing above this line; is it {missing[0]}:?"
            finding = replace(
                finding, message=message, help=f"write {missing[0]}: above it, like {before[-1]}:"
            )
        yield finding


def _how_far(read: Source, criteria: Criteria | None, faults: list[Finding]) -> Iterator[Finding]:
    """The faults of an assessment that isn't finished: how far it is, then what is missing, on a screen.

    Of one that isn't begun nothing is missing yet.
    """
    missing = [each for each in faults if each.code == "PL102"]
    yield from (each for each in faults if each.code != "PL102")
    if missing and isinstance(read.data, dict) and not _is_begun(read):
        help = "fill it in; it counts as begun with the first score or text"
        yield Finding(
            Place(read.path),
            "PL120",
            "note",
            "not begun: nothing is scored and nothing written yet",
            help,
        )
        return
    ids = list(criteria.by_id) if criteria else []
    unscored = [id for id in ids if not str(read.value("benchmarks", id, "score") or "").strip()]
    if missing and unscored:
        message = f"{len(ids) - len(unscored)} of {len(ids)} scored"
        yield Finding(
            Place(read.path), "PL120", "note", message, f"no score yet: {', '.join(unscored)}"
        )
    yield from missing[:_SCREENFUL]
    if rest := missing[_SCREENFUL:]:
        named = ", ".join(
            f"{each.message.removesuffix(' is missing')} (line {each.place.line})" for each in rest
        )
        message = f"{len(rest)} more missing: {named}" if len(rest) > 1 else rest[0].message
        yield replace(
            rest[0], message=message, help="fill them in as well" if len(rest) > 1 else rest[0].help
        )


def _language(read: Source, held: Settings) -> Iterator[Finding]:
    """A letter in another language needs wording in it, and never gets English in its place."""
    language = read.value("language")
    if not isinstance(language, str) or language == "en" or not fields.is_language(language):
        return
    if not held.has_letter(language):
        name = settings.in_language(settings.LETTER, language)
        help = f"put {name} into the folder that templates names in {settings.NAME}: a copy of letter.html.j2, translated"
        message = f"there is no letter in the language {language}: no template {name}"
        yield Finding(read.place(("language",)), "PL121", "error", message, help)
