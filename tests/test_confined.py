"""A repository's own letter.typ can't run, fetch, read or take more than it may."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import CHECKOUT, Run

OWN = (CHECKOUT / "templates" / "letter.typ").read_text(encoding="utf-8")
limited = pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")


@pytest.fixture
def own(example: Path) -> Path:
    """A repository's own letter.typ, still to be written."""
    (example.parent / "ours" / "inner").mkdir(parents=True)
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    return example.parent / "ours" / "letter.typ"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ('#import "more.typ": a', "ours/more.typ:2: the word eval can't be used here"),
        ('#import "@preview/cetz:0.3.0"', "packages can't be used here"),
        ('#import("@preview/cetz:0.3.0")', "packages can't be used here"),
        ('#import/**/"@preview/cetz:0.3.0"', "packages can't be used here"),
        ('#import "\\u{40}preview/cetz:0.3.0"', "packages can't be used here"),
        ('#import   \n "@local/a:0.1.0"', "packages can't be used here"),
        ('#let a = "@preview/cetz:0.3.0"; #import a', "after the word import, even in a comment"),
        ('#include "@preview/cetz:0.3.0"', "after the word include, even in a comment"),
        ("#eval(\"import '@preview/cetz:0.3.0'\")", "the word eval can't be used here"),
        ('#dictionary(std).at("ev" + "al")("1")', "the word std can't be used here"),
        ('#plugin("loop.wasm")', "the word plugin can't be used here"),
        ('#(-import "@preview/cetz:0.2.0")', "after the word import, even in a comment"),
        (
            '#import "x".replace("x", "@preview/cetz:0.2.0"): *',
            "after the word import, even in a comment",
        ),
        (
            '#import "x"\n.replace("x", "@preview/cetz:0.2.0"): *',
            "after the word import, even in a comment",
        ),
        ('#import ("x" + "y"): *', "after the word import, even in a comment"),
        ('#import "x" + "y": *', "after the word import, even in a comment"),
        ('#{0 -eval("1 + 1")}', "the word eval can't be used here"),
        ('#{0 -plugin("x.wasm")}', "the word plugin can't be used here"),
    ],
)
def test_other_code_is_refused(code: str, told: str, run: Run, example: Path, own: Path) -> None:
    own.write_text(f"{code}\n{OWN}", encoding="utf-8")
    if "more.typ" in code:
        (own.parent / "more.typ").write_text('#let a = 1\n#eval("1")', encoding="utf-8")
    built = run("build", example, "-f", "pdf")
    assert (built.code, built.out) == (1, "")
    assert told in built.err
    assert told in run("check", example).out


