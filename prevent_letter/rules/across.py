"""Rules that compare the assessments of a run with each other (PL4xx)."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.header import Header, without_english
from prevent_letter.core.display import quote, show_path
from prevent_letter.core.findings import MOST_LISTED
from prevent_letter.core.names import fold_name
from prevent_letter.core.repository import real_paths
from prevent_letter.rules.context import Problem, RuleContext, RunSummary, rule, word_list
from prevent_letter.rules.expressions import Expression


class RunContext(NamedTuple):
    """The summaries of all drafts of a run, and the function that loads a draft again."""

    drafts: list[RunSummary]
    load: Callable[[Path], Draft]
    translations: dict[Path, list[Header]]
    """The translations of each draft into other languages, by the draft's path."""


RunProblems = Iterator[tuple[RunSummary, Problem]]


@rule("PL401", "error")
def assessed_twice(run: RunContext) -> RunProblems:
    """Two assessments have the same authority, period and language: one is a copy or a mistake."""
    same: dict[tuple[str, str, str], list[RunSummary]] = {}
    for draft in run.drafts:
        if draft.authority and draft.period:
            key = fold_name(draft.authority), draft.period, without_english(draft.language)
            same.setdefault(key, []).append(draft)
    for drafts in same.values():
        for draft in drafts if len(drafts) > 1 else ():
            other = drafts[0] if draft is not drafts[0] else drafts[1]
            message = f"{show_path(other.path)} is about the same authority and period"
            help = "delete one of the two, or correct authority or period"
            copy = next((path for path in (draft.path, other.path) if _is_copy(path)), None)
            if copy:
                message += f"; {copy.name} looks like a copy"
                help = f"move {copy.name} out of the folder, or name it {copy.stem}.bak"
            yield draft, Problem(("authority",), message, help)


def _is_copy(path: Path) -> bool:
    """Return True if a file's name is one that Windows, macOS or a browser gives to a copy."""
    return re.search(r"(?i)[ _-]copy(?: ?\(?[0-9]+\)?)?$|\([0-9]+\)$", path.stem) is not None


@rule("PL402", "error")
def one_target(run: RunContext) -> RunProblems:
    """Two assessments would write the same letter, so neither is built."""
    by_target: dict[str, list[RunSummary]] = {}
    targets = [(draft, draft.target) for draft in run.drafts if draft.target]
    for (draft, _), real in zip(targets, real_paths(t for _, t in targets), strict=True):
        by_target.setdefault(unicodedata.normalize("NFC", real).casefold(), []).append(draft)
    help = "rename one of the two assessments, or build them into different folders"
    for drafts in by_target.values():
        for draft in drafts:
            others = (other for other in drafts if other is not draft)
            for other in islice(others, MOST_LISTED):  # otherwise problems grow as their square
                letter = show_path(draft.target or draft.path)
                message = f"{show_path(other.path)} would write the same letter, {letter}"
                yield draft, Problem((), message, help)


@rule("PL403", "warning")
def another_authority(run: RunContext) -> RunProblems:
    """The prose names another assessment's authority or area, perhaps in text copied from there."""
    names: dict[str, set[str]] = {}
    for draft in run.drafts:
        names.setdefault(fold_name(draft.authority), set()).update((draft.authority, draft.area))
    by_capital = _by_capital({name for several in names.values() for name in several})
    for draft in run.drafts:
        own = {draft.authority, draft.area, *draft.partners, *names[fold_name(draft.authority)]}
        own |= set(draft.settings.file.names)
        for other in run.translations.get(draft.path, ()):
            own |= {other.authority, other.area}
        for partner in draft.partners:
            own |= names.get(fold_name(partner), set())
        folded_own, others = " | ".join(map(fold_name, own)), set()
        for word in draft.capitals & by_capital.keys():
            for name in by_capital[word] - own:
                if not re.search(rf"(?<!\w){re.escape(fold_name(name))}(?!\w)", folded_own):
                    others.add(name)
        if not others:
            continue
        forms = {form for name in (*others, *own) for form in (name, name.upper()) if form}
        expressions = []  # with either "and" or "&"
        for form in sorted(forms, key=len, reverse=True):
            escaped = re.escape(form).replace(r"\&", "&")
            expressions.append(re.sub(r"\\ (?:&|and|AND)\\ ", r"\\ (?:&|and|AND)\\ ", escaped))
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(expressions)})(?!\w)")
        wrong = {fold_name(name) for name in others}
        for block in RuleContext(run.load(draft.path)).blocks:
            for match in pattern.finditer(block.text):
                before = block.text[max(0, match.start() - 20) : match.start()]
                is_organisation = re.match(_ORGANISATION, block.text[match.end() :])
                is_organisation = is_organisation or re.search(_BEFORE_ORGANISATION, before)
                if fold_name(match[0]) in wrong and not is_organisation:
                    message = f"{quote(match[0])} is another council in this folder"
                    help = "correct the name, or list the council under partners"
                    help += " if the letter is allowed to name it"
                    yield draft, block.problem(match, message, help)


def _by_capital(names: set[str]) -> dict[str, set[str]]:
    """Index names by their first capitalised word, to skip names when a draft lacks the word."""
    index: dict[str, set[str]] = {}
    for name in names:
        capitals = (word for word in re.findall(r"\w+", name) if word[0].isupper())
        if word := next(capitals, None):
            for form in (word, word.upper()):
                index.setdefault(form, set()).add(name)
    return index


_ORGANISATION = Expression(
    r"(?:['’]s)?(?: (?:and|of|the|&|[A-Z][\w'’-]*)){0,4}?"
    r" (?:Police|Constabulary|Fire|University|College|NHS|ICB|Trust|Hospitals?|Integrated Care"
    r"|Ambulance|Airport|Football|FC|Diocese|Cathedral|Mosque|Probation|Prison|Crown Court"
    r"|Magistrates|Academy|School|Gazette|Chamber|Railway|Road|Street)\b"
)
_BEFORE_ORGANISATION = Expression(
    r"(?:Greater|University of|NHS|Diocese of|Bishop of|HMP|BBC Radio|Lord Lieutenant of) $"
)


_KINDS = frozenset(word_list("across.kinds"))


@rule("PL404", "warning")
def area_of_another(run: RunContext) -> RunProblems:
    """The area and the authority's name share no word: one may be left over from a copied file."""
    counts = Counter((fold_name(draft.authority), fold_name(draft.area)) for draft in run.drafts)
    for draft in run.drafts:
        authority, area = fold_name(draft.authority), fold_name(draft.area)
        beginnings = {word[:5] for word in {*re.findall(r"\w+", authority)} - _KINDS}
        is_shared = any(word[:5] in beginnings for word in re.findall(r"\w+", area))
        if authority and area and not is_shared and counts[authority, area] == 1:
            message = f"the area {quote(draft.area)} has no word of the authority's name"
            help = "correct the one that is wrong, or accept this if both are right"
            yield draft, Problem(("area",), message, help)


@rule("PL405", "warning")
def scores_in_two_languages(run: RunContext) -> RunProblems:
    """An authority's assessments of one period in two languages have different scores."""
    for draft in run.drafts:
        if draft.path not in run.translations:
            continue
        loaded = run.load(draft.path)
        for other in run.translations[draft.path]:
            other_scores = run.load(other.path).scores
            for id, score in loaded.scores.items():
                if other_scores.get(id, score) != score and loaded.criteria:
                    name = loaded.criteria.by_id[id].name
                    message = f"the score of {name} differs from that in {show_path(other.path)}"
                    help = "correct the one that is wrong"
                    yield draft, Problem(("benchmarks", id, "score"), message, help)
