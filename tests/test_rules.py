"""Each rule finds its fault at its place and nothing else; clean drafts of any style are left alone."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml
from conftest import CHECKOUT, EXAMPLE, HEAD, PLAIN, Lines, Run, part

from prevent_letter.assessment import source
from prevent_letter.assessment.drafts import DraftLoader
from prevent_letter.core.findings import Finding
from prevent_letter.rules import engine, explain, notes
from prevent_letter.rules.context import RULES

HERE = Path(__file__).parent
EDITS = sorted((HERE / "edits").glob("*.yaml"))
CLEAN = sorted((HERE / "clean").glob("*.yaml"))
TEXT = EXAMPLE.read_text(encoding="utf-8")


def told(findings: list[Finding]) -> list[str]:
    return [f"{each.place.line}:{each.place.column} {each.code}" for each in sorted(set(findings))]


def judged(*paths: Path) -> list[Finding]:
    loader = DraftLoader()
    drafts = [loader.load(path) for path in paths]
    return [each for findings in engine.apply_rules(drafts, {}).values() for each in findings]


def edited(name: str) -> tuple[str, list[str]]:
    """The example with a small edit, and what the edit's file expects of it."""
    edit = yaml.load((HERE / "edits" / f"{name}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    assert TEXT.count(edit["replace"]) == 1
    return TEXT.replace(edit["replace"], edit["with"]), edit["expect"].split(", ")


@pytest.mark.parametrize("edit", EDITS, ids=lambda path: path.stem)
def test_fault_is_found_at_its_place_and_nothing_else_is(edit: Path, example: Path) -> None:
    text, expected = edited(edit.stem)
    example.write_text(text, encoding="utf-8")
    findings = judged(example)
    assert told(findings) == expected
    for each in findings:
        assert each.help
        assert not re.search(r"[.]$", each.message)


def test_each_list_of_words_is_used_by_the_file_that_it_names() -> None:
    rules = CHECKOUT / "prevent_letter" / "rules"
    rows = (rules / "words.txt").read_text(encoding="utf-8").splitlines()[1:]
    names = [row.partition("\t")[0] for row in rows]
    assert names == sorted({*names})
    for path in rules.glob("*.py"):
        used = re.findall(r'word_list\("([\w.]+)"\)', path.read_text(encoding="utf-8"))
        assert sorted(used) == [name for name in names if name.startswith(f"{path.stem}.")]


def test_there_are_faults_for_each_rule() -> None:
    assert len(EDITS) >= 40
    found = {
        code
        for edit in EDITS
        for code in re.findall(r"PL\d{3}", edit.read_text(encoding="utf-8").split("\n")[0])
    }
    assert {code for code in RULES if not code.startswith("PL4")} <= found


def test_note_of_the_draft_and_two_full_stops_are_exactly_three_findings(example: Path) -> None:
    text = edited("note_of_the_draft")[0]
    for ended in (
        "have a good awareness.",
        "of Prevent, mitigate risk, and improve public confidence in the policy.",
    ):
        assert text.count(ended) == 1
        text = text.replace(ended, ended[:-1])
    example.write_text(text, encoding="utf-8")
    assert [each.code for each in judged(example)] == ["PL302"] * 3
    assert judged(EXAMPLE) == []


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.stem)
def test_clean_draft_is_left_alone(path: Path, run: Run, tmp_path: Path) -> None:
    assert list(map(str, judged(path))) == []
    assert run("build", path, "-o", tmp_path).code == 0


def test_clean_drafts_together_have_no_finding(run: Run) -> None:
    assert len(CLEAN) >= 10
    assert run("check", "--strict", HERE / "clean").out == ""


# Sentences that advisors write: what is quiet, and what is found how often. The plan scores 3, which meets the duty,
# training 4, unless the scores are given.

QUIET = [
    ("plan", "It is good.\n\n- \u00a0\n\n\u00a0\n\nIt is shared."),
    (
        "summary",
        "All benchmarks are met or exceeded. Exampleshire meets or exceeds the duty in every area.",
    ),
    ("summary", "All benchmarks are met and one is exceeded."),
    (
        "summary",
        "Community groups meet in every area of the county. The lead has met each area manager.",
    ),
    ("summary", "We met partners from all areas of the county."),
    (
        "plan",
        "The plan needs work. To reach a score of 5, it should be shared. In order to score 5 the board must meet.",
    ),
    ("plan", "The risk is scored 12 on the corporate register, and scored 85% in the survey."),
    (
        "plan",
        "It scored one of the highest results, and scored three times in the audit. Scores of 1 and 2 are below it.",
    ),
    (
        "summary",
        "The plan was approved in\n2022. It is reviewed yearly, see section\n36. The panel met at\n10. It heard 3 cases.",
    ),
    ("summary", "The plan is clear.[1]\n\nIt is shared (cf. p. 3).¹"),
    (
        "summary",
        "The board\n– which meets quarterly – is well led (see paragraph\n12) and is understood.",
    ),
    (
        "summary",
        "See [Date of the next meeting](https://a.example) and [Number of referrals](https://a.example).",
    ),
    ("summary", 'The report says "[name redacted] was referred".'),
    (
        "summary",
        "Dr J J Patel chairs. Will will chair next. May may follow. He had had doubts about that that they said.",
    ),
    (
        "summary",
        "Survey results are good. While the board met, Prime responsibility lay with Leads and Offices. Trend lines fell.",
    ),
    ("plan", "The matrix scores four risks as red, and each of them has an owner."),
    (
        "plan",
        "The course was scored 4.6 by those who attended. The session was scored 4 out of 5 by those who attended.",
    ),
    (
        "plan",
        "A score of 4 would need an evaluation, and that is planned. What is missing for a score of 4 is an evaluation.",
    ),
    ("summary", "The Prevent forum met in each area, and residents spoke freely."),
    ("summary", "The chair asked me whether every benchmark is met. I had to say that one is not."),
    ("plan", "The board knows that the duty is not met by a single agency alone."),
    ("plan", "Nothing in the audit suggests that the duty is not met."),
    ("plan", "Attendance exceeds the standard set by the corporate training team."),
    (
        "plan",
        'Replace "TBC" in the owner column of the plan with a name. The preface (page xx) thanks the partners.',
    ),
    (
        "summary",
        "Agree the plan for 2027/28 by September 2027. The budget for 2027/2028 has been set.",
    ),
    (
        "summary",
        "Attendance was much the same as last year. Schools need to be advised of the change before the end of term.",
    ),
    (
        "summary",
        "New deputies have to be confirmed by the board. Venue managers check with Wexample Police before they accept a booking.",
    ),
    (
        "summary",
        "Three things changed. HR: it now checks the list. The course ran again in the w/c 10 May.",
    ),
    (
        "summary",
        "Of the 42 March referrals, all were looked at within five days. All 31 June sessions were full.",
    ),
    (
        "plan",
        "The review that was due by March 2027 should now be completed. The plan agreed by 31 March 2027 should be published.",
    ),
    (
        "summary",
        "Shire Hall, built in 1928, has a new booking desk. The charity has worked with the young since 1926.",
    ),
    (
        "summary",
        "Any person aged 16 or over may book a place. Each 11-year-old pupil is given a lesson on what is real online.",
    ),
    (
        "summary",
        "In Annex A the statement is short. The team keeps an A to Z of those who can help.",
    ),
    (
        "summary",
        "The room is open from 9 a.m., and the course begins at 10 a.m. sharp. It was hired by Sample & Co., a caterer.",
    ),
    ("summary", "The board (which began as a forum (of volunteers) in 2019) meets each term."),
    (
        "summary",
        "Councillors, officers and partners form the board. The form the council uses is short. Its important role is known to all.",
    ),
    (
        "summary",
        "The board is praised for its clear terms of reference. The officers there work closely with the schools.",
    ),
    ("summary", "Long rotas prevent duty managers from attending, so the course was put online."),
    ("summary", "Residents can call the council's helpline, 0808 157 0123, at any hour."),
    (
        "summary",
        "The links that the council has have grown. It is a forum that people take part in of their own accord.",
    ),
    ("summary", "It falls under (a) the plan and (b) the duty; see point 1) and point b) of it."),
    (
        "summary",
        'The strategy, "Safe: together", is at https://a.example/x,y;z and [here](https://a.example/a(b)). The ratio is 3:1 at 12:30.',
    ),
]
FOUND = [
    (
        "summary",
        "It ends in a space\u00a0\n\nIt ends in\u2003two  spaces\u00a0\u00a0",
        ["PL302"] * 2,
    ),
    (
        "summary",
        "All ten of the benchmarks are exceeded. Every one of the benchmarks is exceeded.",
        ["PL207"] * 2,
    ),
    (
        "summary",
        "Exampleshire exceeds the statutory requirements of the duty in every area.",
        ["PL207"],
    ),
    (
        "plan",
        "In 2026/2027 the plan scores 4. The score here is five. It was scored 2; feedback from staff is good.",
        ["PL206"] * 3,
    ),
    (
        "summary",
        "They saw the board.\n\nThe end was near. Then the the end. In the the autumn and in the the spring.",
        ["PL303"] * 3,
    ),
    ("summary", "The **the** board isn't isn't here. Ym Môn Môn-y.", ["PL303"] * 2),
    ("summary", "TBC and tbc, in 20XX at £XX with [XX] and [Council name] and ???.", ["PL301"] * 7),
    (
        "summary",
        "Work began by the end of the year. It was done.\n\nWe met by the end of the year",
        ["PL302"],
    ),
    ("summary", "- Engagement is good.\n- Engagement is good\n- Engagement is good", ["PL302"]),
    ("summary", "Engagement is good.\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0", []),
    ("summary", "Engagement is good\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0", ["PL302"]),
    ("summary", "In 2025/2026 and again in 2025/2026 the board met.", ["PL304"] * 2),
    ("summary", "Exampelshire, Examplshire and Exampleshira meet.", ["PL305"] * 3),
    ("summary", "Consider:\n\n• one thing.\n• another.", ["PL308"]),
]


def drafted(field: str, words: str, example: Path) -> Path:
    text = PLAIN
    text = text.replace("../criteria/short.yaml", (HERE / "criteria" / "short.yaml").as_posix())
    key = {"summary": "summary", "plan": "    good_practice"}[field]
    indent = " " * (len(key) - len(key.lstrip()) + 2)
    block = "".join(f"{indent}{line}\n" if line else "\n" for line in words.split("\n"))
    text = re.sub(
        rf"(?m)^{key}: \|\n(?:{indent}.*\n|\n)+", lambda _: f"{key}: |\n{block}", text, count=1
    )
    example.write_text(text, encoding="utf-8")
    return example


@pytest.mark.parametrize(("field", "words"), QUIET)
def test_ordinary_prose_is_left_alone(field: str, words: str, example: Path) -> None:
    assert list(map(str, judged(drafted(field, words, example)))) == []


@pytest.mark.parametrize(("field", "words", "codes"), FOUND)
def test_faults_are_found_each_at_a_place_of_its_own(
    field: str, words: str, codes: list[str], example: Path
) -> None:
    found = judged(drafted(field, words, example))
    assert [each.code for each in sorted(found)] == codes
    assert len({(each.place.line, each.place.column) for each in found}) == len(codes)


@pytest.mark.parametrize(
    "words",
    [
        "None.",
        "- None.",
        "*None*",
        "**N/A**",
        "No recommendations.",
        "None at this time.",
        "-",
        "–",
    ],
)
def test_nothing_said_in_any_way_is_nothing_recommended(words: str, example: Path) -> None:
    problem = "  problem_solving:\n    score: 4\n"
    recommended = f"    recommendations: |\n      {words}\n"
    example.write_text(
        TEXT.replace(problem, f"{problem.replace('4', '2')}{recommended}"), encoding="utf-8"
    )
    assert [each.code for each in judged(example)] == ["PL203"]
    example.write_text(TEXT.replace(problem, f"{problem}{recommended}"), encoding="utf-8")
    assert [each.code for each in judged(example)] == ["PL202"]


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("North Example Council\n    Exampletown", ["PL306"]),
        ("The Chief Executive, Example Council, Exampletown", []),
        ("EXAMPLE COUNCIL\n    Exampletown", []),
    ],
)
def test_address_names_the_authority_on_a_line_of_its_own(
    address: str, codes: list[str], example: Path
) -> None:
    text = PLAIN.replace("Exampleshire County Council", "Example Council")
    text = text.replace("../criteria/short.yaml", (HERE / "criteria" / "short.yaml").as_posix())
    text = re.sub(r"(?s)  address: \|\n.*?advisor:", f"  address: |\n    {address}\nadvisor:", text)
    example.write_text(text, encoding="utf-8")
    assert [each.code for each in judged(example)] == codes


