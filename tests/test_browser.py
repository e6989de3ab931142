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
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from conftest import CHECKOUT, EXAMPLE, Run, need, violations

from prevent_letter.assessment.files import FileKind, file_kind
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
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the page."""
    need("npm")
    folder = tmp_path_factory.mktemp("site") / "page"
    fetch = "import sys; sys.path.insert(0, sys.argv[1]); import build; build.fetch()"
    if subprocess.run(
        [sys.executable, "-c", fetch, WEB], capture_output=True, check=False
    ).returncode:
        pytest.skip("the parts of the page can't be fetched here")
    subprocess.run([sys.executable, WEB / "build.py", folder], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    """The address of the page."""
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
    tab.select_option("#kind", "draft")
    tab.locator("#new").click()
    tab.locator("#start-form [type=submit]").click()
    # The dialog closes last; before that, an earlier test's answer may still be on its way.
    until(tab, "!document.getElementById('start').open && !('busy' in document.body.dataset)")
    assert tab.input_value("#authority") == ""
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
    type_the_example(page, run, tmp_path, ("docx", "html", "pdf"))


def test_page_that_is_one_file_does_the_same_without_a_network(
    folder: Path, chromium: Any, run: Run, tmp_path: Path
) -> None:
    context = chromium.new_context(offline=True, accept_downloads=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition(":")[0]))
    page.goto((folder / "prevent-letter.html").as_uri(), wait_until="commit")
    page.locator("[name='marking']").fill("OFFICIAL")  # while the browser still reads the file
    page.wait_for_selector("body[data-ready]", timeout=LOADING)
    assert "marking: OFFICIAL" in text_of(page)
    page.locator("[name='marking']").fill("")
    assert page.locator("[data-end='pdf']").count() == 0
    type_the_example(page, run, tmp_path, ("docx", "html"))
    assert asked.count("file") == 1  # the page itself
    assert {*asked} <= {"file", "data", "blob", "about"}
    page.evaluate("document.querySelector('#check-it details').open = true")
    assert "markdown_it_py" in page.locator("#check-it details").inner_text()
    context.close()


def type_the_example(page: "Page", run: Run, tmp_path: Path, ends: tuple[str, ...]) -> None:
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
    for end in ends:
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
    assert "date: 2027-05-27" in text_of(page)
    box.fill("None")
    page.locator("[name='period']").focus()
    text_of(page)
    page.locator("[name='period']").fill("2026/2027")
    page.locator("[id='found-benchmarks.training.good_practice'] button").click()
    until(page, "!document.getElementsByName('benchmarks.training.good_practice')[0].value")
    assert page.locator("[id='found-benchmarks.training.good_practice'] p").count() == 0


def test_letter_that_cant_be_made_says_why_and_leads_there(page: "Page") -> None:
    named(page)
    page.locator("[name='benchmarks.training.score'][value='3']").check()
    text_of(page)
    page.select_option("#kind", "letter")
    page.locator("[data-end='docx']").click()
    until(page, "!document.getElementById('problems').hidden")
    told = page.locator("#problem-list").inner_text()
    assert "Name after Dear: fill this in." in told
    assert "Channel Panel, score: fill this in." in told
    assert "greeting:" not in told
    page.locator("#problem-list a").first.click()
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
    page.select_option("#kind", "changes")
    with page.expect_download() as made:
        page.locator("[data-end=docx]").click()
    with zipfile.ZipFile(made.value.path()) as package:
        document = package.read("word/document.xml").decode()
    gone, new = (re.findall(rf"<w:{tag}[ >].*?>(\w+)</w:", document) for tag in ("del", "ins"))
    assert (gone, new) == (["was"], ["is"])  # what was left unticked is as in the file
    assert "1 change in 1 benchmark since" in page.locator("#state").inner_text()


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


def _letters(words: str) -> str:
    return re.sub(r"[\W_]", "", words).casefold()


@pytest.mark.slow
def test_each_fault_is_found_as_natively(page: "Page", run: Run, tmp_path: Path) -> None:
    tests = CHECKOUT / "tests"
    for path in sorted((tests / "faults").glob("*.yaml")):
        file = tmp_path / "faults" / path.name
        file.parent.mkdir(exist_ok=True)
        data = path.read_bytes().replace(b"../criteria/short.yaml", b"annex_a")
        file.write_bytes(data)
        native = json.loads(run("check", file, "--format", "json").out)
        page.set_input_files("#open-file", file)
        if file_kind(file) is not FileKind.ASSESSMENT:
            until(
                page,
                "document.getElementById('problem-list').textContent.includes('no assessment')",
            )
            file.unlink()
            continue
        until(page, f"document.getElementById('state').textContent.startsWith({path.name!r})")
        file.unlink()
        found = [_letters(told) for told in page.locator("#text-found p").all_text_contents()]
        assert len(found) == len(native), path.name
        for told, finding in zip(found, native, strict=True):
            assert _letters(finding["message"]) in told, path.name


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
    assert "only an assessment (.yaml)" in page.locator("#problems").inner_text().lower()
    assert page.input_value("[name='area']") == "Exampleshire"
    page.evaluate("window.onbeforeunload = null")
    page.reload()
    page.wait_for_selector("body[data-ready]", timeout=LOADING)
    assert page.input_value("[name='area']") == "Exampleshire"
    assert "not saved yet" in page.locator("#state").inner_text()
    page.context.close()


FOLDER = """async (files) => {
    const root = await navigator.storage.getDirectory();
    for await (const name of root.keys()) await root.removeEntry(name, { recursive: true });
    for (const [path, text] of files) {
        let folder = root;
        const parts = path.split("/");
        for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create: true });
        const out = await (await folder.getFileHandle(parts.at(-1), { create: true })).createWritable();
        await out.write(typeof text === "string" ? text : new Uint8Array(text));
        await out.close();
    }
    window.showOpenFilePicker = async () => [await root.getFileHandle(files[0][0])];
}"""
"""Writes files that the browser keeps for this page, and picks the first where a person would."""
CONTENT = """async (path) => {
    let at = await navigator.storage.getDirectory();
    const parts = path.split("/");
    for (const part of parts.slice(0, -1)) at = await at.getDirectoryHandle(part);
    return await (await (await at.getFileHandle(parts.at(-1))).getFile()).text();
}"""
BYTES = CONTENT.replace("return await", "return [...new Uint8Array(await").replace(
    ".text()", ".arrayBuffer())]"
)


def test_file_that_another_program_changed_is_not_written_over(page: "Page") -> None:
    page.evaluate(FOLDER, [["exampleshire_2027.yaml", EXAMPLE.read_text(encoding="utf-8")]])
    page.locator("#open").click()
    until(page, "document.getElementById('area').value === 'Leicestershire'")
    page.locator("[name='area']").fill("Exampleshire")
    text_of(page)
    page.evaluate(
        FOLDER.replace("await root.removeEntry", "void "), [["exampleshire_2027.yaml", "# mine\n"]]
    )
    page.evaluate("window.confirm = (words) => { window.asked = words; return false; }")
    page.locator("#save").click()
    until(page, "document.getElementById('state').textContent === 'Not saved.'")
    assert "changed by another program" in page.evaluate("window.asked")
    assert page.evaluate(CONTENT, "exampleshire_2027.yaml") == "# mine\n"
    page.evaluate("window.confirm = () => true")


def test_new_from_last_years_file(page: "Page") -> None:
    page.locator("#new").click()
    page.set_input_files("#start-last", EXAMPLE)
    page.locator("#start-form [type=submit]").click()
    until(page, "document.getElementById('period').value === '2022/2023'")
    assert "leicestershire_2023.yaml" in page.locator("#state").inner_text()
    assert page.input_value("[name='addressee.name']")
    assert page.input_value("[name='summary']") == ""
    page.locator("#new").click()
    page.locator("#start-authority").fill("Exampleshire County Council")
    page.locator("#start-form [type=submit]").click()
    until(page, "document.getElementById('area').value === 'Exampleshire'")
    assert "not saved yet" in page.locator("#state").inner_text()


def test_letter_of_another_assessment_is_not_offered(
    page: "Page", run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "leicestershire_2022.yaml"
    path.write_bytes(EXAMPLE.read_bytes())
    assert run("build", path).code == 0
    named(page)
    text_of(page)
    page.set_input_files("#open-file", path.with_suffix(".docx"))
    until(page, "!document.getElementById('problems').hidden")
    told = page.locator("#problem-list").inner_text()
    assert "This is the letter of another assessment: Leicestershire County Council" in told
    assert page.locator("#changes").is_hidden()


def test_final_letter_shows_no_draft_mark_and_names_its_warnings(page: "Page") -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("Written consent", "Written consent consent")
    text = re.sub("^sent:.*\n", "", text, flags=re.MULTILINE)
    page.set_input_files("#open-file", {"name": "a.yaml", "mimeType": "", "buffer": text.encode()})
    until(page, "document.getElementById('area').value === 'Leicestershire'")
    body = page.frame_locator("#letter").locator("body")
    assert body.get_attribute("data-mark")
    page.select_option("#kind", "letter")
    assert not body.get_attribute("data-mark")
    with page.expect_download():
        page.locator("[data-end='docx']").click()
    until(page, "!document.getElementById('problems').hidden")
    assert "Look at these before you send it" in page.locator("#problems").inner_text()
    assert '"consent" is written twice' in page.locator("#problems").inner_text()


def test_benchmark_is_complete_with_a_score_and_a_text(page: "Page") -> None:
    page.locator("[name='benchmarks.training.score'][value='3']").check()
    text_of(page)
    assert page.locator("#complete").inner_text() == "0 of 10 benchmarks complete"
    page.locator("[name='benchmarks.training.good_practice']").fill("All staff are trained.")
    text_of(page)
    assert page.locator("#complete").inner_text() == "1 of 10 benchmarks complete"


def renderers() -> int:
    """The bytes in memory of all renderer processes of Chromium on this computer."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if b"--type=renderer" in (process / "cmdline").read_bytes():
                total += int((process / "statm").read_text().split()[1]) * 4096
    return total


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads memory from /proc")
def test_two_hundred_changes_need_no_more_memory(page: "Page") -> None:
    page.set_input_files("#open-file", EXAMPLE)
    until(page, "document.getElementById('area').value === 'Leicestershire'")
    sizes = []
    for turn in range(250):
        page.locator("[name='summary']").fill(f"The authority meets the duty, round {turn}.")
        text_of(page)
        if turn in (49, 249):
            page.request_gc()
            sizes.append(renderers())
    assert sizes[1] < sizes[0] + 20e6, sizes


