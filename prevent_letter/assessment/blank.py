"""Write an assessment to fill in, with a comment for each field and the levels for each score."""

import datetime as dt
import json
import re
import textwrap
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prevent_letter.assessment.criteria import KEY, Benchmark, Criteria
from prevent_letter.assessment.fields import fields_of, parse_dotted
from prevent_letter.assessment.model import Assessment, Scored, score_reader
from prevent_letter.assessment.places import KeyPath, Source
from prevent_letter.assessment.recommendations import last_entries, recommendations
from prevent_letter.assessment.validation import validate
from prevent_letter.assessment.values import Entry

_COMMENT_WIDTH = 100
"""The maximum width of a comment line in columns, including its indentation."""
_LONGEST_NAME = 200
"""An authority's name of this many characters or more is not shortened."""
_KIND_OF_AUTHORITY = (
    r"^(?:The )?(?:(?:London|Royal|Metropolitan) Borough|City and County|City|County|Borough"
    r"|Council) of (?:the )?"
    r"|,? (?:(?:County|City|Borough|District|Metropolitan|Unitary|Town) )*"
    r"(?:Council|Authority|Corporation)$"
)
_NOT_WORD = r"\W+"


def area_of(authority: str) -> str:
    """Return an authority's name without "County Council", "London Borough of" and the like."""
    if len(authority) >= _LONGEST_NAME:
        return authority
    return re.sub(_KIND_OF_AUTHORITY, "", authority).strip() or authority


def current_period(today: dt.date) -> str:
    """Return the April-to-March year that contains the day three months before ``today``."""
    first = today.year if today.month >= 7 else today.year - 1  # July is three months after April
    return f"{first}/{first + 1}"


def next_period(period: str) -> str:
    """Return the period that follows a period."""
    last = int(period[-4:])
    return f"{last}/{last + 1}"


def file_name(known: Mapping[str, Any]) -> str:
    """Return an assessment's file name: leicestershire_2022.yaml; conwy_2027.cy.yaml in Welsh."""
    area = re.sub(_NOT_WORD, "_", known["area"].casefold()).strip("_")
    language = f".{known['language']}" if known.get("language") else ""
    return f"{area}_{known['period'][-4:]}{language}.yaml"


def schema_file_name(criteria_name: str) -> str:
    """Return the file name of the schema for a criteria set, from the set's name or path."""
    name = re.sub(r"\.ya?ml$", "", Path(criteria_name).as_posix())
    return f"prevent-letter-{re.sub(_NOT_WORD, '_', name).strip('_')}.schema.json"


def carried_over(
    last_year: Source, faulty: Container[KeyPath], *, same_authority: bool
) -> dict[str, Any]:
    """Return, as plain data, the values that the next assessment copies from last year's.

    The values at the key paths in ``faulty`` are left out.
    """
    values = {name: last_year.value(name) for name in _carried(same_authority)}
    valid: dict[str, Any] = _without(values, faulty)
    return valid


def _carried(same_authority: bool) -> list[str]:
    carried = ("always", "with the authority") if same_authority else ("always",)
    return [field.name for field in fields_of(Assessment) if field.use.carried in carried]


def faulty_values(last_year: Source, criteria: Criteria) -> list[KeyPath]:
    """Return the key paths of the values of last year's file that ``check`` refuses."""
    read_score = score_reader(criteria, accept_numbers=True)
    findings = validate(Assessment, last_year, read_score)[1]
    return [parse_dotted(finding.key_path) for finding in findings if finding.code != "PL102"]


def _without(data: Any, faulty: Container[KeyPath], path: KeyPath = ()) -> Any:
    """Return plain data without None and without the values at some key paths."""
    if not isinstance(data, (dict, list)):
        return data
    items = data.items() if isinstance(data, dict) else enumerate(data)
    kept = [(key, value) for key, value in items if value is not None]
    kept = [
        (key, _without(v, faulty, (*path, key))) for key, v in kept if (*path, key) not in faulty
    ]
    return dict(kept) if isinstance(data, dict) else [value for _, value in kept]


def not_carried_over(
    last_year: Source, criteria: Criteria, faulty: Sequence[KeyPath], *, same_authority: bool
) -> Iterator[str]:
    """Yield a sentence for each part of last year's file that is unexpectedly not carried over."""
    scored = last_year.value("benchmarks")
    if same_authority and isinstance(scored, dict):
        for id in scored:
            if id not in criteria.by_id:
                yield f"{id} is not a benchmark of {criteria.title}, and is not carried over"
    faulty_names = {path[0] for path in faulty if path}
    for name in _carried(same_authority):
        if name in faulty_names:
            yield f"{name} has errors in last year's file, and is not carried over whole"