# The drafts of a run against each other.


def council(
    folder: Path, name: str, authority: str, area: str, summary: str, more: str = ""
) -> Path:
    text = PLAIN
    text = text.replace("Exampleshire County Council", authority).replace(
        "area: Exampleshire", f"area: {area}"
    )
    text = text.replace("../criteria/short.yaml", (HERE / "criteria" / "short.yaml").as_posix())
    text = re.sub(
        r"(?ms)^summary: \|\n.*?^benchmarks:", f"{more}summary: |\n  {summary}\nbenchmarks:", text
    )
    path = folder / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_other_authoritys_name_is_found_as_a_whole_word(tmp_path: Path) -> None:
    council(tmp_path, "rutshire", "Rutshire County Council", "Rutshire", "Rutshire meets the duty.")
    council(tmp_path, "rut", "Rut District Council", "Rut", "The rut season is over in Rut.")
    council(
        tmp_path,
        "east",
        "East Rutshire Council",
        "East Rutshire",
        "East Rutshire is not Rutshireland, and rutshire is no name.",
    )
    wrong = council(
        tmp_path,
        "north",
        "North Council",
        "North",
        "Prevent in Rutshire is well led. So is East\n  Rutshire's work.",
    )
    found = judged(*sorted(tmp_path.glob("*.yaml")))
    assert [
        (each.place.path.name, each.place.line, each.place.column, each.code)
        for each in sorted(found)
    ] == [("north.yaml", 19, 14, "PL403"), ("north.yaml", 19, 42, "PL403")]
    partners = "partners: [Rutshire County Council, East Rutshire Council]\n"
    council(
        tmp_path,
        "north",
        "North Council",
        "North",
        "Prevent in Rutshire is well led, in East Rutshire too.",
        partners,
    )
    assert judged(*sorted(tmp_path.glob("*.yaml"))) == []
    assert judged(wrong) == []  # alone it can't be told


