"""Time a command from a cold start, against importing libraries alone.

The libraries are those that the tool was first measured against. It uses neither pydantic nor
python-docx any more; install them first: python -m pip install pydantic python-docx

Processor time, the best of nine runs in turn. The last line holds `check` against the libraries
that it does use.

Run it with: python benchmarks/start.py
"""

import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import EXAMPLE, OURS, write

NEIGHBOURS = 200
RUNS = 9
LIBRARIES = "import click, yaml; from pydantic import BaseModel"
FOR_LETTERS = "import click, yaml, jinja2, docx; from pydantic import BaseModel"


def processor_seconds(command: list[object]) -> float:
    """How long a command works, as a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "many", NEIGHBOURS)
        alone, among = shutil.copy(EXAMPLE, folder), shutil.copy(EXAMPLE, folder / "many")
        letter = folder / "letter.docx"
        commands = {
            "check alone": (LIBRARIES, ["check", alone], 1.4),
            f"check beside {NEIGHBOURS}": (LIBRARIES, ["check", among], 1.6),
            "build": (FOR_LETTERS, ["build", alone, "-o", letter], 1.3),
            "--version": ("import click", ["--version"], 1.15),
            "check, today's libraries": ("import click, yaml", ["check", alone], None),
        }
        best: dict[str, list[float]] = {label: [9.0, 9.0] for label in commands}
        for _ in range(RUNS + 1):  # the first one writes Python's caches
            for label, (imports, arguments, _) in commands.items():
                letter.unlink(missing_ok=True)
                for which, start in enumerate(
                    ([*OURS, *arguments], [sys.executable, "-c", imports])
                ):
                    best[label][which] = min(best[label][which], processor_seconds(start))
        for label, (_, _, most) in commands.items():
            own, peer = best[label]
            figures = f"{own * 1000:.0f} ms, the imports {peer * 1000:.0f} ms"
            bar = f" (at most {most})" if most else ""
            print(f"{label}: {figures}, {own / peer:.2f} times these{bar}")


if __name__ == "__main__":
    main()
