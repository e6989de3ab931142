"""What the other assessments of a repository are for one file: its names, its period, its letter's place."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import EXAMPLE, HEAD, Lines, Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prevent_letter.assessment import source
from prevent_letter.assessment.header import read_header

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes an assessment into a repository, with other words in it."""
    (tmp_path / ".git").mkdir()

    def make(name: str, **fields: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = yaml.load(HEAD, yaml.BaseLoader)
        data["addressee"]["address"] = f"{fields.get('authority', data['authority'])}, County Hall"
        data |= fields
        ids = "risk_assessment partnership_board partnership_plan referral_pathway channel_panel problem_solving"
        ids += " training venue_hire_and_it engagement communications"
        data["benchmarks"] = {id: {"score": "3"} for id in ids.split()}
        path.write_text(
            yaml.dump(data, Dumper=Lines, sort_keys=False, width=10_000).replace("'", ""), "utf-8"
        )
        return path

    return make


def test_name_from_another_folder_is_found_in_one_file(make: Make, run: Run) -> None:
    path = make("north/exampleshire.yaml", summary="Prevent in Rutshire is well led.")
    make("midlands/rutshire.yaml", authority="Rutshire Borough Council", area="Rutshire")
    for verb in (("check", path), ("check", path.parent)):
        checked = run(*verb)
        assert 'warning PL403: "Rutshire" is another council in this folder' in checked.out
        assert checked.err.startswith("1 file, 0 errors, 1 warning\n")
    (path.parent.parent / ".git").rmdir()
    assert "PL403" not in run("check", path).out  # without a repository only its own folder counts
    make("north/rutshire.yaml", authority="Rutshire Borough Council", area="Rutshire")
    assert "PL403" in run("check", path).out


def test_second_assessment_stops_the_letter_of_one_file(make: Make, run: Run) -> None:
    path, other = make("north/exampleshire.yaml"), make("old/copy.yaml")
    for verb in ("check", "build"):
        done = run(verb, path)
        assert done.code == 1
        assert "exampleshire.yaml:1:12: error PL401: " in done.out + done.err
        assert "copy.yaml is about the same authority" in done.out + done.err
        assert "copy.yaml:1:12" not in done.out + done.err  # it wasn't asked about
    assert not path.with_suffix(".docx").exists()
    other.unlink()
    assert run("build", path).code == 0


def test_letter_in_one_place_is_found_for_one_file_but_not_with_a_place_of_its_own(
    make: Make, run: Run
) -> None:
    path = make("exampleshire.yaml")
    make("exampleshire.yml", authority="Rutshire Borough Council", area="Rutshire")
    assert "PL402" in run("build", path).err
    assert run("build", path, "-o", path.with_name("letters")).code == 0


def test_neighbour_that_is_at_fault_is_nobodys_business(make: Make, run: Run) -> None:
    path = make("exampleshire.yaml")
    for name, data in (
        ("a.yaml", b"authority: [\n"),
        ("b.yaml", b"authority: \xff\xfe\narea: x"),
        ("c.yaml", b"authority:\n"),
        ("d.yaml", b"scale:\n"),
    ):
        path.with_name(name).write_bytes(data)
    assert (run("check", path).code, run("check", path).out) == (0, "")


# At a glance it is what the reader reads.

NAMES = st.text("abcdeéŷ &#'\"-:,.", min_size=1, max_size=30).map(str.strip).filter(bool)
STYLES = st.sampled_from(["", "'", '"', "|", ">"])


@given(name=NAMES, style=STYLES, end=st.sampled_from(["\n", "\r\n"]), comment=st.booleans())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_glance_reads_what_the_reader_reads(
    name: str, style: str, end: str, comment: bool, tmp_path: Path
) -> None:
    text = yaml.dump({"authority": name}, default_style=style or None, allow_unicode=True, width=20)
    if comment and style not in ("|", ">"):
        text = text.rstrip("\n") + "  # its name\n"
    text = "# begins\n" + text + "area: Somewhere\nperiod: 2026/2027\nbenchmarks:\n  area: no\n"
    data = text.replace("\n", end).encode()
    read = source.parse(tmp_path / "x.yaml", data)
    if not read.findings:
        value = read.value("authority")
        seen = read_header(tmp_path / "x.yaml", data)
        assert seen.authority == " ".join((value or "").split())
        assert (seen.area, seen.period, seen.language) == ("Somewhere", "2026/2027", "")


@pytest.mark.parametrize("nothing", ["", "~", "null", "null  # English"])
def test_header_without_a_language_has_none(nothing: str, tmp_path: Path) -> None:
    data = f"authority: Exampleshire County Council\nlanguage: {nothing}\n".encode()
    assert read_header(tmp_path / "x.yaml", data).language == ""


@pytest.mark.parametrize(
    "name", ["a - Copy.yaml", "a (1).yaml", "a - Copy (2).yaml", "a copy.yaml"]
)
def test_copy_beside_the_assessment_is_said_to_be_one(name: str, run: Run, tmp_path: Path) -> None:
    for path in (tmp_path / "a.yaml", tmp_path / name):
        path.write_bytes(EXAMPLE.read_bytes())
    checked = run("check", tmp_path)
    assert checked.code == 1
    assert checked.out.count(f"; {name} looks like a copy") == 2
    stem = name.removesuffix(".yaml")
    assert f"move {name} out of the folder, or name it {stem}.bak" in " ".join(checked.out.split())
    (tmp_path / name).rename(tmp_path / f"{stem}.bak")
    assert run("check", tmp_path).code == 0
