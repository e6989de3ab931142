"""Time how soon `preview` shows a saved change, what it costs idle, and its start.

Needs Chromium. Saves as editors do, with what shows watched in the page itself; processes in
turn, medians. Run it with: python benchmarks/preview.py
"""

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from harness import EXAMPLE, OURS, seconds

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from saving import WAYS

_IDLE = 20.0
_TICK = os.sysconf("SC_CLK_TCK")


class Preview:
    """`preview` of a file or folder as a process."""

    def __init__(self, path: Path) -> None:
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [*OURS, "preview", "--no-open", path],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()
        self.start = time.perf_counter() - begun

    def cpu(self) -> float:
        """The seconds of a core that it has used."""
        fields = (
            Path(f"/proc/{self.process.pid}/stat")
            .read_text(encoding="utf-8")
            .rpartition(")")[2]
            .split()
        )
        return (int(fields[11]) + int(fields[12])) / _TICK

    def memory(self) -> int:
        """What it holds, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(status.partition("VmRSS:")[2].split()[0]) // 1024

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()


def saves(page: Any, path: Path, rounds: int = 6) -> list[float]:
    """The seconds from the end of each saving to what it changed being visible."""
    text, found = path.read_text(encoding="utf-8"), []
    chance = random.Random(1)
    for number in range(rounds):
        for way in WAYS:
            words = f"Round {number} {way.__name__.replace('_', ' ')}"
            time.sleep(chance.uniform(0.3, 0.9))
            way(path, text.replace("summary: |\n", f"summary: |\n  {words}.\n", 1))
            begun = time.perf_counter()
            page.wait_for_function(
                "words => document.body.innerText.includes(words)", arg=words, polling=10
            )
            found.append(time.perf_counter() - begun)
    return found


def idle(preview: Preview) -> float:
    """Per cent of a core while nothing changes."""
    time.sleep(4)
    before = preview.cpu()
    time.sleep(_IDLE)
    return (preview.cpu() - before) / _IDLE * 100


def starts(path: Path, rounds: int = 10) -> tuple[float, float]:
    """The seconds from start to address, and those of `check`."""
    ours, peers = [], []
    for _ in range(rounds):
        peers.append(seconds([*OURS, "check", path]))
        preview = Preview(path)
        ours.append(preview.start)
        preview.end()
    return statistics.median(ours), statistics.median(peers)


def main() -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(shutil.copy(EXAMPLE, folder))
        own, check = starts(path)
        print(f"start to address: {own * 1000:.0f} ms, {own / check:.2f} times check (at most 1.5)")
        preview = Preview(path)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), chromium_sandbox=False
        )
        page = browser.new_page()
        page.goto(preview.address)
        took = saves(page, path)
        print(
            f"{len(took)} saves: median {statistics.median(took):.2f} s (0.25),"
            f" worst {max(took):.2f} (0.5)"
        )
        print(
            f"idle with one tab: {idle(preview):.2f} % of a core (below 0.5);"
            f" {preview.memory()} MB (45)"
        )
        browser.close()
        preview.end()


if __name__ == "__main__":
    main()
