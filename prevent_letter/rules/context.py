"""The data that rules check, and the table of all rules.

A rule yields a problem (place, message, help) for each mistake that it finds. The first digit of
its code says what the rule checks: PL2xx scores and dates, PL3xx the prose of any draft that could
be read, PL4xx all drafts of a run together. CONTRIBUTING.md: how to add a rule.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.fields import FieldText, walk_texts
from prevent_letter.assessment.model import Assessment
from prevent_letter.assessment.places import KeyPath, Source, words_pattern
from prevent_letter.assessment.settings import Settings
from prevent_letter.core import prose
from prevent_letter.core.findings import Group, Place, Severity
from prevent_letter.core.names import normalise, strip_invisible
from prevent_letter.rules.clues import Clues


class Problem(NamedTuple):
    """One problem that a rule finds, at a value or at words in it."""

    path: KeyPath
    message: str
    help: str
    words: str = ""
    block: "RuleBlock | None" = None
    offset: int = 0
    """Where in the block the words begin."""

    def place(self, source: Source) -> Place:
        """Return the problem's place in the file."""
        nth = 0  # how often the words occur before in the passage
        if self.block:
            pattern, block = words_pattern(self.words), self.block
            nth = sum(1 for _ in pattern.finditer(block.passage, 0, block.start))
            nth += sum(1 for _ in pattern.finditer(block.text[: self.offset]))
        return source.find(self.path, self.words, nth)


Problems = Iterator[Problem]


_WORD = re.compile(r"\w+")


def table(name: str) -> list[list[str]]:
    """Return the rows of a list of words beside this module, without comments, split at tabs."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


@cache
def _word_lists() -> dict[str, list[str]]:
    return {name: several.split() for name, several in table("words.txt")}


def word_list(name: str) -> list[str]:
    """Return a list of words.txt by its name there, such as ``private.ranks``."""
    return _word_lists()[name]


class RuleBlock:
    """The text of a paragraph, a list item (with its mark) or a field, joined into one line."""

    def __init__(
        self, path: KeyPath, text: str, passage: str, start: int, mark: str, is_last: bool
    ) -> None:
        """Take the block's text and mark, its whole passage, and where in the passage it begins."""
        self.path, self.text, self.passage = path, text, passage
        self.start, self.mark, self.is_last = start, mark, is_last
        self.section = str(path[1] if path[0] == "benchmarks" else path[0])
        """The section that the block is in: the id of a benchmark, or a key."""
        self.without_mark = text.removeprefix(mark).lstrip(" ")

    @cached_property
    def words(self) -> list[str]:
        """The words, in order."""
        return _WORD.findall(self.text)

    @cached_property
    def lower_words(self) -> list[str]:
        """The words in small letters."""
        return [*map(str.lower, self.words)]

    @cached_property
    def sentences(self) -> list[tuple[str, int]]:
        """The sentences, each with its offset."""
        return [*prose.sentences(self.text)]

    @property
    def recommends(self) -> bool:
        """True in recommendations and key recommendations."""
        return self.path[-1] == "recommendations" or self.section == "key_recommendations"

    def sentence_at(self, offset: int) -> tuple[str, int]:
        """Return the sentence at an offset, and the offset at which the sentence begins."""
        return self.sentences[bisect_right(self.sentences, offset, key=itemgetter(1)) - 1]

    def problem(self, match: re.Match[str], message: str, help: str) -> Problem:
        """Return a problem at the words of a match in the block."""
        return Problem(self.path, message, help, match[0], self, match.start())

    def problem_at(self, offset: int, words: str, message: str, help: str) -> Problem:
        """Return a problem at words that begin at an offset of the block."""
        return Problem(self.path, message, help, words, self, offset)


