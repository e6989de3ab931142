"""The verb ``new``."""

from typing import Any

import click

from prevent_letter.cli import terminal
from prevent_letter.core.findings import UsageError
from prevent_letter.starting.new import NewOptions, new
from prevent_letter.starting.next_year import next_year


@click.command("new")
@click.argument("words", metavar="[AUTHORITY]", nargs=-1)
@click.option(
    "--from",
    "last_year",
    type=terminal.ExistingPath(),
    metavar="LAST_YEAR.yaml",
    help="Carry over from this one; from a folder, make the next one of each authority in it.",
)
@terminal.output(
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
    help="The letter's language if it is not English, such as cy for Welsh.",
)
@terminal.criteria_option
@click.pass_context
def command(context: click.Context, /, words: tuple[str, ...], **options: Any) -> None:
    """Write an assessment to fill in, into the current folder.

    Each field has a comment, each benchmark its statement and levels. The schema goes beside the
    assessment: an editor that supports YAML uses it to complete and check what you write. An
    assessment that exists is never overwritten.

    With --from alone, the new assessment is the same authority's next one. The addressee, the
    advisor and the like are carried over. Last year's scores and recommendations become comments,
    with the progress on each. With another AUTHORITY, only the advisor, the criteria and the
    marking are carried over. With --from and a folder, each authority there gets its next
    assessment, in each of its languages; those that exist already are passed over.

    \b
    Examples:
      prevent-letter new "Exampleshire County Council"
      prevent-letter new --from exampleshire_2027.yaml
      prevent-letter new --from midlands -o next_year
      prevent-letter new "Rutshire Borough Council" --from exampleshire_2027.yaml
      prevent-letter new "Exampleshire County Council" --language cy
    """
    last_year, output = options.pop("last_year"), options.pop("output")
    authority = " ".join(" ".join(words).split())  # the name may be one argument or several
    if last_year and last_year.is_dir():
        if authority:
            message = "with --from and a folder, each authority keeps its name"
            raise UsageError(f"{message}; leave AUTHORITY out")
        terminal.print_output(context, next_year(last_year, output, NewOptions(**options)))
    if output:
        example = "prevent-letter new --from midlands -o next_year"
        raise UsageError(f"-o goes with --from and a folder, such as: {example}")
    terminal.print_output(context, new(authority, last_year, NewOptions(**options)))
