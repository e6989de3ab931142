"""The web page: one file that fetches nothing, readable on a phone, in print and by a screen reader."""

import base64
import hashlib
import html
import re
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from conftest import (
    CHECKOUT,
    EXAMPLE,
    PLAIN,
    WIDTHS,
    Run,
    contrast,
    need,
    violations,
    would_find,
    write_rich_draft,
)

from prevent_letter import cli
from prevent_letter.letter import web


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("letters")
    rich = write_rich_draft(folder / "rich.yaml")
    long = "averylongword" * 12
    rich.write_text(
        rich.read_text(encoding="utf-8").replace("In Leic", f"{long} In Leic", 1), encoding="utf-8"
    )
    own = (CHECKOUT / "tests" / "criteria" / "short.yaml").read_text(encoding="utf-8")
    (folder / "own.yaml").write_text(
        own.replace("name: Plan", f"name: {'Plan' * 30}"), encoding="utf-8"
    )
    clean = PLAIN
    (folder / "table.yaml").write_text(
        clean.replace("../criteria/short.yaml", "own.yaml"), encoding="utf-8"
    )
    sources: dict[str, list[str | Path]] = {
        "example": [EXAMPLE],
        "rich": [rich, "--draft"],
        "table": [folder / "table.yaml"],
    }
    for name, arguments in sources.items():
        with pytest.raises(SystemExit, match="0"):
            cli.main(["build", *map(str, arguments), "-o", str(folder / f"{name}.html")])
    return {name: folder / f"{name}.html" for name in ("example", "rich", "table")}


def test_page_needs_nothing_but_itself(letters: dict[str, Path]) -> None:
    page = letters["example"].read_text(encoding="utf-8")
    assert page.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    assert not re.search(r"<script|<link|<img|@import|url\(|style=|<header|<footer|xmlns", page)
    [policy] = re.findall('http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    [style] = re.findall("(?s)<style>(.*?)</style>", page)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert page.index(policy) < page.index("<style>")
    assert page.count("<h1") == page.count("<main") == 1
    assert 'href="#main">Skip to the letter</a>' in page
    assert page.count('<th scope="row">') == 10
    assert page.count('<th scope="col">') == 2
    for target in re.findall('href="#([^"]+)"', page):
        assert page.count(f'id="{target}"') == 1


def test_header_and_footer_become_boxes_of_the_printed_page(run: Run, example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    example.write_text(
        text.replace("authority: Leicestershire", r"authority: A </style>\0 & B"), encoding="utf-8"
    )
    assert run("build", example, "--draft", "-f", "html").code == 0
    page = example.with_suffix(".draft.html").read_text(encoding="utf-8")
    assert page.count("</style>") == 1
    assert (
        r'content: "A \3C /style\3E \5C 0 & B County Council" "\A" "27" "th" " May 2022"'
        in page.replace("\xa0", " ")
    )
    assert 'content: "Page " counter(page) " of " counter(pages)' in page


def test_style_sheet_of_ones_own(run: Run, example: Path) -> None:
    ours = example.with_name("ours")
    ours.mkdir()
    css = (CHECKOUT / "templates" / "letter.css").read_text(encoding="utf-8")
    (ours / "letter.css").write_text(css.replace("#9325b2", "#006400"), encoding="utf-8")
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    assert run("build", example, "-f", "html").code == 0
    assert "--colour: #006400" in example.with_suffix(".html").read_text(encoding="utf-8")
    (ours / "letter.css").write_bytes(b"\xff\xfe")
    assert (
        "ours/letter.css: this can't be read as a style sheet in UTF-8"
        in run("build", example, "-f", "html").err
    )
    (ours / "letter.css").write_text(css + "</style>", encoding="utf-8")
    assert "ours/letter.css: a style sheet can't have </" in run("build", example, "-f", "html").err


def test_mark_of_a_page_is_read_back(letters: dict[str, Path]) -> None:
    found = web.identity(letters["rich"].read_bytes())
    assert found
    assert found.identifier == "Leicestershire County Council 2021/2022"


@pytest.mark.browser
@pytest.mark.parametrize("name", ["example", "rich", "table"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    name: str, browser: Any, letters: dict[str, Path]
) -> None:
    for width in WIDTHS:
        browser.set_viewport_size({"width": width, "height": 900})
        browser.emulate_media(color_scheme="dark" if width == 390 else "light")
        browser.goto(letters[name].as_uri())
        assert violations(browser) == []
        assert browser.evaluate("document.documentElement.scrollWidth") <= width
        # WCAG 1.4.12: with the spacing that a reader may set, nothing is cut off or scrolls.
        browser.add_style_tag(
            content="* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
            " p { margin-bottom: 2em !important }"
        )
        assert browser.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_told_apart(scheme: str) -> None:
    css = (CHECKOUT / "templates" / "letter.css").read_text(encoding="utf-8")
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part))
        for part in re.findall(r"(?s):root \{(.*?)\}", css)
    )
    colours = light if scheme == "light" else light | dark
    text = [
        ("ink", "page"),
        ("ink", "head"),
        ("link", "page"),
        ("prompt", "page"),
        ("focus-ink", "focus"),
        ("ink", "mark"),
    ]
    text += [("link", "mark"), ("prompt", "mark")]
    assert {
        pair: ratio for pair in text if (ratio := contrast(*(colours[name] for name in pair))) < 4.5
    } == {}
    for name in ("line", "colour"):
        assert contrast(colours[name], colours["page"]) >= 3
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)


