"""A letter in two languages: a pair of assessments, each with its wording and its criteria."""

import re
import shutil
from pathlib import Path

import pytest
from conftest import CHECKOUT, Run, paragraphs
from docx import Document

from prevent_letter.building.targets import Outcome


@pytest.fixture
def pair(example: Path, run: Run) -> tuple[Path, Path]:
    """The example in English, and as if it were Welsh: other greetings are all that tells the letters apart."""
    ours = example.with_name("ours")
    ours.mkdir()
    words = (CHECKOUT / "templates" / "letter.html.j2").read_text(encoding="utf-8")
    words = words.replace('{% set lang = "en-GB" %}', '{% set lang = "cy" %}').replace(
        "Dear </span>{{", "Annwyl </span>{{"
    )
    (ours / "letter.cy.html.j2").write_text(words, encoding="utf-8")
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    own = (CHECKOUT / "criteria" / "annex_a.yaml").read_text(encoding="utf-8")
    example.with_name("cymraeg.yaml").write_text(
        own.replace("name: Training\n", "name: Hyfforddiant\n"), "utf-8"
    )
    welsh = example.with_name("leicestershire_2022.cy.yaml")
    text = example.read_text(encoding="utf-8").replace(
        "criteria: annex_a", "criteria: cymraeg.yaml\nlanguage: cy"
    )
    welsh.write_text(text, encoding="utf-8")
    return example, welsh


def test_each_gets_its_letter(pair: tuple[Path, Path], run: Run) -> None:
    assert run("check", "--strict", pair[0].parent).code == 0
    built = run("build", pair[0].parent)
    assert built.code == 0, built.err
    letters = [path.with_suffix(".docx") for path in pair]
    assert [path.name for path in letters] == [
        "leicestershire_2022.docx",
        "leicestershire_2022.cy.docx",
    ]
    greetings = [
        next(words for _, words in paragraphs(path) if words.endswith("Gurjit,"))
        for path in letters
    ]
    assert greetings == ["Dear Gurjit,", "Annwyl Gurjit,"]
    properties = [Document(str(path)).core_properties for path in letters]
    assert [each.language for each in properties] == ["en-GB", "cy"]
    identifier = "Leicestershire County Council 2021/2022"
    assert [each.identifier for each in properties] == [identifier, f"{identifier} cy"]
    assert run("build", "--check", pair[0].parent).out == ""


def test_look_of_the_language_wins_where_there_is_one(pair: tuple[Path, Path], run: Run) -> None:
    look = Document(str(CHECKOUT / "templates" / "letter.docx"))
    look.styles["Normal"].font.name = "Courier New"
    look.save(str(pair[0].with_name("ours") / "letter.cy.docx"))
    assert run("build", pair[0].parent).code == 0
    fonts = [Document(str(path.with_suffix(".docx"))).styles["Normal"].font.name for path in pair]
    assert fonts == [None, "Courier New"]


def test_english_never_goes_in_its_place(pair: tuple[Path, Path], run: Run) -> None:
    (pair[0].with_name("ours") / "letter.cy.html.j2").unlink()
    checked = run("check", pair[1])
    assert checked.code == 1
    assert (
        "leicestershire_2022.cy.yaml:29:11: error PL121: there is no letter in the language cy"
        in checked.out
    )
    assert "letter.cy.html.j2" in checked.out
    assert run("build", "--draft", pair[1]).code == 1
    assert not list(pair[0].parent.glob("*.docx"))


@pytest.mark.parametrize("written", ["CY", "Welsh", "c", "en-GB", "12"])
def test_language_is_two_or_three_small_letters(
    written: str, pair: tuple[Path, Path], run: Run
) -> None:
    pair[1].write_text(
        pair[1].read_text(encoding="utf-8").replace("language: cy", f"language: {written}"), "utf-8"
    )
    assert "error PL121: language is not the code of a language" in run("check", pair[1]).out


def test_english_may_be_said(pair: tuple[Path, Path], run: Run) -> None:
    run("build", pair[0])
    pair[0].write_text(pair[0].read_text(encoding="utf-8") + "language: en\n", encoding="utf-8")
    assert f"1 {Outcome.UNCHANGED.value}" in run("build", pair[0]).err


def test_scores_that_differ_are_told_at_both(pair: tuple[Path, Path], run: Run) -> None:
    english, welsh = pair
    text = welsh.read_text(encoding="utf-8")
    at = text.index("  training:")
    welsh.write_text(text[:at] + text[at:].replace("score: 3", "score: 4", 1), encoding="utf-8")
    told = re.findall(
        r"([^/\s]+):\d+:\d+: warning PL405: the score of (\w+)", run("check", english.parent).out
    )
    assert sorted(told) == [(welsh.name, "Hyfforddiant"), (english.name, "Training")]
    alone = run("check", english).out
    assert alone.count(" PL405: ") == 1
    assert "leicestershire_2022.cy.yaml" in alone


def test_pair_is_known_by_its_names_where_the_authority_is_translated(
    pair: tuple[Path, Path], run: Run
) -> None:
    english, welsh = pair
    text = welsh.read_text(encoding="utf-8").replace(
        "Leicestershire County Council", "Cyngor Sir Gaerlyr"
    )
    text = text.replace("area: Leicestershire", "area: Sir Gaerlyr").replace(
        "score: 4", "score: 5", 1
    )
    welsh.write_text(text, encoding="utf-8")
    english.write_text(english.read_text("utf-8").replace("marking: ", "marking: "), "utf-8")
    out = run("check", english.parent).out
    assert out.count(" PL405: ") == 2
    assert "PL403" not in out


def test_two_in_one_language_are_two_too_many(pair: tuple[Path, Path], run: Run) -> None:
    shutil.copy(pair[1], pair[1].with_name("copy.yaml"))
    assert run("check", pair[0].parent).out.count("PL401") == 2


def test_rules_about_english_words_are_silent(pair: tuple[Path, Path], run: Run) -> None:
    slips = "He made a comittee comittee. Training earns a score of 1."
    for path in pair:
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace("summary: |\n", f"summary: |\n  {slips}\n\n", 1), encoding="utf-8"
        )
    told = [set(re.findall("PL[23]..", run("check", path).out)) for path in pair]
    assert told == [{"PL303", "PL325"}, set()]


def test_template_of_a_language_is_tried_by_check(pair: tuple[Path, Path], run: Run) -> None:
    template = pair[0].with_name("ours") / "letter.cy.html.j2"
    template.write_text(
        template.read_text(encoding="utf-8").replace("assessment.area", "assessment.aera"), "utf-8"
    )
    checked = run("check", pair[0].parent)
    assert checked.code == 1
    assert "error PL118: " in checked.out
    assert "letter.cy.html.j2:" in checked.out


def test_new_one_is_named_after_its_language(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = run("new", "Exampleshire County Council", "--period", "2026/2027", "--language", "cy")
    assert made.out.startswith("exampleshire_2027.cy.yaml\n")
    assert "\nlanguage: cy\n" in (tmp_path / "exampleshire_2027.cy.yaml").read_text(
        encoding="utf-8"
    )
    assert run("new", "--from", "exampleshire_2027.cy.yaml").out.startswith(
        "exampleshire_2028.cy.yaml\n"
    )
    assert run("new", "--from", "exampleshire_2027.cy.yaml", "--language", "en").out.startswith(
        "exampleshire_2028.yaml"
    )
    refused = run("new", "Exampleshire County Council", "--language", "Welsh")
    assert refused.code == 2
    assert "--language Welsh: write two or three small letters" in refused.err
