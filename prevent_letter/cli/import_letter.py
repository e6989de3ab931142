"""The verb ``import``."""

from typing import Any

import click

from prevent_letter.cli import terminal
from prevent_letter.core.display import show_path
from prevent_letter.core.findings import UsageError
from prevent_letter.importing.compare import ImportRequest, read_back

_MOST_SHOWN = 200


@click.command("import")
@click.argument(
    "letters", metavar="LETTER.docx...", nargs=-1, required=True, type=terminal.ExistingPath()
)
@click.option(
    "--into",
    type=terminal.ExistingPath(dir_okay=False),
    metavar="FILE.yaml",
    help="The letter's assessment. By default it is looked for.",
)
@terminal.flag("--apply", help="Write what is certain into the assessment.")
@terminal.output(
    metavar="FILE.yaml",
    help="The letter was typed without this tool: write what it says into this new assessment.",
)
@click.option(
    "--criteria",
    metavar="NAME_OR_PATH",
    help="With -o: the criteria set that it was scored against.",
)
@click.option(
    "--period", metavar="YEAR/YEAR", help="With -o: the period, if the letter does not say it."
)
@terminal.flag("--sent", help="Write also into an assessment whose letter was sent.")
@terminal.style_option
@click.pass_context
def command(context: click.Context, /, style: str | None, **options: Any) -> None:
    """Read a letter that was cleared in Word, and show where it differs from its assessment.

    Each LETTER is a Word letter that this tool built and somebody edited, or a folder with such
    letters. Tracked changes count as accepted. Each changed value is shown with its old value.
    With --apply, the new values are written into the assessment; every other line of that file
    stays as it is. What is not certain is only shown. The letter itself is never changed.

    -o is for a letter typed without this tool: what is certain is written into a new assessment,
    and what is not certain is only shown.

    \b
    Examples:
      prevent-letter import exampleshire_2027.docx
      prevent-letter import --apply exampleshire_2027.docx
      prevent-letter import --format json exampleshire_2027.docx
      prevent-letter import exampleshire_2027.docx -o exampleshire_2026.yaml
    """
    letters, output = options["letters"], options.pop("output")
    criteria, period = options.pop("criteria"), options.pop("period")
    if output:
        from prevent_letter.importing.legacy import from_old_letter

        others = options["into"] or options["apply"] or options["sent"]
        if len(letters) != 1 or letters[0].is_dir() or others:
            message = f"-o {output} imports only one letter, typed without this tool"
            raise UsageError(f"{message}, without --into, --apply or --sent.")
        report = from_old_letter(letters[0], output, criteria=criteria, period=period)
    elif criteria or period:
        message = "--criteria and --period go with -o, for a letter typed without this tool."
        raise UsageError(message)
    else:
        report = read_back(ImportRequest(**options))
    terminal.print_failures(report.failures)
    for remark in report.remarks:
        terminal.print_remark(remark)
    is_cut = style != "json" and len(report.findings) > _MOST_SHOWN
    terminal.print_findings(report.findings[:_MOST_SHOWN] if is_cut else report.findings, style)
    if is_cut:
        rest = len(report.findings) - _MOST_SHOWN
        click.echo(f"{rest} more to look at: add --format json to see them all", err=True)
    for path in report.written:
        click.echo(f"{show_path(path)}: written", err=True)
    terminal.print_backups([] if output else report.written)
    terminal.print_counts(report)
    context.exit(report.code)
