"""The command line: a function a verb, read top to bottom. What takes time to load is imported where it is used."""

import gc
import os
import sys
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prevent_letter import __version__

if TYPE_CHECKING:
    from prevent_letter.criteria import Criteria
    from prevent_letter.findings import Finding
    from prevent_letter.source import Source

FAULT, USAGE, UNFORESEEN, INTERRUPTED = 1, 2, 3, 130


class _Path(click.Path):
    """A file that is there; a folder too, where ``dir_okay`` says so."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        from prevent_letter.findings import meant

        path = Path(value)
        if os.path.isdir(path) and not self.dir_okay:  # noqa: PTH112 (a name may be too long)
            self.fail(f"{value} is a folder; give the assessment's file", param, ctx)
        if not os.path.exists(path):  # noqa: PTH110
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


def _formats(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """The formats that are asked for, each once, whether in one option or in several."""
    from prevent_letter import files

    asked = [name.strip().lower() for each in value for name in each.split(",")]
    if strange := [name for name in asked if name not in files.FORMATS]:
        raise click.BadParameter(f"{strange[0] or 'nothing'} is none of {', '.join(files.FORMATS)}", context, parameter)
    return tuple(dict.fromkeys(asked))


def _version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"prevent-letter {__version__}")
        context.exit()


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
def cli() -> None:
    """Turn an assessment in YAML into the Prevent assessment letter.

    \b
    Begin an assessment, check what you wrote, then build the letter:
      prevent-letter new "Exampleshire County Council"
      prevent-letter check exampleshire_2027.yaml
      prevent-letter build exampleshire_2027.yaml

    Each command has a help of its own: prevent-letter build --help
    """


@cli.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=_Path())
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A folder for the letters, or one letter's file (NAME.docx, .pdf or .html), which names the format.",
)
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    metavar="docx,pdf,html",
    callback=_formats,
    help="The formats of the letters; docx (Word) unless it is given.",
)
@click.option("--draft", is_flag=True, help="Build drafts: DRAFT behind each page, and a name that says so.")
@click.option("--check", is_flag=True, help="Write nothing; say which letters are missing, out of date or edited.")
@click.option("--force", is_flag=True, help="Write over files that somebody has changed; make missing sent letters.")
@click.option("--quiet", is_flag=True, help="Say nothing but what is wrong.")
@click.pass_context
def build(
    context: click.Context,
    paths: tuple[Path, ...],
    output: Path | None,
    formats: tuple[str, ...],
    draft: bool,
    check: bool,
    force: bool,
    quiet: bool,
) -> None:
    """Check assessments and write their letters, as Word files or as PDF or HTML.

    Each PATH is an assessment, or a folder with assessments at any depth; without a PATH it is the current folder.
    A letter goes beside its assessment, unless -o or the settings say otherwise; folders are mirrored there. A letter
    that would be the same isn't touched.

    A letter that somebody has changed since it was built, or a file that isn't a letter of this tool, is kept, unless
    --force is given. A letter that was sent (sent: in the assessment) is a record, and is never written over.

    \b
    Examples:
      prevent-letter build
      prevent-letter build exampleshire_2027.yaml
      prevent-letter build --draft exampleshire_2027.yaml
      prevent-letter build midlands -o letters
      prevent-letter build midlands -f docx,pdf,html
      prevent-letter build exampleshire_2027.yaml -o "Letter to Exampleshire.docx"
      prevent-letter build --check
    """
    from prevent_letter import files, judge
    from prevent_letter.assessment import Desk
    from prevent_letter.files import Outcome
    from prevent_letter.findings import shown
    from prevent_letter.press import Job, Press

    if output and files.names_other_file(output):
        raise click.UsageError(f"-o {output}: a letter's name ends in .docx, .pdf or .html.")
    named = files.format_named(output) if output else None
    formats = formats or (named or "docx",)
    if named and formats != (named,):
        raise click.UsageError(f"-o {output} is one letter's file, and -f asks for {', '.join(formats)}.")
    meant = files.meant(paths or [Path()])
    number = len(meant.assessments) * len(formats)
    if not number:
        raise click.UsageError("there is no assessment to build here.")
    if named and number > 1:
        raise click.UsageError(f"-o {output} is one letter's file, and {number} assessments are to be built.")
    drafts, code = _each(meant.assessments, Desk().open)
    targets = {
        each.path: [
            files.target(each.path, meant.assessments[each.path], output, each.settings, form, draft=draft)
            for form in formats
        ]
        for each in drafts
    }
    first = {path: letters[0] for path, letters in targets.items()}
    found = judge.judge(drafts, first, "draft" if draft else "build", formats)
    faults = _print([finding for findings in found.values() for finding in findings], to_stderr=True)
    press = Press(draft=draft, check=check, force=force)

    stale = (Outcome.MISSING, Outcome.OUT_OF_DATE, Outcome.EDITED)

    def tell(job: Job, outcome: Outcome) -> None:
        if outcome is Outcome.BUILT or outcome in stale:
            click.echo(shown(job.target) + (f": {outcome.value}" if check else ""))
        if (said := press.remark(job, outcome)) and not (quiet and outcome is Outcome.SENT):
            click.echo(f"{shown(job.target)}: {said}", err=True)

    for target in (each for letters in targets.values() for each in letters if not check):
        files.clear(target)
    good = [each for each in drafts if each.assessment and not found[each.path]]
    jobs = [Job(each, target) for each in good for target in targets[each.path]]
    outcomes, failed = _each(jobs, press.do, tell, bar=not quiet)
    if not quiet:
        order = (*stale, Outcome.UNCHANGED) if check else (Outcome.BUILT, Outcome.UNCHANGED, Outcome.KEPT)
        counts = [f"{outcomes.count(each)} {each.value}" for each in order] + [f"{number - len(outcomes)} failed"]
        counts += [f"{sent} sent"] if (sent := outcomes.count(Outcome.SENT)) else []
        click.echo(f"{_count(number, 'letter')}: {', '.join(counts)}{_passed_over(meant.passed_over)}", err=True)
    wrong = faults or any(each in (Outcome.KEPT, *stale) for each in outcomes)
    context.exit(max(code, failed, FAULT if wrong else 0))


@cli.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=_Path())
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    help="Print text (the default), JSON, or annotations for GitHub Actions (the default there).",
)
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], strict: bool, form: str | None) -> None:
    """Check assessments and say what is wrong, where, and how to correct it.

    Each PATH is an assessment, or a folder with assessments at any depth; without a PATH it is the current folder.
    Criteria sets and settings (prevent-letter.yaml) are checked too. Writes nothing. Ends with 1 if there is an error;
    with --strict also if there is a warning. The explain command says what a code means.

    \b
    Examples:
      prevent-letter check
      prevent-letter check exampleshire_2027.yaml
      prevent-letter check --strict midlands north
    """
    from prevent_letter import criteria, files, judge, settings
    from prevent_letter.assessment import Desk

    meant = files.meant(paths or [Path()])
    number = len(meant.assessments) + len(meant.criteria) + len(meant.settings)
    if not number:
        raise click.UsageError("there is nothing to check here: no assessment, no criteria set and no settings.")
    drafts, code = _each(meant.assessments, Desk().open)
    targets = {
        draft.path: files.target(draft.path, meant.assessments[draft.path], None, draft.settings) for draft in drafts
    }
    found = [finding for findings in judge.judge(drafts, targets).values() for finding in findings]
    for path in meant.criteria:
        found += criteria.read(path).findings
    for path in meant.settings:
        found += [*(held := settings.read(path)).findings, *judge.settings_findings(held)]
    findings = _print(found, form or ("github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"))
    errors = sum(finding.severity == "error" for finding in findings)
    counts = [(number, "file"), (errors, "error"), (len(findings) - errors, "warning")]
    click.echo(", ".join(_count(*each) for each in counts) + _passed_over(meant.passed_over), err=True)
    context.exit(max(code, FAULT if errors or (strict and findings) else 0))


_criteria_option = click.option(
    "--criteria",
    "named",
    metavar="NAME_OR_PATH",
    help="The criteria set: a bundled one's name, or a .yaml file. Else that of the settings, else annex_a.",
)


@cli.command()
@click.argument("words", metavar="[AUTHORITY]", nargs=-1)
@click.option("--from", "last", type=_Path(dir_okay=False), metavar="LAST_YEAR.yaml", help="Carry over from this one.")
@click.option("--period", metavar="YEAR/YEAR", help="The period, such as 2026/2027. Else the one that is assessed now.")
@_criteria_option
def new(words: tuple[str, ...], last: Path | None, period: str | None, named: str | None) -> None:
    """Write an assessment to fill in, into the current folder.

    Each field has a comment, each benchmark its statement and levels. Beside it goes the schema, by which an editor
    with support for YAML completes and checks what you write. An assessment that is there is never written over.

    With --from alone, it is the same authority's next one: the addressee, the advisor and the like are carried over,
    and last year's scores and recommendations become comments. With another AUTHORITY, only the advisor is carried
    over, with the criteria and the marking.

    \b
    Examples:
      prevent-letter new "Exampleshire County Council"
      prevent-letter new --from exampleshire_2027.yaml
      prevent-letter new "Rutshire Borough Council" --from exampleshire_2027.yaml
    """
    import datetime as dt
    import json

    from prevent_letter import blank, fields, files, source
    from prevent_letter.schema import schema

    read = source.read(last) if last else None
    if read and read.findings:
        _print(read.findings, to_stderr=True)
        raise click.exceptions.Exit(FAULT)
    before = read.value("authority") if read else None
    named_here = " ".join(words)  # in quotation marks or not
    authority = " ".join((named_here or (before if isinstance(before, str) else "")).split())
    if not authority:
        raise click.UsageError('name the authority, such as: prevent-letter new "Exampleshire County Council"')
    if not authority.isprintable():
        raise click.UsageError("the authority's name has a character that can't stand in a letter")
    same = isinstance(before, str) and " ".join(before.split()) == authority
    said = blank.carried(read, same_authority=same) if read else {}
    said = {"area": blank.area(authority), **said, "authority": authority}
    if not period:
        was = str(read.value("period")).strip() if read and same else ""
        period = blank.next_period(was) if fields.is_period(was) else blank.current_period(dt.date.today())
    if not fields.is_period(period):
        raise click.UsageError(f"--period {period}: write two successive years, such as 2026/2027")
    criteria, name = _criteria(named, read)
    text = blank.write(
        criteria, name, {**said, "period": period, "criteria": name if named or read else None}, read if same else None
    )
    target, beside = Path(blank.name(str(said["area"]), period)), Path(blank.schema_name(name))
    files.write_over(beside, json.dumps(schema(criteria), ensure_ascii=False, indent=1) + "\n")
    files.write_new(target, text)
    click.echo(f"{target}\n{beside}")
    click.echo(f"Fill it in, then: prevent-letter check {target}", err=True)


@cli.command("schema")
@_criteria_option
def show_schema(named: str | None) -> None:
    """Print the JSON Schema of an assessment, for editors.

    \b
    Examples:
      prevent-letter schema > assessment.schema.json
      prevent-letter schema --criteria criteria/next_year.yaml
    """
    import json

    from prevent_letter.schema import schema

    data = json.dumps(schema(_criteria(named)[0]), ensure_ascii=False, indent=1)
    click.echo(data.encode())  # as bytes: UTF-8 whatever the console


@cli.command("criteria")
@click.argument("benchmark", required=False)
@click.argument("score", required=False)
@_criteria_option
def show_criteria(benchmark: str | None, score: str | None, named: str | None) -> None:
    """Show the criteria: all, one BENCHMARK by its id, or what one SCORE asks for.

    \b
    Examples:
      prevent-letter criteria
      prevent-letter criteria training
      prevent-letter criteria training 4
    """
    import shutil

    from prevent_letter import criteria as sets
    from prevent_letter.findings import meant

    criteria, _ = _criteria(named)
    chosen = criteria.by_id.get(benchmark or "")
    if benchmark and not chosen:
        guess = meant(benchmark, criteria.by_id)
        help = f"did you mean {guess}?" if guess else f"the benchmarks are {', '.join(criteria.by_id)}."
        raise click.UsageError(f"there is no benchmark {benchmark}; {help}")
    number = criteria.scale.written.get(" ".join(score.split()).casefold()) if score else None
    if score and number is None:
        labels = ", ".join(criteria.scale.label(each) for each in criteria.scale.scores)
        raise click.UsageError(f"there is no score {score}; the scores are {labels}.")
    click.echo(sets.page(criteria, min(shutil.get_terminal_size().columns, 100), chosen, number))


def _criteria(named: str | None, last: "Source | None" = None) -> tuple["Criteria", str]:
    """The criteria set of an option, of last year's assessment, or of the settings, and the name or path it goes by."""
    from prevent_letter import criteria as sets
    from prevent_letter import settings
    from prevent_letter.findings import Place, shown

    own = None if named else last
    folder = own.path.parent if own else Path.cwd()
    held = settings.find(folder)
    said = own.value("criteria") if own else None
    if isinstance(said, str) and said.strip() and own:
        name, where = " ".join(said.split()), own.place(("criteria",))
    elif held.criteria and held.folder and held.source and not named:
        name, where, folder = held.criteria, held.source.place(("criteria",)), held.folder
    else:
        name, where = named or sets.STANDARD, Place(Path("criteria"))
    path = sets.locate(name, folder)
    findings = [*held.findings, *sets.missing(name, folder, where)]
    found = None if findings else sets.read(path)
    if found is None or found.criteria is None:
        if named and findings:
            raise click.UsageError(f"{findings[-1].message}; {findings[-1].help}")
        _print(findings or (found.findings if found else ()), to_stderr=True)
        raise click.exceptions.Exit(FAULT)
    return found.criteria, shown(path) if name.endswith((".yaml", ".yml")) else name