def test_no_colour_stands_beside_those_of_the_two_schemes() -> None:
    css = (CHECKOUT / "templates" / "letter.css").read_text(encoding="utf-8")
    on_screen = re.sub(r"(?s):root \{.*?\}|@page.*|/\*.*?\*/", "", css)
    assert not re.search("#[0-9a-f]{3,6}", on_screen)


def test_contents_lead_to_each_section_and_benchmark(letters: dict[str, Path]) -> None:
    page = letters["example"].read_text(encoding="utf-8")
    [nav] = re.findall(r'(?s)<nav class="screen" aria-label="Contents">(.*?)</nav>', page)
    links = re.findall(r'<a class="screen" href="#([^"]+)">(.*?)</a>', nav)
    headings = re.findall(r'<h([23]) id="([^"]+)">(.*?)</h', page)
    assert [id for id, _ in links] == [
        id for level, id, _ in headings if level == "2" or not id.startswith("annex.")
    ]
    words = {id: words for _, id, words in headings}
    assert [name for id, name in links if name == words[id]] == [
        words[id] for level, id, _ in headings if level == "2"
    ]
    assert (
        dict(links)["partnership_board"] == "2. Multi Agency Partnership Board"
    )  # as the table of scores has it
    assert "data-short" not in page
    assert len(links) == 14
    assert re.search(
        r'(?s)#feedback">[^<]*</a>\s*<ul>(?:\s*<li>.*?</li>){10}\s*</ul>\s*</li>\s*<li><a class="screen" href="#key_rec',
        nav,
    )
    assert page.count('href="#main">Back to the top</a>') == 13


@pytest.mark.browser
def test_ways_back_show_on_narrow_screens_alone_and_none_of_it_prints(
    browser: Any, letters: dict[str, Path]
) -> None:
    browser.goto(letters["example"].as_uri())
    for width, shown in ((390, 13), (1280, 0)):
        browser.set_viewport_size({"width": width, "height": 900})
        assert browser.locator("p.screen a:visible").count() == shown
        assert browser.locator("nav:visible").count() == 1
        browser.emulate_media(media="print")
        assert browser.locator("nav:visible, p.screen:visible").count() == 0
        browser.emulate_media(media="null")