def test_file_of_windows_keeps_its_lines_and_one_of_latin_1_its_letters(page: "Page") -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("area: Leicestershire", "area: Caféshire")
    windows = "\ufeff" + text.replace("\n", "\r\n")
    page.evaluate(FOLDER, [["windows.yaml", [*windows.encode()]]])
    page.locator("#open").click()
    until(page, "document.getElementById('area').value === 'Caféshire'")
    page.locator("#show-text").click()
    page.locator("#text").press("End")
    page.locator("#text").fill(page.input_value("#text").replace("Caféshire", "Exampleshire"))
    until(page, "document.getElementById('area').value === 'Exampleshire'")
    page.locator("#show-text").click()
    page.locator("#save").click()
    until(page, "document.getElementById('state').textContent.includes('Open this file next time')")
    saved = page.evaluate(BYTES, "windows.yaml")
    assert bytes(saved) == windows.replace("Caféshire", "Exampleshire").encode()
    page.evaluate(FOLDER, [["old.yaml", [*text.encode("latin-1", "replace")]]])
    page.locator("#open").click()
    until(page, "document.getElementById('state').textContent.startsWith('old.yaml')")
    page.locator("#save").click()
    until(page, "!document.getElementById('problems').hidden")
    assert "characters of this file can't be read" in page.locator("#problems").inner_text()
    assert bytes(page.evaluate(BYTES, "old.yaml")) == text.encode("latin-1", "replace")


