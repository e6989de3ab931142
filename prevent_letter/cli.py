"""The command line: a function a verb, read top to bottom. What takes time to load is imported where it is used."""

import gc
import os
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prevent_letter import __version__

if TYPE_CHECKING:
    from prevent_letter.findings import Finding

FAULT, USAGE, UNFORESEEN, INTERRUPTED = 1, 2, 3, 130


class _File(click.Path):
    """An assessment's file that is there."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        from prevent_letter.findings import meant

        path = Path(value)
        if path.is_dir():
            self.fail(f"{value} is a folder; give the assessment's file", param, ctx)
        if not path.exists():
            guess = (
                meant(path.name, [each.name for each in path.parent.glob("*.y*ml")]) if path.parent.is_dir() else None
            )
            self.fail(f"there is no file {value}{f'; did you mean {guess}?' if guess else ''}", param, ctx)
        return path


class _Verbs(click.Group):
    """The verbs; a file in place of one gets a word about it."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands and Path(args[0]).exists():
            raise click.UsageError(f"say what to do with it, such as: prevent-letter check {args[0]}", ctx)
        return super().resolve_command(ctx, args)


_FILES = click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=_File())


def _version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"prevent-letter {__version__}")
        context.exit()


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
def cli() -> None:
    """Turn an assessment in YAML into the Prevent assessment letter.

    \b
    Check what you wrote, then build the letter:
      prevent-letter check exampleshire_2027.yaml
      prevent-letter build exampleshire_2027.yaml

    Each command has a help of its own: prevent-letter build --help
    """


@cli.command()
@_FILES
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The letter's file (NAME.docx), or a folder for it."
)
@click.option("--draft", is_flag=True, help="Build a draft: DRAFT behind each page, and a name that says so.")
@click.option("--quiet", is_flag=True, help="Say nothing but what is wrong.")
@click.pass_context
def build(context: click.Context, paths: tuple[Path, ...], output: Path | None, draft: bool, quiet: bool) -> None:
    """Check assessments and write their letters as Word files.

    A letter goes beside its assessment, unless -o or the settings say otherwise. A letter that somebody has changed
    since it was built is kept, and one that was sent (sent: in the assessment) isn't built again.

    \b
    Examples:
      prevent-letter build exampleshire_2027.yaml
      prevent-letter build --draft exampleshire_2027.yaml
      prevent-letter build exampleshire_2027.yaml -o letters
      prevent-letter build exampleshire_2027.yaml -o "Letter to Exampleshire.docx"
    """
    from prevent_letter import files, letter, rules, word
    from prevent_letter.assessment import Desk
    from prevent_letter.findings import shown

    if output and files.names_other_file(output):
        raise click.UsageError(f"-o {output}: the letter is a Word file, so its name ends in .docx.")
    if output and files.names_letter(output) and len(paths) > 1:
        raise click.UsageError(f"-o {output} is one letter's file, and {len(paths)} assessments are to be built.")
    desk, composer, look = Desk(), cache(letter.Composer), cache(word.look)

    def one(path: Path) -> int:
        opened = desk.open(path)
        findings = opened.findings if draft else rules.judge(opened, building=True)
        if findings or opened.assessment is None or opened.criteria is None:
            _print(findings, to_stderr=True)
            return FAULT
        settings = opened.settings
        target = files.target(path, output, settings.output, settings.folder, draft=draft)
        if opened.assessment.sent and not draft:
            if not quiet:
                click.echo(
                    f"{shown(target)}: sent on {opened.assessment.sent}, so it is a record and isn't built", err=True
                )
            return 0
        xhtml = composer(settings.templates).compose(opened.assessment, opened.criteria, draft=draft)
        data = word.write(xhtml, look(settings.template("letter.docx"), letter.language(xhtml)))
        outcome = files.save(target, data, same=word.same, ours=word.intact)
        if outcome is files.Outcome.BUILT:
            click.echo(shown(target))
        elif outcome is files.Outcome.KEPT or not quiet:
            click.echo(f"{shown(target)}: {outcome.value}", err=True)
        return FAULT if outcome is files.Outcome.KEPT else 0

    context.exit(max(_attempt(one, path) for path in paths))


@cli.command()
@_FILES
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], strict: bool) -> None:
    """Check assessments and say what is wrong, where, and how to mend it.

    Writes nothing. Ends with 1 if there is an error; with --strict also if there is a warning.

    \b
    Examples:
      prevent-letter check exampleshire_2027.yaml
      prevent-letter check --strict exampleshire_2027.yaml rutshire_2027.yaml
    """
    from prevent_letter import rules
    from prevent_letter.assessment import Desk

    desk, found = Desk(), list["Finding"]()

    def one(path: Path) -> int:
        found.extend(rules.judge(desk.open(path)))
        return 0

    failed = max(_attempt(one, path) for path in paths)
    findings = _print(found)
    errors = sum(finding.severity == "error" for finding in findings)
    counts = ((len(paths), "file"), (errors, "error"), (len(findings) - errors, "warning"))
    click.echo(", ".join(f"{number} {thing}{'s' * (number != 1)}" for number, thing in counts), err=True)
    context.exit(max(failed, FAULT if errors or (strict and findings) else 0))


def _attempt(work: Callable[[Path], int], path: Path) -> int:
    """Do the work on one file, and give its exit code; what comes in its way is said in a line."""
    from prevent_letter.findings import Stop, shown

    try:
        return work(path)
    except Stop as stop:
        click.echo(str(stop), err=True)
        return FAULT
    except BrokenPipeError:
        raise
    except Exception as error:
        click.echo(f"{shown(path)}: {_unforeseen(error)}", err=True)
        return UNFORESEEN


def _unforeseen(error: Exception) -> str:
    return f"something unforeseen happened: {type(error).__name__}: {' '.join(str(error).split())}"


def _print(findings: Iterable["Finding"], *, to_stderr: bool = False) -> list["Finding"]:
    """Print findings in the order of the files, each once, and give them."""
    unique = sorted(set(findings))
    for finding in unique:
        click.echo(str(finding), err=to_stderr)
    return unique


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with its exit code; a traceback is never seen."""
    gc.set_threshold(100_000)  # a run is short: collecting garbage in it, or at its end, only costs time
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code = _run(arguments)
    gc.freeze()
    sys.exit(code)


def _run(arguments: list[str] | None) -> int:
    try:
        code: Any = cli.main(arguments, prog_name="prevent-letter", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.Abort:
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return USAGE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        # Whoever read the output is gone; Python's own flush at exit would complain about it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAULT
    except Exception as error:
        click.echo(_unforeseen(error), err=True)
        return UNFORESEEN
