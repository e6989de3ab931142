"""A draft is a form to fill in in Word: whatever way people fill it in, what they mean is read."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Run
from docx import Document
from docx.document import Document as DocumentType
from docx.text.paragraph import Paragraph

FILE, FORM = "exampleshire_2027.yaml", "exampleshire_2027.draft.docx"
Fill = Callable[[DocumentType], None]


@pytest.fixture
def form(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run("new", "Exampleshire County Council", "--period", "2026/2027").code == 0
    assert run("build", "--draft", FILE).code == 0
    return tmp_path / FORM


def imported(run: Run, form: Path, *fills: Fill) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the assessment says after a form was filled in and imported, and the findings."""
    document = Document(str(form))
    for fill in fills:
        fill(document)
    document.save(str(form))
    done = run("import", "--apply", "--format", "json", form)
    assert done.code in (0, 1), done.err
    data = yaml.load(form.with_name(FILE).read_text(encoding="utf-8"), yaml.BaseLoader)
    return data, json.loads(done.out)


def place(document: DocumentType, words: str) -> Paragraph:
    return next(each for each in document.paragraphs if words in each.text)


def typed(prompt: str, words: str) -> Fill:
    """Words typed over a prompt."""

    def fill(document: DocumentType) -> None:
        run = next(each for each in place(document, prompt).runs if prompt in each.text)
        run.text = run.text.replace(prompt, words)

    return fill


def below(words: str, *lines: str) -> Fill:
    """Lines typed with Enter below a paragraph: each in its style."""

    def fill(document: DocumentType) -> None:
        paragraph = place(document, words)
        for line in reversed(lines):
            new = document.add_paragraph(line, paragraph.style)
            paragraph._p.addnext(new._p)

    return fill


def scored(text: str, *, table: str = "") -> Fill:
    """The first benchmark's score, in its section or in the table."""

    def fill(document: DocumentType) -> None:
        if text:
            place(document, "Score – [score]").runs[-1].text = text
        if table:
            document.tables[0].cell(1, 2).paragraphs[0].runs[0].text = table

    return fill


def test_address_typed_with_enter(run: Run, form: Path) -> None:
    data, found = imported(
        run,
        form,
        typed("[name of the addressee]", "The Chief Executive"),
        typed("[address]", "Exampleshire County Council"),
        below("Exampleshire County Council", "County Hall", "Exampletown"),
    )
    assert data["addressee"]["name"] == "The Chief Executive"
    lines = ["Exampleshire County Council", "County Hall", "Exampletown"]
    assert data["addressee"]["address"].split("\n")[:3] == lines
    assert not [each for each in found if each["code"] != "PL503"]
    _, found = imported(run, form, typed("[your role]", "Prevent Advisor"))
    assert [each["code"] for each in found] == ["PL503"]  # the lines of the address are no news


COPY = "[who else gets the letter; may be left out]"


@pytest.mark.parametrize(
    ("fills", "names"),
    [
        ([typed(COPY, "A. N. Other")], ["A. N. Other"]),
        (
            [typed(COPY, "A. N. Other"), below("cc A. N. Other", "cc B. Other")],
            ["A. N. Other", "B. Other"],
        ),
        ([typed(COPY, "A. N. Other\ncc B. Other")], ["A. N. Other", "B. Other"]),
        ([typed(COPY, "")], []),
        ([], []),
    ],
)
def test_copies_typed_where_one_expects_them(
    fills: list[Fill], names: list[str], run: Run, form: Path
) -> None:
    data, found = imported(run, form, *fills)
    assert (data["cc"] or []) == names
    assert {each["code"] for each in found} <= {"PL503"}


@pytest.mark.parametrize(
    "way",
    [
        typed("[your telephone number; may be left out]", "07700 900123"),
        below("[your region]", "T 07700 900123"),
        below("[your region]", "07700 900123"),
    ],
)
def test_telephone_typed_where_one_expects_it(way: Fill, run: Run, form: Path) -> None:
    data, _ = imported(run, form, way)
    assert data["advisor"]["phone"] == "07700 900123"


@pytest.mark.parametrize(
    ("text", "table", "score"),
    [
        ("3", "", "3"),
        ("", "4", "4"),
        ("two", "", "2"),
        ("3 (met)", "3", "3"),
        ("4/5", "", "4"),
        ("[4]", "", "4"),
        ("3 [score]", "", "3"),
        ("3", "3 of 5", "3"),
        ("Met", "", ""),
        ("3 or 4", "", ""),
        ("3", "4", ""),
    ],
)
def test_score_is_read_where_it_means_one(
    text: str, table: str, score: str, run: Run, form: Path
) -> None:
    data, found = imported(run, form, scored(text, table=table))
    assert data["benchmarks"]["risk_assessment"]["score"] == score
    codes = [each["code"] for each in found]
    assert codes == (["PL503"] if score else ["PL507"])
    if not score and not table:
        assert "write a number from 1 to 5" in found[0]["help"]


GOOD = "[Say what the authority does well.]"


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("All staff are trained.", "All staff are trained."),
        (f"All staff are trained. {GOOD}", "All staff are trained."),
        (f"{GOOD} All staff are trained.", "All staff are trained."),
        ("[All staff are trained.]", "All staff are trained."),
        ("", ""),
        ("None", ""),
        ("NONE.", ""),
        ("- All staff are trained.\n- So are volunteers.", "- All staff are trained.\n- So are"),
    ],
)
def test_words_over_beside_and_within_a_prompt(words: str, read: str, run: Run, form: Path) -> None:
    data, found = imported(run, form, typed(GOOD, words))
    text = data["benchmarks"]["risk_assessment"]["good_practice"]
    assert text.strip().replace("\n\n", "\n").startswith(read)
    assert bool(text.strip()) == bool(read)
    assert {each["code"] for each in found} <= {"PL503"}


def test_two_sittings(run: Run, form: Path) -> None:
    data, _ = imported(run, form, typed("[your name]", "A. N. Advisor"), scored("3"))
    assert data["advisor"]["name"] == "A. N. Advisor"
    data, found = imported(run, form, typed("[your role]", "Prevent Advisor"))
    assert [each["code"] for each in found] == ["PL503"]
    assert data["advisor"]["role"] == "Prevent Advisor"
    _, found = imported(run, form)
    assert found == []


def test_prompt_that_stays_is_nothing_in_a_later_sitting(run: Run, form: Path) -> None:
    name, who = "[name of the addressee]", "The Chief Executive"
    data, _ = imported(run, form, typed(name, f"{who} {name}"), typed("[your role]", "[Advisor]"))
    assert data["addressee"]["name"] == who
    assert data["advisor"]["role"] == "Advisor"
    _, found = imported(run, form)
    assert found == []


def test_greeting_in_the_brackets_of_its_prompt(run: Run, form: Path) -> None:
    data, _ = imported(run, form, typed("[name]", "[Chief Executive]"))
    assert data["addressee"]["greeting"] == "Chief Executive"
