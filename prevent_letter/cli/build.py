"""The verb ``build``."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from prevent_letter.assessment.report import Failure
from prevent_letter.building.build import LetterResult, build
from prevent_letter.building.letter_builder import BuildRequest
from prevent_letter.building.targets import Outcome
from prevent_letter.cli import terminal
from prevent_letter.core.display import show_path, wrap
from prevent_letter.core.findings import Finding
from prevent_letter.letter.formats import DEFAULT, ENDINGS, FORMATS


def _parse_formats(
    context: click.Context, parameter: click.Parameter, value: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the formats, each once, whether they are in one option or in several."""
    formats = [name.strip().lower() for option in value for name in option.split(",")]
    for name in formats:
        if not name:
            message = "a format is missing beside a comma"
            help = "write formats without spaces, such as docx,pdf"
            raise click.BadParameter(f"{message}; {help}", context, parameter)
        if name not in FORMATS:
            message = f"{name} is not one of {', '.join(FORMATS)}"
            raise click.BadParameter(message, context, parameter)
    return tuple(dict.fromkeys(formats))


@click.command("build")
@terminal.paths_argument
@terminal.output(
    help=f"A folder for the letters, or one letter's file (NAME{ENDINGS}), which names the format."
)
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    metavar=",".join(FORMATS),
    callback=_parse_formats,
    help=f"The formats of the letters; {DEFAULT.end} ({DEFAULT.name}) if it is not given.",
)
@terminal.flag(
    "--draft", "as_draft", help="Build drafts: DRAFT behind each page, and in the file's name."
)
@terminal.flag(
    "--publish",
    help="Build copies to publish, without names and contact details; PDF and HTML alone.",
)
@terminal.flag(
    "--comments", help="With --draft: put what check finds into the Word letter, as comments."
)
@click.option(
    "--changes-since",
    type=terminal.ExistingPath(),
    metavar="EARLIER.docx",
    help="Mark what changed since that letter as tracked changes; or a folder with such letters.",
)
@terminal.flag(
    "--check", help="Write nothing; report which letters are missing, out of date or edited."
)
@terminal.flag(
    "--force", help="Overwrite files that somebody has changed; make missing sent letters."
)
@terminal.flag("--quiet", help="Print only what is wrong.")
@terminal.watch_option
@click.pass_context
def command(context: click.Context, /, quiet: bool, **options: Any) -> None:
    """Check assessments and write their letters, as Word files or as PDF or HTML.

    Each PATH is an assessment, or a folder with assessments at any depth; without a PATH it is the
    current folder. A letter goes beside its assessment. If -o or the settings name another folder,
    letters go there, in the same subfolders. A letter that would be the same is not touched.

    A letter that somebody has changed since it was built, or a file that is not a letter of this
    tool, is kept, unless --force is given. A letter that was sent (sent: in the assessment) is a
    record, and is never overwritten. Warnings stop no letter; their number is said at the end.

    --changes-since writes NAME.changes.docx, in which what changed since an earlier Word letter of
    the same assessment, as built or as cleared, stands as tracked changes: accepting all gives the
    new letter, and rejecting all the earlier one.

    --publish builds copies of sent letters for the web (NAME.published.pdf) without the addressee's
    name, cc, your name and your contact details. Names in your text stay; those that build finds
    are listed.

    \b
    Examples:
      prevent-letter build
      prevent-letter build exampleshire_2027.yaml
      prevent-letter build --draft exampleshire_2027.yaml
      prevent-letter build --draft --comments exampleshire_2027.yaml
      prevent-letter build midlands -o letters
      prevent-letter build midlands -f docx,pdf,html
      prevent-letter build --changes-since cleared.docx exampleshire_2027.yaml
      prevent-letter build --publish -f pdf,html exampleshire_2027.yaml
      prevent-letter build exampleshire_2027.yaml -o "Letter to Exampleshire.docx"
      prevent-letter build --check
    """
    with _Progress(quiet=quiet) as progress:
        report = build(BuildRequest(**options), progress.watch)
    if not quiet:
        terminal.print_counts(report)
    code = report.code
    if progress.lost_output:
        code = max(code, terminal.end_unexpected(progress.lost_output))
    context.exit(code)


class _Progress(ExitStack):
    """Prints the result for each letter and, on a terminal, a progress bar."""

    def __init__(self, *, quiet: bool) -> None:
        super().__init__()
        self.quiet = quiet
        self.bar: Any = None
        self.printed = set[str]()
        self.remarked: list[Path] = []
        """The letter's files that have ``remark`` in common, which is not printed yet."""
        self.remark = ""
        self.callback(self.print_remark)
        self.lost_output: OSError | None = None
        """The error that lost output (disk full, pipe closed). The letters are built even so."""

    def watch(self, event: list[Finding] | int | Failure | LetterResult) -> None:
        """Print the findings, start the bar, or print the result for a letter."""
        if isinstance(event, list):
            terminal.print_findings(event, to_stderr=True)
        elif isinstance(event, int):
            if event > 1 and terminal.is_watched() and not self.quiet:
                bar: Any = click.progressbar(length=event, show_pos=True, file=sys.stderr)
                self.bar = self.enter_context(bar)
        elif isinstance(event, Failure):
            self.print(event.text, err=True)
        else:
            self.print(str(event))
            is_no_news = self.quiet and event.outcome is Outcome.SENT
            if event.remark and not is_no_news:
                stems = {path.with_suffix("") for path in (*self.remarked, event.target)}
                if event.remark != self.remark or len(stems) > 1:
                    self.print_remark()
                self.remark = event.remark
                self.remarked.append(event.target)
        if self.bar and isinstance(event, (Failure, LetterResult)):
            self.bar.update(1)

    def print_remark(self) -> None:
        """Print once what is to be said of the formats of a letter."""
        if self.remarked:
            first, *others = self.remarked
            files = ", ".join([show_path(first), *(path.suffix for path in others)])
            self.print(f"{files}: {self.remark}", err=True)
        self.remarked = []

    def print(self, text: str, *, err: bool = False) -> None:
        """Print a line only once: a wrong style file gives the same line for every letter."""
        if not text or text in self.printed:
            return
        self.printed.add(text)
        try:
            if self.bar:
                click.echo("\r\x1b[K", nl=False, err=True)
            width = terminal.line_width(sys.stderr) if err else 0
            terminal.echo("\n".join(wrap(text, width)), err=err)
        except OSError as error:
            self.lost_output = error
