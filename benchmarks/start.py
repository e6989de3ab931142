"""How long a command takes from a cold start, against importing what it needs: whole processes in turn, medians.

Run it with: python benchmarks/start.py
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "leicestershire_2022.yaml"
PAIRS = {
    "check": ("import click, yaml; from pydantic import BaseModel", ["check", EXAMPLE], 1.6),
    "--version": ("import click", ["--version"], 1.5),
    "build": ("import click, yaml, jinja2, docx; from pydantic import BaseModel", ["build", EXAMPLE, "-o"], 1.6),
}


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def compare(imports: str, ours: Callable[[], list[str]], rounds: int) -> tuple[float, float]:
    """The median seconds of the imports alone and of our command, run in turn."""
    peer, own = [], []
    for number in range(rounds + 1):
        times = seconds([sys.executable, "-c", imports]), seconds(ours())
        if number:  # the first round warms the caches
            peer.append(times[0])
            own.append(times[1])
    return statistics.median(peer), statistics.median(own)


def main(rounds: int = 20) -> None:
    with tempfile.TemporaryDirectory() as folder:
        fresh = (str(Path(folder) / f"{number}.docx") for number in range(10_000))
        for name, (imports, arguments, most) in PAIRS.items():

            def command(arguments: list[object] = arguments) -> list[str]:
                target = [next(fresh)] if arguments[-1] == "-o" else []
                return [sys.executable, "-m", "prevent_letter", *map(str, arguments), *target]

            peer, own = compare(imports, command, rounds)
            figures = f"{own * 1000:.0f} ms, its imports {peer * 1000:.0f} ms"
            print(f"{name}: {figures}, {own / peer:.2f} times these (at most {most})")


if __name__ == "__main__":
    main()
