"""How fast 340 assessments are checked in one run, against yamllint on the same files: processes in turn, medians.

Run it with: python benchmarks/check.py
"""

import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "leicestershire_2022.yaml"
FILES = 340


def vary(text: str, number: int) -> str:
    """The example as another council's: changed names, scores and prose."""
    chance = random.Random(number)
    parts = ("bal", "cor", "dun", "fen", "hal", "mar", "nor", "pen", "rib", "wex")
    area = f"{parts[number // 100]}{parts[number // 10 % 10]}{parts[number % 10]}shire".capitalize()
    text = text.replace("Leicestershire", area).replace("Leicester City Council", f"{area} City Council")
    text = text.replace("Gurjit Samra-rai", "The Chief Executive").replace(
        "greeting: Gurjit", "greeting: Chief Executive"
    )
    text = re.sub(r"score: [3-5]", lambda _: f"score: {chance.randint(3, 5)}", text)
    sentences = re.findall(r"(?<=\. )[A-Z][^.\n]{30,90}\.(?= )", text)
    for _ in range(10):
        text = text.replace(chance.choice(sentences), f"The work of ward {chance.randint(1, 99)} is on its way.")
    return text


def write(folder: Path, files: int = FILES) -> None:
    """Write the assessments into a folder."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for number in range(files):
        (folder / f"council_{number:03}.yaml").write_text(vary(text, number), encoding="utf-8")


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=False, capture_output=True)
    return time.perf_counter() - start


def main(rounds: int = 5) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        ours = [sys.executable, "-m", "prevent_letter", "check", folder]
        peer = [sys.executable, "-m", "yamllint", "-d", "relaxed", folder]
        times = [(seconds(ours), seconds(peer)) for _ in range(rounds)]
        own, other = (statistics.median(each) for each in zip(*times, strict=True))
        figures = f"{FILES / own:.0f} files a second, yamllint {FILES / other:.0f}"
        print(f"check: {figures}, {other / own:.1f} times as many (at least 5)")


if __name__ == "__main__":
    main()
