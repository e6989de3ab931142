"""The data that rules check, and the table of all rules.

A rule yields a problem (place, message, help) for each mistake that it finds. The group of its code
says what it checks: PL2xx a draft whose assessment is valid, PL3xx the prose of any draft that
could be read, PL4xx all drafts of a run together. To add a rule, write it with ``@rule`` in the
file of its kind, explain it in codes.md with a bad and a good example, which a test runs, and give
it a test.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.model import Assessment, Scored
from prevent_letter.assessment.places import KeyPath
from prevent_letter.assessment.settings import Settings
from prevent_letter.core.findings import Group, Severity
from prevent_letter.core.names import normalise
from prevent_letter.rules.blocks import DraftProse, RuleBlock
from prevent_letter.rules.expressions import Expression


@dataclass(frozen=True)
class RuleContext(DraftProse):
    """One draft as the rules see it."""

    @property
    def assessment(self) -> Assessment:
        """The assessment of a valid draft."""
        return self.draft.valid[0]

    @property
    def criteria(self) -> Criteria:
        """The criteria of a valid draft."""
        return self.draft.valid[1]

    def name(self, id: str) -> str:
        """Return the name of a benchmark."""
        return self.criteria.by_id[id].name

    def scored(self, block: RuleBlock) -> Scored:
        """Return the score and feedback of the benchmark that a block is about."""
        return self.assessment.benchmarks[block.section]

    def line(self, *path: str) -> str:
        """Return the text at a key path, on one line; empty where there is none."""
        return self.draft.source.line(*path)

    def listed(self, key: str) -> list[Any]:
        """Return the items of a list, valid or not; none where there is no list."""
        value = self.draft.source.value(key)
        return value if isinstance(value, list) else []

    @cached_property
    def first_year(self) -> int:
        """The first year of the letter's period; 0 if the period can't be read."""
        years = re.fullmatch(r"([0-9]{4})/[0-9]{4}", self.line("period"))
        return int(years[1]) if years else 0

    @cached_property
    def partners(self) -> list[str]:
        """The other authorities that the letter may name."""
        return [
            " ".join(normalise(p).split()) for p in self.listed("partners") if isinstance(p, str)
        ]


class AcceptedWarning(NamedTuple):
    """An accepted warning: its number under ``accepted``, its code, and the key path it covers."""

    number: int
    code: str
    path: KeyPath

    def covers(self, code: str, path: KeyPath) -> bool:
        """Return True if it accepts a warning with this code at this place."""
        return code == self.code and path[: len(self.path)] == self.path


@dataclass(frozen=True)
class RunSummary:
    """What rules about a run need of a draft or neighbour, because not all drafts are kept."""

    path: Path
    target: Path | None
    """The path that its letter would be written to."""
    authority: str
    area: str
    period: str
    language: str = ""
    settings: Settings = field(default_factory=Settings)
    partners: tuple[str, ...] = ()
    capitals: frozenset[str] = frozenset()
    """The words of its prose that begin with a capital."""
    accepted: tuple[AcceptedWarning, ...] = ()


Check = Callable[..., Iterator[Any]]


@dataclass(frozen=True)
class Rule:
    """One rule."""

    code: str
    group: Group
    """What the rule checks. A rule about a run (PL4xx) yields each problem with its draft."""
    severity: Severity
    needed: str
    """What this problem stops, though otherwise it only warns: letter, pdf, or nothing (empty)."""
    english: bool
    """True if it is about English words, and so is not applied to other languages."""
    check: Check


RULES: dict[str, Rule] = {}


def rule(
    code: str, severity: Severity, *, needed: str = "", english: bool = False
) -> Callable[[Check], Check]:
    """Register a rule under its code, which is never reused for another rule."""

    def register(check: Check) -> Check:
        assert code not in RULES, code
        RULES[code] = Rule(code, Group.of(code), severity, needed, english, check)
        return check

    return register


_NOTHING = Expression(
    r"(?i)(?:(?:there are )?(?:none|nil|n/?a|not applicable|nothing)"
    r"(?: (?:as yet|this year|identified|noted|required|needed|to (?:add|report)))*"
    r"(?: at (?:this|the) (?:time|stage|point|moment)| at present| currently)?"
    r"|(?:there are )?no (?:further |key |specific |other )?"
    r"(?:recommendations?|good practice|areas? (?:for|of) (?:development|improvement))"
    r"(?: (?:identified|noted|required|needed|made))?(?: at this (?:time|stage))?)?$"
)
_LONGEST_NOTHING = 200
"""The most characters of a passage that may only say that there is nothing."""


def is_nothing(words: str | None) -> bool:
    """Return True if a passage is left out, or only says that there is nothing."""
    if words is None:
        return True
    if len(words) > _LONGEST_NOTHING:
        return False
    return re.match(_NOTHING, re.sub(r"[^\w/]+|_", " ", words).strip(" /")) is not None
