"""What Word's accessibility checker looks for, looked for in the XML: Word itself can't be run here.

The rules are those that Microsoft publishes ("Rules for the Accessibility Checker"): missing alternative text, tables
without a header row or with merged cells, headings out of order, unclear links, words told by colour alone, contrast that is
hard to read, objects that float, layout by blanks; and no title or language. Each has a fault that is planted.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from conftest import EXAMPLE, W, contrast, write_rich_draft

from prevent_letter import cli

V = "{urn:schemas-microsoft-com:vml}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
TITLE = "{http://purl.org/dc/elements/1.1/}title"
Parts = dict[str, str]


@pytest.fixture(scope="module", params=["example", "rich"])
def parts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """The parts of a letter: of the example, and of a draft with a marking, nested lists and links."""
    folder = tmp_path_factory.mktemp("letters")
    source = EXAMPLE if request.param == "example" else write_rich_draft(folder / "rich.yaml")
    with pytest.raises(SystemExit, match="0"):
        cli.main(
            [
                "build",
                *["--draft"] * (request.param == "rich"),
                "-o",
                str(folder / "a.docx"),
                str(source),
            ]
        )
    return opened(folder / "a.docx")


def opened(letter: Path) -> Parts:
    with zipfile.ZipFile(letter) as package:
        return {
            name: package.read(name).decode()
            for name in package.namelist()
            if name.endswith(".xml")
        }


def val(element: Element | None, path: str) -> str:
    """The w:val at a path of w: names; empty where there is none."""
    found = (
        element.find("/".join(f"{W}{name}" for name in path.split("/")))
        if element is not None
        else None
    )
    return "" if found is None else found.get(f"{W}val", "on")


def words(element: Element) -> str:
    return "".join(each.text or "" for each in element.iter(f"{W}t"))


def troubles(parts: Parts) -> list[str]:
    """What the checker would say, a word or two each."""
    trees = {name: ElementTree.fromstring(text) for name, text in parts.items()}
    styles = {
        each.get(f"{W}styleId", ""): each for each in trees["word/styles.xml"].iter(f"{W}style")
    }
    shown = [
        tree
        for name, tree in trees.items()
        if re.match(r"word/(document|header|footer|footnotes)", name)
    ]
    found = [
        *_document(trees),
        *_headings(trees["word/document.xml"], styles),
        *_colours(shown, styles),
    ]
    for tree in shown:
        found += [*_pictures(tree), *_tables(tree), *_links(tree), *_layout(tree)]
    return found


def _document(trees: dict[str, Element]) -> Iterator[str]:
    if not trees["docProps/core.xml"].findtext(TITLE):
        yield "no title"
    defaults = trees["word/styles.xml"].find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    language = defaults.find(f"{W}lang") if defaults is not None else None
    if language is None or not language.get(f"{W}val"):
        yield "no language"


def _pictures(tree: Element) -> Iterator[str]:
    for shape in (*tree.iter(f"{V}shape"), *tree.iter(f"{V}rect")):
        if not shape.get("alt"):
            yield "no alternative text"
    for drawing in tree.iter(f"{W}drawing"):
        if not any(each.get("descr") for each in drawing.iter(f"{DRAWING}docPr")):
            yield "no alternative text"
        if drawing.find(f"{DRAWING}anchor") is not None:
            yield "object that floats"
    yield from ("object that floats" for _ in (*tree.iter(f"{W}framePr"), *tree.iter(f"{W}tblpPr")))


def _tables(tree: Element) -> Iterator[str]:
    for table in tree.iter(f"{W}tbl"):
        rows = table.findall(f"{W}tr")
        look = table.find(f"{W}tblPr/{W}tblLook")
        if not val(rows[0], "trPr/tblHeader") or look is None or look.get(f"{W}firstRow") != "1":
            yield "no header row"
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        merged = any(
            next(table.iter(f"{W}{name}"), None) is not None
            for name in ("gridSpan", "vMerge", "hMerge")
        )
        if merged or any(len(row.findall(f"{W}tc")) != columns for row in rows):
            yield "merged cells"
        if table.find(f".//{W}tc//{W}tbl") is not None:
            yield "table in a table"
        if any(height.get(f"{W}hRule") == "exact" for height in table.iter(f"{W}trHeight")):
            yield "fixed height"


def _headings(document: Element, styles: dict[str, Element]) -> Iterator[str]:
    before = 0
    for paragraph in document.iter(f"{W}p"):
        level = val(styles.get(val(paragraph, "pPr/pStyle")), "pPr/outlineLvl")
        if level:
            if int(level) + 1 > before + 1 or not words(paragraph).strip():
                yield "headings out of order"
            before = int(level) + 1


def _links(tree: Element) -> Iterator[str]:
    for link in tree.iter(f"{W}hyperlink"):
        if re.fullmatch(
            r"(?i)|(click )?here|link|more|read more|this page|https?:.*", words(link).strip(" .")
        ):
            yield "unclear link"


def _colours(shown: list[Element], styles: dict[str, Element]) -> Iterator[str]:
    """Colours of text against white and against the table's head, and what nothing but a colour tells."""
    fills = [
        "ffffff",
        *(each.get(f"{W}fill", "").lower() for each in styles["TableGrid"].iter(f"{W}shd")),
    ]
    direct = [
        each
        for tree in shown
        for each in tree.iter(f"{W}rPr")
        if each.find(f"{W}color") is not None
    ]
    for run in (*direct, *(rpr for style in styles.values() for rpr in style.iter(f"{W}rPr"))):
        colour = val(run, "color")
        if colour and any(contrast(f"#{colour}", f"#{fill}") < 4.5 for fill in fills):
            yield "contrast"
    inline = [
        rpr
        for style in styles.values()
        if style.get(f"{W}type") == "character"
        for rpr in style.iter(f"{W}rPr")
    ]
    for run in (*direct, *inline):
        if val(run, "color") and not any(val(run, name) for name in ("b", "i", "u")):
            yield "colour alone"


