"""From a blank page: the assessment to fill in, what is carried over, and the criteria at hand."""

import datetime as dt
import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import CHECKOUT, EXAMPLE, Run

from prevent_letter.assessment import blank, source
from prevent_letter.core.findings import UserError
from prevent_letter.starting import new

TODAY = dt.date(2026, 11, 24)


class Today(dt.date):
    @classmethod
    def today(cls) -> "Today":
        return cls(TODAY.year, TODAY.month, TODAY.day)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, on a day that is known."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(new, "dt", SimpleNamespace(date=Today))
    return tmp_path


FILLED = {
    "  name:\n  # The name after": "  name: The Chief Executive\n  # The name after",
    "  greeting:\n": "  greeting: Chief Executive\n",
    "  address: |\n": "  address: |\n    Exampleshire County Council\n    Exampletown\n",
    "  name:\n  # The advisor's role": "  name: A. N. Advisor\n  # The advisor's role",
    "  role:\n": "  role: Prevent Regional Advisor\n",
    "  region:\n": "  region: Example Midlands\n",
    "  email:\n": "  email: a.advisor@region.example\n",
    "summary: |\n": "summary: |\n  Exampleshire meets the duty.\n",
    "    score:\n    good_practice: |\n": "    score: 3\n    good_practice: |\n      It works.\n",
    "    recommendations: |\n": "    recommendations: |\n      Go on.\n",
}


def test_untouched_it_lacks_exactly_what_must_be_written(run: Run, desk: Path) -> None:
    made = run("new", "Exampleshire County Council")
    assert (made.code, made.out) == (
        0,
        "exampleshire_2027.yaml\nprevent-letter-annex_a.schema.json\n",
    )
    checked = run("check", "--strict")
    assert checked.code == 0
    assert checked.out.startswith("exampleshire_2027.yaml:1:1: note PL120: not begun: ")
    assert checked.err == "1 file, 0 errors, 0 warnings, 1 note\n"
    path = desk / "exampleshire_2027.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("score:", "score: 3", 1), encoding="utf-8"
    )
    checked = run("check")
    assert checked.code == 1
    assert checked.out.startswith(
        "exampleshire_2027.yaml:1:1: note PL120: 1 of 10 scored\n   help: no score yet: Multi Agency"
    )
    assert len(checked.out.splitlines()) <= 24
    [rest] = re.findall(r"PL102: (\d+) more missing: (.*)", checked.out)
    told = re.findall(
        r"(?m)^exampleshire_2027.yaml:\d+:\d+: error PL102: (\D.*) is missing", checked.out
    )
    told += re.findall(r"(\w[\w -]+) \(line \d+\)", rest[1])
    assert len(told) == 4 + int(rest[0])
    fields = [
        "name of addressee",
        "greeting of addressee",
        "address of addressee",
        "name of advisor",
        "role of advisor",
    ]
    fields += ["region of advisor", "email of advisor", "summary"]
    names = re.findall(
        r"- id: \w+\n +name: (.*)",
        (CHECKOUT / "criteria" / "annex_a.yaml").read_text(encoding="utf-8"),
    )
    assert told == fields + [f"score of {name}" for name in names[1:]]


def test_filled_in_it_lacks_the_date_alone_and_then_builds(run: Run, desk: Path) -> None:
    run("new", "Exampleshire County Council")
    path = desk / "exampleshire_2027.yaml"
    text = path.read_text(encoding="utf-8")
    for old, filled in FILLED.items():
        assert old in text
        text = text.replace(old, filled)
    path.write_text(text, encoding="utf-8")
    assert re.findall("(?:error|warning) PL.*", run("check").out) == [
        "warning PL201: the letter has no date"
    ]
    path.write_text(text.replace("date:\n", "date: 2027-05-27\n"), encoding="utf-8")
    assert run("check", "--strict").code == 0
    assert run("build").out == "exampleshire_2027.docx\n"


