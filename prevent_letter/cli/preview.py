"""The verb ``preview``."""

import gc
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

from prevent_letter.cli import terminal
from prevent_letter.core.display import show_path
from prevent_letter.previewing.preview import Preview, open_browser

if TYPE_CHECKING:
    from prevent_letter.checking.check import CheckReport

_DEFAULT_THRESHOLD = 700
"""Python's default threshold for garbage collection, set again because previews run for long."""


@click.command("preview")
@click.argument("path", metavar="[PATH]", default=".", type=terminal.ExistingPath())
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8484,
    show_default=True,
    help="The port; another if it is taken.",
)
@click.option(
    "--open/--no-open",
    "opened",
    default=True,
    help="Open the page in the browser (the default), or don't.",
)
def command(path: Path, port: int, opened: bool) -> None:
    """Show the letter in the browser while you write, with what check finds beside it.

    PATH is an assessment, or a folder: then its assessments are listed. Without a PATH it is the
    current folder. The page changes as soon as you save. What check finds is printed as well. No
    other computer and no other site can open the page, and no letter is written. Ctrl-C ends it.

    \b
    Examples:
      prevent-letter preview exampleshire_2027.yaml
      prevent-letter preview --no-open midlands
    """
    gc.set_threshold(_DEFAULT_THRESHOLD)
    preview = Preview(path, port)
    address = preview.server.address
    click.echo(address)
    Thread(target=preview.server.serve_forever, daemon=True).start()
    if opened:
        Thread(target=open_browser, args=[address], daemon=True).start()
    preview.watch(_print_report)


def _print_report(path: Path, report: "CheckReport") -> None:
    """Print a report between two lines that tell an editor where it begins and ends."""
    with suppress(OSError):  # the reader of the output is gone
        click.echo(f"checking {show_path(path)}")
        terminal.print_failures(report.failures)
        terminal.print_findings(report.findings, "text", fixable=report.fixable)
        click.echo(str(report))
