"""An assessment to fill in: each field with a comment, each benchmark with what it is scored against."""

import datetime as dt
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from prevent_letter.assessment.criteria import Benchmark, Criteria
from prevent_letter.assessment.fields import Entry, declared
from prevent_letter.assessment.model import Assessment, Scored
from prevent_letter.assessment.source import Source

WIDTH = 100
"""The columns of a comment."""

_KINDS = (
    r"^(?:The )?(?:(?:London|Royal|Metropolitan) Borough|City and County|City|County|Borough|Council) of (?:the )?"
    r"|,? (?:(?:County|City|Borough|District|Metropolitan|Unitary|Town) )*(?:Council|Authority|Corporation)$"
)


_NO_WORD = r"\W+"


def area(authority: str) -> str:
    """The area of an authority: its name without "County Council", "London Borough of" and the like."""
    return (re.sub(_KINDS, "", authority).strip() if len(authority) < 200 else "") or authority


def current_period(today: dt.date) -> str:
    """The period that is assessed now: the April-to-March year in which the day three months ago lies."""
    year, month = (today.year, today.month - 3) if today.month > 3 else (today.year - 1, today.month + 9)
    first = year if month >= 4 else year - 1
    return f"{first}/{first + 1}"


def next_period(period: str) -> str:
    """The period after a period."""
    last = int(period[-4:])
    return f"{last}/{last + 1}"


def name(known: Mapping[str, Any]) -> str:
    """The name of an assessment's file by what is known of it, as in leicestershire_2022.yaml or conwy_2027.cy.yaml."""
    area, language = re.sub(_NO_WORD, "_", known["area"].casefold()).strip("_"), known.get("language")
    return f"{area}_{known['period'][-4:]}{f'.{language}' if language else ''}.yaml"


def schema_name(criteria_name: str) -> str:
    """The name of the schema's file for a criteria set, by the name or path that the set goes by."""
    path = Path(criteria_name).with_suffix("") if criteria_name.endswith((".yaml", ".yml")) else Path(criteria_name)
    return f"prevent-letter-{re.sub(_NO_WORD, '_', path.as_posix()).strip('_')}.schema.json"


def carried(last: Source, *, same_authority: bool) -> dict[str, Any]:
    """What goes from last year's assessment into the next: what isn't about the year, nor about another authority."""
    kept = ("always", "with the authority") if same_authority else ("always",)
    keys = [field.name for field in declared(Assessment) if field.facts.carried in kept]
    found = {key: value for key in keys if (value := last.value(key)) is not None}
    if not isinstance(found.get("area", "x"), str) or not found.get("area", "x").strip():
        del found["area"]
    return found


def write(criteria: Criteria, criteria_name: str, known: Mapping[str, Any], last: Source | None = None) -> str:
    """The text of an assessment to fill in.

    Args:
        criteria: what it is scored against.
        criteria_name: the name or path of the set, which names the schema's file.
        known: what is known already, as plain data: authority, area, period, perhaps more.
        last: last year's assessment of the same authority, whose scores and recommendations become comments.
    """
    lines = [
        f"# yaml-language-server: $schema={schema_name(criteria_name)}",
        f"# Fill it in, then check it: prevent-letter check {name(known)}",
        *_entry(Assessment, known, "", criteria, last),
    ]
    return "\n".join(lines) + "\n"


def _entry(
    model: type[Entry], known: Mapping[str, Any], indent: str, criteria: Criteria, last: Source | None
) -> Iterator[str]:
    """The lines of a mapping: for each field its description, its key, and what is known of its value."""
    for field in declared(model):
        key, value = field.name, known.get(field.name)
        yield from [""] * (not indent)
        yield from _comment(field.description, indent)
        if field.entry is Scored:
            yield f"{indent}{key}:"
            for number, benchmark in enumerate(criteria.benchmarks, 1):
                yield from _benchmark(criteria, benchmark, number, last)
        elif field.entry and not field.several:
            yield f"{indent}{key}:"
            yield from _entry(field.entry, value if isinstance(value, dict) else {}, indent + "  ", criteria, last)
        elif isinstance(value, list):
            yield f"{indent}{key}:"
            yield from (f"{indent}  - {_scalar(each)}" for each in value if isinstance(each, str))
        elif field.kind in ("lines", "prose") and not field.several:
            yield f"{indent}{key}: |"
            lines = value.strip().splitlines() if isinstance(value, str) else ()
            yield from (f"{indent}  {line}".rstrip() for line in lines)
        else:
            yield f"{indent}{key}:{f' {_scalar(value)}' if isinstance(value, str) else ''}"


def _benchmark(criteria: Criteria, benchmark: Benchmark, number: int, last: Source | None) -> Iterator[str]:
    yield ""
    yield f"  {benchmark.id}:"
    yield from _comment(f"{number}. {benchmark.name}: {benchmark.statement}", "    ")
    for score in criteria.scale.scores if benchmark.levels else ():
        yield from _comment(f"{criteria.scale.label(score)}: {criteria.level(benchmark, score)}", "    ", "  ")
    before = last.value("benchmarks", benchmark.id) if last else None
    if isinstance(before, dict):
        recommended = before.get("recommendations") or "nothing"
        recommended = re.sub(r"(?m)^[ \t]*[-*] ", "", str(recommended))
        yield from _comment(f"last year: {before.get('score')}; recommended: {' '.join(recommended.split())}", "    ")
    yield "    score:"
    for key in Scored.model_fields:
        if key != "score":
            yield f"    {key}: |"


def _comment(text: str, indent: str, hanging: str = "") -> Iterator[str]:
    lead = f"{indent}# "
    yield from textwrap.wrap(
        text, WIDTH, initial_indent=lead + hanging, subsequent_indent=lead + hanging * 2, break_on_hyphens=False
    )


def _scalar(value: str) -> str:
    """A text as a YAML scalar (1.2.2, 7.3): plain where that is safe, else in double quotes, as JSON has them."""
    text = " ".join(value.split())
    plain = re.fullmatch(r"\w[\w ()/@.,'+&-]*", text) and text.lower() not in ("null", "true", "false")
    return text if plain else json.dumps(text, ensure_ascii=False)
