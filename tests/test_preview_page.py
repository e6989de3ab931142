"""The live page in a browser: what is saved shows, nothing passing does, the reader's place stays, and all can read it."""

import random
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from conftest import CHECKOUT, EXAMPLE, Show, between, change, is_accessible, need
from saving import WAYS

from prevent_letter import cli
from prevent_letter.previewing.preview import Preview

pytestmark = pytest.mark.browser

FLASHES = """() => {
    window.flashes = [];
    const look = () => { const found = document.body.innerText.match(/Error PL\\d+/); if (found) window.flashes.push(found[0]); };
    new MutationObserver(look).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    """A tab in which nothing may go wrong."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page, wrong = context.new_page(), list[str]()
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda request: wrong.extend(
            [request.url] * (not request.url.startswith("http://127.0.0.1:"))
        ),
    )
    yield page
    context.close()
    assert wrong == []


@pytest.fixture
def council(tmp_path: Path) -> Path:
    return Path(shutil.copy(EXAMPLE, tmp_path / "leicestershire_2022.yaml"))


def shows(tab: Any, words: str) -> None:
    """Wait until a tab shows some words."""
    tab.wait_for_function(
        "words => document.body.innerText.includes(words)", arg=words, polling=20, timeout=20_000
    )


@pytest.mark.parametrize("save", WAYS)
def test_however_it_is_saved_it_shows_and_nothing_passing_does(
    save: Callable[[Path, str], None], show: Show, council: Path, tab: Any
) -> None:
    tab.goto(show(council).preview.server.address)
    tab.evaluate(FLASHES)
    text, chance = council.read_text(encoding="utf-8"), random.Random(save.__name__)
    for number in range(4):
        time.sleep(chance.uniform(0, 0.3))
        save(council, text.replace("summary: |\n", f"summary: |\n  Saving {number} is done.\n", 1))
        shows(tab, f"Saving {number} is done.")
    assert tab.evaluate("window.flashes") == []


def test_file_that_is_gone_for_a_second_and_faults_that_are_mended(
    show: Show, council: Path, tab: Any
) -> None:
    tab.goto(show(council).preview.server.address)
    tab.evaluate(FLASHES)
    text = council.read_text(encoding="utf-8")
    council.unlink()
    time.sleep(1)
    council.write_text(
        text.replace("summary: |\n", "summary: |\n  It is back.\n", 1), encoding="utf-8"
    )
    shows(tab, "It is back.")
    assert tab.evaluate("window.flashes") == []
    change(council, "score: 4", "score: 44")
    shows(tab, "Error PL114")
    assert tab.locator("main.preview-stale").count() == 1
    change(council, "score: 44", "score: 4")
    tab.wait_for_selector("main:not(.preview-stale)")
    assert "Error" not in tab.inner_text("body")


def test_many_savings_and_many_tabs_show_the_last_state(
    show: Show, council: Path, chromium: Any
) -> None:
    address = show(council).preview.server.address
    context = chromium.new_context()
    tabs = [context.new_page() for _ in range(10)]
    for tab in tabs:
        tab.goto(address)
    tabs[0].evaluate(FLASHES)
    text = council.read_text(encoding="utf-8")
    for number in range(40):
        council.write_text(
            text.replace("summary: |\n", f"summary: |\n  Saving {number} is done.\n", 1),
            encoding="utf-8",
        )
        time.sleep(0.05)
    for tab in tabs:
        shows(tab, "Saving 39 is done.")
    assert tabs[0].evaluate("window.flashes") == []
    context.close()


