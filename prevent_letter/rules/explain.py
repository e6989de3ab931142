"""Explain each code, for the command ``explain`` and for docs/rules.md, from codes.md."""

import re
import textwrap
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from prevent_letter.core.display import nearest
from prevent_letter.core.findings import UsageError
from prevent_letter.rules import (  # noqa: F401 (their rules register themselves)
    across,
    dates,
    lists,
    names,
    notes,
    private,
    repeats,
    scores,
    typing,
    wording,
)
from prevent_letter.rules.context import RULES

_SEVERITIES = {"PL120": "note", "PL210": "warning", "PL503": "note", "PL508": "note"}
_SEVERITIES |= dict.fromkeys(("PL506", "PL507", "PL509"), "warning")
"""The severities of codes that have no rule; the other codes without a rule are errors."""


class Code(NamedTuple):
    """What a code means: its name, and paragraphs with a bad and a good example, in Markdown."""

    name: str
    explanation: str


@cache
def known_codes() -> Mapping[str, Code]:
    """Return every code that can be printed, in order."""
    text = Path(__file__).with_name("codes.md").read_text(encoding="utf-8")
    pages = re.findall(r"(?ms)^## (PL[0-9]{3}): ([^\n]+)\n(.*?)(?=^## |\Z)", text)
    return {code: Code(name, explanation.strip()) for code, name, explanation in pages}


def explain(code: str, width: int) -> str:
    """Return what a code (in any case) means, as plain text wrapped to a width in columns.

    Raises:
        UsageError: there is no such code.
    """
    codes, upper = known_codes(), code.upper()
    if upper not in codes:
        guess = nearest(upper, codes)
        raise UsageError(
            f"there is no code {code}" + (f"; did you mean {guess}?" if guess else ".")
        )
    explanation = codes[upper].explanation.replace("`", "")
    text = f"{upper} ({_severity(upper)}): {codes[upper].name}\n\n{explanation}"
    paragraphs = re.split(r"\n{2,}(?! )", text)
    return "\n\n".join(
        paragraph if "\n  " in paragraph else textwrap.fill(paragraph, width)
        for paragraph in paragraphs
    )


def page() -> str:
    """Return the page of docs/ that lists and explains all codes, in Markdown."""
    rows, explanations = "", ""
    for code, (name, explanation) in known_codes().items():
        rows += f"| {code} | {_severity(code)} | {name} |\n"
        explanations += f"\n## {code}: {name}\n\n{explanation}\n"
    return f"{_PAGE}| code | | what it means |\n| --- | --- | --- |\n{rows}{explanations}"


def _severity(code: str) -> str:
    return RULES[code].severity if code in RULES else _SEVERITIES.get(code, "error")


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