class RuleContext:
    """One draft as the rules see it, valid or not, with those of its texts that could be read."""

    assessment: Assessment
    """The draft's assessment. It is set only if the draft has one."""
    criteria: Criteria

    def __init__(self, draft: Draft) -> None:
        self.draft, source = draft, draft.source
        if draft.assessment:
            self.assessment = draft.assessment
        if draft.criteria:
            self.criteria = draft.criteria
        self.scores = draft.scores
        """Each valid score by its benchmark's id, even if the draft has errors."""
        benchmarks = draft.criteria.benchmarks if draft.criteria else ()
        self.is_whole = bool(draft.assessment) and len(self.scores) == len(benchmarks)
        """True if the draft has an assessment in which all is scored."""
        self.names = {benchmark.id: benchmark.name for benchmark in benchmarks}
        """The names of the benchmarks by id; empty if the criteria set can't be read."""
        self.line, self.listed = source.line, source.listed
        years = re.fullmatch(r"([0-9]{4})/[0-9]{4}", source.line("period"))
        self.first_year = int(years[1]) if years else 0
        """The first year of the letter's period; 0 if the period can't be read."""
        partners = (source.line("partners", n) for n in range(len(source.listed("partners"))))
        self.partners = [*filter(None, partners)]
        """The other authorities that the letter is allowed to name."""
        self.own_names = draft.settings.file.names
        """Names of the region, which no rule takes for a mistake."""
        self.texts: list[FieldText] = []
        """The text of each field that the letter shows."""
        self.passages: list[tuple[KeyPath, str]] = []
        """Each passage of prose, with its key path."""

        self.blocks: list[RuleBlock] = []
        """Each paragraph and list item of the prose."""
        for path, shown, text in walk_texts(Assessment, source.data):
            if not shown.use.shown:
                continue
            passage = strip_invisible(text) if shown.kind == "prose" else text
            self.texts.append(FieldText(path, shown, passage))
            if shown.kind == "prose":
                self.passages.append((path, passage))
                blocks = prose.parse(passage)
                for block in blocks:
                    line, is_last = normalise(block.line).rstrip(), block is blocks[-1]
                    start, mark = block.start, block.mark
                    self.blocks.append(RuleBlock(path, line, passage, start, mark, is_last))

        self.text = "\n".join(block.text for block in self.blocks)
        """All blocks, each on a line."""
        self.lower_text = self.text.lower()
        self._lower = [f" {line} " for line in self.lower_text.split("\n")]
        self.clues = Clues(self.text, self.lower_text)
        self._blocks_with: dict[str, frozenset[int]] = {}

    @property
    def words(self) -> set[str]:
        """All words of the prose, as they are written."""
        return self.clues.words

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """Pairs of successive words in small letters, whatever signs are between the two."""
        return self.clues.pairs

    def blocks_with(self, words: str) -> frozenset[int]:
        """Return the numbers of the blocks that have ``words``, given in small letters."""
        if words not in self._blocks_with:
            numbers = [number for number, text in enumerate(self._lower) if words in text]
            self._blocks_with[words] = frozenset(numbers)
        return self._blocks_with[words]


class AcceptedWarning(NamedTuple):
    """An accepted warning: its number under ``accepted``, its code, and the key path it covers."""

    number: int
    code: str
    path: KeyPath

    def covers(self, code: str, path: KeyPath) -> bool:
        """Return True if this entry of ``accepted`` covers a warning with that code and path."""
        return code == self.code and path[: len(self.path)] == self.path


class RunSummary(NamedTuple):
    """What rules about a run need of a draft or neighbour. The drafts themselves are not kept."""

    path: Path
    target: Path | None
    """The path that its letter would be written to."""
    authority: str
    area: str
    period: str
    language: str = ""
    settings: Settings = Settings()
    partners: tuple[str, ...] = ()
    capitals: frozenset[str] = frozenset()
    """The capitalised words of the draft's prose."""
    accepted: tuple[AcceptedWarning, ...] = ()


Check = Callable[..., Iterator[Any]]


class Rule(NamedTuple):
    """A registered rule: the function that checks, and how its problems are treated."""

    code: str
    group: Group
    """What the rule checks. A rule about a run (PL4xx) yields (draft summary, problem) pairs."""
    severity: Severity
    needed: str
    """The output for which a problem is always an error: letter, pdf, or none (empty)."""
    english: bool
    """True if the rule is about English words, and is not applied to letters in other languages."""
    whole: bool
    """True if the rule is about a whole letter: one without errors, in which all is scored."""
    check: Check


RULES: dict[str, Rule] = {}


def rule(
    code: str, severity: Severity, *, needed: str = "", english: bool = False, whole: bool = False
) -> Callable[[Check], Check]:
    """Register a rule under its code, which is never reused for another rule."""

    def register(check: Check) -> Check:
        assert code not in RULES, code
        RULES[code] = Rule(code, Group.of(code), severity, needed, english, whole, check)
        return check

    return register


_SIGNS = re.compile(r"[^\w/]+|_")
_NOTHING = re.compile(
    r"(?i)(?:(?:there are )?(?:none|nil|n/?a|not applicable|nothing)"
    r"(?: (?:as yet|this year|identified|noted|required|needed|to (?:add|report)))*"
    r"(?: at (?:this|the) (?:time|stage|point|moment)| at present| currently)?"
    r"|(?:there are )?no (?:further |key |specific |other )?"
    r"(?:recommendations?|good practice|areas? (?:for|of) (?:development|improvement))"
    r"(?: (?:identified|noted|required|needed|made))?(?: at this (?:time|stage))?)?$"
)
_LONGEST_NOTHING = 200
"""The most characters that ``is_nothing`` searches. A longer passage surely says something."""


def is_nothing(words: str | None) -> bool:
    """Return True if a passage is left out, or only says that there is nothing."""
    if words is None:
        return True
    if len(words) > _LONGEST_NOTHING:
        return False
    return _NOTHING.match(_SIGNS.sub(" ", words).strip(" /")) is not None
