"""The verb ``schema``."""

from pathlib import Path

import click

from prevent_letter.assessment import criteria_sets
from prevent_letter.cli import terminal
from prevent_letter.core.display import show_path
from prevent_letter.starting.new import schema_text, write_schema


@click.command("schema")
@terminal.output(metavar="FILE", help="Write it to a file, in UTF-8.")
@terminal.criteria_option
def command(output: Path | None, criteria: str | None) -> None:
    """Print the JSON Schema of an assessment, for editors, or write it to a file.

    \b
    Examples:
      prevent-letter schema -o assessment.schema.json
      prevent-letter schema --criteria criteria/next_year.yaml
    """
    chosen = criteria_sets.choose(criteria)
    if output:
        write_schema(output, chosen.criteria)
        click.echo(show_path(output))
    else:
        text = schema_text(chosen.criteria)
        click.echo(text.encode(), nl=False)  # as bytes, so that it is UTF-8 on any console
