"""No verb starts a program that a repository brings with it, and only import starts git."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CHECKOUT, EXAMPLE, Run, git, need

EVENTS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.startfile", "os.fork")
AUDITED = f"""
import json, sys
started = []
def hook(event, arguments):
    if event in {EVENTS!r}:
        started.append([event, str(arguments[0])])
sys.addaudithook(hook)
import runpy
sys.argv = ["prevent-letter", *sys.argv[1:]]
try:
    runpy.run_module("prevent_letter", run_name="__main__")
except SystemExit:
    pass
print("STARTED", json.dumps(started), file=sys.stderr)
"""


@pytest.fixture
def planted(tmp_path: Path, run: Run) -> Path:
    """A letter in a folder that git takes for a bare repository, whose settings name a program."""
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    root = tmp_path / "repository"
    folder = root / "midlands"
    folder.mkdir(parents=True)
    git(root, "init", "-q")
    (folder / "a.yaml").write_bytes(EXAMPLE.read_bytes())
    assert run("build", folder / "a.yaml").code == 0
    [letter] = folder.glob("*.docx")
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.yaml").write_bytes(EXAMPLE.read_bytes())
    git(other, "init", "-q")
    git(other, "add", ".")
    git(other, "commit", "-qm", "As built")
    tree = _said(other, "rev-parse", "HEAD^{tree}")
    who = "A. N. Advisor <a.advisor@region.example> 1 +0000"
    signature = "-----BEGIN PGP SIGNATURE-----\n \n -----END PGP SIGNATURE-----"
    commit = f"tree {tree}\nauthor {who}\ncommitter {who}\ngpgsig {signature}\n\nSigned\n"
    signed = _said(other, "hash-object", "-t", "commit", "-w", "--stdin", input=commit)
    git(other, "update-ref", "HEAD", signed)
    for name, value in (
        ("core.bare", "true"),
        ("log.showSignature", "true"),
        ("gpg.program", str(program)),
        ("core.fsmonitor", str(program)),
    ):
        git(other, "config", name, value)
    for part in ("HEAD", "config", "objects", "refs"):
        (other / ".git" / part).rename(folder / part)
    text = (folder / "a.yaml").read_text(encoding="utf-8")
    (folder / "a.yaml").write_text(text.replace("Written consent", "No consent"), encoding="utf-8")
    return letter


def _said(folder: Path, *arguments: str, input: str = "") -> str:
    command = [need("git"), *arguments]
    done = subprocess.run(
        command, cwd=folder, input=input.encode(), check=True, capture_output=True
    )
    return done.stdout.decode().strip()


def test_import_runs_no_program_of_the_branch(planted: Path, run: Run, tmp_path: Path) -> None:
    assert run("import", planted).code == 0
    assert not (tmp_path / "ran").exists()


@pytest.mark.skipif(os.name == "nt", reason="makes an executable script")
def test_a_git_that_lies_in_the_repository_is_not_run(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_bytes(EXAMPLE.read_bytes())
    git(tmp_path, "init", "-q")
    assert run("build", tmp_path / "a.yaml").code == 0
    [letter] = tmp_path.glob("*.docx")
    (tmp_path / "git").write_text("#!/bin/sh\ntouch ran\n", encoding="utf-8")
    (tmp_path / "git").chmod(0o755)
    text = (tmp_path / "a.yaml").read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(text.replace("Written consent", "No"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert run("import", letter).code == 0
    assert not (tmp_path / "ran").exists()


def test_no_verb_starts_a_program(tmp_path: Path) -> None:
    """Each verb in a process of its own, in which Python tells what is started."""
    path = tmp_path / "exampleshire.yaml"
    path.write_bytes(EXAMPLE.read_bytes())
    git(tmp_path, "init", "-q")
    commands = [
        ["build", "-f", "docx,html", "exampleshire.yaml"],
        ["build", "--draft", "--comments", "exampleshire.yaml"],
        ["check", "--fix", "exampleshire.yaml"],
        ["new", "--from", "exampleshire.yaml", "-o", "next"],
        ["new", "Otherchester City Council"],
        ["schema"],
        ["criteria"],
        ["explain", "PL301"],
        ["scores", "."],
        ["progress", "."],
        ["scores", ".", "-o", "results.html", "--marking", "OFFICIAL"],
    ]
    started = {" ".join(command): _started(command, tmp_path) for command in commands}
    assert not {words: programs for words, programs in started.items() if programs}
    [letter] = [p for p in tmp_path.rglob("*.docx") if "draft" not in p.name]
    path.write_text(
        path.read_text(encoding="utf-8").replace("Written consent", "No consent"), encoding="utf-8"
    )
    assert not _started(["import", str(letter)], tmp_path)
    assert not _started(["import", "--apply", str(letter)], tmp_path)


def _started(command: list[str], folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", AUDITED, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    [told] = [line for line in done.stderr.splitlines() if line.startswith("STARTED ")]
    assert done.returncode == 0, done.stderr
    return [program for _, program in json.loads(told.removeprefix("STARTED "))]


@pytest.mark.parametrize(
    "title", ["::error::Forged", "##[error]Forged", "A title " * 9 + "::error::x"]
)
def test_no_page_gives_a_log_a_command(
    title: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    short = (CHECKOUT / "tests" / "criteria" / "short.yaml").read_text(encoding="utf-8")
    named = re.sub("(?m)^title: .*$", f'title: "{title}"', short)
    (tmp_path / "own.yaml").write_text(named, encoding="utf-8")
    plain = (CHECKOUT / "tests" / "clean" / "plain.yaml").read_text(encoding="utf-8")
    (tmp_path / "plain.yaml").write_text(
        plain.replace("../criteria/short.yaml", "own.yaml"), encoding="utf-8"
    )
    for command in (
        ["scores"],
        ["scores", "--format", "csv"],
        ["progress"],
        ["criteria", "--criteria", "own.yaml"],
        ["check"],
    ):
        done = run(*command)
        for line in (done.out + done.err).splitlines():
            assert not line.lstrip().startswith("::"), (command, line)
            assert "##[" not in line
