"""Load an assessment as a draft, with its settings, criteria, model and findings."""

import os.path
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, partial
from pathlib import Path
from typing import Any

from prevent_letter.assessment import criteria as criteria_files
from prevent_letter.assessment import settings as settings_files
from prevent_letter.assessment import source
from prevent_letter.assessment.criteria import BUNDLED, Criteria, CriteriaFile
from prevent_letter.assessment.criteria_sets import named_set
from prevent_letter.assessment.fields import fields_of, parse_dotted, walk_texts
from prevent_letter.assessment.model import Assessment, Scored, score_reader
from prevent_letter.assessment.places import KeyPath, Source, on_one_line
from prevent_letter.assessment.settings import Settings
from prevent_letter.assessment.validation import Fault, convert, validate
from prevent_letter.assessment.values import Entry, is_language
from prevent_letter.core.display import nearest, quote
from prevent_letter.core.findings import MOST_LISTED, Finding, FindingList, Place
from prevent_letter.core.names import find_invisible, normalise
from prevent_letter.core.repository import SETTINGS, repository

_MISSING_CODES = ("PL102", "PL116", "PL120")
"""The codes of findings about missing parts of an unfinished assessment."""
_MOST_MISSING_APART = 4
"""The number of missing values reported one by one; a single finding names the others."""
_LONGEST_HELP = 1000


class State(Enum):
    """How complete an assessment is."""

    NOT_BEGUN = "not begun"
    BEGUN = "begun"
    COMPLETE = "complete"
    SENT = "sent"


@dataclass(frozen=True)
class Draft:
    """An assessment as it was read. Without errors it has both ``assessment`` and ``criteria``."""

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

    @property
    def valid(self) -> tuple[Assessment, Criteria]:
        """The assessment and its criteria, only for a draft that has both."""
        assert self.assessment
        assert self.criteria
        return self.assessment, self.criteria

    @property
    def is_not_begun(self) -> bool:
        """True if nothing is scored or written yet, and nothing else is wrong."""
        return bool(self.findings) and all(finding.code == "PL120" for finding in self.findings)

    @property
    def state(self) -> State:
        """How complete the assessment is."""
        if self.is_not_begun:
            return State.NOT_BEGUN
        if self.assessment is None:
            return State.BEGUN
        return State.SENT if self.assessment.sent else State.COMPLETE

    @property
    def scores(self) -> dict[str, int]:
        """Each valid score by its benchmark's id, even if the draft has errors."""
        if not self.criteria:
            return {}
        written, value = self.criteria.scale.written, self.source.value
        texts = {id: on_one_line(value("benchmarks", id, "score")) for id in self.criteria.by_id}
        return {id: written[t.casefold()] for id, t in texts.items() if t.casefold() in written}

    def as_form(self, *, accept_numbers: bool = False) -> "Draft":
        """Return the draft with None for each missing value; unchanged if it has any other error.

        The letter of such a draft is a form to fill in.
        """
        if self.assessment or not self.criteria or self.source.findings:
            return self
        if any(finding.code not in _MISSING_CODES for finding in self.findings):
            return self
        assessment = form(self.source, self.criteria, accept_numbers=accept_numbers)
        return replace(self, assessment=assessment, findings=()) if assessment else self

    def path_of(self, finding: Finding) -> KeyPath:
        """Return the key path of the value that a finding is about; empty if there is none."""
        if finding.place.path != self.path:
            return ()
        if finding.key_path:
            return parse_dotted(finding.key_path)
        is_about_file = not finding.place.excerpt
        return () if is_about_file else self.source.path_at(finding.place)


def form(
    assessment: Source, criteria: Criteria, *, accept_numbers: bool = False
) -> Assessment | None:
    """Return an assessment whose missing values are None; return None if it has any other error.

    The result is also None if authority, area or period is missing.
    """
    if not isinstance(assessment.data, dict):
        return None
    data, missing = _fill_in(Assessment, assessment.data, ())
    scored = data.get("benchmarks")
    benchmarks: dict[str, Any] = dict(scored) if isinstance(scored, dict) else {}
    for id in criteria.by_id:
        entry = benchmarks.get(id)
        if entry is None or isinstance(entry, dict):
            benchmarks[id], more = _fill_in(Scored, entry or {}, ("benchmarks", id))
            missing += more
    needed: set[KeyPath] = {("authority",), ("area",), ("period",)}
    if benchmarks.keys() - criteria.by_id.keys() or needed & {*missing}:
        return None
    for path in missing:
        if path[-1] == "score":
            benchmarks[str(path[1])]["score"] = criteria.scale.label(criteria.scale.met)
    read_score = score_reader(criteria, accept_numbers=accept_numbers)
    filled, _ = convert(Assessment, {**data, "benchmarks": benchmarks}, read_score)
    for path in missing if filled else ():
        filled = _without(filled, path)
    return filled


