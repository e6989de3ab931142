"""Time one check of 340 assessments, against yamllint on the same files.

Run it with: python benchmarks/check.py
"""

import sys
import tempfile
from pathlib import Path

from harness import FILES, OURS, medians, write


def main(rounds: int = 5) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        yamllint = [sys.executable, "-m", "yamllint", "-d", "relaxed", folder]
        own, other = medians(rounds, [*OURS, "check", folder], yamllint)
        figures = f"{FILES / own:.0f} files a second, yamllint {FILES / other:.0f}"
        print(f"check: {figures}, {other / own:.1f} times as many (at least 5)")


if __name__ == "__main__":
    main()
