"""The page that runs all of prevent-letter in a browser, in Chromium, served from this computer."""

import functools
import http.server
import json
import re
import subprocess
import sys
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from conftest import CHECKOUT, EXAMPLE, Run, need, violations

from prevent_letter.core import prose

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
WEB = CHECKOUT / "web"
LOADING = 30_000
"""Milliseconds that Python may take to start on a busy machine."""


class Files(http.server.SimpleHTTPRequestHandler):
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript", ".wasm": "application/wasm"}  # fmt: skip  # noqa: RUF012

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page."""
    need("npm")
    folder = tmp_path_factory.mktemp("site") / "page"
    fetch = "import sys; sys.path.insert(0, sys.argv[1]); import build; build.fetch()"
    if subprocess.run(
        [sys.executable, "-c", fetch, WEB], capture_output=True, check=False
    ).returncode:
        pytest.skip("the parts of the page can't be fetched here")
    subprocess.run([sys.executable, WEB / "build.py", folder], check=True, capture_output=True)
    handler = functools.partial(Files, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def until(page: "Page", expression: str) -> None:
    """Wait for an expression to be true; the page's policy lets nothing else be run in it."""
    for _ in range(LOADING // 50):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(expression)


@pytest.fixture(scope="module")
def tab(site: str, chromium: Any) -> Iterator["Page"]:
    """One tab for the tests, in which Python has started; what it asked for is in ``requests``."""
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(LOADING)
    faults: list[str] = []
    page.on("dialog", lambda dialog: dialog.accept())
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    page.goto(site)
    page.wait_for_selector("body[data-ready]")
    yield page
    assert faults == []


@pytest.fixture
def page(tab: "Page") -> "Page":
    """The tab with a new assessment."""
    tab.locator("#new").click()
    until(tab, "!document.getElementById('authority').value && !('busy' in document.body.dataset)")
    return tab


def text_of(page: "Page") -> str:
    """The text of the file, once all that was typed is in it."""
    until(page, "!('busy' in document.body.dataset)")
    return page.input_value("#text")


def named(page: "Page") -> None:
    """What a letter needs to be shown at all."""
    page.locator("[name='authority']").fill("Exampleshire County Council")
    page.locator("[name='area']").fill("Exampleshire")


def unwrapped(value: Any) -> Any:
    """A value whatever its lines' ends are."""
    if isinstance(value, dict):
        return {key: unwrapped(inner) for key, inner in value.items() if inner}
    if isinstance(value, list):
        return [unwrapped(inner) for inner in value]
    return " ".join(value.split())


def fill_in(page: "Page", data: dict[str, Any]) -> None:
    """Type an assessment into the form, as a person would."""
    for key in ("authority", "area", "period", "date"):
        page.locator(f"[name='{key}']").fill(data[key])
    page.locator("[name='summary']").fill(prose.collapse(data["summary"]))
    for group in ("addressee", "advisor"):
        for key, value in data[group].items():
            page.locator(f"[name='{group}.{key}']").fill(value)
    page.locator("[name='cc']").fill("\n".join(data.get("cc", [])))
    for id, scored in data["benchmarks"].items():
        page.locator(f"[name='benchmarks.{id}.score'][value='{scored['score']}']").check()
        for field in ("good_practice", "recommendations"):
            if scored.get(field):
                box = page.locator(f"[name='benchmarks.{id}.{field}']")
                box.fill(prose.collapse(scored[field]))
    for item in data.get("key_recommendations", []):
        page.locator("#add-item").click()
        page.locator("#items textarea").last.fill(prose.collapse(item))


def test_example_typed_through_the_form_gives_the_native_letters(
    page: "Page", run: Run, tmp_path: Path
) -> None:
    data = yaml.load(EXAMPLE.read_text(encoding="utf-8"), yaml.BaseLoader)
    fill_in(page, data)
    until(page, "document.getElementById('complete').textContent.startsWith('10 of 10')")
    text = text_of(page)
    typed = yaml.load(text, yaml.BaseLoader)
    for key, value in data.items():
        if key not in ("partners", "criteria"):
            assert unwrapped(typed[key]) == unwrapped(value), key
    path = tmp_path / "leicestershire_2022.yaml"
    path.write_text(text, encoding="utf-8")
    page.select_option("#kind", "letter")
    for end in ("docx", "html", "pdf"):
        with page.expect_download() as download:
            page.locator(f"[data-end='{end}']").click()
        assert download.value.suggested_filename == f"leicestershire_2022.{end}"
        made = tmp_path / f"made.{end}"
        download.value.save_as(made)
        assert run("build", path, "-f", end).code == 0
        assert made.read_bytes() == path.with_suffix(f".{end}").read_bytes(), end
    with page.expect_download() as download:
        page.evaluate("delete window.showSaveFilePicker")
        page.locator("#save").click()
    assert download.value.suggested_filename == "leicestershire_2022.yaml"
    download.value.save_as(tmp_path / "saved.yaml")
    assert (tmp_path / "saved.yaml").read_text(encoding="utf-8") == text


def test_nothing_is_asked_of_another_computer_and_typing_waits_for_nothing(
    site: str, chromium: Any
) -> None:
    page = chromium.new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site)
    page.locator("[name='authority']").fill("Exampleshire County Council")  # before Python is ready
    assert "You can begin to type" in page.locator("#state").inner_text()
    page.wait_for_selector("body[data-ready]", timeout=LOADING)
    assert 'authority: "Exampleshire County Council"' in text_of(page)
    assert page.input_value("[name='authority']") == "Exampleshire County Council"
    assert all(url.startswith((site, "data:", "blob:", "about:")) for url in asked)
    page.context.close()


