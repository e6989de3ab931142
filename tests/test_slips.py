"""Slips that an advisor makes, each added to a passage of the example, are found where they are."""

import re
from pathlib import Path

import pytest
from conftest import EXAMPLE

from prevent_letter.checking.check import check

ROWS = (Path(__file__).parent / "slips.txt").read_text(encoding="utf-8").splitlines()
SLIPS = [tuple(row.split("\t")) for row in ROWS if not row.startswith("#")]
assert all(len(slip) == 3 for slip in SLIPS), [slip for slip in SLIPS if len(slip) != 3]


QUIET = [
    row.split("\t")
    for row in (Path(__file__).parent / "quiet.txt").read_text(encoding="utf-8").splitlines()
    if not row.startswith("#")
]


def found_at(field: str, words: str, folder: Path) -> dict[int, set[str]]:
    """The codes found in the example with words at the end of a passage, by lines from the words'."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    start = 0
    for depth, key in enumerate(field.split(".")):
        indent = "  " * (depth + 1 if "." in field else 0)
        start = next(
            n
            for n, line in enumerate(lines[start:], start)
            if line == f"{indent}{key}:" or line == f"{indent}{key}: |"
        )
    deeper = re.match(" *", lines[start])[0] + "  "  # type: ignore[index]
    end = next(
        n
        for n, line in enumerate(lines[start + 1 :], start + 1)
        if line and not line.startswith(deeper)
    )
    while not lines[end - 1]:
        end -= 1
    lines.insert(end, f"{deeper}{words}")
    path = folder / "exampleshire_2022.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found: dict[int, set[str]] = {}
    for finding in check([path]).findings:
        found.setdefault(finding.place.line - end - 1, set()).add(finding.code)
    return found


@pytest.mark.parametrize(("field", "code", "words"), SLIPS, ids=[slip[2][:40] for slip in SLIPS])
def test_slip_is_found(field: str, code: str, words: str, tmp_path: Path) -> None:
    found = found_at(field, words, tmp_path)
    assert found.keys() == {0}
    assert code in found[0]


@pytest.mark.parametrize(("field", "words"), QUIET, ids=[words[:40] for _, words in QUIET])
def test_ordinary_sentence_is_left_alone(field: str, words: str, tmp_path: Path) -> None:
    assert found_at(field, words, tmp_path) == {}
