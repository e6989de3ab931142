"""A repository of assessments, built whole: folders, settings, letters that were sent, what changed and what didn't."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import docx
import pytest
from conftest import CHECKOUT, EXAMPLE, Run, paragraphs

from prevent_letter.letter import word

REPOSITORY = CHECKOUT / "examples" / "repository"
LETTERS = [
    "letters/midlands/exampleshire_2026.docx",
    "letters/midlands/exampleshire_2027.docx",
    "letters/north/borshire_2027.docx",
    "letters/north/rutshire_2026.docx",
]
SENT, *BUILT = LETTERS


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of two regions of the example repository, as a fresh clone of it would be, to work in."""
    folder = tmp_path / "repository"
    shutil.copytree(
        REPOSITORY, folder, ignore=shutil.ignore_patterns("letters", "*.docx", "south", "east")
    )
    (folder / SENT).parent.mkdir(parents=True)
    shutil.copy(REPOSITORY / SENT, folder / SENT)
    monkeypatch.chdir(folder)
    return folder


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def summary(err: str) -> str:
    return err.splitlines()[-1]


def test_whole_repository_is_checked_and_built(run: Run, repository: Path) -> None:
    checked = run("check", "--strict")
    assert (checked.code, checked.out, checked.err) == (0, "", "6 files, 0 errors, 0 warnings\n")
    built = run("build")
    assert built.code == 0
    assert built.out.splitlines() == BUILT
    assert summary(built.err) == "4 letters: 3 built, 0 unchanged, 0 kept, 0 failed, 1 sent"
    named = paragraphs(repository / "letters" / "north" / "borshire_2027.docx")
    assert ("Score", "Score – Exceeding") in named
    assert ("Marking", "OFFICIAL") in paragraphs(
        repository / "letters" / "north" / "rutshire_2026.docx"
    )
    assert (
        sorted(path.relative_to(repository).as_posix() for path in repository.rglob("*.docx"))
        == LETTERS
    )
    assert run("build", "--check").out == ""


def test_only_what_changed_is_written(run: Run, repository: Path) -> None:
    run("build")
    for letter in LETTERS:
        os.utime(letter, ns=(10**18, 10**18))
    change(repository / "north" / "rutshire_2026.yaml", "score: 4", "score: 5")
    built = run("build")
    assert built.out == "letters/north/rutshire_2026.docx\n"
    assert summary(built.err) == "4 letters: 1 built, 2 unchanged, 0 kept, 0 failed, 1 sent"
    touched = [letter for letter in LETTERS if Path(letter).stat().st_mtime_ns != 10**18]
    assert touched == ["letters/north/rutshire_2026.docx"]
    assert run("build", "--quiet").err == ""


def test_check_tells_each_letter_and_writes_nothing(run: Run, repository: Path) -> None:
    run("build")
    missing, edited, old = BUILT
    Path(missing).unlink()
    document = docx.Document(edited)
    document.paragraphs[20].add_run(" A manager's remark.")
    document.save(edited)
    change(repository / "north" / "borshire_2027.yaml", "Agree terms", "Agree the terms")
    change(repository / "north" / "rutshire_2026.yaml", "score: 4", "score: 5")
    Path("letters/north/.rutshire_2026.docx.tmp").write_bytes(b"half")
    before = {path: path.stat().st_mtime_ns for path in repository.rglob("*")}
    checked = run("build", "--check")
    assert checked.code == 1
    assert checked.out == f"{missing}: missing\n{edited}: edited\n{old}: out of date\n"
    assert (
        summary(checked.err)
        == "4 letters: 1 missing, 1 out of date, 1 edited, 0 unchanged, 0 failed, 1 sent"
    )
    assert {path: path.stat().st_mtime_ns for path in repository.rglob("*")} == before
    assert run("build", "--check", "--quiet").err == ""
    assert run("build").code == 1  # the edited one is kept
    assert run("build", "--check").out == f"{edited}: edited\n"
    assert run("build", "--force").out == f"{edited}\n"
    assert run("build", "--check").code == 0


