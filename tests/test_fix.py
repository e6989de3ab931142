"""What is beyond doubt is mended, each mend tried by reading the file again, and nothing else is touched."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import CHECKOUT, PLAIN, Run, git

from prevent_letter.core import atomic
from prevent_letter.core.findings import UserError

FAULTS = CHECKOUT / "tests" / "faults"
MENDED = [
    "date_british",
    "date_in_words",
    "date_year_first",
    "none_typed",
    "none_typed_in_block",
    "tab_indents",
    "no_break_space_indents",
    "no_space_after_colon",
    "list_without_space",
    "forgotten_bar",
    "unquoted_colon",
    "byte_order_mark_within",
    "zero_width_space_in_key",
]


@pytest.mark.parametrize("name", MENDED)
def test_slip_is_mended_and_the_rest_of_the_file_stays(
    name: str, run: Run, alone: Callable[[Path], Path]
) -> None:
    path = alone(FAULTS / f"{name}.yaml")
    before = path.read_bytes()
    told = run("check", path)
    assert "   --fix fixes this" in told.out
    assert path.read_bytes() == before
    shown = run("check", "--diff", path)
    assert path.read_bytes() == before
    assert shown.out.startswith("--- a/")
    assert shown.code == 0
    fixed = run("check", "--fix", path)
    assert fixed.code == 0, fixed.out
    assert f"{name}.yaml:" in fixed.err
    assert " fixed PL" in fixed.err
    lines, left = before.splitlines(), path.read_bytes().splitlines()
    assert len([line for line in left if line not in lines]) <= 4
    again = path.read_bytes()
    assert " fixed PL" not in run("check", "--fix", path).err
    assert path.read_bytes() == again
    assert run("check", "--diff", path).out == ""


@pytest.mark.parametrize(
    "name", ["score_six", "unknown_key", "date_american", "duplicate_key", "score_word", "alias"]
)
def test_what_is_in_doubt_is_left(name: str, run: Run, alone: Callable[[Path], Path]) -> None:
    path = alone(FAULTS / f"{name}.yaml")
    before = path.read_bytes()
    done = run("check", "--fix", path)
    if name != "date_american":  # 05/27/2027 can only be one day
        assert path.read_bytes() == before
        assert " fixed PL" not in done.err


def test_file_in_utf_16_is_saved_as_utf_8(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "plain.yaml"
    text = PLAIN.replace("../criteria", (CHECKOUT / "tests" / "criteria").as_posix())
    path.write_bytes(text.encode("utf-16"))
    assert run("check", "--fix", path).code == 0
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_mark_stay_and_several_slips_are_mended_at_once(
    end: str, mark: bytes, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "plain.yaml"
    text = PLAIN.replace("../criteria", (CHECKOUT / "tests" / "criteria").as_posix())
    good = text.replace("2027-05-27", "2027-05-27  # mine")
    slips = good.replace("2027-05-27", "27.5.2027").replace("a.advisor@", "a.advisor@\u200b")
    slips = slips.replace("    score: 3\n", "    score:3\n", 1)
    path.write_bytes(mark + slips.replace("\n", end).encode())
    fixed = run("check", "--fix", path)
    assert fixed.code == 0, fixed.out
    assert fixed.err.count("fixed PL") == 3
    assert path.read_bytes() == mark + good.replace("\n", end).encode()


def test_bullets_become_a_list_and_curly_marks_straight_where_these_prevail(
    run: Run, example: Path
) -> None:
    text = example.read_text(encoding="utf-8")
    old = "      It would be good to make better use of available data to inform training plans and mitigate\n      risk.\n"
    assert old in text
    text = text.replace(
        old,
        "      The council should:\n\n      • Share the partners’ plan.\n      • Train “all” staff.\n",
    )
    example.write_text(text, encoding="utf-8")
    assert run("check", "--fix", example).out == ""
    data = yaml.load(example.read_text(encoding="utf-8"), yaml.BaseLoader)
    recommended = data["benchmarks"]["referral_pathway"]["recommendations"]
    assert (
        recommended == 'The council should:\n\n- Share the partners\' plan.\n- Train "all" staff.\n'
    )


def test_letter_that_was_sent_is_never_mended(run: Run, alone: Callable[[Path], Path]) -> None:
    path = alone(FAULTS / "none_typed.yaml")
    path.write_text(path.read_text(encoding="utf-8") + "sent: 2027-05-30\n", encoding="utf-8")
    before = path.read_bytes()
    told = run("check", "--fix", path)
    assert path.read_bytes() == before
    assert " fixed PL" not in told.err
    assert "--fix fixes" not in run("check", path).out


def test_accepted_warning_stays(run: Run, alone: Callable[[Path], Path]) -> None:
    path = alone(FAULTS / "none_typed.yaml")
    accepted = "accepted:\n  - {rule: PL202, reason: it is as the council wants it}\n"
    path.write_text(path.read_text(encoding="utf-8") + accepted, encoding="utf-8")
    before = path.read_bytes()
    run("check", "--fix", path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    recommendations: |\n      Train", "    recommendations: |\n    Train\n    them"),
        (
            "    recommendations: |\n      Train",
            "    recommendations: Two things: train  # too blunt?\n      Train",
        ),
        ("  name: The Chief Executive\n", "  name: Chief Executive: A. Nobody  # acting\n"),
    ],
)
def test_mend_that_might_be_wrong_isnt_made(old: str, new: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "plain.yaml"
    text = PLAIN.replace("../criteria", (CHECKOUT / "tests" / "criteria").as_posix())
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    before = path.read_bytes()
    run("check", "--fix", path)
    assert path.read_bytes() == before


def test_file_that_can_not_be_written_is_not_said_to_be_fixed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "exampleshire.yaml"
    path.write_text((FAULTS / "date_british.yaml").read_text(encoding="utf-8"), encoding="utf-8")

    def fail(*_: object, **__: object) -> None:
        raise UserError("exampleshire.yaml: the file can't be written: the disk is full")

    monkeypatch.setattr(atomic, "put_back", fail)
    done = run("check", "--fix", path)
    assert done.code == 1
    assert "the disk is full" in done.err
    assert "fixed PL104" not in done.out + done.err


WRAPPED = """\
      Staff asked for help with three things, and some of them did not know what
      to do if an answer worried them. The council’s plan is:
