"""Begin an assessment: a file to fill in, and beside it the schema for editors."""

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from prevent_letter.assessment import blank, fields, source
from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.schema import schema
from prevent_letter.assessment.source import Source
from prevent_letter.ground.findings import Faults, Misuse, Stop, shown
from prevent_letter.tasks import showing, writing
from prevent_letter.tasks.criteria import choose


class Wish(NamedTuple):
    """What is asked of new assessments, each left out where last year's, or the usual, will do."""

    period: str | None = None
    """Two successive years; else those after last year's, or those that are assessed now."""
    language: str | None = None
    """The letter's, as two or three small letters."""
    criteria: str | None = None
    """A criteria set's name or path."""

    def refuse_odd(self) -> None:
        """See to it that period and language can be such.

        Raises:
            Misuse: they can't.
        """
        fields.refuse_odd_period(self.period)
        if self.language and not fields.is_language(self.language):
            raise Misuse(
                f"--language {self.language}: write two or three small letters, such as cy"
            )


@dataclass
class Report(showing.Report):
    """The files that were made, assessments and schemas, and what is to be said of them."""

    begun: list[Path] = field(default_factory=list)
    """The assessments among them."""

    def __str__(self) -> str:
        return f"Fill it in, then: prevent-letter check {shown(self.begun[0])}"


def new(authority: str, last: Path | None, wish: Wish) -> Report:
    """Write an assessment to fill in, and its schema, into the current folder.

    Args:
        authority: whose it is; if it is empty, it is the next one after ``last``.
        last: last year's assessment, from which ``new`` carries over what carries over.
        wish: period, language and criteria.

    Raises:
        Misuse: no authority is named, or it, the period or the language can't be one; there is no such criteria set.
        Faults: last year's file, the criteria set or the settings are at fault.
        Stop: the assessment is there already, or can't be written.
    """
    wish.refuse_odd()
    made = Report()
    begin(made, Path(), authority, source.read(last) if last else None, wish)
    return made


def begin(made: Report, folder: Path, authority: str, read: Source | None, wish: Wish) -> None:
    """Write one assessment and its schema into a folder, and take them into a report; ``read`` is last year's.

    Raises:
        Misuse, Faults, Stop: as ``new``.
    """
    if read and read.findings:
        raise Faults(read.findings)
    before = text(read.value("authority")) if read else ""
    authority = authority or before
    if not authority:
        raise Misuse(
            'name the authority, such as: prevent-letter new "Exampleshire County Council"'
        )
    if not authority.isprintable():
        raise Misuse("the authority's name has a character that can't stand in a letter")
    same = read if authority == before else None
    chosen, name = choose(wish.criteria, read, folder)
    known = _known(authority, name, read, same, wish)
    assessment, schema_path = folder / blank.name(known), folder / blank.schema_name(name)
    if not _is_schema(schema_path):
        raise Stop(
            f"{shown(schema_path)}: something else than a schema stands there; move or rename it first"
        )
    writing.write_over(schema_path, schema_text(chosen))
    writing.write_new(assessment, blank.write(chosen, name, known, same))
    made.written += [assessment, *([schema_path] if schema_path not in made.written else [])]
    made.begun.append(assessment)
    left = blank.left_behind(read, chosen, same_authority=bool(same)) if read else ()
    made.remarks += [f"{shown(assessment)}: {each}" for each in left]


def _known(
    authority: str, criteria: str, read: Source | None, same: Source | None, wish: Wish
) -> dict[str, Any]:
    """What is known of an assessment before it is filled in, as plain data."""
    known = blank.carried(read, same_authority=bool(same)) if read else {}
    known |= {"authority": authority, "period": _period(wish.period, same), "criteria": criteria}
    known |= {"area": text(known.get("area")) or blank.area(authority)}
    known["language"] = wish.language or known.get("language")
    if known["language"] == "en":
        del known["language"]
    return known


def text(value: Any) -> str:
    """A text on one line; empty where it is none."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def _period(asked: str | None, same: Source | None) -> str:
    """The period that is asked for, or the one after last year's, or the one that is assessed now."""
    last = str(same.value("period")).strip() if same else ""
    return asked or (
        blank.next_period(last) if fields.is_period(last) else blank.current_period(dt.date.today())
    )


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
        return not path.exists() or (
            path.is_file() and b'"$schema"' in path.read_bytes()[: 1 << 20]
        )


def schema_text(criteria: Criteria) -> str:
    """The JSON Schema of assessments against a criteria set, as the text of a file."""
    return json.dumps(schema(criteria), ensure_ascii=False, indent=1) + "\n"
