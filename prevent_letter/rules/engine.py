"""Apply the rules to the drafts of a run, following the settings and the accepted warnings."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Literal

from prevent_letter.assessment.criteria_sets import named_set
from prevent_letter.assessment.drafts import Draft, DraftLoader
from prevent_letter.assessment.fields import dotted, parse_dotted
from prevent_letter.assessment.header import Header, translations, without_english
from prevent_letter.assessment.places import Source
from prevent_letter.assessment.settings import RuleSettings, Settings
from prevent_letter.core.display import nearest, quote
from prevent_letter.core.findings import Finding, FindingList, Group, Place, Severity
from prevent_letter.core.names import normalise
from prevent_letter.core.repository import repository
from prevent_letter.rules.across import RunContext
from prevent_letter.rules.context import (
    RULES,
    AcceptedWarning,
    Problem,
    Rule,
    RuleContext,
    RunSummary,
)

Stage = Literal["check", "build", "draft"]
"""Which findings count: all (check), those that stop a letter (build) or even --draft (draft)."""

SAME_TARGET = "PL402"
"""The rule against two letters with one output file. It can't be ignored, and stops --draft too."""
OTHER_AUTHORITY = "PL403"
"""The rule on another authority's name. No other rule about a run needs a draft's words."""
COUNCIL = "PL331"
"""The rule on other councils in a file alone."""
_MOST_ACCEPTED = 200
"""The most accepted warnings that count in a file. Nobody can have considered more than that."""


class RuleRun:
    """Applies the rules to the drafts of a run, one after the other, and then to all together."""

    def __init__(
        self,
        stage: Stage = "check",
        formats: Sequence[str] = (),
        load: Callable[[Path], Draft] | None = None,
        *,
        apply_accepted: bool = True,
    ) -> None:
        """Prepare a run that builds ``formats``; ``load`` loads a draft again."""
        self.stage, self.formats, self.load = stage, formats, load or DraftLoader().load
        self.apply_accepted = apply_accepted
        self.findings: dict[Path, FindingList] = {}
        self._summaries: list[RunSummary] = []
        self._severities: dict[RuleSettings, dict[Rule, Severity]] = {}
        """The rules about a draft that count at this stage, with severities, by the settings."""

    def add(self, draft: Draft, target: Path | None = None) -> None:
        """Check a draft, whose letter would be written to ``target``."""
        findings = FindingList((*draft.findings, *settings_findings(draft.settings)))
        self.findings[draft.path] = findings
        if draft.source.findings:
            return
        context = RuleContext(draft)
        accepted = accepted_warnings(draft) if self.apply_accepted else []
        used: set[AcceptedWarning] = set()
        is_english = not without_english(context.line("language"))
        configured = draft.settings.file.rules
        if configured not in self._severities:
            rules = (rule for rule in RULES.values() if rule.group is not Group.ASSESSMENTS)
            severities = ((rule, self._severity(rule, draft.settings)) for rule in rules)
            self._severities[configured] = {rule: how for rule, how in severities if how}
        for rule, severity in self._severities[configured].items():
            if (rule.english and not is_english) or (rule.whole and not context.is_whole):
                continue
            for problem in rule.check(context):
                silencing = _silencing(problem, rule, severity, accepted)
                used |= silencing
                if not silencing:
                    finding = partial(_finding, rule, severity, problem, draft.source)
                    findings.add(rule.code, finding)
        if self.stage != "draft":
            unused = (warning for warning in accepted if warning not in used)
            findings += self._unused_acceptances(draft, unused)
        needs_words = self._severity(RULES[OTHER_AUTHORITY], draft.settings) is not None
        words = context.words if needs_words else ()
        self._summaries.append(
            RunSummary(
                draft.path,
                target,
                context.line("authority"),
                context.line("area"),
                context.line("period"),
                context.line("language"),
                settings=draft.settings,
                partners=tuple(context.partners),
                capitals=frozenset(sys.intern(word) for word in words if word[0].isupper()),
                accepted=tuple(accepted),
            )
        )

    def add_neighbour(self, header: Header, target: Path | None = None) -> None:
        """Add a neighbour to compare but not check; its letter's path would be ``target``."""
        path, authority, area, period, language = header
        authority, area, period = map(normalise, (authority, area, period))
        self._summaries.append(RunSummary(path, target, authority, area, period, language))

    def finish(self) -> Mapping[Path, list[Finding]]:
        """Apply the rules about the run, and return all findings on each draft by its path."""
        load = lru_cache(maxsize=1)(self.load)  # as not all drafts of a run are kept
        of = self._summaries
        headers = (Header(s.path, s.authority, s.area, s.period, s.language) for s in of)
        run = RunContext(self._summaries, load, translations(headers))
        others: set[tuple[Path, int, int]] = set()  # where another's name stands
        for rule in (rule for rule in RULES.values() if rule.group is Group.ASSESSMENTS):
            if not any(self._severity(rule, summary.settings) for summary in self._summaries):
                continue
            for summary, problem in rule.check(run):
                is_checked = summary.path in self.findings
                severity = self._severity(rule, summary.settings) if is_checked else None
                if not severity:
                    continue
                source, findings = load(summary.path).source, self.findings[summary.path]
                if rule.code == OTHER_AUTHORITY:
                    place = problem.place(source)
                    others.add((summary.path, place.line, place.column))
                if not _silencing(problem, rule, severity, summary.accepted):
                    findings.add(rule.code, partial(_finding, rule, severity, problem, source))
        for path, findings in self.findings.items():  # PL403 knows more of the name
            findings[:] = [
                f
                for f in findings
                if f.code != COUNCIL or (path, f.place.line, f.place.column) not in others
            ]
        return self.findings

    def _severity(self, rule: Rule, settings: Settings) -> Severity | None:
        """Return how severe a rule's findings are at this stage; None if they don't count."""
        if rule.needed in self.formats or (rule.needed == "letter" and self.stage == "build"):
            return "error"
        if self.stage == "draft":
            return "error" if rule.code == SAME_TARGET else None
        if rule.code in settings.file.rules.ignore and rule.code != SAME_TARGET:
            return None
        if rule.code in settings.file.rules.error or rule.severity == "error":
            return "error"
        return rule.severity

    def _unused_acceptances(
        self, draft: Draft, unused: Iterable[AcceptedWarning]
    ) -> Iterator[Finding]:
        """Yield findings on acceptances that aren't allowed, or whose rule gave no such warning."""
        for number, code, path in unused:
            place, rule = draft.source.place(("accepted", number, "rule")), RULES.get(code)
            if rule is None or rule.severity == "error":
                yield _not_a_warning(place, code)
                continue
            has_run = (
                draft.assessment is not None
                and rule.group is not Group.ASSESSMENTS
                and not (rule.english and draft.assessment.language)
                and self._severity(rule, draft.settings) == "warning"
            )
            if has_run:
                where = f" at {' '.join(dotted(path).split())}" if path else ""
                message = f"{code} is accepted here, but there is no such warning{where}"
                yield Finding(place, "PL210", "warning", message, "delete this item of accepted")


