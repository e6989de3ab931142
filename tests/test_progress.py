"""Through the year: what became of the recommendations, by their handles."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import CHECKOUT, Run, is_accessible
from hypothesis import given
from hypothesis import strategies as st
from test_scores import SETS, write

from prevent_letter.assessment.digests import digest
from prevent_letter.assessment.drafts import DraftLoader
from prevent_letter.assessment.recommendations import last_entries, recommendations, with_handle

PASSAGE = """\
The council should:

- train all staff, and
  - those of the libraries
  - those of the schools
- keep a list of them.

  It may be short.

Then it should *tell* its members."""


def data(
    passage: str | None = PASSAGE, key: object = ("Train all.", "Tell all.")
) -> dict[str, Any]:
    return {
        "benchmarks": {
            "plan": {"recommendations": "Write it."},
            "training": {"recommendations": passage},
        },
        "key_recommendations": list(key) if isinstance(key, tuple) else key,
    }


def test_each_recommendation_has_a_handle() -> None:
    assert [
        (each.handle, each.words) for each in recommendations(data(), ["plan", "training"])
    ] == [
        ("plan", "Write it."),
        ("training.1", "train all staff, and – those of the libraries – those of the schools"),
        ("training.2", "keep a list of them. – It may be short."),
        ("training.3", "Then it should *tell* its members."),
        ("key.1", "Train all."),
        ("key.2", "Tell all."),
    ]


@pytest.mark.parametrize(
    ("passage", "handles"),
    [
        (None, []),
        ("One.", ["training"]),
        ("One.\n\nTwo.", ["training.1", "training.2"]),
        ("**To do:**\n\n1. One\n2. Two", ["training.1", "training.2"]),
        ("To do:\n\nOne.", ["training.1", "training.2"]),  # a colon, and no list
        ("To do:", ["training"]),
        ("- 1. One\n  2. Two", ["training"]),
        ("- One", ["training"]),
    ],
)
def test_what_counts_as_one(passage: str | None, handles: list[str]) -> None:
    assert [each.handle for each in recommendations(data(passage, ()), ["training"])] == handles


def test_handle_means_one_or_all() -> None:
    known = recommendations(data(), ["plan", "training"])
    for about, handles in {
        "plan": ["plan"],
        "plan.1": ["plan"],
        "training": ["training.1", "training.2", "training.3"],
        " Training.2 ": ["training.2"],
        "training.4": [],
        "key": ["key.1", "key.2"],
        "key.2": ["key.2"],
        "": [],
    }.items():
        assert [each.handle for each in with_handle(about, known)] == handles
    alone = recommendations(data(None, ("Train all.",)), ["training"])
    assert [each.handle for each in with_handle("key.1", alone)] == ["key.1"]
    assert with_handle("key.2", alone) == []


@given(
    st.lists(
        st.sampled_from(
            [
                "- One\n",
                "1. Two\n",
                "  - three\n",
                "Four.\n\n",
                "Five:\n\n",
                "\n",
                "**Six:**\n\n",
                "   more\n",
            ]
        )
    ),
    st.lists(st.text()),
)
def test_every_handle_means_its_recommendation_and_no_word_is_lost(
    pieces: list[str], key: list[str]
) -> None:
    passage = "".join(pieces)
    known = recommendations(data(passage, tuple(key)), ["plan", "training"])
    assert len({each.handle for each in known}) == len(known)
    for each in known:
        assert with_handle(each.handle, known) == [each]
    for word in ("One", "Two", "three", "Four"):
        assert " ".join(each.words for each in known).count(word) == passage.count(word)
    items = [{"about": each.handle, "status": "done", "date": "2027-09-14"} for each in known]
    assert {word.status for word in last_entries({"progress": items}, known).values()} <= {"done"}


END = """sent: 2027-05-30
progress:
  - {date: 2027-09-14, about: training, status: Not Started}
  - {date: 2027-11-02, about: training, status: In  Progress, note: Private words.}
