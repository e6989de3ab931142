"""The verb ``explain``."""

import click

from prevent_letter.cli import terminal
from prevent_letter.rules.explain import explain, known_codes


@click.command("explain")
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Say what a code means, with a bad and a good example; without a CODE, list all codes.

    \b
    Examples:
      prevent-letter explain
      prevent-letter explain PL203
    """
    if code:
        click.echo(explain(code, terminal.page_width()))
    else:
        click.echo("\n".join(f"{id}  {known.name}" for id, known in known_codes().items()))
