"""The verb ``check``."""

from typing import Any

import click

from prevent_letter.checking.check import check
from prevent_letter.cli import terminal
from prevent_letter.core.display import printable


@click.command("check")
@terminal.paths_argument
@terminal.flag("--strict", help="End with 1 if there are warnings, too.")
@terminal.flag("--fix", help="Fix what is beyond doubt first, and say what was fixed.")
@terminal.flag("--diff", help="Print what --fix would change, as a unified diff; write nothing.")
@terminal.flag("--quiet", "-q", "quiet", help="Print the counts at the end alone.")
@terminal.style_option
@terminal.watch_option
@click.pass_context
def command(context: click.Context, /, style: str | None, quiet: bool, **options: Any) -> None:
    """Check assessments and report what is wrong, where, and how to correct it.

    Each PATH is an assessment, or a folder with assessments at any depth; without a PATH it is the
    current folder. Criteria sets and settings (prevent-letter.yaml) are checked too. Only --fix
    changes files. Ends with 1 if there is an error; with --strict also if there is a warning. The
    explain command says what a code means.

    --fix fixes what is beyond doubt: a date in another order, a bullet from Word, a missing space
    or |, "None" where it may be left out, invisible characters, mixed quotation marks. It never
    changes an assessment whose letter was sent.

    \b
    Examples:
      prevent-letter check
      prevent-letter check exampleshire_2027.yaml
      prevent-letter check --strict midlands north
    """
    report = check(**options, progress=iter if quiet else terminal.with_bar)
    diff = options["diff"]
    terminal.print_failures(report.failures)
    for fixed in report.fixed:
        if diff:
            terminal.print_diff(fixed.diff())
        else:
            click.echo("\n".join(map(printable, fixed.fixes)), err=True)
    if not diff:
        terminal.print_backups([fixed.path for fixed in report.fixed])
        if not quiet:
            terminal.print_findings(report.findings, style, fixable=report.fixable)
    terminal.print_counts(report)
    context.exit(report.code)