"""


def _recommending(passage: str, *, key: str = "recommendations: |") -> str:
    """Return an assessment with a passage, indented as a file has it, in place of its first."""
    text = PLAIN.replace("../criteria", (CHECKOUT / "tests" / "criteria").as_posix())
    head, _, tail = text.partition("    recommendations: |\n")
    return f"{head}    {key}\n{passage}{tail.split(chr(10), 1)[1]}"


@pytest.mark.parametrize(
    "bullet",
    ["• ", "\uf0b7\t", "\uf0a7 ", "\uf06e\t", "\uf0d8 ", "\uf0fc ", "\uf076\t", "▪ ", "•\u00a0"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_bullets_become_list_marks_and_wrapped_lines_stay(
    bullet: str, end: str, run: Run, tmp_path: Path
) -> None:
    items = "      {}Share the plan of the partnership with everybody who\n        needs it.\n      {}Train staff.\n"
    path = tmp_path / "exampleshire.yaml"
    text = _recommending(WRAPPED.replace("’", "'") + items.replace("{}", bullet))
    path.write_bytes(text.replace("\n", end).encode())
    done = run("check", "--fix", path)
    assert done.out == "", done.out
    right = _recommending(WRAPPED.replace("’", "'") + items.replace("{}", "- "))
    assert path.read_bytes() == right.replace("\n", end).encode()


@pytest.mark.parametrize(
    ("key", "passage"),
    [
        ("recommendations: |", WRAPPED.replace(" is:\n", " is good.\n")),
        ("recommendations: >", WRAPPED.replace(" is:\n", " is good.\n")),
        ("recommendations:", WRAPPED.replace(" is:\n", " is good.\n")),
    ],
)
def test_one_curly_mark_is_made_straight_and_wrapped_lines_stay(
    key: str, passage: str, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "exampleshire.yaml"
    text = _recommending(passage, key=key).replace("The police", "The partners' police")
    text += "      It's the council's, it's the county's.\n"
    path.write_text(text, encoding="utf-8")
    run("check", "--fix", path)
    left = path.read_text(encoding="utf-8")
    assert "’" not in left
    shown, right = (yaml.safe_load(of)["benchmarks"]["plan"] for of in (left, text))
    assert shown["recommendations"].split() == right["recommendations"].replace("’", "'").split()
    assert "know what\n      to do if" in left or key == "recommendations:"


LIST_WITHOUT_BAR = """\
      - Ask the board.
      - Invite the college.
"""


@pytest.mark.parametrize("key", ["recommendations: These would help.", "recommendations:"])
@pytest.mark.parametrize("mark", ["- ", "• "])
def test_list_without_a_bar_gets_it_and_its_lines_stay(
    key: str, mark: str, run: Run, tmp_path: Path
) -> None:
    first = key.partition(": ")[2]
    passage = LIST_WITHOUT_BAR if first else "      These would help.\n" + LIST_WITHOUT_BAR
    path = tmp_path / "exampleshire.yaml"
    path.write_text(_recommending(passage.replace("- ", mark), key=key), encoding="utf-8")
    done = run("check", "--fix", path)
    assert done.out == "", done.out
    right = "      These would help.\n" + LIST_WITHOUT_BAR
    assert path.read_text(encoding="utf-8") == _recommending(right)


def test_item_indented_below_a_key_recommendation_is_left(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "exampleshire.yaml"
    text = _recommending("      Train staff.\n")
    old = "key_recommendations:\n"
    assert old in text
    text = text.replace(old, f"{old}  - Train the booking staff.\n    - Write a plan.\n")
    path.write_text(text, encoding="utf-8")
    run("check", "--fix", path)
    assert path.read_text(encoding="utf-8") == text


def test_fix_that_brings_another_finding_is_not_made(run: Run, tmp_path: Path) -> None:
    """The three tabs are three findings, and one list that stops short would be one."""
    path = tmp_path / "exampleshire.yaml"
    items = "      •\tShare the plan.\n      •\tTrain staff.\n      •\tAsk the\n"
    text = _recommending(WRAPPED + items).replace("’", "'")
    path.write_text(text, encoding="utf-8")
    run("check", "--fix", path)
    assert path.read_text(encoding="utf-8") == text


def test_finding_without_a_place_of_its_own_is_no_trouble(run: Run, tmp_path: Path) -> None:
    """A list under an empty key: the finding's path is not in the file."""
    path = tmp_path / "exampleshire.yaml"
    text = _recommending("      Train staff.\n")
    path.write_text(
        text.replace(
            "key_recommendations:\n", "key_recommendations:\n  addressee:\n    : |\n      • It.\n"
        ),
        encoding="utf-8",
    )
    assert run("check", "--fix", path).code == 1


