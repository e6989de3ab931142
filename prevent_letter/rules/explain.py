"""Every code with what it means, for ``explain`` and for the page of docs/.

A rule explains itself, in its docstring; what is no rule's has its words in codes.md.
"""

import re
import textwrap
from collections.abc import Mapping
from functools import cache
from inspect import cleandoc
from pathlib import Path

from prevent_letter.ground.findings import Misuse, nearest
from prevent_letter.rules import (  # noqa: F401 (their rules register themselves)
    dates,
    lists,
    names,
    notes,
    private,
    repeats,
    run,
    scores,
    typing,
    wording,
)
from prevent_letter.rules.judged import RULES


@cache
def _pages() -> Mapping[str, tuple[str, str]]:
    """By its code, the name and the explanation of what is no rule's."""
    text = Path(__file__).with_name("codes.md").read_text(encoding="utf-8")
    found = re.findall(r"(?ms)^## (PL[0-9]{3}): ([^\n]+)\n(.*?)(?=^## |\Z)", text)
    return {code: (name, explained.strip()) for code, name, explained in found}


@cache
def known_codes() -> Mapping[str, str]:
    """Every code that can be printed, with its name, in order."""
    named = {each.code: each.name for each in RULES.values()} | {
        code: name for code, (name, _) in _pages().items()
    }
    return dict(sorted(named.items()))


def listed() -> str:
    """All codes, a line each."""
    return "\n".join(f"{code}  {name}" for code, name in known_codes().items())


def explanation(code: str, width: int) -> str:
    """What a code means, in any case: as a rule with a bad and a good example, in plain text of so many columns.

    Raises:
        Misuse: there is no such code.
    """
    known, upper = known_codes(), code.upper()
    if upper not in known:
        guess = nearest(upper, known)
        raise Misuse(f"there is no code {code}" + (f"; did you mean {guess}?" if guess else "."))
    text = f"{upper} ({_severity(upper)}): {known[upper]}\n\n{_text(upper).replace('``', '')}"
    paragraphs = re.split(r"\n{2,}(?! )", text)
    return "\n\n".join(
        each if "\n  " in each else textwrap.fill(each, width) for each in paragraphs
    )


def page() -> str:
    """The page of docs/ that lists and explains all codes, in Markdown."""
    rows = "\n".join(
        f"| {code} | {_severity(code)} | {name} |" for code, name in known_codes().items()
    )
    explained = ""
    for code, name in known_codes().items():
        explained += f"\n## {code}: {name}\n\n{_text(code).replace('``', '`')}\n"
    return f"{_PAGE}| code | | what it means |\n| --- | --- | --- |\n{rows}\n{explained}"


def _severity(code: str) -> str:
    return RULES[code].severity if code in RULES else _SEVERITIES.get(code, "error")


_SEVERITIES = {"PL120": "note", "PL210": "warning", "PL503": "note", "PL508": "note"}
_SEVERITIES |= dict.fromkeys(("PL506", "PL507", "PL509"), "warning")


def _text(code: str) -> str:
    """The explanation of a code: a paragraph or more, then examples after Bad: and Good:, indented by four."""
    text = cleandoc(RULES[code].judge.__doc__ or "") if code in RULES else _pages()[code][1]
    return re.sub(r"\n{1,2}(Bad|Good):\n{1,2}", r"\n\n\1:\n\n", text)


_PAGE = """\
# Codes and rules

PL0xx is about a file itself, PL1xx about what it holds (its keys and values, which the schema knows). Both are always
errors. PL2xx judges an assessment against its criteria, PL3xx its prose, PL4xx the files of a run against
each other, PL5xx a letter that came back from Word.

A warning that may stay is listed in the assessment, with the reason, for whoever clears the letter:

    accepted:
      - {rule: PL304, at: benchmarks.partnership_plan.good_practice, reason: it is the plan's own title}

`at` is a key path and covers what lies below it; items of a list count from 1 (`key_recommendations.2`). Left out, it
covers the whole assessment. For a whole repository, `prevent-letter.yaml` says under `rules` which warnings to `ignore`
and which count as `error`. `prevent-letter explain CODE` prints what stands here.

"""
