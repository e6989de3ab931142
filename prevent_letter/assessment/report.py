"""The parts that all commands' reports share: exit codes, counts, and the files that failed."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

from prevent_letter.assessment import files
from prevent_letter.assessment.drafts import Draft, DraftLoader
from prevent_letter.assessment.files import InputFiles
from prevent_letter.core import atomic
from prevent_letter.core.display import count, printable, show_path
from prevent_letter.core.exit_codes import FAULT, UNEXPECTED
from prevent_letter.core.findings import Finding, Severity, UsageError, UserError

Item = TypeVar("Item")
Result = TypeVar("Result")


class Failure(NamedTuple):
    """Why a file was not processed: a sentence (and a traceback if requested), and an exit code."""

    text: str
    code: int


def unexpected(error: Exception, path: Path | None = None) -> Failure:
    """Return the failure for an exception; PREVENT_LETTER_TRACEBACK=1 adds its traceback."""
    where = f"{show_path(path)}: " if path else ""
    if isinstance(error, MemoryError):
        return Failure(f"{where}there is not enough memory for this", FAULT)
    if isinstance(error, OSError):
        file = f": {error.filename}" if error.filename else ""
        cause = printable(f"{error.strerror or error}{file}")
        if error.errno == errno.ENOSPC:
            cause = "the output can't be written: the disk is full"
        try:
            os.getcwd()
        except OSError:
            cause = "the current folder no longer exists; go to another one"
        return Failure(f"{where}{cause}", FAULT)
    name, words = type(error).__name__, " ".join(str(error).split())
    text = printable(f"{where}something unexpected happened: {name}: {words}")
    if os.environ.get("PREVENT_LETTER_TRACEBACK") == "1":
        import traceback  # slow to load, and rarely asked for

        text += "\n" + "".join(traceback.format_exception(error)).rstrip()
    return Failure(text, UNEXPECTED)


def attempt(work: Callable[[Item], Result], item: Item, path: Path) -> Result | Failure:
    """Return ``work(item)``, or a failure of the file at ``path`` if it raises an exception."""
    try:
        return work(item)
    except UserError as error:
        return Failure(printable(str(error)), FAULT)
    except Exception as error:
        return unexpected(error, path)


@dataclass
class Report:
    """The findings of a command, and the files that failed."""

    findings: list[Finding] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    passed_over: int = 0
    """The number of YAML files that are neither assessments, criteria sets nor settings."""

    def tally(self, severity: Severity) -> int:
        """Return the number of findings of a severity."""
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def code(self) -> int:
        """The exit code."""
        codes = [failure.code for failure in self.failures]
        return max([*codes, FAULT if self.tally("error") else 0])

    def load_drafts(
        self, paths: Iterable[Path], load: Callable[[Path], Draft] | None = None
    ) -> Iterator[Draft]:
        """Yield the drafts of assessments; record a failure for each that can't be loaded."""
        load = load or DraftLoader().load
        for path in paths:
            draft = attempt(load, path, path)
            if isinstance(draft, Failure):
                self.failures.append(draft)
            else:
                yield draft

    def summary(self, *counts: str) -> str:
        """Return counts, and how many files were passed over, as one line."""
        line = ", ".join(counts)
        if self.passed_over:
            line += f"; {count(self.passed_over, 'other YAML file')} passed over"
        return line


@dataclass
class OutputReport(Report):
    """The report of a command that shows or writes something about many assessments."""

    files: int = 0
    data: bytes | str = b""
    """What standard output gets if no file was requested: text for a console, otherwise bytes."""
    written: list[Path] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = [count(self.files - len(self.failures), "assessment") + " read"]
        if self.failures:
            counts.append(f"{len(self.failures)} unreadable")
        return self.summary(*counts)

    def find(self, paths: Sequence[Path]) -> InputFiles:
        """Return the files that paths refer to, by default those in the current folder.

        Raises:
            UsageError: there is no assessment among them.
        """
        inputs = files.find(paths or [Path()])
        if not inputs.assessments:
            where = ", ".join(map(show_path, paths)) or "the current folder"
            raise UsageError(f"there is no assessment in {where}.")
        self.files, self.passed_over = len(inputs.assessments), inputs.passed_over
        self.remarks += map(unread_remark, inputs.findings)
        return inputs

    def leave_out(self, draft: Draft) -> None:
        """Add a failure for a draft that can't be counted; its reason is the first error found."""
        errors = [finding.message for finding in draft.findings if finding.severity == "error"]
        why = errors[0] if errors else "it can't be read"
        help = f"see: prevent-letter check {show_path(draft.path)}"
        text = f"{show_path(draft.path)}: this file is not counted: {why}; {help}"
        self.failures.append(Failure(text, FAULT))

    def deliver(self, data: bytes | str, output: Path | None, *, force: bool) -> None:
        """Write data to the output file, or keep it for standard output if there is none.

        Raises:
            UsageError: the file is a folder, or no file can have this name.
            UserError: the file has other content and ``force`` is False, or it can't be written.
        """
        if output is None:
            self.data = data
            return
        if output.is_dir():
            raise UsageError(f"-o {show_path(output)} is a folder; name a file")
        if atomic.put(output, data.encode() if isinstance(data, str) else data, force=force):
            self.written.append(output)
        else:
            self.remarks.append(f"{show_path(output)}: unchanged")


def unread_remark(finding: Finding) -> str:
    """Return a sentence about a file that is not read (PL014)."""
    return f"{show_path(finding.place.path)}: {finding.message}; {finding.help}"


_STYLES = frozenset("csv json html xlsx pdf docx".split())
"""The file name endings that identify a format."""


def choose_style(style: str | None, output: Path | None, styles: Sequence[str]) -> str:
    """Return the output format: the one requested, else the file name's, else ``styles[0]``.

    Raises:
        UsageError: the name contradicts ``style``, or has the ending of another format.
    """
    if not output:
        return style or styles[0]
    end = output.suffix.lower().removeprefix(".")
    if end in _STYLES and end not in styles:
        endings = [f".{style}" for style in styles if style in _STYLES]
        message = f"this can't be a .{end} file; name one that ends in {', '.join(endings)}"
        raise UsageError(f"-o {show_path(output)}: {message}")
    if end in styles and style and end != style:
        raise UsageError(f"-o {show_path(output)}: its name says {end}, and --format says {style}")
    return style or (end if end in styles else styles[0])
