"""The command line: arguments, printing, exit codes, and nothing else; a verb's work is done in ``tasks``."""

import errno
import gc
import os
import shutil
import sys
from collections.abc import Container, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import click

from prevent_letter import __version__
from prevent_letter.ground.findings import (
    Faults,
    Finding,
    Misuse,
    Stop,
    as_json,
    limited,
    nearest,
    printable,
    shown,
    wrapped,
)
from prevent_letter.letter.formats import FORMATS, ends

if TYPE_CHECKING:
    from prevent_letter.tasks.build import Letter
    from prevent_letter.tasks.check import Report as Checked
    from prevent_letter.tasks.report import Failure
    from prevent_letter.tasks.showing import Report as Shown

FAULT, USAGE, INTERRUPTED = 1, 2, 130
_ALL_FORMATS, _FIRST = ",".join(FORMATS), next(iter(FORMATS.values()))


class _Path(click.Path):
    """A file that is there; a folder too, where ``dir_okay`` allows it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if os.path.isdir(path) and not self.dir_okay:
            self.fail(f"{value} is a folder; give the assessment's file", param, ctx)
        if not os.path.exists(path):
            beside = (
                [each.name for each in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
            )
            guess = nearest(path.name, beside)
            self.fail(
                f"there is no file {value}{f'; did you mean {guess}?' if guess else ''}", param, ctx
            )
        return path


class _Verbs(click.Group):
    """The verbs; a file in place of one gets a word about it."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands and Path(args[0]).exists():
            raise click.UsageError(
                f"say what to do with it, such as: prevent-letter check {args[0]}", ctx
            )
        return super().resolve_command(ctx, args)


def _formats(
    context: click.Context, parameter: click.Parameter, value: tuple[str, ...]
) -> tuple[str, ...]:
    """The formats that are asked for, each once, whether in one option or in several."""
    asked = [name.strip().lower() for each in value for name in each.split(",")]
    if strange := [name for name in asked if name not in FORMATS]:
        message = f"{strange[0]} is none of {', '.join(FORMATS)}"
        if not strange[0]:
            message = (
                "a format is missing beside a comma; write them without spaces, such as docx,pdf"
            )
        raise click.BadParameter(message, context, parameter)
    return tuple(dict.fromkeys(asked))


def _version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"prevent-letter {__version__}")
        context.exit()


@click.group(
    cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_version,
    help="Show the version.",
)
def cli() -> None:
    """Turn an assessment in YAML into the Prevent assessment letter.

    \b
    Begin an assessment, check what you wrote, then build the letter:
      prevent-letter new "Exampleshire County Council"
      prevent-letter check exampleshire_2027.yaml
      prevent-letter build exampleshire_2027.yaml

    Each command has a help of its own: prevent-letter build --help
    """


