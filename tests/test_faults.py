"""What a person can do wrong: each file in faults/ has one fault, and says in its first line or name where."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from conftest import EXAMPLE, Run

from prevent_letter.assessment import source, yaml_hints
from prevent_letter.assessment.drafts import DraftLoader
from prevent_letter.assessment.text_hints import Hint
from prevent_letter.core.findings import Finding
from prevent_letter.rules import engine

FAULTS = sorted((Path(__file__).parent / "faults").glob("*.yaml"))
PARSERS_WORDS = re.compile(
    r"Input should|Value error|validation error|while (scanning|parsing)|expected|mapping values"
)


def expected(path: Path) -> list[str]:
    """What a file says about itself: ``12:10 PL203``, one or several."""
    if named := re.fullmatch(r"\w+\.(\d+)-(\d+)\.(PL\d{3})", path.stem):
        return [f"{named[1]}:{named[2]} {named[3]}"]
    first = path.read_bytes().split(b"\n", 1)[0].decode()
    assert first.startswith("# expect: "), f"{path.name} says nothing about its fault"
    return first.removeprefix("# expect: ").split(", ")


def judged(path: Path) -> list[Finding]:
    draft = DraftLoader().load(path)
    return engine.apply_rules([draft], {})[path]


def told(findings: list[Finding]) -> list[str]:
    return [f"{each.place.line}:{each.place.column} {each.code}" for each in sorted(set(findings))]


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_fault_is_told_at_its_place_and_nothing_else_is(
    path: Path, run: Run, tmp_path: Path, alone: Callable[[Path], Path]
) -> None:
    path = alone(path)
    findings = judged(path)
    assert told(findings) == expected(path)
    assert not PARSERS_WORDS.search("\n".join(each.message + each.help for each in findings))
    checked, built = run("check", path), run("build", path, "-o", tmp_path / "letters")
    for each in findings:
        assert str(each) in checked.out
        assert each.message
        assert each.help
        assert "\n" not in each.message + each.help
    fails = any(each.severity == "error" or each.code == "PL201" for each in findings)
    assert checked.code == any(each.severity == "error" for each in findings)
    assert built.code == fails
    assert (tmp_path / "letters").exists() is not fails


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_parser_without_the_c_library_tells_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_PARSER", yaml.BaseLoader)
    assert told(judged(path)) == expected(path)


def test_there_is_a_fault_for_each_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(FAULTS) >= 100
    found = set[str]()

    def watched(look: yaml_hints.Detector) -> yaml_hints.Detector:
        def look_and_note(scene: yaml_hints.ErrorContext) -> Iterator[Hint]:
            for slip in look(scene):
                found.add(look.__name__)
                yield slip

        return look_and_note

    names = {look.__name__ for look in yaml_hints.DETECTORS}
    monkeypatch.setattr(yaml_hints, "DETECTORS", [watched(look) for look in yaml_hints.DETECTORS])
    for path in FAULTS:
        source.read(path)
    assert found == names


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("benchmark_without_colon", "a colon is missing after training"),
        ("benchmark_without_colon_after_nothing", "write training:"),
        (
            "benchmark_name_deleted",
            "a benchmark's name is missing above this line; is it training:?",
        ),
        ("list_without_space", "a space is missing after the -"),
        ("text_begins_too_far_in", "must begin in one column"),
        (
            "points_beside_their_key",
            "write a | after recommendations:, and the points on the lines below it",
        ),
        ("cc_unclosed", "the closing ] is missing"),
        ("date_american", "like this: 2027-05-27"),
        ("date_in_words", "like this: 2027-05-27"),
        ("date_year_first", "like this: 2027-05-27"),
        ("benchmark_not_indented", "line 27 should begin with 2 spaces, as line 23 does"),
        ("key_less_indented", "line 31 should begin with 4 spaces, as line 29 does"),
        ("score_with_its_meaning", "write the number alone: 3"),
        ("score_list", "write the number alone: 4"),
        ("score_word", "write the number alone: 4"),
        ("conflict_of_git", "git found two versions of these lines"),
    ],
)
def test_slip_is_named_in_words_that_help(name: str, words: str) -> None:
    [finding] = judged(Path(__file__).parent / "faults" / f"{name}.yaml")
    assert words in f"{finding.message}; {finding.help}"


@pytest.mark.parametrize(
    "words", ["27.5.27", "27-05-2027", "27th May 2027", "27 May, 2027", "May 27, 2027", "2027-5-27"]
)
def test_date_is_told_as_it_is_meant(words: str, example: Path) -> None:
    example.write_text(
        re.sub("(?m)^date: .*", f"date: {words}", example.read_text(encoding="utf-8")),
        encoding="utf-8",
    )
    [finding] = DraftLoader().load(example).findings
    assert finding.help == "write year, month and day like this: 2027-05-27"


@pytest.mark.parametrize(
    ("number", "codes"),
    [("1" * 8, ["PL107"]), ("1" * 9, []), ("1" * 20, []), ("1" * 21, ["PL107"])],
)
def test_telephone_number_has_nine_to_twenty_digits(
    number: str, codes: list[str], example: Path
) -> None:
    example.write_text(
        example.read_text(encoding="utf-8").replace("07700 900495", number), encoding="utf-8"
    )
    assert [each.code for each in DraftLoader().load(example).findings] == codes


@pytest.mark.parametrize(
    ("name", "data", "place"),
    [
        ("large", b"summary: |\n" + b"  Exampleshire meets the duty.\n" * 80_000, "1:1 PL003"),
        ("brackets", b"a: " + b"[" * 100_000, "1:4 PL006"),
        ("braces", b"{a: " * 100_000, "1:81 PL009"),
        ("dashes", b"- " * 100_000, "1:41 PL009"),
        ("keys", b"".join(b" " * depth + b"a:\n" for depth in range(500)), "21:21 PL009"),
        ("one_line", b"authority: " + b"x" * 1_000_000 + b": y", "1:12 PL016"),
    ],
)
def test_huge_file_is_told_and_never_brings_the_process_down(
    name: str, data: bytes, place: str, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / f"{name}.yaml"
    path.write_bytes(data)
    assert told(list(DraftLoader().load(path).findings)) == [place]
    done = subprocess.run(
        [sys.executable, "-m", "prevent_letter", "check", path], capture_output=True, check=False
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert max(map(len, done.stdout.decode().splitlines())) < 250
    assert run("build", path).code == 1
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_file_is_wrong_use(run: Run, tmp_path: Path) -> None:
    missing = run("check", tmp_path / "missing.yaml")
    assert missing.code == 2
    assert f"there is no file {tmp_path / 'missing.yaml'}" in missing.err
    empty = run("check", tmp_path)
    assert empty.code == 2
    assert "there is nothing to check in" in empty.err


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="needs a file that this user may not read"
)
def test_file_that_may_not_be_read(run: Run, example: Path) -> None:
    example.chmod(0)
    assert "PL001" in run("check", example).out + run("check", example).err


def test_faults_of_a_file_are_told_together(tmp_path: Path) -> None:
    path = tmp_path / "exampleshire.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    text = (
        text.replace("period: 2021/2022", "period: 2021")
        .replace("score: 3", "score: 7")
        .replace("greeting:", "geeting:")
    )
    path.write_text(text, encoding="utf-8")
    assert [place.split()[1] for place in told(list(DraftLoader().load(path).findings))] == [
        "PL105",
        "PL101",
        "PL114",
        "PL114",
    ]


def test_faults_of_the_file_itself_hide_all_others_and_a_syntax_error_hides_those(
    tmp_path: Path,
) -> None:
    path = tmp_path / "exampleshire.yaml"
    path.write_text("area: Exampleshire\narea: &a Exampleshire\nperiod: 2021\n", encoding="utf-8")
    assert told(list(DraftLoader().load(path).findings)) == ["2:1 PL007", "2:7 PL008"]
    path.write_text("area: Exampleshire\narea: Exampleshire\nsummary: @home\n", encoding="utf-8")
    assert told(list(DraftLoader().load(path).findings)) == ["3:10 PL006"]