def test_faulty_file_fails_and_the_others_are_built(run: Run, repository: Path) -> None:
    change(repository / "midlands" / "exampleshire_2027.yaml", "score: 4", "score: 7")
    built = run("build")
    assert built.code == 1
    assert built.out.splitlines() == BUILT[1:]
    assert "midlands/exampleshire_2027.yaml:23:12: error PL114" in built.err
    assert summary(built.err) == "4 letters: 2 built, 0 unchanged, 0 kept, 1 failed, 1 sent"
    checked = run("build", "--check")
    assert (checked.code, checked.out) == (1, "")


def test_folders_are_mirrored_below_the_path_that_was_given(
    run: Run, repository: Path, tmp_path: Path
) -> None:
    inside = [
        "midlands/exampleshire_2027.docx",
        "north/borshire_2027.docx",
        "north/rutshire_2026.docx",
    ]
    out = tmp_path / "out"
    assert run("build", "-o", out).code == 0
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*.docx")) == inside
    shutil.rmtree(out)
    assert (
        run("build", "north", repository / "midlands" / "exampleshire_2027.yaml", "-o", out).code
        == 0
    )
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*.docx")) == [
        "borshire_2027.docx",
        "exampleshire_2027.docx",
        "rutshire_2026.docx",
    ]
    assert run("build", "north", "-o", "one.docx").code == 2
    Path("north/rutshire_2026.yaml").unlink()
    assert run("build", "north", "-o", "one.docx").out == "one.docx\n"


def test_settings_are_found_upwards_and_nothing_to_build_is_wrong_use(
    run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "north")
    assert (
        run("build").out
        == "../letters/north/borshire_2027.docx\n../letters/north/rutshire_2026.docx\n"
    )
    monkeypatch.chdir(repository / "criteria")
    built = run("build")
    assert built.code == 2
    assert "there is no assessment to build here" in built.err


def test_other_yaml_files_are_passed_over_and_counted(run: Run, repository: Path) -> None:
    (repository / "mkdocs.yml").write_text("site_name: Notes\n", encoding="utf-8")
    assert run("build").err.endswith("1 sent; 1 other YAML file passed over\n")


# Letters that were sent.


def test_sent_letter_is_a_record_of_what_it_says_whoever_made_it(
    run: Run, repository: Path
) -> None:
    """New wording, a new look, another level text in the criteria: last year's letters are not stale, this year's are."""
    run("build")
    (repository / "templates").mkdir()
    (repository / "templates" / "letter.html.j2").write_text(
        '{% extends "standard/letter.html.j2" %}{% block closing %}<p class="closing">Yours,</p>{% endblock %}',
        encoding="utf-8",
    )
    look = docx.Document(str(CHECKOUT / "templates" / "letter.docx"))
    look.styles["Normal"].font.name = "Georgia"
    look.save(str(repository / "templates" / "letter.docx"))
    change(repository / "prevent-letter.yaml", "output:", "templates: templates\noutput:")
    checked = run("build", "--check")
    assert checked.out.splitlines() == [f"{letter}: out of date" for letter in BUILT]
    before = (repository / SENT).read_bytes()
    assert run("build").out.splitlines() == BUILT
    assert (repository / SENT).read_bytes() == before
    change(
        repository / "midlands" / "exampleshire_2026.yaml",
        "summary: |\n",
        "summary: |   # wrapped anew\n",
    )
    change(repository / "midlands" / "exampleshire_2026.yaml", "The board\n  is", "The\n  board is")
    assert run("build", "--check").code == 0