def test_new_that_fails_and_a_wrong_file_leave_what_was_open(page: "Page") -> None:
    named(page)
    text = text_of(page)
    page.locator("#new").click()
    page.locator("#start-authority").fill("Exampleshire County Council")
    page.set_input_files("#start-last", {"name": "last.yaml", "mimeType": "", "buffer": b"a: [\n"})
    page.locator("#start-form [type=submit]").click()
    until(page, "document.getElementById('start-problem').textContent")
    assert page.input_value("#start-authority") == "Exampleshire County Council"
    page.locator("#start-cancel").click()
    page.set_input_files("#open-file", {"name": "b.yaml", "mimeType": "", "buffer": b"Hello\n"})
    until(page, "!document.getElementById('problems').hidden")
    assert "This is no assessment" in page.locator("#problem-list").inner_text()
    assert page.input_value("[name='area']") == "Exampleshire"
    page.locator("[name='summary']").fill("It goes on.")
    assert text_of(page) == text.replace("summary: |", "summary: |\n  It goes on.", 1)


def test_new_from_last_years_word_letter(page: "Page", run: Run, tmp_path: Path) -> None:
    path = tmp_path / "leicestershire_2022.yaml"
    path.write_bytes(EXAMPLE.read_bytes())
    assert run("build", path).code == 0
    page.locator("#new").click()
    page.set_input_files("#start-last", path.with_suffix(".docx"))
    page.locator("#start-form [type=submit]").click()
    until(page, "document.getElementById('period').value === '2022/2023'")
    assert page.input_value("[name='authority']") == "Leicestershire County Council"
    assert page.input_value("[name='addressee.name']")
    assert page.input_value("[name='summary']") == ""


