"""The results of one period across all authorities, as a table, CSV, JSON, a web page or a workbook."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from prevent_letter.assessment import fields
from prevent_letter.assessment.drafts import Desk
from prevent_letter.ground.findings import Misuse, Stop, shown
from prevent_letter.results import tables
from prevent_letter.results.result import Result, result
from prevent_letter.results.year import Year, year
from prevent_letter.tasks import paths, report, writing
from prevent_letter.tasks.report import FAULT, Failure, count

STYLES = ("table", "csv", "json", "html", "xlsx")
_MARKED = ("html", "xlsx")
"""What goes from hand to hand, so that it must say on each page how it is to be kept."""


@dataclass(frozen=True)
class Request:
    """What is asked for: without paths, of the current folder; ``sample`` letters for a blind reading, if any."""

    paths: Sequence[Path] = ()
    period: str | None = None
    style: str | None = None
    output: Path | None = None
    marking: str | None = None
    sample: int | None = None
    force: bool = False


@dataclass
class Report(report.Report):
    """What came of it: ``data`` for standard output, where no file was asked for."""

    files: int = 0
    data: bytes | str = b""
    written: list[Path] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = [count(self.files, "assessment") + " read"]
        return self.summary(*counts, *([f"{len(self.failures)} can't be"] if self.failures else []))


def scores(asked: Request) -> Report:
    """Read the assessments that paths mean, and say what those of one period say together.

    Raises:
        Misuse: the request contradicts itself, or there is no assessment, or none of that period.
        Stop: the file can't be written, or something else stands there.
    """
    style = _style(asked)
    marking = " ".join(asked.marking.split()) if asked.marking else None
    if (style in _MARKED or asked.sample) and not marking:
        raise Misuse(
            f"{'--sample' if asked.sample else f'--format {style}'} needs --marking, such as OFFICIAL-SENSITIVE"
        )
    if marking and not marking.isprintable():
        raise Misuse("--marking has a character that nobody sees")
    if asked.period and not fields.is_period(asked.period):
        raise Misuse(f"--period {asked.period}: write two successive years, such as 2026/2027")
    made, desk = Report(), Desk()
    results = _read(asked.paths, made, desk)
    if not results:
        return made
    found = year(results, asked.period)
    made.remarks += found.remarks
    if asked.sample and marking:
        made.written += _sample(found, asked, marking, desk)
    elif asked.output:
        data = _data(found, style, marking)
        if writing.put(asked.output, data.encode() if isinstance(data, str) else data, force=asked.force):
            made.written.append(asked.output)
        else:
            made.remarks.append(f"{shown(asked.output)}: unchanged")
    else:
        made.data = _data(found, style, marking)
    return made


def _style(asked: Request) -> str:
    """The format: as it is asked for, or as the file's name says, or a table."""
    if asked.sample is not None:
        if asked.style or not asked.output:
            raise Misuse("--sample goes with -o FOLDER, a new or empty folder, and without --format")
        return "html"
    end = asked.output.suffix.lower().removeprefix(".") if asked.output else ""
    named = end if end in STYLES else ""
    if asked.output and asked.output.is_dir():
        raise Misuse(f"-o {shown(asked.output)} is a folder; name a file")
    if asked.style and named and asked.style != named:
        raise Misuse(f"-o {shown(asked.output or Path())}: its name says {named}, and --format says {asked.style}")
    style = asked.style or named or "table"
    if style == "xlsx" and not asked.output:
        raise Misuse("--format xlsx goes with -o, such as: -o results.xlsx")
    if style == "csv" and asked.marking:
        raise Misuse("--format csv has no place for a marking; leave --marking out, or take another format")
    return style


def _read(asked: Sequence[Path], made: Report, desk: Desk) -> list[Result]:
    """What is kept of each assessment that can be read; the others are failures."""
    found = paths.find(asked or [Path()])
    if not found.assessments:
        where = ", ".join(map(shown, asked)) or "the current folder"
        raise Misuse(f"there is no assessment in {where}.")
    made.passed_over = found.passed_over
    results = []
    for draft in made.open(found.assessments, desk):
        kept = result(draft)
        if isinstance(kept, str):
            made.failures.append(Failure(f"{shown(draft.path)}: this doesn't count: {kept}", FAULT))
        else:
            results.append(kept)
    made.files = len(found.assessments)
    return results


def _data(found: Year, style: str, marking: str | None) -> bytes | str:
    """The results in a format, as text only for a console; what makes it is loaded where it is asked for."""

    def page() -> bytes:
        from prevent_letter.results.page import write

        return write(found, marking or "")

    def workbook() -> bytes:
        from prevent_letter.results.workbook import write

        return write(found, marking or "")

    ways: dict[str, Callable[[], bytes | str]] = {
        "table": lambda: f"{tables.text(found, marking)}\n",
        "csv": lambda: tables.as_csv(tables.COLUMNS, tables.scores(found)),
        "json": lambda: as_json(tables.plain(found, marking)),
        "html": page,
        "xlsx": workbook,
    }
    return ways[style]()


def as_json(data: object) -> bytes:
    """Plain data as JSON, in UTF-8."""
    return f"{json.dumps(data, ensure_ascii=False, indent=2)}\n".encode(errors="backslashreplace")


def _sample(found: Year, asked: Request, marking: str, desk: Desk) -> list[Path]:
    """Write the letters to read, and the key to them, into a new or empty folder; what was written."""
    from prevent_letter.results import sample

    folder = asked.output or Path()
    chosen = sample.choose(found, asked.sample or 0)
    with writing.stopping(folder, thing="folder"):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Stop(f"{shown(folder)}: the letters go into a new or empty folder; name another one")
    drafts = [desk.open(each.result.path) for each in chosen]
    files = {sample.PAGE: sample.reading(found, drafts, marking), sample.KEY: sample.key(chosen)}
    for name, data in files.items():
        writing.put(folder / name, data)
    return [folder / name for name in files]
