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

    For one assessment: the handle of each recommendation (its name in the file's progress list),
    its status, the date, and the words. For a folder (without a PATH, the current one): for each
    benchmark, how many recommendations have each status, over all authorities' newest sent letters;
    then the recommendations without an update, on benchmarks where the duty is not met.

    \b
    Examples:
      prevent-letter progress exampleshire_2027.yaml
      prevent-letter progress exampleshire_2027.yaml --council -o exampleshire.html
      prevent-letter progress
      prevent-letter progress --format csv -o progress.csv
    """
    terminal.print_output(context, progress(ProgressRequest(**options)))
