"""The rules applied: to a run of drafts, with what the settings and the assessments say about rules."""

import re
from collections.abc import Iterator, Mapping, Sequence
from inspect import cleandoc
from pathlib import Path
from typing import Any, Literal

from prevent_letter import assessment, criteria, fields, settings, source
from prevent_letter.assessment import Draft
from prevent_letter.findings import Finding, Severity, meant
from prevent_letter.rules import RULES, Judged, Rule, Run, Verdict
from prevent_letter.settings import Settings
from prevent_letter.source import KeyPath

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
    if held.criteria and held.folder:
        yield from criteria.missing(held.criteria, held.folder, held.source.place(("criteria",)))


def _not_a_warning(code: str) -> tuple[str, str]:
    """Message and help about a code that can't be silenced, or raised."""
    if code in known_codes():
        return f"{code} can't be given here: it is no rule's warning", "delete it"
    guess = meant(code, RULES)
    return (
        f"there is no rule {fields.quoted(code)}",
        f"did you mean {guess}?" if guess else "see: prevent-letter explain",
    )


def known_codes() -> dict[str, str]:
    """Every code that can be printed, with its name, in order."""
    named = source.CODES | fields.CODES | settings.CODES | criteria.CODES | assessment.CODES | CODES
    return dict(sorted((named | {each.code: each.name for each in RULES.values()}).items()))


def _kind(code: str) -> str:
    return RULES[code].severity if code in RULES else "warning" if code == "PL210" else "error"


def explanation(code: str) -> str:
    """What a code means: for a rule with a bad and a good example, in plain text."""
    heading = f"{code} ({_kind(code)}): {known_codes()[code]}"
    said = cleandoc(RULES[code].judge.__doc__ or "").replace("``", "") if code in RULES else ""
    return f"{heading}\n\n{said}".rstrip()


def page() -> str:
    """The page of docs/ that lists all codes and explains the rules, in Markdown."""
    rows = "\n".join(f"| {code} | {_kind(code)} | {name} |" for code, name in known_codes().items())
    explained = ""
    for code, rule in RULES.items():
        said = re.sub(r"\n(Bad|Good):\n", r"\n\n\1:\n\n", cleandoc(rule.judge.__doc__ or "").replace("``", "`"))
        explained += f"\n## {code}: {rule.name}\n\n{re.sub(chr(10) * 3, chr(10) * 2, said)}\n"
    return f"{_PAGE}| code | | what it means |\n| --- | --- | --- |\n{rows}\n{explained}"


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
