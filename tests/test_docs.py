"""The pages that people read say what is so."""

import re
from pathlib import Path

import pytest
import yaml
from conftest import CHECKOUT, Run

import prevent_letter
from prevent_letter import judge, rules, source

PAGES = [
    CHECKOUT / "README.md",
    CHECKOUT / "CONTRIBUTING.md",
    CHECKOUT / "CHANGELOG.md",
    *(CHECKOUT / "docs").glob("*.md"),
]


def test_commands_of_the_readme_are_those_of_the_workflow_and_of_ci() -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    [tests] = re.findall(r"(?m)^python -m pip install .* && python -m pytest.*$", readme)
    [job] = yaml.safe_load((CHECKOUT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))["jobs"].values()
    assert job["steps"][-1]["run"] == tests
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert [name.split("-")[0] for name in job["strategy"]["matrix"]["os"]] == ["ubuntu", "windows", "macos"]
    assert (
        readme.count("python -m pip install . && python -m prevent_letter build examples/leicestershire_2022.yaml") == 1
    )


def test_readme_shows_what_check_prints(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)
    [block] = re.findall(
        r"(?s)```console\n\$ prevent-letter (.*?)```", (CHECKOUT / "README.md").read_text(encoding="utf-8")
    )
    command, printed = block.split("\n", 1)
    shown = run(*command.split())
    assert shown.out + shown.err == printed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_yaml_on_a_page_is_good_yaml_and_links_lead_somewhere(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for number, block in enumerate(re.findall(r"(?s)```yaml\n(.*?)```", text)):
        (tmp_path / f"{number}.yaml").write_text(block, encoding="utf-8")
        assert source.read(tmp_path / f"{number}.yaml").findings == []
    for target in re.findall(r'\]\(([^)#]+)\)|src="([^"]+)"', re.sub(r"`[^`]*`", "", text)):
        assert "".join(target).startswith("http") or (page.parent / "".join(target)).exists(), target


def test_house_is_drawn_as_it_stands() -> None:
    """The drawing lists each room once, and each room imports only rooms before it."""
    drawn = re.findall(r"(?m)^\| `(\w+)` \|", (CHECKOUT / "docs" / "house.md").read_text(encoding="utf-8"))
    package = Path(prevent_letter.__file__).parent
    assert sorted(drawn) == sorted(path.stem for path in package.glob("[a-z]*.py"))
    named = re.search(r"before it:\n(.*?)\.\n", prevent_letter.__doc__ or "", re.DOTALL)
    assert named
    assert named[1].replace("\n", " ").split(", ") == drawn
    for room in drawn:
        code = (package / f"{room}.py").read_text(encoding="utf-8")
        used = re.findall(r"from prevent_letter\.(\w+) import", code)
        used += [
            name
            for names in re.findall(r"from prevent_letter import ([\w, ]+)", code)
            for name in re.findall(r"\w+", names)
        ]
        for other in set(used) & set(drawn):
            assert drawn.index(other) < drawn.index(room), f"{room} uses {other}"


def test_each_code_has_one_meaning_and_each_rule_an_explanation() -> None:
    tables = [
        source.CODES,
        *(getattr(prevent_letter, name).CODES for name in ("fields", "settings", "criteria", "assessment", "judge")),
    ]
    codes = [code for table in tables for code in table] + list(rules.RULES)
    assert len(codes) == len(set(codes))
    assert list(judge.known_codes()) == sorted(codes)
    for each in rules.RULES.values():
        said = each.judge.__doc__ or ""
        assert "Bad:" in said
        assert "Good:" in said


def test_every_code_that_the_code_reports_is_known() -> None:
    package = Path(prevent_letter.__file__).parent
    used = {
        code for path in package.glob("*.py") for code in re.findall(r'"(PL\d{3})"', path.read_text(encoding="utf-8"))
    }
    assert used == set(judge.known_codes())
