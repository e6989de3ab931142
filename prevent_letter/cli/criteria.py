"""The verb ``criteria``."""

import click

from prevent_letter.assessment import criteria_sets
from prevent_letter.cli import terminal
from prevent_letter.starting.criteria_page import criteria_page


@click.command("criteria")
@click.argument("benchmark", required=False)
@click.argument("score", required=False)
@terminal.criteria_option
def command(benchmark: str | None, score: str | None, criteria: str | None) -> None:
    """Show the criteria: all, one BENCHMARK by its id, or what one SCORE asks for.

    \b
    Examples:
      prevent-letter criteria
      prevent-letter criteria training
      prevent-letter criteria training 4
    """
    chosen = criteria_sets.choose(criteria)
    terminal.echo(criteria_page(chosen.criteria, terminal.page_width(), benchmark, score))
