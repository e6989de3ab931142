"""Start an assessment from a letter typed before this tool, and say what is uncertain."""

from pathlib import Path

from prevent_letter.assessment import criteria_sets, source
from prevent_letter.assessment.blank import area_of, blank_assessment
from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.drafts import form
from prevent_letter.assessment.edit import Edit, apply_edits
from prevent_letter.assessment.fields import describe, dotted
from prevent_letter.assessment.places import Source
from prevent_letter.assessment.values import check_period, only_possible_date
from prevent_letter.core import atomic
from prevent_letter.core.findings import FileErrors, Finding, Place, UserError, for_report
from prevent_letter.importing import legacy_letter
from prevent_letter.importing.compare import ImportReport, key_path_of
from prevent_letter.importing.legacy_letter import AREA
from prevent_letter.letter.compose import Composer
from prevent_letter.word import edited_letter
from prevent_letter.word.edited_letter import Value
from prevent_letter.word.letter_values import read_letter


def from_old_letter(
    path: Path, output: Path, *, criteria: str | None = None, period: str | None = None
) -> ImportReport:
    """Write the content of a letter that was typed by hand as a new assessment.

    Raises:
        UsageError: the period is not valid, or no file can have this name.
        FileErrors: the letter can't be read.
        UserError: the assessment is there already, or can't be written.
    """
    check_period(period)
    atomic.refuse_device(output)
    chosen, name = criteria_sets.choose(criteria)
    try:
        letter = read_letter(path)
    except UserError as stop:
        help = "give a Word letter, saved as .docx"
        raise FileErrors(
            [Finding(Place(path), "PL501", "error", f"this letter can't be read: {stop}", help)]
        ) from stop
    empty = form(
        source.parse(path, f"authority: '{AREA}'\narea: '{AREA}'\nperiod: 2021/2022".encode()),
        chosen,
    )
    assert empty
    says = legacy_letter.read(
        Composer().compose(empty, chosen, as_draft=True), chosen, letter.blocks
    )
    area = str(says.values.get("area", "")) or "?"
    address = [line for line in says.values.get("addressee", ()) if isinstance(line, str)]
    councils = [line for line in address if area_of(line) != line]  # with a kind of council
    of_area = [line for line in councils if area.casefold() in line.casefold()]
    found = {"area": area, "authority": (of_area or councils or [area])[0], "criteria": name}
    found["period"] = period or str(says.values.get("period", "")) or "2021/2022"
    begun = source.parse(output, blank_assessment(chosen, name, found).encode())
    edits = [edit for id, value in says.values.items() for edit in _edits(id, value, chosen)]
    text = apply_edits(begun, edits)
    atomic.write_new(output, text)
    read = source.parse(output, text.encode())
    made = ImportReport(letters=1, written=[output])
    made.findings = for_report(_unsure(says.unsure, says.values, found, read))
    return made


def _edits(id: str, value: Value, criteria: Criteria) -> list[Edit]:
    """Return the edits that write a value of the letter."""
    at = key_path_of(id)
    if id in ("area", "period") or not value:
        return []
    if id == "addressee":
        lines = [str(line) for line in value]
        return [
            Edit(("addressee", "name"), lines[0]),
            Edit(("addressee", "address"), "\n".join(lines[1:]) or None),
        ]
    if id == "date":
        day = only_possible_date(str(value))
        return [Edit(at, day)] if day else []
    if id == "cc":
        return [Edit(at, [str(line) for line in value])]
    if id == "key_recommendations":
        return [Edit(at, [edited_letter.written(item) for item in value])]  # type: ignore[arg-type]  # its kind is known by the id
    if id.endswith(".score"):
        return [Edit(at, criteria.scale.label(criteria.scale.written[str(value).casefold()]))]
    if isinstance(value, str):
        return [Edit(at, value)]
    text = edited_letter.written(value)  # type: ignore[arg-type]  # its kind is known by the id
    return (
        []
        if id != "summary" and text.rstrip(".").casefold() in ("none", "n/a", "nil")
        else [Edit(at, text)]
    )


def _unsure(
    unsure: list[tuple[str, str]], values: dict[str, Value], found: dict[str, str], read: Source
) -> list[Finding]:
    """Return a finding for each value that is uncertain, at its place in the new file."""
    told = [(key_path_of(id) if id else (), words) for id, words in unsure]
    told += [
        ((key,), "it wasn't found in the letter")
        for key in ("area", "period")
        if not values.get(key)
    ]
    told += (
        [(("date",), "no day was found in the letter")]
        if not only_possible_date(str(values.get("date") or "x"))
        else []
    )
    told += (
        [(("addressee", "greeting"), "no greeting was found")] if not values.get("greeting") else []
    )
    if found["authority"] == found["area"]:
        told.append((("authority",), "no line of the address is the authority's name"))
    help = "look at the letter, and correct the file by hand"
    return [
        Finding(
            read.place(at),
            "PL507",
            "warning",
            f"{describe(at)}: {words}" if at else words,
            help,
            key_path=dotted(at),
        )
        for at, words in told
    ]
