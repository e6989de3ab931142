"""The ways in which editors save a file: the tests and the benchmark of the live page save in each."""

import time
from pathlib import Path


def truncate(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def rename_over(path: Path, text: str) -> None:
    path.with_suffix(".new").write_text(text, encoding="utf-8")
    path.with_suffix(".new").replace(path)


def back_up(path: Path, text: str) -> None:
    path.replace(path.with_suffix(".bak"))
    time.sleep(0.05)
    path.write_text(text, encoding="utf-8")


def in_halves(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text[: len(text) // 2])
        file.flush()
        time.sleep(0.12)
        file.write(text[len(text) // 2 :])


WAYS = (truncate, rename_over, back_up, in_halves)
