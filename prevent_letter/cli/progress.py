"""The verb ``progress``."""

from typing import Any

import click

from prevent_letter.cli import terminal
from prevent_letter.results.progress import STYLES, ProgressRequest, progress


@click.command("progress")
@terminal.paths_argument
@click.option(
    "--format", "style", type=click.Choice(STYLES), help="A table (the default), CSV or JSON."
)
@terminal.output(metavar="FILE", help="Write it to a file.")
@terminal.flag(
    "--council", help="Of one assessment: a web page for the council, without the notes."
)
@terminal.flag("--force", help="Overwrite a file with other content.")
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """Show the progress on recommendations since the letters were sent.

    Of one assessment: each recommendation with its handle, by which progress: in the assessment
    refers to it, its status, the date, and the words. Of a folder (without a PATH, the current
    one): the statuses by benchmark, of each authority's newest letter that was sent; then where the
    duty is not met and there is no update since the letter.

    \b
    Examples:
      prevent-letter progress exampleshire_2027.yaml
      prevent-letter progress exampleshire_2027.yaml --council -o exampleshire.html
      prevent-letter progress
      prevent-letter progress --format csv -o progress.csv
    """
    terminal.print_output(context, progress(ProgressRequest(**options)))