def _layout(tree: Element) -> Iterator[str]:
    """Blanks, tabs and empty paragraphs in place of a layout, and lines whose height can't grow."""
    for paragraph in tree.iter(f"{W}p"):
        if (
            re.search(" {3}|\t", words(paragraph))
            or next(paragraph.iter(f"{W}tab"), None) is not None
        ):
            yield "layout by blanks"
    for spacing in tree.iter(f"{W}spacing"):
        if spacing.get(f"{W}lineRule") == "exact":
            yield "fixed height"
    body = tree.find(f"{W}body")
    texts = [
        words(each) if each.tag == f"{W}p" else "-" for each in (body if body is not None else ())
    ]
    if any(not one.strip() and not other.strip() for one, other in pairwise(texts)):
        yield "layout by blanks"


def test_checker_would_find_nothing(parts: Parts) -> None:
    assert troubles(parts) == []


def replaced(name: str, pattern: str, new: str) -> Callable[[Parts], None]:
    def plant(parts: Parts) -> None:
        parts[name], times = re.subn(
            pattern, lambda found: found.expand(new), parts[name], count=1, flags=re.S
        )
        assert times == 1

    return plant


DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
DRAWN = f'<w:r><w:drawing><wp:inline xmlns:wp="{DRAWING[1:-1]}"><wp:docPr id="1" name="Picture 1"/></wp:inline></w:drawing></w:r></w:p>'
PLANTED = {
    "no title": replaced("docProps/core.xml", "<dc:title>.*?</dc:title>", ""),
    "no language": replaced(STYLES, '(<w:rPrDefault>.*?)<w:lang w:val="en-GB"', r"\1<w:lang"),
    "no alternative text": replaced(DOCUMENT, "</w:p>", DRAWN),
    "object that floats": replaced(DOCUMENT, "<w:pPr>", '<w:pPr><w:framePr w:w="2000"/>'),
    "no header row": replaced(DOCUMENT, "<w:tblHeader/>", ""),
    "merged cells": replaced(
        DOCUMENT, r'(<w:tcW w:w="722" w:type="dxa"/>)', r'\1<w:gridSpan w:val="2"/>'
    ),
    "table in a table": replaced(DOCUMENT, "(<w:tc>.*?)(</w:tc>)", r"\1<w:tbl><w:tr/></w:tbl>\2"),
    "headings out of order": replaced(
        DOCUMENT, '<w:pStyle w:val="Heading2"/>', '<w:pStyle w:val="Heading3"/>'
    ),
    "unclear link": replaced(DOCUMENT, r"(<w:hyperlink [^>]*>.*?<w:t[^>]*>)[^<]*", r"\1click here"),
    "contrast": replaced(STYLES, '<w:color w:val="1D5C96"/>', '<w:color w:val="8FC3F0"/>'),
    "colour alone": replaced(STYLES, '<w:u w:val="single"/>', ""),
    "layout by blanks": replaced(DOCUMENT, r"(<w:t [^>]*>)", r"\1   "),
    "fixed height": replaced(
        DOCUMENT, "<w:tblHeader/>", '<w:tblHeader/><w:trHeight w:val="200" w:hRule="exact"/>'
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_checker_would_find_a_fault(fault: str, parts: Parts) -> None:
    faulty = dict(parts)
    PLANTED[fault](faulty)
    assert fault in troubles(faulty)
