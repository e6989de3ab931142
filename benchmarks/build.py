"""Time building 340 letters from YAML, against docxtpl in a loop on the same letter.

Whole processes in turn, medians: ours into an empty folder, ours again over the unchanged
letters, and docxtpl, its YAML read by CSafeLoader. docxtpl isn't among a developer's tools:
python -m pip install docxtpl

Run it with: python benchmarks/build.py
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import docx
import yaml
from harness import EXAMPLE, FILES, OURS, medians, write

PEER = """
import sys, pathlib, yaml, docxtpl
folder, template, out = map(pathlib.Path, sys.argv[1:])
out.mkdir()
for path in folder.glob("*.yaml"):
    assessment = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    letter = docxtpl.DocxTemplate(template)
    letter.render({"assessment": assessment}, autoescape=True)
    letter.save(out / f"{path.stem}.docx")
"""
"""What somebody's own script would be."""


def make_template(built: Path, target: Path) -> None:
    """The example's letter with docxtpl's fields in place of what an advisor writes."""
    said = yaml.load(EXAMPLE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    document = docx.Document(str(built))
    plain = {
        said["addressee"]["name"]: "{{ assessment.addressee.name }}",
        said["authority"]: "{{ assessment.authority }}",
        said["area"]: "{{ assessment.area }}",
        said["period"]: "{{ assessment.period }}",
        said["advisor"]["name"]: "{{ assessment.advisor.name }}",
    }
    ids = list(said["benchmarks"])
    for row, id in zip(document.tables[0].rows[1:], ids, strict=True):
        row.cells[2].paragraphs[0].text = f"{{{{ assessment.benchmarks.{id}.score }}}}"
    within, listed, summed = iter(ids), False, False
    for paragraph in document.paragraphs:
        style, words = str(paragraph.style.name if paragraph.style else ""), paragraph.text
        if style == "Score":
            id = next(within)
            paragraph.text = f"Score – {{{{ assessment.benchmarks.{id}.score }}}}"
        elif style in ("Good Practice", "Recommendations"):
            label, dash, _ = words.partition(" – ")
            key = style.lower().replace(" ", "_")
            field = f"{{{{ assessment.benchmarks.{id}.{key} or 'None' }}}}"
            paragraph.text = f"{label} – {field}" if dash else field
        elif style == "Key Recommendations" and not listed:
            listed = True
            paragraph.insert_paragraph_before(
                "{%p for recommendation in assessment.key_recommendations %}"
            )
            paragraph.text = "{{ recommendation }}"
            after = paragraph.insert_paragraph_before("{%p endfor %}")
            paragraph._p.addnext(after._p)
        elif style == "Key Recommendations":
            paragraph._p.getparent().remove(paragraph._p)
        elif words.startswith(said["summary"][:40]) and not summed:
            summed = True
            paragraph.text = "{{ assessment.summary }}"
        else:
            for value, field in plain.items():
                words = words.replace(value, field)
            if words != paragraph.text:
                paragraph.text = words
    document.save(str(target))


def main(rounds: int = 5) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder, letters, peers = (
            Path(scratch) / name for name in ("assessments", "letters", "peers")
        )
        write(folder)
        subprocess.run(
            [*OURS, "build", EXAMPLE, "-o", f"{scratch}/example.docx"],
            check=True,
            capture_output=True,
        )
        make_template(Path(scratch) / "example.docx", Path(scratch) / "template.docx")
        ours = [*OURS, "build", folder, "-o", letters]
        peer = [sys.executable, "-c", PEER, folder, f"{scratch}/template.docx", peers]

        def afresh(command: list[object], target: Path) -> list[object]:
            shutil.rmtree(target, ignore_errors=True)
            return command

        first, again, other = medians(
            rounds, lambda: afresh(ours, letters), ours, lambda: afresh(peer, peers)
        )
        assert len(list(letters.iterdir())) == len(list(peers.iterdir())) == FILES
        figures = f"{FILES / first:.0f} letters a second, docxtpl {FILES / other:.0f}"
        print(f"build: {figures}: {other / first:.1f} times as many (at least 5)")
        print(
            "a second run over the unchanged letters:"
            f" {again / first:.2f} times as long (at most 1)"
        )


if __name__ == "__main__":
    main()
