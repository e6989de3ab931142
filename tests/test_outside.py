"""Nothing outside a repository is read or written by a link that somebody committed to it."""

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CHECKOUT, EXAMPLE, Run

OTHER = (
    EXAMPLE.read_bytes()
    .replace(b"Leicestershire County", b"Exampleshire County")
    .replace(b"date: 2022-05-27", b"date: 27 May 2022")
)
pytestmark = pytest.mark.skipif(os.name == "nt", reason="makes links and pipes")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A git work tree that is the current folder; beside it a folder that must stay as it is."""
    root, outside = tmp_path / "repository", tmp_path / "outside"
    (root / ".git" / "hooks").mkdir(parents=True)
    (root / ".git" / "config").write_text("[core]\n# a secret\n", encoding="utf-8")
    (root / "a.yaml").write_bytes(EXAMPLE.read_bytes())
    outside.mkdir()
    (outside / "b.yaml").write_bytes(OTHER)
    (outside / "kept.csv").write_text("a secret\n", encoding="utf-8")
    (outside / "settings.yaml").write_text("a secret: [\n", encoding="utf-8")
    monkeypatch.chdir(root)
    before = {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()}
    yield root
    assert {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()} == before
    assert not [*(root / ".git" / "hooks").iterdir()]


@pytest.mark.parametrize(
    ("target", "command"),
    [
        ("../outside/kept.csv", "scores -o link"),
        ("../outside/kept.csv", "scores -o link --force"),
        ("../outside/new.csv", "scores -o link"),
        ("../outside/new.html", "scores -o link.html --marking OFFICIAL"),
        ("../outside", "scores -o link/scores.csv"),
        ("../outside", "scores -o link/kept.csv --force"),
        ("../outside", "new --from . -o link"),
        ("../outside", "build -o link"),
        ("../outside", "build -o link/a.docx"),
        ("../outside/b.yaml", "check --fix link.yaml"),
        (".git/hooks", "scores -o link/pre-commit.csv"),
        (".git/hooks", "build -o link"),
    ],
)
def test_no_verb_writes_outside(target: str, command: str, run: Run, repository: Path) -> None:
    name = next(word for word in command.split() if word.startswith("link")).split("/")[0]
    (repository / name).symlink_to(target)
    done = run(*command.split())
    assert done.code == 1
    assert "repository" in done.err + done.out
    assert "secret" not in done.err + done.out


@pytest.mark.parametrize("command", ["build -o link.docx", "schema -o link.docx"])
def test_link_that_leads_nowhere_is_told(command: str, run: Run, repository: Path) -> None:
    (repository / "link.docx").symlink_to("../outside/new.docx")
    done = run(*command.split())
    assert done.code == 1
    assert "link.docx: this " in done.err


def test_folder_that_a_person_names_may_be_anywhere(run: Run, repository: Path) -> None:
    elsewhere = repository.parent / "elsewhere"
    assert run("scores", "-o", elsewhere / "scores.csv").code == 0
    assert run("build", "-o", elsewhere).code == 0
    (repository / "results").mkdir()
    (repository / "link").symlink_to("results")
    assert run("scores", "-o", "link/scores.csv").code == 0
    assert (repository / "results" / "scores.csv").is_file()


@pytest.mark.parametrize("line", ["templates: .git", "output: .git/hooks", "output: link"])
def test_settings_name_no_folder_of_git(line: str, run: Run, repository: Path) -> None:
    (repository / "link").symlink_to(".git/hooks")
    (repository / "prevent-letter.yaml").write_text(f"{line}\n", encoding="utf-8")
    for verb in ("check", "build"):
        done = run(verb, ".")
        assert done.code == 1
        assert "leads outside the repository" in done.out + done.err


def test_settings_behind_a_link_are_not_read(run: Run, repository: Path) -> None:
    (repository / "prevent-letter.yaml").symlink_to("../outside/settings.yaml")
    for verb in ("check", "build", "scores", "progress"):
        done = run(verb, ".")
        assert "secret" not in done.out + done.err
    assert (
        "PL001: the file can't be read: this link leads outside the repository" in run("check").out
    )


def test_another_work_tree_behind_a_link_is_outside(run: Run, repository: Path) -> None:
    (repository.parent / "outside" / ".git").mkdir()
    (repository / "link").symlink_to("../outside")
    assert run("scores", "-o", "link/scores.csv").code == 1


def test_template_in_a_folder_of_all_includes_nothing(run: Run, repository: Path) -> None:
    (repository / "prevent-letter.yaml").write_text("templates: .\n", encoding="utf-8")
    for name in (".git/config", "a.yaml", "x/../.git/config"):
        (repository / "letter.html.j2").write_text(f'{{% extends "{name}" %}}', encoding="utf-8")
        done = run("build", "a.yaml")
        assert done.code == 1
        assert f"there is no template {name}" in done.err


@pytest.mark.parametrize("name", ["pipe", "zeros"])
@pytest.mark.parametrize(
    "command",
    [
        "check {}.yaml",
        "check --fix {}.yaml",
        "build {}.yaml",
        "scores {}.yaml",
        "progress {}.yaml",
        "new --from {}.yaml",
        "import {}.docx",
        "import {}.docx -o new.yaml",
        "import a.docx --into {}.yaml",
        "criteria {}.yaml",
        "scores -o {}.yaml",
        "schema -o {}.yaml",
    ],
)
def test_pipe_and_device_are_told_at_once(
    name: str, command: str, run: Run, repository: Path
) -> None:
    assert run("build", "a.yaml").code == 0
    for end in (".yaml", ".docx"):
        if name == "pipe":
            os.mkfifo(repository / f"pipe{end}")
        else:
            (repository / f"zeros{end}").symlink_to("/dev/zero")
    done = run(*command.format(name).split())
    assert done.code in (1, 2)
    assert done.out + done.err


def test_own_style_file_that_is_a_pipe_is_passed_over(run: Run, repository: Path) -> None:
    (repository / "ours").mkdir()
    (repository / "prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    for name in ("letter.css", "letter.typ", "letter.docx", "letter.html.j2", "more.typ"):
        os.mkfifo(repository / "ours" / name)
    typst = (CHECKOUT / "templates" / "letter.typ").read_bytes()
    (repository / "ours" / "letter.typ").unlink()
    (repository / "ours" / "letter.typ").write_bytes(typst)
    assert run("build", "a.yaml", "-f", "docx,pdf,html").code == 0


def test_member_that_unpacks_to_gigabytes_is_refused(run: Run, repository: Path) -> None:
    """bzip2 makes 1 GB of 700 bytes, whatever size a zip says of it."""
    assert run("build", "a.yaml").code == 0
    letter = repository / "a.docx"
    with zipfile.ZipFile(letter) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(letter, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data, compress_type=zipfile.ZIP_BZIP2)
    assert "1 kept" in run("build", "a.yaml").err
    imported = run("import", "a.docx")
    assert imported.code == 1
    assert "PL501" in imported.out
    (repository / "ours").mkdir()
    letter.rename(repository / "ours" / "letter.docx")
    (repository / "prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    built = run("build", "a.yaml")
    assert "ours/letter.docx: this can't be opened as a Word document" in built.err


SECRET = EXAMPLE.read_bytes().replace(b"date: 2022", b"date: [a secret: 2022")


@pytest.mark.parametrize(
    "command",
    [
        "check link.yaml",
        "build link.yaml",
        "build link.yaml -o out.html",
        "scores link.yaml",
        "progress link.yaml",
        "new --from link.yaml",
        "criteria --criteria link.yaml",
        "schema --criteria link.yaml",
        "check folder",
        "check set.yaml",
        "check name.yaml",
        "import letters",
        "import --apply .",
        "import letters/a.docx --into a.yaml",
    ],
)
def test_no_verb_reads_outside(command: str, run: Run, repository: Path) -> None:
    outside = repository.parent / "outside"
    (outside / "secret.yaml").write_bytes(SECRET)
    (outside / "set").mkdir()
    (outside / "set" / "secret.yaml").write_text("password: a secret\n", encoding="utf-8")
    (repository / "link.yaml").symlink_to("../outside/secret.yaml")
    (repository / "folder").symlink_to("../outside")
    example = EXAMPLE.read_bytes()
    for name, set in (("set", "../outside/set/secret.yaml"), ("name", "../../outside/set/secret")):
        text = example.replace(b"criteria: annex_a", f"criteria: {set}".encode())
        (repository / f"{name}.yaml").write_bytes(
            text.replace(b"Leicestershire C", name.encode() + b" C")
        )
    if "import" in command:
        (repository / "letters").mkdir()
        assert run("build", "a.yaml", "-o", outside / "a.docx").code == 0
        with zipfile.ZipFile(outside / "a.docx") as package:
            parts = {name: package.read(name) for name in package.namelist()}
        with zipfile.ZipFile(outside / "a.docx", "w") as package:
            for name, data in parts.items():
                package.writestr(name, data.replace(b"Written consent", b"A secret consent"))
        (repository / "letters" / "a.docx").symlink_to("../../outside/a.docx")
    done = run(*command.split())
    assert done.code in (1, 2)
    assert "outside the repository" in done.out + done.err or command == "check name.yaml"
    assert "is it open in Word" not in done.err
    assert "secret:" not in done.out + done.err
    assert "password" not in done.out + done.err
    assert "A secret" not in done.out + done.err
    assert (repository / "a.yaml").read_bytes() == example
    for path in (outside / "secret.yaml", outside / "set" / "secret.yaml", outside / "a.docx"):
        path.unlink(missing_ok=True)


def test_no_temporary_file_outside_is_removed(run: Run, repository: Path) -> None:
    left = repository.parent / "outside" / ".prevent-letter-deadbeef-1-0.tmp"
    left.write_bytes(b"")
    os.utime(left, (1, 1))
    (repository / "letters").mkdir()
    (repository / "letters" / "midlands").symlink_to("../../outside")
    (repository / "midlands").mkdir()
    (repository / "a.yaml").rename(repository / "midlands" / "a.yaml")
    (repository / "prevent-letter.yaml").write_text("output: letters\n", encoding="utf-8")
    assert run("build", "midlands").code == 1
    assert left.exists()
    left.unlink()