def test_findings_wait_for_a_field_to_be_left(page: "Page") -> None:
    assert page.locator(".found p").count() == 0
    box = page.locator("[name='benchmarks.training.good_practice']")
    box.fill("The the board meets.")
    text_of(page)
    assert page.locator(".found p").count() == 0
    page.locator("[name='summary']").focus()
    found = page.locator("[id='found-benchmarks.training.good_practice']")
    assert found.inner_text() == '"The" is written twice. Delete one.'
    box.fill("")
    page.locator("[name='date']").fill("27 May 2027")
    page.locator("[name='period']").fill("2026/2027")
    page.locator("[name='period']").blur()
    text_of(page)
    page.locator("[id='found-date'] button").click()
    until(page, "document.getElementById('date').value === '2027-05-27'")
    assert page.locator("[id='found-date'] p").count() == 0


def test_letter_that_cant_be_made_says_why_and_leads_there(page: "Page") -> None:
    named(page)
    page.locator("[name='benchmarks.training.score'][value='3']").check()
    text_of(page)
    page.select_option("#kind", "letter")
    page.locator("[data-end='docx']").click()
    until(page, "!document.getElementById('summary-of-errors').hidden")
    page.locator("#errors a").first.click()
    assert page.evaluate("document.activeElement.name")


PASTED = {
    "<p>One <b>bold</b> and <i>not</i>.</p><p>Two.</p>": "One **bold** and *not*.\n\nTwo.",
    "<ul><li>One</li><li>Two<ol><li>In</li></ol></li></ul><p>End.</p>": "- One\n- Two\n  1. In\n\nEnd.",
    "<p class=MsoListParagraph style='mso-list:l0'>·&nbsp; One</p><p class=MsoListParagraph>·&nbsp; Two</p>": "- One\n- Two",
    "<p>See <a href='https://a.example/b'>this</a> or <a href='javascript:x'>that</a>.</p>": "See [this](https://a.example/b) or that.",
    "<div>A\n  line</div><style>p {}</style>": "A line",
}


@pytest.mark.parametrize("html", PASTED)
def test_prose_pasted_from_elsewhere(html: str, page: "Page") -> None:
    paste(page, html)
    assert page.input_value("[name='summary']") == PASTED[html]
    page.keyboard.press("Control+z")
    assert page.input_value("[name='summary']") == ""


