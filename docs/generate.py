"""Write the pages of docs/ that come from the code: rules.md and reference.md.

A test fails when they are stale.

Run it with: python docs/generate.py
"""

import re
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from textwrap import dedent

import click

sys.path.insert(0, str(Path(__file__).parent.parent))

from prevent_letter import cli
from prevent_letter.assessment.criteria import Benchmark, Criteria, Scale
from prevent_letter.assessment.fields import declared
from prevent_letter.assessment.model import (
    Accepted,
    Addressee,
    Advisor,
    Assessment,
    Progress,
    Scored,
)
from prevent_letter.assessment.settings import RuleSettings, SettingsFile
from prevent_letter.assessment.values import Entry
from prevent_letter.rules import explain

FILES: dict[str, list[tuple[str, type[Entry]]]] = {
    "An assessment": [
        ("", Assessment),
        ("addressee", Addressee),
        ("advisor", Advisor),
        ("each benchmark under benchmarks", Scored),
        ("each item of accepted", Accepted),
        ("each item of progress", Progress),
    ],
    "The settings, prevent-letter.yaml": [("", SettingsFile), ("rules", RuleSettings)],
    "A criteria set": [("", Criteria), ("scale", Scale), ("each item of benchmarks", Benchmark)],
}


def reference() -> str:
    """Return every command with its options, and every field of the files that people write."""
    return "\n".join([*_commands(), *_fields(), _END])


def _commands() -> Iterator[str]:
    yield "# Reference"
    yield "\nEvery command, option, field and exit code, for looking up."
    yield "[Codes and rules](rules.md) has every code that `check` can print.\n"
    yield "## Commands"
    context = click.Context(cli.cli, info_name="prevent-letter", **cli.cli.context_settings)
    for name in cli.cli.list_commands(context):
        command = cli.cli.get_command(context, name)
        assert command
        inner = click.Context(command, info_name=name, parent=context)
        pieces = " ".join(command.collect_usage_pieces(inner))
        said, _, examples = cleandoc(command.help or "").partition("\n\n\b\nExamples:\n")
        yield f"\n### {name}\n\n`prevent-letter {name} {pieces}`\n\n{said}\n"
        options = [option for option in command.params if isinstance(option, click.Option)]
        if options := [option for option in options if not option.hidden]:
            yield "| option | what it does |\n| --- | --- |"
            for option in options:
                shown, help = option.get_help_record(inner) or ("", "")
                yield f"| `{shown}` | {help} |".replace(
                    "[text|json|github]", "[text, json, github]"
                )
        if examples:
            yield f"\n```sh\n{dedent(examples)}\n```"


def _fields() -> Iterator[str]:
    for title, models in FILES.items():
        yield f"\n## {title}"
        for where, model in models:
            place = where.capitalize() if " " in where else f"Under `{where}`"
            yield f"\n{place if where else 'At the top'}:\n"
            yield "| field | must be there | what it is |\n| --- | --- | --- |"
            for name, field in declared(model).items():
                required = "yes" if field.required else "no"
                yield f"| `{name}` | {required} | {field.description} |"


_END = """
## Exit codes

| code | what it means |
| --- | --- |
| 0 | all is well |
| 1 | something is wrong with a file, a letter was kept, or `build --check` found something |
| 2 | the command was used wrongly |
| 3 | something unexpected happened |
| 130 | Ctrl-C |

## What stays the same

Within a major version (1.0, 1.1 ...) these stay: commands, options and exit codes; the fields of
files; the keys of JSON, to which more may be added; what a code stands for, which is never given to
something else; the digests by which a letter is known, so that a letter built before is never taken
for an edited one. A new version may find more, and say it in other words. Versions before 1.0 may
change all of it, and the changelog says what.

Next: [Codes and rules](rules.md)
"""

_PAGE = """\
# Codes and rules

PL0xx is about a file itself, PL1xx about its keys and values, which the schema knows. Both are
always errors. PL2xx judges an assessment against its criteria, PL3xx its prose, PL4xx the
assessments of a run against each other, PL5xx a letter that came back from Word.

A warning that may stay is listed in the assessment, with the reason, for whoever clears the letter:

    accepted:
      - rule: PL304
        at: benchmarks.partnership_plan.good_practice
        reason: it is the plan's own title

`at` is a key path and covers what is below it; items of a list count from 1
(`key_recommendations.2`). Left out, it covers the whole assessment. For a whole repository,
`prevent-letter.yaml` says under `rules` which warnings to `ignore` and which are an `error`.
`prevent-letter explain CODE` prints what is written here.

"""


def rules() -> str:
    """Return the page that lists and explains all codes."""
    rows, explanations = "", ""
    for code, (name, explanation) in explain.known_codes().items():
        anchor = re.sub(r"[^\w -]", "", f"{code}: {name}".lower()).replace(" ", "-")
        rows += f"| [{code}](#{anchor}) | {explain.severity_of(code)} | {name} |\n"
        explanations += f"\n## {code}: {name}\n\n{explanation}\n"
    table = f"| code | severity | what it means |\n| --- | --- | --- |\n{rows}"
    return f"{_PAGE}{table}{explanations}\nNext: [For those who look after it](maintaining.md)\n"


PAGES = {"rules.md": rules, "reference.md": reference}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (Path(__file__).parent / name).write_text(page(), encoding="utf-8", newline="\n")
