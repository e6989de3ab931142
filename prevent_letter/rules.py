"""Judgement beyond the schema: one small function a rule.

A rule takes a draft with a valid assessment and yields what it finds: a place, a message, help. Its docstring is its
explanation: what it finds and why that matters, with a bad and a good example. To add one, write it here with
``@rule`` and give it a test.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from textwrap import shorten

from prevent_letter import assessment, criteria, fields, settings, source
from prevent_letter.assessment import Assessment, Draft
from prevent_letter.criteria import Criteria
from prevent_letter.findings import Finding, Place, Severity, meant

CODES = {"PL117": "a rule's code that isn't known, or can't be given here"}

Verdicts = Iterator[tuple[Place, str, str]]


@dataclass(frozen=True)
class Judged:
    """What a rule looks at: a draft whose assessment is valid."""

    draft: Draft
    assessment: Assessment
    criteria: Criteria

    def place(self, *at: str | int, key: bool = False) -> Place:
        """The place of a value of the assessment."""
        return self.draft.source.place(at, key=key)

    def find(self, words: str, *at: str | int) -> Place:
        """The place of words inside a value of the assessment."""
        return self.draft.source.find(at, words)


@dataclass(frozen=True)
class Rule:
    """One rule: ``needed`` says that no letter is built without it, even where it only warns in a draft."""

    code: str
    name: str
    severity: Severity
    needed: bool
    judge: Callable[[Judged], Verdicts]


RULES: dict[str, Rule] = {}


def rule(
    code: str, name: str, severity: Severity, *, needed: bool = False
) -> Callable[[Callable[[Judged], Verdicts]], Callable[[Judged], Verdicts]]:
    """Register a rule under its code, which is never given a second meaning."""

    def register(judge: Callable[[Judged], Verdicts]) -> Callable[[Judged], Verdicts]:
        assert code not in RULES, code
        RULES[code] = Rule(code, name, severity, needed, judge)
        return judge

    return register


def judge(draft: Draft, *, building: bool = False) -> list[Finding]:
    """All findings on a draft: its own, then those of the rules.

    ``building`` asks for what stops a letter alone: the errors, and what a letter needs though a draft may lack it.
    """
    found = [*draft.findings, *_unknown_codes(draft)]
    if draft.assessment is None or draft.criteria is None:
        return found
    judged = Judged(draft, draft.assessment, draft.criteria)
    raised, silent = draft.settings.file.rules.error, draft.settings.file.rules.ignore
    for each in RULES.values():
        stops = building and each.needed
        severity: Severity = "error" if stops or each.code in raised else each.severity
        if stops or (each.code not in silent and (severity == "error" or not building)):
            found += [Finding(place, each.code, severity, message, help) for place, message, help in each.judge(judged)]
    return found


def known_codes() -> dict[str, str]:
    """Every code that can be printed, with its name."""
    named = source.CODES | fields.CODES | settings.CODES | criteria.CODES | assessment.CODES | CODES
    return dict(sorted((named | {each.code: each.name for each in RULES.values()}).items()))


def _unknown_codes(draft: Draft) -> Iterator[Finding]:
    """Codes in the settings that mean nothing: such a slip would silence nothing, without a word."""
    if draft.settings.source is None:
        return
    for key, codes in (("ignore", draft.settings.file.rules.ignore), ("error", draft.settings.file.rules.error)):
        for number, code in enumerate(codes):
            if code not in known_codes():
                guess = meant(code, RULES)
                help = f"did you mean {guess}?" if guess else f"the rules' codes are {', '.join(RULES)}"
                message = f"there is no rule {code}"
            elif code not in RULES:
                message, help = f"{code} is always an error and can't be given here", "delete the code"
            else:
                continue
            place = draft.settings.source.place(("rules", key, number))
            yield Finding(place, "PL117", "error", message, help)


_NOTHING = re.compile(r"(none|nil|n/?a|not applicable|nothing)\W*", re.IGNORECASE)


def _says_nothing(words: str | None) -> bool:
    return words is None or _NOTHING.fullmatch(words) is not None


@rule("PL201", "the letter has no date", "warning", needed=True)
def missing_date(judged: Judged) -> Verdicts:
    """The letter has no date.

    A draft may lack it, and ``check`` only warns; a letter can't be built without it.

    Bad:

        period: 2021/2022

    Good:

        period: 2021/2022
        date: 2022-05-27
    """
    if judged.assessment.date is None:
        yield (
            judged.place("date"),
            "the letter has no date",
            "add the day it is sent, such as date: 2022-05-27; only a draft may lack it",
        )


@rule("PL202", '"None" is typed where leaving it out says so', "warning")
def typed_none(judged: Judged) -> Verdicts:
    """Nothing but "None" or "N/A" is typed where leaving the field out says so.

    The letter writes "None" by itself, always in the same words.

    Bad:

        training:
          score: 4
          recommendations: N/A

    Good:

        training:
          score: 4
    """
    for id, scored in judged.assessment.benchmarks.items():
        for field in ("good_practice", "recommendations"):
            words = getattr(scored, field)
            if field == "recommendations" and scored.score < judged.criteria.scale.met:
                continue  # PL203 asks for recommendations then
            if words is not None and _says_nothing(words):
                message = f"{fields.quoted(words)} is typed under {field} of {id}, and the letter says so by itself"
                yield (
                    judged.find(words, "benchmarks", id, field),
                    message,
                    f"delete {field} here: the letter then says None",
                )


@rule("PL203", "the duty isn't met and nothing is recommended", "error")
def unmet_without_recommendations(judged: Judged) -> Verdicts:
    """A benchmark scores below "duty met" and has no recommendations.

    A council that is told it doesn't meet the duty must be told what to do about it.

    Bad:

        engagement:
          score: 2

    Good:

        engagement:
          score: 2
          recommendations: |
            Develop a community engagement plan.
    """
    scale = judged.criteria.scale
    for id, scored in judged.assessment.benchmarks.items():
        if scored.score < scale.met and _says_nothing(scored.recommendations):
            benchmark, next = judged.criteria.by_id[id], scored.score + 1
            asks = judged.criteria.level(benchmark, next)
            wants = (
                f"level {scale.label(next)} asks for: {asks}" if asks else f"the statement is: {benchmark.statement}"
            )
            message = f"{id} scores {scale.label(scored.score)} (duty not met) but has no recommendations"
            help = f"say under recommendations what the authority should do; {shorten(wants, 200, placeholder=' ...')}"
            yield judged.place("benchmarks", id, "score"), message, help
