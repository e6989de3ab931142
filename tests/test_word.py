"""The Word letter as a typist who knows Word would make it, read from its raw XML, LibreOffice and a validator."""

import re
import subprocess
import zipfile
from collections import Counter
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from conftest import EXAMPLE, Run, W, paragraphs, part, text, to_pdf, write_rich_draft
from openxml_audit import OpenXmlValidator

from prevent_letter import cli

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
V = "{urn:schemas-microsoft-com:vml}"


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The example; and a draft of it with a marking, nested lists, links, no date and no key recommendations."""
    folder = tmp_path_factory.mktemp("letters")
    rich = write_rich_draft(folder / "rich.yaml")
    for arguments in (
        [EXAMPLE, "-o", folder / "example.docx"],
        [rich, "--draft", "-o", folder / "rich.docx"],
    ):
        with pytest.raises(SystemExit, match="0"):
            cli.main(["build", *map(str, arguments)])
    return {"example": folder / "example.docx", "rich": folder / "rich.docx"}


@pytest.fixture(params=["example", "rich"])
def letter(request: pytest.FixtureRequest, letters: dict[str, Path]) -> Path:
    return letters[request.param]


def body(letter: Path) -> Element:
    found = part(letter, "word/document.xml").find(f"{W}body")
    assert found is not None
    return found


def value(element: Element, path: str) -> str | None:
    """The w:val at a path of w: names."""
    found = element.find("/".join(f"{W}{name}" for name in path.split("/")))
    return None if found is None else found.attrib[f"{W}val"]


def styled(letter: Path, style: str) -> list[Element]:
    return [each for each in body(letter).iter(f"{W}p") if value(each, "pPr/pStyle") == style]


def test_validator_finds_nothing(letter: Path) -> None:
    result = OpenXmlValidator().validate(letter)
    assert [str(error) for error in result.errors] == []


def test_package_holds_what_it_should_and_nothing_of_the_looks_text(letter: Path) -> None:
    with zipfile.ZipFile(letter) as package:
        names = package.namelist()
        assert len(names) == len(set(names))
        assert not [
            name
            for name in names
            if "custom" in name or "thumbnail" in name or name == "docProps/app.xml"
        ]
        assert b"The look of the letter" not in b"".join(package.read(name) for name in names)
        types = package.read("[Content_Types].xml").decode()
        for name in names:
            assert (
                f'PartName="/{name}"' in types
                or name.endswith(".rels")
                or name == "[Content_Types].xml"
            ), name
        for name in (name for name in names if name.endswith(".rels")):
            rels = package.read(name).decode()
            base = "" if name == "_rels/.rels" else "word/"
            for target in re.findall(r'Target="([^"]+)"(?! TargetMode|[^>]*External)', rels):
                if not target.startswith(("http", "mailto")):
                    assert (
                        target.lstrip("/") if target.startswith("/") else base + target
                    ) in names, (name, target)


def test_what_the_validator_misses(letter: Path) -> None:
    names, open_ids, closed = [], [], []
    for each in body(letter).iter():
        if each.tag == f"{W}bookmarkStart":
            names.append(each.attrib[f"{W}name"])
            open_ids.append(each.attrib[f"{W}id"])
        elif each.tag == f"{W}bookmarkEnd":
            closed.append(each.attrib[f"{W}id"])
    assert len(names) == len(set(names))
    assert sorted(open_ids) == sorted(closed)
    assert len(open_ids) == len(set(open_ids))
    assert all(re.fullmatch(r"_PL_[a-z0-9_]{1,36}", name) for name in names)
    with zipfile.ZipFile(letter) as package:
        for name in package.namelist():
            assert not re.search(
                "[\x00-\x08\x0b\x0c\x0e-\x1f\ufdd0-\ufdef\ufffe\uffff]", package.read(name).decode()
            ), name
    known = set(re.findall(r'w:styleId="([^"]+)"', _raw(letter, "word/styles.xml")))
    for name in ("document", "footnotes", "header2", "footer1"):
        assert (
            set(re.findall(r'<w:[pr]Style w:val="([^"]+)"', _raw(letter, f"word/{name}.xml")))
            <= known
        )
    numbers = set(re.findall(r'w:numId="([^"]+)"', _raw(letter, "word/numbering.xml")))
    assert (
        set(re.findall(r'<w:numId w:val="([^"]+)"', _raw(letter, "word/document.xml"))) <= numbers
    )


def _raw(letter: Path, name: str) -> str:
    with zipfile.ZipFile(letter) as package:
        return package.read(name).decode()


def test_headings_are_an_unbroken_hierarchy(letter: Path) -> None:
    levels = [int(style[-1]) for style, _ in paragraphs(letter) if style.startswith("Heading")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    outline = {
        style.attrib[f"{W}styleId"]: value(style, "pPr/outlineLvl")
        for style in part(letter, "word/styles.xml").iter(f"{W}style")
    }
    assert (outline["Heading1"], outline["Heading2"], outline["Heading3"]) == ("0", "1", "2")


def test_no_paragraph_is_empty_and_no_space_is_doubled(letter: Path) -> None:
    for style, words in paragraphs(letter):
        assert words.strip() or style == "", words
        assert "  " not in words
        assert (
            words == words.strip() or words == "Channel Panel "
        )  # the reference to the footnote follows
    empty = [each for each in body(letter) if each.tag == f"{W}p" and not text(each)]
    assert empty == []


def test_headings_and_introductions_keep_with_what_follows(letter: Path) -> None:
    styles = {
        style.attrib[f"{W}styleId"]: style
        for style in part(letter, "word/styles.xml").iter(f"{W}style")
    }

    def keeps(paragraph: Element) -> bool:
        style = value(paragraph, "pPr/pStyle")
        return any(
            at is not None and at.find(f"{W}pPr/{W}keepNext") is not None
            for at in (paragraph, styles.get(style or ""))
        )

    blocks = list(body(letter))
    for block, after in pairwise(blocks):
        style = value(block, "pPr/pStyle") or ""
        if style.startswith("Heading") or style in (
            "Score",
            "Statement",
            "Closing",
            "Signature",
            "Letterhead",
        ):
            assert keeps(block), style
        starts_list = (
            after.find(f"{W}pPr/{W}numPr") is not None and block.find(f"{W}pPr/{W}numPr") is None
        )
        if after.tag == f"{W}tbl" or (starts_list and style != "ListContinue"):
            assert keeps(block), text(block)


def test_table_repeats_its_header_and_splits_no_row(letter: Path) -> None:
    [table] = body(letter).findall(f"{W}tbl")
    rows = table.findall(f"{W}tr")
    assert len(rows) == 11
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * 10
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    assert (
        value(table, "tblPr/tblCaption")
        == "A summary of your scores can be found in the table below."
    )
    grid = [int(column.attrib[f"{W}w"]) for column in table.iter(f"{W}gridCol")]
    assert sum(grid) == 11906 - 2 * 1440
    for row in rows:
        assert [int(cell.attrib[f"{W}w"]) for cell in row.iter(f"{W}tcW")] == grid
    cells = [[text(cell) for cell in row.findall(f"{W}tc")] for row in rows]
    assert cells[0] == ["", "Benchmark", "Score"]
    assert cells[5] == ["5", "Channel Panel ", "5"]


def test_footnote_is_words_own(letter: Path) -> None:
    notes = part(letter, "word/footnotes.xml").findall(f"{W}footnote")
    assert [note.get(f"{W}type") for note in notes] == ["separator", "continuationSeparator", None]
    assert notes[2].find(f".//{W}footnoteRef") is not None
    assert text(notes[2]).startswith(" This benchmark is assessed separately to evaluation")
    [reference] = body(letter).iter(f"{W}footnoteReference")
    assert reference.attrib[f"{W}id"] == notes[2].attrib[f"{W}id"]
    named = part(letter, "word/settings.xml").findall(f"{W}footnotePr/{W}footnote")
    assert [each.attrib[f"{W}id"] for each in named] == [
        note.attrib[f"{W}id"] for note in notes[:2]
    ]


def test_annexs_lists_each_start_at_one(letter: Path) -> None:
    levels = styled(letter, "Level")
    assert len(levels) == 50
    numbers = Counter(value(each, "pPr/numPr/numId") for each in levels)
    assert list(numbers.values()) == [5] * 10
    for number in part(letter, "word/numbering.xml").findall(f"{W}num"):
        if number.attrib[f"{W}numId"] in numbers:
            assert value(number, "lvlOverride/startOverride") == "1"
            assert number.find(f"{W}lvlOverride").attrib[f"{W}ilvl"] == "0"  # type: ignore[union-attr]
    annex = next(
        each for each in body(letter) if text(each).startswith("Annex\N{NO-BREAK SPACE}A –")
    )
    assert annex.find(f"{W}pPr/{W}pageBreakBefore") is not None
    assert len(list(body(letter).iter(f"{W}pageBreakBefore"))) == 1


def test_font_language_and_alignment(letter: Path) -> None:
    styles = part(letter, "word/styles.xml")
    defaults = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    assert defaults is not None
    assert defaults.find(f"{W}rFonts").attrib[f"{W}ascii"] == "Arial"  # type: ignore[union-attr]
    assert (value(defaults, "sz"), value(defaults, "lang")) == ("24", "en-GB")
    aligned = [
        style.attrib[f"{W}styleId"]
        for style in styles.iter(f"{W}style")
        if style.find(f".//{W}jc") is not None
    ]
    assert aligned == ["Marking"]
    assert not list(body(letter).iter(f"{W}jc"))
    smaller = {
        style.attrib[f"{W}styleId"]
        for style in styles.iter(f"{W}style")
        if int(value(style, "rPr/sz") or 24) < 24
    }
    assert smaller == {"Header", "Footer", "FootnoteText"}


def test_properties(letters: dict[str, Path]) -> None:
    core = _raw(letters["example"], "docProps/core.xml")
    for said in (
        "<dc:title>Assessment of Prevent Duty 2021/2022 – Leicestershire County Council</dc:title>",
        "<dc:creator>Ian Stubbs</dc:creator>",
        "<dc:subject>Prevent Local Authority Performance Scoring Criteria</dc:subject>",
        "<dc:identifier>Leicestershire County Council 2021/2022</dc:identifier>",
        "<dc:language>en-GB</dc:language>",
        ">2022-05-27T00:00:00Z</dcterms:created>",
    ):
        assert said in core
    value = r"[a-z_.]+:[0-9a-f]{8}"
    assert re.search(rf"<cp:version>[0-9a-f]{{64}} [0-9a-f]{{64}} ({value},)+{value};</cp:v", core)
    assert "dcterms:created" not in _raw(
        letters["rich"], "docProps/core.xml"
    )  # a draft without a date


def test_styles_and_bookmarks_of_the_example(letters: dict[str, Path]) -> None:
    found = paragraphs(letters["example"])
    assert found[0] == ("Letterhead", "Home Office")
    assert found[3] == ("Recipient", "Gurjit Samra-rai\nLeicestershire County Council\nCounty Hall\nLeicester Road\nGlenfield\n"
                        "Leicester\nLE3 8RA")  # fmt: skip
    assert found[4:8] == [
        ("Cc", "cc Jane Moore"),
        ("Cc", "cc Anita Chavda"),
        ("Date", "27th\N{NO-BREAK SPACE}May\N{NO-BREAK SPACE}2022"),
        ("Greeting", "Dear Gurjit,"),
    ]
    count = Counter(style for style, _ in found)
    assert (
        count["Score"]
        == count["GoodPractice"]
        == count["Recommendations"]
        == count["Statement"]
        == 10
    )
    assert (count["KeyRecommendations"], count["Closing"], count["Signature"], count["Level"]) == (
        3,
        2,
        4,
        50,
    )
    assert [text for style, text in found if style == "Signatory"] == ["Ian Stubbs"]
    marked = {}
    for paragraph in body(letters["example"]).iter(f"{W}p"):
        inside: dict[str, str] = {}  # what is open, by its number
        for each in paragraph.iter():
            if each.tag == f"{W}bookmarkStart":
                inside[each.attrib[f"{W}id"]] = each.attrib[f"{W}name"]
                marked[each.attrib[f"{W}name"]] = ""
            elif each.tag == f"{W}bookmarkEnd":
                del inside[each.attrib[f"{W}id"]]
            elif each.tag == f"{W}t":
                for name in inside.values():
                    marked[name] += each.text or ""
    assert (
        marked["_PL_training"] == "7. There is a training programme in place for relevant personnel"
    )
    assert marked["_PL_training__score"] == "Score – "
    assert marked["_PL_training__good_practice"] == "Good Practice – "
    assert marked["_PL_training__recommendations"] == "Areas for Development/Recommendations – "
    assert marked["_PL_key_recommendations"] == "Recommendations"
    assert marked["_PL_summary"] == "Summary of Prevent Duty in Leicestershire"
    assert marked["_PL_annex__training"] == "Benchmark\N{NO-BREAK SPACE}7 – Training"
    assert marked["_PL_advisor__phone"] == "T "
    assert marked["_PL_greeting"] == "Dear Gurjit,"
    assert marked["_PL_greeting__dear"] == "Dear "
    assert marked["_PL_cc__1"] == "cc Jane Moore"
    assert marked["_PL_cc__1__copy"] == "cc "
    assert marked["_PL_date"] == "27th\N{NO-BREAK SPACE}May\N{NO-BREAK SPACE}2022"
    assert marked["_PL_advisor__name"] == "Ian Stubbs"
    assert marked["_PL_closing"] == "We are aware that"
    assert marked["_PL_key_recommendations__opening"].startswith(
        "Following my assessment, I am highlighting"
    )
    assert marked["_PL_key_recommendations__3"].startswith("Consider developing")
    assert len(marked) == 10 * 6 + 24


def test_lines_that_must_not_break(letters: dict[str, Path]) -> None:
    words = "\n".join(text for _, text in paragraphs(letters["example"]))
    for unbroken in (
        "27th May 2022",
        "Annex A –",
        "section 29 ",
        "Act 2015",
        "SW1P 4DF",
        "07700 900495",
    ):
        assert unbroken not in words
        first = unbroken.rstrip(" –").replace(" ", "\N{NO-BREAK SPACE}")
        assert first in words, unbroken
    good_practice = [
        text for style, text in paragraphs(letters["example"]) if style == "GoodPractice"
    ]
    assert "\N{NO-BREAK SPACE}" not in "".join(good_practice)


def test_ordinal_is_raised(letters: dict[str, Path]) -> None:
    [date] = styled(letters["example"], "Date")
    raised = [
        text(run) for run in date.iter(f"{W}r") if value(run, "rPr/vertAlign") == "superscript"
    ]
    assert raised == ["th"]


def test_links_are_links(letters: dict[str, Path]) -> None:
    rels = {
        rel.attrib["Id"]: rel.attrib["Target"]
        for rel in part(letters["rich"], "word/_rels/document.xml.rels")
        if rel.attrib.get("TargetMode") == "External"
    }
    links = [
        (text(link), rels[link.attrib[f"{R}id"]])
        for link in body(letters["rich"]).iter(f"{W}hyperlink")
    ]
    assert links[0] == ("www.gov.uk/home-office", "https://www.gov.uk/home-office")
    assert links[-1] == ("ian.stubbs@homeoffice.example", "mailto:ian.stubbs@homeoffice.example")
    assert ("the guidance", "https://www.gov.uk/?a=1&b=2") in links
    assert ("a letter", "mailto:a@b.example") in links
    for link in body(letters["rich"]).iter(f"{W}hyperlink"):
        assert value(link, "r/rPr/rStyle") == "Hyperlink"


def test_header_footer_and_page_numbers(letters: dict[str, Path]) -> None:
    example, rich = letters["example"], letters["rich"]
    section = body(example).find(f"{W}sectPr")
    assert section is not None
    assert section.find(f"{W}titlePg") is not None
    references = [each for each in section if f"{R}id" in each.attrib]
    kinds = {
        each.attrib[f"{R}id"]: (each.tag.removeprefix(W), each.attrib[f"{W}type"])
        for each in references
    }
    targets = {
        rel.attrib["Id"]: rel.attrib["Target"]
        for rel in part(example, "word/_rels/document.xml.rels")
    }
    assert {kind: targets[id] for id, kind in kinds.items()} == {
        ("headerReference", "first"): "header1.xml",
        ("headerReference", "default"): "header2.xml",
        ("footerReference", "first"): "footer1.xml",
        ("footerReference", "default"): "footer2.xml",
    }
    assert text(part(example, "word/header1.xml")) == ""
    assert (
        text(part(example, "word/header2.xml"))
        == "Leicestershire County Council\n27th\xa0May\xa02022"
    )
    assert (
        text(part(rich, "word/header2.xml"))
        == "OFFICIAL-SENSITIVE & moreLeicestershire County Council\n[date]"
    )
    for footer in ("footer1", "footer2"):
        fields = [
            each.attrib[f"{W}instr"]
            for each in part(rich, f"word/{footer}.xml").iter(f"{W}fldSimple")
        ]
        assert fields == [" PAGE ", " NUMPAGES "]
        assert text(part(rich, f"word/{footer}.xml")) == "OFFICIAL-SENSITIVE & morePage 1 of 1"


def test_draft_and_marking(letters: dict[str, Path]) -> None:
    assert paragraphs(letters["rich"])[:3] == [
        ("Marking", "DRAFT"),
        ("Marking", "OFFICIAL-SENSITIVE & more"),
        ("Letterhead", "Home Office"),
    ]
    assert ("Date", "[date]") in paragraphs(letters["rich"])
    for header in ("word/header1.xml", "word/header2.xml"):
        marks = [
            each.attrib["string"]
            for each in part(letters["rich"], header).iter(f"{V}textpath")
            if "string" in each.attrib
        ]
        assert marks == ["DRAFT"]
        assert not list(part(letters["example"], header).iter(f"{V}textpath"))


def test_without_key_recommendations_the_letter_says_so(letters: dict[str, Path]) -> None:
    words = [text for _, text in paragraphs(letters["rich"])]
    at = words.index("Recommendations")
    assert words[at + 1] == (
        "Following my assessment, I have no key recommendations for improvement. As part of our ongoing support I will "
        "look to work with you to review progress against all the recommendations in this report throughout the year."
    )
    assert words[at + 2].startswith("We are aware that the tools")


def test_lists_of_prose_are_words_own(letters: dict[str, Path]) -> None:
    """Marks go by depth, whatever the outer lists are; each numbered list starts where it should."""
    blocks = list(body(letters["rich"]))
    start = next(
        n for n, block in enumerate(blocks) if text(block).startswith("Good Practice – An opening")
    )
    starts = {
        number.attrib[f"{W}numId"]: value(number, "lvlOverride/startOverride")
        for number in part(letters["rich"], "word/numbering.xml").findall(f"{W}num")
    }
    found = []
    for block in blocks[start : start + 11]:
        number = value(block, "pPr/numPr/numId")
        found.append(
            (
                value(block, "pPr/pStyle"),
                value(block, "pPr/numPr/ilvl"),
                starts.get(number or "", ""),
                text(block),
            )
        )
    assert found == [
        (
            "GoodPractice",
            None,
            "",
            "Good Practice – An opening with emphasis, strength, both and the guidance.",
        ),
        ("ListNumber", "0", "1", "First"),
        ("ListNumber", "0", "1", "Second"),
        ("ListContinue", None, "", "More of the second."),
        ("ListBullet", "1", None, "with a point"),
        ("ListNumber", "2", "1", "and a number"),
        ("ListBullet", "1", None, "and another"),
        ("GoodPractice", None, "", "In between, with the guidance and a letter."),
        ("ListNumber", "0", "3", "Third"),
        ("ListBullet", "0", None, "a point"),
        ("ListNumber", "1", "1", "a number in it"),
    ]
    assert value(blocks[start + 1], "pPr/numPr/numId") == value(
        blocks[start + 2], "pPr/numPr/numId"
    )
    runs = {
        text(run): {child.tag.removeprefix(W) for child in run.iterfind(f"{W}rPr/*")}
        for run in blocks[start].iter(f"{W}r")
    }
    assert runs["emphasis"] == {"i", "iCs"}
    assert runs["strength"] == {"b", "bCs"}
    assert runs["both"] == {"b", "bCs", "i", "iCs"}
    alone = next(
        text(block)
        for block in blocks
        if text(block).startswith("Areas for Development/Recommendations –")
    )
    assert (
        alone == "Areas for Development/Recommendations –"
    )  # before a list the label stands alone


@pytest.mark.libreoffice
def test_draft_reads_and_counts_right_in_libreoffice(
    letters: dict[str, Path], tmp_path: Path
) -> None:
    pdf = to_pdf(letters["rich"], tmp_path)
    pages = (
        subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True)
        .stdout.decode()
        .split("\f")
    )
    flat = [" ".join(page.split()) for page in pages[:-1]]
    assert flat[0].startswith("DRAFT OFFICIAL-SENSITIVE & more Home Office")
    assert flat[0].endswith(f"OFFICIAL-SENSITIVE & more Page 1 of {len(flat)}")
    for number, page in enumerate(flat[1:], 2):
        assert page.startswith("OFFICIAL-SENSITIVE & more Leicestershire County Council [date]")
        assert page.endswith(f"OFFICIAL-SENSITIVE & more Page {number} of {len(flat)}")
    counted = re.search(r"An opening.*?a number in it", " ".join(flat))
    assert counted
    assert re.sub(r"OFFICIAL.*?\[date\] ", "", counted[0]) == (
        "An opening with emphasis, strength, both and the guidance. 1. First 2. Second More of the second. – with a point "
        "i. and a number – and another In between, with the guidance and a letter. 3. Third • a point a. a number in it"
    )


def test_built_letter_opens_in_python_docx_with_its_styles(letter: Path) -> None:
    import docx

    document = docx.Document(str(letter))
    styles = Counter(paragraph.style.name for paragraph in document.paragraphs if paragraph.style)
    assert styles["Heading 1"] == 1
    assert styles["Level"] == 50
    assert document.core_properties.author == "Ian Stubbs"


def test_long_section_and_a_word_longer_than_the_line_come_whole(run: Run, example: Path) -> None:
    word = "x" * 300
    words = " ".join(f"word{number}" for number in range(5_000))
    changed = example.read_text(encoding="utf-8").replace(
        "      There is an IT policy in place.", f"      {word} {words}"
    )
    example.write_text(changed, encoding="utf-8")
    assert run("build", example).code == 0
    assert any(
        f"{word} {words} A venue hire" in found
        for _, found in paragraphs(example.with_suffix(".docx"))
    )