def test_diff_shows_nothing_that_a_terminal_or_a_log_would_act_on(run: Run, example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    sly = "date: 27 May 2022\n# ##[error]forged\n#\n   # ::error::forged\n"
    example.write_text(text.replace("date: 2022-05-27\n", sly), encoding="utf-8")
    shown = run("check", "--diff", example).out
    assert "+date: 2022-05-27" in shown
    for line in shown.splitlines():
        assert line.isprintable()
        assert not re.match(r"[-+ ]?\s*::", line)
        assert "##[" not in line


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_diff_can_be_applied(end: str, example: Path) -> None:
    text = example.read_text(encoding="utf-8").replace("date: 2022-05-27", "date: 27 May 2022")
    text = text.replace("period: 2021/2022", "period: 2021/2022\n# a\u00a0note with \u0175")
    example.write_bytes(text.replace("\n", end).encode())
    command = [sys.executable, "-m", "prevent_letter", "check", "--diff", example.name]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "cp1252"}
    shown = subprocess.run(
        command, cwd=example.parent, env=environment, capture_output=True, check=False
    ).stdout
    (example.parent / "a.diff").write_bytes(shown)
    git(example.parent, "init", "-q")
    git(example.parent, "apply", "a.diff")
    assert (
        example.read_bytes()
        == text.replace("27 May 2022", "2022-05-27").replace("\n", end).encode()
    )


def test_fix_in_a_file_that_is_only_begun(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("new", "Exampleshire County Council", "--period", "2026/2027").code == 0
    path = tmp_path / "exampleshire_2027.yaml"
    text = path.read_text(encoding="utf-8")
    at = text.index("good_practice: |\n", text.index("  training:")) + len("good_practice: |\n")
    path.write_text(f"{text[:at]}      None\n{text[at:]}", encoding="utf-8")
    fixed = run("check", "--fix", path)
    assert "fixed PL202" in fixed.out + fixed.err
    assert "None\n" not in path.read_text(encoding="utf-8")


SHAPES = {
    "a list where text belongs": (
        "    recommendations: |\n      None of the districts has a plan of its own; each should write one.\n",
        "    recommendations:\n      - Each district: write a plan of its own.\n      - Share it.\n",
        "    recommendations: |\n      - Each district: write a plan of its own.\n      - Share it.\n",
    ),
    "an address with dashes": (
        "  address: |\n    Exampleshire County Council\n    The Town Hall\n    Exampletown\n",
        "  address:\n    - Exampleshire County Council\n    - The Town Hall\n    - Exampletown\n",
        "  address: |\n    Exampleshire County Council\n    The Town Hall\n    Exampletown\n",
    ),
    "a | before a list": (
        "key_recommendations:\n  - ",
        "key_recommendations: |\n  - ",
        "key_recommendations:\n  - ",
    ),
    "bullets for dashes": (
        "key_recommendations:\n  - ",
        "key_recommendations:\n  • ",
        "key_recommendations:\n  - ",
    ),
    "a bullet after a dash": (
        "key_recommendations:\n  - ",
        "key_recommendations:\n  - • ",
        "key_recommendations:\n  - ",
    ),
    "names with commas": (
        "advisor:\n",
        "cc: Pat Sample, Robin Example\nadvisor:\n",
        "cc:\n  - Pat Sample\n  - Robin Example\nadvisor:\n",
    ),
    "nobody": ("advisor:\n", "cc: None\nadvisor:\n", "cc:\nadvisor:\n"),
    "text after a |": ("summary: |\n  ", "summary: | ", "summary: |\n  "),
    "the day it was sent": (
        "advisor:\n",
        "sent: 30/05/2027\nadvisor:\n",
        "sent: 2027-05-30\nadvisor:\n",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_value_in_another_shape_is_mended(name: str, run: Run, tmp_path: Path) -> None:
    right, wrong, fixed = SHAPES[name]
    text = PLAIN.replace(
        "../criteria/short.yaml", (CHECKOUT / "tests" / "criteria" / "short.yaml").as_posix()
    )
    assert text.count(right) == 1, text
    path = tmp_path / "a.yaml"
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    run("check", "--fix", path)
    assert path.read_text(encoding="utf-8") == text.replace(right, fixed)
