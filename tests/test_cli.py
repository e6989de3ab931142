"""The command line: help, exit codes, what goes where, and no traceback whatever happens."""

import gc
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from conftest import CHECKOUT, EXAMPLE, PLAIN, Run

from prevent_letter import __version__, cli
from prevent_letter.assessment.drafts import Draft
from prevent_letter.building import build as build_module
from prevent_letter.building.letter_builder import BuildRequest, LetterBuilder
from prevent_letter.cli import terminal


def process(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "prevent_letter", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, **options)  # type: ignore[call-overload, no-any-return]


def test_version_and_help(run: Run) -> None:
    assert run("--version").out == f"prevent-letter {__version__}\n"
    for arguments in (["--help"], ["build", "--help"], ["check", "-h"]):
        shown = run(*arguments)
        assert shown.code == 0
        assert (
            "prevent-letter build exampleshire_2027.yaml" in shown.out
            or "prevent-letter check" in shown.out
        )
        assert max(map(len, shown.out.splitlines())) <= 100
        assert "\\b" not in shown.out
        assert "\n  prevent-letter check" in shown.out or "\n    prevent-letter" in shown.out


def test_help_fits_a_terminal_of_eighty_columns() -> None:
    for verb in ("build", "check"):
        shown = process(verb, "--help", env={**os.environ, "COLUMNS": "80", "PYTHONUTF8": "1"})
        assert max(map(len, shown.stdout.decode().splitlines())) <= 80


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["explain", "PL999"],
        ["check", "--format", "xml"],
        ["biuld"],
        ["build", "--colour", "x.yaml"],
        ["check", "missing.yaml"],
        ["build", "docs"],
        ["build", "-f", "pdf", "-o", "letter.docx"],
        ["build", "-f", "txt"],
    ],
)
def test_wrong_use(arguments: list[str], run: Run) -> None:
    used = run(*arguments)
    assert used.code == 2
    assert used.out == ""
    assert used.err


