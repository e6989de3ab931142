"""Start an assessment from a letter typed before this tool, and say what is uncertain."""

import re
from collections import Counter
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
from prevent_letter.core.display import count, show_path
from prevent_letter.core.findings import FileErrors, Finding, Place, for_report
from prevent_letter.importing import legacy_letter
from prevent_letter.importing.compare import ImportReport
from prevent_letter.importing.comparison import edit_of, key_path_of
from prevent_letter.importing.legacy_letter import AREA, Typed
from prevent_letter.letter import word
from prevent_letter.letter.compose import Composer
from prevent_letter.word import docx_reader
from prevent_letter.word.blocks import WordDocument
from prevent_letter.word.letter_values import read_letter

_EMPTY = f"authority: '{AREA}'\narea: '{AREA}'\nperiod: 2021/2022"


def from_old_letter(
    path: Path, output: Path, *, criteria: str | None = None, period: str | None = None
) -> ImportReport:
    """Write the content of a letter that was typed by hand as a new assessment.

    Raises:
        UsageError: the period is not valid, or no file can have this name.
        FileErrors: the letter can't be read, or has no benchmark of the set (PL501, PL502).
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
    if not typed.is_letter:
        message = f"no benchmark of {name} was found in it, with a heading or a score"
        help = "give a Prevent assessment letter; name its criteria set with --criteria"
        raise FileErrors([Finding(Place(path), "PL502", "error", message, help)])
    known = {"criteria": name, **_names(typed)}
    known["period"] = period or known["period"]
    begun = source.parse(output, blank_assessment(chosen, name, known, name=output.name).encode())
    values = {id: v for id, v in typed.values.items() if v and id not in ("area", "period")}
    text = apply_edits(begun, [edit_of(id, v, chosen.scale) for id, v in values.items()])
    atomic.write_new(output, text)
    report = ImportReport(letters=1, written=[output])
    report.findings = for_report(_unsure(typed, known, source.parse(output, text.encode())))
    if left_out := _left_out(letter):
        report.remarks.append(f"{show_path(path)}: left out: {', '.join(left_out)}")
    return report


def _names(typed: Typed) -> dict[str, str]:
    """Return the area, authority and period that a letter says, each empty if it doesn't."""
    area = str(typed.values.get("area", ""))
    address = str(typed.values.get("addressee.address", "")).split("\n")
    if area.isupper():  # as its heading is typed
        in_address = re.search(re.escape(area), " ".join(address), re.IGNORECASE)
        area = in_address[0] if in_address else area.title()
    councils = [line for line in address if area_of(line) != line]  # with a kind of council
    of_area = [line for line in councils if area.casefold() in line.casefold()]
    names = {"area": area, "authority": next(iter(of_area or councils), "")}
    return names | {"period": str(typed.values.get("period", ""))}


def _left_out(letter: WordDocument) -> list[str]:
    """Return what a letter has that an assessment can't hold, in words."""
    odd = Counter(what for block in letter.blocks for what in block.odd)
    left_out = [f"{what} ({count(times, 'place')})" for what, times in sorted(odd.items())]
    if letter.comments:
        left_out.append(count(len(letter.comments), "comment"))
    if total := sum(letter.changes.values()):
        left_out.append(f"what {count(total, 'tracked change')} deleted")
    return left_out


def _unsure(typed: Typed, known: dict[str, str], written: Source) -> list[Finding]:
    """Return a finding for each value that is uncertain, at its place in the new file."""
    doubts = [(key_path_of(id) if id else (), words) for id, words in typed.unsure]
    not_found = [key for key in ("area", "authority", "period") if not known[key]]
    not_found += [id for id in ("date", "greeting") if not typed.values.get(id)]
    doubts += [(key_path_of(id), "it wasn't found") for id in not_found]
    help = "look at the letter, and correct the file by hand"
    findings = []
    for path, words in doubts:
        message = f"{describe(path)}: {words}" if path else words
        place = written.place(path)
        findings.append(Finding(place, "PL507", "warning", message, help, 1, dotted(path)))
    return findings