def test_what_is_typed_while_the_text_is_broken_is_not_lost(page: "Page") -> None:
    named(page)
    text = text_of(page)
    page.locator("#show-text").click()
    page.locator("#text").fill(text.replace("area:", "area"))
    until(page, "document.getElementById('state').textContent.includes('last good values')")
    page.locator("[name='summary']").fill("Typed meanwhile.")
    text_of(page)
    page.locator("#text").fill(text)
    until(page, "document.getElementById('text').value.includes('Typed meanwhile.')")
    assert page.input_value("[name='summary']") == "Typed meanwhile."
    page.locator("#show-text").click()


def test_finding_that_appears_moves_no_score_from_below_the_pointer(page: "Page") -> None:
    page.locator("[name='benchmarks.training.recommendations']").fill("Train the the board.")
    text_of(page)
    score = page.locator("[name='benchmarks.venue_hire_and_it.score'][value='1']")
    score.scroll_into_view_if_needed()
    box = score.bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.wait_for_timeout(200)
    page.mouse.up()
    assert score.is_checked()
    until(page, "document.getElementById('found-benchmarks.training.recommendations').innerText")


def test_emptied_values_leave_the_file(page: "Page") -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("sent:", "# sent:")
    page.set_input_files("#open-file", {"name": "a.yaml", "mimeType": "", "buffer": text.encode()})
    until(page, "document.getElementById('area').value === 'Leicestershire'")
    while page.locator("#items button").count():
        page.locator("#items button").first.click()
    page.locator("[name='cc']").fill("")
    page.locator("[name='date']").fill("")
    data = yaml.safe_load(text_of(page))
    assert not data["cc"]
    assert not data["key_recommendations"]
    assert not data["date"]


ODD = {
    "cc: Bob": ("cc", "Bob Brown", "cc"),
    "key_recommendations:\n  - Recommend: them.": ("summary", "It goes on.", ""),
    "marking: [OFFICIAL]": ("marking", "OFFICIAL-SENSITIVE", "marking"),
}


@pytest.mark.parametrize("line", ODD)
def test_value_of_another_shape_is_not_overwritten(line: str, page: "Page") -> None:
    text = f"authority: Exampleshire County Council\narea: Exampleshire\n{line}\nsummary: It is.\n"
    page.set_input_files("#open-file", {"name": "a.yaml", "mimeType": "", "buffer": text.encode()})
    until(page, "document.getElementById('state').textContent.startsWith('a.yaml')")
    key, typed, _ = ODD[line]
    page.locator(f"[name='{key}']").fill(typed)
    now = text_of(page)
    assert line in now or yaml.safe_load(now)[key] in (typed, [typed])
    assert yaml.safe_load(now)["area"] == "Exampleshire"


def test_characters_that_no_letter_has_are_not_taken(page: "Page") -> None:
    page.locator("[name='summary']").fill("One\u000btwo\u0002 three\u202e.")
    page.locator("[name='addressee.address']").fill("\tCounty Hall\nExampletown")
    data = yaml.safe_load(text_of(page))
    assert data["summary"] == "One\n\ntwo three.\n"
    assert data["addressee"]["address"].split("\n")[0].strip() == "County Hall"
    page.locator("[name='area']").fill("Exampleshire")
    assert yaml.safe_load(text_of(page))["area"] == "Exampleshire"


def test_what_was_typed_is_kept_over_a_reload_whenever_it_comes(site: str, chromium: Any) -> None:
    page = chromium.new_context().new_page()
    page.goto(site)
    page.wait_for_selector("body[data-ready]", timeout=LOADING)
    page.locator("[name='area']").fill("Exampleshire")
    page.evaluate("window.onbeforeunload = null")
    page.reload()  # before the answer
    page.wait_for_selector("body[data-ready]", timeout=LOADING)
    assert page.input_value("[name='area']") == "Exampleshire"
    assert yaml.safe_load(text_of(page))["area"] == "Exampleshire"
    page.context.close()


def test_page_without_a_part_says_so_and_gives_back_what_was_kept(
    folder: Path, site: str, chromium: Any
) -> None:
    page = chromium.new_context(accept_downloads=True).new_page()
    page.goto(site)
    page.wait_for_selector("body[data-ready]", timeout=LOADING)
    page.locator("[name='area']").fill("Exampleshire")
    text_of(page)
    page.evaluate("window.onbeforeunload = null")
    page.route("**/worker.mjs", lambda route: route.abort())
    page.reload()
    until(page, "document.getElementById('state').textContent.includes('could not be started')")
    with page.expect_download() as download:
        page.locator("#save").click()
    kept = Path(download.value.path()).read_text(encoding="utf-8")
    assert yaml.safe_load(kept)["area"] == "Exampleshire"
    page.context.close()
