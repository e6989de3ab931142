"""The output that all verbs share: findings and reports, colour, width and exit codes."""

import errno
import os
import re
import sys
import time
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prevent_letter.core.display import (
    as_json,
    nearest,
    printable,
    show_path,
    without_commands,
    wrap,
)
from prevent_letter.core.exit_codes import FAULT, INTERRUPTED, USAGE
from prevent_letter.core.findings import (
    FileErrors,
    Finding,
    Group,
    UsageError,
    UserError,
    for_report,
)

if TYPE_CHECKING:
    from prevent_letter.assessment.report import Failure, OutputReport

WIDEST = 100
"""The most columns that a page of text has."""
_COLOURS = {"error": "red", "warning": "yellow", "note": "blue", "old": "red", "new": "green"}


class ExistingPath(click.Path):
    """The type of a path that must exist: a file's or, if ``dir_okay`` is set, a folder's."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or fail with a message if it is missing or a folder is not allowed."""
        path = Path(value)
        if os.path.isdir(path) and not self.dir_okay:
            self.fail(f"{value} is a folder; give the assessment's file", param, ctx)
        if not os.path.exists(path):
            beside = path.parent.glob("*.y*ml") if path.parent.is_dir() else ()
            guess = nearest(path.name, [other.name for other in beside])
            help = f"; did you mean {guess}?" if guess else ""
            self.fail(f"there is no file {value}{help}", param, ctx)
        return path


flag = partial(click.option, is_flag=True)


def _not_a_pipe(context: click.Context, param: click.Parameter, path: Path | None) -> Path | None:
    if path == Path("-"):
        raise click.BadParameter("nothing is written to standard output; name a file")
    return path


output = partial(
    click.option, "-o", "--output", type=click.Path(path_type=Path), callback=_not_a_pipe
)


def _use_preview(context: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        message = "to see the letter while it is written, use: prevent-letter preview FILE.yaml"
        raise click.UsageError(message)


watch_option = flag("--watch", hidden=True, expose_value=False, callback=_use_preview)
paths_argument = click.argument("paths", metavar="[PATH]...", nargs=-1, type=ExistingPath())
criteria_option = click.option(
    "--criteria",
    metavar="NAME_OR_PATH",
    help="The criteria set: a bundled set's name, or a .yaml file. Else that of the settings,"
    " else annex_a.",
)
style_option = click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github"]),
    help="Print text (the default), JSON, or annotations for GitHub Actions (the default there).",
)


def page_width() -> int:
    """Return the number of columns of a page of text."""
    return min(_columns(), WIDEST)


def line_width(stream: Any) -> int:
    """Return the width for wrapping lines: the terminal's, or COLUMNS; 0 if there is neither."""
    is_wrapped = (stream and stream.isatty()) or os.environ.get("COLUMNS")
    return _columns() if is_wrapped else 0


def _columns() -> int:
    import shutil  # --version does not need it

    return shutil.get_terminal_size().columns


def paint(words: str, kind: str) -> str:
    """Return words in the colour of their kind; ``echo`` removes it where it can't be shown."""
    return click.style(words, fg=_COLOURS.get(kind), bold=True)


def _is_colour_wanted() -> bool | None:
    """Return what the environment says of colour, by https://no-color.org and force-color.org.

    None: nothing, so that click decides by whether the output is a terminal.
    """
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def print_findings(
    findings: Iterable[Finding],
    style: str | None = None,
    *,
    to_stderr: bool = False,
    fixable: Container[Finding] = (),
) -> None:
    """Print findings as text, JSON or annotations, with how to fix or accept them."""
    if not style:
        style = "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
    if style == "json":
        click.echo(as_json([finding.as_dict() for finding in findings]), nl=False)
        return
    width = line_width(sys.stderr if to_stderr else sys.stdout)
    is_acceptance_shown = False
    for finding in findings:
        if style == "github":
            click.echo(finding.as_annotation(), err=to_stderr)
            continue
        text = finding.render(paint, width)
        if Group.of(finding.code) is Group.WORD_LETTER:
            text = re.sub(r'(?s)(?<=was )".*?"(?=,\s+is ")', lambda old: paint(old[0], "old"), text)
            text = re.sub(r'(?s)(?<=is )".*"(?=\s+now\b)', lambda new: paint(new[0], "new"), text)
        echo(text, err=to_stderr)
        if finding in fixable:
            click.echo("   --fix fixes this", err=to_stderr)
        is_acceptable = finding.severity == "warning" and finding.key_path is not None
        is_acceptable = is_acceptable and Group.of(finding.code) is not Group.WORD_LETTER
        if is_acceptable and not is_acceptance_shown:
            where = f", at: {finding.key_path}" if finding.key_path else ""
            item = f"- {{rule: {finding.code}{where}, reason: why it may stay}}"
            accept = printable(f"   or accept it: {item} under accepted:")
            click.echo("\n".join(wrap(accept, width)), err=to_stderr)
            is_acceptance_shown = True


