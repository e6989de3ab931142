"""The guide, followed to the letter: each command prints what the page shows, each YAML block does what it says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import CHECKOUT, EXAMPLE, PLAIN, Lines, Run, need, paragraphs, part, text
from docx import Document

from prevent_letter.assessment import criteria, source
from prevent_letter.assessment.fields import declared
from prevent_letter.previewing import preview

DOCS = CHECKOUT / "docs"
sys.path.insert(0, str(DOCS))
import generate  # noqa: E402


def blocks(page: str, kind: str = r"\w+") -> list[tuple[str, str]]:
    """The blocks of a page, each with its kind, in order."""
    return re.findall(rf"(?ms)^```({kind})\n(.*?)^```", (DOCS / page).read_text(encoding="utf-8"))


def leaves(data: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, (*at, key))
    else:
        yield at, data


def fill_in(path: Path, block: str) -> None:
    """Write what a block shows into an assessment, as a person would: after its colon, below its | or as a list."""
    for at, value in leaves(yaml.load(block, yaml.BaseLoader)):
        lines = path.read_text(encoding="utf-8").splitlines()
        number = source.read(path).place(at, key=True).line
        line = lines[number - 1]
        inner = " " * (len(line) - len(line.lstrip()) + 2)
        if isinstance(value, list):
            lines[number:number] = [
                f"{inner}- {each}" if "\n" not in each else f"{inner}- |" for each in value
            ]
        elif line.endswith("|"):
            lines[number:number] = [
                f"{inner}{each}".rstrip() for each in value.strip().splitlines()
            ]
        else:
            lines[number - 1] = f"{line.split(':')[0]}: {value}"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def without_line_numbers(printed: str) -> str:
    """Sample output without the numbers of lines, which a new field of the blank file moves."""
    printed = re.sub(r"(\.yaml):\d+:(\d+): ", r"\1:N:\2: ", printed)
    printed = re.sub(r"\(line\s+\d+\)", "(line N)", printed)
    return re.sub(r"(?m)^ *\d+ \|", " N |", printed)


def shows(expected: str, printed: str) -> None:
    """What a page shows is what was printed; a line of dots stands for lines left out."""
    expected, printed = without_line_numbers(expected), without_line_numbers(printed)
    first, *others = expected.split("...\n")
    assert printed[: len(first)] == first
    at = len(first)
    for between in others[:-1]:
        at = printed.index(between, at) + len(between)
    if others:
        assert printed[max(at, len(printed) - len(others[-1])) :] == others[-1]
    else:
        assert printed == first


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def first_letter(run: Run, desk: Path) -> Path:
    """The folder in which somebody has followed the guide."""
    path = desk / "exampleshire_2027.yaml"
    checks = 0
    for kind, block in blocks("first-letter.md", "console|yaml"):
        if kind == "yaml":
            fill_in(path, block)
            continue
        command, expected = block.removeprefix("$ ").split("\n", 1)
        program, *arguments = shlex.split(command)
        assert program == "prevent-letter"
        checks += arguments[0] == "check"
        if checks == 2:  # "Once all benchmarks are scored"
            written = path.read_text(encoding="utf-8")
            path.write_text(written.replace("    score:\n", "    score: 3\n"), encoding="utf-8")
            checks += 1
        done = run(*arguments)
        shows(expected, done.out + done.err)
    return desk


def test_first_letter_is_as_the_guide_says(first_letter: Path, run: Run) -> None:
    found = paragraphs(first_letter / "exampleshire_2027.docx")
    assert (
        "Recipient",
        "The Chief Executive\nExampleshire County Council\nCounty Hall\nExampletown",
    ) in found
    assert ("GoodPractice", "Good Practice – The risk assessment is reviewed each spring.") in found
    assert ("KeyRecommendations", "Share the risk assessment with the districts.") in found
    next_year = (first_letter / "exampleshire_2028.yaml").read_text(encoding="utf-8")
    assert re.search(
        r"# last year: 3; recommended:\n +#   \S+ \(no update yet\): Ask the schools", next_year
    )
    assert run("build").err.endswith("1 not begun\n")


def test_prose_of_the_page_is_what_it_says(first_letter: Path, run: Run) -> None:
    path = first_letter / "exampleshire_2027.yaml"
    (first_letter / "exampleshire_2028.yaml").unlink()
    data = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)

    def merge(into: Any, new: Any) -> None:
        for key, value in new.items():
            if isinstance(value, dict):
                merge(into[key], value)
            else:
                into[key] = value

    for _, block in blocks("prose.md", "yaml"):
        merge(data, yaml.load(block, yaml.BaseLoader))
    data = {key: value for key, value in data.items() if value != "" and key != "sent"}
    path.write_text(
        yaml.dump(data, Dumper=Lines, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    checked = run("check", "--strict")
    assert checked.out == ""
    assert checked.code == 0
    assert run("build", "-o", "prose.docx").code == 0
    said = dict.fromkeys(words for _, words in paragraphs(first_letter / "prose.docx"))
    assert "Complete the corporate risk assessment." in said
    assert "the new ones first," in said
    assert (
        'council: the districts, the "larger" partners and the police (#1 in attendance)'
        in " ".join(said)
    )


def test_settings_and_criteria_of_the_page_are_good(first_letter: Path, run: Run) -> None:
    settings, own = (block for _, block in blocks("maintaining.md", "yaml"))
    for folder in ("criteria", "our_templates"):
        (first_letter / folder).mkdir()
    (first_letter / "prevent-letter.yaml").write_text(settings, encoding="utf-8")
    path = first_letter / "criteria" / "next_year.yaml"
    path.write_text(own, encoding="utf-8")
    found = criteria.read(path)
    assert found.findings == ()
    assert found.criteria
    assert (
        run("criteria", "training", "met").out
        == "Training programme, Met: Those who need it are trained.\n"
    )
    assert run("new", "Rutshire Borough Council", "--period", "2027/2028").code == 0
    fresh = first_letter / "rutshire_2028.yaml"
    fresh.write_text(
        fresh.read_text(encoding="utf-8").replace("summary: |", "summary: It is good."),
        encoding="utf-8",
    )
    told = run("check", "rutshire_2028.yaml").out
    assert "score of Training" in told
    assert "PL115" not in told


def test_block_of_the_page_changes_the_wording(run: Run, example: Path) -> None:
    ours = example.with_name("our_templates")
    ours.mkdir()
    example.with_name("prevent-letter.yaml").write_text(
        "templates: our_templates\n", encoding="utf-8"
    )
    [block, *_] = [block for _, block in blocks("maintaining.md", "jinja")]
    (ours / "letter.html.j2").write_text(block, encoding="utf-8")
    assert run("build", example, "-f", "docx,pdf,html").code == 0
    assert ("Closing", "Yours sincerely,") in paragraphs(example.with_suffix(".docx"))


def test_letter_in_welsh_needs_templates_and_criteria_alone(run: Run, example: Path) -> None:
    """The page is followed once: the words on its list, one sentence, and a benchmark's name."""
    ours = example.with_name("our_templates")
    ours.mkdir()
    template = Path(shutil.copy(CHECKOUT / "templates" / "letter.html.j2", ours))
    words = template.read_text(encoding="utf-8")
    for _, block in blocks("maintaining.md", "jinja")[1:]:
        name = block.split()[2]
        place = re.search(rf"(?s)\{{% set {name} = .*?%\}}\n", words)
        assert place, name
        words = words[: place.start()] + block + words[place.end() :]
    for english, welsh in (
        ("Dear </span>{{", "Annwyl </span>{{"),
        ("Using this tool, we individually", "Gan ddefnyddio'r offeryn hwn, rydym"),
        (">Score – <", ">Sgôr – <"),
        ("Kind regards,", "Cofion cynnes,"),
    ):
        assert english in words
        words = words.replace(english, welsh)
    template.write_text(words, encoding="utf-8")
    own = (CHECKOUT / "criteria" / "annex_a.yaml").read_text(encoding="utf-8")
    own = own.replace("name: Training\n", "name: Hyfforddiant\n")
    example.with_name("cymraeg.yaml").write_text(own, encoding="utf-8")
    example.with_name("prevent-letter.yaml").write_text(
        "templates: our_templates\n", encoding="utf-8"
    )
    assessment = example.read_text(encoding="utf-8").replace(
        "criteria: annex_a", "criteria: cymraeg.yaml"
    )
    example.write_text(assessment.replace("2022-05-27", "2022-05-05"), encoding="utf-8")
    built = run("build", example, "-f", "docx,pdf,html")
    assert built.code == 0, built.err
    letter = example.with_suffix(".docx")
    found = [words.replace("\N{NO-BREAK SPACE}", " ") for _, words in paragraphs(letter)]
    assert "5ed Mai 2022" in found
    assert "Annwyl Gurjit," in found
    assert "Sgôr – 4" in found
    assert "Hyfforddiant" in found
    assert any(
        "Gan ddefnyddio'r offeryn hwn, rydym score assurance against deg set benchmarks" in each
        for each in found
    )
    assert "Areas for Development/Recommendations – Dim" in found
    assert Document(str(letter)).core_properties.language == "cy"
    assert 'w:val="cy"' in str(part_bytes(letter, "word/styles.xml"))
    assert "5ed Mai 2022" in text(part(letter, "word/header2.xml")).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert '<html lang="cy">' in example.with_suffix(".html").read_text(encoding="utf-8")
    assert b"/Lang(cy)" in example.with_suffix(".pdf").read_bytes()
    assert run("build", "--draft", example, "-f", "html").code == 0
    assert 'data-mark="DRAFFT"' in example.with_suffix(".draft.html").read_text(encoding="utf-8")
    for day, said in ((12, "12fed"), (21, "21ain"), (31, "31ain")):
        example.write_text(assessment.replace("2022-05-27", f"2022-05-{day}"), encoding="utf-8")
        assert run("build", example).code == 0
        assert f"{said} Mai 2022" in [
            words.replace("\N{NO-BREAK SPACE}", " ") for _, words in paragraphs(letter)
        ]