@pytest.mark.parametrize(
    "written", ["Rutshire & Mid Rutland", "Rutshire and Mid Rutland", "RUTSHIRE AND MID RUTLAND"]
)
def test_other_authoritys_name_is_found_however_it_is_written(written: str, tmp_path: Path) -> None:
    council(
        tmp_path,
        "two",
        "Rutshire & Mid Rutland Council",
        "Rutshire & Mid Rutland",
        f"{written} meets the duty.",
    )
    council(tmp_path, "north", "North Council", "North", f"Prevent in {written} is well led.")
    found = judged(*sorted(tmp_path.glob("*.yaml")))
    assert [(each.place.path.name, each.code) for each in found] == [("north.yaml", "PL403")]
    council(
        tmp_path,
        "north",
        "North Council",
        "North",
        f"The work of {written} Constabulary is well known.",
    )
    assert judged(*sorted(tmp_path.glob("*.yaml"))) == []


def test_two_assessments_of_one_authority_and_period(run: Run, tmp_path: Path) -> None:
    council(tmp_path, "a", "Rutshire County Council", "Rutshire", "Rutshire meets the duty.")
    council(
        tmp_path / "more", "b", "Rutshire County Council", "Rutshire", "Rutshire meets the duty."
    )
    checked = run("check", tmp_path)
    assert checked.code == 1
    assert "a.yaml:1:12: error PL401:" in checked.out
    assert "b.yaml:1:12: error PL401:" in checked.out
    assert checked.out.count("PL4") == 2
    assert run("build", tmp_path / "a.yaml", tmp_path / "more" / "b.yaml").code == 1


