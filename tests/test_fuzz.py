"""Whatever bytes a file holds, check tells of it at a place, and never crashes."""

import random
from pathlib import Path

import pytest
from conftest import CHECKOUT, EXAMPLE

from prevent_letter.assessment.drafts import Desk
from prevent_letter.rules import judge

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
    *(b"accepted:\n  - {rule: PL303, at: 5.x, reason: x}\n", b"benchmarks: [1]\n", b"partners: {a: b}\n", b"cc: x\n"),
]


def mutated(chance: random.Random, data: bytes) -> bytes:
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(data) + 1), chance.choice((0, 0, 1, 1, 2, 5, 40, 400))
        match chance.randrange(4):
            case 0:
                data = data[:at] + data[at + length :]
            case 1:
                data = data[:at] + chance.choice(BITS) * chance.choice((1, 1, 1, 2, 30)) + data[at + length :]
            case 2:
                data = data[:at] + data[at : at + length] * 2 + data[at + length :]
            case _:
                other = chance.randrange(len(data) + 1)
                data = data[:at] + data[other : other + length] + data[at:]
    return data


def fuzz(folder: Path, rounds: int, seed: int) -> None:
    chance, seeds = random.Random(seed), [path.read_bytes() for path in SEEDS]
    (folder / "criteria").mkdir()
    (folder / "criteria" / "short.yaml").write_bytes((CHECKOUT / "tests" / "criteria" / "short.yaml").read_bytes())
    (folder / "drafts").mkdir()
    path, desk = folder / "drafts" / "mutated.yaml", Desk()
    for _ in range(rounds):
        path.write_bytes(mutated(chance, chance.choice(seeds)))
        draft = desk.open(path)
        findings = judge.judge([draft], {path: path})[path]
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


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_many_mutated_files_never_crash(tmp_path: Path, seed: int) -> None:
    fuzz(tmp_path, 10_000, seed=100 + seed)