def part_bytes(letter: Path, name: str) -> bytes:
    import zipfile

    with zipfile.ZipFile(letter) as package:
        return package.read(name)


# The pages that come from the code, and the commands on all pages.


@pytest.mark.parametrize("name", sorted(generate.PAGES))
def test_generated_page_is_not_stale(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == generate.PAGES[name](), (
        "run: python docs/generate.py"
    )


def test_reference_has_every_option_field_and_rule() -> None:
    from prevent_letter.cli import cli
    from prevent_letter.rules import explain

    reference, rules = (
        (DOCS / name).read_text(encoding="utf-8") for name in ("reference.md", "rules.md")
    )
    for name, command in cli.commands.items():
        assert f"\n### {name}\n" in reference
        for option in (
            each for parameter in command.params for each in parameter.opts if each.startswith("--")
        ):
            assert option in reference
    for models in generate.FILES.values():
        for _, model in models:
            for field in declared(model):
                assert f"| `{field}` |" in reference
    assert all(f"| [{code}](#{code.lower()}-" in rules for code in explain.known_codes())


def test_every_command_of_the_reference_runs(
    run: Run, first_letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview.Preview, "watch", lambda preview, tell: None)  # which would go on
    monkeypatch.setattr(preview, "open_browser", lambda address: None)
    for folder in ("midlands", "north", "south", "east"):
        shutil.copytree(CHECKOUT / "examples" / "repository" / folder, first_letter / folder)
        for path in (first_letter / folder).glob("*.yaml"):
            path.write_text(
                path.read_text(encoding="utf-8").replace("../criteria", "criteria"),
                encoding="utf-8",
            )
    (first_letter / "criteria").mkdir()
    shutil.copy(
        CHECKOUT / "criteria" / "annex_a.yaml", first_letter / "criteria" / "next_year.yaml"
    )
    draft = ("--draft", "exampleshire_2027.yaml", "-o", "cleared.docx")
    assert run("build", *draft).code == 0
    number = 0
    for _, block in blocks("reference.md", "sh"):
        for line in block.splitlines():
            program, *arguments = shlex.split(line.split(" > ")[0])
            assert program == "prevent-letter"
            assert run(*arguments).code in (0, 1), line
            number += 1
    assert number > 15


def test_commands_of_other_pages_run(
    run: Run, first_letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those on writing in Word, clearing and the preview, in the order of their pages."""
    monkeypatch.setattr(preview.Preview, "watch", lambda preview, tell: None)  # which would go on
    monkeypatch.setattr(preview, "open_browser", lambda address: None)
    path = first_letter / "exampleshire_2027.yaml"
    sent = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^sent: .*\n", "", sent), encoding="utf-8")
    shutil.copytree(CHECKOUT / "examples" / "repository" / "midlands", first_letter / "midlands")
    shutil.copy(EXAMPLE, first_letter)
    assert run("build", EXAMPLE.name, "-o", "Letter of 2022.docx").code == 0
    (first_letter / EXAMPLE.name).unlink()
    number = 0
    for page, kind in (("first-letter.md", "text"), ("clearing.md", "sh"), ("preview.md", "sh")):
        for _, block in blocks(page, kind):
            for line in block.splitlines():
                program, *arguments = shlex.split(line)
                assert program == "prevent-letter"
                done = run(*arguments)
                assert done.code in (0, 1), (line, done.err)
                assert "Error:" not in done.err
                number += 1
    assert number >= 9
    assert (first_letter / "exampleshire_2027.changes.docx").exists()
    assert (first_letter / "exampleshire_2022.yaml").exists()


def test_short_answers_are_as_the_page_says(run: Run, desk: Path) -> None:
    """Each command of the page, in its order, on an assessment whose date is in words."""
    text = "date: 27 May 2027\n".join(re.split(r"date: \S+\n", PLAIN, maxsplit=1))
    text = text.replace("../criteria/short.yaml", "short.yaml")
    shutil.copy(CHECKOUT / "tests" / "criteria" / "short.yaml", desk)
    (desk / "exampleshire_2027.yaml").write_text(text, encoding="utf-8")
    other = PLAIN.replace("Exampleshire", "Rutshire").replace(
        "../criteria/short.yaml", "short.yaml"
    )
    other += "sent: 2027-05-30\nmarking: OFFICIAL-SENSITIVE\n"
    (desk / "rutshire_2027.yaml").write_text(other, encoding="utf-8")
    number = 0
    for kind, block in blocks("how-do-i.md"):
        if "cleared.docx" in block:  # the letter that came back
            assert run("build", "exampleshire_2027.yaml", "-o", "cleared.docx").code == 0
        if kind == "yaml":
            assert yaml.safe_load(block)
            continue
        lines = block.splitlines() if kind == "sh" else [block.split("\n")[0].removeprefix("$ ")]
        for line in lines:
            program, *arguments = shlex.split(line)
            assert program == "prevent-letter"
            done = run(*arguments)
            assert done.code in (0, 1), done.err
            number += 1
        if kind == "console":
            shows(block.split("\n", 1)[1], done.out + done.err)
    assert number >= 10


def test_page_on_the_moderation_meeting_is_so(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of its commands, in the example repository, which has something to show under each heading."""
    repository = tmp_path / "repository"
    shutil.copytree(CHECKOUT / "examples" / "repository", repository)
    monkeypatch.chdir(repository)
    commands = [line for _, block in blocks("moderation.md", "sh") for line in block.splitlines()]
    outcomes = [run(*shlex.split(line)[1:]) for line in commands]
    assert [outcome.code for outcome in outcomes] == [0] * 6
    table = " ".join(outcomes[0].out.split())
    for said in (
        "15 authorities: 1 not begun, 0 begun, 14 complete, 0 sent; 14 with last year's to compare",
        "A letter last year, and no file yet (2): Nelshire Borough Council, Rutshire Borough Council",
        "regions whose scores moved together: 1; changes of two levels or more: 1; similar wording, different scores: 1.",
    ):
        assert said in table
    assert sorted(path.name for path in Path("reading").iterdir()) == ["key.csv", "reading.html"]
    page = Path("results.html").read_text(encoding="utf-8")
    assert (
        "Example South: of 80 scores 0% went up and 45% went down on last year; elsewhere 14% and 0%."
        in page
    )


def test_page_on_the_year_is_so(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its commands, in the example repository, and what it shows of them."""
    repository = tmp_path / "repository"
    shutil.copytree(CHECKOUT / "examples" / "repository", repository)
    monkeypatch.chdir(repository)
    for kind, block in blocks("through-the-year.md"):
        if kind == "console":
            command, expected = block.removeprefix("$ ").split("\n", 1)
            done = run(*shlex.split(command)[1:])
            shows(expected, done.out + done.err)
        elif kind == "sh":
            assert run(*shlex.split(block)[1:]).code == 0
    shown = yaml.safe_load(
        next(block for kind, block in blocks("through-the-year.md") if kind == "yaml")
    )
    written = yaml.safe_load(
        (repository / "midlands" / "exampleshire_2026.yaml").read_text(encoding="utf-8")
    )
    assert shown["progress"] == written["progress"]


def test_pages_are_found_from_the_index_and_links_lead_to_headings() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    for page in DOCS.glob("*.md"):
        assert page.name == "README.md" or f"({page.name})" in index
        for target, heading in re.findall(
            r"\]\(([^)#]*)#([^)]+)\)", page.read_text(encoding="utf-8")
        ):
            other = (page.parent / target if target else page).read_text(encoding="utf-8")
            headings = re.findall("(?m)^#+ (.*)", other)
            assert heading in [
                re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings
            ]


# Installing, as the pages say.


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        "--wheel",
        "--outdir",
        str(folder),
        str(CHECKOUT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.mark.network
@pytest.mark.parametrize("number", [0, 1, 2])
def test_wheel_is_installed_as_the_guide_says(number: int, wheel: Path, tmp_path: Path) -> None:
    """With pipx and with uv, from nothing but the wheel and an index; then the guide's first command."""
    command = shlex.split(blocks("start-python.md", "sh")[number][1])
    assert command[-1].removeprefix("./").removesuffix("[pdf,xlsx]") == wheel.name
    tools = tmp_path / "tools"
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if name not in ("PYTHONPATH", "VIRTUAL_ENV")
        },
        **{
            "PIPX_HOME": str(tools / "pipx"),
            "PIPX_BIN_DIR": str(tools / "bin"),
            "PIPX_MAN_DIR": str(tools / "man"),
        },
        **{
            "UV_TOOL_DIR": str(tools / "uv"),
            "UV_TOOL_BIN_DIR": str(tools / "bin"),
            "UV_CACHE_DIR": str(tools / "cache"),
        },
    }
    program = [sys.executable] if command[0] == "python" else [sys.executable, "-m", "uv"]
    done = subprocess.run(
        [*program, *command[1:]],
        cwd=wheel.parent,
        env=environment,
        capture_output=True,
        check=False,
    )
    if done.returncode and not os.environ.get("PREVENT_LETTER_ALL_TOOLS"):
        pytest.skip(f"no package index can be reached: {done.stderr.decode()[-300:]}")
    assert done.returncode == 0, done.stderr.decode()
    installed = shutil.which("prevent-letter", path=str(tools / "bin"))
    assert installed
    if command[-1].endswith("[pdf,xlsx]"):
        typeset = [
            installed,
            "build",
            str(CHECKOUT / "examples" / "leicestershire_2022.yaml"),
            "-o",
            "letter.pdf",
        ]
        subprocess.run(typeset, cwd=tmp_path, env=environment, capture_output=True, check=True)
        assert (tmp_path / "letter.pdf").read_bytes().startswith(b"%PDF")
    first = [installed, "new", "Exampleshire County Council", "--period", "2026/2027"]
    made = subprocess.run(first, cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert made.stdout.split() == [b"exampleshire_2027.yaml", b"prevent-letter-annex_a.schema.json"]


@pytest.mark.wheel
def test_address_of_the_repository_can_be_a_clone(tmp_path: Path) -> None:
    """What the pages on CI install, with a local clone for the address."""
    clone = tmp_path / "clone"
    subprocess.run(
        [need("git"), "clone", "-q", str(CHECKOUT), str(clone)], check=True, capture_output=True
    )
    named = re.findall(
        r"pip install (\S+ADDRESS-OF-THIS-REPOSITORY)", (DOCS / "ci.md").read_text(encoding="utf-8")
    )
    assert set(named) == {"git+ADDRESS-OF-THIS-REPOSITORY"}
    address = named[0].replace("ADDRESS-OF-THIS-REPOSITORY", clone.as_uri())
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "--target",
    ]
    subprocess.run(
        [*command, str(tmp_path / "installed"), address], check=True, capture_output=True
    )
    repository = tmp_path / "repository"
    shutil.copytree(CHECKOUT / "examples" / "repository", repository)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    for arguments in (["check", "--strict"], ["build", "-o", "letters"]):
        done = subprocess.run(
            [sys.executable, "-m", "prevent_letter", *arguments],
            cwd=repository,
            env=environment,
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr
