"""The real letter, end to end: every word of the published letter in its order, and nothing else."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import CHECKOUT, EXAMPLE, Run, paragraphs, part, text, to_pdf

PUBLISHED = Path(__file__).parent / "data" / "leicestershire_2022_letter.md"


@pytest.fixture
def letter(run: Run, example: Path) -> Path:
    assert run("build", example).code == 0
    return example.with_suffix(".docx")


def test_example_has_no_finding_and_is_left_alone(run: Run, example: Path) -> None:
    checked = run("check", "--strict", example)
    assert (checked.code, checked.out, checked.err) == (0, "", "1 file, 0 errors, 0 warnings\n")
    built = run("build", example)
    assert built.code == 0
    assert built.out.endswith("leicestershire_2022.docx\n")
    assert example.read_bytes() == EXAMPLE.read_bytes()
    assert sorted(path.name for path in example.parent.iterdir()) == [
        "leicestershire_2022.docx",
        "leicestershire_2022.yaml",
    ]


def published_words() -> tuple[list[str], list[str]]:
    """The words of the published letter and of its footnote, the differences that are meant already made."""
    words = PUBLISHED.read_text(encoding="utf-8").replace("’", "'")
    note = re.search(r"<sup>1</sup> (This benchmark .*?)\n", words)
    assert note
    words = words.replace(note[0], "")
    for published, meant in (
        (" Engagement with districts LLR good", ""),  # a note of the draft
        ("This page is intentionally left blank", ""),  # the council's, not the letter's
        ("Kind Regards.,", "Kind regards,"),
        ("good awareness\n", "good awareness.\n"),
        ("public confidence in the policy\n", "public confidence in the policy.\n"),
        ("Recommendations - Include", "Recommendations – Include"),
    ):
        assert words.count(published) == 1, published
        words = words.replace(published, meant)
    words = re.sub(r",  \n", "  \n", words)  # the address lines' commas
    words = re.sub(r"(?m)^(#+ \*\*Benchmark \d+) - ", r"\1 – ", words)
    words = words.replace(
        "Channel Panel <sup>1</sup>", "Channel Panel"
    )  # Word's own mark, not a word
    words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", words)  # links
    words = re.sub(r"(?m)^(#+|-) |\*|</?sup>", "", words)
    return without_numbers(words), note[1].split()


def without_numbers(words: str) -> list[str]:
    """The words but for "1." to "10.": in lists these are Word's to count, and no word of the letter is one."""
    return [word for word in words.split() if not re.fullmatch(r"(10|[1-9])\.", word)]


def test_every_word_of_the_published_letter_is_there_in_its_order(letter: Path) -> None:
    words, note = published_words()
    assert len(words) > 4_000
    assert without_numbers(" ".join(text for _, text in paragraphs(letter))) == words
    assert text(part(letter, "word/footnotes.xml")).split() == note
    headings = [text for style, text in paragraphs(letter) if style == "Heading3"]
    assert [heading.split()[0] for heading in headings[:10]] == [
        f"{number}." for number in range(1, 11)
    ]


def test_a_changed_word_is_noticed(run: Run, example: Path) -> None:
    changed = example.read_text(encoding="utf-8").replace(
        "Governance, risk assessment", "Governance, risk assesment"
    )
    example.write_text(changed, encoding="utf-8")
    run("build", example)
    words = without_numbers(" ".join(text for _, text in paragraphs(example.with_suffix(".docx"))))
    assert [
        pair for pair in zip(words, published_words()[0], strict=True) if pair[0] != pair[1]
    ] == [("assesment", "assessment")]


@pytest.mark.libreoffice
def test_letter_reads_and_counts_right_in_libreoffice(letter: Path, tmp_path: Path) -> None:
    pdf = to_pdf(letter, tmp_path)
    pages = (
        subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True)
        .stdout.decode()
        .split("\f")
    )
    assert len(pages) - 1 in range(10, 17)
    flat = [" ".join(page.split()) for page in pages]
    assert f"Page 2 of {len(pages) - 1}" in flat[1]
    assert "Leicestershire County Council 27th May 2022 " in flat[1]
    assert "Leicestershire County Council 27th May 2022" not in flat[0]
    assert re.search(r"5 Channel Panel ?1 5", flat[1])
    assert re.search(r"1 ?This benchmark is assessed separately", flat[1])
    annex = next(
        number for number, page in enumerate(flat) if "Annex A – Prevent Local Authority" in page
    )
    assert flat[annex].startswith("Leicestershire County Council 27th May 2022 Annex A –")
    counted = re.findall(r"(?m)^ *([1-9])\. +[A-Z]", "\n".join(pages[annex:]))
    assert counted == list("12345") * 10


def test_two_builds_are_the_same_bytes_also_from_another_process(
    letter: Path, run: Run, tmp_path: Path
) -> None:
    again, elsewhere = tmp_path / "again.docx", tmp_path / "elsewhere.docx"
    run("build", EXAMPLE, "-o", again)
    command = [
        sys.executable,
        "-X",
        "utf8=0",
        "-m",
        "prevent_letter",
        "build",
        str(EXAMPLE),
        "-o",
        str(elsewhere),
    ]
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        cwd=CHECKOUT,
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
    )
    assert letter.read_bytes() == again.read_bytes() == elsewhere.read_bytes()
    with zipfile.ZipFile(letter) as package:
        assert package.namelist()[0] == "[Content_Types].xml"
