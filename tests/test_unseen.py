"""Characters that nobody sees: a fault where each one counts, gone where a text is read."""

from pathlib import Path

import pytest
from conftest import CHECKOUT, PLAIN, Run, paragraphs

FIELDS = [
    (
        "email: a.advisor@",
        "email: a.advisor@\u200b",
        20,
        "there is a zero-width space (U+200B) after @",
    ),
    (
        "name: A. N. Advisor",
        "name: A. N. Adv\u00adisor",
        18,
        "there is a soft hyphen (U+00AD) after Adv",
    ),
    ("date: 2027", "date: \u20602027", 7, "there is a word joiner (U+2060) at its beginning"),
    ("period: 2026", "period: 2026\u200d", 13, "there is a zero-width joiner (U+200D) after 2026"),
    (
        "    The Town Hall",
        "    The Town\ufeff Hall",
        13,
        "there is a zero-width no-break space (U+FEFF) after Town",
    ),
    ("  region:", "  reg\u200bion:", 3, "there is a zero-width space (U+200B) after reg"),
    ("  training:", "  trai\u200bning:", 3, "there is a zero-width space (U+200B) after trai"),
]


@pytest.mark.parametrize(
    ("old", "new", "column", "words"), FIELDS, ids=[words for *_, words in FIELDS]
)
def test_in_a_field_it_is_named_at_its_place(
    old: str, new: str, column: int, words: str, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "exampleshire.yaml"
    text = PLAIN.replace("../criteria", (CHECKOUT / "tests" / "criteria").as_posix())
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    [found] = [each for each in run("check", path).out.splitlines() if words in each]
    assert f"exampleshire.yaml:{line}:{column}: error PL1" in found


def test_in_the_name_of_the_file_it_is_a_fault(run: Run, example: Path) -> None:
    path = example.rename(example.with_name("leicester\u200bshire.yaml"))
    checked = run("check", path)
    assert checked.code == 1
    assert (
        "error PL119: the file's name is not what it looks like: there is a zero-width space (U+200B) after leicester"
        in (checked.out)
    )


def test_prose_keeps_what_is_meant_and_drops_what_nobody_sees(run: Run, example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    meant = "na\u00efve 10\u00a0km, well\u2011known, \U0001f469\u200d\U0001f4bb"
    text = text.replace(
        "summary: |\n",
        f"summary: |\n  Out\u00adreach\u200b is {meant}.\n\n  -\u200b Not an item.\n\n",
        1,
    )
    example.write_text(text, encoding="utf-8")
    assert run("build", example, "-f", "docx,html").code == 0
    words = [words for _, words in paragraphs(example.with_suffix(".docx"))]
    assert f"Outreach is {meant}." in words
    assert f"Outreach is {meant}." in example.with_suffix(".html").read_text(encoding="utf-8")
    assert not set("\u00ad\u200b\u2060\ufeff") & set("".join(words))
