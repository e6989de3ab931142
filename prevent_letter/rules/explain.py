"""Explain each code with the text of codes.md, for the command ``explain`` and docs/rules.md."""

import re
import textwrap
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from prevent_letter.core.display import nearest
from prevent_letter.core.findings import UsageError
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
    """Return every code that a finding can have, in order, with what it means."""
    text = Path(__file__).with_name("codes.md").read_text(encoding="utf-8")
    pages = re.findall(r"(?ms)^## (PL[0-9]{3}): ([^\n]+)\n(.*?)(?=^## |\Z)", text)
    return {code: Code(name, explanation.strip()) for code, name, explanation in pages}


def explain(code: str, width: int) -> str:
    """Return the meaning of a code (capitals or not) as plain text wrapped to ``width`` columns.

    Raises:
        UsageError: there is no such code.
    """
    codes, upper = known_codes(), code.upper()
    if upper not in codes:
        guess = nearest(upper, codes)
        help = f"; did you mean {guess}?" if guess else "."
        raise UsageError(f"there is no code {code}{help}")
    explanation = codes[upper].explanation.replace("`", "")
    text = f"{upper} ({severity_of(upper)}): {codes[upper].name}\n\n{explanation}"
    paragraphs = re.split(r"\n{2,}(?! )", text)
    return "\n\n".join(
        paragraph if "\n  " in paragraph else textwrap.fill(paragraph, width)
        for paragraph in paragraphs
    )


def severity_of(code: str) -> str:
    """Return the severity of a code's findings, unless the settings change it."""
    return RULES[code].severity if code in RULES else _SEVERITIES.get(code, "error")