@cli.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=_Path())
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help=f"A folder for the letters, or one letter's file (NAME{ends('or')}), which names the format.",
)
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    metavar=_ALL_FORMATS,
    callback=_formats,
    help=f"The formats of the letters; {_FIRST.end} ({_FIRST.name}) unless it is given.",
)
@click.option(
    "--draft",
    "as_draft",
    is_flag=True,
    help="Build drafts: DRAFT behind each page, and a name that says so.",
)
@click.option(
    "--publish",
    is_flag=True,
    help="Build copies to publish, without names and contact details; PDF and HTML alone.",
)
@click.option(
    "--comments",
    is_flag=True,
    help="With --draft: put what check finds into the Word letter, as comments.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing; report which letters are missing, out of date or edited.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Write over files that somebody has changed; make missing sent letters.",
)
@click.option("--quiet", is_flag=True, help="Print nothing but what is wrong.")
@click.pass_context
def build(context: click.Context, /, quiet: bool, **asked: Any) -> None:
    """Check assessments and write their letters, as Word files or as PDF or HTML.

    Each PATH is an assessment, or a folder with assessments at any depth; without a PATH it is the current folder.
    A letter goes beside its assessment, unless -o or the settings say otherwise; folders are mirrored there. A letter
    that would be the same isn't touched.

    A letter that somebody has changed since it was built, or a file that isn't a letter of this tool, is kept, unless
    --force is given. A letter that was sent (sent: in the assessment) is a record, and is never written over.

    --publish builds copies for the web (NAME.published.pdf): the addressee's and your name, cc and your contact details
    are left out. Names in what you wrote stay; those that show are listed.

    \b
    Examples:
      prevent-letter build
      prevent-letter build exampleshire_2027.yaml
      prevent-letter build --draft exampleshire_2027.yaml
      prevent-letter build --draft --comments exampleshire_2027.yaml
      prevent-letter build midlands -o letters
      prevent-letter build midlands -f docx,pdf,html
      prevent-letter build --publish -f pdf,html exampleshire_2027.yaml
      prevent-letter build exampleshire_2027.yaml -o "Letter to Exampleshire.docx"
      prevent-letter build --check
    """
    from prevent_letter.tasks import build as task

    with _Terminal(quiet=quiet) as terminal:
        report = task.build(task.Request(**asked), terminal.watch)
    if not quiet:
        click.echo(str(report), err=True)
    context.exit(max(report.code, _ended(terminal.lost) if terminal.lost else 0))


_style_option = click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github"]),
    help="Print text (the default), JSON, or annotations for GitHub Actions (the default there).",
)


@cli.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=_Path())
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
@click.option(
    "--fix", is_flag=True, help="Mend what is beyond doubt first, and say what was mended."
)
@click.option(
    "--diff", is_flag=True, help="Print what --fix would change, as a unified diff; write nothing."
)
@_style_option
@click.pass_context
def check(
    context: click.Context,
    /,
    paths: tuple[Path, ...],
    strict: bool,
    fix: bool,
    diff: bool,
    style: str | None,
) -> None:
    """Check assessments and report what is wrong, where, and how to correct it.

    Each PATH is an assessment, or a folder with assessments at any depth; without a PATH it is the current folder.
    Criteria sets and settings (prevent-letter.yaml) are checked too. Writes nothing. Ends with 1 if there is an error;
    with --strict also if there is a warning. The explain command tells what a code means.

    --fix mends what is beyond doubt: a date in another order, a bullet from Word, a missing space or |, "None" where
    leaving out says so, characters that nobody sees, mixed quotation marks. Where the letter was sent it mends nothing.

    \b
    Examples:
      prevent-letter check
      prevent-letter check exampleshire_2027.yaml
      prevent-letter check --strict midlands north
    """
    from prevent_letter.tasks import check as task

    report = task.check(paths, strict=strict, fix=fix and not diff, diff=diff)
    _tell(report.failures)
    for mended in report.mended:
        if diff:
            click.echo(mended.diff().encode(), nl=False)
        else:
            click.echo("\n".join(map(printable, mended.done)), err=True)
    if not diff:
        _print(report.findings, style, mendable=report.mendable)
    click.echo(str(report), err=True)
    context.exit(report.code)


