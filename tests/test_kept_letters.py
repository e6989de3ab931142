"""Letters that were built, sent and edited with an earlier version stay what they were.

``tests/kept`` has them as they were built then, each with its assessment: a new look may alter
their bytes, but never their words, nor whether they count as edited.
"""

import re
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pytest
from conftest import CHECKOUT, EXAMPLE, Run, need, part, text

from prevent_letter.letter.formats import FORMATS

KEPT = CHECKOUT / "tests" / "kept"
PLAIN = ["plain", "marked", "welsh", "named", "leicestershire_2022"]
ENDS = ["docx", "html", pytest.param("pdf", marks=pytest.mark.libreoffice)]  # for pdftotext


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A folder as it was left then, with the templates of now."""
    folder = tmp_path / "letters"
    shutil.copytree(KEPT, folder)
    shutil.copy(EXAMPLE, folder)
    (folder / "templates").mkdir()
    standard = (CHECKOUT / "templates" / "letter.html.j2").read_text(encoding="utf-8")
    welsh = standard.replace('{% set lang = "en-GB" %}', '{% set lang = "cy" %}')
    welsh = welsh.replace("Dear </span>{{", "Annwyl </span>{{")
    (folder / "templates" / "letter.cy.html.j2").write_text(welsh, encoding="utf-8")
    return folder


def words_of_main(letter: Path) -> list[str]:
    """The words between header and footer, read without the code that wrote them."""
    if letter.suffix == ".docx":
        return text(part(letter, "word/document.xml")).split()
    if letter.suffix == ".html":
        words: list[str] = []
        parser = HTMLParser()
        parser.handle_data = words.append  # type: ignore[assignment]  # its names differ
        [main] = re.findall(r"(?s)<main.*?</main>", letter.read_text(encoding="utf-8"))
        main = re.sub(r"(?s)<nav.*?</nav>", "", main)  # which may call a benchmark otherwise
        parser.feed(main)
        return " ".join(words).split()
    command = [need("pdftotext"), "-raw", str(letter), "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode().split()


def digest_of(letter: Path) -> str:
    """What the letter says that it was built from, as it stands in the file."""
    if letter.suffix == ".docx":
        with zipfile.ZipFile(letter) as package:
            properties = package.read("docProps/core.xml").decode()
        [digest] = re.findall(r"<cp:version>(\w+) ", properties)
        return str(digest)
    if letter.suffix == ".html":
        page = letter.read_text(encoding="utf-8")
        [digest] = re.findall('<meta name="digest" content="([^"]+)"', page)
        return str(digest)
    with pikepdf.open(letter) as pdf:
        return str(pdf.docinfo["/Keywords"]).split(", ")[-1]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("name", PLAIN)
def test_letter_nobody_edited_is_as_before(name: str, end: str, letters: Path, run: Run) -> None:
    built = run("build", "-f", end, letters / f"{name}.yaml")
    assert built.code == 0
    assert re.fullmatch(
        r"1 letter: (1 built, 0 unchanged|0 built, 1 unchanged), .*\n(?:[0-9]+ warnings? in 1 file: .*\n)?",
        built.err,
    )
    new, old = letters / f"{name}.{end}", KEPT / f"{name}.{end}"
    assert words_of_main(new) == words_of_main(old)
    assert digest_of(new) == digest_of(old) != ""
    now, then = (FORMATS[end].writer.identity(path.read_bytes()) for path in (new, old))
    assert now == then
    assert now
    assert now.intact


@pytest.mark.parametrize("end", ENDS)
def test_draft_is_as_before(end: str, letters: Path, run: Run) -> None:
    assert run("build", "--draft", "-f", end, letters / "draft.yaml").code == 0
    new, old = letters / f"draft.draft.{end}", KEPT / f"draft.draft.{end}"
    assert words_of_main(new) == words_of_main(old)


@pytest.mark.parametrize("end", ENDS)
def test_sent_letter_stays_a_record(end: str, letters: Path, run: Run) -> None:
    for verb in (("build", "-f", end), ("build", "--check", "-f", end)):
        done = run(*verb, letters / "sent.yaml")
        assert (done.code, "1 sent" in done.err) == (0, True), done.err
    assert (letters / f"sent.{end}").read_bytes() == (KEPT / f"sent.{end}").read_bytes()


@pytest.mark.parametrize("end", ENDS)
def test_edited_letter_is_kept(end: str, letters: Path, run: Run) -> None:
    checked = run("build", "--check", "-f", end, letters / "edited.yaml")
    assert (checked.code, "1 edited" in checked.err) == (1, True), checked.err
    built = run("build", "-f", end, letters / "edited.yaml")
    assert (built.code, "1 kept" in built.err) == (1, True), built.err
    assert (letters / f"edited.{end}").read_bytes() == (KEPT / f"edited.{end}").read_bytes()
