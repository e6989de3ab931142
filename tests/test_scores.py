"""Scores: the results of one period across all authorities, for the meeting that moderates them."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import CHECKOUT, PLAIN, Run
from hypothesis import given
from hypothesis import strategies as st

from prevent_letter.assessment import source
from prevent_letter.core import display, prose
from prevent_letter.results import anonymise
from prevent_letter.results.columns import as_csv
from prevent_letter.results.ranks import discoveries, rank_sum
from prevent_letter.results.year import share

SETS = CHECKOUT / "tests" / "criteria"


def write(
    folder: Path,
    area: str,
    period: str = "2026/2027",
    plan: object = 3,
    training: object = 3,
    **more: str,
) -> Path:
    """An assessment of an area by two benchmarks; ``more`` has other words for region, plan's good practice, set, name."""
    name = more.get("authority", f"{area} County Council")
    text = PLAIN.replace("Exampleshire County Council", name).replace("Exampleshire", area)
    text = text.replace("period: 2026/2027", f"period: {period}").replace(
        "2027-05-27", f"{period[-4:]}-05-27"
    )
    text = text.replace("../criteria/short.yaml", more.get("set", (SETS / "short.yaml").as_posix()))
    text = text.replace("Example Midlands", more.get("region", "Example Midlands"))
    text = text.replace("    score: 3", f"    score:{f' {plan}' * (plan != '')}", 1)
    head, training_key, tail = text.partition("  training:")
    text = head + training_key + re.sub("score: .*", f"score: {training}", tail, count=1)
    text = re.sub(
        "(?m)^      The plan is agreed.*$", f"      {more.get('said', 'It is good.')}", text
    )
    text += more.get("end", "")
    path = folder / more.get("file", f"{re.sub('[^a-z]+', '_', area.lower())}_{period[-4:]}.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def four(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two years of four authorities: one has sent, one is complete, one begun, one not begun; and one has no file yet."""
    for area, plan, training in (
        ("Aldshire", 1, 3),
        ("Borshire", 3, 4),
        ("Corshire", 2, 2),
        ("Dunshire", 4, 4),
    ):
        write(tmp_path, area, "2025/2026", plan, training, end="sent: 2026-05-30\n")
    write(tmp_path, "Elmshire", "2025/2026")
    write(tmp_path, "Aldshire", plan=3, training=4, end="sent: 2027-05-30\n")
    write(tmp_path, "Borshire", plan=2, training=4)
    write(tmp_path, "Corshire", plan="", training=5)
    write(tmp_path, "Dunshire")
    blank = re.sub(
        r"(?m)^    score: .*|^      .*",
        "",
        (tmp_path / "dunshire_2027.yaml").read_text(encoding="utf-8"),
    )
    blank = re.sub(
        r"(?m)^Dunshire meets.*|^  Dunshire meets.*|^  - \|\n|^    Write .*|^key_rec.*", "", blank
    )
    (tmp_path / "dunshire_2027.yaml").write_text(blank, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def as_json(run: Run, *arguments: str | Path) -> dict[str, Any]:
    done = run("scores", *arguments, "--format", "json")
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return [*csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]


def test_table_begins_with_how_far_the_year_is(run: Run, four: Path) -> None:
    done = run("scores")
    assert done.code == 0
    assert done.err == "9 assessments read\n"
    lines = done.out.splitlines()
    assert lines[0] == "Prevent assessments 2026/2027 (other periods here: 2025/2026)"
    assert (
        " ".join(lines[1:3]).split("; ")[0]
        == "4 authorities: 1 not begun, 1 begun, 1 complete, 1 sent"
    )
    assert "A letter last year, and no file yet (1): Elmshire County Council" in lines
    assert max(map(len, lines)) <= 80
    table = {line.split()[0]: line.split()[1:] for line in lines if re.match("Plan|Training", line)}
    #                       1    2    3    4    5   met+       of  up  down  of
    assert table["Plan"] == ["0", "1", "1", "0", "0", "50%", "2", "1", "1", "2"]
    assert table["Training"] == ["0", "0", "0", "2", "1", "100%", "3", "2", "0", "3"]
    assert "changes of two levels or more: 2;" in " ".join(done.out.split())
    assert not re.search("average|total|rank|A. N. Advisor", done.out, re.I)


def test_json_counts_the_same_and_says_where(run: Run, four: Path) -> None:
    found = as_json(run)
    assert (found["period"], found["other_periods"], found["no_file_yet"]) == (
        "2026/2027",
        ["2025/2026"],
        ["Elmshire County Council"],
    )
    assert [found[state] for state in ("not_begun", "begun", "complete", "sent")] == [1, 1, 1, 1]
    assert found["marking"] is None
    [only] = found["sets"]
    plan = only["benchmarks"][0]
    assert plan["levels"] == {"1": 0, "2": 1, "3": 1, "4": 0, "5": 0}
    assert (
        plan["scored"],
        plan["met_or_above"],
        plan["compared"],
        plan["down_1"],
        plan["up_2_or_more"],
    ) == (2, 1, 2, 1, 1)
    changed = only["to_read_again"][1]
    assert [flag["fact"] for flag in changed["flags"]] == [
        "Aldshire County Council, Plan: 1 last year, 3 this year.",
        "Corshire County Council, Training: 2 last year, 5 this year.",
    ]
    line = (four / "corshire_2027.yaml").read_text(encoding="utf-8").splitlines().index(
        "    score: 5"
    ) + 1
    assert changed["flags"][1]["places"][0] == {
        "path": "corshire_2027.yaml",
        "line": line,
        "at": "benchmarks.training.score",
    }


def test_csv_is_long_with_numbers_as_numbers(run: Run, four: Path) -> None:
    found = rows(run("scores", "--format", "csv").out)
    assert list(found[0]) == [
        "authority",
        "region",
        "benchmark",
        "score",
        "last_year",
        "change",
        "path",
    ]
    assert len(found) == 8
    corshire = [each for each in found if each["authority"].startswith("Cor")]
    assert [(each["score"], each["last_year"], each["change"]) for each in corshire] == [
        ("none", "2", "none"),
        ("5", "2", "3"),
    ]
    borshire = next(each for each in found if each["authority"].startswith("Bor"))
    assert borshire["change"] == "-1"  # a number, which no apostrophe guards
    assert borshire["path"] == "borshire_2027.yaml"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_text_that_begins_a_formula_is_guarded(sign: str, run: Run, tmp_path: Path) -> None:
    name = f"{sign}1+cmd"
    write(tmp_path, "Aldshire", authority=f"'{name}'", region=f'"{sign}2"')
    [first, _] = rows(run("scores", tmp_path, "--format", "csv").out)
    assert (first["authority"], first["region"]) == (f"'{name}", f"'{sign}2")


@given(st.lists(st.tuples(st.text(), st.integers(), st.text(alphabet="=+-@\t\r\n,;\"' a"))))
def test_any_cell_comes_back_and_none_begins_a_formula(cells: list[tuple[str, int, str]]) -> None:
    if cells:
        text = as_csv(("a", "b", "c"), cells).decode("utf-8-sig")
        _, *found = csv.reader(io.StringIO(text, newline=""))
        for row, cell in zip(found, cells, strict=True):
            assert row[1] == str(cell[1])
            for shown, said in ((row[0], cell[0]), (row[2], cell[2])):
                assert not re.match(r"[=+\-@\t\r]", shown)
                assert shown.replace("'", "").replace("#\\x23[", "##[") == said.replace("'", "")


def test_period_is_the_newest_in_which_anything_is_scored(run: Run, four: Path) -> None:
    for path in four.glob("*_2027.yaml"):
        if not path.name.startswith("dun"):
            path.unlink()
    assert run("scores").out.startswith(
        "Prevent assessments 2025/2026 (other periods here: 2026/2027)"
    )
    assert run("scores", "--period", "2026/2027").out.startswith("Prevent assessments 2026/2027")
    wrong = run("scores", "--period", "2019/2020")
    assert wrong.code == 2
    assert "there is no assessment of that period; there are 2026/2027, 2025/2026" in wrong.err
    assert "write two successive years" in run("scores", "--period", "2019/2021").err


def test_file_that_cant_be_read_is_named_and_fails(run: Run, four: Path) -> None:
    (four / "borshire_2027.yaml").write_text(
        "authority: Borshire County Council\nperiod: [\n", encoding="utf-8"
    )
    write(four, "Fenshire", period="soon")
    done = run("scores")
    assert done.code == 1
    assert re.search(r"^borshire_2027\.yaml: this file is not counted: ", done.err, re.M)
    assert re.search(
        r"^fenshire_soon\.yaml: this file is not counted: period can't be read as a period",
        done.err,
        re.M,
    )
    assert done.err.endswith("8 assessments read, 2 unreadable\n")
    assert "Borshire" not in done.out
    assert (
        " ".join(done.out.split()).count("3 authorities: 1 not begun, 1 begun, 0 complete, 1 sent")
        == 1
    )


def test_score_off_the_scale_is_said_and_not_counted(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "Aldshire", plan=7, training=3)
    done = run("scores", tmp_path)
    assert done.code == 0
    assert "aldshire_2027.yaml: not on the scale, and not counted: Plan" in done.err
    assert "1 authority: 0 not begun, 1 begun" in done.out


def test_no_assessment_is_wrong_use(run: Run, tmp_path: Path) -> None:
    assert run("scores", tmp_path).code == 2


def test_name_is_compared_in_normal_form_and_a_new_one_is_not_guessed(
    run: Run, tmp_path: Path
) -> None:
    write(
        tmp_path,
        "Aldshire",
        "2025/2026",
        authority="Aldshire & Bor County Council",
        file="a_2026.yaml",
    )
    write(
        tmp_path,
        "Aldshire",
        authority="ALDSHIRE and\u00a0Bor County Council",
        file="a_2027.yaml",
        plan=4,
    )
    write(tmp_path, "Corshire", "2025/2026", authority="Corshire District Council")
    write(tmp_path, "Corshire", authority="Corshire Unitary Council")
    found = as_json(run, tmp_path)
    assert found["sets"][0]["with_last_year"] == 1
    assert found["sets"][0]["nothing_to_compare"] == ["Corshire Unitary Council"]
    assert found["no_file_yet"] == ["Corshire District Council"]
    assert "Nothing to compare (1): Corshire Unitary Council" in run("scores", tmp_path).out


def test_sets_are_the_same_by_ids_and_scale_whatever_their_words(run: Run, tmp_path: Path) -> None:
    own = (SETS / "short.yaml").read_text(encoding="utf-8")
    (tmp_path / "translated.yaml").write_text(own.replace("Plan\n", "Cynllun\n"), encoding="utf-8")
    (tmp_path / "stricter.yaml").write_text(own.replace("met: 3", "met: 4"), encoding="utf-8")
    write(tmp_path, "Aldshire", "2025/2026")
    write(tmp_path, "Aldshire", set="translated.yaml")
    write(tmp_path, "Borshire", "2025/2026")
    write(tmp_path, "Borshire", set="stricter.yaml")
    write(tmp_path, "Corshire")
    found = as_json(run, tmp_path)
    assert [each["authorities"] for each in found["sets"]] == [2, 1]
    assert [each["with_last_year"] for each in found["sets"]] == [1, 0]
    assert found["no_file_yet"] == []


def test_two_languages_count_once_and_neither_where_they_differ(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "Aldshire", plan=3, training=4)
    write(
        tmp_path,
        "Aldshire",
        plan=3,
        training=2,
        file="aldshire_2027.cy.yaml",
        end="language: cy\n",
        authority="Cyngor Ald",
    )
    done = run("scores", tmp_path, "--format", "json")
    [only] = json.loads(done.out)["sets"]
    assert only["authorities"] == 1
    assert [each["scored"] for each in only["benchmarks"]] == [1, 0]
    assert "Aldshire County Council: the scores of Training differ between" in done.err
    assert {each["authority"] for each in rows(run("scores", tmp_path, "--format", "csv").out)} == {
        "Aldshire County Council"
    }


def test_regions_that_differ_in_capitals_or_spaces_are_said(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "Aldshire", region="East  Midlands")
    write(tmp_path, "Borshire", region="East Midlands")
    write(tmp_path, "Corshire", region="east midlands")
    done = run("scores", tmp_path)
    assert done.code == 0
    assert (
        "these regions differ only in capitals or spaces, and count as several: East Midlands, east midlands"
        in done.err
    )
    assert {each["region"] for each in rows(run("scores", tmp_path, "--format", "csv").out)} == {
        "East Midlands",
        "east midlands",
    }


def test_named_scale_shows_names_and_a_long_one_fits(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = (SETS / "short.yaml").read_text(encoding="utf-8")
    long = re.sub(
        "scale: .*", "scale: {min: 0, max: 99, met: 50}", re.sub(r"(?m)^    levels: .*\n", "", own)
    )
    (tmp_path / "long.yaml").write_text(long, encoding="utf-8")
    named = re.sub(
        "scale: .*",
        "scale: {min: 1, max: 3, met: 2, names: {1: Not met, 2: Met, 3: Of}}",
        re.sub(r"(?m)^    levels: .*\n", "", own),
    )
    (tmp_path / "named.yaml").write_text(named, encoding="utf-8")
    write(tmp_path, "Aldshire", set="long.yaml", plan=10, training=90)
    write(tmp_path, "Borshire", set="named.yaml", plan="met", training="of")
    text = run("scores").out
    assert max(map(len, text.splitlines())) <= 80
    assert re.search(r"Not met  Met   Of   above   of   up  down   of", text)
    assert re.search(r"below +met +above", text)
    assert ("Met", "none") in {
        (each["score"], each["last_year"]) for each in rows(run("scores", "--format", "csv").out)
    }
    assert run("scores", "--marking", "OFFICIAL", "-o", "page.html").code == 0


# Files.


def test_file_names_its_format_and_is_never_replaced_by_surprise(run: Run, four: Path) -> None:
    done = run("scores", "-o", "out.csv")
    assert (done.code, done.out) == (0, "out.csv\n")
    assert rows((four / "out.csv").read_bytes().decode())
    again = run("scores", "-o", "out.csv")
    assert (again.code, again.out) == (0, "")
    assert "out.csv: unchanged" in again.err
    (four / "out.csv").write_text("minutes", encoding="utf-8")
    kept = run("scores", "-o", "out.csv")
    assert kept.code == 1
    assert (
        "out.csv: it has other content, perhaps somebody's notes; name another file, or use --force"
        in kept.err
    )
    assert (four / "out.csv").read_text(encoding="utf-8") == "minutes"
    assert run("scores", "-o", "out.csv", "--force").code == 0
    assert rows((four / "out.csv").read_bytes().decode())
    assert "out.csv: its name says csv, and --format says json" in " ".join(
        run("scores", "-o", "out.csv", "--format", "json").err.split()
    )
    assert run("scores", "-o", "out.txt").code == 0
    assert (
        (four / "out.txt").read_text(encoding="utf-8").startswith("Prevent assessments 2026/2027")
    )
    assert run("scores", "-o", four).code == 2
    assert not list(four.glob(".prevent-letter*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "html"], "--format html needs --marking"),
        (["--format", "xlsx", "-o", "a.xlsx"], "--format xlsx needs --marking"),
        (["--format", "xlsx", "--marking", "OFFICIAL"], "--format xlsx goes with -o"),
        (["--format", "csv", "--marking", "OFFICIAL"], "has no place for a marking"),
        (["--sample", "2", "-o", "new"], "--sample needs --marking"),
        (["--sample", "2", "--marking", "OFFICIAL"], "--sample goes with -o FOLDER"),
        (["--sample", "9", "--marking", "OFFICIAL", "-o", "new"], "--sample 9: only 2 letters of 2026/2027 are complete"),
        (["--marking", "-o", "."], "--marking -o: its text is missing"),
        (["--format", "html", "--marking", "a\u200bb"], "must be one line of at most 100 visible characters"),
    ],
)  # fmt: skip
def test_wrong_use_is_said(arguments: list[str], said: str, run: Run, four: Path) -> None:
    done = run("scores", *arguments)
    assert done.code == 2
    assert said in " ".join(done.err.split())
    assert not (four / "new").exists()


def test_marking_stands_on_top_and_at_the_end_of_a_table(run: Run, four: Path) -> None:
    lines = run("scores", "--marking", "OFFICIAL-SENSITIVE").out.splitlines()
    assert (lines[0], lines[-1]) == ("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE")


# The workbook.


def test_workbook_is_read_back(run: Run, four: Path) -> None:
    import openpyxl

    write(four, "Fenshire", authority='"=1+1 & <b>"', region="'@home'")
    assert run("scores", "--marking", "R&D only", "-o", "a.xlsx").code == 0
    assert run("scores", "--marking", "R&D only", "-o", "b.xlsx").code == 0
    assert (four / "a.xlsx").read_bytes() == (four / "b.xlsx").read_bytes()
    book = openpyxl.load_workbook(four / "a.xlsx")
    assert book.sheetnames == ["Cover", "Benchmarks", "Scores", "Authorities", "To re-read"]
    for sheet in book:
        assert [table.name for table in sheet.tables.values()] == [re.sub(r"\W", "_", sheet.title)]
        assert not sheet.merged_cells.ranges
        columns = sheet.column_dimensions.values()
        width = sum(each.width * (each.max - each.min + 1) for each in columns)
        assert width <= 200  # at 5.25 points a character, 70 % of A4 across at the least
        assert sheet.page_setup.orientation == "landscape"
        assert sheet["A1"].value == "R&D only"
        assert sheet.oddHeader.center.text.replace("&&", "&") == "R&D only"
        assert not [
            cell for row in sheet for cell in row if cell.data_type == "f" or cell.hyperlink
        ]
        assert "Advisor" not in "".join(
            str(cell.value) for row in sheet for cell in row if "advisor" not in str(cell.value)
        )
    cells = [[cell.value for cell in row] for row in book["Scores"].iter_rows(min_row=3)]
    titles = "Authority,Region,Benchmark,Id,Score,Last year,Change,Path".split(",")
    assert cells[0] == titles
    assert {(row[2], row[3]) for row in cells[1:]} == {("Plan", "plan"), ("Training", "training")}
    assert cells[1][0] == "=1+1 & <b>"
    as_csv = rows(run("scores", "--format", "csv").out)
    assert [[str(value) for value in row[3:]] for row in cells[1:]] == [
        [*each.values()][2:] for each in as_csv
    ]
    assert {type(row[4]) for row in cells[1:]} == {int, str}
    counts = {
        row[1]: row
        for row in (
            [cell.value for cell in each] for each in book["Benchmarks"].iter_rows(min_row=4)
        )
    }
    assert counts["Training"][2:9] == [0, 0, 1, 2, 1, 4, 4]
    headed, *councils = book["Authorities"].iter_rows(min_row=3)
    assert [cell.value for cell in headed[:3]] == ["Authority", "Region", "1 Plan"]
    for row in councils:
        for cell in row[2:]:
            fill = {1: "6B1F4F", 2: "D8A1BE", 3: "E3E4E6", 4: "7FB0DD", 5: "12436D"}.get(cell.value)
            assert (cell.fill.fgColor.rgb[2:] == fill) if fill else not cell.value
    assert {cell.value for row in councils for cell in row[2:]} >= {2, 3, 4, 5}
    assert [cell.value for cell in next(book["To re-read"].iter_rows(min_row=3))][-1] == "Decision"
    told = [[cell.value for cell in row] for row in book["To re-read"].iter_rows(min_row=4)]
    assert told[0][2:] == [
        "Aldshire County Council, Plan: 1 last year, 3 this year.",
        "Does the letter say what changed?",
        *told[0][4:],
    ]


def test_workbook_without_its_library_says_what_to_install(
    run: Run, four: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    done = run("scores", "--marking", "OFFICIAL", "-o", "a.xlsx")
    assert (done.code, done.err) == (
        1,
        "workbooks need XlsxWriter, which is not installed here: install prevent-letter[xlsx] in the same way as prevent-letter itself\n",
    )


@pytest.mark.libreoffice
def test_workbook_opens_in_libreoffice(run: Run, four: Path, tmp_path: Path) -> None:
    from conftest import need, to_pdf

    assert run("scores", "--marking", "OFFICIAL", "-o", "a.xlsx").code == 0
    pdf = to_pdf(four / "a.xlsx", tmp_path)
    if not pdf.exists() and "PREVENT_LETTER_ALL_TOOLS" not in os.environ:
        pytest.skip("LibreOffice Calc is not installed")
    text = subprocess.run(
        [need("pdftotext"), "-layout", pdf, "-"], check=True, capture_output=True
    ).stdout.decode()
    assert all(page.lstrip().startswith("OFFICIAL") for page in text.split("\f")[:-1])
    assert "Where a region has one advisor, readers can tell whose scores these are." in text
    assert "Corshire County Council, Training: 2 last year, 5 this year." in " ".join(text.split())


# The flags.

SAID = "The board meets each term and reads the plan line by line with all who are named in it. It asks the districts for their news before each meeting, and writes down what they say and what is to be done. "


def test_like_words_and_unlike_scores_are_paired(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "Aldshire", plan=2, said=f"Aldshire has 12 members. {SAID}")
    write(tmp_path, "Borshire", plan=4, said=f"Borshire has 30 members. {SAID}It could do more.")
    write(tmp_path, "Corshire", plan=4, said=SAID)  # the same score as Borshire's
    write(tmp_path, "Dunshire", plan=5, said=SAID.split(". ")[0] + ".")  # too short
    found = as_json(run, tmp_path)["sets"][0]["to_read_again"][2]
    assert found["count"] == 2
    first, second = found["flags"]
    assert re.fullmatch(
        r"Plan: Aldshire County Council \(2\) and Borshire County Council \(4\) have \d+ of \d+ words in the same sentences\.",
        first["fact"],
    )
    assert "Aldshire County Council (2) and Corshire County Council (4)" in second["fact"]
    assert [place["at"] for place in first["places"]] == ["benchmarks.plan.good_practice"] * 2
    assert found["expected"] == "Among texts that were written apart, none is expected."


def test_words_of_the_criteria_are_nobodys_own(run: Run, tmp_path: Path) -> None:
    own = (SETS / "short.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(
        own.replace("No plan.", f'"{SAID.strip()}"'), encoding="utf-8"
    )
    write(tmp_path, "Aldshire", plan=2, said=SAID, set="own.yaml")
    write(tmp_path, "Borshire", plan=4, said=SAID, set="own.yaml")
    assert as_json(run, tmp_path)["sets"][0]["to_read_again"][2]["count"] == 0


def test_of_many_pairs_twenty_are_shown_and_a_turn_of_phrase_is_none(
    run: Run, tmp_path: Path
) -> None:
    for number in range(14):
        write(tmp_path, f"{'abcdefghijklmn'[number].upper()}shire", plan=2 + number % 2, said=SAID)
    found = as_json(run, tmp_path)["sets"][0]["to_read_again"][2]
    assert (found["count"], len(found["flags"])) == (49, 20)
    for number in range(7):
        write(tmp_path, f"{'opqrstu'[number].upper()}shire", plan=2 + number % 2, said=SAID)
    assert as_json(run, tmp_path)["sets"][0]["to_read_again"][2]["count"] == 0


def test_region_that_moved_together_is_named_with_both_shares(run: Run, tmp_path: Path) -> None:
    for number in range(16):
        area, region = f"{chr(65 + number)}shire", f"Example {'North' if number < 8 else 'South'}"
        write(tmp_path, area, "2025/2026", plan=3, training=4, region=region)
        write(
            tmp_path,
            area,
            plan=2 if number < 8 else 3,
            training=3 if number < 6 else 4,
            region=region,
        )
    found = as_json(run, tmp_path)["sets"][0]["to_read_again"][0]
    assert [flag["fact"] for flag in found["flags"]] == [
        "Example North: of 16 scores 0% went up and 88% went down on last year; elsewhere 0% and 0%."
    ]
    assert all("The scores alone can't say." in flag["question"] for flag in found["flags"])
    (tmp_path / "ashire_2026.yaml").unlink()  # seven can be compared: too few to be tested
    assert as_json(run, tmp_path)["sets"][0]["to_read_again"][0]["flags"] == []
    for path in tmp_path.glob("*_2026.yaml"):
        path.unlink()
    assert (
        "regions whose scores moved together: unknown; changes of two levels or more: unknown"
        in " ".join(run("scores", tmp_path).out.split())
    )
    unknown = as_json(run, tmp_path)["sets"][0]["to_read_again"][0]
    assert unknown["count"] is None
    assert (
        unknown["expected"]
        == "No region could be compared: it takes 8 authorities with last year's, and others."
    )


def test_rank_sum_and_discoveries_are_those_of_the_books() -> None:
    # By scipy 1: mannwhitneyu(..., method="asymptotic") and false_discovery_control(...) <= .05.
    assert rank_sum([1, 2, 3, 4, 5], [3, 4, 5, 6, 7, 8]) == pytest.approx(0.066015431521231)
    assert rank_sum([0, 0, 1, 1, 2, -3, 4], [1, 1, 0, 2, 5, 5, -1, -1, 3]) == pytest.approx(
        0.5554599492675809
    )
    assert rank_sum([0] * 9, [0] * 20) == 1
    assert rank_sum([0] * 9, [1] * 20) < 1e-5
    assert discoveries([0.01, 0.02, 0.03, 0.2], 0.05) == [True, True, True, False]
    assert discoveries([0.04, 0.2, 0.03, 0.5], 0.05) == [False] * 4
    assert discoveries([0.01, 0.04, 0.03, 0.02, 0.5], 0.0501) == [True, True, True, True, False]
    assert discoveries([], 0.05) == []


# The blind reading.


def test_names_are_taken_out_however_they_are_written() -> None:
    text = (
        "_Quexshire_, **QUEXSHIRE** and JANE MOORE: see https://quexshire.example/a,"
        " www.quexshire.example, or ask jane.moore@quexshire.example."
        " [The plan](https://quexshire.example/plan) and [her](mailto:jane@quexshire.example)."
    )
    file = source.parse(
        Path("a.yaml"), b"authority: Quexshire\narea: Quexshire\naddressee:\n  name: Jane Moore\n"
    )
    names = (*anonymise.names_of_bodies(file), *anonymise.names_of_people(file))
    words = prose.render(anonymise.without_names(text, names)).first
    shown = re.sub("<[^>]*>", "", words)
    assert not re.search("(?i)quexshire|jane|moore", shown)
    assert "The plan and her." in shown


def test_sample_takes_names_out_and_keeps_the_key_apart(run: Run, four: Path) -> None:
    for number in range(4):
        write(
            four,
            f"{'PQRS'[number]}allshire",
            plan=2 + number % 2,
            region="Example North",
            said=f"{'PQRS'[number]}allshire's plan is kept by A. N. Advisor; The Chief Executive and Westshire read it.",
            end="partners: [Westshire Council]\n",
        )
    done = run("scores", "--sample", "4", "--marking", "OFFICIAL-SENSITIVE", "-o", "reading")
    assert (done.code, done.out) == (0, "reading/reading.html\nreading/key.csv\n")
    page = (four / "reading" / "reading.html").read_text(encoding="utf-8")
    assert page.count("OFFICIAL-SENSITIVE") >= 3
    assert "[name]'s plan is kept by [name]; [name] and [name] read it." in page
    assert not re.search("shire|Advisor|Chief Executive|Example (North|Midlands)|anonym", page)
    assert "names taken out" in page
    key = rows((four / "reading" / "key.csv").read_bytes().decode())
    assert list(key[0]) == ["letter", "authority", "region", "benchmark", "score", "path"]
    # A turn for each region, and in it for those with something below met and those without.
    chosen = list(dict.fromkeys(each["authority"].split()[0] for each in key))
    assert sorted(chosen) == ["Aldshire", "Borshire", "Pallshire", "Qallshire"]
    two = run("scores", "--sample", "2", "--marking", "OFFICIAL", "-o", "two")
    assert two.code == 0
    key = rows((four / "two" / "key.csv").read_bytes().decode())
    assert {each["authority"].split()[0] for each in key} == {"Borshire", "Pallshire"}
    again = run("scores", "--sample", "4", "--marking", "OFFICIAL-SENSITIVE", "-o", "reading")
    assert again.code == 1
    assert "the letters go into a new or empty folder" in again.err
    run("scores", "--sample", "4", "--marking", "OFFICIAL-SENSITIVE", "-o", "other")
    assert (four / "other" / "reading.html").read_text(encoding="utf-8") == page


def test_letters_to_read_tell_neither_by_links_nor_by_order(run: Run, tmp_path: Path) -> None:
    for area in ("Aldshire", "Borshire", "Corshire", "Dunshire"):
        said = f"See [the plan](https://www.{area.lower()}.example/plan); Cor & Sons and Cor and Sons run it."
        write(
            tmp_path,
            area,
            said=said,
            end="partners: [Cor and Sons, Aldshire North, Aldshire]\ncc: ['Sam Sample, Leader of the Council']\n",
        )
    assert (
        run(
            "scores", tmp_path, "--sample", "4", "--marking", "OFFICIAL", "-o", tmp_path / "read"
        ).code
        == 0
    )
    page = (tmp_path / "read" / "reading.html").read_text(encoding="utf-8")
    assert page.count("See the plan; [name] and [name] run it.") == 4
    assert not re.search(r"shire|href=\"http", page)
    order = list(
        dict.fromkeys(
            each["authority"]
            for each in rows((tmp_path / "read" / "key.csv").read_bytes().decode())
        )
    )
    assert sorted(order) != order


def test_names_are_taken_out_whole_and_common_words_stay() -> None:
    from prevent_letter.assessment import source
    from prevent_letter.results import anonymise

    text = """authority: Bath & Wells Council
partners: [Aldshire, Aldshire North Council]
addressee: {name: Jo O'Sample, greeting: Jo}
advisor: {name: A. N. Advisor}
cc: ["Sam Tester, Leader of the Council"]
"""
    read = source.parse(Path("a.yaml"), text.encode())
    names = [*anonymise.names_of_bodies(read), *anonymise.names_of_people(read)]
    said = "Bath and Wells Council met Aldshire North Council; O’Sample and Sam Tester led the Council, and Jordan."
    assert (
        anonymise.without_names(said, names)
        == "[name] met [name]; [name] and [name] led the Council, and Jordan."
    )
    assert (
        anonymise.without_names("ALDSHIRE and BATH & WELLS agreed.", names)
        == "[name] and [name] agreed."
    )


def test_least_far_language_and_either_languages_score_count(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "Aldshire", "2025/2026", plan=1, training=3)
    write(
        tmp_path,
        "Aldshire",
        "2025/2026",
        plan=1,
        training=3,
        authority="Cyngor Ald",
        file="aldshire_2026.cy.yaml",
        end="language: cy\n",
    )
    write(
        tmp_path,
        "Borshire",
        "2025/2026",
        authority="Cyngor Bor",
        file="borshire_2026.cy.yaml",
        end="language: cy\n",
    )
    write(tmp_path, "Borshire", "2025/2026")
    write(tmp_path, "Aldshire", plan="", training=3)
    welsh = write(
        tmp_path,
        "Aldshire",
        plan=3,
        training=3,
        authority="Cyngor Ald",
        file="aldshire_2027.cy.yaml",
        end="language: cy\n",
    )
    found = as_json(run, tmp_path)
    assert (found["begun"], found["complete"], found["no_file_yet"]) == (
        1,
        0,
        ["Borshire County Council"],
    )
    [changed] = found["sets"][0]["to_read_again"][1]["flags"]
    assert changed["fact"] == "Aldshire County Council, Plan: 1 last year, 3 this year."
    assert [Path(place["path"]).name for place in changed["places"]] == [
        welsh.name,
        "aldshire_2026.yaml",
    ]
    welsh.unlink()
    assert as_json(run, tmp_path)["no_file_yet"] == [
        "Borshire County Council"
    ]  # Cyngor Ald is Aldshire's


def test_names_within_a_sentence_and_its_two_passages_make_one_pair(
    run: Run, tmp_path: Path
) -> None:
    for area, score, town in (("Aldshire", 2, "Ambridge"), ("Borshire", 4, "Borchester")):
        path = write(
            tmp_path, area, plan=score, said=SAID.replace("the districts", f"the team of {town}")
        )
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace(
                "      None of the districts has", f"      {SAID}None of the districts has", 1
            ),
            encoding="utf-8",
        )
    found = as_json(run, tmp_path)["sets"][0]["to_read_again"][2]
    assert found["count"] == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_pipe_is_never_replaced(run: Run, four: Path) -> None:
    os.mkfifo(four / "pipe")
    done = run("scores", "-o", "pipe", "--force")
    assert (done.code, done.err) == (1, "pipe: this is not an ordinary file; name another one\n")
    assert (four / "pipe").is_fifo()


@pytest.mark.parametrize("name", ["out.pdf", "out.docx"])
def test_kind_of_file_that_isnt_made_is_refused(name: str, run: Run, four: Path) -> None:
    done = run("scores", "-o", name)
    assert (done.code, (four / name).exists()) == (2, False)
    assert "name one that ends in .csv, .json, .html, .xlsx" in " ".join(done.err.split())


def test_share_is_all_or_nothing_only_where_it_is(run: Run) -> None:
    assert [share(part, 340) for part in (0, 1, 170, 339, 340)] == [
        "0%",
        "1%",
        "50%",
        "99%",
        "100%",
    ]


def test_workbook_of_two_sets_has_each_column_once(run: Run, tmp_path: Path) -> None:
    import openpyxl

    own = re.sub(r"(?m)^    levels: .*\n", "", (SETS / "short.yaml").read_text(encoding="utf-8"))
    for number, met in enumerate(("Met", "MET")):
        scale = f"scale: {{min: 1, max: {2 + number}, met: 2, names: {{1: Not, 2: {met}{', 3: More' * number}}}}}"
        (tmp_path / f"set{number}.yaml").write_text(
            re.sub("scale: .*", scale, own), encoding="utf-8"
        )
        write(tmp_path, "AB"[number] + "shire", set=f"set{number}.yaml", plan="met", training="not")
    assert run("scores", tmp_path, "--marking", "OFFICIAL", "-o", tmp_path / "a.xlsx").code == 0
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Benchmarks"]
    table = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert table[0][2:7] == ["At Not", "At MET", "At More", "Scored", "Met or above"]
    assert [row[2:7] for row in table[1:]] == [
        [0, 1, "", 1, 1],
        [1, 0, "", 1, 0],
        [0, 1, 0, 1, 1],
        [1, 0, 0, 1, 0],
    ]


def test_sample_is_of_finished_english_letters_region_by_region(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "Aldshire", region="Example West")
    write(tmp_path, "Borshire", region="Example East")
    write(tmp_path, "Corshire", region="Example East")
    write(tmp_path, "Dunshire", region="Example East", plan="")
    write(tmp_path, "Elmshire", region="Example Central", end="language: cy\n")
    command = ("scores", tmp_path, "--marking", "OFFICIAL")
    assert run(*command, "--sample", "1", "-o", tmp_path / "one").code == 0
    [whose] = {
        each["authority"] for each in rows((tmp_path / "one" / "key.csv").read_bytes().decode())
    }
    assert whose == "Borshire County Council"  # the first of East, which comes before West
    assert (
        "3 letters of 2026/2027 are complete and in English"
        in run(*command, "--sample", "4", "-o", tmp_path / "four").err
    )
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert run(*command, "--sample", "1", "-o", tmp_path / "file").code == 1
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_levels_far_from_met_share_the_last_shade() -> None:
    from prevent_letter.results.chart import shade

    shades = [
        "below-3",
        "below-3",
        "below-2",
        "below-1",
        "met",
        "above-1",
        "above-2",
        "above-3",
        "above-3",
    ]
    assert [shade(score, 5) for score in range(1, 10)] == shades


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("\u2800=1", "'\u2800=1"),
        ("\u115f\ufe0f=1", "'\u115f\ufe0f=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\uff20SUM(1)", "'\uff20SUM(1)"),
        ("\u3000+1", "'\u3000+1"),
        ("\t=1", "'\t'=1"),
        ("a;=1+1", "a;'=1+1"),
        ("a | @SUM(1)", "a |' @SUM(1)"),
        ("::error::x", "'::error::x"),
        ("a ##[error]x", "a #\\x23[error]x"),
        ("a; - b = c", "a; - b = c"),
        ("a;-2+3+cmd!A0", "a;'-2+3+cmd!A0"),
        ("a;\uff1d1+1", "a;'\uff1d1+1"),
        ("Leicestershire County Council", "Leicestershire County Council"),
    ],
)
def test_no_cell_of_a_csv_file_is_a_formula_or_a_command(cell: str, written: str) -> None:
    [_, row] = csv.reader(io.StringIO(as_csv(["a"], [[cell]]).decode("utf-8-sig")))
    assert row == [written]


def test_json_has_nothing_that_cannot_be_seen() -> None:
    words = "a\x9b\u202e\u2028\ufeff\U000e0041\udcff é 😀\n##[error]"
    data = display.as_json({"a": words})
    assert json.loads(data) == {"a": words}
    assert all(c.isprintable() or c == "\n" for c in data.decode())
    assert b"##[" not in data