def paste(page: "Page", html: str) -> None:
    page.locator("[name='summary']").focus()
    page.evaluate(
        """(html) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        html,
    )


def test_table_is_not_pasted(page: "Page") -> None:
    paste(page, "<table><tr><td>1</td></tr></table>")
    assert "Not pasted: a table or a picture" in page.locator("#state").inner_text()
    assert page.input_value("[name='summary']") == ""


def test_broken_text_never_empties_the_form(page: "Page") -> None:
    page.locator("[name='area']").fill("Exampleshire")
    text = text_of(page)
    page.locator("#show-text").click()
    page.locator("#text").fill(text.replace("area:", "area"))
    until(page, "document.getElementById('state').textContent.includes('last good values')")
    assert page.input_value("[name='area']") == "Exampleshire"
    assert page.locator("#text-found li").count() > 0
    page.locator("#text").fill(text.replace('"Exampleshire"', '"Exampleland"'))
    until(page, "document.getElementById('area').value === 'Exampleland'")
    page.locator("#show-text").click()


def test_letter_cleared_in_word_comes_back_with_a_choice(
    page: "Page", run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "leicestershire_2022.yaml"
    path.write_bytes(EXAMPLE.read_bytes())
    assert run("build", path).code == 0
    letter = path.with_suffix(".docx")
    with zipfile.ZipFile(letter) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(letter, "w") as package:
        for name, data in parts.items():
            changed = data.replace(b"Written consent", b"Verbal consent")
            package.writestr(
                name, changed.replace(b"The CTLP is developed", b"The CTLP was developed")
            )
    page.set_input_files("#open-file", path)
    until(page, "document.getElementById('area').value === 'Leicestershire'")
    page.set_input_files("#open-file", letter)
    until(page, "!document.getElementById('changes').hidden")
    boxes = page.locator("#change-list input")
    assert [boxes.nth(n).is_checked() for n in range(boxes.count())] == [True, True]
    boxes.first.uncheck()
    page.locator("#change-form button[type=submit]").click()
    until(page, "document.getElementById('changes').hidden")
    until(page, "document.getElementById('text').value.includes('Verbal consent')")
    assert "The CTLP is developed" in page.input_value("#text")


def test_letter_follows_the_field_and_leads_to_it(page: "Page") -> None:
    named(page)
    page.locator("[name='benchmarks.training.recommendations']").fill("Train the members.")
    text_of(page)
    letter = page.frame_locator("#letter")
    label = letter.locator("[id='training.recommendations']")
    label.wait_for()
    assert page.evaluate(
        """() => { const box = document.getElementById("letter").contentDocument
            .getElementById("training.recommendations").getBoundingClientRect();
            return box.top >= 0 && box.top < document.getElementById("letter").clientHeight; }"""
    )
    letter.locator("[id='training.score']").click()
    until(page, "document.activeElement.name === 'benchmarks.training.score'")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 960, 1280])
def test_axe_finds_nothing(width: int, scheme: Any, site: str, browser: Any) -> None:
    browser.set_viewport_size({"width": width, "height": 900})
    browser.emulate_media(color_scheme=scheme)
    if browser.url != site:
        browser.goto(site)
        browser.wait_for_selector("body[data-ready]", timeout=LOADING)
    assert violations(browser) == []
    assert browser.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_each_fault_is_found_as_natively(page: "Page", run: Run, tmp_path: Path) -> None:
    for path in sorted((CHECKOUT / "tests" / "faults").glob("*.yaml")):
        text = path.read_text(encoding="utf-8", errors="replace")
        if "criteria: .." in text or "\ufffd" in text:
            continue
        (tmp_path / path.name).write_text(text, encoding="utf-8")
        native = json.loads(run("check", tmp_path / path.name, "--format", "json").out)
        (tmp_path / path.name).unlink()
        page.set_input_files(
            "#open-file", {"name": path.name, "mimeType": "", "buffer": text.encode()}
        )
        until(page, f"document.getElementById('state').textContent.startsWith({path.name!r})")
        found = page.locator("#text-found p").all_text_contents()
        assert len(found) == len(native), path.name
        for told, finding in zip(found, native, strict=True):
            assert (
                re.sub(r"\W", "", finding["message"]).casefold()
                in re.sub(r"\W", "", told).casefold()
            )


def test_two_builds_are_the_same(site: str, tmp_path: Path) -> None:
    command = [sys.executable, str(WEB / "build.py"), str(tmp_path / "page")]
    subprocess.run(command, check=True, capture_output=True)
    for path in (tmp_path / "page").iterdir():
        with urllib.request.urlopen(f"{site}{path.name}") as other:
            assert other.read() == path.read_bytes(), path.name


def test_link_in_the_letter_leads_nothing_away(page: "Page") -> None:
    named(page)
    text_of(page)
    letter = page.frame_locator("#letter")
    letter.locator("a[href='https://www.gov.uk/home-office']").click()
    letter.locator("a[href='#summary']").first.click()
    page.locator("[name='summary']").fill("Exampleshire meets the duty.")
    assert "Exampleshire meets the duty." in text_of(page)
    letter.get_by_text("Exampleshire meets the duty.").first.wait_for()


def test_what_is_not_saved_is_not_lost_by_a_slip(site: str, chromium: Any, tmp_path: Path) -> None:
    page = chromium.new_context().new_page()
    asked: list[str] = []

    def refuse(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    page.goto(site)
    page.wait_for_selector("body[data-ready]", timeout=LOADING)
    page.locator("[name='area']").fill("Exampleshire")
    text_of(page)
    page.set_input_files("#open-file", EXAMPLE)
    assert asked == ["There is text that is not saved. Open the file all the same?"]
    page.set_input_files("#open-file", {"name": "a.txt", "mimeType": "", "buffer": b"notes"})
    assert "Only an assessment (.yaml)" in page.locator("#state").inner_text()
    assert page.input_value("[name='area']") == "Exampleshire"
    page.evaluate("window.onbeforeunload = null")
    page.reload()
    page.wait_for_selector("body[data-ready]", timeout=LOADING)
    assert page.input_value("[name='area']") == "Exampleshire"
    assert "not saved to a file yet" in page.locator("#state").inner_text()
    page.context.close()
