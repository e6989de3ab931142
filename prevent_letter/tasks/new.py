"""Begin an assessment: a file to fill in, and beside it the schema for editors."""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from prevent_letter.assessment import blank, fields, source
from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.schema import schema
from prevent_letter.assessment.source import Source
from prevent_letter.ground.findings import Faults, Misuse
from prevent_letter.tasks import writing
from prevent_letter.tasks.criteria import choose


@dataclass(frozen=True)
class Report:
    """The files that were made, from the current folder."""

    assessment: Path
    schema: Path

    def __str__(self) -> str:
        return f"Fill it in, then: prevent-letter check {self.assessment}"


def new(
    authority: str = "",
    *,
    last: Path | None = None,
    period: str | None = None,
    language: str | None = None,
    criteria: str | None = None,
) -> Report:
    """Write an assessment to fill in, and its schema, into the current folder.

    Args:
        authority: whose it is; without it, it is the next one after ``last``.
        last: last year's assessment, from which ``new`` carries over what carries over.
        period: two successive years; else the one after last year's, or the one that is assessed now.
        language: the letter's, as two or three small letters; else last year's, or English.
        criteria: a criteria set's name or path.

    Raises:
        Misuse: no authority is named, or it, the period or the language can't be one; there is no such criteria set.
        Faults: last year's file, the criteria set or the settings are at fault.
        Stop: the assessment is there already, or can't be written.
    """
    read = source.read(last) if last else None
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
    period = _period(period, same)
    chosen, name = choose(criteria, read)
    known = {"area": blank.area(authority), **(blank.carried(read, same_authority=bool(same)) if read else {})}
    if language and not fields.is_language(language):
        raise Misuse(f"--language {language}: write two or three small letters, such as cy")
    known |= {"authority": authority, "period": period, "criteria": name, "area": str(known["area"])}
    known["language"] = language or known.get("language")
    if known["language"] == "en":
        del known["language"]
    made = Report(Path(blank.name(known)), Path(blank.schema_name(name)))
    writing.write_over(made.schema, schema_text(chosen))
    writing.write_new(made.assessment, blank.write(chosen, name, known, same))
    return made


def _period(asked: str | None, same: Source | None) -> str:
    """The period that is asked for, or the one after last year's, or the one that is assessed now."""
    if asked and not fields.is_period(asked):
        raise Misuse(f"--period {asked}: write two successive years, such as 2026/2027")
    last = str(same.value("period")).strip() if same else ""
    return asked or (blank.next_period(last) if fields.is_period(last) else blank.current_period(dt.date.today()))


def write_schema(path: Path, criteria: Criteria) -> None:
    """Write the schema into a file, over an earlier one, but over nothing else.

    Raises:
        Misuse: something else stands there, or no file can have this name.
        Stop: it can't be written.
    """
    writing.refuse_device(path)
    with writing.stopping(path, "read"):
        ours = not path.exists() or (path.is_file() and b'"$schema"' in path.read_bytes()[: 1 << 20])
    if not ours:
        raise Misuse(f"-o {path}: something else than a schema stands there; name another file")
    writing.write_over(path, schema_text(criteria))


def schema_text(criteria: Criteria) -> str:
    """The JSON Schema of assessments against a criteria set, as the text of a file."""
    return json.dumps(schema(criteria), ensure_ascii=False, indent=1) + "\n"