def apply_rules(
    drafts: Iterable[Draft], targets: Mapping[Path, Path]
) -> Mapping[Path, list[Finding]]:
    """Return the findings of ``check`` by draft; ``targets`` has the path of each one's letter."""
    by_path = {draft.path: draft for draft in drafts}
    run = RuleRun(load=by_path.__getitem__)
    for path, draft in by_path.items():
        run.add(draft, targets.get(path))
    return run.finish()


def _finding(rule: Rule, severity: Severity, problem: Problem, source: Source) -> Finding:
    """Return a problem as a finding, with its place in the file."""
    place, path = problem.place(source), dotted(problem.path)
    return Finding(place, rule.code, severity, problem.message, problem.help, 1, path)


def stops_format(finding: Finding, format_end: str) -> bool:
    """Return True if a finding stops letters in ``format_end``, alone or with other formats."""
    needed = RULES[finding.code].needed if finding.code in RULES else ""
    return finding.severity == "error" and needed in ("", "letter", format_end)


def _silencing(
    problem: Problem, rule: Rule, severity: Severity, accepted: Iterable[AcceptedWarning]
) -> set[AcceptedWarning]:
    """Return the accepted warnings that silence a problem."""
    if severity != "warning":
        return set()
    return {warning for warning in accepted if warning.covers(rule.code, problem.path)}


def accepted_warnings(draft: Draft) -> list[AcceptedWarning]:
    """Return each accepted warning that can be read, even if the assessment is not valid."""
    return [
        AcceptedWarning(number, item["rule"].strip(), parse_dotted(item.get("at")))
        for number, item in enumerate(draft.source.listed("accepted")[:_MOST_ACCEPTED])
        if isinstance(item, dict) and isinstance(item.get("rule"), str)
    ]


def settings_findings(settings: Settings) -> list[Finding]:
    """Return findings on the settings: codes not allowed there, and a criteria set not found."""
    if settings.source is None:
        return []
    findings = FindingList()
    rules = settings.file.rules
    for key, codes in (("ignore", rules.ignore), ("error", rules.error)):
        for number, code in enumerate(codes):
            if code not in RULES or (key == "ignore" and code == SAME_TARGET):
                place = settings.source.place(("rules", key, number))
                findings.add("PL117", partial(_not_a_warning, place, code))
    if settings.file.criteria:
        root = repository(settings.source.path.parent)
        findings += named_set(None, settings).faults(root)
    return findings


def _not_a_warning(place: Place, code: str) -> Finding:
    """Return the finding on a code that can't be ignored, accepted or made an error."""
    from prevent_letter.rules.explain import known_codes  # seldom needed

    message, help = f"{code} can't be given here: it is not a warning of a rule", "delete it"
    if code not in known_codes():
        guess = nearest(code, RULES)
        message = f"there is no rule {quote(code)}"
        help = f"did you mean {guess}?" if guess else "see: prevent-letter explain"
    return Finding(place, "PL117", "error", message, help)
