"""Every code with what it means, for ``explain`` and for the page of docs/."""

import re
from inspect import cleandoc

from prevent_letter.ground.findings import Misuse, nearest
from prevent_letter.rules.judge import known_codes
from prevent_letter.rules.judged import RULES


def listed() -> str:
    """All codes, a line each."""
    return "\n".join(f"{code}  {name}" for code, name in known_codes().items())


def explanation(code: str) -> str:
    """What a code means, in any case: for a rule with a bad and a good example, in plain text.

    Raises:
        Misuse: there is no such code.
    """
    known, upper = known_codes(), code.upper()
    if upper not in known:
        guess = nearest(upper, known)
        raise Misuse(f"there is no code {code}" + (f"; did you mean {guess}?" if guess else "."))
    return f"{upper} ({_severity(upper)}): {known[upper]}\n\n{_text(upper).replace('``', '')}".rstrip()


def page() -> str:
    """The page of docs/ that lists all codes and explains the rules, in Markdown."""
    rows = "\n".join(f"| {code} | {_severity(code)} | {name} |" for code, name in known_codes().items())
    explained = ""
    for code in sorted(RULES):
        text = re.sub(r"\n(Bad|Good):\n", r"\n\n\1:\n\n", _text(code).replace("``", "`"))
        explained += f"\n## {code}: {RULES[code].name}\n\n{re.sub(chr(10) * 3, chr(10) * 2, text)}\n"
    return f"{_PAGE}| code | | what it means |\n| --- | --- | --- |\n{rows}\n{explained}"


def _severity(code: str) -> str:
    return RULES[code].severity if code in RULES else "warning" if code == "PL210" else "error"


def _text(code: str) -> str:
    return cleandoc(RULES[code].judge.__doc__ or "") if code in RULES else ""


_PAGE = """\
# Codes and rules

PL0xx is about a file itself, PL1xx about what it holds (its keys and values, which the schema knows). Both are always
errors. PL2xx judges an assessment against its criteria, PL3xx its prose, PL4xx the files of a run against each other.

A warning that may stay is listed in the assessment, with the reason, for whoever clears the letter:

    accepted:
      - {rule: PL304, at: benchmarks.partnership_plan.good_practice, reason: it is the plan's own title}

`at` is a key path and covers what lies below it; items of a list count from 1 (`key_recommendations.2`). Left out, it
covers the whole assessment. For a whole repository, `prevent-letter.yaml` says under `rules` which warnings to `ignore`
and which count as `error`. `prevent-letter explain CODE` prints what stands here.

"""
