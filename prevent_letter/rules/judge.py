"""The rules applied: to a run of drafts, with what the settings and the assessments say about rules."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from prevent_letter.assessment.drafts import Desk, Draft, named_set
from prevent_letter.assessment.fields import dotted, key_path, quoted
from prevent_letter.assessment.glance import Glance
from prevent_letter.assessment.settings import Settings
from prevent_letter.assessment.source import KeyPath, Source
from prevent_letter.ground.findings import MOST, Finding, Gathered, Severity, nearest
from prevent_letter.ground.names import normal
from prevent_letter.rules.explain import known_codes
from prevent_letter.rules.judged import RULES, Judged, Kept, Rule, Verdict
from prevent_letter.rules.run import Run

Stage = Literal["check", "build", "draft"]
"""What the findings are for: all of them; those that stop a letter; those that stop even a draft of it."""


class Judge:
    """Judges the drafts of a run, one after the other, and then against each other."""

    def __init__(
        self,
        stage: Stage = "check",
        formats: Sequence[str] = (),
        open: Callable[[Path], Draft] | None = None,
        *,
        heed: bool = True,
    ) -> None:
        """``formats``: those that are built. ``open`` opens again a draft; ``heed``: what is accepted is silent."""
        self.heed = heed
        self.stage, self.formats, self.open = stage, formats, open or Desk().open
        self.found: dict[Path, Gathered] = {}
        self._kept: list[Kept] = []

    def add(self, draft: Draft, target: Path | None = None) -> None:
        """Find what is wrong with a draft, whose letter would go to ``target``."""
        found = self.found[draft.path] = Gathered(
            (*draft.findings, *settings_findings(draft.settings))
        )
        if draft.source.findings:
            return
        judged, accepted = Judged(draft), accepted_in(draft) if self.heed else []
        given: set[int] = set()  # what of it silences something
        for each in RULES.values():
            severity = self._severity(each, draft.settings)
            if each.english and judged.line("language") not in ("", "en"):
                continue
            if severity and not each.across and (each.code.startswith("PL3") or draft.assessment):
                for verdict in each.judge(judged):
                    silences = _silence(verdict, each, severity, accepted)
                    given |= silences
                    if not silences:
                        found.add(
                            each.code, partial(_finding, each, severity, verdict, draft.source)
                        )
        if self.stage == "check":
            found += self._stale(draft, [each for each in accepted if each[0] not in given])
        across = self._severity(RULES["PL403"], draft.settings)  # which alone asks for words
        self._kept.append(_keep(judged, judged.words if across else set(), target, accepted))

    def meet(self, neighbour: Glance, target: Path | None = None) -> None:
        """Know another assessment, which isn't judged, and whose letter would go to ``target``."""
        path, authority, area, period, language = neighbour
        self._kept.append(
            Kept(path, target, normal(authority), normal(area), normal(period), language)
        )

    def finish(self) -> Mapping[Path, list[Finding]]:
        """The findings on each draft by its path: its own, those of its settings and criteria, and the rules'."""
        reopened: dict[Path, Draft] = {}

        def open(path: Path) -> Draft:
            if path not in reopened:
                reopened.clear()
                reopened[path] = self.open(path)
            return reopened[path]

        for each in (rule for rule in RULES.values() if rule.across):
            counts = any(self._severity(each, kept.settings) for kept in self._kept)
            for kept, verdict in each.judge(Run(self._kept, open)) if counts else ():
                severity = self._severity(each, kept.settings) if kept.path in self.found else None
                if severity and not _silence(verdict, each, severity, kept.accepted):
                    where = open(kept.path).source
                    self.found[kept.path].add(
                        each.code, partial(_finding, each, severity, verdict, where)
                    )
        return self.found

    def _severity(self, rule: Rule, held: Settings) -> Severity | None:
        """How severe a rule's finding is at this stage; None where it doesn't count."""
        if rule.needed in (*self.formats, "letter" if self.stage == "build" else None):
            return "error"
        if self.stage == "draft":
            return "error" if rule.code == "PL402" else None
        severity: Severity = "error" if rule.code in held.file.rules.error else rule.severity
        silent = rule.code in held.file.rules.ignore and rule.code != "PL402"
        return None if silent or (self.stage == "build" and severity == "warning") else severity

    def _stale(self, draft: Draft, silent: list[tuple[int, str, KeyPath]]) -> Iterator[Finding]:
        """What is accepted that silences nothing, unless its rule didn't run; and what can't be accepted."""
        for number, code, at in silent:
            place, rule = draft.source.place(("accepted", number, "rule")), RULES.get(code)
            if rule is None or rule.severity == "error":
                yield Finding(place, "PL117", "error", *_not_a_warning(code))
            elif (
                draft.assessment
                and not rule.across
                and not (rule.english and draft.assessment.language)
                and self._severity(rule, draft.settings) == "warning"
            ):
                message = f"{code} is accepted here, and there is no such warning{f' at {dotted(at)}' if at else ''}"
                yield Finding(place, "PL210", "warning", message, "delete this item of accepted")


