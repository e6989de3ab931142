"""What the reports of tasks share: exit codes, counts, and what came in the way of a file."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

from prevent_letter.assessment.drafts import Desk, Draft
from prevent_letter.ground.findings import Finding, Stop, printable, shown

FAULT, UNFORESEEN = 1, 3
"""Exit codes: something that was read or written is at fault; something that nobody foresaw."""
Thing = TypeVar("Thing")
Result = TypeVar("Result")


class Failure(NamedTuple):
    """What came in the way of a file, as a sentence, with its exit code and, where it is asked for, its traceback."""

    text: str
    code: int
    trace: str = ""


def unforeseen(error: Exception, path: Path | None = None) -> Failure:
    """The failure for an exception that nobody foresaw; its traceback follows where PREVENT_LETTER_TRACEBACK=1 asks."""
    where = f"{shown(path)}: " if path else ""
    if isinstance(
        error, (OSError, MemoryError)
    ):  # what the world can do: a full disk, a folder that is gone
        return Failure(f"{where}{_world(error)}", FAULT)
    text = f"{where}something unforeseen happened: {type(error).__name__}: {' '.join(str(error).split())}"
    asked = os.environ.get("PREVENT_LETTER_TRACEBACK") == "1"
    trace = ""
    if asked:
        import traceback  # which takes its time, and is seldom asked for

        trace = "".join(traceback.format_exception(error)).rstrip()
    return Failure(printable(text), UNFORESEEN, trace)


def _world(error: OSError | MemoryError) -> str:
    """What came in the way from outside, in a sentence."""
    if isinstance(error, MemoryError):
        return "there isn't enough memory for this"
    try:
        os.getcwd()
    except OSError:
        return "the current folder isn't there any more; go to another one"
    if error.errno == errno.ENOSPC:
        return "the output can't be written: the disk is full"
    return printable(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")


def attempt(work: Callable[[Thing], Result], thing: Thing, path: Path) -> Result | Failure:
    """Do the work on a thing, for the file at ``path``; whatever comes in its way stops nothing else."""
    try:
        return work(thing)
    except Stop as stop:
        return Failure(printable(str(stop)), FAULT)
    except Exception as error:
        return unforeseen(error, path)


@dataclass
class Report:
    """What a task found, and what came in its way."""

    findings: list[Finding] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    passed_over: int = 0
    """How many other YAML files were in the folders."""

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return sum(finding.severity == "warning" for finding in self.findings)

    @property
    def code(self) -> int:
        """The exit code."""
        return max(
            [failure.code for failure in self.failures] + [FAULT] * bool(self.errors), default=0
        )

    def open(self, paths: Iterable[Path], desk: Desk | None = None) -> Iterator[Draft]:
        """The drafts of assessments, one after the other; what can't be opened is a failure."""
        desk = desk or Desk()
        for path in paths:
            if isinstance(opened := attempt(desk.open, path, path), Failure):
                self.failures.append(opened)
            else:
                yield opened

    def summary(self, *counts: str) -> str:
        """Counts, and how many files were passed over."""
        over = (
            f"; {count(self.passed_over, 'other YAML file')} passed over"
            if self.passed_over
            else ""
        )
        return ", ".join(counts) + over


def count(number: int, thing: str) -> str:
    """A number of things, such as ``2 letters``."""
    return f"{number} {thing}{'s' * (number != 1)}"
