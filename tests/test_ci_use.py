"""Where CI and editors call it: the pre-commit hook, really run, and the workflow of the docs."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import CHECKOUT, EXAMPLE, git

import prevent_letter


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A scratch repository of assessments, with one that is faulty."""
    folder = tmp_path / "assessments"
    (folder / "midlands").mkdir(parents=True)
    text = EXAMPLE.read_text(encoding="utf-8")
    (folder / "midlands" / "leicestershire_2022.yaml").write_text(
        text.replace("score: 3", "score: 6", 1), encoding="utf-8"
    )
    (folder / "notes.txt").write_text("Notes\n", encoding="utf-8")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    return folder


def test_hook_checks_the_whole_repository(repository: Path, tmp_path: Path) -> None:
    """pre-commit with the hook of this checkout, but with this environment in place of one of its own."""
    hook = tmp_path / "hook"
    hook.mkdir()
    definition = (CHECKOUT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert "language: python" in definition
    entry = f"entry: {Path(sys.executable).as_posix()} -m prevent_letter check"
    definition = definition.replace("language: python", "language: system").replace(
        "entry: prevent-letter check", entry
    )
    (hook / ".pre-commit-hooks.yaml").write_text(definition, encoding="utf-8")
    git(hook, "init", "-q")
    git(hook, "add", ".")
    git(hook, "commit", "-qm", "hook")
    command = [
        sys.executable,
        "-m",
        "pre_commit",
        "try-repo",
        str(hook),
        "prevent-letter",
        "--all-files",
        "--color",
        "never",
    ]
    environment = {"PRE_COMMIT_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        command, cwd=repository, capture_output=True, check=False, env=_environment(environment)
    )
    shown = done.stdout.decode()
    assert done.returncode == 1, shown
    assert re.search("prevent-letter check.*Failed", shown)
    assert shown.count("midlands/leicestershire_2022.yaml:127:12: error PL114") == 1
    assert "1 file, 1 error, 0 warnings" in shown
    path = repository / "midlands" / "leicestershire_2022.yaml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    git(repository, "add", ".")
    done = subprocess.run(
        command, cwd=repository, capture_output=True, check=False, env=_environment(environment)
    )
    assert done.returncode == 0, done.stdout.decode()


def _environment(more: dict[str, str]) -> dict[str, str]:
    import os

    return {**os.environ, **more}


def test_hook_names_a_command_that_the_package_installs() -> None:
    [hook] = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["entry"].split()[0] in (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    assert hook["pass_filenames"] is False
    assert re.search(hook["files"], "midlands/exampleshire_2027.yml")


def test_workflow_of_the_docs_is_one(tmp_path: Path) -> None:
    page = (CHECKOUT / "docs" / "ci.md").read_text(encoding="utf-8")
    pre_commit, workflow, [action], by_folder = (
        yaml.safe_load(block) for block in re.findall(r"(?s)```yaml\n(.*?)```", page)
    )
    [hook] = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert pre_commit["repos"][0]["hooks"] == [{"id": hook["id"]}]
    ours = yaml.safe_load((CHECKOUT / "action.yml").read_text(encoding="utf-8"))
    assert action["uses"] == f"ADDRESS-OF-THIS-REPOSITORY@v{prevent_letter.__version__}"
    assert action["with"].keys() <= ours["inputs"].keys()
    steps = workflow["jobs"]["check"]["steps"]
    assert steps[-1]["run"] == "prevent-letter check --strict"
    build = workflow["jobs"]["build"]
    assert (build["needs"], build["if"]) == ("check", "github.ref == 'refs/heads/main'")
    *_, built, uploaded = build["steps"]
    assert built["run"] == "prevent-letter build -o letters"
    assert uploaded["with"]["path"] == "letters"
    assert by_folder["jobs"]["check"]["steps"] == workflow["jobs"]["check"]["steps"]
    assert by_folder["jobs"]["build"]["needs"] == "check"
    *_, built, uploaded = by_folder["jobs"]["build"]["steps"]
    regions = by_folder["jobs"]["build"]["strategy"]["matrix"]["region"]
    example = CHECKOUT / "examples" / "repository"
    assert regions == sorted({path.parent.name for path in example.glob("*/*.yaml")} - {"criteria"})
    shutil.copytree(example, tmp_path / "repository")
    for region in regions:
        command = built["run"].replace("${{ matrix.region }}", region).split()[1:]
        done = subprocess.run(
            [sys.executable, "-m", "prevent_letter", *command],
            cwd=tmp_path / "repository",
            capture_output=True,
            check=False,
        )
        assert b"missing" not in done.stderr, done.stderr
    whole = [sys.executable, "-m", "prevent_letter", "build", "--check", "-o", "letters"]
    done = subprocess.run(whole, cwd=tmp_path / "repository", capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")  # the letters stand where one job puts them
    assert uploaded["with"]["path"] == "letters/${{ matrix.region }}"
    assert set(workflow[True]) == {"push", "pull_request"}  # YAML 1.1 takes the key on for true


def test_workflows_are_what_github_takes(tmp_path: Path) -> None:
    """Ours, and those of the docs, by GitHub's own schema, which comes with the checker."""
    guide = (CHECKOUT / "docs" / "ci.md").read_text(encoding="utf-8")
    found = [block for block in re.findall("(?s)```yaml\n(.*?)```", guide) if "jobs:" in block]
    assert len(found) == 2
    for number, block in enumerate(found):
        (tmp_path / f"{number}.yml").write_text(block, encoding="utf-8")
    (tmp_path / "faulty.yml").write_text(found[0].replace("runs-on:", "run-on:"), encoding="utf-8")
    ours = sorted((CHECKOUT / ".github" / "workflows").glob("*.yml"))
    assert [path.name for path in ours] == ["ci.yml", "release.yml", "site.yml"]
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.github-workflows",
    ]
    for path in (*ours, tmp_path / "0.yml", tmp_path / "1.yml", tmp_path / "faulty.yml"):
        done = subprocess.run([*command, str(path)], capture_output=True, check=False)
        assert (done.returncode == 0) == (path.name != "faulty.yml"), done.stdout
    command[-1] = "vendor.github-actions"
    assert not subprocess.run([*command, CHECKOUT / "action.yml"], check=False).returncode


def test_version_comes_from_one_place() -> None:
    version = prevent_letter.__version__
    for name in ("ci.md", "start-python.md", "how-do-i.md"):
        page = (CHECKOUT / "docs" / name).read_text(encoding="utf-8")
        assert set(re.findall(r"(?:rev: v|@v|prevent_letter-)([0-9]+\.[0-9]+\.[0-9]+)", page)) == {
            version
        }
    changelog = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall("(?m)^## ([0-9.]+) ", changelog)[0] == version
