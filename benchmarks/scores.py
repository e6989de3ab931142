"""Time `scores` against `check`, its page against its table, and ten times the files.

Two years of 170 authorities are 340 assessments. Processes in turn, medians. Run it with: python
benchmarks/scores.py
"""

import random
import re
import tempfile
from pathlib import Path

from harness import EXAMPLE, OURS, medians


def write(folder: Path, authorities: int) -> None:
    """Two years of assessments, in regions of 17, no sentence the same in two of one year."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for number in range(authorities):
        word = "".join(chr(97 + number // 26**place % 26) for place in range(3))
        region = folder / f"region_{number // 17:03}"
        region.mkdir(parents=True, exist_ok=True)
        for year in (2021, 2022):
            chance = random.Random(f"{number} {year}")
            own = text.replace("Leicestershire", f"{word.capitalize()}shire").replace(
                "2021/2022", f"{year - 1}/{year}"
            )
            own = own.replace("East Midlands", f"Example {number // 17}")
            own = re.sub(
                r"score: [3-5]", lambda _, chance=chance: f"score: {chance.randint(3, 5)}", own
            )
            own = re.sub(r"(?<=\. )([A-Z])", rf"In {word} it is so that \1", own)
            (region / f"council_{number:04}_{year}.yaml").write_text(own, encoding="utf-8")


def main(rounds: int = 3) -> None:
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small"), Path(folder, "large")
        write(small, 170)
        write(large, 1700)
        page = [*OURS, "scores", small, "--format", "html", "--marking", "OFFICIAL"]
        scores, check, html, more = medians(
            rounds,
            [*OURS, "scores", small],
            [*OURS, "check", small],
            page,
            [*OURS, "scores", large],
        )
        print(f"scores: {scores:.2f} s, {scores / check:.2f} times check (at most 2)")
        print(f"its page: {html - scores:.2f} s more (at most 1)")
        print(f"ten times the files: {more / scores:.1f} times as long (about 10)")


if __name__ == "__main__":
    main()
