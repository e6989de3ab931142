"""Start an assessment from a letter typed before this tool, and say what is uncertain."""

from pathlib import Path

from prevent_letter import ROOT
from prevent_letter.assessment import criteria_sets, source
from prevent_letter.assessment.blank import area_of, blank_assessment
from prevent_letter.assessment.drafts import form
from prevent_letter.assessment.edit import apply_edits
from prevent_letter.assessment.fields import describe, dotted
from prevent_letter.assessment.places import Source
from prevent_letter.assessment.values import check_period
from prevent_letter.core import atomic
from prevent_letter.core.findings import Finding, for_report
from prevent_letter.importing import legacy_letter
from prevent_letter.importing.compare import ImportReport
from prevent_letter.importing.comparison import edit_of, key_path_of
from prevent_letter.importing.legacy_letter import AREA, Typed
from prevent_letter.letter import word
from prevent_letter.letter.compose import Composer
from prevent_letter.word import docx_reader
from prevent_letter.word.letter_values import read_letter

_EMPTY = f"authority: '{AREA}'\narea: '{AREA}'\nperiod: 2021/2022"


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
    letter = read_letter(path)
    empty = form(source.parse(path, _EMPTY.encode()), chosen)
    assert empty
    xhtml = Composer().compose(empty, chosen, as_draft=True)
    look = word.read_look(ROOT / "templates" / word.LOOK)
    model = docx_reader.read(word.write(xhtml, look)).blocks
    typed = legacy_letter.read(model, chosen, letter.blocks)
    area = str(typed.values.get("area", "")) or "?"
    address = str(typed.values.get("addressee.address", "")).split("\n")
    councils = [line for line in address if area_of(line) != line]  # with a kind of council
    of_area = [line for line in councils if area.casefold() in line.casefold()]
    known = {"area": area, "authority": (of_area or councils or [area])[0], "criteria": name}
    known["period"] = period or str(typed.values.get("period", "")) or "2021/2022"
    begun = source.parse(output, blank_assessment(chosen, name, known).encode())
    values = {id: v for id, v in typed.values.items() if v and id not in ("area", "period")}
    text = apply_edits(begun, [edit_of(id, v, chosen.scale) for id, v in values.items()])
    atomic.write_new(output, text)
    report = ImportReport(letters=1, written=[output])
    report.findings = for_report(_unsure(typed, known, source.parse(output, text.encode())))
    return report


def _unsure(typed: Typed, known: dict[str, str], written: Source) -> list[Finding]:
    """Return a finding for each value that is uncertain, at its place in the new file."""
    doubts = [(key_path_of(id) if id else (), words) for id, words in typed.unsure]
    missing = [key for key in ("area", "period") if not typed.values.get(key)]
    doubts += [((key,), "it wasn't found in the letter") for key in missing]
    if not typed.values.get("date"):
        doubts.append((("date",), "no day was found in the letter"))
    if not typed.values.get("greeting"):
        doubts.append((("addressee", "greeting"), "no greeting was found"))
    if known["authority"] == known["area"]:
        doubts.append((("authority",), "no line of the address is the authority's name"))
    help = "look at the letter, and correct the file by hand"
    findings = []
    for path, words in doubts:
        message = f"{describe(path)}: {words}" if path else words
        place = written.place(path)
        findings.append(Finding(place, "PL507", "warning", message, help, 1, dotted(path)))
    return findings
