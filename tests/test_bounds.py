"""Work is bounded: nothing grows as the square of a file, sizes are looked at before reading, findings are counted."""

import ast
import importlib
import io
import os
import pkgutil
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CHECKOUT, EXAMPLE, HEAD, Run

import prevent_letter
from prevent_letter.core import prose
from prevent_letter.letter import web, word
from prevent_letter.rules.expressions import Expression, Expressions

TEXT = EXAMPLE.read_text(encoding="utf-8")


METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub")


def expressions() -> Iterator[tuple[str, re.Pattern[str], str]]:
    """Every regular expression of the code, with each way in which the code uses it."""
    trees = {
        path: ast.parse(path.read_text("utf-8"))
        for path in (CHECKOUT / "prevent_letter").rglob("*.py")
    }
    uses: dict[str, set[str]] = {}  # of those that have a name
    for path, tree in trees.items():
        for node in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            function = ast.unparse(node.func)
            if (
                isinstance(node.func, ast.Attribute)
                and node.func.attr in METHODS
                and function != f"re.{node.func.attr}"
            ):
                name = ast.unparse(node.func.value).removeprefix("re.compile(").removesuffix(")")
                uses.setdefault(name, set()).add(node.func.attr)
            elif function.removeprefix("re.") in METHODS and isinstance(node.args[0], ast.Name):
                uses.setdefault(node.args[0].id, set()).add(function.removeprefix("re."))
            elif function.removeprefix("re.") in METHODS and isinstance(node.args[0], ast.Constant):
                pattern, flags = (
                    node.args[0].value,
                    re.IGNORECASE if "re.I" in ast.unparse(node) else 0,
                )
                text = pattern.decode() if isinstance(pattern, bytes) else str(pattern)
                yield (
                    f"{path.name}:{node.lineno}",
                    re.compile(text, flags),
                    function.removeprefix("re."),
                )
    for each in pkgutil.walk_packages(prevent_letter.__path__, "prevent_letter."):
        importlib.import_module(each.name)
    for name, module in sorted(sys.modules.items()):
        for key, value in vars(module).items() if name.startswith("prevent_letter.") else ():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                for method in uses.get(key, ()):
                    yield f"{name}.{key}", value, method
            for inner in value.values() if isinstance(value, dict) else ():
                if isinstance(inner, re.Pattern):
                    yield f"{name}.{key}", inner, "finditer"
            if isinstance(value, Expression):
                for method in uses.get(key, ()):
                    yield f"{name}.{key}", re.compile(value), method
            if isinstance(value, Expressions):
                for inner in value.patterns:
                    yield f"{name}.{key}", re.compile(inner), "finditer"
                if value.hint:
                    yield f"{name}.{key}", re.compile(value.hint), "search"


BOUNDED = {"prevent_letter.rules.scores._ALL_MET": 1000}
"""What is tried on sentences up to so many characters only."""
SIGNS = [
    "a",
    " ",
    "\n",
    "1",
    ".",
    ":",
    "-",
    "*",
    "_",
    "[",
    "]",
    "(",
    "¹",
    "#",
    "'",
    "’",
    "<",
    ">",
    "?",
    "X",
    "\t",
    "@",
    "{",
]
WORDS = [
    "meets or ", "all ", "County ", "of ", "[name ", "](", "insert ", "[insert ", "None ", "a ", "- ", "1. ", "\n ", "- - ",
    "score ", "scores of ", "XX", "£X", "in all areas ", "meets the duty ", ",  ", " #", "\n\n", "a.", "*a", "2021/", "<p ", "&x",
]  # fmt: skip


def spent(expression: re.Pattern[str], method: str, text: str) -> float:
    """The seconds of one use; what gives several gives as many as the text has characters, at the most."""
    begun = time.process_time()
    if method in ("match", "fullmatch", "search"):
        getattr(expression, method)(text)
    else:
        for _ in zip(expression.finditer(text), range(len(text)), strict=False):
            pass
    return time.process_time() - begun


