"""Begin assessments: files to fill in, and beside them the schema for editors."""

import datetime as dt
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from prevent_letter.assessment import blank, fields, source
from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.languages import english
from prevent_letter.assessment.schema import schema
from prevent_letter.assessment.source import Source
from prevent_letter.ground.findings import Faults, Misuse, Stop, shown
from prevent_letter.ground.names import folded
from prevent_letter.tasks import paths, showing, writing
from prevent_letter.tasks.criteria import choose
from prevent_letter.tasks.report import attempt


@dataclass
class Report(showing.Report):
    """The files that were made, assessments and schemas, and what is to be said of them."""

    begun: list[Path] = field(default_factory=list)
    left: int | None = None
    """How many files were passed over, of a whole folder."""

    def __str__(self) -> str:
        if self.left is not None:
            failed = f", {len(self.failures)} failed" if self.failures else ""
            return f"{len(self.begun)} begun, {self.left} passed over{failed}"
        return f"Fill it in, then: prevent-letter check {shown(self.begun[0])}"


def new(
    authority: str = "",
    *,
    last: Path | None = None,
    output: Path | None = None,
    period: str | None = None,
    language: str | None = None,
    criteria: str | None = None,
) -> Report:
    """Write an assessment to fill in, and its schema, into the current folder; or the next one of each of a folder's.

    Args:
        authority: whose it is; without it, it is the next one after ``last``.
        last: last year's assessment, from which ``new`` carries over what carries over; or a folder of assessments.
        output: where the next ones of a folder go; else each goes beside last year's.
        period: two successive years; else the one after last year's, or the one that is assessed now.
        language: the letter's, as two or three small letters; else last year's, or English.
        criteria: a criteria set's name or path.

    Raises:
        Misuse: no authority is named, or it, the period or the language can't be one; there is no such criteria set.
        Faults: last year's file, the criteria set or the settings are at fault.
        Stop: the assessment is there already, or can't be written.
    """
    if period and not fields.is_period(period):
        raise Misuse(f"--period {period}: write two successive years, such as 2026/2027")
    if language and not fields.is_language(language):
        raise Misuse(f"--language {language}: write two or three small letters, such as cy")
    if last and last.is_dir():
        if authority or language:
            raise Misuse("with --from and a folder, each authority keeps its name and its languages; leave these out")
        return _next_of_each(last, output, period, criteria)
    if output:
        raise Misuse("-o goes with --from and a folder, such as: prevent-letter new --from midlands -o next_year")
    made = Report()
    _begin(made, Path(), authority, source.read(last) if last else None, period, language, criteria)
    return made


def _begin(
    made: Report,
    folder: Path,
    authority: str,
    read: Source | None,
    period: str | None,
    language: str | None = None,
    criteria: str | None = None,
) -> None:
    """Write one assessment and its schema into a folder, and take them into the report."""
    if read and read.findings:
        raise Faults(read.findings)
    named = read.value("authority") if read else None
    before = " ".join(named.split()) if isinstance(named, str) else ""
    authority = authority or before
    if not authority:
        raise Misuse('name the authority, such as: prevent-letter new "Exampleshire County Council"')
    if not authority.isprintable():
        raise Misuse("the authority's name has a character that can't stand in a letter")
    same = read if authority == before else None
    chosen, name = choose(criteria, read, folder)
    known = blank.carried(read, same_authority=bool(same)) if read else {}
    known |= {"authority": authority, "period": _period(period, same), "criteria": name}
    known |= {"area": _text(known.get("area")) or blank.area(authority)}
    known["language"] = language or known.get("language")
    if known["language"] == "en":
        del known["language"]
    assessment, schema_path = folder / blank.name(known), folder / blank.schema_name(name)
    if not _is_schema(schema_path):
        raise Stop(f"{shown(schema_path)}: something else than a schema stands there; move or rename it first")
    writing.write_over(schema_path, schema_text(chosen))
    writing.write_new(assessment, blank.write(chosen, name, known, same))
    made.written += [assessment, *([schema_path] if schema_path not in made.written else [])]
    made.begun.append(assessment)
    if read:
        left = blank.left_behind(read, chosen, same_authority=bool(same))
        made.remarks += [f"{shown(assessment)}: {each}" for each in left]


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


