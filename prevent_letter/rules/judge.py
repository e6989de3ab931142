"""The rules applied: to a run of drafts, with what the settings and the assessments say about rules."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from prevent_letter.assessment import criteria, drafts, fields, model, settings, source
from prevent_letter.assessment.drafts import Draft, named_set
from prevent_letter.assessment.fields import quoted
from prevent_letter.assessment.settings import Settings
from prevent_letter.assessment.source import KeyPath
from prevent_letter.ground.findings import Finding, Severity, nearest
from prevent_letter.rules import scores, wording  # noqa: F401 (their rules register themselves)
from prevent_letter.rules.judged import RULES, Judged, Rule, Verdict
from prevent_letter.rules.run import Run

Stage = Literal["check", "build", "draft"]
"""What the findings are for: all of them; those that stop a letter; those that stop even a draft of it."""

CODES = {
    "PL117": "a rule's code that isn't known, or can't be given here",
    "PL210": "an accepted warning that isn't there any more",
}


def judge(
    drafts: Sequence[Draft], targets: Mapping[Path, Path], stage: Stage = "check", formats: Sequence[str] = ()
) -> dict[Path, list[Finding]]:
    """The findings on each draft of a run, by its path: its own, those of its settings and criteria, and the rules'.

    ``targets`` says where the letter of each would go, ``formats`` in which formats it is built.
    """
    found = {draft.path: [*draft.findings, *settings_findings(draft.settings)] for draft in drafts}
    readable = [Judged(draft) for draft in drafts if not draft.source.findings]
    accepted = {judged.draft.path: _accepted(judged.draft) for judged in readable}
    given: set[tuple[Path, int]] = set()  # what of it silences something
    for each in RULES.values():
        for judged, verdict in _verdicts(each, readable, targets, stage, formats):
            draft, severity = judged.draft, _severity(each, judged.draft, stage, formats)
            silences = {
                (draft.path, number)
                for number, code, at in accepted[draft.path]
                if code == each.code and verdict.at[: len(at)] == at and severity == "warning"
            }
            given |= silences
            if severity and not silences:
                place = draft.source.find(verdict.at, verdict.words, verdict.nth)
                found[draft.path].append(Finding(place, each.code, severity, verdict.message, verdict.help))
    for judged in readable if stage == "check" else ():
        path = judged.draft.path
        found[path] += _stale(judged.draft, [each for each in accepted[path] if (path, each[0]) not in given])
    return found


def _verdicts(
    each: Rule, readable: list[Judged], targets: Mapping[Path, Path], stage: Stage, formats: Sequence[str]
) -> Iterator[tuple[Judged, Verdict]]:
    counting = [judged for judged in readable if _severity(each, judged.draft, stage, formats)]
    if each.across:
        yield from each.judge(Run(readable, targets)) if counting else ()
        return
    for judged in counting:
        if each.code.startswith("PL3") or judged.draft.assessment:
            for verdict in each.judge(judged):
                yield judged, verdict


def _severity(each: Rule, draft: Draft, stage: Stage, formats: Sequence[str] = ()) -> Severity | None:
    """How severe a rule's finding is at a stage; None where it doesn't count."""
    rules = draft.settings.file.rules
    if each.needed in (*formats, "letter" if stage == "build" else None):
        return "error"
    if stage == "draft":
        return "error" if each.code == "PL402" else None
    severity: Severity = "error" if each.code in rules.error else each.severity
    silent = each.code in rules.ignore and each.code != "PL402"
    return None if silent or (stage == "build" and severity == "warning") else severity


def _accepted(draft: Draft) -> list[tuple[int, str, KeyPath]]:
    """Number, code and key path of each accepted warning that can be read, also in a draft that the schema refuses."""
    accepted = draft.source.value("accepted")
    return [
        (number, each["rule"].strip(), _key_path(each.get("at")))
        for number, each in enumerate(accepted if isinstance(accepted, list) else ())
        if isinstance(each, dict) and isinstance(each.get("rule"), str)
    ]


def _key_path(at: Any) -> KeyPath:
    """``key_recommendations.2`` as a key path; items count from 1 there."""
    parts = at.strip().split(".") if isinstance(at, str) else ()
    return tuple(int(part) - 1 if re.fullmatch("[1-9][0-9]{0,5}", part) else part for part in parts)


def _stale(draft: Draft, silent: list[tuple[int, str, KeyPath]]) -> Iterator[Finding]:
    """What is accepted that silences nothing, unless its rule didn't run this time; and what can't be accepted."""
    for number, code, at in silent:
        place, rule = draft.source.place(("accepted", number, "rule")), RULES.get(code)
        if rule is None or rule.severity == "error":
            yield Finding(place, "PL117", "error", *_not_a_warning(code))
        elif draft.assessment and not rule.across and _severity(rule, draft, "check") == "warning":
            where = ".".join(str(part + 1) if isinstance(part, int) else part for part in at)
            message = f"{code} is accepted here, and there is no such warning{' at ' + where if at else ''}"
            yield Finding(place, "PL210", "warning", message, "delete this item of accepted")


def settings_findings(held: Settings) -> Iterator[Finding]:
    """What the settings name that isn't there: codes (such a slip would silence nothing, without a word), a set."""
    if held.source is None:
        return
    for key, codes in (("ignore", held.file.rules.ignore), ("error", held.file.rules.error)):
        for number, code in enumerate(codes):
            if code not in RULES or (key == "ignore" and code == "PL402"):
                yield Finding(held.source.place(("rules", key, number)), "PL117", "error", *_not_a_warning(code))
    if held.file.criteria:
        yield from named_set(None, held).missing()


def _not_a_warning(code: str) -> tuple[str, str]:
    """Message and help about a code that can't be silenced, or raised."""
    if code in known_codes():
        return f"{code} can't be given here: it is no rule's warning", "delete it"
    guess = nearest(code, RULES)
    help = f"did you mean {guess}?" if guess else "see: prevent-letter explain"
    return f"there is no rule {quoted(code)}", help


def known_codes() -> dict[str, str]:
    """Every code that can be printed, with its name, in order."""
    named = {each.code: each.name for each in RULES.values()} | CODES
    for room in (source, fields, settings, criteria, model, drafts):
        named |= room.CODES
    return dict(sorted(named.items()))
