"""The live page, asked as a browser asks: what it shows, what it answers to, and what it costs nobody."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from threading import Thread, Timer
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import pytest
import yaml
from conftest import CHECKOUT, EXAMPLE, PLAIN, Run, Show, between, change

from prevent_letter.previewing import folder, live, server
from prevent_letter.previewing import pages as preview_pages

REPOSITORY = CHECKOUT / "examples" / "repository"


def wait(ask: Callable[[], str], until: Callable[[str], bool]) -> str:
    """What is shown once it is as it is waited for."""
    end = time.monotonic() + 20
    while not until(shown := ask()):
        assert time.monotonic() < end, shown[-3000:]
        time.sleep(0.05)
    return shown


def words(page: str) -> str:
    """The words of a part of a page."""
    return " ".join(unescape(re.sub("<[^>]+>", " ", page)).split())


def whole(page: str) -> str:
    """What is said of the whole, above the letter."""
    return words(between(page, '<section id="preview-whole"', "</section>"))


# What is shown.


def test_letter_is_that_of_the_web_page(show: Show, plain: Path, run: Run) -> None:
    run("build", "--draft", "-f", "html", plain)
    page = plain.with_suffix(".draft.html").read_text(encoding="utf-8")
    shown = re.sub(
        r'<div class="preview-note preview-levels".*?</div>\n?', "", show(plain).text(), flags=re.S
    )
    assert between(page, '<p class="marking">DRAFT', "</main>") in shown
    assert between(page, "<style>", "</style>").removeprefix("<style>") in shown
    assert '<body class="draft" data-mark="DRAFT">' in shown


def test_finding_stands_after_its_paragraph(show: Show, plain: Path) -> None:
    change(
        plain,
        "summary: |\n",
        "summary: |\n  It began well.\n\n  In 2011/2012 it was *less* so.\n\n",
    )
    page = show(plain).text()
    [(opening, note)] = re.findall(
        r"<p>In 2011/2012 it was <em>less</em> so.</p>\s*(<div[^>]*>)(.*?)</div>", page, re.S
    )
    assert 'class="preview-note preview-finding is-warning"' in opening
    assert 'data-words="2011/2012"' in opening
    assert words(note).startswith(
        "Warning PL304: this letter is about 2026/2027, but the text says 2011/2012"
    )
    line = PLAIN[: PLAIN.index("summary: |")].count("\n") + 4
    [place] = re.findall(rf'data-place="([^"]+)"[^>]*>line {line}</button>', note)
    assert unescape(place).endswith(f"with spaces/exampleshire & others_2027.yaml:{line}")
    assert "://" not in note  # no link opens a program


def test_same_words_are_each_found_where_they_stand(show: Show, plain: Path) -> None:
    change(
        plain,
        "summary: |\n",
        "summary: |\n  It is TBC.\n\n  - One is TBC.\n    - Two is TBC.\n  - Three is well.\n\n  So TBC.\n\n",
    )
    page = show(plain).text()
    shown = words(
        re.sub("<details.*?</details>", "", between(page, 'id="summary"', 'id="plan"'), flags=re.S)
    )
    found = re.findall(
        r"It is TBC|One is TBC|Two is TBC|Three is well|So TBC|Error PL301|line \d+", shown
    )
    line = PLAIN[: PLAIN.index("summary: |")].count("\n") + 2
    assert found == [
        *("It is TBC", "Error PL301", f"line {line}"),
        *("One is TBC", "Error PL301", f"line {line + 2}"),
        *("Two is TBC", "Error PL301", f"line {line + 3}"),
        *("Three is well", "So TBC", "Error PL301", f"line {line + 6}"),
    ]


PASSAGES = {
    "label": ("Plan one thing.\n\nLook for\nfor another.", "PL303", "Look for for another."),
    "heading": (
        "First is fine.\n\nSecond stands in\nin the county.",
        "PL303",
        "Second stands in in the county.",
    ),
    "markup": (
        "First.\n\nSecond is fine.\n\nThird has the *the* slip.",
        "PL303",
        "Third has the <em>the</em> slip.",
    ),
    "link": (
        "As [we](https://x.example/the/the) say.\n\nSecond.\n\nThird has the\nthe slip.",
        "PL303",
        "Third has the the slip.",
    ),
    "list": ("Do:\n\n1. One.\n\n   More of it TBC.\n2. Two.\n", "PL301", "More of it TBC."),
    "alike": ("It is so.\n\nIt is so TBC.\n\nIt is so.", "PL301", "It is so TBC."),
}


@pytest.mark.parametrize(
    ("key", "style"),
    [
        ("summary", "|"),
        ("good_practice", ">"),
        ("recommendations", "|"),
        ("recommendations", '"'),
        ("key", "'"),
    ],
)
@pytest.mark.parametrize("name", PASSAGES)
def test_note_stands_at_the_paragraph_it_is_about(
    name: str, key: str, style: str, show: Show, plain: Path
) -> None:
    passage, code, paragraph = PASSAGES[name]
    if style in (">", "'") and name != "list":  # there a line end needs a blank line, as PL308 says
        passage = re.sub(r"(?<!\n)\n(?!\n)", " ", passage)
    data = yaml.safe_load(plain.read_text(encoding="utf-8"))
    if key == "key":
        data["key_recommendations"] = ["Do that it's done.", passage]
    elif key == "summary":
        data["summary"] = passage
    else:
        data["benchmarks"]["plan"][key] = passage

    class Styled(yaml.SafeDumper):
        pass

    Styled.add_representer(
        str,
        lambda dumper, text: dumper.represent_scalar(
            "tag:yaml.org,2002:str", text, style=style if text == passage else None
        ),
    )
    plain.write_text(
        yaml.dump(data, Dumper=Styled, sort_keys=False, allow_unicode=True), encoding="utf-8"
    )
    page = re.sub(r"(?s)<details.*?</details>", "", show(plain).text())
    at = page.index(f"<strong>{'Error' if code == 'PL301' else 'Warning'} {code}:")
    before = page[:at].rpartition('<div class="preview-note')[0].rstrip()
    end = re.sub("<[^>]*>", " ", before)[-200:]
    assert " ".join(end.split()).endswith(words(paragraph)), (end, code)


def test_findings_find_their_elements(show: Show, plain: Path) -> None:
    change(
        plain,
        "date: 2027-05-27\n",
        "",
        "score: 4",
        "score: 2",
        "  - |\n",
        "  - Do this.\n  - Do TBC.\n  - |\n",
    )
    page = show(plain).text()
    assert "PL301" in between(page, 'id="key_recommendations.2"', "</li>")
    assert "PL301" not in between(page, 'id="key_recommendations.1"', "</li>")
    assert re.search(r'id="date">.{,200}?</p>\s*<div[^>]*>\s*<p><strong>Warning PL201', page, re.S)
    assert 'href="#preview-1"' in between(page, 'id="preview-found"', "</p>")
    assert "1 error 1 warning" in words(between(page, 'id="preview-counts"', "</p>"))


def test_what_nothing_in_the_letter_is_about_stands_above_it(show: Show, plain: Path) -> None:
    (plain.parent / "prevent-letter.yaml").write_text(
        "rules:\n  ignore: [PL999]\n", encoding="utf-8"
    )
    above = whole(show(plain).text())
    assert "PL117" in above
    assert "prevent-letter.yaml, line 2" in above


def test_missing_values_show_prompts(
    show: Show, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("new", "Exampleshire County Council", "--period", "2026/2027")
    shown = show(tmp_path / "exampleshire_2027.yaml")
    page = shown.text()
    assert "[name of the addressee]" in page
    assert "[score]" in page
    assert "not begun" in between(page, 'id="preview-name"', "</p>")
    change(tmp_path / "exampleshire_2027.yaml", "    score:", "    score: 3")
    assert "1 of 10" in between(
        wait(shown.text, lambda page: "1 of 10" in page), 'id="preview-name"', "</p>"
    )


def test_levels_are_at_hand(show: Show, example: Path) -> None:
    page = show(example).text()
    note = between(
        page[page.index('id="engagement.score"') :],
        '<div class="preview-note preview-levels"',
        "</div>",
    )
    assert (
        "<strong>3 asks for:</strong> Community engagement takes place at regular"
        in note[: note.index("<details")]
    )
    assert re.findall(r'<li aria-current="true"><strong>(\d)', note) == ["2"]
    assert len(re.findall("<li", note)) == 5
    met = between(
        page[page.index('id="risk_assessment.score"') :],
        '<div class="preview-note preview-levels"',
        "</div>",
    )
    assert "asks for" not in met


def test_named_levels_say_their_names(show: Show, plain: Path) -> None:
    change(
        plain.parent.parent / "criteria" / "short.yaml",
        "met: 3}",
        "met: 3, names: {1: One, 2: Two, 3: Three, 4: Four, 5: Five}}",
    )
    change(plain, "score: 3", "score: two", "score: 4", "score: Four")
    page = show(plain).text()
    assert re.findall(r'<li aria-current="true"><strong>(\w+) \(scored\)', page) == ["Two", "Four"]
    assert "<strong>Three asks for:</strong> The plan is followed." in page


def test_faulty_file_keeps_its_last_letter(show: Show, plain: Path) -> None:
    shown = show(plain)
    assert "preview-stale" not in between(shown.text(), "<main", ">")
    change(plain, "score: 3", "score: 9", "The plan is agreed", "Another plan is agreed")
    page = wait(shown.text, lambda page: "PL114" in page)
    assert "preview-stale" in between(page, "<main", ">")
    assert "The plan is agreed" in page
    assert "this is the last letter without it" in whole(page)
    assert re.search(
        r'id="plan.score">.{,200}?</p>\s*<div[^>]*>\s*<p><strong>Error PL114', page, re.S
    )
    change(plain, "score: 9", "score: 3")
    page = shown.text()
    assert "preview-stale" not in between(page, "<main", ">")
    assert "Another plan is agreed" in page


def test_notes_of_a_letter_that_stays_do_not_pile_up(show: Show, plain: Path) -> None:
    change(plain, "The plan is agreed", "The plan TBC is agreed")
    shown = show(plain)
    assert shown.text().count("<strong>Error PL301:") == 1
    for score in ("9", "8", "7"):
        change(
            plain, re.findall("score: .", plain.read_text(encoding="utf-8"))[0], f"score: {score}"
        )
        page = wait(shown.text, lambda page, score=score: f'not "{score}"' in words(page))  # type: ignore[misc]
        assert page.count("<strong>Error PL114:") == 1
        assert page.count("preview-levels-plan") == 1
    assert 'lang="en-GB"' in between(page, "<main", ">")


def test_page_leads_to_the_list_that_it_is_in(show: Show, plain: Path) -> None:
    shown = show(plain.parent)
    shown.text()
    [link] = re.findall('href="([^"]*)">All assessments', shown.text(quote(plain.name)))
    assert link == shown.path
    assert "All assessments" not in show(plain).text()


def test_what_fix_mends_is_said(show: Show, plain: Path) -> None:
    change(
        plain,
        "date: 2027-05-27\n",
        "date: 27/05/2027\n",
        "The plan is agreed",
        "The plan TBC is agreed",
    )
    page = words(show(plain).text())
    assert re.search("Error PL104: .{,200}; check --fix fixes this", page)
    assert not re.search("Error PL301: .{,90}; check --fix fixes this", page)


def test_finding_of_the_greeting_stands_at_it(show: Show, plain: Path) -> None:
    change(plain, "  greeting: Chief Executive", "  greeting: Dear Chief Executive")
    page = show(plain).text()
    assert re.search(
        'id="greeting">.{,200}?</p>\\s*<div[^>]*>\\s*<p><strong>Warning PL', page, re.S
    )


def test_file_that_never_parsed_shows_its_findings_alone(show: Show, plain: Path) -> None:
    plain.write_text("authority: [Exampleshire\n", encoding="utf-8")
    shown = show(plain)
    page = shown.text()
    assert "Error PL0" in whole(page)
    assert "There is no letter to show yet" in page
    plain.write_text(PLAIN, encoding="utf-8")
    assert "Dear Chief Executive" in words(shown.text())


def test_sent_letter_is_marked_as_sent(show: Show) -> None:
    page = show(REPOSITORY / "midlands" / "exampleshire_2026.yaml").text()
    assert words(between(page, 'id="preview-name"', "</p>")).endswith("2025/2026 sent")
    assert whole(page).startswith("Sent on 2026-05-29.")
    assert "<body>" in page
    assert '<p class="marking">DRAFT' not in page


def test_own_template_at_fault_is_said_once(show: Show, plain: Path) -> None:
    own = plain.parent / "ours" / "letter.html.j2"
    own.parent.mkdir()
    own.write_text(
        '{% extends "standard/letter.html.j2" %}\n{% block closing %}<p>Ours.</p>{% endblock %}',
        encoding="utf-8",
    )
    (plain.parent / "prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    shown = show(plain)
    assert "<p>Ours.</p>" in shown.text()
    change(own, "<p>Ours.</p>", "{{ there_is_none }}")
    page = wait(shown.text, lambda page: "PL118" in page)
    assert page.count("letter.html.j2:2") == 1
    assert "<p>Ours.</p>" in page


@pytest.fixture
def made(plain: Path) -> dict[str, Path]:
    """Files of all kinds that a letter is made with."""
    home = plain.parent
    (home / "ours").mkdir()
    own = {
        name: home / name
        for name in ("prevent-letter.yaml", "set.yaml", "ours/letter.css", "ours/letter.html.j2")
    }
    own["prevent-letter.yaml"].write_text("templates: ours\ncriteria: set.yaml\n", encoding="utf-8")
    shutil.copy(CHECKOUT / "tests" / "criteria" / "short.yaml", own["set.yaml"])
    shutil.copy(CHECKOUT / "templates" / "letter.css", own["ours/letter.css"])
    template = (
        '{% extends "standard/letter.html.j2" %}\n{% block closing %}<p>Whole.</p>{% endblock %}'
    )
    own["ours/letter.html.j2"].write_text(template, encoding="utf-8")
    change(plain, "criteria: ../criteria/short.yaml\n", "")
    return own


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("prevent-letter.yaml", "templates: ours\n", ""),
        ("set.yaml", "There is a plan", "There is a drawing"),
        ("ours/letter.css", "#9325b2", "#123456"),
        ("ours/letter.html.j2", "Whole.", "Half."),
    ],
)
def test_whatever_the_letter_is_made_with_is_looked_at(
    name: str, old: str, new: str, show: Show, plain: Path, made: dict[str, Path]
) -> None:
    shown = show(plain)
    status, before, headers = shown.ask()
    assert status == 200
    assert shown.ask(**{"If-None-Match": headers["ETag"]})[:2] == (304, "")
    change(made[name], old, new)
    assert shown.ask(**{"If-None-Match": headers["ETag"]})[0] == 200
    assert (new in shown.text()) if new else ("Whole." not in shown.text())
    assert new or "Whole." in before


def test_new_settings_and_templates_are_seen(show: Show, plain: Path) -> None:
    shown = show(plain)
    assert "A part." not in shown.text()
    (plain.parent / "ours").mkdir()
    (plain.parent / "prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    shown.text()
    template = (
        '{% extends "standard/letter.html.j2" %}\n{% block closing %}<p>A part.</p>{% endblock %}'
    )
    (plain.parent / "ours" / "letter.html.j2").write_text(template, encoding="utf-8")
    assert "A part." in shown.text()


def test_saving_in_the_same_instant_is_seen(show: Show, plain: Path) -> None:
    shown, was = show(plain), plain.stat()
    assert "The plan is agreed" in shown.text()
    change(plain, "The plan is agreed", "The plan is argued")
    os.utime(plain, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert plain.stat().st_size == was.st_size
    assert "The plan is argued" in shown.text()


def test_saving_with_the_times_kept_is_seen_later(
    show: Show, plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_FRESH", 0)
    shown, was = show(plain), plain.stat()
    assert "The plan is agreed" in shown.text()
    with plain.open("r+", encoding="utf-8") as file:
        file.write(PLAIN.replace("The plan is agreed", "The plan is argued"))
    os.utime(plain, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert os.name == "nt" or "The plan is argued" in shown.text()


def test_what_was_saved_without_a_change_is_not_told_again(show: Show, plain: Path) -> None:
    shown = show(plain)
    shown.text()
    os.utime(plain, (1, 1))
    shown.text()
    plain.write_text(PLAIN, encoding="utf-8")
    shown.text()
    assert len(shown.told) == 1


# What passes in a moment isn't shown, and what stays is.


@pytest.mark.parametrize("passing", ["gone", "empty", "half", "renamed"])
def test_what_saving_passes_through_is_not_shown(passing: str, show: Show, plain: Path) -> None:
    shown = show(plain)
    tag = shown.ask()[2]["ETag"]
    assert [report.tally("error") for _, report in shown.told] == [0]
    if passing == "gone":
        plain.unlink()
    elif passing == "renamed":
        plain.rename(plain.with_suffix(".bak"))
    else:
        plain.write_text(PLAIN[: len(PLAIN) // 2] if passing == "half" else "", encoding="utf-8")

    def save() -> None:
        time.sleep(0.15)
        plain.write_text(
            PLAIN.replace("The plan is agreed", "The plan was agreed"), encoding="utf-8"
        )

    saving = Thread(target=save)
    saving.start()
    while saving.is_alive():
        status, page, headers = shown.ask()
        assert status == 200
        assert headers["ETag"] == tag or "The plan was agreed" in page
        time.sleep(0.02)
    assert "The plan was agreed" in shown.text()
    assert not any(report.tally("error") for _, report in shown.told)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["prevent-letter.yaml", "set.yaml", "ours/letter.css", "ours/letter.html.j2"]
)
@pytest.mark.parametrize("passing", ["gone", "empty", "half"])
def test_what_saving_other_files_passes_through_is_not_shown(
    passing: str, name: str, show: Show, plain: Path, made: dict[str, Path]
) -> None:
    shown = show(plain)
    tag, text = shown.ask()[2]["ETag"], made[name].read_text(encoding="utf-8")
    if passing == "gone":
        made[name].unlink()
    else:
        made[name].write_text(text[: len(text) // 2] if passing == "half" else "", encoding="utf-8")
    saving = Timer(
        0.12 if passing == "half" else 0.6, made[name].write_text, [text], {"encoding": "utf-8"}
    )
    saving.start()
    while saving.is_alive():
        assert shown.ask()[2]["ETag"] == tag
        time.sleep(0.02)
    assert shown.ask()[2]["ETag"] == tag


def test_file_whose_clock_is_behind_flashes_no_fault(show: Show, plain: Path) -> None:
    shown = show(plain)
    tag = shown.ask()[2]["ETag"]
    for half in (PLAIN[: len(PLAIN) // 2], PLAIN[:20]):
        plain.write_text(half, encoding="utf-8")
        os.utime(plain, (time.time() - 100,) * 2)
        saving = Timer(0.12, plain.write_text, [PLAIN], {"encoding": "utf-8"})
        saving.start()
        while saving.is_alive():
            assert shown.ask()[2]["ETag"] == tag
            time.sleep(0.02)


def test_file_that_is_gone_twice_is_not_said_to_be_gone(
    show: Show, plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "GONE", 0.3)
    shown = show(plain)
    tag = shown.ask()[2]["ETag"]
    for _ in range(2):
        plain.rename(plain.with_suffix(".bak"))
        assert shown.ask()[2]["ETag"] == tag
        plain.with_suffix(".bak").rename(plain)
        assert shown.ask()[2]["ETag"] == tag
        time.sleep(0.4)


def test_template_that_puts_an_id_elsewhere_loses_no_finding(
    show: Show, plain: Path, made: dict[str, Path]
) -> None:
    own = '{% extends "standard/letter.html.j2" %}\n{% block summary %}<section id="summary"><h2>S</h2></section>{% endblock %}'
    made["ours/letter.html.j2"].write_text(own, encoding="utf-8")
    change(plain, "summary: |\n", "summary: |\n  It is TBC.\n")
    assert "Error PL301" in whole(show(plain).text())


def test_what_is_said_of_the_whole_file_stands_above_the_letter(show: Show, plain: Path) -> None:
    text = PLAIN.replace("date: 2027-05-27\n", "").replace("score: 4", "score:")
    plain.write_text(f"date: 2027-05-27\n{text}", encoding="utf-8")
    assert "Note PL120: 1 of 2 scored" in whole(show(plain).text())


@pytest.mark.parametrize("stays", ["gone", "empty", "half"])
def test_what_stays_is_shown(
    stays: str, show: Show, plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "GONE", 0.5)
    shown = show(plain)
    shown.text()
    if stays == "gone":
        plain.unlink()
    else:
        plain.write_text(
            PLAIN[: PLAIN.index("score: 4")] if stays == "half" else "", encoding="utf-8"
        )
    code = {"gone": "PL001", "empty": "PL012", "half": "PL102"}[stays]
    page = wait(shown.text, lambda page: code in page)
    assert "Dear Chief Executive" in words(page)
    plain.write_text(PLAIN, encoding="utf-8")
    assert code not in shown.text()


def test_the_last_state_is_shown_in_the_end(show: Show, plain: Path) -> None:
    shown = show(plain)
    for number in range(40):
        plain.write_text(
            PLAIN.replace("The plan is agreed", f"Plan {number} is agreed"), encoding="utf-8"
        )
        if number % 4 == 0:
            assert "Error PL" not in shown.text()
        time.sleep(0.02)
    assert "Plan 39 is agreed" in shown.text()
    assert not any(report.tally("error") for _, report in shown.told)


@pytest.mark.parametrize("first", [True, False])
def test_what_nobody_foresaw_is_told_and_shown_until_it_is_over(
    first: bool, show: Show, plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_SELDOM", 0.2)
    shown = show(plain)
    if not first:
        shown.text()
    show_state = preview_pages.show_state
    monkeypatch.setattr(preview_pages, "show_state", lambda draft: 1 / 0)
    change(plain, "The plan is agreed", "A plan is agreed")
    assert "something unexpected happened: ZeroDivisionError" in whole(shown.text())
    time.sleep(0.3)
    assert "<script" in shown.text()
    [failure] = [failure for _, report in shown.told for failure in report.failures]
    assert "ZeroDivisionError" in failure.text
    monkeypatch.setattr(preview_pages, "show_state", show_state)
    assert "A plan is agreed" in wait(shown.text, lambda page: "unexpected" not in page)


def test_assessment_that_becomes_a_folder_is_gone(
    show: Show, plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "GONE", 0.1)
    shown = show(plain)
    shown.text()
    plain.unlink()
    plain.mkdir()
    page = wait(shown.text, lambda page: "PL001" in page)
    assert "The plan is agreed" in page
    assert "unexpected" not in page


def test_what_is_said_for_a_neighbour_follows_the_neighbour(
    show: Show, plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_SELDOM", 0.05)
    other = plain.with_name("rutshire_2027.yaml")
    other.write_text(
        PLAIN.replace("Exampleshire County Council", "Rutshire County Council"), encoding="utf-8"
    )
    shown = show(plain)
    assert "PL401" not in shown.text()
    shutil.copy(plain, other)
    assert "PL401" in wait(shown.text, lambda page: "PL401" in page)
    change(other, "Exampleshire County Council", "Rutshire County Council")
    assert "PL401" not in wait(shown.text, lambda page: "PL401" not in page)
    assert len(shown.told) == 3
    change(other, "score: 4", "score: 5")
    time.sleep(0.1)
    shown.text()
    assert len(shown.told) == 3  # nothing else is said for it


def test_what_a_page_is_asked_is_told_where_it_is_watched(show: Show, plain: Path) -> None:
    shutil.copy(plain, plain.with_name("rutshire_2027.yaml"))
    shown, told = show(plain.parent), list[str]()

    def tell(path: Path, report: Any) -> None:
        told.append(path.name)

    Thread(target=shown.preview.watch, args=[tell], daemon=True).start()
    shown.text("rutshire_2027.yaml")
    change(plain.with_name("rutshire_2027.yaml"), "The plan is agreed", "A plan is agreed")
    wait(lambda: " ".join(told), lambda names: names.count("rutshire") == 2)  # though no page asks
    shown.text()  # the list: no assessment is open any more
    change(plain.with_name("rutshire_2027.yaml"), "A plan is agreed", "No plan is agreed")
    time.sleep(1.2)
    assert told == ["rutshire_2027.yaml"] * 2


# A folder.


def test_list_shows_nothing_that_saving_passes_through(
    show: Show, plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_SETTLED", 0.3)
    shown = show(plain.parent)
    good = rows(wait(shown.text, lambda page: "complete" in page))
    for passing in ("", "authority: [\n", None):
        if passing is None:
            plain.unlink()
        else:
            plain.write_text(passing, encoding="utf-8")
        assert rows(shown.text()) == good
        plain.write_text(PLAIN, encoding="utf-8")
        assert rows(shown.text()) == good
    plain.unlink()
    assert "There is no assessment here now." in words(
        wait(shown.text, lambda page: not rows(page))
    )
    plain.write_text(PLAIN, encoding="utf-8")
    assert rows(shown.text()) == good
    shutil.rmtree(plain.parent)
    assert "There is no assessment here now." in words(
        wait(shown.text, lambda page: not rows(page))
    )


def test_one_assessment_that_nobody_foresaw_takes_no_list_away(
    show: Show, plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(plain, plain.with_name("rutshire_2027.yaml"))
    show_state = preview_pages.show_state
    monkeypatch.setattr(
        preview_pages,
        "show_state",
        lambda draft: 1 / ("rut" not in draft.path.name) and show_state(draft),
    )
    found = rows(show(plain.parent).text())
    assert [(file, state) for _, state, file in found] == [
        ("rutshire_2027.yaml", "has errors"),
        ("exampleshire & others_2027.yaml".replace("&", "&amp;"), "complete"),
    ]


def rows(page: str) -> list[tuple[str, str, str]]:
    """The name, state and file of each assessment on the list."""
    found = re.findall(
        r'<tr><th scope="row">(.*?)<span[^>]*>(.*?)</span></th><td[^>]*>(.*?)</td>', page, re.S
    )
    return [(words(name), state, file) for name, file, state in found]


def test_list_says_how_far_each_is(show: Show) -> None:
    shown = show(REPOSITORY)
    page = wait(shown.text, lambda page: "not read yet" not in page)
    found = {file: (name, state) for name, state, file in rows(page)}
    assert found["midlands/exampleshire_2026.yaml"] == (
        "Exampleshire County Council 2025/2026",
        "sent",
    )
    assert found["east/orshire_2027.yaml"] == ("Orshire City Council 2026/2027", "not begun")
    assert found["midlands/exampleshire_2027.yaml"][1] == "complete"
    assert len(found) == len([*REPOSITORY.rglob("*20*.yaml")])
    assert shown.told == []
    assert "Dear" in shown.text("midlands/exampleshire_2026.yaml")
    assert [path.name for path, _ in shown.told] == ["exampleshire_2026.yaml"]


def test_list_begins_with_what_needs_work(show: Show, tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for name, changes in {
        "a": ("date: 2022-05-27\n", "date: 2022-05-27\nsent: 2022-05-30\n"),
        "b": ("date: 2022-05-27\n", ""),
        "c": ("Written consent", "TBC"),
        "d": ("period: 2021/2022", "period: soon"),
        "north/e": ("Written consent", "TBC"),
    }.items():
        path = tmp_path / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        assert changes[0] in text
        path.write_text(text.replace(*changes), encoding="utf-8")
    page = wait(show(tmp_path).text, lambda page: "not read yet" not in page)
    assert [file for _, _, file in rows(page)] == [
        *("d.yaml", "c.yaml", "b.yaml", "a.yaml"),
        "north/e.yaml",
    ]
    shown = words(page)
    assert "5 assessments: 1 unreadable, 2 with errors, 1 with warnings, 1 sent" in shown
    assert "c.yaml complete 1 error" in shown
    assert "b.yaml complete 1 warning" in shown
    assert re.findall("<h2>(.*?)</h2>", page) == ["This folder", "north"]


def test_list_reads_only_what_changed(
    show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prevent_letter.assessment import source
    from prevent_letter.assessment.places import Source

    for number in range(5):
        (tmp_path / f"{number}.yaml").write_text(
            PLAIN.replace("../criteria/short.yaml", "annex_a"), encoding="utf-8"
        )
    (tmp_path / "3.yaml").write_text("authority: [\n", encoding="utf-8")
    shown = show(tmp_path)
    page = wait(shown.text, lambda page: "not read yet" not in page)
    assert [state for _, state, _ in rows(page)] == [
        "has errors",
        "1 of 10 scored",
        "1 of 10 scored",
        "1 of 10 scored",
        "1 of 10 scored",
    ]
    read: list[str] = []
    parse = source.parse

    def noted(path: Path, data: bytes) -> Source:
        read.append(path.name)
        return parse(path, data)

    monkeypatch.setattr(source, "parse", noted)
    assert shown.text().count("<tr>") == 6
    assert read == []
    change(tmp_path / "2.yaml", "Exampleshire County Council", "Rutshire County Council")
    page = wait(shown.text, lambda page: "Rutshire" in page)
    assert [name for name in read if name != "annex_a.yaml"] == ["2.yaml"]
    (tmp_path / "4.yaml").unlink()
    fresh = "new one.yaml" if os.name == "nt" else "new: one?.yaml"
    (tmp_path / fresh).write_text("authority: Aldshire District Council\n", encoding="utf-8")
    page = wait(shown.text, lambda page: "4.yaml" not in page)
    assert ("Aldshire District Council", "has errors", fresh) in rows(page)
    [link] = re.findall('href="([^"]*new[^"]*)"', page)
    assert shown.ask(link.removeprefix("./"))[0] == 200


def test_list_says_what_is_not_looked_at(show: Show, plain: Path) -> None:
    shown = show(plain.parent)
    wait(shown.text, lambda page: "complete" in page)
    shutil.copy(plain, plain.with_name("other.yaml.txt"))
    page = shown.text()
    assert "other.yaml.txt: this file is not read, since its name ends in .txt" in words(page)


def test_criteria_that_are_mended_change_the_list(show: Show, plain: Path) -> None:
    criteria = plain.parent.parent / "criteria" / "short.yaml"
    change(criteria, "title:", "titel:")
    shown = show(plain.parent)
    assert [
        state for _, state, _ in rows(wait(shown.text, lambda page: "not read yet" not in page))
    ] == ["has errors"]
    change(criteria, "titel:", "title:")
    assert [state for _, state, _ in rows(shown.text())] == ["complete"]


# Closed.


def test_only_what_is_ours_is_answered(show: Show, plain: Path) -> None:
    (plain.parent / "secret.txt").write_text("secret", encoding="utf-8")
    shown = show(plain.parent)
    assert shown.ask()[0] == 200
    assert re.fullmatch(r"127\.0\.0\.1:\d+", shown.host)
    port = shown.host.partition(":")[2]
    for host in (f"evil.example:{port}", f"localhost:{port}", "127.0.0.1", ""):
        assert shown.ask(Host=host)[0] == 403
    other = "0" * 32
    for path in (
        "/",
        "//",
        f"/{other}/",
        f"/{shown.path[1:-2]}/",
        f"/x{shown.path}",
        f"http://evil.example{shown.path}",
    ):
        assert shown.ask(path=path)[0] in (403, 404), path
    for name in (
        "secret.txt",
        "../criteria/short.yaml",
        "%2e%2e/criteria/short.yaml",
        "/etc/passwd",
        "%00",
        "%ff",
        "?",
        "x" * 5000,
    ):
        assert shown.ask(name)[0] == 404, name
    for method in ("HEAD", "POST", "PUT", "OPTIONS", "DELETE", "CONNECT", "TRACE"):
        status, text, _ = shown.ask(method=method)
        assert status == 501
        assert "Example" not in text


def test_raw_requests_are_refused(show: Show, plain: Path) -> None:
    shown = show(plain)
    address = ("127.0.0.1", int(shown.host.partition(":")[2]))
    host = shown.host.encode()
    requests = (
        b"GET " + shown.path.encode() + b"\r\n\r\n",
        b"GET " + shown.path.encode() + b" HTTP/1.1\r\n\r\n",
        b"GET "
        + shown.path.encode()
        + b" HTTP/1.1\r\nHost: evil.example\r\nHost: "
        + host
        + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
        b"GET " + b"a" * 70000 + b" HTTP/1.1\r\nHost: " + host + b"\r\n\r\n",
    )
    for request in requests:
        with socket.create_connection(address, timeout=20) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert b"200" not in answer.partition(b"\r\n")[0]
        assert b"Exampleshire" not in answer


def test_headers_close_the_page(show: Show, plain: Path) -> None:
    _, page, headers = show(plain).ask()
    policy = dict(each.split(" ", 1) for each in headers["Content-Security-Policy"].split("; "))
    [nonce] = set(re.findall(r'nonce="(\w+)"', page))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == f"'nonce-{nonce}'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert not any(name.lower().startswith("access-control") for name in headers)
    assert set(re.findall(r"(?:src|href)=\"(https?:[^\"]+)\"", page)) == {
        "https://www.gov.uk/home-office"
    }
    assert "src=" not in page.partition("<script")[0]


def test_each_answer_has_its_own_nonce(show: Show, plain: Path) -> None:
    shown = show(plain)
    first, second = (re.findall(r'nonce="(\w+)"', shown.text())[0] for _ in range(2))
    assert first != second


def test_words_of_an_assessment_run_nothing(show: Show, plain: Path) -> None:
    change(
        plain,
        "area: Exampleshire",
        'area: "</title><script>alert(1)</script>&amp;"',
        "score: 3",
        "score: <b>9</b>",
    )
    page = show(plain).text()
    assert "<script>alert" not in page
    assert "<b>9" not in page


def test_nothing_is_ever_written(show: Show, plain: Path) -> None:
    def files() -> dict[str, bytes]:
        return {
            str(each): each.read_bytes()
            for each in plain.parent.parent.rglob("*")
            if each.is_file()
        }

    before = files()
    for path in (plain, plain.parent):
        shown = show(path)
        shown.text()
        shown.text("exampleshire%20%26%20others_2027.yaml")
    assert files() == before


def test_port_that_is_busy_gives_way(show: Show, plain: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        first = show(plain, port)
        assert first.host != f"127.0.0.1:{port}"
        assert "Dear" in first.text()
    free = int(first.host.partition(":")[2])
    second = show(plain, free)
    assert second.host != first.host


def test_port_that_is_free_is_taken(show: Show, plain: Path) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    assert show(plain, port).host == f"127.0.0.1:{port}"


# The command line.


def test_what_can_not_be_shown_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "set.yaml").write_text("scale: {min: 1}\n", encoding="utf-8")
    for path, words in (
        (tmp_path, "there is no assessment in"),
        (tmp_path / "set.yaml", "is not an assessment"),
    ):
        ended = run("preview", "--no-open", path)
        assert ended.code == 2
        assert words in ended.err
    assert run("preview", "--port", "0", tmp_path).code == 2
    assert run("preview", "nowhere.yaml").code == 2


def start(*arguments: str | Path, **environment: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "prevent_letter", "preview", *map(str, arguments)]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | environment,
        preexec_fn=None if os.name == "nt" else _heed,
    )


def _heed() -> None:
    """Heed Ctrl-C, which a job in the background ignores."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def until(process: "subprocess.Popen[str]", pattern: str) -> list[str]:
    """The lines that a process prints, up to one that matches; one that prints none in a minute is ended."""
    assert process.stdout
    found, giving_up = [], Timer(60, process.kill)
    giving_up.start()
    try:
        for line in process.stdout:
            found.append(line.rstrip("\n"))
            if re.search(pattern, line):
                return found
    finally:
        giving_up.cancel()
    raise AssertionError("\n".join(found))


