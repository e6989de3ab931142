"""The pages that people read say what is so."""

import ast
import functools
import http.server
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pyphen
import pytest
import yaml
from conftest import CHECKOUT, Run, violations

import prevent_letter
from prevent_letter.assessment import source
from prevent_letter.rules import explain
from prevent_letter.rules.context import RULES

sys.path.insert(0, str(CHECKOUT / "docs"))
import pictures

PAGES = [
    CHECKOUT / "README.md",
    CHECKOUT / "CONTRIBUTING.md",
    CHECKOUT / "CHANGELOG.md",
    CHECKOUT / "SECURITY.md",
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
            "python -m pip install . && python -P -m prevent_letter build examples/leicestershire_2022.yaml"
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


def prose_of(page: Path) -> str:
    """The sentences of a page: without code, tables, headings and addresses, each item a sentence."""
    text = re.sub(r"(?ms)^```.*?^```", "", page.read_text(encoding="utf-8"))
    text = re.sub(r"(?m)^(?: {4}|\||#|<img).*$", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"`[^`]*`", "name", text))
    items = re.sub(r"(?m)^- ", ". ", text)
    return re.sub(r"(?:\s*\.)+(?=\s)", ".", items)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_are_easy_to_read(page: Path) -> None:
    """By Flesch's reading ease, in which 60 to 70 is plain English, and by long sentences."""
    sentences = [each for each in re.split(r"(?<=[.!?:])\s", prose_of(page)) if each.strip()]
    words = re.findall(r"[A-Za-z'’]+", " ".join(sentences))
    hyphens = pyphen.Pyphen(lang="en_GB", left=1, right=1)
    syllables = sum(1 + len(hyphens.positions(word)) for word in words)
    ease = 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * syllables / len(words)
    print(f"{page.name}: {ease:.0f}")
    assert ease >= 55
    lengths = [len(sentence.split()) for sentence in sentences]
    assert sum(length > 25 for length in lengths) <= 0.1 * len(lengths)


def test_each_page_leads_on_and_begins_with_what_it_is_for() -> None:
    for page in (CHECKOUT / "docs").glob("*.md"):
        title, _, first, *_, last = page.read_text(encoding="utf-8").strip().split("\n")
        assert title.startswith("# ")
        assert re.match(r"[A-Z`][ \w]", first), page
        assert re.fullmatch(r"Next: \[[^\]]+\]\([a-zA-Z-]+\.md\)", last), page


def test_site_is_built_without_a_dead_link(tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT / "docs", tmp_path / "docs")
    shutil.copy(CHECKOUT / "zensical.toml", tmp_path)
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    assert not subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode
    pages = {path.parent.name for path in (tmp_path / "site").rglob("index.html")} - {"site"}
    assert pages == {path.stem for path in (CHECKOUT / "docs").glob("*.md")} - {"README"}
    with (tmp_path / "docs" / "ci.md").open("a", encoding="utf-8") as page:
        page.write("[dead](nowhere.md)\n")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode


@pytest.mark.browser
def test_axe_finds_nothing_on_the_site(tmp_path: Path, chromium: Any) -> None:
    shutil.copytree(CHECKOUT / "docs", tmp_path / "docs")
    shutil.copy(CHECKOUT / "zensical.toml", tmp_path)
    subprocess.run([sys.executable, "-m", "zensical", "build"], cwd=tmp_path, check=True)
    handler = functools.partial(
        http.server.SimpleHTTPRequestHandler, directory=str(tmp_path / "site")
    )
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site = f"http://127.0.0.1:{server.server_port}/"
        for scheme in ("light", "dark"):
            context = chromium.new_context(
                viewport={"width": 320, "height": 800}, color_scheme=scheme
            )
            page = context.new_page()
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            for each in (CHECKOUT / "docs").glob("*.md"):
                page.goto(site if each.stem == "README" else f"{site}{each.stem}/")
                assert violations(page) == [], each
                assert page.evaluate("document.documentElement.scrollWidth") <= 320, each
            assert all(address.startswith((site, "data:")) for address in asked)
            context.close()
        server.shutdown()


@pytest.mark.parametrize("name", sorted(pictures.PICTURES))
def test_pictures_are_fresh(name: str) -> None:
    made = pictures.source_of(CHECKOUT / "docs" / name)
    assert made == pictures.source(name), "run: python docs/pictures.py"


PACKAGE = Path(prevent_letter.__file__).parent

VERBS = {"checking", "building", "importing", "previewing", "results", "starting"}
TRUNK = {
    "core": set[str](),
    "assessment": {"core"},
    "rules": {"core", "assessment"},
    "letter": {"core", "assessment"},
    "word": {"core", "assessment", "letter"},
}
"""What each package of the trunk may import from: what is below it; rules and letter never meet."""
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}


def imports_of(path: Path) -> set[str]:
    """The modules of the package that a module imports, anywhere in it: ``letter.word_look``."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("prevent_letter"):
            package = (node.module or "").removeprefix("prevent_letter").removeprefix(".")
            modules |= {f"{package}.{name.name}".removeprefix(".") for name in node.names}
            modules.add(package)
        elif isinstance(node, ast.Import):
            assert not [name for name in node.names if name.name.startswith("prevent_letter")]
    return {module for module in modules & MODULES.keys() if "." in module or module == "cli"}


def test_imports_run_downwards_only() -> None:
    for module, path in MODULES.items():
        package = module.partition(".")[0]
        for other in imports_of(path):
            below = other.partition(".")[0]
            if package in TRUNK:
                assert below in TRUNK[package] | {package}, f"{module} uses {other}"
            elif package in VERBS:
                # The preview shows what check says, and asks its entry.
                shown = (package, other) == ("previewing", "checking.check")
                assert below in TRUNK.keys() | {package} or shown, f"{module} uses {other}"
            else:
                assert package in {"cli", "__main__"}, f"{module} is in no package of the drawing"


def test_no_module_uses_itself_by_way_of_others() -> None:
    left = {module: imports_of(path) - {module} for module, path in MODULES.items()}
    while free := [module for module, others in left.items() if not others & left.keys()]:
        for module in free:
            del left[module]
    assert left == {}


def test_each_code_has_one_meaning_and_each_rule_an_explanation() -> None:
    pages = (PACKAGE / "rules" / "codes.md").read_text(encoding="utf-8")
    codes = re.findall(r"(?m)^## (PL\d{3}): ", pages)
    assert codes == sorted(set(codes))
    assert list(explain.known_codes()) == codes
    for code in RULES:
        text = explain.known_codes()[code].explanation
        assert "Bad:" in text
        assert "Good:" in text


def test_every_code_that_the_code_reports_is_known() -> None:
    used = {
        code
        for path in MODULES.values()
        for code in re.findall(r'"(PL\d{3})"', path.read_text(encoding="utf-8"))
    }
    assert used == set(explain.known_codes())
