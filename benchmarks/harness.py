"""What the benchmarks share: assessments to work on, and commands as whole processes, in turn."""

import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "leicestershire_2022.yaml"
OURS = [sys.executable, "-m", "prevent_letter"]
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each run compiles our modules again
FILES = 340
"""The letters of a year."""


def vary(text: str, number: int) -> str:
    """The example as another council's: changed names, scores and prose."""
    chance = random.Random(number)
    parts = ("bal", "cor", "dun", "fen", "hal", "mar", "nor", "pen", "rib", "wex")
    area = f"{parts[number // 100]}{parts[number // 10 % 10]}{parts[number % 10]}shire".capitalize()
    text = text.replace("Leicestershire", area).replace(
        "Leicester City Council", f"{area} City Council"
    )
    text = text.replace("Gurjit Samra-rai", "The Chief Executive")
    text = text.replace("greeting: Gurjit", "greeting: Chief Executive")
    text = re.sub(r"score: [3-5]", lambda _: f"score: {chance.randint(3, 5)}", text)
    sentences = re.findall(r"(?<=\. )[A-Z][^.\n]{30,90}\.(?= )", text)
    for _ in range(10):
        text = text.replace(
            chance.choice(sentences), f"The work of ward {chance.randint(1, 99)} is on its way."
        )
    return text


def write(folder: Path, files: int = FILES) -> None:
    """Write the assessments into a folder, which is made."""
    folder.mkdir(exist_ok=True)
    text = EXAMPLE.read_text(encoding="utf-8")
    for number in range(files):
        (folder / f"council_{number:03}.yaml").write_text(vary(text, number), encoding="utf-8")


Command = Sequence[object] | Callable[[], Sequence[object]]


def seconds(command: Command) -> float:
    """How long a command takes as a process of its own; it may be made anew for each run."""
    arguments = [str(each) for each in (command() if callable(command) else command)]
    start = time.perf_counter()
    done = subprocess.run(arguments, check=False, capture_output=True)
    took = time.perf_counter() - start
    assert done.returncode in (0, 1), done.stderr.decode()
    assert b"No module named" not in done.stderr, done.stderr.decode()
    return took


def medians(rounds: int, *commands: Command) -> list[float]:
    """Return each command's median seconds, run in turn; the first round is not counted."""
    times = [[seconds(command) for command in commands] for _ in range(rounds + 1)][1:]
    return [statistics.median(each) for each in zip(*times, strict=True)]