@cli.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Say what a code means, a rule's with a bad and a good example; without a CODE, list all codes.

    \b
    Examples:
      prevent-letter explain
      prevent-letter explain PL203
    """
    from prevent_letter import judge
    from prevent_letter.findings import meant

    known = judge.known_codes()
    if code is None:
        click.echo("\n".join(f"{each}  {name}" for each, name in known.items()))
    elif (upper := code.upper()) in known:
        click.echo(judge.explanation(upper))
    else:
        guess = meant(upper, known)
        raise click.UsageError(f"there is no code {code}" + (f"; did you mean {guess}?" if guess else "."))


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"


def _passed_over(number: int) -> str:
    return f"; {_count(number, 'other YAML file')} passed over" if number else ""


def _each(
    things: Collection[Any],
    work: Callable[[Any], Any],
    tell: Callable[[Any, Any], None] = lambda thing, result: None,
    *,
    bar: bool = False,
) -> tuple[list[Any], int]:
    """Do the work on each file or letter: what came of it, and the exit code of what came in its way, said in a line.

    A progress bar, if wanted, shows on a terminal, and makes way for what is told.
    """
    from prevent_letter.findings import Stop, shown

    done: list[Any] = []
    told, code = set[str](), 0
    seen = bar and len(things) > 1 and sys.stderr.isatty() and not os.environ.get("CI")
    with click.progressbar(things, show_pos=True, file=sys.stderr, hidden=not seen) as progress:
        for thing in progress:
            said = ""
            try:
                done.append(work(thing))
            except Stop as stop:
                said, code = str(stop), max(code, FAULT)
            except Exception as error:
                said, code = f"{shown(getattr(thing, 'path', thing))}: {_unforeseen(error)}", UNFORESEEN
            if seen:
                click.echo("\r\x1b[K", nl=False, err=True)
            if not said:
                tell(thing, done[-1])
            elif said not in told:  # a fault of the look, say, is that of every letter
                told.add(said)
                click.echo(said, err=True)
    return done, code


def _unforeseen(error: Exception) -> str:
    return f"something unforeseen happened: {type(error).__name__}: {' '.join(str(error).split())}"


def _print(findings: Iterable["Finding"], form: str = "text", *, to_stderr: bool = False) -> list["Finding"]:
    """Print findings in the order of the files, each once, and give them."""
    unique = sorted(set(findings))
    if form == "json":
        import json

        data = json.dumps([finding.plain() for finding in unique], ensure_ascii=False, indent=2)
        click.echo(data.encode(errors="backslashreplace"))  # as bytes: UTF-8 whatever the console
    for finding in unique if form != "json" else ():
        click.echo(finding.text(_paint) if form == "text" else finding.annotation(), err=to_stderr)
    return unique


def _paint(words: str, kind: str) -> str:
    """Words in colour; click takes the colours out where they don't go to a terminal."""
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        return words
    return click.style(words, fg={"error": "red", "warning": "yellow", "mark": "green"}.get(kind), bold=True)


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
    from prevent_letter.findings import Stop

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
    except Stop as stop:
        click.echo(str(stop), err=True)
        return FAULT
    except BrokenPipeError:
        # Whoever read the output is gone; Python's own flush at exit would complain about it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAULT
    except Exception as error:
        click.echo(_unforeseen(error), err=True)
        return UNFORESEEN
