"""What the tasks share that show something of many assessments: on standard output, or in a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from prevent_letter.assessment.drafts import Desk, Draft
from prevent_letter.ground.findings import Finding, Misuse, shown
from prevent_letter.tasks import paths, report, writing
from prevent_letter.tasks.paths import Found
from prevent_letter.tasks.report import FAULT, Failure, count


@dataclass
class Report(report.Report):
    """What came of it: ``data`` for standard output (text for a console), where no file was asked for."""

    files: int = 0
    data: bytes | str = b""
    written: list[Path] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = [count(self.files - len(self.failures), "assessment") + " read"]
        return self.summary(
            *counts, *([f"{len(self.failures)} that can't be"] if self.failures else [])
        )

    def find(self, asked: Sequence[Path]) -> Found:
        """The files that paths mean, an assessment among them; no paths mean the current folder.

        Raises:
            Misuse: there is none.
        """
        found = paths.find(asked or [Path()])
        if not found.assessments:
            where = ", ".join(map(shown, asked)) or "the current folder"
            raise Misuse(f"there is no assessment in {where}.")
        self.files, self.passed_over = len(found.assessments), found.passed_over
        self.remarks += map(overlooked, found.findings)
        return found

    def drafts(self, asked: Sequence[Path], desk: Desk) -> Iterator[Draft]:
        """The drafts of the assessments that paths mean.

        Raises:
            Misuse: there is none.
        """
        return self.open(self.find(asked).assessments, desk)

    def doesnt_count(self, draft: Draft) -> None:
        """Name a file of which nothing can count, with its first fault."""
        why = next(
            (each.message for each in draft.findings if each.severity == "error"),
            "it can't be read",
        )
        help = f"see: prevent-letter check {shown(draft.path)}"
        self.failures.append(
            Failure(f"{shown(draft.path)}: this doesn't count: {why}; {help}", FAULT)
        )

    def deliver(self, data: bytes | str, output: Path | None, *, force: bool) -> None:
        """Show data, or put it into a file.

        Raises:
            Misuse: the file is a folder, or no file can have this name.
            Stop: something else stands there, or it can't be written.
        """
        if output is None:
            self.data = data
            return
        if output.is_dir():
            raise Misuse(f"-o {shown(output)} is a folder; name a file")
        if writing.put(output, data.encode() if isinstance(data, str) else data, force=force):
            self.written.append(output)
        else:
            self.remarks.append(f"{shown(output)}: unchanged")


def overlooked(finding: Finding) -> str:
    """What isn't looked at, though somebody may think it is, as a sentence."""
    return f"{shown(finding.place.path)}: {finding.message}; {finding.help}"


_ENDS = frozenset("csv json html xlsx pdf docx".split())
"""What a file's name may end in and say by it what the file is."""


def style_of(style: str | None, output: Path | None, styles: Sequence[str]) -> str:
    """The format: as it is asked for, or as the file's name says, or the first one.

    Raises:
        Misuse: the two contradict each other, or the name says what isn't made.
    """
    end = output.suffix.lower().removeprefix(".") if output else ""
    if output and end in _ENDS and end not in styles:
        raise Misuse(f"-o {shown(output)}: its name says {end}, and this makes {', '.join(styles)}")
    named = end if end in styles else None
    if output and style and named and style != named:
        raise Misuse(f"-o {shown(output)}: its name says {named}, and --format says {style}")
    return style or named or styles[0]
