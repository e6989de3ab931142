"""Time a command from a cold start, against importing what it needs.

Run it with: python benchmarks/start.py
"""

import shutil
import sys
import tempfile
from itertools import count
from pathlib import Path

from harness import EXAMPLE, OURS, medians

PAIRS = {
    "check": ("import click, yaml; from pydantic import BaseModel", ["check", EXAMPLE], 1.6),
    "--version": ("import click", ["--version"], 1.5),
    "build": (
        "import click, yaml, jinja2, docx; from pydantic import BaseModel",
        ["build", EXAMPLE, "-o"],
        1.6,
    ),
}


def main(rounds: int = 20) -> None:
    with tempfile.TemporaryDirectory() as folder:
        alone = shutil.copy(EXAMPLE, folder)  # without the neighbours that it has in the checkout
        fresh = (Path(folder) / f"{number}.docx" for number in count())
        for name, (imports, arguments, most) in PAIRS.items():

            def ours(arguments: list[object] = arguments) -> list[object]:  # type: ignore[assignment]
                named = [alone if each == EXAMPLE else each for each in arguments]
                return [*OURS, *named, *([next(fresh)] if arguments[-1] == "-o" else [])]

            peer, own = medians(rounds, [sys.executable, "-c", imports], ours)
            figures = f"{own * 1000:.0f} ms, its imports {peer * 1000:.0f} ms"
            print(f"{name}: {figures}, {own / peer:.2f} times these (at most {most})")


if __name__ == "__main__":
    main()
