"""The criteria set that a verb is about, and a set as a page to read."""

import textwrap
from pathlib import Path

from prevent_letter.assessment import criteria as criteria_sets
from prevent_letter.assessment import settings
from prevent_letter.assessment.criteria import Benchmark, Criteria, NamedSet
from prevent_letter.assessment.drafts import named_set
from prevent_letter.assessment.source import Source
from prevent_letter.ground.findings import Faults, Misuse, nearest, shown


def choose(
    name: str | None, last: Source | None = None, folder: Path | None = None
) -> tuple[Criteria, str]:
    """The set of a name; without one that of last year's assessment, of the settings here, or the standard one.

    Gives the set and the name or path it goes by, as seen from ``folder``, or else from the current one.

    Raises:
        Misuse: there is no set of this name.
        Faults: the set, or the settings, are at fault.
    """
    own = None if name else last
    held = settings.find(own.path.parent if own else Path.cwd())
    named = NamedSet(name, Path.cwd()) if name else named_set(own, held)
    findings = [*held.findings, *named.missing()]
    if name and findings:
        raise Misuse(f"{findings[-1].message}; {findings[-1].help}")
    found = None if findings else criteria_sets.read(named.path)
    if found is None or found.criteria is None:
        raise Faults(findings or (found.findings if found else ()))
    return found.criteria, shown(named.path, folder) if named.is_own else named.name


def page(criteria: Criteria, width: int, id: str | None = None, score: str | None = None) -> str:
    """A set as a page, wrapped to a width in columns: all of it, one benchmark, or what one score asks for.

    Raises:
        Misuse: the set has no such benchmark or score.
    """
    benchmark = criteria.by_id.get(id or "")
    if id and not benchmark:
        guess = nearest(id, criteria.by_id)
        help = (
            f"did you mean {guess}?"
            if guess
            else f"the benchmarks are {', '.join(criteria.by_id)}."
        )
        raise Misuse(f"there is no benchmark {id}; {help}")
    if not benchmark or not score:
        return _whole(criteria, width, benchmark)
    if (number := criteria.scale.written.get(" ".join(score.split()).casefold())) is None:
        labels = ", ".join(criteria.scale.label(each) for each in criteria.scale.scores)
        raise Misuse(f"there is no score {score}; the scores are {labels}.")
    level = criteria.level(benchmark, number) or "the set has no text for its levels"
    return _wrapped(f"{benchmark.name}, {criteria.scale.label(number)}: {level}", width)


def _whole(criteria: Criteria, width: int, benchmark: Benchmark | None) -> str:
    scale = criteria.scale
    met = f"the duty is met from {scale.label(scale.met)} on"
    made = [] if benchmark else [_wrapped(f"{criteria.title} ({met})", width)]
    for number, each in enumerate(criteria.benchmarks, 1):
        if benchmark in (None, each):
            made.append(_wrapped(f"{number}. {each.name} ({each.id})", width))
            made[-1] += "\n" + _wrapped(each.statement, width, "   ")
            for at in scale.scores if each.levels else ():
                made[-1] += "\n" + _wrapped(
                    criteria.level(each, at) or "", width, f"   {scale.label(at)}  "
                )
    return "\n\n".join(made)


def _wrapped(text: str, width: int, lead: str = "") -> str:
    return textwrap.fill(
        text,
        max(width, 30),
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_on_hyphens=False,
    )
