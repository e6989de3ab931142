"""Random edits of letters in LibreOffice: what comes back is right, or said to be in doubt."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import CHECKOUT, Run
from test_word_edits import LETTERS, canonical, joined

from prevent_letter.core import prose

EDITS = CHECKOUT / "tests" / "office_edits.py"
FIELDS = ("good_practice", "recommendations")


def python_with_uno() -> str:
    """A Python that can speak with LibreOffice; without one the test is skipped."""
    for name in ("/usr/bin/python3", "python3"):
        python = shutil.which(name)
        if (
            python
            and not subprocess.run([python, "-c", "import uno"], capture_output=True).returncode
        ):
            return python
    pytest.skip("needs LibreOffice's Python bridge (python3-uno)")


def blocks_of(passage: str) -> list[tuple[str, str]]:
    """The mark and the words of each block."""
    lines = [" " * block.indent + block.line for block in prose.parse(passage)]
    marks = [re.match(r" *(?:(?:-|\d+\.) )?", line) for line in lines]
    return [(m[0], line[m.end() :]) for m, line in zip(marks, lines, strict=True) if m]


def prepare(seed: int, run: Run, folder: Path) -> dict[str, Any]:
    source = LETTERS[seed % len(LETTERS)]
    path = folder / f"letter_{seed}" / source.name
    path.parent.mkdir()
    text = source.read_text(encoding="utf-8")
    criteria = (CHECKOUT / "tests" / "criteria").as_posix()
    path.write_text(text.replace("../criteria", criteria), encoding="utf-8")
    assert run("build", path).code == 0
    data = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    passages = {"summary": data["summary"]}
    for id, scored in data["benchmarks"].items():
        passages |= {f"{id}.{field}": scored[field] for field in FIELDS if scored.get(field)}
    return {
        "seed": seed,
        "letter": str(path.with_suffix(".docx")),
        "passages": {key: [words for _, words in blocks_of(p)] for key, p in passages.items()},
        "scores": {
            id: (number + 1, scored["score"])
            for number, (id, scored) in enumerate(data["benchmarks"].items())
            if str(scored["score"]).isdigit()
        },
    }


def value_of(data: dict[str, Any], key: str) -> str:
    if key == "summary":
        return str(data["summary"])
    id, _, field = key.partition(".")
    return str(data["benchmarks"][id].get(field or "score") or "")


def without_numbers(passage: str) -> str:
    """A passage as the letter shows it, whatever numbers an advisor wrote before its items."""
    return canonical(re.sub(r"(?m)^( *)\d+\. ", r"\g<1>1. ", passage))


def judge(job: dict[str, Any], run: Run) -> Iterator[str]:
    """Yield what came back wrong, or is missing without a word."""
    letter = Path(job["letter"])
    path = letter.with_suffix(".yaml")
    before = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    done = run("import", "--apply", "--format", "json", letter)
    assert done.code in (0, 1), done.err
    found = json.loads(done.out)
    after = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    wanted: dict[str, list[Any]] = {}
    for kind, key, number, words in job["done"]:
        if kind == "score":
            wanted[key] = [words]
            continue
        marked = blocks_of(value_of(before, key))
        blocks = wanted.setdefault(key, [[f"{mark}{text}"] for mark, text in marked])
        mark = marked[number][0]
        new = words if isinstance(words, list) else [words] if words is not None else []
        blocks[number] = [f"{mark}{each}" for each in new]
    for key in (*job["passages"], *job["scores"]):
        value, old = value_of(after, key), value_of(before, key)
        if key in job["scores"]:
            want = wanted.get(key, [old])[0]
        else:
            lines = [line for each in wanted.get(key, [[old]]) for line in each]
            want = joined(lines) if key in wanted else old
        if without_numbers(value) == without_numbers(want):
            continue
        name = key.partition(".")[0]
        said = [f for f in found if name in f["message"] or name in str(f.get("help"))]
        if not said or without_numbers(value) != without_numbers(old):
            kind = "wrong" if said else "silent"
            yield f"{job['seed']} {kind}: {key} {job['done']}\n{value}\n--- wanted\n{want}\n{found}"


def edit_and_judge(seeds: range, run: Run, folder: Path) -> None:
    jobs = [prepare(seed, run, folder) for seed in seeds]
    path = folder / "jobs.json"
    path.write_text(json.dumps(jobs), encoding="utf-8")
    subprocess.run([python_with_uno(), str(EDITS), str(path)], check=True, timeout=1500)
    jobs = json.loads(path.read_text(encoding="utf-8"))
    assert sum(len(job["done"]) for job in jobs) > len(jobs)
    faults = [fault for job in jobs for fault in judge(job, run)]
    assert not faults, "\n\n".join(faults)


@pytest.mark.libreoffice
def test_edits_in_libreoffice_come_back(run: Run, tmp_path: Path) -> None:
    edit_and_judge(range(6), run, tmp_path)


@pytest.mark.slow
@pytest.mark.libreoffice
def test_many_edits_in_libreoffice_come_back(run: Run, tmp_path: Path) -> None:
    edit_and_judge(range(100, 400), run, tmp_path)