def echo(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print text for people, whose lines no log takes for commands."""
    click.echo(without_commands(text), err=err, nl=nl, color=_is_colour_wanted())


def print_remark(remark: str) -> None:
    """Print a remark on standard error, in lines of the terminal's width."""
    echo("\n".join(wrap(printable(remark), line_width(sys.stderr))), err=True)


def print_counts(report: object) -> None:
    """Print a report's last lines: counts of what is wrong in the colour of their kind."""
    text = str(report)
    for what, kind in (("error|failed|unreadable", "error"), ("warning", "warning")):
        found = re.split(rf"(\b[1-9]\d* (?:{what})s?)", text)
        text = "".join(paint(each, kind) if n % 2 else each for n, each in enumerate(found))
    echo(text, err=True)


def is_watched() -> bool:
    """Return True if a person sees standard error, as on a terminal, and it is no CI's log."""
    return sys.stderr.isatty() and not os.environ.get("CI")


def with_bar(paths: Collection[Path]) -> Iterator[Path]:
    """Yield the paths, with a progress bar on a terminal once they have taken a second."""
    begun, bar = time.monotonic(), None
    with ExitStack() as stack:
        for number, path in enumerate(paths):
            if not bar and is_watched() and time.monotonic() - begun > 1:
                bar = click.progressbar(length=len(paths), show_pos=True, file=sys.stderr)
                stack.enter_context(bar)
                bar.update(number)
            yield path
            if bar:
                bar.update(1)


def print_diff(diff: str) -> None:
    """Print a unified diff; lines of the file can't move the cursor, nor be taken for commands."""
    wanted = _is_colour_wanted()
    in_colour = sys.stdout.isatty() if wanted is None else wanted
    for line in diff.removesuffix("\n").split("\n"):
        shown = printable(line.removesuffix("\r"), keep="\t\u00a0\u00ad")
        shown = re.sub(r"^([-+ ]\s*)::", r"\1:\\x3a", shown)
        if in_colour:
            kinds = {"+": "new", "-": "old"}
            echo(paint(shown, kinds[shown[0]]) if shown[:1] in kinds else shown)
            continue
        end = "\r\n" if line.endswith("\r") else "\n"
        click.echo(f"{shown}{end}".encode(), nl=False)  # in bytes, so that it can be applied


def print_failures(failures: "Iterable[Failure]") -> None:
    """Print the failures of files, each once."""
    for failure in dict.fromkeys(failures):
        echo(failure.text, err=True)


def print_backups(paths: Sequence[Path]) -> None:
    """Say once where the former content of changed files is kept."""
    if paths:
        name = f"{show_path(paths[0])}.before"
        if len(paths) > 1:
            name = "NAME.yaml.before, beside each file"
        click.echo(f"what was there before is kept in {name}", err=True)


def print_output(context: click.Context, report: "OutputReport") -> None:
    """Print a report's failures, data, remarks and written files, and exit with its code."""
    print_failures(report.failures)
    if isinstance(report.data, str):
        echo(report.data, nl=False)
    else:
        click.echo(report.data, nl=False)
    for remark in report.remarks:
        print_remark(remark)
    for path in report.written:
        echo(show_path(path))
    print_counts(report)
    context.exit(report.code)


def run(command: Callable[[], Any]) -> int:
    """Run a command and return its exit code. Print a traceback only if the user asked for one."""
    try:
        code = command()
        return code if isinstance(code, int) else 0
    except click.Abort:
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return USAGE
    except (click.ClickException, UsageError) as error:
        shown = error if isinstance(error, click.ClickException) else click.UsageError(str(error))
        if not shown.format_message().isprintable() or "##[" in shown.format_message():
            shown = click.UsageError(printable(shown.format_message()))
        shown.show()
        return USAGE if isinstance(shown, click.UsageError) else FAULT
    except FileErrors as errors:
        print_findings(for_report(errors.findings), to_stderr=True)
        return FAULT
    except UserError as error:
        click.echo(printable(str(error)), err=True)
        return FAULT
    except Exception as error:
        return end_unexpected(error)


def end_unexpected(error: Exception) -> int:
    """Print an unexpected error, unless nobody reads the output, and return the exit code."""
    from prevent_letter.assessment.report import unexpected

    failure = unexpected(error)
    output_errors = (errno.EPIPE, errno.EINVAL, errno.ENOSPC)
    if isinstance(error, OSError) and error.errno in output_errors:
        # The reader of the output is gone, or its disk is full: keep Python's flush at exit quiet.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno != errno.ENOSPC:
            return FAULT
    with suppress(OSError):
        echo(failure.text, err=True)
    return failure.code
