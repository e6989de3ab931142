"""Copies to publish: they name nobody that the assessment has a field for, and are no record."""

import re
import subprocess
from pathlib import Path
from typing import Any

import page
import pikepdf
import pytest
from conftest import CHECKOUT, Outcome, Run, change, is_accessible, need

from prevent_letter.letter import pdf, web

PRIVATE = (
    "Gurjit",
    "Samra",
    "Jane",
    "Moore",
    "Anita",
    "Chavda",
    "Ian",
    "Stubbs",
    "07700",
    "900495",
    "homeoffice.example",
)
SAID = "Names and contact details are left out of this copy."


def publish(run: Run, path: Path, *options: str | Path) -> Outcome:
    """Publish assessments, as sent: only letters that have gone out may have copies."""
    for file in [path] if path.is_file() else path.glob("leicestershire*.yaml"):
        if "\nsent:" not in file.read_text(encoding="utf-8"):
            change(file, "period: 2021/2022\n", "period: 2021/2022\nsent: 2022-05-30\n")
    return run("build", "--publish", *options, path)


def copies(run: Run, assessment: Path) -> tuple[Path, Path]:
    done = publish(run, assessment, "-f", "pdf,html")
    assert done.code == 0, done.err
    made = assessment.with_suffix(".published.pdf"), assessment.with_suffix(".published.html")
    assert done.out.splitlines() == [str(path) for path in made] or len(done.out.splitlines()) == 2
    return made


def all_in_pdf(path: Path) -> str:
    """All that stands in a PDF: its metadata, its outline and its streams, and its text as a reader sees it."""
    with pikepdf.open(path) as document:
        raw = [
            bytes(each.read_bytes())
            for each in document.objects
            if isinstance(each, pikepdf.Stream)
        ]
        others = [repr(each) for each in document.objects if not isinstance(each, pikepdf.Stream)]
    text = subprocess.run(
        [need("pdftotext"), str(path), "-"], check=True, capture_output=True
    ).stdout
    return b"\n".join([*raw, text]).decode("latin-1") + "\n".join(others) + str(path.read_bytes())


def test_copy_names_nobody_and_says_so(run: Run, example: Path) -> None:
    document, shown = copies(run, example)
    html = shown.read_text(encoding="utf-8")
    for words in (all_in_pdf(document), html):
        assert [name for name in PRIVATE if re.search(rf"\b{re.escape(name)}\b", words)] == []
        assert words.count(SAID) >= 1
        assert "Regional Advisor" in words
        assert "East Midlands" in words
    assert html.count(SAID) == 1
    body = re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", html[html.index("<main") :]))
    assert "SW1P 4DF Leicestershire County Council County Hall" in body.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "Dear" not in body
    assert "[" not in body  # no prompt
    # Below the date, where one who reads the first page sees it.
    assert body.index("May") < body.index(SAID) < body.index("As you are aware")


@pytest.mark.browser
def test_checkers_find_nothing_in_a_copy(run: Run, example: Path, browser: Any) -> None:
    document, letter = copies(run, example)
    assert page.validate_pdf_bytes(document.read_bytes(), profile="ua1").is_compliant
    is_accessible(browser, letter.as_uri())
    with pikepdf.open(document) as opened:
        pages = len(opened.pages)
    text = subprocess.run(
        [need("pdftotext"), str(document), "-"], check=True, capture_output=True, text=True
    ).stdout
    shown = browser.evaluate("document.querySelector('main').innerText")
    for sentence in (
        SAID,
        "Prevent Regional Advisor and Account Manager",
        "Using this tool, we individually score",
    ):
        assert sentence in " ".join(text.split())
        assert sentence in " ".join(shown.split())
    assert pages == 13


def test_authority_stays_where_the_address_lacks_it(run: Run, example: Path) -> None:
    change(example, "    Leicestershire County Council\n", "    The Chief Executive's Office\n")
    html = copies(run, example)[1].read_text(encoding="utf-8")
    assert "Leicestershire County Council<br>The Chief Executive's Office<br>" in html.replace(
        "<br/>", "<br>"
    )


def test_copy_has_an_identity_of_its_own(run: Run, example: Path) -> None:
    assert run("build", "-f", "pdf,html", example).code == 0
    for copy, letter, writer in zip(
        copies(run, example), (".pdf", ".html"), (pdf, web), strict=True
    ):
        mine, whole = (
            writer.identity(copy.read_bytes()),
            writer.identity(example.with_suffix(letter).read_bytes()),
        )
        assert mine
        assert whole
        assert mine.identifier == f"{whole.identifier} published"
        assert mine.digest != whole.digest


def test_copy_is_no_record(run: Run, example: Path) -> None:
    assert run("build", "-f", "pdf,html", example).code == 0
    change(example, "period: 2021/2022\n", "period: 2021/2022\nsent: 2022-05-30\n")
    sent = {
        path: path.read_bytes()
        for path in (example.with_suffix(".pdf"), example.with_suffix(".html"))
    }
    made = copies(run, example)
    checked = publish(run, example, "-f", "pdf,html", "--check")
    assert (checked.code, "2 unchanged" in checked.err) == (0, True)
    made[0].unlink()
    change(example, "Overall, my assessment", "My assessment")
    checked = publish(run, example, "-f", "pdf,html", "--check")
    assert checked.code == 1
    assert ".published.pdf: missing" in checked.out
    assert ".published.html: out of date" in checked.out
    assert {path: path.read_bytes() for path in sent} == sent


def test_copy_is_not_put_in_a_letters_place(run: Run, example: Path) -> None:
    assert run("build", "-f", "pdf", example).code == 0
    letter = example.with_suffix(".pdf")
    before = letter.read_bytes()
    for option in ("--publish", "--force"):
        assert publish(run, example, option, "-o", letter).code == 0
        assert letter.read_bytes() == before


