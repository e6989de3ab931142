"""Letters that somebody typed by hand before there was this tool: every value, or a finding where it is unsure."""

import json
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import EXAMPLE, Run
from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

LABELS = ("Good Practice –", "Areas for Development/Recommendations –")


def typed(letter: Path, way: str, path: Path) -> None:
    """The letter typed anew: no styles but those of lists, no bookmarks, and with the habits of a way of typing."""
    source, made, numbers, phone = Document(str(letter)), Document(), count(1), ""
    for element in source.element.body:
        if element.tag.endswith("}tbl"):
            rows = [[cell.text for cell in row.cells] for row in Table(element, source).rows]
            table = made.add_table(len(rows), 3)
            for number, row in enumerate(rows):
                for column, text in enumerate(row):
                    table.cell(number, column).text = text
        elif element.tag.endswith("}p"):
            paragraph = Paragraph(element, source)
            style = str(paragraph.style.name) if paragraph.style else ""
            if way == "by hand" and paragraph.text.startswith("T "):
                phone = paragraph.text.removeprefix("T ")
                continue
            if way == "by hand" and paragraph.text.startswith("E "):
                made.add_paragraph(f"Mobile {phone} | {paragraph.text.removeprefix('E ')}")
                continue
            if way == "by hand" and style == "Key Recommendations":
                made.add_paragraph(f"{next(numbers)}. {paragraph.text}")
                continue
            for text in habits(paragraph.text, style, way):
                made.add_paragraph(
                    text,
                    "List Bullet" if "List" in style or style == "Key Recommendations" else None,
                )
    made.save(str(path))


def habits(text: str, style: str, way: str) -> Iterator[str]:
    label = next((label for label in LABELS if text.startswith(label)), "")
    if way == "colons":
        text = re.sub(r"^\d+\. (?=The)", "", text) if style == "Heading 3" else text
        for old, new in (
            ("Score – ", "Score: "),
            ("Good Practice – ", "Good practice: "),
            ("Areas for Development/Recommendations – ", "Areas for development: "),
            ("cc ", "c.c. "),
            ("Kind regards,", "Yours sincerely,"),
            ("27th\u00a0May\u00a02022", "27 May 2022"),
        ):
            text = text.replace(old, new)
        yield text
    elif way == "labels alone" and label:
        yield label.rstrip(" –")
        yield text.removeprefix(label).strip()
    elif way == "short headings" and style == "Heading 3" and text[:1].isdigit():
        yield f"{text[:22]} and more"
    elif (
        way == "pages" and len(text) > 400 and ", " in text[150:]
    ):  # a page ends within the sentence
        at = text.index(", ", 150) + 1
        yield text[:at].rstrip(",") if text[at + 1].islower() else text
        if text[at + 1].islower():
            yield text[at + 1 :]
    else:
        yield text


def flat(data: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from flat(value, (*at, key))
    else:
        yield (
            ".".join(at),
            [" ".join(str(each).split()) for each in data]
            if isinstance(data, list)
            else " ".join(str(data).split()),
        )


@pytest.mark.parametrize(
    "way", ["plain", "colons", "labels alone", "short headings", "pages", "by hand"]
)
def test_values_are_told_by_their_words(way: str, run: Run, example: Path) -> None:
    run("build", example)
    letter, output = example.with_name("typed.docx"), example.with_name("draft.yaml")
    typed(example.with_suffix(".docx"), way, letter)
    done = run("import", letter, "-o", output, "--format", "json")
    assert done.code == 0, done.err
    wanted = {
        key: value
        for key, value in flat(yaml.load(EXAMPLE.read_text("utf-8"), yaml.BaseLoader))
        if key != "partners"
    }
    found = dict(flat(yaml.load(output.read_text(encoding="utf-8"), yaml.BaseLoader)))
    wrong = {
        key: (found.get(key), value)
        for key, value in wanted.items()
        if (found.get(key) or "") != value
    }
    findings = json.loads(done.out)
    if way == "pages":
        wrong = {
            key: pair
            for key, pair in wrong.items()
            if str(pair[0]).replace(",", "") != str(pair[1]).replace(",", "")
        }
        assert any("joined over the end of a page" in each["message"] for each in findings)
    assert wrong == {}
    assert len(wanted) >= 42
    assert bool(findings) is (way in ("short headings", "pages"))
    assert {each["code"] for each in findings} <= {"PL507"}


def test_assessment_that_is_there_is_never_written_over(run: Run, example: Path) -> None:
    run("build", example)
    before = example.read_bytes()
    refused = run("import", example.with_suffix(".docx"), "-o", example)
    assert refused.code == 1
    assert "exists already" in refused.err
    assert example.read_bytes() == before
    for more in (("--apply",), ("--period", "2021-22")):
        assert run("import", example.with_suffix(".docx"), "-o", "new.yaml", *more).code == 2
    assert run("import", "--period", "2021/2022", example.with_suffix(".docx")).code == 2


def test_scores_that_are_unlike_are_left_empty_and_told(run: Run, example: Path) -> None:
    run("build", example)
    letter, output = example.with_name("typed.docx"), example.with_name("draft.yaml")
    typed(example.with_suffix(".docx"), "plain", letter)
    document = Document(str(letter))
    document.tables[0].cell(7, 2).text = "5"
    document.save(str(letter))
    done = run("import", letter, "-o", output, "--period", "2022/2023")
    assert 'score of training: its section says "3", the table "5"' in done.out
    data = yaml.load(output.read_text(encoding="utf-8"), yaml.BaseLoader)
    assert data["benchmarks"]["training"]["score"] == ""
    assert data["period"] == "2022/2023"


@pytest.mark.parametrize(
    "lines", [["Training"], ["Training", "Score – 3"], ["Training", "Training"]]
)
def test_heading_without_a_label_below_is_told(
    lines: list[str], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    document = Document()
    for line in ["Dear Chief Executive,", "Summary", *lines]:
        document.add_paragraph(line)
    document.save("old.docx")
    done = run("import", "old.docx", "-o", "new.yaml")
    assert done.code == 0, done.err
    assert "summary: its heading isn't there" in done.out
