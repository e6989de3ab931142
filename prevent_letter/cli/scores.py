"""The verb ``scores``."""

from typing import Any

import click

from prevent_letter.cli import terminal
from prevent_letter.results.scores import STYLES, ScoresRequest, scores


@click.command("scores")
@terminal.paths_argument
@click.option(
    "--period", metavar="YEAR/YEAR", help="The period; else the newest in which anything is scored."
)
@click.option(
    "--format",
    "style",
    type=click.Choice(STYLES),
    help="A table (the default), each score for Excel, counts for programs, a web page, or a"
    " workbook.",
)
@terminal.output(metavar="FILE", help="Write it to a file.")
@click.option(
    "--marking",
    metavar="TEXT",
    help="A marking on each page, such as OFFICIAL-SENSITIVE; html and xlsx need it.",
)
@click.option(
    "--sample",
    type=click.IntRange(min=1),
    metavar="N",
    help="Write N letters without names into the new folder that -o names, for a blind reading.",
)
@terminal.flag("--force", help="Overwrite a file with other content.")
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """Show the scores of all assessments of one period, for the moderation meeting.

    Each PATH is an assessment, or a folder with assessments at any depth; without a PATH it is the
    current folder. Last year's assessments are looked for in the same places. Drafts count too,
    with the scores that they have. The output says, for each benchmark, how many authorities are at
    each level, and how many went up or down. Then it lists what to re-read before the letters go
    out.

    \b
    Examples:
      prevent-letter scores
      prevent-letter scores --period 2026/2027 --format csv -o scores.csv
      prevent-letter scores --marking OFFICIAL-SENSITIVE -o results.html
      prevent-letter scores --marking OFFICIAL-SENSITIVE -o results.xlsx
      prevent-letter scores --marking OFFICIAL-SENSITIVE --sample 6 -o reading
    """
    terminal.print_output(context, scores(ScoresRequest(**options)))