@pytest.mark.parametrize(
    ("added", "why"),
    [
        ("", "this letter isn't sent yet: write sent: when it has gone out"),
        ("sent: 2022-05-30\nmarking: OFFICIAL-SENSITIVE\n", "it is marked OFFICIAL-SENSITIVE"),
    ],
)
def test_what_is_not_sent_or_not_for_all_is_not_published(
    added: str, why: str, run: Run, example: Path
) -> None:
    change(example, "period: 2021/2022\n", f"period: 2021/2022\n{added}")
    done = run("build", "--publish", "--force", "-f", "html", example)
    assert done.code == 1
    assert f"leicestershire_2022.yaml: {why}" in done.err
    assert not example.with_suffix(".published.html").exists()


@pytest.mark.parametrize(
    "more",
    [(), ("-f", "docx"), ("-f", "pdf,docx"), ("-f", "html", "--draft"), ("-o", "letter.docx")],
)
def test_what_is_no_copy_to_publish_is_refused(
    more: tuple[str, ...], run: Run, example: Path
) -> None:
    done = publish(run, example, *more)
    assert done.code == 2
    assert "--publish is for finished letters in PDF and HTML" in done.err
    assert [path.name for path in example.parent.iterdir()] == [example.name]


NAMES = {
    "Cllr A. B. Example spoke.": "Cllr A. B. Example",
    "It was Mr Example's idea.": "Mr Example",
    "Ask Dr. O'Example, who knows.": "Dr. O'Example",
    "The Mayor, Mrs Anne-Marie Example-Jones, came.": "Mrs Anne-Marie Example-Jones",
    "We thank Councillor Élodie Example. The board met.": "Councillor Élodie Example",
    "Ian Stubbs came too.": "Ian Stubbs",
    "So did Anita Chavda.": "Anita Chavda",
    "Cllr van der Example spoke.": "Cllr van der Example",
    "Cllrs Example and Sample spoke.": "Cllrs Example and Sample",
    "Y Cynghorydd Example spoke.": "Cynghorydd Example",
    "So did ANITA CHAVDA.": "Anita Chavda",
    "Gurjit has led it.": "Gurjit",
    "Call 07700900495 then.": "07700 900495",
    "Write to [the team](mailto:ian.stubbs@homeoffice.example).": "ian.stubbs@homeoffice.example",
}


@pytest.mark.parametrize("said", NAMES)
def test_names_that_stay_are_listed_once(said: str, run: Run, example: Path) -> None:
    change(example, "summary: |\n", f"summary: |\n  {said}\n")
    formats = "html,pdf" if said.startswith("Cllr A.") else "html"
    done = publish(run, example, "-f", formats)
    assert done.code == 0
    [told] = [line for line in done.err.splitlines() if "names stay" in line]
    assert told.endswith(f"names stay in it: {NAMES[said]}; check whether they may")
    assert ".published.html: " in told


@pytest.mark.parametrize(
    "said",
    ["The Dr was in.", "Mr and Mrs were there.", "We miss Exampleshire.", "Some Ms. were read."],
)
def test_title_without_a_name_is_not_listed(said: str, run: Run, example: Path) -> None:
    change(example, "summary: |\n", f"summary: |\n  {said}\n")
    assert "names stay" not in publish(run, example, "-f", "html").err


@pytest.mark.parametrize(
    "block",
    [
        '{% block signature %}<p>{{ assessment.advisor.name or "?" }}</p>{% endblock %}',
        "{% block published %}{% endblock %}",
        "{% block addressee %}<p>Dear {{ assessment.addressee.greeting }},</p>{% endblock %}",
        "{% block footer %}<p>{{ assessment.advisor.phone | unbroken }}</p>{% endblock %}",
        "{% block signature %}{% for name in [assessment.advisor.email] %}<p>{{ name }}</p>{% endfor %}{% endblock %}",
    ],
)
def test_template_that_knows_of_no_copies_makes_none(block: str, run: Run, example: Path) -> None:
    ours = example.with_name("ours")
    ours.mkdir()
    (ours / "letter.html.j2").write_text(
        '{% extends "standard/letter.html.j2" %}\n' + block, encoding="utf-8"
    )
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    done = publish(run, example, "-f", "html")
    assert done.code == 1
    assert "letter.html.j2: the template does not make a copy to publish" in done.err
    assert not example.with_suffix(".published.html").exists()
    assert run("build", "-f", "html", example).code == 0


def test_name_in_the_footer_of_a_template_is_listed(run: Run, example: Path) -> None:
    ours = example.with_name("ours")
    ours.mkdir()
    block = "{% block footer %}<p>Ask Anita Chavda.</p>{% endblock %}"
    (ours / "letter.html.j2").write_text(
        '{% extends "standard/letter.html.j2" %}\n' + block, encoding="utf-8"
    )
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    assert "names stay in it: Anita Chavda;" in publish(run, example, "-f", "html").err


def test_copy_takes_no_missing_records_place(run: Run, example: Path) -> None:
    change(example, "period: 2021/2022\n", "period: 2021/2022\nsent: 2022-05-30\n")
    done = publish(run, example, "-o", example.with_suffix(".pdf"))
    assert "sent on 2022-05-30, and missing" in done.err
    assert not example.with_suffix(".pdf").exists()


def test_copies_of_a_folder_stand_where_its_letters_do(run: Run, example: Path) -> None:
    example.with_name("prevent-letter.yaml").write_text("output: letters\n", encoding="utf-8")
    assert publish(run, example.parent, "-f", "html").code == 0
    assert [path.name for path in (example.parent / "letters").iterdir()] == [
        "leicestershire_2022.published.html"
    ]
    assert CHECKOUT not in example.parents
