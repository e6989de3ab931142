"""The pages of results: accessible, in the light and in the dark, on a phone and on paper; nothing is fetched or run."""

import base64
import hashlib
import re
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from conftest import CHECKOUT, WIDTHS, contrast, is_accessible, need, would_find
from test_scores import SETS, write

from prevent_letter import cli

MARKING = 'OFFICIAL-SENSITIVE </style> & "more"'
STYLE = (CHECKOUT / "templates" / "results.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The results of two sets, with something under each heading, and letters to read."""
    folder = tmp_path_factory.mktemp("pages")
    said = "It meets each term and reads the plan line by line with all who are named in it, asks the districts for their news before each meeting, and writes down what they say and what is to be done about it."
    for number in range(18):
        area, region = f"{chr(65 + number)}shire", f"Example {'North' if number < 9 else 'South'}"
        write(folder, area, "2025/2026", 3, 4, region=region)
        write(
            folder,
            area,
            "2026/2027",
            1 + number % 5,
            5,
            region=region,
            said=said if number in (1, 2) else "It is good.",
        )
    write(
        folder,
        "Longshire",
        authority="The Most Long-Named Metropolitan Borough Council of Exampleshire-upon-Sample and Districts",
        plan="",
    )
    named = "\n".join(f"  {id}: {{score: met}}" for id in ("group", "risk", "plan"))
    other = write(folder, "Zedshire", set=(SETS / "named.yaml").as_posix())
    text = other.read_text(encoding="utf-8")
    other.write_text(
        re.sub(r"(?s)benchmarks:.*?key_", f"benchmarks:\n{named}\nkey_", text), encoding="utf-8"
    )
    for arguments in (
        ["-o", str(folder / "results.html")],
        ["--sample", "3", "-o", str(folder / "read")],
    ):
        with pytest.raises(SystemExit) as ended:
            cli.main(["scores", str(folder), "--marking", MARKING, *arguments])
        assert ended.value.code == 0
    return {"results": folder / "results.html", "reading": folder / "read" / "reading.html"}


@pytest.mark.parametrize("name", ["results", "reading"])
def test_page_needs_nothing_else_and_lets_nothing_in(name: str, pages: dict[str, Path]) -> None:
    page = pages[name].read_text(encoding="utf-8")
    [style] = re.findall("(?s)<style>(.*?)</style>", page)
    hash = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src &#39;sha256-{hash}&#39;" in page.replace("'", "&#39;")
    assert not re.search(r"<script|\bstyle=|\bon\w+=|url\(|@import|<link|src=", page)
    assert page.count("<h1>") == 1
    assert "OFFICIAL-SENSITIVE &lt;/style&gt; &amp; &#34;more&#34;" in page
    for target in re.findall('href="#([^"]+)"', page):
        assert page.count(f'id="{target}"') == 1
    assert "A. N. Advisor" not in page


def test_page_has_all_that_a_moderator_asks_for(pages: dict[str, Path]) -> None:
    page = pages["results"].read_text(encoding="utf-8")
    text = " ".join(re.sub("<[^>]*>", " ", page).split())
    for said in (
        "20 authorities: 0 not begun, 1 begun, 19 complete, 0 sent",
        "Where a region has one advisor, readers can tell whose scores these are.",
        "Nothing to compare (1) Last year has no assessment with this name and these criteria: The Most",
        "Similar wording, different scores (1)",
        "Regions whose scores moved together",
        "Being listed is no finding against anyone",
        "Exampleshire Assurance Framework",
        "Example North",
    ):
        assert said in text, said
    # What the meeting is for comes first, with room for what it decides.
    assert text.index("Assessments to re-read ") < text.index("Authorities at each level")
    assert page.count('<span class="decided">') == page.count('<span class="place">') / 2 > 0
    assert "fewest meet the duty (" in text
    assert text.index("Short Criteria") < text.index("Exampleshire Assurance Framework")
    assert re.search(
        r'Ashire County Council</th><td>1 <span class="change">−2</span></td><td>5 <span class="change">\+1</span>',
        page,
    )


def test_reader_ticks_a_level_beside_each_benchmark(pages: dict[str, Path]) -> None:
    page = pages["reading"].read_text(encoding="utf-8")
    fields = re.findall(r'(?s)<fieldset class="yours">(.*?)</fieldset>', page)
    assert len(fields) == page.count("<h4>Good practice</h4>") >= 3 * 2
    for field in fields:
        assert len(set(re.findall('name="([^"]+)"', field))) == 1
    texts = [" ".join(re.sub("<[^>]*>", " ", field).split()) for field in fields]
    assert any(re.match(r"Your score for Plan, letter \d 1 : .* 5 : ", t) for t in texts)


def test_bars_are_drawn_from_the_line_where_the_duty_is_met(pages: dict[str, Path]) -> None:
    page = pages["results"].read_text(encoding="utf-8")
    drawn = re.search(r'(?s)<div class="row-name">Plan</div>\s*<svg.*?</svg>', page)
    assert drawn
    bars = {
        shade: (float(x), float(width))
        for shade, x, width in re.findall(
            r'class="([a-z]+-?\d?)" x="([\d.]+)%" y="0" width="([\d.]+)%"', drawn[0]
        )
    }
    [line] = {float(x) for x in re.findall(r'x1="([\d.]+)%"', drawn[0])}
    # 4, 4, 4, 3, 3 authorities at levels 1 to 5: 8 to the left of the line; right of it 19 at the most, of Training.
    assert {shade: round(width * 27 / 100) for shade, (_, width) in bars.items()} == {
        "below-2": 4,
        "below-1": 4,
        "met": 4,
        "above-1": 3,
        "above-2": 3,
    }
    assert sum(bars["below-1"]) == pytest.approx(line, abs=0.02)
    assert bars["met"][0] == pytest.approx(line, abs=0.02)
    assert line == pytest.approx(100 * 8 / 27, abs=0.02)


def test_last_year_and_who_stands_where_are_shown(tmp_path: Path) -> None:
    for number, (last, now) in enumerate([(2, 3), (2, 2), (3, 4), (4, 1)]):
        area = f"{chr(65 + number)}shire"
        write(tmp_path, area, "2025/2026", last, 4)
        write(tmp_path, area, "2026/2027", now, 5)
    write(tmp_path, "Newshire", "2026/2027", 5, 5)  # without last year's
    output = tmp_path / "results.html"
    with pytest.raises(SystemExit):
        cli.main(["scores", str(tmp_path), "--marking", MARKING, "-o", str(output)])
    page = output.read_text(encoding="utf-8")
    drawn = re.search(r'(?s)<div class="row-name">Plan</div>\s*<svg.*?</svg>', page)
    assert drawn
    line, last_year = (float(x) for x in re.findall(r'<line.*?x1="([\d.]+)%"', drawn[0]))
    # Two of five are not met now; last year two of the four that have both, which is half of five.
    assert line == pytest.approx(100 * 2.5 / 7.5, abs=0.02)
    assert last_year == pytest.approx(0, abs=0.02)
    [who] = re.findall(r"(?s)<summary>Who stands at each level</summary>(.*?)</details>", page)
    text = " ".join(re.sub("<[^>]*>", " ", who).split())
    assert "Plan 1 (1): Dshire County Council 2 (1): Bshire County Council 3 (1): Ashire" in text


@pytest.mark.parametrize("dark", [False, True])
def test_contrasts_of_text_and_of_all_bars(dark: bool) -> None:
    light_look, dark_look, *_ = STYLE.split(":root")[1:]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light_look))
    colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark_look)) if dark else {}
    shades = [name.removesuffix("-ink") for name in colours if name.endswith("-ink")]
    assert len(shades) == 7
    for shade in shades:
        assert contrast(colours[shade], colours[f"{shade}-ink"]) >= 4.5, shade
    for text in ("ink", "pale", "link"):  # pale is the outline of bars too
        assert contrast(colours["page"], colours[text]) >= 4.5, text
    for one, other in (
        ("below-2", "below-1"),
        ("below-1", "met"),
        ("met", "above-1"),
        ("above-1", "above-2"),
    ):
        assert contrast(colours[one], colours[other]) >= 1.5, (
            one,
            other,
        )  # numbers, gaps and the table carry it