def matcher() -> dict[str, Any]:
    """What the guide's task tells an editor of the lines that are printed."""
    guide = (CHECKOUT / "docs" / "preview.md").read_text(encoding="utf-8")
    [task] = json.loads(guide.partition("```json\n")[2].partition("```")[0])["tasks"]
    found: dict[str, Any] = task["problemMatcher"]
    return found


def test_an_editors_task_makes_marks_of_what_is_printed(plain: Path) -> None:
    change(plain, "date: 2027-05-27\n", "", "The plan is agreed", "The plan TBC")
    ours = matcher()
    begins, ends = (re.compile(ours["background"][key]) for key in ("beginsPattern", "endsPattern"))
    process = start("--no-open", plain, COLUMNS="1000")
    try:
        address, *first = until(process, ends.pattern)
        assert address.startswith("http://127.0.0.1:")
        assert begins.search(first[0])
        change(plain, "TBC", "is there")
        second = until(process, ends.pattern)
    finally:
        process.kill()
        process.communicate()
    assert [marks(first), marks(second)] == [
        [("error", "PL301"), ("warning", "PL201")][::-1],
        [("warning", "PL201")],
    ]
    assert first[1:-1] != second[1:-1]


def marks(lines: list[str]) -> list[tuple[str, str]]:
    """Severity and code of each mark that an editor makes of lines."""
    pattern = matcher()["pattern"]
    found = [re.search(pattern["regexp"], line) for line in lines]
    for each in filter(None, found):
        assert Path(each[pattern["file"]]).exists()
        assert int(each[pattern["line"]]) > 0
        assert int(each[pattern["column"]]) > 0
        assert each[pattern["message"]]
    return [(each[pattern["severity"]], each[pattern["code"]]) for each in found if each]