@pytest.mark.browser
def test_marking_is_printed_in_the_middle_of_each_page(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "marked.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    path.write_text(f"{text}marking: OFFICIAL-SENSITIVE\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="0"):
        cli.main(["build", str(path), "-f", "html"])
    browser.goto(path.with_suffix(".html").as_uri())
    browser.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True)
    command = [need("pdftotext"), "-bbox", str(tmp_path / "printed.pdf"), "-"]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    pages = found.split("<page ")[1:]
    for number, page in enumerate(pages, 1):
        edges = re.findall(r'xMin="([\d.]+)"[^>]*xMax="([\d.]+)"[^>]*>OFFICIAL-SENSITIVE<', page)
        assert len(edges) == 2, number
        assert all(abs((float(left) + float(right)) / 2 - 595 / 2) < 3 for left, right in edges)


@pytest.mark.browser
def test_axe_would_find_a_fault(browser: Any, letters: dict[str, Path]) -> None:
    faults = (
        ('<html lang="en-GB">', "<html>", "html-has-lang"),
        ("--link: #1d5c96", "--link: #9ab8d6", "color-contrast"),
        (' scope="col">Benchmark', ' scope="col"></th><th hidden>Benchmark', "empty-table-header"),
    )
    would_find(browser, letters["example"], faults)


@pytest.mark.browser
def test_keyboard_reaches_the_letter_the_note_and_the_way_back(
    browser: Any, letters: dict[str, Path]
) -> None:
    browser.set_viewport_size({"width": 390, "height": 900})
    browser.goto(letters["example"].as_uri())
    browser.keyboard.press("Tab")
    link = browser.locator("body > .screen")
    assert link.evaluate("each => document.activeElement === each")
    assert link.bounding_box()["y"] >= 0  # it shows when it is reached
    browser.locator("[role=doc-noteref]").click()
    assert browser.url.endswith("#note-1")
    browser.locator("[role=doc-backlink]").click()
    assert browser.url.endswith("#noteref-1")


@pytest.mark.browser
@pytest.mark.libreoffice
def test_page_prints_as_a_letter(browser: Any, letters: dict[str, Path], tmp_path: Path) -> None:
    browser.goto(letters["rich"].as_uri())
    browser.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True)
    with pikepdf.open(tmp_path / "printed.pdf") as document:
        size = [round(float(each)) for each in document.pages[0].MediaBox]
    assert abs(size[2] - 595) <= 1
    assert abs(size[3] - 842) <= 1
    done = subprocess.run(
        [need("pdftotext"), "-layout", tmp_path / "printed.pdf", "-"],
        check=True,
        capture_output=True,
    )
    pages = done.stdout.decode().split("\f")[:-1]
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        begins = " ".join(page.split()[:12])
        assert ("Leicestershire County Council" in begins) is (number > 1)
    [annex] = [page for page in pages if re.search(r"Annex\s*A – Prevent", page)]
    assert annex.index("Annex") < 200
    assert "Skip to the letter" not in "".join(pages)
    assert html.unescape("OFFICIAL-SENSITIVE &amp; more") in pages[1]
    shown = browser.locator(".draft").evaluate("each => getComputedStyle(each, '::before').content")
    assert 'attr(data-mark) / ""' in shown or '"DRAFT" / ""' in shown


@pytest.mark.parametrize(
    ("css", "is_refused"),
    [
        ('p { background: url("data:image/gif;base64,R0lGODlhAQABAAAAACw=") }', False),
        ("p { background: url( 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' ) }", False),
        ("p { background: url(data:image/gif;base64,R0lGODlhAQABAAAAACw=) }", False),
        ("p { mask: url(#a) } /* no @import, no url(x) */", False),
        ("@import 'https://a.example/b.css';", True),
        ("p { background: url(https://a.example/b.png) }", True),
        ('p { background: url( "//a.example/b.png") }', True),
    ],
)
def test_style_sheet_that_would_fetch_is_refused(
    css: str, is_refused: bool, run: Run, example: Path
) -> None:
    (example.parent / "ours").mkdir()
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    standard = (CHECKOUT / "templates" / "letter.css").read_text(encoding="utf-8")
    (example.parent / "ours" / "letter.css").write_text(f"{css}\n{standard}", encoding="utf-8")
    built = run("build", example, "-f", "html")
    assert ("can't fetch anything" in built.err) is is_refused
    assert built.code == int(is_refused)
