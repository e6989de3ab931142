"""The pages that people read say what is so."""

import ast
import re
from pathlib import Path

import pytest
import yaml
from conftest import CHECKOUT, Run

import prevent_letter
from prevent_letter.assessment import source
from prevent_letter.rules import explain
from prevent_letter.rules.judged import RULES

PAGES = [
    CHECKOUT / "README.md",
    CHECKOUT / "CONTRIBUTING.md",
    CHECKOUT / "CHANGELOG.md",
    *(CHECKOUT / "docs").glob("*.md"),
]


def test_commands_of_the_readme_are_those_of_the_workflow_and_of_ci() -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    [tests] = re.findall(r"(?m)^python -m pip install .* && python -m pytest.*$", readme)
    [job] = yaml.safe_load(
        (CHECKOUT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    )["jobs"].values()
    assert job["steps"][-1]["run"] == tests
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert [name.split("-")[0] for name in job["strategy"]["matrix"]["os"]] == [
        "ubuntu",
        "windows",
        "macos",
    ]
    assert (
        readme.count(
            "python -m pip install . && python -m prevent_letter build examples/leicestershire_2022.yaml"
        )
        == 1
    )


def test_readme_shows_what_check_prints(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)
    [block] = re.findall(
        r"(?s)```console\n\$ prevent-letter (.*?)```",
        (CHECKOUT / "README.md").read_text(encoding="utf-8"),
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
        assert "".join(target).startswith("http") or (page.parent / "".join(target)).exists(), (
            target
        )


PACKAGE = Path(prevent_letter.__file__).parent


def imported(path: Path) -> set[str]:
    """The rooms that a room imports, anywhere in it: ``letter.word_look``."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("prevent_letter"):
            above = (node.module or "").removeprefix("prevent_letter").removeprefix(".")
            found |= {f"{above}.{each.name}".removeprefix(".") for each in node.names} | {above}
        elif isinstance(node, ast.Import):
            assert not [each for each in node.names if each.name.startswith("prevent_letter")]
    return found & ROOMS.keys()


ROOMS = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in PACKAGE.rglob("[a-z]*.py")
}


def test_house_is_drawn_as_it_stands() -> None:
    """The drawing lists each floor and each room once; arrows run downwards only, and neither results, rules nor letter meet."""
    page = (CHECKOUT / "docs" / "house.md").read_text(encoding="utf-8")
    drawn = re.findall(r"(?m)^\| `(?:(\w+)/)?(\w+)` \|", page)
    assert sorted(".".join(filter(None, room)) for room in drawn) == sorted(ROOMS)
    floors = list(dict.fromkeys(folder for folder, _ in drawn))
    for room, path in ROOMS.items():
        folder = room.rpartition(".")[0]
        for other in imported(path):
            below = other.rpartition(".")[0]
            assert floors.index(folder) <= floors.index(below), f"{room} uses {other}"
            assert folder == below or len({folder, below} & {"results", "rules", "letter"}) < 2, (
                f"{room} uses {other}"
            )


def test_no_room_uses_itself_by_way_of_others() -> None:
    left = {room: imported(path) - {room} for room, path in ROOMS.items()}
    while free := [room for room, others in left.items() if not others & left.keys()]:
        for room in free:
            del left[room]
    assert left == {}


def test_each_code_has_one_meaning_and_each_rule_an_explanation() -> None:
    pages = (PACKAGE / "rules" / "codes.md").read_text(encoding="utf-8")
    codes = re.findall(r"(?m)^## (PL\d{3}): ", pages) + list(RULES)
    assert len(codes) == len(set(codes))
    assert list(explain.known_codes()) == sorted(codes)
    for each in RULES.values():
        text = each.judge.__doc__ or ""
        assert "Bad:" in text
        assert "Good:" in text


def test_every_code_that_the_code_reports_is_known() -> None:
    used = {
        code
        for path in ROOMS.values()
        for code in re.findall(r'"(PL\d{3})"', path.read_text(encoding="utf-8"))
    }
    assert used == set(explain.known_codes())
