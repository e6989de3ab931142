"""The results of one period across all authorities, as a table, CSV, JSON, a web page or a workbook."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from prevent_letter.assessment import fields
from prevent_letter.assessment.drafts import Desk
from prevent_letter.assessment.glance import glance
from prevent_letter.ground.findings import Misuse, Stop, as_json, shown
from prevent_letter.results import tables
from prevent_letter.results.columns import as_csv
from prevent_letter.results.result import Result, result
from prevent_letter.results.year import Year, year
from prevent_letter.tasks import writing
from prevent_letter.tasks.showing import Report, style_of

STYLES = ("table", "csv", "json", "html", "xlsx")
_MARKED = ("html", "xlsx")
"""What goes from hand to hand, so that it must say on each page how it is to be kept."""


_LONGEST = 100
"""The characters of a marking; Excel takes 255 in the header of a page."""


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


def scores(asked: Request) -> Report:
    """Read the assessments that paths mean, and say what those of one period say together.

    Raises:
        Misuse: the request contradicts itself, or there is no assessment, or none of that period.
        Stop: the file can't be written, or something else stands there.
    """
    marking = " ".join(asked.marking.split()) if asked.marking else ""
    style = _style(asked, marking)
    if marking.startswith("-"):
        raise Misuse(
            f"--marking {marking}: its text is missing, such as --marking OFFICIAL-SENSITIVE"
        )
    if not marking.isprintable() or len(marking) > _LONGEST:
        raise Misuse(
            f"--marking must be one line of at most {_LONGEST} characters, each of which can be seen"
        )
    fields.refuse_odd_period(asked.period)
    made, desk, results, unread = Report(), Desk(), list[Result](), list[str]()
    for draft in made.drafts(asked.paths, desk):
        if kept := result(draft):
            results.append(kept)
        else:
            made.doesnt_count(draft)
            unread.append(glance(draft.path, draft.source.text.encode()).authority)
    if results:
        found = year(results, asked.period, unread)
        made.remarks += found.remarks
        if asked.sample and asked.output:
            made.written += _sample(found, asked.sample, asked.output, marking, desk)
        else:
            made.deliver(_data(found, style, marking), asked.output, force=asked.force)
    return made


def _style(asked: Request, marking: str) -> str:
    """The format that is asked for, and goes with all else that is."""
    if asked.sample and (asked.style or not asked.output):
        raise Misuse("--sample goes with -o FOLDER, a new or empty folder, and without --format")
    style = "html" if asked.sample else style_of(asked.style, asked.output, STYLES)
    if style == "xlsx" and not asked.output:
        raise Misuse("--format xlsx goes with -o, such as: -o results.xlsx")
    if style == "csv" and marking:
        raise Misuse(
            "--format csv has no place for a marking; leave --marking out, or take another format"
        )
    if style in _MARKED and not marking:
        what = "--sample" if asked.sample else f"--format {style}"
        raise Misuse(f"{what} needs --marking, such as OFFICIAL-SENSITIVE")
    return style


def _data(found: Year, style: str, marking: str) -> bytes | str:
    """The results in a format, as text only for a console; what makes it is loaded where it is asked for."""

    def page() -> bytes:
        from prevent_letter.results.overview import write

        return write(found, marking)

    def workbook() -> bytes:
        from prevent_letter.results.workbook import write

        return write(found, marking)

    ways: dict[str, Callable[[], bytes | str]] = {
        "table": lambda: f"{tables.text(found, marking)}\n",
        "csv": lambda: as_csv(tables.COLUMNS, tables.scores(found)),
        "json": lambda: as_json(tables.plain(found, marking or None)),
        "html": page,
        "xlsx": workbook,
    }
    return ways[style]()


def _sample(found: Year, number: int, folder: Path, marking: str, desk: Desk) -> list[Path]:
    """Write the letters to read, and the key to them, into a new or empty folder; what was written."""
    from prevent_letter.results import sample

    chosen = sample.choose(found, number)
    with writing.stopping(folder, thing="folder"):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Stop(
                f"{shown(folder)}: the letters go into a new or empty folder; name another one"
            )
    drafts = [desk.open(each.result.path) for each in chosen]
    files = {sample.PAGE: sample.reading(found, drafts, marking), sample.KEY: sample.key(chosen)}
    for name, data in files.items():
        writing.put(folder / name, data)
    return [folder / name for name in files]
