"""What is beyond doubt is mended, each mend tried by reading the file again, and nothing else is touched."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import CHECKOUT, PLAIN, Run

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