def blank_assessment(
    criteria: Criteria,
    criteria_name: str,
    known: Mapping[str, Any],
    last_year: Source | None = None,
    *,
    name: str = "",
) -> str:
    """Return the text of an assessment to fill in.

    Args:
        criteria: the set that the assessment is scored against.
        criteria_name: the name or path of the set, which gives the schema file its name.
        known: the values known already, as plain data: authority, area, period, perhaps more.
        last_year: last year's assessment of the same authority, whose scores and recommendations
            become comments.
        name: the file's name, if it isn't the usual one.
    """
    writer = _Writer(criteria, last_year)
    lines = [
        f"# yaml-language-server: $schema={schema_file_name(criteria_name)}",
        f"# Fill it in, then check it: prevent-letter check {name or file_name(known)}",
        *writer.entry(Assessment, known, ""),
    ]
    return "\n".join(lines) + "\n"


@dataclass
class _Writer:
    """Writes the lines of an assessment to fill in."""

    criteria: Criteria
    last_year: Source | None

    def entry(self, model: type[Entry], known: Mapping[str, Any], indent: str) -> Iterator[str]:
        """Yield the lines of a mapping: each field's description, key, and known value."""
        for field in fields_of(model):
            key, value = field.name, known.get(field.name)
            if not field.use.typed:
                continue
            if not indent:
                yield ""
            yield from _comment(field.description, indent)
            if key == "key_recommendations" and (lines := self.recommendations(KEY)):
                yield from _comment("last year:", indent)
                for line in lines:
                    yield from _comment(line, indent, "  ")
            if field.entry is Scored:
                yield f"{indent}{key}:"
                for number, benchmark in enumerate(self.criteria.benchmarks, 1):
                    yield from self.benchmark(benchmark, number)
            elif field.entry and not field.several:
                inner = value if isinstance(value, dict) else {}
                yield f"{indent}{key}:"
                yield from self.entry(field.entry, inner, indent + "  ")
            elif isinstance(value, list):
                yield f"{indent}{key}:"
                for item in value:
                    if isinstance(item, str):
                        yield f"{indent}  - {_scalar(item)}"
            elif field.kind in ("lines", "prose") and not field.several:
                yield f"{indent}{key}: |"
                for line in value.strip().splitlines() if isinstance(value, str) else ():
                    yield f"{indent}  {line}".rstrip()
            elif isinstance(value, str):
                yield f"{indent}{key}: {_scalar(value)}"
            else:
                yield f"{indent}{key}:"

    def benchmark(self, benchmark: Benchmark, number: int) -> Iterator[str]:
        """Yield the lines of a benchmark, with its levels and last year's result as comments."""
        scale, indent = self.criteria.scale, "    "
        yield ""
        yield f"  {benchmark.id}:"
        yield from _comment(f"{number}. {benchmark.name}: {benchmark.statement}", indent)
        for score in scale.scores if benchmark.levels else ():
            level = self.criteria.level(benchmark, score)
            yield from _comment(f"{scale.label(score)}: {level}", indent, "  ")
        before = self.last_year.value("benchmarks", benchmark.id) if self.last_year else None
        if isinstance(before, dict):
            lines = self.recommendations(benchmark.id)
            end = ":" if lines else ": nothing"
            yield from _comment(f"last year: {before.get('score')}; recommended{end}", indent)
            for line in lines:
                yield from _comment(line, indent, "  ")
        yield f"{indent}score:"
        for field in fields_of(Scored):
            if field.kind != "score":
                yield f"{indent}{field.name}: |"

    def recommendations(self, id: str) -> list[str]:
        """Return last year's recommendations, with status, for an id: a benchmark's or ``KEY``."""
        if not self.last_year:
            return []
        data = self.last_year.data
        known = [r for r in recommendations(data, [id]) if r.benchmark == id]
        entries = last_entries(data, known)
        lines = []
        for recommendation in known:
            entry = entries[recommendation.handle]
            status = ", ".join(filter(None, (entry.status, entry.date)))
            status = f"{status}: {entry.note}" if entry.note else status
            lines.append(f"{recommendation.handle} ({status}): {recommendation.words}")
        return lines


def _comment(text: str, indent: str, hanging: str = "") -> Iterator[str]:
    lead = f"{indent}# {hanging}"
    yield from textwrap.wrap(
        text,
        _COMMENT_WIDTH,
        initial_indent=lead,
        subsequent_indent=lead + hanging,
        break_on_hyphens=False,
    )


def _scalar(value: str) -> str:
    """Return text as a YAML scalar (YAML 1.2.2, section 7.3): plain if safe, else double-quoted."""
    text = " ".join(value.split())
    is_plain = re.fullmatch(r"\w[\w ()/@.,'+&-]*", text)
    if is_plain and text.lower() not in ("null", "true", "false"):
        return text
    return json.dumps(text, ensure_ascii=False)