def test_each_field_has_a_comment_and_each_benchmark_its_levels(run: Run, desk: Path) -> None:
    run("new", "Exampleshire County Council")
    lines = (desk / "exampleshire_2027.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# yaml-language-server: $schema=prevent-letter-annex_a.schema.json"
    assert max(map(len, lines)) <= 100
    for number, line in enumerate(lines):
        if re.match(r"(  )?[a-z_]+:", line) and lines[number - 1] != "":
            assert lines[number - 1].lstrip().startswith("#"), line
    text = " ".join(line.strip(" #") for line in lines)
    criteria = source.read(CHECKOUT / "criteria" / "annex_a.yaml").data
    for benchmark in criteria["benchmarks"]:
        above = text[: text.index("score:", text.index(f"{benchmark['id']}:"))]
        for words in (benchmark["statement"], *benchmark["levels"]):
            assert " ".join(words.split()) in above


def test_assessment_is_never_written_over_and_the_schema_is_when_it_differs(
    run: Run, desk: Path
) -> None:
    run("new", "Exampleshire County Council")
    path, schema = desk / "exampleshire_2027.yaml", desk / "prevent-letter-annex_a.schema.json"
    path.write_text("mine: yes\n", encoding="utf-8")
    again = run("new", "Exampleshire County Council")
    assert (again.code, again.out) == (1, "")
    assert (
        again.err
        == "exampleshire_2027.yaml exists already and is not overwritten; move or rename it first\n"
    )
    assert path.read_text(encoding="utf-8") == "mine: yes\n"
    good, before = schema.read_bytes(), schema.stat().st_mtime_ns
    run("new", "Rutshire Borough Council")
    assert schema.stat().st_mtime_ns == before
    schema.write_text('{"$schema": "an older one"}', encoding="utf-8")
    run("new", "City of Borchester")
    assert schema.read_bytes() == good
    assert sorted(each.name for each in desk.iterdir()) == [
        "borchester_2027.yaml", "exampleshire_2027.yaml", schema.name, "rutshire_2027.yaml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("authority", "area"),
    [
        ("Exampleshire County Council", "Exampleshire"),
        ("Borchester City Council", "Borchester"),
        ("London Borough of Exampleham", "Exampleham"),
        ("Royal Borough of Upper Example", "Upper Example"),
        ("The Royal Borough of Example and Sample", "Example and Sample"),
        ("Exampleton Metropolitan Borough Council", "Exampleton"),
        ("Exampleford Borough Council", "Exampleford"),
        ("Council of the Isles of Example", "Isles of Example"),
        ("City of Examplechester Council", "Examplechester"),
        ("North Exampleshire Council", "North Exampleshire"),
        ("Cityville District Council", "Cityville"),
        ("Council", "Council"),
    ],
)
def test_area_is_the_authority_without_what_it_is(authority: str, area: str) -> None:
    assert blank.area_of(authority) == area


@pytest.mark.parametrize(
    ("today", "period"),
    [("2026-11-24", "2026/2027"), ("2026-06-30", "2025/2026"), ("2026-07-01", "2026/2027"), ("2027-01-15", "2026/2027"),
     ("2027-03-31", "2026/2027"), ("2027-04-01", "2026/2027"), ("2027-06-30", "2026/2027"), ("2027-07-01", "2027/2028")],
)  # fmt: skip
def test_period_is_that_of_three_months_ago(today: str, period: str) -> None:
    assert blank.current_period(dt.date.fromisoformat(today)) == period


def test_period_can_be_named(run: Run, desk: Path) -> None:
    assert run("new", "Exampleshire County Council", "--period", "2027/2028").out.startswith(
        "exampleshire_2028.yaml\n"
    )
    for period in ("2027/2029", "2027", "next"):
        wrong = run("new", "Exampleshire County Council", "--period", period)
        assert wrong.code == 2
        assert "write two successive years, such as 2026/2027" in wrong.err


def test_next_period_of_the_same_authority(run: Run, desk: Path) -> None:
    made = run("new", "--from", EXAMPLE)
    assert made.out.startswith("leicestershire_2023.yaml\n")
    text = (desk / "leicestershire_2023.yaml").read_text(encoding="utf-8")
    last, now = source.read(EXAMPLE), source.read(desk / "leicestershire_2023.yaml")
    assert now.findings == []
    for key in ("authority", "area", "addressee", "cc", "advisor", "criteria", "partners"):
        assert now.value(key) == last.value(key)
    assert now.value("period") == "2022/2023"
    assert (now.value("date"), now.value("summary")) == (None, "")
    words = " ".join(line.strip(" #") for line in text.splitlines())
    assert (
        "last year: 3; recommended: training (no update yet): There is limited mandating of training"
        in words
    )
    assert "last year: 5; recommended: nothing" in words
    assert (
        "last year: key.1 (no update yet): Complete a situational and corporate risk assessment."
        in words
    )
    assert "PL101" not in run("check").out


def test_another_authority_gets_only_the_advisor_the_criteria_and_the_marking(
    run: Run, desk: Path
) -> None:
    last = desk / "last.yaml"
    (desk / "own.yaml").write_text(
        (CHECKOUT / "tests" / "criteria" / "named.yaml").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    text = EXAMPLE.read_text(encoding="utf-8").replace(
        "criteria: annex_a", "criteria: own.yaml\nmarking: OFFICIAL"
    )
    last.write_text(text, encoding="utf-8")
    made = run("new", "Rutshire Borough Council", "--from", last)
    assert made.out == "rutshire_2027.yaml\nprevent-letter-own.schema.json\n"
    now = source.read(desk / "rutshire_2027.yaml")
    assert now.value("advisor", "name") == "Ian Stubbs"
    assert (now.value("criteria"), now.value("marking")) == ("own.yaml", "OFFICIAL")
    said = (desk / "rutshire_2027.yaml").read_text(encoding="utf-8")
    for left in ("Leicester", "Gurjit", "Jane Moore", "last year"):
        assert left not in said
    (desk / "sub").mkdir()


def test_names_that_yaml_would_misread_are_quoted(run: Run, desk: Path) -> None:
    for authority in ('A: "B" #1 Council', "~ Dash Council", "Môn & Co's Council"):
        assert run("new", authority).code == 0
    found = {source.read(path).value("authority") for path in desk.glob("*.yaml")}
    assert found == {'A: "B" #1 Council', "~ Dash Council", "Môn & Co's Council"}


def test_wrong_use_and_faulty_files_are_told(run: Run, desk: Path) -> None:
    nameless = run("new")
    assert (nameless.code, "name the authority, such as" in nameless.err) == (2, True)
    (desk / "bad.yaml").write_text("authority: @x\n", encoding="utf-8")
    bad = run("new", "--from", "bad.yaml")
    assert bad.code == 1
    assert "bad.yaml:1:12: error PL006" in bad.err
    (desk / "empty.yaml").write_text("area: x\n", encoding="utf-8")
    assert "name the authority" in run("new", "--from", "empty.yaml").err
    for verb in (["new", "X Council"], ["schema"], ["criteria"]):
        wrong = run(*verb, "--criteria", "anex_a")
        assert wrong.code == 2
        assert 'there is no criteria set "anex_a"; did you mean annex_a?' in wrong.err
    (desk / "own.yaml").write_text(
        "title: Own\nscale: {min: 1, max: 0, met: 3}\nbenchmarks: []\n", encoding="utf-8"
    )
    faulty = run("criteria", "--criteria", "own.yaml")
    assert faulty.code == 1
    assert "own.yaml:2:8: error PL112" in faulty.err
    assert sorted(path.name for path in desk.iterdir()) == ["bad.yaml", "empty.yaml", "own.yaml"]


def test_settings_name_the_criteria(run: Run, desk: Path) -> None:
    (desk / "own.yaml").write_text(
        (CHECKOUT / "tests" / "criteria" / "short.yaml").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    (desk / "prevent-letter.yaml").write_text("criteria: own.yaml\n", encoding="utf-8")
    assert run("new", "Exampleshire County Council").out.endswith(
        "prevent-letter-own.schema.json\n"
    )
    assert source.read(desk / "exampleshire_2027.yaml").value("criteria") == "own.yaml"
    assert run("criteria").out.startswith("Short Criteria (the duty is met from 3 on)\n")
    assert run("criteria", "--criteria", "annex_a", "training", "4").out.startswith(
        "Training, 4: Suitably experienced"
    )


# The criteria in the terminal.


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_criteria_are_wrapped_to_the_terminal(
    columns: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = run("criteria").out
    assert max(map(len, shown.splitlines())) <= min(columns, 100)
    criteria = source.read(CHECKOUT / "criteria" / "annex_a.yaml").data
    words = " ".join(shown.split())
    for benchmark in criteria["benchmarks"]:
        for said in (
            benchmark["name"],
            f"({benchmark['id']})",
            benchmark["statement"],
            *benchmark["levels"],
        ):
            assert " ".join(said.split()) in words


def test_one_benchmark_and_one_level(run: Run) -> None:
    training = run("criteria", "training").out
    assert training.startswith("7. Training (training)\n   There is a training programme in place")
    assert "Channel" not in training
    level = run("criteria", "training", "4").out
    assert level.startswith(
        "Training, 4: Suitably experienced trainers undertake face to face sessions."
    )
    assert "Strategies in place" not in level
    assert "did you mean training?" in run("criteria", "trainin").err
    assert (
        "there is no score 6; the scores are 1, 2, 3, 4, 5." in run("criteria", "training", "6").err
    )
    named = CHECKOUT / "tests" / "criteria" / "named.yaml"
    first = re.findall(r"\bid: (\w+)", named.read_text(encoding="utf-8"))[0]
    assert ", Met: " in run("criteria", "--criteria", named, first, "MET").out


def test_odd_values_of_last_year_are_carried_or_left_out(run: Run, desk: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for area in ("[a, b]", "{a: b}", "''"):
        (desk / "last.yaml").write_text(
            text.replace("area: Leicestershire", f"area: {area}"), encoding="utf-8"
        )
        assert run("new", "--from", "last.yaml").out.startswith("leicestershire_2023.yaml\n")
        (desk / "leicestershire_2023.yaml").unlink()
    (desk / "last.yaml").write_text(
        text.replace("name: Ian Stubbs", 'name: "Null"'), encoding="utf-8"
    )
    run("new", "--from", "last.yaml")
    assert source.read(desk / "leicestershire_2023.yaml").value("advisor", "name") == "Null"


def test_criteria_that_held_last_year_are_carried_from_another_folder(run: Run, desk: Path) -> None:
    a = desk / "a"
    a.mkdir()
    short = (CHECKOUT / "tests" / "criteria" / "short.yaml").read_text(encoding="utf-8")
    (a / "set.yaml").write_text(short, encoding="utf-8")
    (a / "prevent-letter.yaml").write_text("criteria: set.yaml\n", encoding="utf-8")
    text = EXAMPLE.read_text(encoding="utf-8").replace("criteria: annex_a\n", "")
    (a / "last.yaml").write_text(text, encoding="utf-8")
    made = run("new", "--from", "a/last.yaml")
    assert made.out == "leicestershire_2023.yaml\nprevent-letter-a_set.schema.json\n"
    assert source.read(desk / "leicestershire_2023.yaml").value("criteria") == "a/set.yaml"
    (a / "last.yaml").write_text(f"{text}criteria: nix.yaml\n", encoding="utf-8")
    number = text.count("\n") + 1
    assert (
        f'a/last.yaml:{number}:11: error PL110: there is no criteria set "nix.yaml"'
        in run("new", "--from", "a/last.yaml").err
    )


def test_odd_shapes_of_last_year_and_names_of_devices(run: Run, desk: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    (desk / "last.yaml").write_text(
        text.replace("  address: |\n", "  address:\n    line: |\n  ", 1), encoding="utf-8"
    )
    assert run("new", "--from", "last.yaml").code in (0, 1)
    (desk / "last.yaml").write_text(
        re.sub(r"(?s)  address: \|\n.*?\ncc", "  address: {a: b}\ncc", text), encoding="utf-8"
    )
    assert run("new", "--from", "last.yaml", "--period", "2024/2025").code == 0
    for authority in ("Con Borough Council", "Aux Council"):
        assert re.match(r"(con|aux)_2027\.yaml", run("new", authority).out)


def test_name_that_no_letter_can_have_is_refused(run: Run, desk: Path) -> None:
    for authority in ("Ex\x01shire Council", "Ex\u202eshire Council", "\udcff Council"):
        assert run("new", authority).code == 2
    assert list(desk.iterdir()) == []


def test_nothing_half_written_is_left(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prevent_letter.core import atomic

    def fail(self: object, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    real = Path.open

    class Full:
        """A file on a full disk."""

        def __init__(self, file: Any) -> None:
            self.file = file

        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        write = fail

    def opened(path: Path, mode: str = "r", **more: Any) -> Any:
        file = real(path, mode, **more)
        return Full(file) if mode == "xb" else file

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(UserError, match="the disk is full"):
        atomic.write_new(desk / "new.yaml", "x")
    assert list(desk.iterdir()) == []


def test_name_needs_no_quotation_marks(run: Run, desk: Path) -> None:
    assert run("new", "Exampleshire", "County", "Council").out.startswith(
        "exampleshire_2027.yaml\n"
    )


# From last year, with what became of it, and for a whole folder.


def test_last_state_of_each_recommendation_goes_into_the_comments(run: Run, desk: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8") + "sent: 2022-05-30\nprogress:\n"
    text += "  - {date: 2022-09-14, about: training, status: in progress, note: Module written.}\n"
    text += "  - {date: 2022-11-02, about: training, status: done}\n"
    text += "  - {date: 2022-12-01, about: key.1, status: overtaken, note: The region does it.}\n"
    (desk / "last.yaml").write_text(text, encoding="utf-8")
    assert run("check", "last.yaml").code == 0
    run("new", "--from", "last.yaml")
    made = (desk / "leicestershire_2023.yaml").read_text(encoding="utf-8")
    words = " ".join(line.strip(" #") for line in made.splitlines())
    assert "training (done, 2022-11-02): There is limited" in words
    assert "key.1 (overtaken, 2022-12-01: The region does it.): Complete a situational" in words
    assert words.index("key.1 (") < words.index("key_recommendations:") < words.index("progress:")
    assert source.read(desk / "leicestershire_2023.yaml").value("progress") is None


def test_what_cant_be_carried_over_is_said(run: Run, desk: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("partners:", "partners: Leicester\nnobody:")
    text = text.replace("  training:\n", "  trainings:\n").replace("  role: Prev", "  roles: Prev")
    (desk / "last.yaml").write_text(text, encoding="utf-8")
    made = run("new", "--from", "last.yaml")
    assert made.code == 0
    for said in (
        "leicestershire_2023.yaml: trainings is not a benchmark of Prevent Local Authority Performance Scoring Criteria, and",
        "leicestershire_2023.yaml: advisor has errors in last year's file, and is not carried over whole",
        "leicestershire_2023.yaml: partners has errors in last year's file",
    ):
        assert said in made.err
    other = run("new", "Rutshire Borough Council", "--from", "last.yaml")
    assert "trainings" not in other.err  # nobody expects it there


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("period:", 'language: "x/../../../elsewhere/planted"\nperiod:', "language"),
        ("email: ", "email: '../planted' #", "advisor"),
        ("cc:\n", 'cc:\n  - "A\\x1b[31m"\n', "cc"),
    ],
)
def test_value_that_check_refuses_is_not_carried_over(
    old: str, new: str, field: str, run: Run, desk: Path
) -> None:
    """Nor becomes part of a path: nothing is written outside the folder."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    (desk / "last.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    before = {*desk.parent.rglob("*")}
    made = run("new", "--from", "last.yaml")
    assert made.code in (0, 1)
    assert {p.parent for p in {*desk.parent.rglob("*")} - before} <= {desk}
    if made.code == 0:
        assert f"{field} has errors in last year's file, and is not carried over whole" in made.err
        [begun] = desk.glob("leicestershire_2023.yaml")
        assert "planted" not in begun.read_text(encoding="utf-8")


def test_next_of_each_authority_of_a_folder(run: Run, desk: Path) -> None:
    shutil.copytree(CHECKOUT / "examples" / "repository", desk / "r")
    welsh = (desk / "r" / "midlands" / "exampleshire_2027.yaml").read_text(
        encoding="utf-8"
    ) + "language: cy\n"
    (desk / "r" / "midlands" / "exampleshire_2027.cy.yaml").write_text(welsh, encoding="utf-8")
    (desk / "r" / "templates").mkdir()
    letter = (CHECKOUT / "templates" / "letter.html.j2").read_text(encoding="utf-8")
    (desk / "r" / "templates" / "letter.cy.html.j2").write_text(letter, encoding="utf-8")
    (desk / "r" / "prevent-letter.yaml").write_text("templates: templates\n", encoding="utf-8")
    (desk / "r" / "north" / "odd.yaml").write_text(
        "authority: Odd Council\nperiod: soon\n", encoding="utf-8"
    )
    (desk / "r" / "midlands" / "exampleshire_2028.yaml").write_text("mine: yes\n", encoding="utf-8")
    made = run("new", "--from", "r")
    assert made.code == 0
    paths = made.out.splitlines()
    assert "r/midlands/exampleshire_2028.cy.yaml" in paths
    assert "r/north/rutshire_2027.yaml" in paths
    assert "r/north/borshire_2028.yaml" in paths
    assert len(paths) == len(set(paths))
    for said in (
        "r/midlands/exampleshire_2027.yaml: passed over: r/midlands/exampleshire_2028.yaml exists already",
        "r/east/orshire_2027.yaml: passed over: this is the newest, and it is not begun yet",
        "r/north/odd.yaml: passed over: its authority or period can't be read",
        "16 begun, 3 passed over",
    ):
        assert said in made.err
    assert (desk / "r" / "midlands" / "exampleshire_2028.yaml").read_text(
        encoding="utf-8"
    ) == "mine: yes\n"
    borshire = source.read(desk / "r" / "north" / "borshire_2028.yaml")
    assert (borshire.value("criteria"), borshire.value("period")) == (
        "../criteria/three_levels.yaml",
        "2027/2028",
    )
    assert (
        source.read(desk / "r" / "midlands" / "exampleshire_2028.cy.yaml").value("language") == "cy"
    )
    before = {path: path.read_bytes() for path in desk.rglob("*") if path.is_file()}
    again = run("new", "--from", "r")  # what isn't begun yet has no next one
    assert (again.code, again.out) == (0, "")
    assert {path: path.read_bytes() for path in desk.rglob("*") if path.is_file()} == before


def test_folder_goes_into_another_folder_and_takes_a_period(run: Run, desk: Path) -> None:
    shutil.copytree(
        CHECKOUT / "examples" / "repository",
        desk / "r",
        ignore=shutil.ignore_patterns("south", "east"),
    )
    made = run("new", "--from", "r", "-o", "next", "--period", "2026/2027")
    assert made.out.splitlines() == [
        "next/north/rutshire_2027.yaml",
        "next/north/prevent-letter-annex_a.schema.json",
    ]
    assert (
        "r/midlands/exampleshire_2027.yaml: passed over: this is the one of 2026/2027" in made.err
    )
    checked = run("check", "next")
    assert (checked.code, "not begun" in checked.out) == (0, True)
    early = run("new", "--from", "r", "--period", "2019/2020")
    assert early.code == 0
    assert early.err.count("there is none from before 2019/2020") == 3
    assert early.err.endswith("0 begun, 3 passed over\n")
    (desk / "r" / "north" / "rutshire_2026.yaml").write_text("authority: [\n", encoding="utf-8")
    (desk / "theirs").mkdir()
    (desk / "theirs" / "prevent-letter-annex_a.schema.json").write_text(
        "my notes", encoding="utf-8"
    )
    theirs = run("new", "--from", "r/midlands", "-o", "theirs")
    assert theirs.code == 1
    assert "this is not a schema; move or rename it first" in theirs.err
    assert [path.read_text(encoding="utf-8") for path in (desk / "theirs").iterdir()] == [
        "my notes"
    ]
    assert (
        "rutshire_2026.yaml: passed over: it can't be read: " in run("new", "--from", "r/north").err
    )
    for arguments in (
        ["X Council", "--from", "r"],
        ["--from", "r", "--language", "cy"],
        ["X Council", "-o", "r"],
    ):
        assert run("new", *arguments).code == 2
    assert run("new", "--from", "next/north/none.yaml").code == 2
    wrong = run("new", "--from", "r", "--criteria", "anex_a")
    assert (wrong.code, "did you mean annex_a?" in wrong.err) == (2, True)
    (desk / "full").write_text("a file", encoding="utf-8")
    failed = run("new", "--from", "r/midlands", "-o", "full", "--period", "2030/2031")
    assert failed.code == 1
    assert "full is a file" in failed.err