def test_wrong_use_is_told_in_a_sentence(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(example.parent)
    assert (
        "there is no file leicestershire_2023.yaml; did you mean leicestershire_2022.yaml?"
        in run("check", "leicestershire_2023.yaml").err
    )
    assert (
        "say what to do with it, such as: prevent-letter check leicestershire_2022.yaml"
        in run(example.name).err
    )
    for name in ("letter.odt", "letter.doc", example.name):
        used = run("build", example.name, "-o", name)
        assert used.code == 2
        assert "a letter's name ends in .docx, .pdf or .html" in used.err
    assert "-f asks for docx" in run("build", example.name, "-o", "letter.pdf", "-f", "docx").err
    assert "pdx is not one of docx, pdf, html" in run("build", example.name, "-f", "docx,pdx").err
    assert [path.name for path in example.parent.iterdir()] == [example.name]


def test_one_file_for_two_letters_is_wrong_use(run: Run, example: Path) -> None:
    other = example.with_name("other.yaml")
    other.write_bytes(example.read_bytes())
    used = run("build", example, other, "-o", example.parent / "letter.docx")
    assert used.code == 2
    assert "one letter's file" in used.err
    assert not (example.parent / "letter.docx").exists()


def test_file_that_is_named_twice_is_built_once_and_no_other_kind_is_built(
    run: Run, example: Path
) -> None:
    built = run("build", example, example)
    assert (built.code, built.out.count("\n")) == (0, 1)
    settings = example.with_name("prevent-letter.yaml")
    settings.write_text("output: letters\n", encoding="utf-8")
    assert "there is no assessment to build here" in run("build", settings).err


def test_good_files_are_built_though_others_fail(run: Run, example: Path) -> None:
    bad = example.with_name("bad.yaml")
    bad.write_text("area: Exampleshire\nsummary: It is good.\n", encoding="utf-8")
    built = run("build", bad, example)
    assert built.code == 1
    assert built.out.endswith("leicestershire_2022.docx\n")
    assert "bad.yaml:1:1: error PL102: authority is missing" in built.err


def test_findings_are_data_and_the_count_is_not(run: Run, example: Path) -> None:
    example.write_text(
        example.read_text(encoding="utf-8").replace("date: 2022-05-27\n", ""), encoding="utf-8"
    )
    checked = run("check", example)
    assert checked.code == 0
    assert "warning PL201" in checked.out
    assert checked.err.splitlines() == [
        "1 file, 0 errors, 1 warning",
        "more about PL201: prevent-letter explain PL201",
    ]
    assert run("check", "--strict", example).code == 1
    built = run("build", example)
    assert built.code == 1
    assert "error PL201: the letter has no date" in built.err
    assert run("build", "--draft", example).code == 0


def test_draft_is_stopped_by_the_schema_alone(run: Run, example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    example.write_text(
        text.replace("    score: 4\n", "    score: 1\n").replace(
            "    recommendations: |\n      It", "    good: |\n      It"
        ),
        encoding="utf-8",
    )
    assert run("build", "--draft", example).code == 1
    example.write_text(
        text.replace("  problem_solving:\n    score: 4", "  problem_solving:\n    score: 1"),
        encoding="utf-8",
    )
    assert "error PL203" in run("build", example).err
    assert run("build", "--draft", example).code == 0


def test_same_finding_in_one_settings_file_is_told_once(run: Run, example: Path) -> None:
    other = example.with_name("other.yaml")
    other.write_bytes(example.read_bytes())
    settings = example.with_name("prevent-letter.yaml")
    settings.write_text(
        "rules:\n  ignore: [PL202, PL2O3, PL101]\n  eror: []\ntemplats: x\n", encoding="utf-8"
    )
    checked = run("check", example, other)
    assert checked.code == 1
    assert checked.out.count("error PL101") == 2
    settings.write_text("rules:\n  ignore: [PL202, PL2O3, PL101]\n", encoding="utf-8")
    checked = run("check", example, other)
    assert checked.out.count('there is no rule "PL2O3"') == 1
    assert "did you mean PL203?" in checked.out
    assert checked.out.count("PL101 can't be given here") == 1
    assert "prevent-letter.yaml:2:19: error PL117" in checked.out
    assert run("build", example).code == 1


def test_settings_silence_and_raise_rules(run: Run, example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    problem = "  problem_solving:\n    score: 4\n"
    example.write_text(
        text.replace(problem, f"{problem}    recommendations: None\n"), encoding="utf-8"
    )
    settings = example.with_name("prevent-letter.yaml")
    assert "warning PL202" in run("check", example).out
    settings.write_text("rules: {ignore: [PL202]}\n", encoding="utf-8")
    assert run("check", "--strict", example).code == 0
    settings.write_text("rules: {error: [PL202]}\n", encoding="utf-8")
    assert "error PL202" in run("check", example).out
    assert run("build", example).code == 1
    settings.write_text("rules: {ignore: [PL201]}\n", encoding="utf-8")
    example.write_text(text.replace("date: 2022-05-27", "date:"), encoding="utf-8")
    assert run("check", "--strict", example).code == 0
    assert run("build", example).code == 1  # there is no letter without a date


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("templates: nowhere\n", "1:12: error PL109"),
        ("- templates\n", "1:1: error PL103"),
        ("templates: [a]\n", "1:12: error PL103"),
        ("templates: @a\n", "1:12: error PL006"),
        ("criteria: anex_a\n", "1:11: error PL110"),
    ],
)
def test_settings_at_fault_are_told_at_their_own_lines(
    settings: str, told: str, run: Run, example: Path
) -> None:
    example.write_text(
        example.read_text(encoding="utf-8").replace("criteria: annex_a\n", ""), encoding="utf-8"
    )
    example.with_name("prevent-letter.yaml").write_text(settings, encoding="utf-8")
    checked = run("check", example)
    assert checked.code == 1
    assert f"prevent-letter.yaml:{told}" in checked.out
    assert run("build", example).code == 1


def test_empty_settings_set_nothing(run: Run, example: Path) -> None:
    example.with_name("prevent-letter.yaml").write_text("# nothing yet\n", encoding="utf-8")
    assert run("check", "--strict", example).code == 0


def test_unforeseen_ends_with_one_line_that_names_the_file(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a\nbug")

    monkeypatch.setattr(LetterBuilder, "build", fail)
    built = run("build", example)
    assert built.code == 3
    told, summary = built.err.splitlines()
    assert told.endswith(
        "leicestershire_2022.yaml: something unexpected happened: RuntimeError: a bug"
    )
    assert summary == "1 letter: 0 built, 0 unchanged, 0 kept, 1 failed"


def test_traceback_follows_where_it_is_asked_for(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(LetterBuilder, "build", fail)
    monkeypatch.setenv("PREVENT_LETTER_TRACEBACK", "1")
    with pytest.raises(SystemExit, match="3"):
        cli.main(["build", str(example)])
    told = capsys.readouterr().err
    assert (
        "something unexpected happened: RuntimeError: a bug\nTraceback (most recent call last):"
        in told
    )
    assert 'raise RuntimeError("a bug")' in told


def test_folder_of_the_settings_name_is_no_settings_file(run: Run, example: Path) -> None:
    example.with_name("prevent-letter.yaml").mkdir()
    assert run("check", "--strict", example).code == 0
    assert run("build", example).code == 0


def test_tasks_need_no_command_line(example: Path) -> None:
    """A request goes in, a report comes out, and ``str()`` of it is what a person reads."""
    script = (
        "import sys; from pathlib import Path; from prevent_letter.building import build, letter_builder; from prevent_letter.checking import check; from prevent_letter.starting import new\n"
        "report = build.build(letter_builder.BuildRequest((Path(sys.argv[1]),)))\n"
        "print(report.code, *report.letters, report, sep='|')\n"
        "print(check.check((Path(sys.argv[1]),)))\n"
        "print(new.new('Rutshire Borough Council', None, new.NewOptions(period='2026/2027')))\n"
        "assert 'click' not in sys.modules"
    )
    command = [sys.executable, "-c", script, example.name]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        command, capture_output=True, check=True, cwd=example.parent, env=environment
    )
    assert done.stdout.decode().splitlines() == [
        "0|leicestershire_2022.docx|1 letter: 1 built, 0 unchanged, 0 kept, 0 failed",
        "1 file, 0 errors, 0 warnings",
        "Fill it in, then: prevent-letter check rutshire_2027.yaml",
    ]


def test_as_a_real_process(tmp_path: Path) -> None:
    target = tmp_path / "Brief für Môn.docx"
    built = process(
        "build",
        EXAMPLE,
        "-o",
        target,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert built.returncode == 0
    assert target.exists()
    assert b"Traceback" not in built.stderr
    checked = process("check", EXAMPLE)
    assert (checked.returncode, checked.stdout, checked.stderr) == (
        0,
        b"",
        b"1 file, 0 errors, 0 warnings" + os.linesep.encode(),
    )


@pytest.mark.skipif(os.name == "nt", reason="needs a pipe that closes, and signals")
def test_reader_that_goes_away_is_no_fault_of_ours(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("".join(f"key{number}: x\n" for number in range(3_000)), encoding="utf-8")
    command = f"'{sys.executable}' -m prevent_letter check '{bad}' | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert done.stdout.count(b"\n") == 1
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_ctrl_c(tmp_path: Path) -> None:
    for number in range(3000):
        (tmp_path / f"a{number}.yaml").write_bytes(EXAMPLE.read_bytes())
    command = [sys.executable, "-m", "prevent_letter", "check", str(tmp_path)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.SIG_DFL
        ),  # a job in the background ignores it
    ) as going:
        try:
            time.sleep(1)  # of the many that it takes
            going.send_signal(signal.SIGINT)
            _, err = going.communicate(timeout=20)
        finally:
            going.kill()
    assert going.returncode == 130
    assert b"Traceback" not in err


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_ctrl_c_while_it_loads(tmp_path: Path) -> None:
    """A library that is slow to load, and somebody who doesn't wait."""
    (tmp_path / "click.py").write_text(
        "import time\nprint('loading', flush=True)\ntime.sleep(30)\n", encoding="utf-8"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(CHECKOUT)])}
    with subprocess.Popen(
        [sys.executable, "-m", "prevent_letter", "check"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=CHECKOUT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as going:
        assert going.stdout
        going.stdout.readline()
        going.send_signal(signal.SIGINT)
        _, err = going.communicate(timeout=20)
    assert (going.returncode, err) == (130, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a disk that is full")
def test_output_on_a_full_disk_is_told_and_the_letters_are_built(example: Path) -> None:
    other = example.with_name("other.yaml")
    other.write_text(
        example.read_text("utf-8").replace("2021/2022", "2020/2021").replace("2022-05", "2021-05"),
        encoding="utf-8",
    )
    for verb in ("build", "check", "schema"):
        with Path("/dev/full").open("w") as full:
            command = [
                sys.executable,
                "-m",
                "prevent_letter",
                verb,
                *([str(example.parent)] if verb != "schema" else []),
            ]
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
        assert done.returncode == (0 if verb == "check" else 1)  # which has nothing to print
        assert b"Traceback" not in done.stderr
        assert b"Exception" not in done.stderr
        assert (b"the disk is full" in done.stderr) is (verb != "check")
    assert len(list(example.parent.glob("*.docx"))) == 2


@pytest.mark.skipif(os.name == "nt", reason="needs a folder that can go")
def test_current_folder_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = (
        "import os, shutil, sys; from prevent_letter.cli import main\n"
        "os.chdir(sys.argv[1]); shutil.rmtree(sys.argv[1]); main(sys.argv[2:])"
    )
    for arguments in (
        ["check"],
        ["build"],
        ["check", EXAMPLE],
        ["new", "Rutshire"],
        ["schema"],
        ["criteria"],
    ):
        command = [sys.executable, "-c", script, gone, *arguments]
        done = subprocess.run(command, capture_output=True, check=False, cwd=CHECKOUT)
        gone.mkdir(exist_ok=True)
        assert done.returncode in (0, 1, 2), done.stderr
        assert b"unexpected" not in done.stderr
        assert b"Traceback" not in done.stderr


def test_reader_that_is_gone_on_windows_is_no_fault_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There a closed pipe is error 22."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(terminal, "print_findings", fail)
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    with pytest.raises(SystemExit, match="1"):
        cli.main(["check", str(EXAMPLE)])


@pytest.mark.parametrize("name", ["con", "CON.docx", "nul.pdf", "aux.letters", "Com1.docx"])
def test_name_that_windows_keeps_is_refused(name: str, run: Run, example: Path) -> None:
    used = run("build", example, "-o", example.with_name(name))
    assert used.code == 2
    assert f"Windows reserves the name {name.split('.')[0]}; choose another name" in used.err


def test_schema_is_written_into_a_file_in_utf_8(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "assessment.schema.json"
    for _ in range(2):
        written = run("schema", "-o", target)
        assert (written.code, written.out.endswith("assessment.schema.json\n")) == (0, True)
        assert target.read_text(encoding="utf-8") == run("schema").out
    target.write_text('{"mine": 1}', encoding="utf-8")
    refused = run("schema", "-o", target)
    assert refused.code == 2
    assert "this file is not a schema; name another file" in refused.err
    assert target.read_text(encoding="utf-8") == '{"mine": 1}'


def test_check_loads_nothing_that_it_does_not_need() -> None:
    script = (
        "import sys; from prevent_letter.cli import main\n"
        "try: main(['check', sys.argv[1]])\n"
        "except SystemExit: print(*sorted({'docx', 'lxml', 'jinja2', 'markdown_it', 'difflib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script, EXAMPLE], capture_output=True, check=True)
    assert done.stdout.strip() == b""


def test_text_wraps_at_words_on_a_terminal_and_not_for_programs(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = example.read_text(encoding="utf-8").replace("date: 2022-05-27\n", "")
    example.write_text(text.replace("  training:\n", "  trainning:\n"), encoding="utf-8")
    monkeypatch.chdir(example.parent)
    whole = run("check", example.name).out
    assert max(map(len, whole.splitlines())) > 80
    monkeypatch.setenv("COLUMNS", "80")
    narrow = run("check", example.name).out
    assert max(map(len, narrow.splitlines())) <= 80
    assert narrow.split() == whole.split()


def test_how_to_accept_a_warning_is_said_once_a_run(run: Run, example: Path) -> None:
    text = example.read_text(encoding="utf-8").replace(
        "summary: |\n", "summary: |\n  It is is the the plan.\n\n", 1
    )
    example.write_text(text, encoding="utf-8")
    checked = run("check", example)
    assert checked.out.count(" warning ") == 2
    [item] = re.findall(r"accept it: - (\{.*\}) under accepted:", checked.out)
    example.write_text(f"{text}accepted:\n  - {item}\n", encoding="utf-8")
    assert run("check", "--strict", example).code == 0
    assert "accept it" not in run("check", example, "--format", "json").out


needs_new_click = pytest.mark.skipif(
    tuple(map(int, version("click").split(".")[:2])) < (8, 5), reason="needs click 8.5 or later"
)


@pytest.mark.parametrize(
    ("shell", "answer"),
    [
        ("bash", "plain,--publish"),
        ("zsh", "--publish"),
        pytest.param("powershell", "--publish", marks=needs_new_click),
    ],
)
def test_commands_complete_in_shells(shell: str, answer: str) -> None:
    asked = {
        "_PREVENT_LETTER_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": "prevent-letter build --pub",
        "COMP_CWORD": "2",
    }
    command = [
        sys.executable,
        "-c",
        "import sys; sys.argv[0] = 'prevent-letter'; from prevent_letter.cli import main; main()",
    ]
    done = subprocess.run(
        command, env=os.environ | asked, capture_output=True, text=True, check=False
    )
    assert answer in done.stdout.splitlines()
    asked = {"_PREVENT_LETTER_COMPLETE": f"{shell}_source"}
    done = subprocess.run(
        command, env=os.environ | asked, capture_output=True, text=True, check=False
    )
    assert "_PREVENT_LETTER_COMPLETE" in done.stdout


@pytest.mark.parametrize("verb", ["build", "check"])
def test_watching_is_what_preview_does(verb: str, run: Run) -> None:
    done = run(verb, "--watch", EXAMPLE)
    assert done.code == 2
    assert "use: prevent-letter preview FILE.yaml" in " ".join(done.err.split())
    assert "--watch" not in run(verb, "--help").out


@pytest.mark.parametrize("verb", ["build", "schema", "scores"])
def test_output_is_a_file_and_no_pipe(
    verb: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_bytes(EXAMPLE.read_bytes())
    monkeypatch.chdir(tmp_path)
    done = run(verb, "-o", "-")
    assert done.code == 2
    assert "nothing is written to standard output; name a file" in " ".join(done.err.split())
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]


def test_check_shows_how_far_it_is_on_a_terminal(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = example.with_name("another_2022.yaml")
    other.write_text(
        example.read_text(encoding="utf-8").replace("Leicestershire", "Exampleshire"),
        encoding="utf-8",
    )
    clock = iter(range(100))
    monkeypatch.setattr("prevent_letter.cli.terminal.time.monotonic", lambda: 2 * next(clock))
    assert "1/2" not in run("check", example.parent).err  # no terminal
    monkeypatch.setattr("prevent_letter.cli.terminal.is_watched", lambda: True)
    monkeypatch.setattr("click._termui_impl.isatty", lambda stream: True)
    assert "1/2" in run("check", example.parent).err
    assert "1/2" not in run("check", "--quiet", example.parent).err


def test_few_drafts_are_kept_and_the_others_are_read_again(
    alone: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = alone(CHECKOUT / "tests" / "clean" / "plain.yaml").parent
    (folder / "plain.yaml").unlink()
    monkeypatch.setattr(build_module, "_KEPT", 2)
    shires = [f"{name}shire" for name in ("North", "South", "East", "West", "Mid", "Up", "Low")]
    for shire in shires:
        text = PLAIN.replace("Exampleshire", shire)
        (folder / f"{shire.lower()}_2027.yaml").write_text(text, encoding="utf-8")
    kept: list[int] = []

    def watch(event: object) -> None:
        kept.append(sum(isinstance(each, Draft) for each in gc.get_objects()))
        if isinstance(event, int):  # all are judged, and no letter is built yet
            changed = folder / "eastshire_2027.yaml"
            changed.write_text(changed.read_text("utf-8") + "# more\n", encoding="utf-8")

    before = sum(isinstance(each, Draft) for each in gc.get_objects())
    report = build_module.build(BuildRequest([folder]), watch)
    assert max(kept) - before <= 4  # the two, and the one or two that are being worked on
    assert len(report.letters) == 6
    assert "".join(failure.text for failure in report.failures).endswith(
        "eastshire_2027.yaml: somebody changed this file while the letters were built; build again"
    )
    assert not (folder / "eastshire_2027.docx").exists()
    monkeypatch.setattr(build_module, "_KEPT", 500)
    again = build_module.build(BuildRequest([folder])).letters
    assert sorted(letter.outcome.value for letter in again) == ["built"] + 6 * ["unchanged"]