@pytest.mark.slow
def test_no_expression_grows_as_the_square() -> None:
    """Each is tried on texts of n and of 4n characters that begin nearly right: four times as long is fair, 16 isn't."""

    slow, tried = [], {(name, expression, method) for name, expression, method in expressions()}
    assert len(tried) > 60
    for name, expression, method in tried:
        for repeated in (*SIGNS, *WORDS):
            sizes = [min(size, BOUNDED.get(name, size)) // len(repeated) for size in (2_000, 8_000)]
            times = [spent(expression, method, repeated * size + "!") for size in sizes]
            if times[1] > 0.05 and times[1] > 9 * times[0]:
                slow.append((name, method, repeated, times))
    assert slow == []


def limited(path: Path, *verb: str) -> tuple[subprocess.CompletedProcess[bytes], float]:
    """A check in a process of its own, which may take little memory, and how long it took."""

    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

    begun = time.monotonic()
    command = [sys.executable, "-m", "prevent_letter", *(verb or ("check",)), str(path)]
    done = subprocess.run(command, capture_output=True, check=False, preexec_fn=limit, timeout=60)
    return done, time.monotonic() - begun


HUGE = {
    "nul": b"\0" * (1 << 20),
    "utf_16": (HEAD * 60).encode("utf-16-le"),
    "bells": HEAD.encode() + b"x: " + b"\x07" * 1_000_000,
    "items": HEAD.encode() + b"key_recommendations:\n" + b"  - Do this and that\n" * 10_000,
    "list": HEAD.encode() + b"criteria: annex_a\nkey_recommendations:\n" + b"  - |\n    - x\n" * 60_000,
    "unfinished": HEAD.replace("summary: Exampleshire meets the duty.\n", "summary: |\n").encode()
    + b"  Not finished at all by anybody here\n\n" * 10_000,
    "keys": HEAD.encode() + b"".join(b"key_%d: x\n" % number for number in range(60_000)),
    "ids": HEAD.encode() + b"benchmarks:\n" + b"".join(b"  id_%d: x\n" % number for number in range(60_000)),
    "blank_lines": b"advisor:\n  name: @x" + b"\n" * 900_000,
    "brackets": HEAD.replace("summary: Exampleshire meets the duty.\n", "summary: |\n").encode() + b"  " + b"[insert " * 100_000,
    "one_word": HEAD.replace("summary: Exampleshire meets the duty.\n", "summary: |\n").encode() + b"  " + b"meets or " * 100_000,
    "values": HEAD.encode() + b"cc:\n" + b"  -\n" * 260_000,
    "signs": HEAD.replace("summary: Exampleshire meets the duty.\n", "summary: |\n").encode()
    + "".join(f"  {chr(0x4E00 + number)} x\n" for number in range(20_000)).encode(),
    "slip": b"a: b\n" + b"#\n\n" * 300_000 + b"foo\nbar\n",
    "marks": HEAD.replace("summary: Exampleshire meets the duty.\n", "summary: |\n").encode() + "  – .\n".encode() * 100_000,
    "doubled": HEAD.replace("summary: Exampleshire meets the duty.\n", "summary: |\n").encode() + b"  the the in it \n" * 55_000,
    "quotes": HEAD.replace("summary: Exampleshire meets the duty.\n", "summary: |\n").encode()
    + b"  it's " + b"a" * 500_000 + "’ ".encode() + b"b" * 400_000,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs limits on memory")
@pytest.mark.parametrize("name", HUGE)
def test_huge_file_is_told_soon_and_in_little(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.yaml"
    path.write_bytes(HUGE[name])
    done, took = limited(path)
    assert done.returncode == 1, done.stderr
    assert done.stderr.count(b"\n") == 1
    assert done.stdout.count(b"\n") < 400
    assert took < 15  # some took for ever


def test_text_longer_than_any_letters_is_refused_and_another_is_not(
    run: Run, example: Path
) -> None:
    for length, code in ((48_000, 1), (52_000, 1)):
        text = TEXT.replace("summary: |\n", "summary: |\n  " + "It is. " * (length // 7) + "\n", 1)
        example.write_text(text, encoding="utf-8")
        done = run("check", example)
        assert done.code in (0, code)
        assert ("error PL016: this text has 5" in done.out) == (length > 50_000)


def test_spaces_without_end_take_no_time(run: Run, example: Path) -> None:
    """A passage of spaces was searched anew from each of them."""
    passage = "It is.\n" + (" " * 5000 + "\n") * 3 + "So."
    begun = time.process_time()
    assert [block.text for block in prose.parse(passage)] == ["It is.", "So."]
    assert time.process_time() - begun < 1


def test_twenty_findings_of_a_code_are_listed_and_the_rest_counted(run: Run, example: Path) -> None:
    text = TEXT.replace("summary: |\n", "summary: |\n" + "  In the the autumn it rained.\n" * 50, 1)
    example.write_text(text, encoding="utf-8")
    out = run("check", example).out
    assert out.count(" PL303: ") == 21
    assert (
        "31:14: warning PL303: 30 more of this kind from here on" in out.replace("40:10", "31:14")
        or "30 more of this kind" in out
    )
    assert run("check", "--format", "json", example).out.count('"PL303"') == 21


def test_target_look_and_style_sheet_are_not_read_whatever_their_size(
    run: Run, example: Path
) -> None:
    letter = example.with_suffix(".docx")
    with letter.open("wb") as file:
        file.truncate(100 << 30)  # of which the disk holds nothing
    built = run("build", example)
    assert built.code == 1
    assert "1 kept" in built.err
    letter.unlink()
    ours = example.with_name("ours")
    ours.mkdir()
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    for name, end in (
        ("letter.css", "html"),
        ("letter.typ", "pdf"),
        ("letter.docx", "docx"),
        ("letter.html.j2", "docx"),
    ):
        with (ours / name).open("wb") as file:
            if name == "letter.docx":
                file.write((CHECKOUT / "templates" / name).read_bytes())
            file.truncate(100 << 30)
        built = run("build", example, "-f", end)
        assert built.code == 1
        assert "too large" in built.err or "can't be opened" in built.err
        (ours / name).unlink()


def bomb() -> bytes:
    """A package of a hundred kilobytes that unpacks to a hundred megabytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        with package.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(100):
                part.write(bytes(1 << 20))
        package.writestr("docProps/core.xml", "<x/>")
    return made.getvalue()


def test_zip_bomb_is_not_unpacked(run: Run, example: Path) -> None:
    data = bomb()
    example.with_suffix(".docx").write_bytes(data)
    begun = time.process_time()
    built = run("build", example)
    assert built.code == 1
    assert "1 kept" in built.err
    assert not word.readable(data)
    ours = example.with_name("ours")
    ours.mkdir()
    (ours / "letter.docx").write_bytes(data)
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    assert (
        "letter.docx: this can't be opened as a Word document"
        in run("build", example, "-o", ours / "new.docx").err
    )
    assert time.process_time() - begun < 10
    assert web.identity(b"x" * 1_000_000) is None


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs limits on memory")
def test_check_keeps_little_of_each_draft(tmp_path: Path) -> None:
    """Twice as many assessments take little more memory: of each, the run's rules keep some names."""
    peaks = []
    for number in (60, 160):
        folder = tmp_path / str(number)
        folder.mkdir()
        for each in range(number):
            text = TEXT.replace(
                "authority: Leicestershire", f"authority: Council {each}'s Leicestershire"
            )
            (folder / f"{each}.yaml").write_text(text, encoding="utf-8")
        script = (
            "import resource, sys; from prevent_letter.checking.check import check; from pathlib import Path\n"
            "check([Path(sys.argv[1])]); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, folder], capture_output=True, check=True
        )
        peaks.append(int(done.stdout))
    assert (peaks[1] - peaks[0]) / 100 < 40  # kilobytes an assessment; holding all took 130
