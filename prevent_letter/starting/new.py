"""Start an assessment: a file to fill in, and beside it the schema for editors."""

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment import blank, criteria_sets, source
from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.places import Source, on_one_line
from prevent_letter.assessment.report import OutputReport
from prevent_letter.assessment.schema import schema
from prevent_letter.assessment.values import check_period, is_language, is_period
from prevent_letter.core import atomic
from prevent_letter.core.display import show_path
from prevent_letter.core.findings import FileErrors, UsageError, UserError
from prevent_letter.core.ordinary import open_ordinary

_MOST_BYTES = 1 << 20
"""How many bytes at the start of a file are searched for ``$schema``."""


class NewOptions(NamedTuple):
    """Options for new assessments; None means last year's value, if any, or the default."""

    period: str | None = None
    """Such as 2026/2027; by default the period after last year's, else the current one."""
    language: str | None = None
    """The letter's language, as two or three small letters."""
    criteria: str | None = None
    """A criteria set's name or path."""

    def check(self) -> None:
        """Raise ``UsageError`` unless period and language are valid."""
        check_period(self.period)
        if self.language and not is_language(self.language):
            message = f"--language {self.language}: write two or three small letters, such as cy"
            raise UsageError(message)


@dataclass
class NewReport(OutputReport):
    """The files that were written, assessments and schemas, and remarks about them."""

    started: list[Path] = field(default_factory=list)
    """The assessments that were written."""

    def __str__(self) -> str:
        return f"Fill it in, then: prevent-letter check {show_path(self.started[0])}"


def new(authority: str, last_year: Path | None, options: NewOptions) -> NewReport:
    """Write an assessment to fill in, and its schema, into the current folder.

    Args:
        authority: the authority's name; if empty, the authority of ``last_year``.
        last_year: last year's assessment, from which values are carried over.
        options: period, language and criteria.

    Raises:
        UsageError: no authority is named, the authority, period or language is not valid, or there
            is no such criteria set.
        FileErrors: last year's file, the criteria set or the settings have errors.
        UserError: the assessment exists already, or can't be written.
    """
    options.check()
    report = NewReport()
    start(report, Path(), authority, source.read(last_year) if last_year else None, options)
    return report


def start(
    report: NewReport, folder: Path, authority: str, last_year: Source | None, options: NewOptions
) -> None:
    """Write one assessment and its schema into a folder, and add them to a report.

    Raises:
        UsageError, FileErrors, UserError: as ``new``.
    """
    if last_year and last_year.findings:
        raise FileErrors(last_year.findings)
    last_authority = on_one_line(last_year.value("authority")) if last_year else ""
    authority = authority or last_authority
    if not authority:
        message = 'name the authority, such as: prevent-letter new "Exampleshire County Council"'
        raise UsageError(message)
    if not authority.isprintable():
        raise UsageError("the authority's name has a character that can't be in a letter")
    is_same = authority == last_authority
    criteria, criteria_name = criteria_sets.choose(options.criteria, last_year, folder)
    faulty = blank.faulty_values(last_year, criteria) if last_year else []
    known = blank.carried_over(last_year, faulty, same_authority=is_same) if last_year else {}
    known |= {"authority": authority, "criteria": criteria_name}
    last = str(last_year.value("period")).strip() if last_year and is_same else ""
    today = blank.current_period(dt.date.today())
    following = blank.next_period(last) if is_period(last) else today
    known["period"] = options.period or following
    known["area"] = on_one_line(known.get("area")) or blank.area_of(authority)
    known["language"] = options.language or known.get("language")
    if known["language"] == "en":
        del known["language"]
    assessment = folder / blank.file_name(known)
    schema_path = folder / blank.schema_file_name(criteria_name)
    if not _may_be_schema(schema_path):
        message = "this is not a schema; move or rename it first"
        raise UserError(f"{show_path(schema_path)}: {message}")
    before = last_year if is_same else None
    text = blank.blank_assessment(criteria, criteria_name, known, before)
    atomic.write_generated(schema_path, schema_text(criteria))
    atomic.write_new(assessment, text)
    report.written.append(assessment)
    if schema_path not in report.written:
        report.written.append(schema_path)
    report.started.append(assessment)
    if last_year:
        for sentence in blank.not_carried_over(last_year, criteria, faulty, same_authority=is_same):
            report.remarks.append(f"{show_path(assessment)}: {sentence}")


def write_schema(path: Path, criteria: Criteria) -> None:
    """Write the schema to a file, replacing an earlier schema but nothing else.

    Raises:
        UsageError: the file is not a schema, or no file can have this name.
        UserError: the file can't be written.
    """
    atomic.refuse_device(path)
    if not _may_be_schema(path):
        raise UsageError(f"-o {path}: this file is not a schema; name another file")
    atomic.write_generated(path, schema_text(criteria))


def _may_be_schema(path: Path) -> bool:
    """Return True if nothing is at the path, or a schema, or a link (refused on writing)."""
    with atomic.explain_errors(path, "read", "file"):
        if path.is_symlink() or not path.exists():
            return True
        with open_ordinary(path) as file:
            return b'"$schema"' in file.read(_MOST_BYTES)


def schema_text(criteria: Criteria) -> str:
    """Return the JSON Schema of assessments against a criteria set, as the text of a file."""
    return json.dumps(schema(criteria), ensure_ascii=False, indent=1) + "\n"