def test_terminal_that_nobody_reads_keeps_no_page_waiting(plain: Path) -> None:
    change(plain, "summary: |\n", "summary: |\n" + "  It is TBC here.\n\n" * 20)
    process = start("--no-open", plain)
    try:
        assert process.stdout
        address = urlsplit(process.stdout.readline().strip())
        for number in range(40):  # some 5 KB each, and a pipe takes 64
            change(plain, "summary: |\n", f"summary: |\n  Saving {number} is done.\n\n")
            with urlopen(address.geturl(), timeout=20) as page:
                assert f"Saving {number} is done." in page.read().decode()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_ends_it(plain: Path) -> None:
    process = start("--no-open", plain)
    try:
        until(process, "^1 file, ")
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in out


@pytest.mark.skipif(os.name == "nt", reason="the browser is a script of a shell")
def test_browser_is_opened_unless_it_is_not_wanted(plain: Path, tmp_path: Path) -> None:
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/opened"\n', encoding="utf-8")
    script.chmod(0o755)
    for option, opened in (("--no-open", False), ("--open", True)):
        process = start(option, plain, BROWSER=f"{script} %s")
        try:
            address = until(process, "^1 file, ")[0]
            end = time.monotonic() + (10 if opened else 0.5)
            while time.monotonic() < end and not (tmp_path / "opened").exists():
                time.sleep(0.05)
        finally:
            process.kill()
            process.communicate()
        assert (tmp_path / "opened").exists() == opened
    assert (tmp_path / "opened").read_text(encoding="utf-8").strip() == address


def test_server_takes_the_port_for_itself_alone() -> None:
    assert server.Server.allow_reuse_address == (os.name != "nt")
    assert not server.Server.allow_reuse_port


def test_what_nobody_expected_of_the_server_is_reported_and_it_goes_on(
    show: Show, plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = show(plain)

    def fail(name: str) -> None:
        raise RuntimeError("a bug")

    pages = shown.preview.server.pages
    monkeypatch.setattr(shown.preview.server, "pages", fail)
    with pytest.raises((http.client.HTTPException, OSError)):
        shown.text()
    monkeypatch.setattr(shown.preview.server, "pages", pages)
    [(path, report)] = shown.told
    assert path == plain
    assert [failure.text for failure in report.failures] == [
        "something unexpected happened: RuntimeError: a bug"
    ]
    assert "A plan is agreed" not in shown.text()
    assert "The plan is agreed" in shown.text()


def test_browser_that_goes_away_is_not_reported(show: Show, plain: Path) -> None:
    shown = show(plain)
    for _ in range(3):
        with socket.create_connection(
            ("127.0.0.1", shown.preview.server.server_address[1])
        ) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(b"GET ")
    assert "The plan is agreed" in shown.text()
    assert all(not report.failures for _, report in shown.told)
