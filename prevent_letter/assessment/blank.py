"""An assessment to fill in: each field with a comment, each benchmark with what it is scored against."""

import datetime as dt
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from prevent_letter.assessment.criteria import KEY, Benchmark, Criteria
from prevent_letter.assessment.fields import Declared, Entry, declared
from prevent_letter.assessment.model import Assessment, Scored
from prevent_letter.assessment.recommendations import Word, last_words, recommendations
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
    year, month = (
        (today.year, today.month - 3) if today.month > 3 else (today.year - 1, today.month + 9)
    )
    first = year if month >= 4 else year - 1
    return f"{first}/{first + 1}"


def next_period(period: str) -> str:
    """The period after a period."""
    last = int(period[-4:])
    return f"{last}/{last + 1}"


def name(known: Mapping[str, Any]) -> str:
    """The name of an assessment's file by what is known of it, as in leicestershire_2022.yaml or conwy_2027.cy.yaml."""
    area, language = (
        re.sub(_NO_WORD, "_", known["area"].casefold()).strip("_"),
        known.get("language"),
    )
    return f"{area}_{known['period'][-4:]}{f'.{language}' if language else ''}.yaml"


def schema_name(criteria_name: str) -> str:
    """The name of the schema's file for a criteria set, by the name or path that the set goes by."""
    path = (
        Path(criteria_name).with_suffix("")
        if criteria_name.endswith((".yaml", ".yml"))
        else Path(criteria_name)
    )
    return f"prevent-letter-{re.sub(_NO_WORD, '_', path.as_posix()).strip('_')}.schema.json"


def carried(last: Source, *, same_authority: bool) -> dict[str, Any]:
    """What goes from last year's assessment into the next: what isn't about the year, nor about another authority."""
    kept = ("always", "with the authority") if same_authority else ("always",)
    keys = [field.name for field in declared(Assessment) if field.facts.carried in kept]
    return {key: value for key in keys if (value := last.value(key)) is not None}


def write(
    criteria: Criteria, criteria_name: str, known: Mapping[str, Any], last: Source | None = None
) -> str:
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
    model: type[Entry],
    known: Mapping[str, Any],
    indent: str,
    criteria: Criteria,
    last: Source | None,
) -> Iterator[str]:
    """The lines of a mapping: for each field its description, its key, and what is known of its value."""
    for field in declared(model):
        key, value = field.name, known.get(field.name)
        yield from [""] * (not indent)
        yield from _comment(field.description, indent)
        if field.name == "key_recommendations" and last and (told := _told(last, KEY)):
            yield from _comment("last year:", indent)
            for each in told:
                yield from _comment(each, indent, "  ")
        if field.entry is Scored:
            yield f"{indent}{key}:"
            for number, benchmark in enumerate(criteria.benchmarks, 1):
                yield from _benchmark(criteria, benchmark, number, last)
        elif field.entry and not field.several:
            yield f"{indent}{key}:"
            yield from _entry(
                field.entry, value if isinstance(value, dict) else {}, indent + "  ", criteria, last
            )
        elif isinstance(value, list):
            yield f"{indent}{key}:"
            yield from (f"{indent}  - {_scalar(each)}" for each in value if isinstance(each, str))
        elif field.kind in ("lines", "prose") and not field.several:
            yield f"{indent}{key}: |"
            lines = value.strip().splitlines() if isinstance(value, str) else ()
            yield from (f"{indent}  {line}".rstrip() for line in lines)
        else:
            yield f"{indent}{key}:{f' {_scalar(value)}' if isinstance(value, str) else ''}"


def _benchmark(
    criteria: Criteria, benchmark: Benchmark, number: int, last: Source | None
) -> Iterator[str]:
    yield ""
    yield f"  {benchmark.id}:"
    yield from _comment(f"{number}. {benchmark.name}: {benchmark.statement}", "    ")
    for score in criteria.scale.scores if benchmark.levels else ():
        yield from _comment(
            f"{criteria.scale.label(score)}: {criteria.level(benchmark, score)}", "    ", "  "
        )
    before = last.value("benchmarks", benchmark.id) if last else None
    if last and isinstance(before, dict):
        told = _told(last, benchmark.id)
        yield from _comment(
            f"last year: {before.get('score')}; recommended{':' if told else ': nothing'}", "    "
        )
        for each in told:
            yield from _comment(each, "    ", "  ")
    yield "    score:"
    for key in Scored.model_fields:
        if key != "score":
            yield f"    {key}: |"


def _told(last: Source, id: str) -> list[str]:
    """Last year's recommendations on a benchmark, or the key ones, each with its handle and what became of it."""
    known = [each for each in recommendations(last.data, [id]) if each.benchmark == id]
    words = last_words(last.data, known)
    return [f"{each.handle} ({_state(words[each.handle])}): {each.words}" for each in known]


def _state(word: Word) -> str:
    said = ", ".join(filter(None, (word.status, word.date)))
    return f"{said}: {word.note}" if word.note else said


def left_behind(last: Source, criteria: Criteria, *, same_authority: bool) -> Iterator[str]:
    """What of last year's assessment doesn't go over, though somebody may think it does, each in a sentence."""
    values, scored = carried(last, same_authority=same_authority), last.value("benchmarks")
    for id in scored if same_authority and isinstance(scored, dict) else ():
        if id not in criteria.by_id:
            yield f"{id} is no benchmark of {criteria.title}, and isn't carried over"
    for field in declared(Assessment):
        if field.name in values and not _has_shape(field, values[field.name]):
            yield f"{field.name} isn't written as it should be in last year's file, and isn't carried over whole"


def _has_shape(field: Declared, value: Any) -> bool:
    """Whether a value that is carried over is what its field asks for, as far as its shape goes."""
    if field.several:
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if field.entry:
        known = {inner.name for inner in declared(field.entry)}
        return (
            isinstance(value, dict) and value.keys() <= known and all(map(_is_text, value.values()))
        )
    return _is_text(value)


def _is_text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _comment(text: str, indent: str, hanging: str = "") -> Iterator[str]:
    lead = f"{indent}# "
    yield from textwrap.wrap(
        text,
        WIDTH,
        initial_indent=lead + hanging,
        subsequent_indent=lead + hanging * 2,
        break_on_hyphens=False,
    )


def _scalar(value: str) -> str:
    """A text as a YAML scalar (1.2.2, 7.3): plain where that is safe, else in double quotes, as JSON has them."""
    text = " ".join(value.split())
    plain = re.fullmatch(r"\w[\w ()/@.,'+&-]*", text) and text.lower() not in (
        "null",
        "true",
        "false",
    )
    return text if plain else json.dumps(text, ensure_ascii=False)
