"""A criteria set as a page to read in a terminal."""

import textwrap

from prevent_letter.assessment.criteria import Criteria
from prevent_letter.core.display import nearest
from prevent_letter.core.findings import UsageError

_NARROWEST = 30
"""The least width of the page, in columns."""


def criteria_page(
    criteria: Criteria, width: int, id: str | None = None, score: str | None = None
) -> str:
    """Return a criteria set as a page of ``width`` columns: all, one benchmark, or one level.

    Raises:
        UsageError: the set has no such benchmark or score.
    """
    benchmark = criteria.by_id.get(id or "")
    if id and not benchmark:
        guess = nearest(id, criteria.by_id)
        help = f"did you mean {guess}?"
        if not guess:
            help = f"the benchmarks are {', '.join(criteria.by_id)}."
        raise UsageError(f"there is no benchmark {id}; {help}")
    scale = criteria.scale
    if not benchmark or not score:
        title = f"{criteria.title} (the duty is met from {scale.label(scale.met)} on)"
        parts = [] if benchmark else [_wrap(title, width)]
        for number, shown in enumerate(criteria.benchmarks, 1):
            if benchmark not in (None, shown):
                continue
            lines = [_wrap(f"{number}. {shown.name} ({shown.id})", width)]
            lines.append(_wrap(shown.statement, width, "   "))
            for value in scale.scores if shown.levels else ():
                lead = f"   {scale.label(value)}  "
                lines.append(_wrap(criteria.level(shown, value) or "", width, lead))
            parts.append("\n".join(lines))
        return "\n\n".join(parts)
    of_score = scale.written.get(" ".join(score.split()).casefold())
    if of_score is None:
        labels = ", ".join(map(scale.label, scale.scores))
        raise UsageError(f"there is no score {score}; the scores are {labels}.")
    level = criteria.level(benchmark, of_score) or "the set has no text for its levels"
    return _wrap(f"{benchmark.name}, {scale.label(of_score)}: {level}", width)


def _wrap(text: str, width: int, lead: str = "") -> str:
    return textwrap.fill(
        text,
        max(width, _NARROWEST),
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_on_hyphens=False,
    )