@cli.command("import")
@click.argument("letters", metavar="LETTER.docx...", nargs=-1, required=True, type=_Path())
@click.option(
    "--into",
    type=_Path(dir_okay=False),
    metavar="FILE.yaml",
    help="The letter's assessment; else it is looked for.",
)
@click.option("--apply", is_flag=True, help="Write what is certain into the assessment.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.yaml",
    help="The letter is one from before this tool: write what it says into this new assessment.",
)
@click.option(
    "--criteria",
    metavar="NAME_OR_PATH",
    help="With -o: the criteria set that it was scored against.",
)
@click.option(
    "--period", metavar="YEAR/YEAR", help="With -o: the period, where the letter doesn't say it."
)
@click.option("--sent", is_flag=True, help="Also into an assessment whose letter was sent.")
@_style_option
@click.pass_context
def read_back(
    context: click.Context,
    /,
    letters: tuple[Path, ...],
    style: str | None,
    output: Path | None,
    criteria: str | None,
    period: str | None,
    **asked: Any,
) -> None:
    """Read a letter that was cleared in Word, and show what it says otherwise than its assessment.

    Each LETTER is a Word letter that this tool built and somebody worked on, or a folder with such letters. Tracked
    changes count as accepted. Each value that was changed is shown, with what stood there before; with --apply it is
    written into the assessment, and every other line of that file stays as it is. What isn't certain is shown, and
    left. The letter itself is never changed.

    With -o the letter is one that somebody typed before there was this tool: what can be told from its words is written
    into a new assessment, and what is unsure is shown.

    \b
    Examples:
      prevent-letter import exampleshire_2027.docx
      prevent-letter import --apply exampleshire_2027.docx
      prevent-letter import --format json exampleshire_2027.docx
      prevent-letter import exampleshire_2027.docx -o exampleshire_2026.yaml
    """
    from prevent_letter.tasks import read_back as task

    if output:
        from prevent_letter.tasks.old_letter import from_old_letter

        if len(letters) != 1 or letters[0].is_dir() or any(asked.values()):
            raise Misuse(
                f"-o {output} is for one letter from before this tool, without --into, --apply or --sent."
            )
        report = from_old_letter(letters[0], output, criteria=criteria, period=period)
    elif criteria or period:
        raise Misuse("--criteria and --period go with -o, for a letter from before this tool.")
    else:
        report = task.read_back(task.Request(letters, **asked))
    _tell(report.failures)
    _print(report.findings, style)
    for remark in report.remarks:
        click.echo(printable(remark), err=True)
    for path in report.written:
        click.echo(f"{shown(path)}: written", err=True)
    click.echo(str(report), err=True)
    context.exit(report.code)


@cli.command()
@click.argument("path", metavar="[PATH]", default=".", type=_Path())
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8484,
    show_default=True,
    help="The port; another if it is busy.",
)
@click.option(
    "--open/--no-open",
    "opened",
    default=True,
    help="Open the page in the browser (the default), or don't.",
)
def preview(path: Path, port: int, opened: bool) -> None:
    """Show the letter in the browser while you write, with what check finds beside it.

    PATH is an assessment, or a folder with assessments, of which a list is shown; without a PATH it is the current
    folder. The page is new as soon as you save. What check finds is printed as well. No other computer and no
    other site can open the page, and no letter is written. Ctrl-C ends it.

    \b
    Examples:
      prevent-letter preview exampleshire_2027.yaml
      prevent-letter preview --no-open midlands
    """
    from prevent_letter.tasks import preview as task

    gc.set_threshold(700)  # this run isn't short
    made = task.Preview(path, port)
    click.echo(made.server.address)
    Thread(target=made.server.serve_forever, daemon=True).start()
    if opened:
        Thread(target=task.show, args=[made.server.address], daemon=True).start()
    made.watch(_tell_checked)


def _tell_checked(path: Path, report: "Checked") -> None:
    """Print what was found, between two lines by which an editor's task knows where it begins and ends."""
    with suppress(OSError):  # nobody reads it any more
        click.echo(f"checking {shown(path)}")
        _tell(report.failures)
        _print(report.findings, "text", mendable=report.mendable)
        click.echo(str(report))


