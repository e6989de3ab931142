"""What the tests share: the command line in this process, the letter's parts, and the tools that read letters."""

import http.client
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import settings

from prevent_letter import cli
from prevent_letter.checking.check import CheckReport
from prevent_letter.previewing.preview import Preview

# In CI the same examples each time, so that it judges the change; at a desk, and with -m slow, new ones.
settings.register_profile("ci", derandomize=True, max_examples=300)
if os.environ.get("PREVENT_LETTER_ALL_TOOLS"):
    settings.load_profile("ci")

CHECKOUT = Path(__file__).parent.parent
EXAMPLE = CHECKOUT / "examples" / "leicestershire_2022.yaml"
PLAIN = (
    (CHECKOUT / "tests" / "clean" / "plain.yaml")
    .read_text(encoding="utf-8")
    .replace("Plainshire", "Exampleshire")
)
"""A small assessment with nothing wrong; its neighbours here are none of its business."""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass
class Outcome:
    """What a run of the command line left: its exit code and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def _as_at_an_advisors_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own CI changes how findings are shown and coloured."""
    for name in ("GITHUB_ACTIONS", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def alone(tmp_path: Path) -> Callable[[Path], Path]:
    """A copy of a file of ours with no neighbours, and with the criteria sets that it may name."""

    def alone(path: Path) -> Path:
        repository = tmp_path / "repository"
        shutil.copytree(
            CHECKOUT / "tests" / "criteria", repository / "criteria", dirs_exist_ok=True
        )
        (repository / path.parent.name).mkdir(exist_ok=True)
        return Path(shutil.copy(path, repository / path.parent.name))

    return alone


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process."""

    def run(*arguments: str | Path) -> Outcome:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert isinstance(ended.value.code, int)
        return Outcome(ended.value.code, out, err)

    return run


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the example in a folder of its own."""
    return Path(shutil.copy(EXAMPLE, tmp_path))


HEAD = """\
authority: Exampleshire County Council
area: Exampleshire
period: 2026/2027
date: 2027-06-01
addressee: {name: The Chief Executive, greeting: Chief Executive, address: "County Hall, Exampletown"}
advisor: {name: A. N. Advisor, role: Prevent Regional Advisor, region: Example Midlands, email: a@region.example}
summary: Exampleshire meets the duty.
"""
"""All that an assessment must have but its benchmarks."""


class Lines(yaml.SafeDumper):
    """Writes a text of several lines after a |."""


Lines.add_representer(
    str,
    lambda dumper, value: dumper.represent_scalar(
        "tag:yaml.org,2002:str", value, "|" if "\n" in value else None
    ),
)


BITING = """\
An opening with *emphasis*, **strength**, ***both*** and [the guidance](https://www.gov.uk/?a=1&b=2).

1. First
2. Second

   More of the second.

   - with a point
     1. and a number

   - and another

In between, with [the guidance](https://www.gov.uk/?a=1&b=2) and [a letter](mailto:a@b.example).

3. Third

- a point

  1. a number in it
"""


def write_rich_draft(path: Path) -> Path:
    """A draft of the example with a marking, nested and loose lists, links, no date and no key recommendations."""
    words = EXAMPLE.read_text(encoding="utf-8")
    words = words.replace("date: 2022-05-27", "marking: OFFICIAL-SENSITIVE & more")
    indented = "".join(f"      {line}\n" if line else "\n" for line in BITING.splitlines())
    words = words.replace("    good_practice: |\n", f"    good_practice: |\n{indented}\n", 1)
    words = words.replace(
        "    recommendations: |\n", f"    recommendations: |\n{indented.split(chr(10), 2)[2]}\n", 1
    )
    path.write_text(words[: words.index("key_recommendations:")], encoding="utf-8")
    return path


def part(letter: Path, name: str) -> ElementTree.Element:
    """A part of a Word letter, by its name in the package."""
    with zipfile.ZipFile(letter) as package:
        return ElementTree.fromstring(package.read(name))


def text(element: ElementTree.Element) -> str:
    """The text of a WordprocessingML element: a line break is a newline."""
    words = (
        "\n" if each.tag == f"{W}br" else each.text or ""
        for each in element.iter()
        if each.tag in (f"{W}t", f"{W}br")
    )
    return "".join(words)


def paragraphs(letter: Path) -> list[tuple[str, str]]:
    """Style id and text of each paragraph of the body, those of tables included, in order."""
    found = []
    for each in part(letter, "word/document.xml").iter(f"{W}p"):
        style = each.find(f"{W}pPr/{W}pStyle")
        found.append(("" if style is None else style.attrib[f"{W}val"], text(each)))
    return found


def git(folder: Path, *arguments: str) -> None:
    """Run git, as somebody who is nobody."""
    options = [
        "user.name=A. N. Advisor",
        "user.email=a.advisor@region.example",
        "commit.gpgsign=false",
    ]
    command = [need("git"), *(part for option in options for part in ("-c", option)), *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def need(tool: str) -> str:
    """The path of a tool that a test needs; the test is skipped where it is missing, unless all must be there."""
    found = shutil.which(tool)
    if found is None:
        if os.environ.get("PREVENT_LETTER_ALL_TOOLS"):
            pytest.fail(f"{tool} is not installed")
        pytest.skip(f"{tool} is not installed")
    return found


def to_pdf(letter: Path, folder: Path, kind: str = "pdf", out: Path | None = None) -> Path:
    """A letter as LibreOffice prints it, or saves it as another kind of file, into ``out`` or else the folder."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    target = [str(out or folder), str(letter)]
    command = [need("soffice"), profile, "--headless", "--convert-to", kind, "--outdir", *target]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (out or folder) / f"{letter.stem}.{kind.split(':')[0]}"


WIDTHS = (320, 390, 1280)
"""The widths of screens that pages are looked at on, in pixels."""
FLAGS = (
    "--headless --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    executable = need("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=executable, chromium_sandbox=False, args=FLAGS
        )
        yield made
        made.close()


@pytest.fixture(scope="module")
def browser(chromium: Any) -> Iterator[Any]:
    """A tab into which axe may come, whatever a page's policy says."""
    context = chromium.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def violations(browser: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(browser, options={"runOnly": {"type": "tag", "values": tags}})
    return [each["id"] for each in found.response["violations"]]


def would_find(browser: Any, path: Path, faults: tuple[tuple[str, str, str], ...]) -> None:
    """Assert that axe finds each of some faults in a page: what is replaced, by what, and the rule's id."""
    page, broken = path.read_text(encoding="utf-8"), path.with_name("broken.html")
    for good, bad, id in faults:
        assert good in page
        broken.write_text(page.replace(good, bad), encoding="utf-8")
        browser.goto(broken.as_uri())
        assert id in violations(browser)


def is_accessible(
    browser: Any,
    address: str,
    widths: Sequence[int] = WIDTHS,
    schemes: Sequence[str] = ("light", "dark"),
) -> None:
    """Assert that axe finds nothing on a page at any width, in the light and in the dark, and that it doesn't scroll."""
    for scheme in schemes:
        browser.emulate_media(color_scheme=scheme)
        for width in widths:
            browser.set_viewport_size({"width": width, "height": 900})
            browser.goto(address)
            assert violations(browser) == []
            assert browser.evaluate("document.documentElement.scrollWidth") <= width
    browser.emulate_media(color_scheme="light")


@dataclass
class Shown:
    """A preview that is running."""

    preview: Preview
    _told: list[tuple[Path, CheckReport]] = field(default_factory=list)

    @property
    def told(self) -> list[tuple[Path, CheckReport]]:
        """Each assessment that was told of so far, and what was found."""
        with suppress(Empty):
            while True:
                self._told.append(self.preview.reports.get_nowait())
        return self._told

    @property
    def host(self) -> str:
        return self.preview.server.host

    @property
    def path(self) -> str:
        return urlsplit(self.preview.server.address).path

    def ask(
        self, name: str = "", method: str = "GET", path: str = "", **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers of an answer."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            connection.request(method, path or self.path + name, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.getheaders())
        finally:
            connection.close()

    def text(self, name: str = "") -> str:
        return self.ask(name)[1]


@pytest.fixture
def show() -> Iterator[Callable[..., Shown]]:
    made: list[Shown] = []

    def show(path: Path, port: int = 0) -> Shown:
        shown = Shown(Preview(path, port))
        Thread(target=shown.preview.server.serve_forever, args=[0.05], daemon=True).start()
        made.append(shown)
        return shown

    yield show
    for each in made:
        each.preview.server.shutdown()
        each.preview.server.server_close()


Show = Callable[..., Shown]


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A good assessment in a folder whose name has spaces, with its criteria set beside that."""
    shutil.copytree(CHECKOUT / "tests" / "criteria", tmp_path / "criteria")
    (tmp_path / "prevent-letter.yaml").write_text("# settings\n", encoding="utf-8")
    path = tmp_path / "with spaces" / "exampleshire & others_2027.yaml"
    path.parent.mkdir()
    path.write_text(PLAIN, encoding="utf-8")
    return path


def change(path: Path, *words: str) -> None:
    """Save a file with words in place of others."""
    text = path.read_text(encoding="utf-8")
    for old, new in zip(words[::2], words[1::2], strict=True):
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def between(page: str, begin: str, end: str) -> str:
    """What stands in a page from some words to others."""
    at = page.index(begin)
    return page[at : page.index(end, at) + len(end)]