def test_sent_letter_is_told_when_the_assessment_says_something_else(
    run: Run, repository: Path
) -> None:
    run("build")
    change(repository / "midlands" / "exampleshire_2026.yaml", "score: 3", "score: 4")
    checked = run("build", "--check")
    assert (checked.code, checked.out) == (1, f"{SENT}: out of date\n")
    assert (
        f"{SENT}: sent on 2026-05-29, and the assessment no longer says what the letter says\n"
        in checked.err
    )
    before = (repository / SENT).read_bytes()
    for options in ([], ["--force"]):
        built = run("build", *options)
        assert (built.code, built.out) == (0, "")
        assert (repository / SENT).read_bytes() == before


def test_sent_letter_that_was_cleared_in_word_is_edited_only_where_it_says_something_else(
    run: Run, repository: Path
) -> None:
    run("build")
    document = docx.Document(SENT)
    document.paragraphs[20].add_run(" As cleared.")
    document.save(SENT)
    assert run("build", "--check").code == 0
    change(repository / "midlands" / "exampleshire_2026.yaml", "score: 3", "score: 4")
    assert run("build", "--check").out == f"{SENT}: edited\n"


def test_sent_letter_without_our_mark_is_told_only_when_it_is_missing(
    run: Run, repository: Path
) -> None:
    run("build")
    docx.Document().save(SENT)
    change(repository / "midlands" / "exampleshire_2026.yaml", "score: 3", "score: 4")
    assert run("build", "--check").code == 0
    (repository / SENT).unlink()
    checked = run("build", "--check")
    assert (checked.code, checked.out) == (1, f"{SENT}: missing\n")
    built = run("build")
    assert (built.code, built.out) == (0, "")
    assert (
        f"{SENT}: sent on 2026-05-29, and missing; put the letter that was sent there, or"
        in built.err
    )
    assert run("build", "--quiet").err == ""
    forced = run("build", "--force")
    assert forced.out == f"{SENT}\n"
    assert run("build", "--check").code == 0


def test_draft_of_a_sent_letter_is_a_draft_like_any_other(run: Run, repository: Path) -> None:
    assert (
        run("build", "--draft", "midlands/exampleshire_2026.yaml").out
        == SENT.replace(".docx", ".draft.docx") + "\n"
    )


# A criteria set and templates of one's own, as a user would make them from the standard ones.


def test_copied_criteria_and_wording_are_changed_by_hand(run: Run, repository: Path) -> None:
    ours = Path(
        shutil.copy(
            CHECKOUT / "criteria" / "annex_a.yaml", repository / "criteria" / "next_year.yaml"
        )
    )
    change(
        ours,
        "title: Prevent Local Authority Performance Scoring Criteria",
        "title: Next Year's Criteria",
    )
    change(
        repository / "prevent-letter.yaml",
        "output:",
        "criteria: criteria/next_year.yaml\ntemplates: ours\noutput:",
    )
    (repository / "ours").mkdir()
    template = Path(shutil.copy(CHECKOUT / "templates" / "letter.html.j2", repository / "ours"))
    change(template, "Kind regards,", "With kind regards,")
    assert run("check", "--strict").code == 0
    assert run("build").out.splitlines() == BUILT
    found = paragraphs(Path("letters/north/rutshire_2026.docx"))
    assert ("Heading2", "Annex\N{NO-BREAK SPACE}A – Next Year's Criteria") in found
    assert ("Closing", "With kind regards,") in found


# The terminal, Ctrl-C, and the end of the process at any moment.