@cli.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=_Path())
@click.option(
    "--period", metavar="YEAR/YEAR", help="The period; else the newest in which anything is scored."
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "csv", "json", "html", "xlsx"]),
    help="A table (the default), each score for Excel, counts for programs, a web page, or a workbook.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it into a file."
)
@click.option(
    "--marking",
    metavar="TEXT",
    help="A marking on each page, such as OFFICIAL-SENSITIVE; html and xlsx need it.",
)
@click.option(
    "--sample",
    type=click.IntRange(min=1),
    metavar="N",
    help="Write N letters, names taken out, into the new folder that -o names, for a blind reading.",
)
@click.option("--force", is_flag=True, help="Write over a file with other content.")
@click.pass_context
def scores(context: click.Context, /, **asked: Any) -> None:
    """Show what the assessments of one period say together, for the meeting that moderates the scores.

    Each PATH is an assessment, or a folder with assessments at any depth; without a PATH it is the current folder. Last
    year's assessments are looked for in the same places. Drafts count too, with the scores that they have. For each
    benchmark: how many authorities stand at each level, and how many went up or down; then what to read again.

    \b
    Examples:
      prevent-letter scores
      prevent-letter scores --period 2026/2027 --format csv -o scores.csv
      prevent-letter scores --marking OFFICIAL-SENSITIVE -o results.html
      prevent-letter scores --marking OFFICIAL-SENSITIVE -o results.xlsx
      prevent-letter scores --marking OFFICIAL-SENSITIVE --sample 6 -o reading
    """
    from prevent_letter.tasks import scores as task

    _show(context, task.scores(task.Request(**asked)))


@cli.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=_Path())
@click.option(
    "--format", "style", type=click.Choice(["table", "csv", "json"]), help="A table is the default."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it into a file."
)
@click.option(
    "--council",
    is_flag=True,
    help="Of one assessment: a web page for the council, without the notes.",
)
@click.option("--force", is_flag=True, help="Write over a file with other content.")
@click.pass_context
def progress(context: click.Context, /, **asked: Any) -> None:
    """Show what became of the recommendations since the letters were sent.

    Of one assessment: each recommendation with its handle, by which progress: in the assessment speaks of it, its
    status, the date, and the words. Of a folder, or without a PATH of the current one: the statuses by benchmark, of
    each authority's newest letter that was sent; then where the duty isn't met and nothing was heard since the letter.

    \b
    Examples:
      prevent-letter progress exampleshire_2027.yaml
      prevent-letter progress exampleshire_2027.yaml --council -o exampleshire.html
      prevent-letter progress
      prevent-letter progress --format csv -o progress.csv
    """
    from prevent_letter.tasks import progress as task

    _show(context, task.progress(task.Request(**asked)))


def _tell(failures: "Iterable[Failure]") -> None:
    """Print what came in the way of files, each once."""
    for failure in dict.fromkeys(failures):
        click.echo("\n".join(filter(None, (failure.text, failure.trace))), err=True)


def _show(context: click.Context, report: "Shown") -> None:
    """Print what a task shows, what it wrote and what is to be said of it, and end with its code."""
    _tell(report.failures)
    click.echo(report.data, nl=False)
    for remark in report.remarks:
        click.echo("\n".join(wrapped(printable(remark), _width(sys.stderr))), err=True)
    for path in report.written:
        click.echo(shown(path))
    click.echo(str(report), err=True)
    context.exit(report.code)


_criteria_option = click.option(
    "--criteria",
    metavar="NAME_OR_PATH",
    help="The criteria set: a bundled one's name, or a .yaml file. Else that of the settings, else annex_a.",
)