def test_only_what_changed_is_replaced_and_the_place_stays(
    show: Show, council: Path, tab: Any
) -> None:
    tab.goto(show(council).preview.server.address)
    tab.evaluate("""() => {
        document.querySelectorAll("main > *").forEach((each) => { each.kept = true; });
        document.getElementById("preview-levels-training").open = true;
        scrollTo({top: document.getElementById("engagement").getBoundingClientRect().top + scrollY - 200, behavior: "instant"});
    }""")
    sentences = "".join(f"  Sentence {number} of the summary is new.\n" for number in range(60))
    change(council, "summary: |\n", f"summary: |\n{sentences}\n")
    shows(tab, "Sentence 59 of the summary is new.")
    assert (
        abs(tab.evaluate("document.getElementById('engagement').getBoundingClientRect().top") - 200)
        < 2
    )
    assert (
        tab.evaluate("[...document.querySelectorAll('main > *')].filter(each => !each.kept).length")
        == 1
    )
    assert tab.evaluate("document.getElementById('preview-levels-training').open")
    change(council, "score: 3", "score: 4")
    shows(tab, "Score – 4")


MARK = """() => document.querySelectorAll("main > *").forEach((each) => { each.kept = true; })"""
KEPT = """() => {
    const all = [...document.querySelectorAll("main > *")];
    return [all.filter((each) => each.kept).length, all.length];
}"""


@pytest.mark.parametrize(
    ("saved", "kept"),
    [("aaabaS", 4), ("abaS", 3), ("ababaS", 4), ("aabS", 3), ("Saaba", 4), ("aabaaabaS", 4)],
)
def test_paragraph_that_is_like_others_moves_none_of_them(
    saved: str, kept: int, show: Show, council: Path, tab: Any
) -> None:
    """A letter of the word is a paragraph; at first they are aaba."""
    said = {"a": "It is as it was.", "b": "It is another one.", "S": "It is saved."}

    def paragraphs(word: str) -> str:
        return "".join(f"  {said[each]}\n\n" for each in word)

    change(council, "summary: |\n", f"summary: |\n{paragraphs('aaba')}")
    tab.goto(show(council).preview.server.address)
    tab.evaluate(MARK)
    before = tab.evaluate(KEPT)[1]
    change(council, paragraphs("aaba"), paragraphs(saved))
    shows(tab, said["S"])
    assert tab.evaluate(KEPT) == [before - 4 + kept, before - 4 + len(saved)]
    shown = tab.evaluate(
        "() => [...document.querySelectorAll('main > p')].map((each) => each.innerText)"
    )
    at = min(map(shown.index, (said["a"], said["S"])))
    assert shown[at : at + len(saved)] == [said[each] for each in saved]


def test_what_looks_like_markup_in_the_prose_stays(show: Show, council: Path, tab: Any) -> None:
    tab.goto(show(council).preview.server.address)
    prose = 'It says nonce="abc", and style nonce="abc".'
    change(council, "summary: |\n", f"summary: |\n  {prose}\n")
    shows(tab, prose)


@pytest.mark.parametrize(
    ("what", "hidden", "least", "most"),
    [("one", False, 4, 8), ("one", True, 0, 1), ("list", False, 0, 1)],
)
def test_page_asks_no_more_often_than_it_must(
    what: str, hidden: bool, least: int, most: int, show: Show, council: Path, tab: Any
) -> None:
    tab.goto(show(council.parent if what == "list" else council).preview.server.address)
    tab.evaluate("hidden => Object.defineProperty(document, 'hidden', {get: () => hidden})", hidden)
    tab.wait_for_timeout(2500 if what == "list" else 700)
    asked = list[str]()
    tab.on("request", lambda request: asked.append(request.url))
    tab.wait_for_timeout(1800)
    assert least <= len(asked) <= most


def test_place_stays_where_the_change_is_below_and_where_the_paragraph_itself_grows(
    show: Show, council: Path, tab: Any
) -> None:
    tab.goto(show(council).preview.server.address)
    tab.evaluate(
        "scrollTo({top: document.getElementById('summary').getBoundingClientRect().top + scrollY - 300, behavior: 'instant'})"
    )
    change(council, "summary: |\n", "summary: |\n  It grows where it is read.\n")
    shows(tab, "It grows where it is read.")
    assert (
        abs(tab.evaluate("document.getElementById('summary').getBoundingClientRect().top") - 300)
        < 2
    )