def _fill_in(model: type[Entry], data: Any, path: KeyPath) -> tuple[dict[str, Any], list[KeyPath]]:
    """Return plain data with an example for each missing required value, and their key paths."""
    filled, missing = dict(data) if isinstance(data, dict) else {}, list[KeyPath]()
    for field in fields_of(model):
        value = filled.get(field.name)
        if not field.required or field.several:
            continue
        if field.entry and (value is None or isinstance(value, dict)):
            inner, more = _fill_in(field.entry, value or {}, (*path, field.name))
            filled[field.name] = inner
            missing += more
        elif value is None or (isinstance(value, str) and not value.strip()):
            filled[field.name] = field.example
            missing.append((*path, field.name))
    return filled, missing


def _without(entry: Any, path: KeyPath) -> Any:
    """Return a copy of a model, or of a mapping of models, with None at a key path."""
    key = str(path[0])
    inner = entry[key] if isinstance(entry, dict) else getattr(entry, key)
    changed = _without(inner, path[1:]) if len(path) > 1 else None
    if isinstance(entry, dict):
        return {**entry, key: changed}
    return replace(entry, **{key: changed})


class DraftLoader:
    """Loads the drafts of one run, and reads each settings file and criteria set once."""

    def __init__(self, contents: Mapping[Path, bytes] | None = None) -> None:
        """Use ``contents`` (bytes by path) in place of what the files at these paths contain."""
        self._contents = contents or {}
        self._settings = cache(settings_files.find)
        self._criteria = cache(criteria_files.read)
        self._repository = cache(repository)

    def load(self, path: Path, *, accept_numbers: bool = False) -> Draft:
        """Read an assessment with its settings and its criteria.

        The findings are those of the file itself (PL0xx) or, if it has none, of the schema (PL1xx).
        Findings on the settings and the criteria set come first, each at its place in its own file.
        With ``accept_numbers`` the scores of a scale with names may be numbers.
        """
        data = self._contents.get(path)
        file = source.read(path) if data is None else source.parse(path, data)
        settings = self._settings(file.path.parent)
        repository = self._repository(file.path.parent)
        criteria_file, findings_of_name = self._criteria_of(file, settings, repository)
        criteria = criteria_file.criteria if criteria_file else None
        if file.findings:
            findings = (*settings.findings, *_name_unnamed(file, criteria))
            return Draft(file, settings, None, None, findings, repository)
        read_score = score_reader(criteria, accept_numbers=accept_numbers)
        names = {b.id: b.name for b in criteria.benchmarks} if criteria else {}
        assessment, invalid = validate(Assessment, file, read_score, names)
        own = [*findings_of_name, *_work_left(file, criteria, invalid)]
        if criteria:
            own += self._benchmark_findings(file, criteria, settings, repository)
        language, template = file.value("language"), settings_files.LETTER
        if isinstance(language, str) and language != "en" and is_language(language):
            name = settings_files.in_language(template, language)
            if settings.template(template, language).name != name:  # English never takes its place
                help = f"put {name}, a translated copy of {template}"
                help += f", into the folder that {SETTINGS} names after templates:"
                message = f"there is no letter in the language {language}: no template {name}"
                own.append(Fault(("language",), "PL121", message, help).finding(file))
        if assessment and assessment.progress and criteria:
            from prevent_letter.assessment.recommendations import progress_faults

            faults = progress_faults(assessment, file.data, criteria)
            own += [fault.finding(file) for fault in faults]
        if invisible := find_invisible(file.path.name):
            message = f"the file's name is not what it looks like: {invisible.description}"
            own.append(Finding(Place(file.path), "PL119", "error", message, "rename the file"))
        of_set = criteria_file.findings if criteria_file else ()
        valid = assessment if criteria and not own else None
        findings = (*settings.findings, *of_set, *own)
        return Draft(file, settings, criteria, valid, findings, repository)

    def _criteria_of(
        self, file: Source, settings: Settings, repository: Path | None
    ) -> tuple[CriteriaFile | None, list[Finding]]:
        """Return an assessment's criteria set, and findings at the place that names the set."""
        named = named_set(file, settings)
        if settings.findings and not on_one_line(file.value("criteria")):
            return None, []  # the settings have errors, so the set that they name is not known
        if faults := list(named.faults(repository)):
            return None, faults
        criteria_file = self._criteria(named.path)
        if criteria_file.criteria:
            return criteria_file, []
        help = "correct the set first: its own findings say where"
        message = f"the criteria set {named.name} has errors"
        return criteria_file, [Finding(named.place, "PL110", "error", message, help)]

    def _benchmark_findings(
        self, file: Source, criteria: Criteria, settings: Settings, repository: Path | None
    ) -> list[Finding]:
        """Return findings on benchmarks missing from the assessment, or unknown in the set."""
        scored = file.value("benchmarks")
        if not isinstance(scored, dict):
            return []
        missing = [id for id in criteria.by_id if id not in scored]
        unknown = [id for id in scored if id not in criteria.by_id]
        place = file.place(("benchmarks",), key=True)
        if len(unknown) > 1:  # those of another set, perhaps
            bundled, named = sorted(BUNDLED.glob("*.yaml")), named_set(None, settings)
            own = [named.path] if named.is_path else []
            if repository:
                own += sorted((repository / "criteria").glob("*.y*ml"))[:MOST_LISTED]
            for path in (*bundled, *own):
                criteria_file = self._criteria(path).criteria
                if not criteria_file or not scored.keys() <= criteria_file.by_id.keys():
                    continue
                other = path.stem
                if path not in bundled:
                    other = Path(os.path.relpath(path, file.path.parent)).as_posix()
                message = f"these benchmarks are those of {other}"
                message += f", but the criteria of this assessment are {criteria.title}"
                help = f"write criteria: {other}"
                return [Finding(place, "PL115", "error", message, help)]
        findings = FindingList()
        for id in unknown:
            find = partial(_unknown_benchmark, file, criteria, id, missing)
            findings.add("PL115", find)
        for id in missing:
            message = f"the benchmark {id} ({criteria.by_id[id].name}) is missing"
            help = f"add {id}: with its score"
            findings.append(Finding(place, "PL116", "error", message, help))
        return findings


