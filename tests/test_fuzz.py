"""Whatever bytes a file holds, check tells of it at a place, and never crashes."""

import random
import re
from pathlib import Path

import pytest
from conftest import CHECKOUT, EXAMPLE, Run

from prevent_letter.assessment.drafts import DraftLoader
from prevent_letter.rules import engine

SEEDS = [
    EXAMPLE,
    *sorted((CHECKOUT / "tests" / "clean").glob("*.yaml")),
    *sorted((CHECKOUT / "tests" / "faults").glob("*.yaml")),
]
BITS = [
    *(
        b"\t",
        b"\n",
        b"\r\n",
        b" ",
        b"  ",
        b":",
        b": ",
        b"- ",
        b"#",
        b" #",
        b" # ",
        b"|",
        b">",
        b'"',
        b"'",
        b"[",
        b"]",
        b"{",
    ),
    *(
        b"}",
        b",",
        b"&a ",
        b"*a",
        b"!!int ",
        b"%",
        b"@",
        b"`",
        b"~",
        b"null",
        b"---\n",
        b"...\n",
        b"? ",
        b"\xff",
        b"\x00",
    ),
    *(
        "é".encode(),
        "\u2028".encode(),
        "\u00a0".encode(),
        "\U0001f642".encode(),
        b"\x0b",
        b"\\",
        b"\\x07",
        b"0",
        b"6",
        b"TODO ",
    ),
    *(
        b"accepted:\n  - {rule: PL303, at: 5.x, reason: x}\n",
        b"benchmarks: [1]\n",
        b"partners: {a: b}\n",
        b"cc: x\n",
    ),
]


def mutated(chance: random.Random, data: bytes) -> bytes:
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(data) + 1), chance.choice((0, 0, 1, 1, 2, 5, 40, 400))
        match chance.randrange(4):
            case 0:
                data = data[:at] + data[at + length :]
            case 1:
                data = (
                    data[:at]
                    + chance.choice(BITS) * chance.choice((1, 1, 1, 2, 30))
                    + data[at + length :]
                )
            case 2:
                data = data[:at] + data[at : at + length] * 2 + data[at + length :]
            case _:
                other = chance.randrange(len(data) + 1)
                data = data[:at] + data[other : other + length] + data[at:]
    return data


def fuzz(folder: Path, rounds: int, seed: int) -> None:
    chance, seeds = random.Random(seed), [path.read_bytes() for path in SEEDS]
    (folder / "criteria").mkdir()
    (folder / "criteria" / "short.yaml").write_bytes(
        (CHECKOUT / "tests" / "criteria" / "short.yaml").read_bytes()
    )
    (folder / "drafts").mkdir()
    path, loader = folder / "drafts" / "mutated.yaml", DraftLoader()
    for _ in range(rounds):
        path.write_bytes(mutated(chance, chance.choice(seeds)))
        draft = loader.load(path)
        findings = engine.apply_rules([draft], {path: path})[path]
        assert draft.assessment or findings
        lines = draft.source.text.count("\n") + draft.source.text.count("\r") + 1
        for finding in findings:
            if finding.place.path == path:
                assert 1 <= finding.place.line <= lines
                assert 1 <= finding.place.column <= len(finding.place.excerpt) + 1
            assert finding.message
            assert str(finding)


def test_mutated_files_never_crash(tmp_path: Path) -> None:
    fuzz(tmp_path, 400, seed=1)


OURS = {
    "prevent-letter.yaml": b"templates: ours\ncriteria: set.yaml\noutput: letters\nrules: {ignore: [PL202], error: [PL201]}\n",
    "set.yaml": (CHECKOUT / "criteria" / "annex_a.yaml").read_bytes(),
    "ours/letter.html.j2": (CHECKOUT / "templates" / "letter.html.j2").read_bytes(),
    "ours/letter.docx": (CHECKOUT / "templates" / "letter.docx").read_bytes(),
    "ours/letter.css": (CHECKOUT / "templates" / "letter.css").read_bytes(),
    "ours/letter.typ": (CHECKOUT / "templates" / "letter.typ").read_bytes(),
}


def fuzz_all(folder: Path, run: Run, rounds: int, seed: int) -> None:
    """What stands round an assessment, mutated too: settings, criteria, templates, looks, and the letter that is there."""
    chance = random.Random(seed)
    for name, data in OURS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    text = EXAMPLE.read_bytes().replace(b"criteria: annex_a\n", b"")
    (folder / "a.yaml").write_bytes(text)
    assert run("build", folder / "a.yaml", "-f", "docx,pdf,html").code == 0
    letters = {path: path.read_bytes() for path in (folder / "letters").iterdir()}
    targets = {**{folder / name: data for name, data in OURS.items()}, **letters}
    for _ in range(rounds):
        path, data = chance.choice([*targets.items()])
        path.write_bytes(mutated(chance, data))
        end = (
            path.suffix[1:]
            if path in letters
            else {".typ": "pdf", ".css": "html"}.get(path.suffix, "docx")
        )
        if chance.random() < 0.3:
            (folder / "a.yaml").write_bytes(text.replace(b"score: 3", b"score: 4", 1))
        for verb in (["check"], ["build", "-f", end], ["build", "--check", "-f", end]):
            done = run(*verb, folder / "a.yaml")
            assert done.code in (0, 1), done.err
            assert "something unexpected" not in done.err
            assert not re.search(r"(?m)^\s*::|##\[|\x1b", done.out + done.err)
        for each, good in targets.items():
            each.write_bytes(good)
        (folder / "a.yaml").write_bytes(text)


@pytest.mark.slow
def test_mutated_surroundings_never_crash(tmp_path: Path, run: Run) -> None:
    fuzz_all(tmp_path, run, 40, seed=3)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_much_mutated_surroundings_never_crash(tmp_path: Path, run: Run, seed: int) -> None:
    fuzz_all(tmp_path, run, 500, seed=200 + seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_many_mutated_files_never_crash(tmp_path: Path, seed: int) -> None:
    fuzz(tmp_path, 10_000, seed=100 + seed)