@cli.command()
@click.argument("words", metavar="[AUTHORITY]", nargs=-1)
@click.option(
    "--from",
    "last",
    type=_Path(),
    metavar="LAST_YEAR.yaml",
    help="Carry over from this one; from a folder, make the next one of each authority in it.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="With --from a folder: where the new assessments go; else each beside last year's.",
)
@click.option(
    "--period",
    metavar="YEAR/YEAR",
    help="The period, such as 2026/2027. Else the one that is assessed now.",
)
@click.option(
    "--language",
    metavar="CODE",
    help="The letter's language where it isn't English, such as cy for Welsh.",
)
@_criteria_option
@click.pass_context
def new(
    context: click.Context,
    /,
    words: tuple[str, ...],
    last: Path | None,
    output: Path | None,
    **wish: str | None,
) -> None:
    """Write an assessment to fill in, into the current folder.

    Each field has a comment, each benchmark its statement and levels. Beside it goes the schema, by which an editor
    with support for YAML completes and checks what you write. An assessment that is there is never written over.

    With --from alone, it is the same authority's next one: the addressee, the advisor and the like are carried over,
    and last year's scores and recommendations become comments, with what became of each. With another AUTHORITY, only
    the advisor is carried over, with the criteria and the marking. With --from and a folder, it is the next one of each
    authority there, in each language; what is there already is passed over.

    \b
    Examples:
      prevent-letter new "Exampleshire County Council"
      prevent-letter new --from exampleshire_2027.yaml
      prevent-letter new --from midlands -o next_year
      prevent-letter new "Rutshire Borough Council" --from exampleshire_2027.yaml
      prevent-letter new "Exampleshire County Council" --language cy
    """
    from prevent_letter.tasks import new as task
    from prevent_letter.tasks.next_year import next_year

    authority, wished = (
        " ".join(" ".join(words).split()),
        task.Wish(**wish),
    )  # in quotation marks or not
    folder = last if last and last.is_dir() else None
    if folder and authority:
        raise Misuse("with --from and a folder, each authority keeps its name; leave AUTHORITY out")
    if output and not folder:
        raise Misuse(
            "-o goes with --from and a folder, such as: prevent-letter new --from midlands -o next_year"
        )
    _show(
        context, next_year(folder, output, wished) if folder else task.new(authority, last, wished)
    )


@cli.command("schema")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it into a file, in UTF-8.",
)
@_criteria_option
def show_schema(output: Path | None, criteria: str | None) -> None:
    """Print the JSON Schema of an assessment, for editors, or write it into a file.

    \b
    Examples:
      prevent-letter schema -o assessment.schema.json
      prevent-letter schema --criteria criteria/next_year.yaml
    """
    from prevent_letter.tasks.criteria import choose
    from prevent_letter.tasks.new import schema_text, write_schema

    if output:
        write_schema(output, choose(criteria)[0])
        click.echo(shown(output))
    else:
        click.echo(
            schema_text(choose(criteria)[0]).encode(), nl=False
        )  # as bytes: UTF-8 whatever the console


@cli.command("criteria")
@click.argument("benchmark", required=False)
@click.argument("score", required=False)
@_criteria_option
def show_criteria(benchmark: str | None, score: str | None, criteria: str | None) -> None:
    """Show the criteria: all, one BENCHMARK by its id, or what one SCORE asks for.

    \b
    Examples:
      prevent-letter criteria
      prevent-letter criteria training
      prevent-letter criteria training 4
    """
    from prevent_letter.tasks.criteria import choose, page

    width = min(shutil.get_terminal_size().columns, 100)
    click.echo(page(choose(criteria)[0], width, benchmark, score))


