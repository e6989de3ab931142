"""The command line. Each verb has a file with its options; ``terminal`` prints for all verbs.

A verb's file is loaded only when the verb is used, so that it does not slow down the others.
"""

import gc
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from prevent_letter import __version__
from prevent_letter.cli import terminal
from prevent_letter.core.display import nearest

_SUMMARIES = {
    "Write": {
        "new": "Begin an assessment, with the criteria in it.",
        "preview": "Show the letter in the browser while you write.",
        "check": "Say what is wrong, where, and how to correct it.",
        "build": "Write letters, as Word files, PDF or web pages.",
    },
    "Clear": {"import": "Take back what was changed in a Word letter."},
    "Meet": {
        "scores": "Show the scores of a period, for the moderation.",
        "progress": "Show what came of the recommendations.",
    },
    "Look up": {
        "criteria": "Show what is scored against.",
        "explain": "Say what a code means, with examples.",
        "schema": "Write the JSON Schema, for editors.",
    },
}
"""What the help says of each verb, by what the verb is for, in the order of the work."""
VERBS = [verb for summaries in _SUMMARIES.values() for verb in summaries]
"""Each verb. The module of its name runs it; that of ``import`` is import_letter."""


class _Verbs(click.Group):
    """The verbs, each loaded when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return VERBS

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = "import_letter" if cmd_name == "import" else cmd_name  # a word of Python's own
        command: click.Command = import_module(f"{__name__}.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for purpose, summaries in _SUMMARIES.items():
            with formatter.section(purpose):
                formatter.write_dl([*summaries.items()], col_max=10)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in VERBS:
            if Path(args[0]).exists():
                help = f"say what to do with it, such as: prevent-letter check {args[0]}"
                raise click.UsageError(help, ctx)
            if guess := nearest(args[0], VERBS):
                ctx.fail(f"No such command {args[0]!r}. Did you mean {guess!r}?")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, message="%(prog)s %(version)s", help="Show the version.")
def cli() -> None:
    """Turn an assessment in YAML into the Prevent assessment letter.

    \b
    Begin an assessment, check what you wrote, then build the letter:
      prevent-letter new "Exampleshire County Council"
      prevent-letter check exampleshire_2027.yaml
      prevent-letter build exampleshire_2027.yaml

    Each command has its own help: prevent-letter build --help
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line, and end the process with its exit code."""
    gc.set_threshold(100_000)  # a run is short, and collecting garbage takes 20 ms of it
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code = terminal.run(lambda: cli.main(arguments, "prevent-letter", standalone_mode=False))
    gc.freeze()  # else Python takes 40 ms to unload the modules
    sys.exit(code)
