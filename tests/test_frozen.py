"""The program that needs no Python: frozen from the installed wheel, it does what that does, to the byte.

The release freezes it on Windows, and names it to these tests by PREVENT_LETTER_FROZEN.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import pytest
from conftest import CHECKOUT, EXAMPLE, PLAIN

import prevent_letter
from prevent_letter.rules import explain

pytestmark = pytest.mark.frozen
WINDOWS = os.name == "nt"
PLAINLY = {"COLUMNS": "1000", "GITHUB_ACTIONS": "", "NO_COLOR": "1"}
SPEC = CHECKOUT / ".ci" / "prevent-letter.spec"


def in_environment(folder: Path, name: str) -> str:
    return str(folder / ("Scripts" if WINDOWS else "bin") / (f"{name}.exe" if WINDOWS else name))


def freeze(folder: Path) -> tuple[Path, list[str]]:
    """The folder of the frozen program, and the command of the installed one that it was made from."""
    env = folder / "env"
    venv.create(env, with_pip=True, symlinks=not WINDOWS)

    def do(*command: str | Path) -> None:
        subprocess.run(list(map(str, command)), check=True, capture_output=True, cwd=folder)

    do(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder, CHECKOUT)
    do(
        in_environment(env, "python"),
        "-m",
        "pip",
        "install",
        "-q",
        f"{next(folder.glob('*.whl'))}[freeze]",
    )
    do(
        in_environment(env, "pyinstaller"),
        "--distpath",
        folder,
        "--workpath",
        folder / "parts",
        SPEC,
    )
    return folder / "prevent-letter", [in_environment(env, "prevent-letter")]


@dataclass
class Programs:
    """The frozen program and the installed one, in a folder to work in; the frozen one has no home and no settings."""

    folder: Path
    frozen: Path
    installed: list[str]
    bare: dict[str, str] = field(default_factory=dict)

    @property
    def program(self) -> str:
        return str(self.frozen / ("prevent-letter.exe" if WINDOWS else "prevent-letter"))

    def run(
        self, *arguments: str | Path, installed: bool = False
    ) -> "subprocess.CompletedProcess[str]":
        command = self.installed if installed else [self.program]
        return subprocess.run(
            [*command, *map(str, arguments)],
            capture_output=True,
            text=True,
            errors="surrogateescape",
            cwd=self.folder,
            env={**os.environ, **PLAINLY} if installed else {**self.bare, **PLAINLY},
            check=False,
        )

    def same(self, *arguments: str | Path) -> str:
        """What both print on standard output, with the same exit code."""
        done, other = self.run(*arguments), self.run(*arguments, installed=True)
        assert (done.returncode, done.stdout) == (other.returncode, other.stdout), (
            arguments,
            done.stderr,
        )
        assert "Traceback" not in done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """Both programs; the frozen one as it comes out of its zip, in a folder whose name has spaces."""
    folder = tmp_path_factory.mktemp("frozen")
    given = os.environ.get("PREVENT_LETTER_FROZEN")
    if not given and "PREVENT_LETTER_ALL_TOOLS" not in os.environ:
        pytest.skip("freezing takes a minute: set PREVENT_LETTER_ALL_TOOLS=1")
    made, installed = (
        (Path(given), [sys.executable, "-m", "prevent_letter"]) if given else freeze(folder)
    )
    packed = Path(
        shutil.make_archive(str(folder / "prevent-letter"), "zip", made.parent, made.name)
    )
    place = folder / "Program Files" / "some where"
    shutil.unpack_archive(packed, place)
    work = folder / "work in here"
    work.mkdir()
    kept = ("SYSTEMROOT", "TEMP", "TMP") if WINDOWS else ()
    bare = {name: os.environ[name] for name in kept if name in os.environ}
    programs = Programs(work, place / "prevent-letter", installed, bare)
    if not WINDOWS:
        Path(programs.program).chmod(0o755)  # a zip keeps no rights here
    yield programs
    shutil.rmtree(folder, ignore_errors=True)


def test_frozen_program_does_what_the_installed_one_does(programs: Programs) -> None:
    """One test, since freezing takes its time."""
    _says_who_it_is(programs)
    _builds_the_same_letters(programs)
    _checks_and_begins_assessments(programs)
    _explains_all(programs)
    _reads_own_templates(programs)
    _shows_results(programs)
    _shows_a_preview(programs)
    _is_for_anybody(programs)


def _says_who_it_is(programs: Programs) -> None:
    assert (
        programs.run("--version").stdout.strip() == f"prevent-letter {prevent_letter.__version__}"
    )
    assert "preview.cmd" in {path.name for path in programs.frozen.iterdir()}
    found = set((programs.frozen / "_internal").glob("*.dist-info"))
    names = {re.split("-[0-9]", path.name)[0].lower() for path in found}
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [
        *project["dependencies"],
        *(each for extra in ("pdf", "xlsx") for each in project["optional-dependencies"][extra]),
    ]
    direct = {re.split("[^A-Za-z0-9_-]", each)[0].lower().replace("-", "_") for each in needed}
    assert direct | {"markupsafe", "mdurl", "fontpkg", "prevent_letter"} <= names
    for path in found:
        says = re.search(
            r"(?m)^(License|License-Expression|Classifier: License)",
            (path / "METADATA").read_text("utf-8"),
        )
        assert says or any("licen" in each.name.lower() for each in path.rglob("*")), path.name
    pythons = any(
        Path(folder, "LICENSE.txt").exists()
        for folder in (sys.base_prefix, sysconfig.get_path("stdlib"))
    )
    assert (programs.frozen / "_internal" / "python" / "LICENSE.txt").exists() or not pythons


def _builds_the_same_letters(programs: Programs) -> None:
    made: dict[bool, dict[str, bytes]] = {}
    for installed in (False, True):
        path = Path(shutil.copy(EXAMPLE, programs.folder / "exämple.yaml"))
        done = programs.run("build", "-f", "docx,pdf,html", path, installed=installed)
        assert (done.returncode, done.stderr) == (
            0,
            "3 letters: 3 built, 0 unchanged, 0 kept, 0 failed\n",
        )
        letters = [path.with_suffix(f".{end}") for end in ("docx", "pdf", "html")]
        made[installed] = {letter.suffix: letter.read_bytes() for letter in letters}
        for letter in letters:
            letter.unlink()
    assert made[True] == made[False]


def _checks_and_begins_assessments(programs: Programs) -> None:
    for name in ("alias.yaml", "below_met_without_recommendations.yaml"):
        assert "error PL" in programs.same("check", CHECKOUT / "tests" / "faults" / name)
    (programs.folder / "sixteen.yaml").write_bytes(
        PLAIN.encode("utf-16")
    )  # a codec that is seldom needed
    assert "PL002" in programs.same("check", "sixteen.yaml")
    assert "+authority" in programs.same("check", "--diff", "sixteen.yaml")
    (programs.folder / "sixteen.yaml").unlink()
    made = programs.run("new", "Exampleshire County Council", "--period", "2026/2027")
    assert made.returncode == 0, made.stderr
    assert programs.run("check", "exampleshire_2027.yaml").returncode == 0
    assert json.loads(programs.same("schema"))
    assert "Engagement" in programs.same("criteria")


def _explains_all(programs: Programs) -> None:
    for code in explain.known_codes():
        assert programs.run("explain", code).stdout.startswith(code)


def _reads_own_templates(programs: Programs) -> None:
    own = programs.folder / "own" / "ours"
    own.mkdir(parents=True)
    template = (
        '{% extends "standard/letter.html.j2" %}{% block closing %}<p>Ours.</p>{% endblock %}'
    )
    (own / "letter.html.j2").write_text(template, encoding="utf-8")
    (own.parent / "prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    path = Path(shutil.copy(EXAMPLE, own.parent / "example.yaml"))
    assert programs.run("build", "-f", "html", path).returncode == 0
    assert "<p>Ours.</p>" in path.with_suffix(".html").read_text(encoding="utf-8")
    shutil.copy(CHECKOUT / "templates" / "letter.typ", own)
    done = programs.run("build", "-f", "pdf", path)  # in a process of its own
    assert (done.returncode, path.with_suffix(".pdf").is_file()) == (0, True), done.stderr


def _shows_results(programs: Programs) -> None:
    repository = CHECKOUT / "examples" / "repository"
    assert "Exampleshire" in programs.same(
        "scores", repository, "--period", "2026/2027", "--format", "csv"
    )
    book = programs.folder / "scores.xlsx"
    done = programs.run(
        "scores", repository, "--period", "2026/2027", "-o", book, "--marking", "OFFICIAL"
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(book) as opened:
        assert "xl/workbook.xml" in opened.namelist()


def _shows_a_preview(programs: Programs) -> None:
    command = [programs.program, "preview", "--no-open", "exämple.yaml"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=programs.folder, env=programs.bare
    )
    try:
        assert process.stdout
        with urlopen(process.stdout.readline().strip(), timeout=30) as page:
            assert "Leicestershire" in page.read().decode()
    finally:
        process.kill()
        process.communicate()


def _is_for_anybody(programs: Programs) -> None:
    """Another person may run it, who has no home; it looks nothing up in the network."""
    command = [programs.program, "check", str(EXAMPLE)]
    if not WINDOWS and os.getuid() == 0:
        for above in (programs.frozen, *programs.frozen.parents):
            above.chmod(above.stat().st_mode | 0o555) if above.owner() == "root" and above != Path(
                "/"
            ) else None
        done = subprocess.run(
            command, capture_output=True, env={}, user=65534, group=65534, check=False, cwd="/"
        )
        assert done.returncode == 0, done.stderr
    if shutil.which("strace"):
        watched = ["strace", "-f", "-e", "trace=socket,connect", *command]
        seen = subprocess.run(watched, capture_output=True, text=True, check=False)
        if "Operation not permitted" not in seen.stderr:
            assert seen.returncode == 0
            assert "socket(" not in seen.stderr