def test_look_that_changes_shows(show: Show, council: Path, tab: Any) -> None:
    (council.parent / "ours").mkdir()
    css = Path(shutil.copy(CHECKOUT / "templates" / "letter.css", council.parent / "ours"))
    (council.parent / "prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    tab.goto(show(council).preview.server.address)
    change(css, ".score { font-weight: bold;", ".score { color: rgb(1, 2, 3); font-weight: bold;")
    tab.wait_for_function(
        "() => getComputedStyle(document.querySelector('.score')).color === 'rgb(1, 2, 3)'",
        timeout=20_000,
    )


def test_page_says_when_the_preview_has_ended(show: Show, council: Path, tab: Any) -> None:
    preview = Preview(council, 0)
    address, token = preview.server.address, preview.server.token
    serving = Thread(target=preview.server.serve_forever, args=[0.05], daemon=True)
    serving.start()
    page = tab.context.browser.new_page()
    page.goto(address)
    assert not page.is_visible("#preview-ended")
    preview.server.token = "another"
    page.wait_for_selector("#preview-ended", timeout=20_000)
    preview.server.token = token
    page.wait_for_selector("#preview-ended", state="hidden", timeout=20_000)
    preview.server.shutdown()
    preview.server.server_close()
    page.close()


def boxes(tab: Any, selector: str) -> list[dict[str, float]]:
    found: list[dict[str, float]] = tab.evaluate(
        "selector => [...document.querySelectorAll(selector)].map(each => each.getBoundingClientRect().toJSON())",
        selector,
    )
    return found


def test_notes_stand_in_the_margin_or_under_their_paragraph(
    show: Show, council: Path, tab: Any
) -> None:
    for number in range(3):
        change(
            council, "summary: |\n", f"summary: |\n  In 201{number}/201{number + 1} it was so.\n"
        )
    shown = show(council)
    tab.goto(shown.preview.server.address)
    tab.wait_for_timeout(500)
    [main] = boxes(tab, "main")
    notes = sorted(boxes(tab, "main .preview-note"), key=lambda note: note["top"])
    assert len(notes) > 12
    assert all(note["left"] >= main["right"] and note["right"] <= 1280 for note in notes)
    assert all(above["bottom"] <= below["top"] for above, below in pairwise(notes))
    at = "document.getElementById('training.score').parentElement"
    score = tab.evaluate(f"{at}.getBoundingClientRect().top")
    levels = tab.evaluate(f"{at}.nextElementSibling.getBoundingClientRect().top")
    assert abs(score - levels) < 2
    tab.set_viewport_size({"width": 390, "height": 800})
    tab.wait_for_timeout(200)
    below = tab.evaluate(
        f"{at}.nextElementSibling.getBoundingClientRect().top - {at}.getBoundingClientRect().bottom"
    )
    assert 0 <= below < 40


NOTES_OFF = """() => [...document.querySelectorAll("main .preview-finding")].map((note) => {
    const words = (ranges.get(note) ?? beside(note)).getBoundingClientRect().top;
    return Math.abs(note.getBoundingClientRect().top - words);
})"""


def write_many_findings(council: Path) -> None:
    """Give an assessment 22 findings in its text, some of them in one paragraph."""
    slips = iter(["TBC", "comittee", "the the", "[name]"] * 5)
    lines = council.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if (
            line.startswith("      ")
            and len(line) > 60
            and number % 2
            and (slip := next(slips, ""))
        ):
            lines[number] = (
                line.replace(" the ", f" {slip} ", 1) if " the " in line else f"{line} {slip}"
            )
    text = "\n".join(lines) + "\n"
    text = text.replace("    score: 4\n", "    score: 2\n", 1).replace("date: 2022-05-27\n", "")
    council.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("width", [960, 1280])
def test_each_note_stands_beside_its_very_words(
    width: int, show: Show, council: Path, tab: Any
) -> None:
    write_many_findings(council)
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(show(council).preview.server.address)
    shows(tab, "1 of 2")
    total = tab.evaluate("findings().length")
    assert total >= 20
    for number in range(total):
        off = sorted(tab.evaluate(NOTES_OFF))
        assert off[len(off) // 2] < 20, number
        assert off[-1] <= 150, number
        assert (
            tab.evaluate("active.matches('.preview-finding') && active.getBoundingClientRect().top")
            >= 0
        )
        assert tab.locator(".preview-finding .preview-more:visible").count() in (1, 2)
        tab.keyboard.press("Alt+ArrowDown")
    words = tab.evaluate(
        "findings().map((note) => [note.dataset.words, ranges.get(note)?.toString()])"
    )
    assert sum(found == said for said, found in words) > total * 0.8
    assert tab.evaluate("CSS.highlights.get('is-error').size") > 5


def test_bar_goes_from_finding_to_finding_and_a_line_is_copied(
    show: Show, council: Path, tab: Any
) -> None:
    change(council, "summary: |\n", "summary: |\n  It is TBC, said the comittee.\n\n")
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto(show(council).preview.server.address)
    shows(tab, "1 of 2, line 34: a placeholder has been left in")
    assert tab.evaluate("active.getBoundingClientRect().top < innerHeight")  # it opens there
    tab.click("[data-step='1']")
    shows(tab, '2 of 2, line 34: "comittee"')
    assert "did you mean" in tab.inner_text(".is-active")
    tab.click(".is-active [data-place]")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("leicestershire_2022.yaml:34")
    tab.click("[data-step='1']")
    shows(tab, "1 of 2, line 34")
    change(council, "TBC", "done")
    shows(tab, '1 of 1, line 34: "comittee"')
    change(council, "comittee", "committee")
    shows(tab, "No errors, no warnings")
    assert not tab.is_visible("#preview-found")


@pytest.mark.parametrize(
    ("state", "widths"),
    [
        ("good", (320, 1280)),
        ("faulty", (320, 1280)),
        ("stale", (1280,)),
        ("never", (320,)),
        ("sent", (320,)),
        ("list", (320,)),
        ("many", (320, 390, 1280)),
    ],
)
def test_page_is_accessible(
    state: str, widths: tuple[int, ...], show: Show, council: Path, browser: Any
) -> None:
    if state == "faulty":
        change(
            council,
            "score: 4",
            "score: 2",
            "summary: |\n",
            "summary: |\n  In 2011/2012 it was TBC.\n",
            "date: 2022-05-27\n",
            "",
        )
    if state == "many":
        write_many_findings(council)
    if state == "never":
        council.write_text("authority: [\n", encoding="utf-8")
    if state == "sent":
        change(council, "benchmarks:", "sent: 2022-05-30\nbenchmarks:")
    shown = show(council.parent if state == "list" else council)
    if state == "faulty":
        assert shown.text().count('role="note"') == 14
    if state == "stale":
        shown.text()
        change(council, "score: 4", "score: 44")
        while "preview-stale" not in between(shown.text(), "<main", ">"):
            time.sleep(0.1)
    schemes = ["light", "dark"] if state in ("faulty", "stale", "many") else ["light"]
    is_accessible(browser, shown.preview.server.address, widths, schemes)


def test_it_prints_as_the_letter_alone(show: Show, council: Path, tab: Any, tmp_path: Path) -> None:
    change(council, "summary: |\n", "summary: |\n  In 2011/2012 it was so.\n")
    with pytest.raises(SystemExit):
        cli.main(["build", "--draft", "-f", "html", str(council)])
    tab.goto(show(council).preview.server.address)
    shows(tab, "Warning PL304")
    tab.pdf(path=tmp_path / "live.pdf", prefer_css_page_size=True)
    letter = tab.context.new_page()
    letter.goto(council.with_suffix(".draft.html").as_uri())
    letter.pdf(path=tmp_path / "letter.pdf", prefer_css_page_size=True)
    letter.close()
    live, alone = (
        subprocess.run(
            [need("pdftotext"), "-layout", tmp_path / name, "-"],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for name in ("live.pdf", "letter.pdf")
    )
    assert "Warning" not in live
    assert live == alone
    assert len(re.findall("\f", live)) > 5