@pytest.mark.parametrize("stage", [["--draft"], []])
def test_two_letters_in_one_place_stop_both(stage: list[str], run: Run, tmp_path: Path) -> None:
    first = council(
        tmp_path / "a", "x", "Rutshire County Council", "Rutshire", "Rutshire meets the duty."
    )
    second = council(tmp_path / "b", "X", "North Council", "North", "North meets the duty.")
    built = run("build", first, second, "-o", tmp_path / "out", *stage)
    assert built.code == 1
    assert "x.yaml:1:1: error PL402" in built.err
    assert "X.yaml:1:1: error PL402" in built.err
    assert not (tmp_path / "out").exists()
    shutil.copy(first, tmp_path / "a" / "x.yml")
    assert "PL402" in run("check", tmp_path / "a").out


def test_settings_are_those_of_where_the_file_lies(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    council(tmp_path / "b", "x", "North Council", "North", "North meets the duty.")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "prevent-letter.yaml").write_text("output: out\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "a")
    assert run("build", "../b/x.yaml").out == "../b/x.docx\n"


# What is accepted, ignored and raised.


def test_accepted_warning_is_silent_below_its_path_and_an_error_never_is(
    run: Run, example: Path
) -> None:
    doubled = TEXT.replace("Ensure that all staff", "Ensure that that all all staff").replace(
        "There is a mapped", "There is is a mapped"
    )
    for at, silent in (
        ("", 2), (", at: benchmarks", 1), (", at: benchmarks.partnership_board.good_practice", 1),
        (", at: key_recommendations.1", 1), (", at: key_recommendations", 1), (", at: key_recommendations.2", 0), (", at: bench", 0),
    ):  # fmt: skip
        accepted = f"accepted:\n  - {{rule: PL303{at}, reason: it is meant}}\n"
        example.write_text(
            doubled.replace("criteria: annex_a\n", f"criteria: annex_a\n{accepted}"),
            encoding="utf-8",
        )
        checked = run("check", example)
        assert checked.code == 0
        assert checked.out.count("warning PL303") == 2 - silent
        assert checked.out.count("warning PL210") == (silent == 0)
    example.with_name("prevent-letter.yaml").write_text(
        "rules: {ignore: [PL303]}\n", encoding="utf-8"
    )
    assert run("check", "--strict", example).code == 0  # its rule didn't run this time
    example.with_name("prevent-letter.yaml").write_text(
        "rules: {error: [PL303]}\n", encoding="utf-8"
    )
    assert run("check", example).out.count("error PL303") == 2


@pytest.mark.parametrize(
    "at", ["1" * 5000, "key_recommendations." + "1" * 5000, ".", "key_recommendations.0", "..x"]
)
def test_odd_paths_of_accepted_are_no_trouble(at: str, run: Run, example: Path) -> None:
    accepted = f"criteria: annex_a\naccepted:\n  - {{rule: ' PL303', at: '{at}', reason: odd}}\n"
    example.write_text(TEXT.replace("criteria: annex_a\n", accepted), encoding="utf-8")
    checked = run("check", example)
    assert (checked.code, checked.out.count("PL210")) == (0, 1)


def test_refused_item_of_accepted_is_told_once(example: Path) -> None:
    example.write_text(TEXT + "accepted:\n  - {rule: [PL303], reason: x}\n", encoding="utf-8")
    assert [each.code for each in judged(example)] == ["PL103"]


def test_set_that_only_the_settings_name_is_looked_for(run: Run, example: Path) -> None:
    example.with_name("prevent-letter.yaml").write_text("criteria: anex_a\n", encoding="utf-8")
    assert "prevent-letter.yaml:1:11: error PL110" in run("check", example).out


@pytest.mark.skipif(os.name == "nt", reason="needs links, pipes and odd names")
def test_links_pipes_and_odd_names(run: Run, example: Path) -> None:
    (example.parent / "link.yaml").symlink_to(example)
    os.mkfifo(example.parent / "pipe.yaml")
    (example.parent / "utf_16.yaml").write_text(TEXT, encoding="utf-16")
    checked = run("check", example.parent)
    assert checked.err.startswith("2 files, 1 error, 0 warnings\n")
    assert "utf_16.yaml:1:1: error PL002" in checked.out
    assert run("check", "x" * 300).code == 2
    odd = os.fsencode(example.parent) + b"/\xff.yaml"
    Path(os.fsdecode(odd)).write_text("area: x\nadvisor: @x\n", encoding="utf-8")
    command: list[str | bytes] = [
        sys.executable,
        "-m",
        "prevent_letter",
        "check",
        "--format",
        "json",
        odd,
    ]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 1
    assert json.loads(done.stdout)[0]["code"] == "PL006"
    with example.open("rb") as piped:
        done = subprocess.run(
            [*command[:-3], "/dev/stdin"], stdin=piped, capture_output=True, check=False
        )
    assert b"PL012" not in done.stdout


def test_two_letters_in_one_place_cant_be_ignored(run: Run, example: Path) -> None:
    example.with_name("prevent-letter.yaml").write_text(
        "rules: {ignore: [PL401, PL402]}\n", encoding="utf-8"
    )
    assert "prevent-letter.yaml:1:25: error PL117" in run("check", example).out


def test_placeholder_in_cc_and_odd_character_in_partners(example: Path) -> None:
    example.write_text(TEXT.replace("Jane Moore", "TBC"), encoding="utf-8")
    assert [str(each).split(": ")[1] for each in judged(example)] == ["error PL301"]
    example.write_text(
        TEXT.replace("  - Rutland County Council\n", "  - Rutland ✅\n"), encoding="utf-8"
    )
    assert judged(example) == []  # the letter doesn't show them


# Files and folders.


def test_prompts_known_are_those_of_the_form(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("new", "Exampleshire County Council", "--period", "2026/2027")
    assert run("build", "--draft", "-f", "html", "exampleshire_2027.yaml").code == 0
    form = (tmp_path / "exampleshire_2027.draft.html").read_text(encoding="utf-8")
    shown = re.findall(r'<span class="prompt">\[(.*?)\]</span>', form)
    assert sorted(set(shown)) == sorted(notes.PROMPTS)


@pytest.mark.parametrize("words", notes.PROMPTS)
def test_prompt_of_the_form_left_in_a_letter_is_an_error(words: str, example: Path) -> None:
    for field in ("summary", "plan"):
        drafted(field, f"[{words}]", example)
        error = next(each for each in judged(example) if each.code == "PL301")
        assert error.severity == "error"
        assert error.help is not None
        assert notes.PROMPTS[words] == ("delete the line" in error.help)


def test_files_of_a_folder_are_sorted_by_what_they_are(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = example.parent
    (folder / "criteria").mkdir()
    (folder / "criteria" / "own.yml").write_text(
        "title: Own\nscale: {min: 1, max: 0, met: 3}\nbenchmarks: []\n", encoding="utf-8"
    )
    (folder / "prevent-letter.yaml").write_text("rules: {ignore: [PL999]}\n", encoding="utf-8")
    (folder / "broken.YAML").write_text("advisor: @me\n", encoding="utf-8")
    (folder / "empty.yaml").write_bytes(b"")
    for other in ("docker-compose.yaml", ".hidden.yaml", "notes.txt"):
        (folder / other).write_text("services: {}\n", encoding="utf-8")
    (folder / ".git").mkdir()
    shutil.copy(example, folder / ".git" / "copy.yaml")
    monkeypatch.chdir(folder)
    checked = run("check")
    assert [
        line.split(" ")[0] + " " + line.split(" ")[2]
        for line in checked.out.splitlines()
        if ": error " in line
    ] == [
        "broken.YAML:1:10: PL006:",
        "criteria/own.yml:2:8: PL112:",
        "prevent-letter.yaml:1:18: PL117:",
    ]
    assert checked.err.startswith("4 files, 3 errors, 0 warnings; 2 other YAML files passed over\n")
    assert run(
        "check", "criteria/own.yml", "prevent-letter.yaml", "docker-compose.yaml"
    ).err.startswith("3 files, ")
    assert run("check", example.name, ".", example.name).err.startswith("4 files, ")


# Output.


def test_json_is_one_array_and_utf_8_whatever_the_console(example: Path) -> None:
    example.write_text(
        TEXT.replace("greeting: Gurjit", "greeting: Gurjit\n  grüße: «»"), encoding="utf-8"
    )
    command = [sys.executable, "-m", "prevent_letter", "check", "--format", "json", str(example)]
    done = subprocess.run(
        command,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 1
    if os.path.splitdrive(example)[0] != os.path.splitdrive(Path.cwd())[0]:
        pytest.skip("the path of the finding is from this drive")
    [finding] = json.loads(done.stdout.decode("utf-8"))
    assert finding == {
        "path": Path(os.path.relpath(example)).as_posix(),
        "line": 10,
        "column": 3,
        "code": "PL101",
        "severity": "error",
        "message": '"grüße" is not a key that belongs under addressee',
        "help": "the keys here are name, greeting, address",
    }


def test_json_of_nothing_is_an_empty_array(run: Run, example: Path) -> None:
    assert json.loads(run("check", "--format", "json", example).out) == []


def test_annotations_land_on_the_line_and_no_words_can_write_commands(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = example.with_name("a,b%25:c.yaml")
    path.write_text(
        TEXT.replace("period: 2021/2022", 'period: "100%\\n::error::gotcha\\r"'), encoding="utf-8"
    )
    monkeypatch.chdir(path.parent)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    shown = run("check", path.name)
    assert shown.out == (
        "::error file=a%2Cb%2525%3Ac.yaml,line=4,col=9,title=PL105::"
        'period can\'t be read as a period: "100%25 ::error::gotcha"%0Awrite two years with a slash between them: 2021/2022\n'
    )
    assert "error PL105" in run("check", "--format", "text", path.name).out


def test_same_bytes_each_run_sorted_by_file_line_and_column(run: Run, tmp_path: Path) -> None:
    for number, edit in enumerate(EDITS[:20]):
        (tmp_path / f"{number:02}.yaml").write_text(edited(edit.stem)[0], encoding="utf-8")
    first = run("check", tmp_path, "--format", "json").out
    assert run("check", tmp_path, "--format", "json").out == first
    places = [(each["path"], each["line"], each["column"]) for each in json.loads(first)]
    assert places == sorted(places)


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("colour", [True, False])
def test_colour_on_a_terminal_unless_it_is_not_wanted(colour: bool, example: Path) -> None:
    import pty

    example.write_text(edited("doubled_word")[0], encoding="utf-8")
    environment = {**os.environ, "TERM": "xterm"} | ({} if colour else {"NO_COLOR": "1"})
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "prevent_letter", "check", str(example)]
    subprocess.run(command, stdout=theirs, stderr=subprocess.DEVNULL, check=False, env=environment)
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert ("\x1b[" in shown) is colour
    assert "PL303" in shown


def test_colour_in_a_log_where_it_is_asked_for(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The severity's own, under its words too; the counts at the end say the same."""
    example.write_text(edited("doubled_word")[0], encoding="utf-8")
    monkeypatch.setenv("FORCE_COLOR", "1")
    found = run("check", example)
    assert "\x1b[33m\x1b[1mwarning PL303" in found.out
    assert "\x1b[33m\x1b[1m^" in found.out
    assert "\x1b[33m\x1b[1m1 warning\x1b[0m" in found.err
    assert found.err.endswith("more about PL303: prevent-letter explain PL303\n")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("check", example).out


def test_long_lines_are_cut_round_the_caret_and_wide_characters_aligned(
    run: Run, example: Path
) -> None:
    some = " ".join(f"some{number} words" for number in range(30))
    long = f"{some} 中文字 the the {some} "
    example.write_text(
        TEXT.replace("      There is a mapped", f"      {long}\n      There is a mapped"),
        encoding="utf-8",
    )
    example.with_name("prevent-letter.yaml").write_text(
        "rules: {ignore: [PL309]}\n", encoding="utf-8"
    )
    shown = run("check", example).out.splitlines()
    assert shown[1].startswith("   66 | ...")
    assert max(len(line) for line in shown[1:3]) < 85
    text, caret = shown[1].split("| ", 1)[1], shown[2].split("| ", 1)[1]
    before = text[: text.index("the the")]
    assert (
        len(caret) - len(caret.lstrip()) == len(before) + 3
    )  # three characters that are two columns wide


# Explanations.


def test_each_code_is_explained(run: Run) -> None:
    listed = run("explain").out.splitlines()
    assert [line.split("  ")[0] for line in listed] == list(explain.known_codes())
    for code in explain.known_codes():
        said = run("explain", code.lower())
        assert said.code == 0
        assert said.out.startswith(f"{code} (")
        assert len(said.out.split("\n\n")[1]) > 20
        assert ("\nBad:\n" in said.out) is ("\nGood:\n" in said.out)
        assert code not in RULES or "\nBad:\n" in said.out
        assert max(map(len, said.out.splitlines())) <= 80
    assert "did you mean PL203?" in run("explain", "PL2O3").err


ANNEX_A = re.findall(
    r"(?m)^ +- id: (\w+)", (CHECKOUT / "criteria" / "annex_a.yaml").read_text(encoding="utf-8")
)
BASE: dict[str, Any] = yaml.load(HEAD.replace("date: 2027-06-01\n", ""), yaml.BaseLoader)
"""Without a date, since it is the first thing that the examples lack."""


def shown_in(code: str, kind: str) -> str:
    """The example of a code's explanation, as it stands there."""
    said = explain.known_codes()[code].explanation
    return said.split(f"\n{kind}:\n\n")[1].split("\n\nGood:\n")[0]


def snippets(code: str, kind: str) -> dict[str, Any]:
    """The example of a code, as the assessments that it makes by their files' names."""
    text = shown_in(code, kind)
    named = re.split(r"(?m)^ +# (.*\.ya?ml)\n", text)
    files = dict(zip(named[1::2], named[2::2], strict=True)) or {"exampleshire.yaml": text}
    made = {}
    for name, words in files.items():
        shown = yaml.load(dedent(words), yaml.BaseLoader)
        benchmarks = {id: {"score": "3"} for id in ANNEX_A} | shown.pop("benchmarks", {})
        benchmarks |= {id: shown.pop(id) for id in ANNEX_A if id in shown}
        benchmarks["training"] |= {
            key: shown.pop(key) for key in ("score", "recommendations") if key in shown
        }
        if "progress" in shown:  # on a letter that was sent, and that recommends something
            benchmarks["training"]["recommendations"] = "Train more people."
            shown.setdefault("sent", "2027-05-30")
        inner = {key: BASE[key] | shown.pop(key, {}) for key in ("addressee", "advisor")}
        made[name] = BASE | shown | inner | {"benchmarks": benchmarks}
        made[name]["as written"] = dedent(words).strip() + "\n" if shown.keys() == {"cc"} else ""
    return made


WITH_EXAMPLES = [code for code, said in explain.known_codes().items() if "Bad:" in said.explanation]


@pytest.mark.parametrize("code", [code for code in WITH_EXAMPLES if code < "PL1"])
@pytest.mark.parametrize("kind", ["Bad", "Good"])
def test_examples_of_a_faulty_file_are_what_they_are_called(code: str, kind: str) -> None:
    found = source.parse(Path("example.yaml"), dedent(shown_in(code, kind)).encode()).findings
    assert [each.code for each in found] == [code] * (kind == "Bad")


@pytest.mark.parametrize("code", [code for code in WITH_EXAMPLES if code > "PL1"])
@pytest.mark.parametrize("kind", ["Bad", "Good"])
def test_examples_of_a_code_are_what_they_are_called(code: str, kind: str, tmp_path: Path) -> None:
    paths = []
    for name, data in snippets(code, kind).items():
        paths.append(tmp_path / name)
        if raw := data.pop("as written"):  # where the layout is what matters
            del data["cc"]
        text = raw + yaml.dump(
            data, Dumper=Lines, sort_keys=False, allow_unicode=True, width=10_000
        )
        paths[-1].write_text(re.sub(r": '([0-9/-]+)'\n", r": \1\n", text), encoding="utf-8")
    (tmp_path / "ours").mkdir()
    shutil.copy(CHECKOUT / "templates" / "letter.html.j2", tmp_path / "ours" / "letter.cy.html.j2")
    (tmp_path / "prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    drafts = [DraftLoader().load(path) for path in paths]
    for draft in drafts:
        assert not draft.findings or (kind == "Bad" and code not in RULES)
    found = engine.apply_rules(drafts, {path: path.with_suffix(".docx") for path in paths})
    assert (code in {each.code for findings in found.values() for each in findings}) is (
        kind == "Bad"
    )


def unfinished(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The example with the last score left out, a 2 without recommendations, and other changes."""
    text = EXAMPLE.read_text(encoding="utf-8")
    head, training = text.split("  training:\n")
    training = re.sub(r"score: [0-9]", "score: 2", training, count=1)
    training = re.sub(r"(?s)    recommendations: \|\n.*?(?=\n  \w)", "", training, count=1)
    before, last = training.rsplit("    score: ", 1)
    text = f"{head}  training:\n{before}    score:\n{last.partition(chr(10))[2]}"
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "exampleshire.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("changes", [(), (("email: ", "email: at-"),)], ids=["missing", "wrong"])
def test_each_scored_benchmark_is_judged_before_all_are(
    changes: tuple[tuple[str, str], ...], run: Run, tmp_path: Path
) -> None:
    path = unfinished(tmp_path, *changes)
    checked = run("check", path)
    assert "score of Communications is missing" in checked.out
    assert "error PL203: Training scores 2 (duty not met) but has no recommendations" in checked.out
    assert "PL205" not in checked.out  # what concerns the whole letter, once it is whole


def test_draft_without_a_score_is_built_with_comments(run: Run, tmp_path: Path) -> None:
    path = unfinished(tmp_path)
    built = run("build", "--draft", "--comments", path)
    assert built.code == 0, built.err
    comments = part(path.with_name("exampleshire.draft.docx"), "word/comments.xml")
    assert "Training scores 2 (duty not met) but has no recommendations" in "".join(
        comments.itertext()
    )


def test_build_says_what_it_leaves_unsaid(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    summary = "1 letter: 1 built, 0 unchanged, 0 kept, 0 failed\n"
    assert run("build", "a.yaml").err == summary
    text = re.sub("greeting: .*", "greeting: Dear Gurjit,", text)
    text = text.replace("Overall, my", "Overall, my my", 1)
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    built = run("build", "a.yaml")
    assert (built.code, built.err) == (
        0,
        f"{summary}2 warnings in 1 file: prevent-letter check a.yaml\n",
    )
    assert "1 file, 0 errors, 2 warnings" in run("check", "a.yaml").err
    assert "warning" not in run("build", "--quiet", "--force", "a.yaml").err


def test_names_of_the_region_are_no_mistakes(tmp_path: Path) -> None:
    words = "Exampelshire Water and Rutshire County Council meet in Torbay with the Adn Trust."
    words += " They went to Chanel House, and to the channel panel hub."
    path = council(tmp_path, "a", "Exampleshire County Council", "Exampleshire", words)
    assert {each.code for each in judged(path)} == {"PL305", "PL324", "PL325", "PL331"}
    names = "names: [Exampelshire Water, Rutshire County Council, Torbay, Adn Trust, Chanel House,"
    names += " the channel panel hub]\n"
    (tmp_path / "prevent-letter.yaml").write_text(names, encoding="utf-8")
    assert {each.code for each in judged(path)} == {"PL110"}  # the set is outside the repository


def test_a_council_after_many_names_of_others_is_told_once(tmp_path: Path) -> None:
    other = council(tmp_path, "b", "Rutshire County Council", "Rutshire", "All is well.")
    words = "We met Rutshire.\n  " * 21 + "Rutshire County Council came."
    path = council(tmp_path, "a", "Exampleshire County Council", "Exampleshire", words)
    found = [each for each in judged(path, other) if each.code in ("PL331", "PL403")]
    assert {each.code for each in found} == {"PL403"}
    assert sum(each.times for each in found) == 22


def test_many_files_have_a_line_for_each_code(run: Run, tmp_path: Path) -> None:
    for n in range(12):
        words = "It is done. Then the the end." if n % 2 else "It is TBC. It is done on 31 June."
        council(tmp_path, f"a{n}", f"Example{n} Council", f"Example{n}", words)
    done = run("check", "--quiet", tmp_path)
    assert done.out == ""
    lines = done.err.splitlines()
    assert "PL303: 6 in 6 files" in lines
    assert "PL301: 6 in 6 files" in lines
    assert lines[-2].startswith("12 files, 6 errors")
    assert "warning PL303" in run("check", tmp_path).out


def test_end_says_what_can_be_fixed(run: Run, tmp_path: Path) -> None:
    path = council(tmp_path, "a", "Example Council", "Example", "It is done.")
    path.write_text(path.read_text("utf-8").replace("2027-05-27", "27/05/2027"), "utf-8")
    done = run("check", path)
    assert done.err.splitlines()[-1] == "1 finding can be fixed: prevent-letter check --fix"