"""


@pytest.fixture
def sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path, "Aldshire", plan=2, training=4, end=END)


def test_progress_never_touches_the_letter(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path, "Aldshire", end="sent: 2027-05-30\n")
    assert run("build", path, "--force").code == 0
    draft = DraftLoader().load(path)
    assert draft.assessment
    assert draft.criteria
    before = digest(draft.assessment, draft.criteria)
    path.write_text(
        path.read_text(encoding="utf-8").replace("sent: 2027-05-30\n", END), encoding="utf-8"
    )
    draft = DraftLoader().load(path)
    assert draft.assessment
    assert draft.criteria
    assert digest(draft.assessment, draft.criteria) == before
    assert run("build", "--check", path).code == 0
    assert "1 sent" in run("build", path).err


def test_one_assessment_is_shown_recommendation_by_recommendation(run: Run, sent: Path) -> None:
    done = run("progress", sent)
    assert (done.code, done.err) == (0, "1 assessment read\n")
    assert done.out.splitlines() == [
        "Aldshire County Council 2026/2027, sent 2027-05-30",
        "",
        "plan      no update yet              None of the districts has a plan of its",
        "                                     own; each should write one.",
        "training  in progress    2027-11-02  Train more people, in particular those who",
        '                                     "had had" no training.',
        "key.1     no update yet              Write district plans.",
    ]
    assert "Private" not in run("progress", sent, "--format", "json").out
    found = json.loads(run("progress", sent, "--format", "json").out)
    assert found[1]["handle"] == "training"
    assert (found[1]["status"], found[1]["date"], found[1]["path"]) == (
        "in progress",
        "2027-11-02",
        "aldshire_2027.yaml",
    )
    text = run("progress", sent, "--format", "csv").out
    assert [
        each["status"] for each in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    ] == ["no update yet", "in progress", "no update yet"]


def test_marking_in_a_note_is_nobodys_person(run: Run, sent: Path) -> None:
    sent.write_text(
        sent.read_text(encoding="utf-8").replace("Private words.", "The OFFICIAL report says so."),
        encoding="utf-8",
    )
    assert "PL327" not in run("check", sent).out


def test_folder_counts_each_authoritys_newest_that_was_sent(run: Run, sent: Path) -> None:
    folder = sent.parent
    write(folder, "Aldshire", "2025/2026", plan=1, end="sent: 2026-05-30\n")  # not the newest
    write(folder, "Borshire", "2025/2026", plan=2, training=1, end="sent: 2026-05-30\n")
    write(folder, "Borshire", plan=2)  # not sent yet
    write(folder, "Corshire", plan=4, end="sent: 2027-06-30\n")
    done = run("progress")
    assert done.code == 0
    assert max(map(len, done.out.splitlines())) <= 80
    assert "Progress on the recommendations of 3 letters" in done.out
    table = {
        re.split("  +", line)[0]: re.split("  +", line)[1:]
        for line in done.out.splitlines()
        if re.match("Plan|Training|Key", line)
    }
    assert table == {
        "Plan": ["3", "0", "0", "0", "0", "3"],
        "Training": ["2", "0", "1", "0", "0", "3"],
        "Key recommendations": ["3", "0", "0", "0", "0", "3"],
    }
    assert done.out.splitlines()[-4:] == [
        "Duty not met, and no update since the letter: 3",
        "2026-05-30  Borshire County Council: plan",
        "2026-05-30  Borshire County Council: training",
        "2027-05-30  Aldshire County Council: plan",
    ]
    assert len(json.loads(run("progress", ".", "--format", "json").out)) == 9


def test_two_languages_are_one_letter_and_other_sets_have_their_own_table(
    run: Run, sent: Path
) -> None:
    own = (SETS / "short.yaml").read_text(encoding="utf-8")
    (sent.parent / "short.yaml").write_text(own, encoding="utf-8")
    write(sent.parent, "Aldshire", plan=2, training=4, end=END, set="short.yaml")
    write(
        sent.parent,
        "Aldshire",
        set="short.yaml",
        plan=2,
        training=4,
        authority="Cyngor Ald",
        file="aldshire_2027.cy.yaml",
        end="language: cy\nsent: 2027-05-30\n",
    )
    done = run("progress")
    assert done.code == 1  # there is no wording in Welsh here, which is said
    assert (
        "aldshire_2027.cy.yaml: this file is not counted: there is no letter in the language cy"
        in done.err
    )
    (sent.parent / "own").mkdir()
    letter = (CHECKOUT / "templates" / "letter.html.j2").read_text(encoding="utf-8")
    (sent.parent / "own" / "letter.cy.html.j2").write_text(letter, encoding="utf-8")
    (sent.parent / "prevent-letter.yaml").write_text("templates: own\n", encoding="utf-8")
    done = run("progress")
    assert done.code == 0
    assert "Progress on the recommendations of 1 letter" in done.out
    assert "Aldshire County Council: plan" in done.out


def test_of_two_languages_the_one_with_more_words_is_taken(run: Run, sent: Path) -> None:
    folder = sent.parent
    (folder / "own").mkdir()
    letter = (CHECKOUT / "templates" / "letter.html.j2").read_text(encoding="utf-8")
    (folder / "own" / "letter.cy.html.j2").write_text(letter, encoding="utf-8")
    (folder / "prevent-letter.yaml").write_text("templates: own\n", encoding="utf-8")
    own = (SETS / "short.yaml").read_text(encoding="utf-8")
    (folder / "short.yaml").write_text(own, encoding="utf-8")
    write(folder, "Aldshire", plan=2, set="short.yaml", end="sent: 2027-05-30\n")
    welsh = "language: cy\n" + END
    write(
        folder,
        "Aldshire",
        plan=2,
        set="short.yaml",
        file="aldshire_2027.cy.yaml",
        authority="Cyngor Ald",
        end=welsh,
    )
    # Another year's Welsh letter, of the same name but for its year, is another letter.
    write(
        folder, "Borshire", "2025/2026", set="short.yaml", file="b.yaml", end="sent: 2026-05-30\n"
    )
    write(
        folder,
        "Borshire",
        set="short.yaml",
        file="b.cy.yaml",
        authority="Cyngor Bor",
        end="language: cy\nsent: 2027-05-30\n",
    )
    found = json.loads(run("progress", "--format", "json").out)
    assert list(dict.fromkeys(each["path"] for each in found)) == [
        "b.yaml",
        "aldshire_2027.cy.yaml",
        "b.cy.yaml",
    ]
    write(folder, "Corshire", set="short.yaml", plan="")  # a draft is nobody's fault here
    assert run("progress").code == 0


def test_handle_that_means_nothing_is_helped(run: Run, sent: Path) -> None:
    text = sent.read_text(encoding="utf-8").replace(
        "about: training, status: Not", "about: ABOUT, status: Not"
    )
    text = re.sub(r"(?m)^      None of the districts.*\n", "", text).replace(
        "    recommendations: |\n  training", "  training"
    )
    for about, said in {
        "plan": 'PL123: "plan" is not a recommendation of this letter: it recommends nothing on Plan',
        "Training ": "",
        "trainign": "help: did you mean training?",
        "training.7": "help: there are training",
        "elsewhere": "help: there are training, key.1",
    }.items():
        sent.write_text(text.replace("ABOUT", about), encoding="utf-8")
        assert said in run("check", sent).out, about


def test_fault_and_wrong_use_are_said(run: Run, sent: Path) -> None:
    assert run("progress", sent.parent / "none.yaml").code == 2
    unsent = write(sent.parent, "Borshire")
    assert run("progress", unsent).out.startswith(
        "Borshire County Council 2026/2027, not sent yet\n"
    )
    for arguments in (
        [sent, "--council"],
        [sent.parent, "--council", "-o", "a.html"],
        [unsent, "--council", "-o", "a.html"],
        [sent, "--council", "-o", "a.html", "--format", "csv"],
    ):
        assert run("progress", *arguments).code == 2
    sent.unlink()
    assert "none of these letters was sent yet" in run("progress").err
    broken = write(sent.parent, "Corshire", end=END.replace("about: training", "about: trainign"))
    faulty = run("progress", broken)
    assert faulty.code == 1
    assert 'error PL123: "trainign" is not a recommendation of this letter' in faulty.err
    assert "help: did you mean training?" in faulty.err
    assert "corshire_2027.yaml: this file is not counted:" in run("progress").err


def test_page_for_the_council_has_no_notes(run: Run, sent: Path) -> None:
    text = (
        sent.read_text(encoding="utf-8").replace("Train more people,", "*Train* more <people>,")
        + "marking: OFFICIAL & more\n"
    )
    sent.write_text(text, encoding="utf-8")
    assert run("progress", sent, "--council", "-o", "council.html").out == "council.html\n"
    page = (sent.parent / "council.html").read_text(encoding="utf-8")
    for said in (
        '<th scope="row"><em>Train</em> more &lt;people&gt;,',
        '<span class="tag is-in-progress">In progress</span>',
        '<time datetime="2027-11-02">2 November 2027</time>',
        "<strong>0 of 3 done</strong>, as at",
        'sent on <time datetime="2027-05-30">30 May 2027</time>',
        '<span class="tag is-no-update-yet">No update yet</span></td>',
        "OFFICIAL &amp; more",
    ):
        assert said in page, said
    assert 'content: "OFFICIAL & more"' in page
    assert not re.search("Private|Advisor|Score|<script", page)
    assert "unchanged" in run("progress", sent, "--council", "-o", "council.html").err
    sent.write_text(text.replace("In  Progress", "done"), encoding="utf-8")
    assert run("progress", sent, "--council", "-o", "council.html").code == 1
    assert run("progress", sent, "--council", "-o", "council.html", "--force").code == 0


@pytest.mark.browser
def test_axe_finds_nothing_on_the_page_for_the_council(run: Run, sent: Path, browser: Any) -> None:
    sent.write_text(sent.read_text(encoding="utf-8") + "marking: OFFICIAL\n", encoding="utf-8")
    run("progress", sent, "--council", "-o", "council.html")
    is_accessible(browser, (sent.parent / "council.html").as_uri())