def _unknown_benchmark(file: Source, criteria: Criteria, id: str, missing: list[str]) -> Finding:
    """Return the finding on an unknown benchmark; remove the id it resembles from ``missing``."""
    message = f"{quote(id)} is not a benchmark of the criteria"
    if invisible := find_invisible(id):
        message = f"{normalise(id)} is not the benchmark it looks like: {invisible.description}"
    help = f"the benchmarks are {', '.join(criteria.by_id)}"[:_LONGEST_HELP]
    if guess := nearest(normalise(id), missing):
        missing.remove(guess)
        help = f"did you mean {guess}?"
    return Finding(file.place(("benchmarks", id), key=True), "PL115", "error", message, help)


def _name_unnamed(file: Source, criteria: Criteria | None) -> Iterator[Finding]:
    """Yield a file's findings, with the likely name added where a benchmark's name is missing."""
    ids = list(criteria.by_id) if criteria else []
    for finding in file.findings:
        before = file.unnamed.get(finding.place.line, ()) if finding.code == "PL007" else ()
        if before[:1] == ("benchmarks",) and before[-1] in ids:
            following = ids[ids.index(str(before[-1])) + 1 :]
            absent = [id for id in following if file.value("benchmarks", id) is None]
            if absent:
                message = f"a benchmark's name is missing above this line; is it {absent[0]}:?"
                help = f"write {absent[0]}: above it, like {before[-1]}:"
                finding = replace(finding, message=message, help=help)
        yield finding


def _work_left(
    file: Source, criteria: Criteria | None, findings: list[Finding]
) -> Iterator[Finding]:
    """Yield the findings and a note on progress; missing values after the fourth share one finding.

    If the assessment is not begun, missing values are not reported.
    """
    missing = [finding for finding in findings if finding.code == "PL102"]
    yield from (finding for finding in findings if finding.code != "PL102")
    if missing and isinstance(file.data, dict) and file.value("sent") is None:
        texts = walk_texts(Assessment, file.data)
        if not any(f.kind in ("score", "prose") and text.strip() for _, f, text in texts):
            message = "not begun: nothing is scored and nothing written yet"
            help = "fill it in; it counts as begun once it has a score or a text"
            yield Finding(Place(file.path), "PL120", "note", message, help)
            return
    benchmarks = criteria.benchmarks if criteria else ()
    written = {b.id: str(file.value("benchmarks", b.id, "score") or "") for b in benchmarks}
    unscored = [b for b in benchmarks if not written[b.id].strip()]
    if missing and unscored:
        message = f"{len(benchmarks) - len(unscored)} of {len(benchmarks)} scored"
        help = f"no score yet: {', '.join(b.name for b in unscored)}"
        yield Finding(Place(file.path), "PL120", "note", message, help)
    yield from missing[:_MOST_MISSING_APART]
    rest = missing[_MOST_MISSING_APART:]
    if len(rest) == 1:
        yield rest[0]
    elif rest:
        named = (f"{f.message.removesuffix(' is missing')} (line {f.place.line})" for f in rest)
        message = f"{len(rest)} more missing: {', '.join(named)}"
        yield replace(rest[0], message=message, help="fill them in as well")