def terminal(command: list[str], environment: dict[str, str]) -> tuple[str, bytes]:
    """What a command writes to a terminal on standard error, and to a pipe on standard output."""
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", **environment},
    ) as going:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        out, _ = going.communicate(timeout=20)
    os.close(ours)
    return shown.decode(), out


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_progress_bar_shows_on_a_terminal_alone(run: Run, repository: Path) -> None:
    command = [sys.executable, "-m", "prevent_letter", "build"]
    path = repository / "midlands" / "exampleshire_2026.yaml"
    path.write_text(path.read_text(encoding="utf-8").partition("sent:")[0], encoding="utf-8")
    no_ci = {"CI": ""}
    shown, out = terminal([*command, "-o", "out"], no_ci)
    assert "4/4" in shown
    assert (
        shown.replace("\r", "")
        .rstrip("\n")
        .endswith("4 letters: 4 built, 0 unchanged, 0 kept, 0 failed")
    )
    assert out.decode().splitlines() == [letter.replace("letters", "out") for letter in LETTERS]
    for options, environment in (
        (["--quiet"], no_ci),
        ([], {"CI": "true"}),
        (["north/rutshire_2026.yaml"], no_ci),
    ):
        shown, _ = terminal([*command, *options, "-o", "out"], environment)
        assert "/4" not in shown
        assert "[" not in shown.split("letter", 1)[0].replace("\x1b[?25h", "")
    assert "4/4" not in run("build").err


def kill_builds(folder: Path, times: int, files: int) -> int:
    """Kill builds at random moments: each letter is whole, old or new. Gives how many were killed halfway."""
    assessments, letters = folder / "assessments", folder / "letters"
    assessments.mkdir()
    texts = [
        EXAMPLE.read_text(encoding="utf-8").replace("score: 3", f"score: {score}", 1)
        for score in (3, 4)
    ]
    command = [
        sys.executable,
        "-m",
        "prevent_letter",
        "build",
        "--quiet",
        str(assessments),
        "-o",
        str(letters),
    ]

    def write(state: int) -> None:
        for number in range(files):
            text = texts[state].replace(
                "Leicestershire County", f"Council {number}'s Leicestershire County", 1
            )
            (assessments / f"{number:03}.yaml").write_text(text, encoding="utf-8")

    built: list[dict[str, bytes]] = []
    for state in (0, 1):
        write(state)
        start = time.monotonic()
        subprocess.run(command, check=True, capture_output=True)
        took = time.monotonic() - start
        built.append({path.name: path.read_bytes() for path in letters.iterdir()})
    chance, halfway = random.Random(2027), 0
    for number in range(times):
        state = number % 2
        write(state)
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as going:
            time.sleep(chance.uniform(0.3, 1.05) * took)
            going.send_signal(signal.SIGKILL)
        now = {
            path.name: path.read_bytes()
            for path in letters.iterdir()
            if not path.name.startswith(".")
        }
        assert now.keys() == built[0].keys()
        assert all(data in (built[0][name], built[1][name]) for name, data in now.items())
        halfway += len({now[name] == built[state][name] for name in now}) > 1
        if number % 5 == 4:
            assert subprocess.run(command, capture_output=True, check=False).returncode == 0
            assert {path.name: path.read_bytes() for path in letters.iterdir()} == built[state]
    return halfway


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_build_that_is_killed_leaves_whole_letters(tmp_path: Path) -> None:
    kill_builds(tmp_path, 20, 12)


@pytest.mark.slow
def test_build_that_is_killed_two_hundred_times_leaves_whole_letters(tmp_path: Path) -> None:
    assert kill_builds(tmp_path, 200, 100) > 20


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_ctrl_c_stops_at_once_and_leaves_no_partial_file(tmp_path: Path) -> None:
    for number in range(150):
        text = EXAMPLE.read_text(encoding="utf-8").replace(
            "Leicestershire County", f"Council {number}'s Own County", 1
        )
        (tmp_path / f"{number:03}.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "prevent_letter", "build", str(tmp_path)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as going:
        assert going.stdout
        going.stdout.readline()  # the first letter is there
        going.send_signal(signal.SIGINT)
        _, err = going.communicate(timeout=20)
    assert going.returncode == 130
    assert b"Traceback" not in err
    letters = [path for path in tmp_path.iterdir() if path.suffix != ".yaml"]
    assert 0 < len(letters) < 150
    for letter in letters:
        found = word.identity(letter.read_bytes())
        assert found
        assert found.intact