@cli.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Tell what a code means, a rule's with a bad and a good example; without a CODE, list all codes.

    \b
    Examples:
      prevent-letter explain
      prevent-letter explain PL203
    """
    from prevent_letter.rules.explain import explanation, listed

    click.echo(
        explanation(code, min(shutil.get_terminal_size().columns, 100)) if code else listed()
    )


class _Terminal(ExitStack):
    """Shows a person what happens while letters are built, on a terminal with a progress bar that makes way for it."""

    def __init__(self, *, quiet: bool) -> None:
        super().__init__()
        self.quiet = quiet
        self.bar: Any = None
        self.shown = set[str]()
        self.lost: OSError | None = None
        """Why output was lost: a full disk, a reader that is gone. The letters are built all the same."""

    def watch(self, event: "list[Finding] | int | Failure | Letter") -> None:
        """Show the findings, begin the bar, or show what became of a letter."""
        if isinstance(event, list):
            _print(event, to_stderr=True)
        elif isinstance(event, int):
            if event > 1 and not self.quiet and sys.stderr.isatty() and not os.environ.get("CI"):
                self.bar = self.enter_context(
                    click.progressbar(length=event, show_pos=True, file=sys.stderr)
                )
        else:
            if isinstance(event, tuple):
                self.show("\n".join(filter(None, (event.text, event.trace))), err=True)
            else:
                self.show(str(event))
                if event.remark and not (self.quiet and event.outcome.value == "sent"):
                    self.show(f"{shown(event.target)}: {event.remark}", err=True)
            if self.bar:
                self.bar.update(1)

    def show(self, text: str, *, err: bool = False) -> None:
        """Print a line, once: a fault of the look, say, is that of every letter."""
        if text and text not in self.shown:
            self.shown.add(text)
            try:
                if self.bar:
                    click.echo("\r\x1b[K", nl=False, err=True)
                click.echo(text, err=err)
            except OSError as error:
                self.lost = error


def _print(
    findings: Iterable[Finding],
    style: str | None = None,
    *,
    to_stderr: bool = False,
    mendable: Container[Finding] = (),
) -> None:
    style = style or ("github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text")
    if style == "json":
        click.echo(as_json([finding.plain() for finding in findings]), nl=False)
        return
    width, said = _width(sys.stderr if to_stderr else sys.stdout), False
    for finding in findings:
        click.echo(
            finding.text(_paint, width) if style == "text" else finding.annotation(), err=to_stderr
        )
        if style == "text" and finding in mendable:
            click.echo("   --fix mends this", err=to_stderr)
        if (
            style == "text"
            and finding.severity == "warning"
            and finding.at is not None
            and not said
        ):
            at = f", at: {finding.at}" if finding.at else ""
            accept = f"   or accept it: - {{rule: {finding.code}{at}, reason: why it may stay}} under accepted:"
            click.echo("\n".join(wrapped(printable(accept), width)), err=to_stderr)
            said = True


def _width(stream: Any) -> int:
    """The columns that text is wrapped to: those of a terminal, or COLUMNS; 0 elsewhere, where programs read lines."""
    return shutil.get_terminal_size().columns if stream.isatty() or os.environ.get("COLUMNS") else 0


def _paint(words: str, kind: str) -> str:
    """Words in colour; click takes the colours out where they don't go to a terminal."""
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        return words
    return click.style(
        words,
        fg={"error": "red", "warning": "yellow", "note": "blue", "caret": "green"}.get(kind),
        bold=True,
    )


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with its exit code; a traceback is seen only where it is asked for."""
    gc.set_threshold(
        100_000
    )  # a run is short: collecting garbage in it, or at its end, only costs time
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code = _run(arguments)
    gc.freeze()
    sys.exit(code)


def _run(arguments: list[str] | None) -> int:
    try:
        code: Any = cli.main(arguments, prog_name="prevent-letter", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.Abort:
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return USAGE
    except (click.ClickException, Misuse) as error:
        wrong = error if isinstance(error, click.ClickException) else click.UsageError(str(error))
        if not wrong.format_message().isprintable() or "##[" in wrong.format_message():
            wrong = click.UsageError(printable(wrong.format_message()))
        wrong.show()
        return wrong.exit_code
    except Faults as faults:
        _print(limited(faults.findings), to_stderr=True)
        return FAULT
    except Stop as stop:
        click.echo(printable(str(stop)), err=True)
        return FAULT
    except Exception as error:
        return _ended(error)


def _ended(error: Exception) -> int:
    """The exit code for what nobody foresaw, said in a line, or for output that nobody takes."""
    from prevent_letter.tasks.report import unforeseen

    failure = unforeseen(error)
    if isinstance(error, OSError) and error.errno in (errno.EPIPE, errno.EINVAL, errno.ENOSPC):
        # Whoever read the output is gone, or its disk is full; Python's own flush at exit would complain about it.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno != errno.ENOSPC:
            return FAULT
    with suppress(OSError):
        click.echo("\n".join(filter(None, (failure.text, failure.trace))), err=True)
    return failure.code
