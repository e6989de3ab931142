"""Nothing is passed over in silence: what isn't looked at is named, with what to do; and no line is forged in a log."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CHECKOUT, EXAMPLE, HEAD, PLAIN, Run, git

TEXT = EXAMPLE.read_text(encoding="utf-8")


def _tells_capitals(folder: Path) -> bool:
    (folder / "x").touch()
    try:
        return not (folder / "X").exists()
    finally:
        (folder / "x").unlink()


def told(run: Run, folder: Path) -> str:
    checked = run("check", folder)
    assert checked.code == 1
    assert "0 errors" not in checked.err
    return checked.out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("leicester_2027.yaml.txt", "its name ends in .txt, which Explorer may hide\n   help: rename it leicester_2027.yaml"),
        ("leicester_2027.yml.TXT", "help: rename it leicester_2027.yml"),
        ("prevent-letter.yml", "settings are read from prevent-letter.yaml alone\n   help: rename it prevent-letter.yaml"),
        ("Prevent-Letter.yaml", "help: rename it prevent-letter.yaml"),
        ("prevent-letter.yaml.txt", "help: rename it prevent-letter.yaml"),
    ],
)  # fmt: skip
def test_file_under_another_name_is_named(name: str, said: str, run: Run, example: Path) -> None:
    if (
        name != "prevent-letter.yaml"
        and name.lower() == "prevent-letter.yaml"
        and not _tells_capitals(example.parent)
    ):
        pytest.skip("this disk doesn't tell capitals from small letters")
    shutil.copy(example, example.with_name(name))
    out = told(run, example.parent)
    assert f"{name}:1:1: error PL014: " in out
    assert said in out
    built = run("build", example.parent)
    assert built.code == 1
    assert f"{name}:1:1: error PL014: " in built.err
    assert built.out.endswith("leicestershire_2022.docx\n")


def test_other_text_files_are_no_trouble(run: Run, example: Path) -> None:
    example.with_name("notes.yaml.txt").write_text("some: notes\n", encoding="utf-8")
    example.with_name("notes.txt").write_text(TEXT, encoding="utf-8")
    assert run("check", "--strict", example.parent).code == 0


@pytest.mark.parametrize(
    "form", ["indented", "in braces", "with quoted keys", "UTF-16 without a mark"]
)
def test_assessment_in_an_odd_form_is_one(form: str, run: Run, tmp_path: Path) -> None:
    indented = "# mine\n\n" + re.sub("(?m)^(?=.)", "  ", HEAD)
    braces = '{"authority": "Exampleshire County Council",\n"area": "Exampleshire"}\n'
    data = {
        "indented": indented.encode(),
        "in braces": braces.encode(),
        "with quoted keys": HEAD.replace("authority:", '"authority":').encode(),
        "UTF-16 without a mark": HEAD.encode("utf-16-le"),
    }[form]
    (tmp_path / "odd.yaml").write_bytes(data)
    assert run("check", tmp_path).err.startswith("1 file, ")
    assert run("check", tmp_path).out
    (tmp_path / "odd.yaml").write_text("jobs:\n  authority: x\n", encoding="utf-8")
    assert "nothing to check" in run("check", tmp_path).err


@pytest.mark.skipif(os.name == "nt", reason="needs links")
def test_linked_folder_and_link_that_leads_outside_are_named(run: Run, tmp_path: Path) -> None:
    repository, outside = tmp_path / "repository", tmp_path / "outside"
    for folder in (repository, outside):
        folder.mkdir()
    shutil.copy(EXAMPLE, repository)
    shutil.copy(EXAMPLE, outside / "other.yaml")
    git(repository, "init", "-q")
    (repository / "linked").symlink_to(outside)
    (repository / "inside").symlink_to(repository)  # which is looked at in any case
    (repository / "link.yaml").symlink_to(outside / "other.yaml")
    out = told(run, repository)
    assert (
        "linked:1:1: error PL014: this is a link to a folder and is not followed\n   help: name the folder that it leads to, or put a copy in its place"
        in out
    )
    assert "link.yaml:1:1: error PL014: this link leads outside the repository" in out
    assert out.count("PL014") == 2


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() != 0, reason="needs a user who can become another"
)
def test_folder_that_cant_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    shutil.copy(EXAMPLE, tmp_path)
    for above in (tmp_path, *tmp_path.parents):
        above.chmod(above.stat().st_mode | 0o055)
    script = (
        "import os, sys; from prevent_letter import cli\n"
        "try: cli.main(['check', 'examples'])  # loads all that nobody may not read\n"
        "except SystemExit: os.setgid(65534); os.setuid(65534)\n"
        "cli.main(['check', sys.argv[1]])"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(
        command, capture_output=True, check=False, cwd=CHECKOUT, env={**os.environ}
    )  # of the C library's, readline may have set COLUMNS
    assert done.returncode == 1, done.stderr
    assert b"closed:1:1: error PL014: this folder can't be read: Permission denied" in done.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Letter.docx", "rename it letter.docx"),
        ("letter.css.txt", "rename it letter.css"),
        ("LETTER.HTML.J2", "rename it letter.html.j2"),
    ],
)
def test_template_under_another_name_is_named(
    name: str, said: str, run: Run, example: Path
) -> None:
    ours = example.with_name("ours")
    ours.mkdir()
    (ours / name).write_bytes(b"x")
    if (ours / name.lower().removesuffix(".txt")).exists():
        pytest.skip("this disk doesn't tell capitals from small letters")
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    for verb in ("check", "build"):
        done = run(verb, example)
        assert done.code == 1
        assert f"ours/{name} is not used" in done.out + done.err
        assert said in done.out + done.err


@pytest.mark.skipif(os.name == "nt", reason="needs links")
def test_dangling_look_is_named(run: Run, example: Path) -> None:
    (example.parent / "ours").mkdir()
    (example.parent / "ours" / "letter.docx").symlink_to("nowhere.docx")
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    assert "ours/letter.docx is a link that leads nowhere" in run("build", example).err


# Logs.


@pytest.mark.parametrize("style", ["text", "json", "github"])
def test_no_line_is_forged(
    style: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    key = r'"a\n::error::x\e[31m##[error]y"'
    path = Path("::error::z.yaml") if os.name != "nt" else Path("z.yaml")
    path.write_text(f"{HEAD}{key}: 1\n{key}: 2\n'##[error]w': 3\n", encoding="utf-8")
    for options in (["check", "--format", style], ["build"]):
        done = run(options[0], path, *options[1:])
        assert done.code == 1
        for line in (done.out + done.err).splitlines():
            assert "\x1b" not in line
            assert "##[" not in line
            if style != "github" or options == ["build"]:
                assert not line.lstrip().startswith("::")
            elif line.startswith("::"):
                assert re.match("::(error|warning) file=", line)
    assert "PL007" in done.err


@pytest.mark.skipif(os.name == "nt", reason="needs odd names")
def test_no_line_is_forged_by_wrong_use(run: Run, tmp_path: Path) -> None:
    odd = tmp_path / "x\n::error::pwned.yaml"
    for arguments in (
        ["check", odd],
        ["build", EXAMPLE, "-o", f"{odd}.txt"],
        ["new", "--from", tmp_path / "y\n::error::z"],
    ):
        used = run(*arguments)
        assert used.code == 2
        assert not re.search("(?m)^::", used.err)


def test_build_gives_annotations_too_with_paths_from_the_root(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "north").mkdir()
    path = tmp_path / "north" / "bad.yaml"
    path.write_text(TEXT.replace("score: 3", "score: 6", 1), encoding="utf-8")
    git(tmp_path, "init", "-q")
    monkeypatch.chdir(path.parent)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert run("build", path.name).err.startswith("::error file=north/bad.yaml,line=")
    assert run("check", path.name).out.startswith("::error file=north/bad.yaml,line=")
    assert (
        json.loads(run("check", "--format", "json", path.name).out)[0]["path"] == "north/bad.yaml"
    )
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path.parent))
    assert (
        json.loads(run("check", "--format", "json", path.name).out)[0]["path"]
        == f"{tmp_path.name}/north/bad.yaml"
    )
    assert run("check", "--format", "text", path.name).out.startswith(
        "bad.yaml:"
    )  # as a person here sees it


def test_what_is_overlooked_is_said_by_all_that_show_something(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "one.yaml").write_text(f"{TEXT}\nsent: 2022-05-30\n", encoding="utf-8")
    (folder / "two.yaml.txt").write_text(PLAIN, encoding="utf-8")
    for asked in (
        ["scores", folder],
        ["progress", folder],
        ["new", "--from", folder, "-o", tmp_path / "next"],
    ):
        assert "two.yaml.txt: this file is not read" in run(*asked).err


@pytest.mark.skipif(os.name == "nt", reason="paths are shorter there")
def test_folders_nested_without_end_are_not_followed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_bytes(EXAMPLE.read_bytes())
    monkeypatch.chdir(tmp_path)
    depth = 1500
    for _ in range(depth):
        Path("n").mkdir()
        os.chdir("n")
    try:
        os.chdir(tmp_path)
        for command in (["check"], ["build"], ["scores"], ["progress"], ["import", "."]):
            done = run(*command)
            assert done.code in (0, 1, 2), done.err
            assert (
                command[0] in ("import", "progress")
                or "nested more than 100 deep" in done.out + done.err
            )
    finally:
        for _ in range(depth):
            os.chdir("n")
        for _ in range(depth):
            os.chdir("..")
            Path("n").rmdir()