def judge(
    drafts: Iterable[Draft],
    targets: Mapping[Path, Path],
    stage: Stage = "check",
    formats: Sequence[str] = (),
    neighbours: Iterable[tuple[Glance, Path | None]] = (),
) -> Mapping[Path, list[Finding]]:
    """The findings on each draft of a run, by its path; ``targets`` tells where the letter of each would go."""
    made = Judge(stage, formats)
    for neighbour, target in neighbours:
        made.meet(neighbour, target)
    for draft in drafts:
        made.add(draft, targets.get(draft.path))
    return made.finish()


def _finding(rule: Rule, severity: Severity, verdict: Verdict, source: Source) -> Finding:
    """A verdict as a finding, with its place in the file."""
    return Finding(
        verdict.place(source),
        rule.code,
        severity,
        verdict.message,
        verdict.help,
        at=dotted(verdict.at),
    )


def stops(finding: Finding, end: str) -> bool:
    """Whether a finding keeps a letter from being built in a format: some are about another format alone."""
    needed = RULES[finding.code].needed if finding.code in RULES else ""
    return needed in ("", "letter", end)


def _silence(
    verdict: Verdict, rule: Rule, severity: Severity, accepted: Iterable[tuple[int, str, KeyPath]]
) -> set[int]:
    """The numbers of what is accepted that silences a verdict."""
    if severity != "warning":
        return set()
    return {
        number for number, code, at in accepted if code == rule.code and verdict.at[: len(at)] == at
    }


def _keep(
    judged: Judged,
    words: set[str],
    target: Path | None,
    accepted: Sequence[tuple[int, str, KeyPath]],
) -> Kept:
    return Kept(
        judged.draft.path,
        target,
        judged.line("authority"),
        judged.line("area"),
        judged.line("period"),
        judged.line("language"),
        settings=judged.draft.settings,
        partners=tuple(judged.partners),
        capitals=frozenset(sys.intern(word) for word in words if word[0].isupper()),
        accepted=tuple(accepted),
    )


_MOST_ACCEPTED = 200
"""What is accepted beyond this silences nothing: nobody has looked at so much."""


def accepted_in(draft: Draft) -> list[tuple[int, str, KeyPath]]:
    """Number, code and key path of each accepted warning that can be read, also in a draft that the schema refuses."""
    accepted = draft.source.value("accepted")
    return [
        (number, each["rule"].strip(), key_path(each.get("at")))
        for number, each in enumerate(
            accepted[:_MOST_ACCEPTED] if isinstance(accepted, list) else ()
        )
        if isinstance(each, dict) and isinstance(each.get("rule"), str)
    ]


def settings_findings(held: Settings) -> Iterator[Finding]:
    """What the settings name that isn't there: codes (such a slip would silence nothing, without a word), a set."""
    if held.source is None:
        return
    for key, codes in (("ignore", held.file.rules.ignore), ("error", held.file.rules.error)):
        for number, code in enumerate(codes[: 10 * MOST]):
            if code not in RULES or (key == "ignore" and code == "PL402"):
                yield Finding(
                    held.source.place(("rules", key, number)),
                    "PL117",
                    "error",
                    *_not_a_warning(code),
                )
    if held.file.criteria:
        yield from named_set(None, held).missing()


def _not_a_warning(code: str) -> tuple[str, str]:
    """Message and help about a code that can't be silenced, or raised."""
    if code in known_codes():
        return f"{code} can't be given here: it is no rule's warning", "delete it"
    guess = nearest(code, RULES)
    help = f"did you mean {guess}?" if guess else "see: prevent-letter explain"
    return f"there is no rule {quoted(code)}", help