@pytest.mark.browser
@pytest.mark.parametrize("name", ["results", "reading"])
def test_axe_finds_nothing_in_light_and_dark(
    name: str, browser: Any, pages: dict[str, Path]
) -> None:
    is_accessible(browser, pages[name].as_uri())


@pytest.mark.browser
def test_axe_would_find_a_fault(browser: Any, pages: dict[str, Path]) -> None:
    browser.set_viewport_size({"width": 320, "height": 900})
    faults = (
        (' tabindex="0"', "", "scrollable-region-focusable"),
        ("--pale: #505a5f", "--pale: #c0c5c8", "color-contrast"),
        ('role="img" aria-label="A bar', 'role="img" data-label="A bar', "role-img-alt"),
    )
    would_find(browser, pages["results"], faults)


@pytest.mark.browser
def test_numbers_stay_in_their_bars_and_the_legend_touches_nothing(
    browser: Any, pages: dict[str, Path]
) -> None:
    for width in WIDTHS:
        browser.set_viewport_size({"width": width, "height": 900})
        browser.goto(pages["results"].as_uri())
        outside = browser.evaluate("""() => [...document.querySelectorAll('.rows rect + text')].filter(each => {
            const [text, bar] = [each.getBoundingClientRect(), each.previousElementSibling.getBoundingClientRect()];
            return text.width && (text.left < bar.left || text.right > bar.right);
        }).length""")
        assert outside == 0
        touching = browser.evaluate("""() => [...document.querySelectorAll('.legend')].filter(each => {
            const [own, above, below] = [each, each.previousElementSibling, each.nextElementSibling].map(part => part.getBoundingClientRect());
            return own.top < above.bottom + 4 || own.bottom > below.top - 4;
        }).length""")
        assert touching == 0


@pytest.mark.browser
def test_legend_keeps_its_colours_in_high_contrast(chromium: Any, pages: dict[str, Path]) -> None:
    context = chromium.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(pages["results"].as_uri())
    shown = page.evaluate(
        "[...document.querySelectorAll('.swatch')].map(e => getComputedStyle(e).backgroundColor)"
    )
    context.close()
    assert len(set(shown)) >= 5


@pytest.mark.browser
@pytest.mark.libreoffice
@pytest.mark.parametrize("name", ["results", "reading"])
def test_each_printed_page_has_the_marking(
    name: str, browser: Any, pages: dict[str, Path], tmp_path: Path
) -> None:
    browser.emulate_media(color_scheme="dark")
    browser.goto(pages[name].as_uri())
    browser.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True)
    browser.emulate_media(color_scheme="light")
    with pikepdf.open(tmp_path / "printed.pdf") as document:
        assert [float(each) for each in document.pages[0].MediaBox] == pytest.approx(
            [0, 0, 595, 842], abs=1
        )
    done = subprocess.run(
        [need("pdftotext"), "-layout", tmp_path / "printed.pdf", "-"],
        check=True,
        capture_output=True,
    )
    printed = done.stdout.decode().split("\f")[:-1]
    assert len(printed) > 2
    for number, page in enumerate(printed, 1):
        assert page.count('OFFICIAL-SENSITIVE </style> & "more"') >= 2
        assert re.search(rf"{number} ?/ ?{len(printed)}\b", page)