class _Last(NamedTuple):
    """What tells an assessment of a folder: whose and when, where it lies, and why there is no next one yet."""

    authority: str
    language: str
    period: str
    path: Path
    below: Path
    unfinished: str


def _next_of_each(folder: Path, output: Path | None, period: str | None, criteria: str | None) -> Report:
    """Begin the next assessment of each authority of a folder, in each of its languages."""
    found = paths.find([folder])
    if not found.assessments:
        raise Misuse(f"there is no assessment in {shown(folder)}.")
    made = Report(left=0)
    several: dict[tuple[str, str], list[_Last]] = {}
    for draft in made.open(found.assessments):
        last = _last(draft, found.assessments[draft.path])
        if draft.source.findings:
            _pass_over(made, draft.path, f"it can't be read: {draft.source.findings[0].message}")
        elif last.authority and fields.is_period(last.period):
            several.setdefault((last.authority, last.language), []).append(last)
        else:
            _pass_over(made, draft.path, "whose it is, and of which period, can't be read")
    for _, each in sorted(several.items()):
        if newest := _newest(made, each, period):
            goes = output / newest.below.parent if output else newest.path.parent
            _begin_next(made, newest, goes, period, criteria)
    return made


def _last(draft: Draft, below: Path) -> _Last:
    authority, language, period = (_text(draft.source.value(key)) for key in ("authority", "language", "period"))
    unfinished = "" if draft.assessment else "it isn't begun yet" if draft.is_not_begun else "it isn't finished"
    return _Last(folded(authority), english(language), period, draft.path, below, unfinished)


def _newest(made: Report, several: list[_Last], period: str | None) -> _Last | None:
    """The newest of an authority's assessments, unless there is one of the period already, or it isn't finished."""
    before = [each for each in several if not period or each.period <= period]
    newest = max(before or several, key=lambda each: each.period)
    if not before:
        _pass_over(made, newest.path, f"there is none from before {period}")
    elif newest.period == period:
        _pass_over(made, newest.path, f"this is the one of {period}")
    elif newest.unfinished:
        _pass_over(made, newest.path, f"this is the newest, and {newest.unfinished}")
    else:
        return newest
    return None


def _begin_next(made: Report, last: _Last, folder: Path, period: str | None, criteria: str | None) -> None:
    """Begin the assessment after a finished one; what comes in the way of one stops no other."""
    period = period or blank.next_period(last.period)
    read = source.read(last.path)
    known = {"area": _text(read.value("area")), "period": period, "language": last.language}
    target = folder / blank.name(known)
    if os.path.lexists(target):
        _pass_over(made, last.path, f"{shown(target)} is there already")
    elif failed := attempt(lambda each: _begin(made, folder, "", each, period, None, criteria), read, target):
        made.failures.append(failed)


def _pass_over(made: Report, path: Path, why: str) -> None:
    made.left = (made.left or 0) + 1
    made.remarks.append(f"{shown(path)}: passed over: {why}")


def _period(asked: str | None, same: Source | None) -> str:
    """The period that is asked for, or the one after last year's, or the one that is assessed now."""
    last = str(same.value("period")).strip() if same else ""
    return asked or (blank.next_period(last) if fields.is_period(last) else blank.current_period(dt.date.today()))


def write_schema(path: Path, criteria: Criteria) -> None:
    """Write the schema into a file, over an earlier one, but over nothing else.

    Raises:
        Misuse: something else stands there, or no file can have this name.
        Stop: it can't be written.
    """
    writing.refuse_device(path)
    if not _is_schema(path):
        raise Misuse(f"-o {path}: something else than a schema stands there; name another file")
    writing.write_over(path, schema_text(criteria))


def _is_schema(path: Path) -> bool:
    """Whether a schema, and nothing else, stands at a path; or nothing."""
    with writing.stopping(path, "read", "file"):
        if path.is_symlink():
            return True  # which isn't written through
        return not path.exists() or (path.is_file() and b'"$schema"' in path.read_bytes()[: 1 << 20])


def schema_text(criteria: Criteria) -> str:
    """The JSON Schema of assessments against a criteria set, as the text of a file."""
    return json.dumps(schema(criteria), ensure_ascii=False, indent=1) + "\n"
