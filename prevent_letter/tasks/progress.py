"""What became of the recommendations: of one letter, or of each authority's newest; for us, or for the council."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prevent_letter.assessment.drafts import Desk
from prevent_letter.ground.findings import Faults, Misuse, as_json
from prevent_letter.results import progress as records
from prevent_letter.results.columns import as_csv
from prevent_letter.results.progress import Record
from prevent_letter.tasks.showing import Report, style_of

STYLES = ("table", "csv", "json")


@dataclass(frozen=True)
class Request:
    """What is asked for: without paths, of the current folder; ``council``: a page that the council may read."""

    paths: Sequence[Path] = ()
    style: str | None = None
    output: Path | None = None
    council: bool = False
    force: bool = False


def progress(asked: Request) -> Report:
    """Show what became of the recommendations of an assessment, or of all that paths mean.

    Raises:
        Misuse: the request contradicts itself, or there is no assessment, or none that was sent.
        Faults: the one assessment is at fault.
        Stop: the file can't be written, or something else stands there.
    """
    one = len(asked.paths) == 1 and asked.paths[0].is_file()
    if asked.council and not (one and asked.output and not asked.style):
        raise Misuse(
            "--council goes with one assessment and -o, such as: exampleshire_2027.yaml --council -o page.html"
        )
    style = style_of(asked.style, asked.output, ("html",) if asked.council else STYLES)
    made = Report()
    found = [_one(asked.paths, made)] if one else _many(asked.paths, made)
    if asked.council and not found[0].sent:
        raise Misuse(
            "--council: the letter wasn't sent yet; the page tells what became of what was sent"
        )
    if not found:
        return made
    data = records.for_the_council(found[0]) if asked.council else _data(found, style, one=one)
    made.deliver(data, asked.output, force=asked.force)
    return made


def _one(asked: Sequence[Path], made: Report) -> Record:
    [draft] = made.drafts(asked, Desk())
    if not draft.assessment:
        raise Faults(draft.findings)
    return records.record(draft)


def _many(asked: Sequence[Path], made: Report) -> list[Record]:
    """The newest letter of each authority; one that was sent and is at fault is a failure."""
    found = []
    for draft in made.drafts(asked, Desk()):
        if draft.assessment:
            found.append(records.record(draft))
        elif draft.source.findings or draft.source.value("sent") is not None:
            made.doesnt_count(draft)
    newest = records.newest(found)
    if not newest and not made.failures:
        raise Misuse("none of these letters was sent yet; an assessment says it under sent:")
    return newest


def _data(found: Sequence[Record], style: str, *, one: bool) -> bytes | str:
    if style == "csv":
        return as_csv(records.COLUMNS, records.rows(found))
    if style == "json":
        return as_json(records.plain(found))
    return f"{records.text_of_one(found[0]) if one else records.text_of_many(found)}\n"