@pytest.mark.skipif(os.name == "nt", reason="makes links")
@pytest.mark.parametrize(
    "name", ["inner/link", "../secret.txt", "/inner/link", "link.typ", "a.yaml", "notes.txt"]
)
def test_no_file_outside_the_folder_is_read(
    name: str, run: Run, example: Path, own: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("outside") / "secret.txt"
    secret.write_text("a secret", encoding="utf-8")
    (own.parent / "inner" / "link").symlink_to(secret)
    (own.parent / "link.typ").symlink_to("../secret.txt")
    for name_of_other in ("a.yaml", "notes.txt"):
        (own.parent / name_of_other).write_text("a secret", encoding="utf-8")
    (example.parent / "secret.txt").write_text("a secret", encoding="utf-8")
    own.write_text(f'#panic(read("{name}"))\n{OWN}', encoding="utf-8")
    built = run("build", example, "-f", "pdf")
    assert (built.code, built.out) == (1, "")
    assert "ours/letter.typ:1: the letter can't be typeset" in built.err
    assert "secret" not in built.err.replace("../secret.txt", "")
    assert "searched" not in built.err


def test_other_files_of_the_folder_can_be_used(run: Run, example: Path, own: Path) -> None:
    (own.parent / "more.typ").write_text('#let words = "read"\n', encoding="utf-8")
    (own.parent / "crest.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', encoding="utf-8"
    )
    (own.parent / "logo.png").write_bytes(
        b"\x89PNG std eval import \x00"
    )  # a picture has any words
    uses = (
        '#import "more.typ": words // ours\n#import "more.typ" as more\n'
        '#import "more.typ" // and so on\n// The colours.\n#assert(words == more.words)\n'
    )
    own.write_text(
        f'{uses}#let crest = image("crest.svg", alt: "A crest")\n{OWN}', encoding="utf-8"
    )
    assert run("build", example, "-f", "pdf").code == 0
    own.with_name("photo.png").write_bytes(b"x" * (1 << 22))
    built = run("build", example, "-f", "pdf", "--force")
    assert "ours/photo.png: the files of this folder are too large" in built.err


@limited
@pytest.mark.parametrize(
    "code",
    [
        '#let f(n) = if n == 0 { "x" } else { f(n - 1) + f(n - 1) }\n#f(30)',
        '#let a = "x" * 3000000000',
        "#let a = range(300000000)",
        "#lorem(3000000)",
        f"#let a = {'1+' * 300_000}1",
        f"#let a = (:)\n#a{'.a' * 300_000}",
    ],
    ids=["texts", "long text", "long list", "much text", "deep sum", "deep fields"],
)
def test_letter_that_takes_too_much_is_a_sentence(
    code: str, run: Run, example: Path, own: Path
) -> None:
    own.write_text(f"{code}\n{OWN}", encoding="utf-8")
    begun = time.monotonic()
    built = run("build", example, "-f", "pdf")
    assert time.monotonic() - begun < 20  # it would take for ever
    assert (built.code, built.out) == (1, "")
    assert "ours/letter.typ: the letter can't be typeset: it takes more than a second" in built.err


@limited
def test_crash_of_one_letter_leaves_the_others(run: Run, example: Path, own: Path) -> None:
    text = example.read_text(encoding="utf-8")
    other = text.replace("Leicestershire County Council", "Exampleshire County Council")
    example.with_name("exampleshire.yaml").write_text(other, encoding="utf-8")
    crash = "range(300000000)"
    own.write_text(
        f'#if sys.inputs.letter.contains("Exampleshire") {{ {crash} }}\n{OWN}', encoding="utf-8"
    )
    built = run("build", example.parent, "-f", "pdf")
    assert built.code == 1
    assert "2 letters: 1 built, 0 unchanged, 0 kept, 1 failed" in built.err


def test_installed_program_typesets_with_an_own_file(example: Path, own: Path) -> None:
    own.write_text(OWN, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "prevent_letter", "build", example.name, "-f", "pdf"],
        cwd=example.parent,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout.decode().strip()) == (0, f"{example.stem}.pdf")


@pytest.mark.parametrize(
    "code",
    [
        '#link("file:///c:/x")[a]',
        '#link("javascript:alert(1)")[a]',
        '#link("\\\\server\\share")[a]',
        '#pdf.attach("more.typ", relationship: "data", mime-type: "text/plain", description: "x")',
    ],
)
def test_pdf_has_no_link_or_file_that_no_letter_has(
    code: str, run: Run, example: Path, own: Path
) -> None:
    (own.parent / "more.typ").write_text("", encoding="utf-8")
    own.write_text(f"{OWN}\n{code}\n", encoding="utf-8")
    built = run("build", example, "-f", "pdf")
    assert (built.code, built.out) == (1, "")
    refused = built.err
    assert "only links to http" in refused or "contains an attached file" in refused


def test_new_process_runs_no_module_of_the_current_folder(example: Path, own: Path) -> None:
    own.write_text(OWN, encoding="utf-8")
    for name in ("multiprocessing", "pickle", "socket", "resource", "typst", "signal"):
        text = f"open({str(example.with_name('ran'))!r}, 'w').close()\n"
        example.with_name(f"{name}.py").write_text(text, encoding="utf-8")
    run = "import sys; sys.path[:1] = [sys.argv[1]]; from prevent_letter.cli import main; main(['check', 'leicestershire_2022.yaml'])"
    subprocess.run(
        [sys.executable, "-c", run, str(CHECKOUT)],
        cwd=example.parent,
        check=True,
        capture_output=True,
    )
    assert not example.with_name("ran").exists()


def test_words_that_look_like_actions_are_words(run: Run, example: Path, own: Path) -> None:
    own.write_text(OWN, encoding="utf-8")
    text = example.read_text(encoding="utf-8")
    words = "Planning/Launch (or /JS (within)) and \\(/GoToR"
    example.write_text(text.replace("area: Leicestershire", f"area: '{words}'"), encoding="utf-8")
    built = run("build", example, "-f", "pdf")
    assert built.code == 0, built.err
