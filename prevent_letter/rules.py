"""The rules: judgement beyond the schema, one small function each.

A rule yields a verdict for each thing that it finds: where, a message, help. Its docstring is its explanation: what it
finds and why that matters, with a bad and a good example. What a rule looks at follows from its code: PL2xx a draft
whose assessment is valid, PL3xx the prose of any draft that could be read, PL4xx all drafts of a run together.
To add one, write it here with ``@rule`` and give it a test.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import permutations
from operator import eq
from pathlib import Path
from textwrap import shorten
from typing import Any, NamedTuple

from prevent_letter import glyphs, prose
from prevent_letter.assessment import Assessment, Draft
from prevent_letter.criteria import Criteria
from prevent_letter.fields import label, quoted
from prevent_letter.findings import Severity, shown
from prevent_letter.source import KeyPath, pattern


class Verdict(NamedTuple):
    """One thing that a rule finds: at a value, or at words in it, the ``nth`` time that they stand there (from 0)."""

    at: KeyPath
    message: str
    help: str
    words: str = ""
    nth: int = 0


Verdicts = Iterator[Verdict]


@dataclass(frozen=True)
class Judged:
    """One draft as the rules see it."""

    draft: Draft

    @property
    def assessment(self) -> Assessment:
        """The assessment; a rule of PL2xx may count on it."""
        assert self.draft.assessment
        return self.draft.assessment

    @property
    def criteria(self) -> Criteria:
        """The criteria; a rule of PL2xx may count on them."""
        assert self.draft.criteria
        return self.draft.criteria

    def said(self, *at: str) -> str:
        """The text at a key path, on one line; empty where there is none."""
        value = self.draft.source.value(*at)
        return " ".join(value.split()) if isinstance(value, str) else ""

    @cached_property
    def partners(self) -> list[str]:
        """The other authorities that the letter may name."""
        named = self.draft.source.value("partners")
        return [" ".join(each.split()) for each in named if isinstance(each, str)] if isinstance(named, list) else []

    @cached_property
    def prose(self) -> list[tuple[KeyPath, str]]:
        """Each passage of prose that could be read, with its key path."""
        scored, keys = self.draft.source.value("benchmarks"), self.draft.source.value("key_recommendations")
        found: list[tuple[KeyPath, Any]] = [(("summary",), self.draft.source.value("summary"))]
        for id in scored if isinstance(scored, dict) else ():
            found += [
                (at, self.draft.source.value(*at))
                for at in (("benchmarks", id, "good_practice"), ("benchmarks", id, "recommendations"))
            ]
        found += [
            (("key_recommendations", at), words) for at, words in enumerate(keys if isinstance(keys, list) else ())
        ]
        return [(at, words) for at, words in found if isinstance(words, str)]

    @cached_property
    def blocks(self) -> list["Block"]:
        """Each paragraph and list item of the prose."""
        found = []
        for at, words in self.prose:
            texts = prose.blocks(words)
            found += [
                Block(at, text, " ".join(texts[:number]), number + 1 == len(texts)) for number, text in enumerate(texts)
            ]
        return found

    @property
    def lines(self) -> list["Block"]:
        """Each text of the letter that is no prose: names, the address and the like."""
        fields = {key: self.draft.source.value(key) for key in ("authority", "area", "addressee", "cc", "advisor")}
        return [Block(at, " ".join(text.split()), "", True) for at, text in _texts(fields)]

    @cached_property
    def words(self) -> set[str]:
        """All words of the prose: a look at these spares most rules a look at the text."""
        return {word for block in self.blocks for word in re.findall(r"\w+", block.text)}


class Block(NamedTuple):
    """A paragraph or list item on one line, an item with its mark; what of its passage stands before it."""

    at: KeyPath
    text: str
    before: str
    last: bool

    def verdict(self, found: re.Match[str], message: str, help: str) -> Verdict:
        """A verdict at words of the block, wherever else in the passage the same words stand."""
        before = f"{self.before} {self.text[: found.start()]}"
        return Verdict(self.at, message, help, found[0], sum(1 for _ in pattern(found[0]).finditer(before)))

    def sentences(self) -> Iterator[tuple[str, int]]:
        """Its sentences, and where each begins."""
        start = 0
        for end in re.finditer(r"(?<=[.!?]) +(?=[A-Z\"'(])", self.text):
            yield self.text[start : end.start()], start
            start = end.end()
        yield self.text[start:], start


@dataclass(frozen=True)
class Rule:
    """One rule: ``needed`` says what isn't built without it, though elsewhere it only warns: letter, pdf."""

    code: str
    name: str
    severity: Severity
    needed: str
    judge: Callable[..., Iterator[Any]]

    @property
    def across(self) -> bool:
        """Whether the rule looks at all drafts of a run; its verdicts then come with the draft they are about."""
        return self.code.startswith("PL4")


RULES: dict[str, Rule] = {}
_Judge = Callable[..., Iterator[Any]]


def rule(code: str, name: str, severity: Severity, *, needed: str = "") -> Callable[[_Judge], _Judge]:
    """Register a rule under its code, which is never given a second meaning."""

    def register(judge: _Judge) -> _Judge:
        assert code not in RULES, code
        RULES[code] = Rule(code, name, severity, needed, judge)
        return judge

    return register


# A draft against its criteria.


@rule("PL201", "the letter has no date", "warning", needed="letter")
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
        help = "add the day it is sent, such as date: 2022-05-27; only a draft may lack it"
        yield Verdict(("date",), "the letter has no date", help)


_NOTHING = re.compile(
    r"\W*(?:(?:none|nil|n/?a|not applicable|nothing)(?: at (?:this time|present))?"
    r"|no (?:further |key )?recommendations?|no good practice)?\W*",
    re.I,
)


def _says_nothing(words: str | None) -> bool:
    return words is None or _NOTHING.fullmatch(words) is not None


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
    met = judged.criteria.scale.met
    for at, words in judged.prose:
        # Where the duty isn't met, PL203 asks for recommendations.
        unmet = at[-1] == "recommendations" and judged.assessment.benchmarks[str(at[1])].score < met
        if words.strip() and at != ("summary",) and not unmet and _says_nothing(words.strip()):
            message = f"{quoted(words)} is typed here, and the letter says so by itself"
            yield Verdict(at, message, "delete it: the letter then says that there is none", words)
    if judged.assessment.marking and _says_nothing(judged.assessment.marking):
        message = f"{quoted(judged.assessment.marking)} would stand on each page as the marking"
        yield Verdict(("marking",), message, "delete marking: and what follows it")


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
          recommendations: Develop a community engagement plan.
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
            yield Verdict(("benchmarks", id, "score"), message, help)


@rule("PL204", "the duty is exceeded and no good practice is named", "warning")
def exceeding_without_good_practice(judged: Judged) -> Verdicts:
    """A benchmark scores above "duty met" and has nothing under good practice.

    The council will ask what earned the score.

    Bad:
        channel_panel:
          score: 5
    Good:
        channel_panel:
          score: 5
          good_practice: The panel meets monthly and is well attended.
    """
    scale = judged.criteria.scale
    for id, scored in judged.assessment.benchmarks.items():
        if scored.score > scale.met and _says_nothing(scored.good_practice):
            message = f"{id} scores {scale.label(scored.score)} (duty exceeded) but has no good practice"
            help = "say under good_practice what earns the score"
            yield Verdict(("benchmarks", id, "score"), message, help)


@rule("PL205", "the duty isn't met somewhere and there is no key recommendation", "warning")
def unmet_without_key_recommendations(judged: Judged) -> Verdicts:
    """A benchmark scores below "duty met" while the letter closes without any key recommendation.

    The letter would then say: "I have no key recommendations for improvement."

    Bad:
        benchmarks:
          engagement: {score: 2, recommendations: Develop an engagement plan.}
        key_recommendations: []
    Good:
        benchmarks:
          engagement: {score: 2, recommendations: Develop an engagement plan.}
        key_recommendations:
          - Develop an engagement plan.
    """
    unmet = [id for id, each in judged.assessment.benchmarks.items() if each.score < judged.criteria.scale.met]
    if unmet and not judged.assessment.key_recommendations:
        message = f"there are no key recommendations, though the duty isn't met by {', '.join(unmet)}"
        yield Verdict(("key_recommendations",), message, "list under key_recommendations what matters most")


_NUMBERS = {word: number for number, word in enumerate("zero one two three four five six seven eight nine ten".split())}


@cache
def _score(most: int) -> re.Pattern[str]:
    """A score that is said, on a scale that goes up to ``most``."""
    return re.compile(
        r"\bscor(?:es?|ed|ing)(?: (?:of|is|was|at|it|a|as|this|here))*:? ([0-9]+|[a-z]+)\b"
        rf"(?! ?%|[-/–][0-9]| (?:times?|or|to|and|of(?! {most}))\b)",
        re.I,
    )


_OTHER_TIME = re.compile(r"\b(?:last|previous(?:ly)?|earlier|next|future|up from|down from|20[0-9]{2})\b", re.I)
_AIM = re.compile(r"\b(?:to|would|could|should|towards?|aim\w*|below|above|under|over)\b", re.I)


@rule("PL206", "a section says a score that isn't its own", "warning")
def another_score(judged: Judged) -> Verdicts:
    """A score is said in a benchmark's section, in words or figures, that isn't the section's score.

    Scores change while a draft is written, and the text doesn't follow by itself. A sentence about another time
    ("up from a score of 2 last year") is left alone.

    Bad:
        training:
          score: 4
          good_practice: Training earns a score of 3.
    Good:
        training:
          score: 4
          good_practice: Training earns a score of 4.
    """
    scale = judged.criteria.scale
    for block in judged.blocks:
        if block.at[0] != "benchmarks" or "scor" not in block.text.lower():
            continue
        id = str(block.at[1])
        for sentence, start in block.sentences():
            if _OTHER_TIME.search(sentence.replace(judged.assessment.period, "")):
                continue
            for found in _score(scale.max).finditer(block.text, start, start + len(sentence)):
                said = _NUMBERS.get(found[1].lower(), scale.written.get(found[1].casefold()))
                aimed = _AIM.search(block.text, start, found.start())
                if said in scale.scores and said != judged.assessment.benchmarks[id].score and not aimed:
                    score = scale.label(judged.assessment.benchmarks[id].score)
                    message = f"{quoted(found[0])} is said here, and the score of {id} is {score}"
                    yield block.verdict(found, message, "correct the text or the score")


_ALL = r"(?:all|every|each)(?: one)?(?: of)?(?: (?:the|its|our|ten|of))*(?: \w+)??"
_END = r"(?=[.,;:!?)]|$| and\b)"
_ALL_MET = re.compile(
    rf"\b{_ALL} (?:benchmark|area)s? (?:is|are|was|were|has been|have been) (?:fully )?(?:met|exceeded)\b"
    r"|\b(?:meets?|met|exceed(?:s|ed)?)\b"
    r"(?: (?:or|and|exceeds?|meets?|fully|the|its|statutory|requirements?|of|prevent|duty))*"
    rf" (?:(?:in|across) {_ALL} (?:area|benchmark)s?|{_ALL} benchmarks?){_END}",
    re.I,
)
_NOT_ALL = re.compile(
    r"\b(?:almost|nearly|virtually|practically|mostly|not|cannot|no|other|remaining|rest|should|would|will|must|aim\w*|expect\w*"
    r"|to|fail\w*|but|except\w*|apart from|save for|however|although|though|unless|if)\b|n't\b",
    re.I,
)


@rule("PL207", "the summary and the table disagree", "warning")
def summary_and_table(judged: Judged) -> Verdicts:
    """The summary says that all benchmarks are met, or exceeded, and the table says otherwise.

    Bad:
        summary: Exampleshire meets the duty in every area.
        benchmarks:
          engagement:
            score: 2
    Good:
        summary: Exampleshire meets the duty in every area but engagement.
        benchmarks:
          engagement:
            score: 2
    """
    scale = judged.criteria.scale
    for block in (block for block in judged.blocks if block.at == ("summary",)):
        for sentence, start in block.sentences():
            found = _ALL_MET.search(block.text, start, start + len(sentence))
            if found and not _NOT_ALL.search(sentence):
                exceeded = "exceed" in found[0].lower() and not re.search(r"\bme?e?ts?\b", found[0], re.I)
                least = scale.met + exceeded
                fails = [id for id, each in judged.assessment.benchmarks.items() if each.score < least]
                if fails:
                    message = f"{quoted(found[0])} is said here, and the table says otherwise of {', '.join(fails)}"
                    yield block.verdict(found, message, "correct the summary or the scores")


# The prose.


@rule("PL301", "a placeholder is left in the letter", "error")
def placeholder(judged: Judged) -> Verdicts:
    """A placeholder of the draft is left in the prose, or in a name or another line of the letter.

    Bad:
        summary: Exampleshire has [insert number] trained staff.
    Good:
        summary: Exampleshire has 200 trained staff.
    """
    for block in (*judged.blocks, *judged.lines):
        if any(
            mark in block.text.upper() for mark in ("TODO", "TBC", "TBD", "FIXME", "XX", "LOREM", "[", "<", "£", "???")
        ):
            for found in _PLACEHOLDER.finditer(block.text):
                yield block.verdict(found, f"a placeholder is left here: {quoted(found[0])}", "write what belongs here")


_PLACEHOLDER = re.compile(
    r"[\[<](?i:insert)\b[^\]>]*[\]>]?"
    r"|\[(?i:name|date|number|area|council|authority|add|tbc|to be|x+)\b"
    r"(?![^\]]*(?:redacted|removed|withheld))[^\]]*\](?!\()"
    r"|\b(?:(?i:todo|tbc|tbd|fixme)|X{3,}|(?:19|20)XX|XX%|(?i:xx/xx)(?:/\w+)?|(?i:lorem ipsum))(?!\w)|£XX+|\?{3,}"
)


@rule("PL302", "a paragraph or item doesn't end its sentence", "warning")
def unfinished(judged: Judged) -> Verdicts:
    """A paragraph or list item doesn't end its sentence.

    That is how a note of the draft shows that was left in at the end, or a text that was cut. An item that begins with
    a small letter, and one that ends with a semicolon or comma, goes on with the sentence before and after it.

    Bad:
        summary: Exampleshire meets the duty. Engagement with districts good
    Good:
        summary: Exampleshire meets the duty. Engagement with districts is good.
    """
    for block in judged.blocks:
        words = re.sub(r"^([-+*]|[0-9]+\.) +", "", block.text)
        if block.text.endswith((".", "!", "?")) or _says_nothing(words):
            continue
        item = words != block.text or block.at[0] == "key_recommendations"
        text = re.sub(r"\]\([^)]*\)|\[[0-9]+\]$|[¹²³]+$", "", words).rstrip("*_)]}\"'’”»")
        runs_on = item and (text.endswith((";", ",", "; and", "; or", ", and", ", or")) or words[0].islower())
        introduces = text.endswith(":") and not block.last
        last = re.compile(r"(?:[^ ]+ +){0,3}[^ ]+$").search(block.text, block.text.index(words))
        if last and not (text.endswith((".", "!", "?", "…")) or runs_on or introduces):
            message = f"this {'item' if item else 'paragraph'} doesn't end its sentence: {quoted('... ' + last[0])}"
            yield block.verdict(last, message, "end it with a full stop, or delete what was left in")


@rule("PL303", "a word stands twice", "warning")
def doubled_word(judged: Judged) -> Verdicts:
    """A word stands twice in a row. "Had had" and "that that" may be right and are left alone.

    Bad:
        summary: The board meets in the the autumn.
    Good:
        summary: The board meets in the autumn.
    """
    for block in judged.blocks:
        words = re.findall(r"[^\W_]+", block.text.lower())
        for found in _DOUBLED.finditer(block.text) if any(map(eq, words, words[1:])) else ():
            first, second = found[0].split()[0], found[0].split()[-1]
            named = first[0].isupper() and (second[0].isupper() or first.lower() in ("will", "may", "mark", "bill"))
            if first.lower() not in ("had", "that") and not (named and len(first) > 2 and first != "The"):
                yield block.verdict(found, f"{quoted(found[1])} stands twice here", "delete one of the two")


_DOUBLED = re.compile(r"(?<![\w'’-])([^\W\d_]{2,}(?:['’][^\W\d_]+)?)[*_]* [*_]*\1(?![\w'’-])", re.I)


@rule("PL304", "another period than the letter's", "warning")
def another_period(judged: Judged) -> Verdicts:
    """A period is named that isn't the letter's: a trace of last year's letter, as a rule.

    Bad:
        period: 2021/2022
        summary: In 2020/2021 the board met twice.
    Good:
        period: 2021/2022
        summary: In 2021/2022 the board met twice.
    """
    if not re.fullmatch(r"[0-9]{4}/[0-9]{4}", period := judged.said("period")):
        return
    for block in judged.blocks:
        for found in re.finditer(r"\b((?:19|20)[0-9]{2}) ?[/–-] ?((?:19|20)?[0-9]{2})\b(?![-/–])", block.text):
            first, last = int(found[1]), int(found[2][-2:])
            if (first + 1) % 100 == last and first != int(period[:4]):
                message = f"{quoted(found[0])} isn't the letter's period, {period}"
                yield block.verdict(found, message, "correct the one or the other")


@rule("PL305", "a name is misspelt", "warning")
def misspelt_name(judged: Judged) -> Verdicts:
    """A word is nearly, but not quite, a word of the area's, the authority's or the addressee's name.

    Bad:
        area: Exampleshire
        summary: Exmapleshire meets the duty.
    Good:
        area: Exampleshire
        summary: Exampleshire meets the duty.
    """
    fields = (("area",), ("authority",), ("addressee", "name"), ("addressee", "greeting"))
    named = " ".join(judged.said(*at) for at in fields)
    others = " ".join((*judged.partners, judged.said("advisor", "name"), str(judged.draft.source.value("cc"))))
    known = set(re.findall(r"\w+", f"{named} {others}"))
    names = {name for name in re.findall(r"\w+", named) if len(name) > 4 and name[0].isupper()} - _TITLES
    slips = {
        word: name
        for word in judged.words - known
        if len(word) > 3 and word[0].isupper()
        for name in sorted(names)
        if _misspells(word, name)
    }
    for block in judged.blocks if slips else ():
        for found in re.finditer(rf"\b(?:{'|'.join(slips)})\b", block.text):
            name = slips[found[0]]
            yield block.verdict(found, f"{quoted(found[0])} is nearly {name}", f"did you mean {name}?")


_TITLES = frozenset(
    "Borough Cabinet Chief Council County Director District Executive Leader London Mayor Member Office Officer Royal "
    "Service Services Unitary".split()
)


def _misspells(word: str, name: str) -> bool:
    """Whether a word is a name with one slip: two letters changed round, or one doubled or halved.

    In a name of eight letters and more also one left out, added or taken for another: short names are too near to
    ordinary words.
    """
    if word[0] != name[0] or abs(len(word) - len(name)) > 1 or word.rstrip("s") == name.rstrip("s"):
        return False
    shorter, longer = sorted((word, name), key=len)
    if len(word) == len(name):
        differ = [at for at, (one, other) in enumerate(zip(word, name, strict=True)) if one != other]
        swapped = len(differ) == 2 and word[differ[0]] + word[differ[1]] == name[differ[1]] + name[differ[0]]
        return (swapped and differ[1] == differ[0] + 1) or (len(differ) == 1 and len(name) >= 8)
    more = [at for at in range(1, len(longer)) if longer[:at] + longer[at + 1 :] == shorter]
    return bool(more) and (len(name) >= 8 or longer[more[0]] == longer[more[0] - 1])


@rule("PL306", "the address lacks the authority's name", "warning")
def address_without_authority(judged: Judged) -> Verdicts:
    """The authority's name isn't in the address: another council's address may have survived.

    Bad:
        authority: Exampleshire County Council
        addressee:
          address: |
            County Hall
            Exampletown
    Good:
        authority: Exampleshire County Council
        addressee:
          address: |
            Exampleshire County Council
            County Hall
            Exampletown
    """
    authority, address = judged.said("authority"), judged.draft.source.value("addressee", "address")
    if authority and isinstance(address, str) and address.strip():
        wanted = _plain(authority)
        if wanted not in (_plain(line) for line in re.split(r"\n|, ", address)) and f"{wanted}," not in _plain(address):
            message = f"no line of the address is {authority}"
            yield Verdict(("addressee", "address"), message, "write the authority's name as a line of the address")


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("&", "and").replace("’", "'").split()).rstrip(",")


@rule("PL310", "the greeting says more than a name", "warning")
def greeting(judged: Judged) -> Verdicts:
    """The letter writes "Dear", the greeting and a comma; here the greeting has one of these itself.

    Bad:
        addressee:
          greeting: Dear Chief Executive,
    Good:
        addressee:
          greeting: Chief Executive
    """
    said = judged.said("addressee", "greeting")
    if re.match(r"(?i:dear|annwyl)\b", said) or said.endswith((",", ":")):
        message = f"the letter would begin: Dear {said},"
        yield Verdict(
            ("addressee", "greeting"), message, "write the name alone, as it stands between Dear and the comma"
        )


@rule("PL307", "straight and curly quotation marks are mixed", "warning")
def mixed_quotes(judged: Judged) -> Verdicts:
    """Straight and curly quotation marks, or apostrophes, are mixed in one letter.

    The rarer kind is reported, where it stands first. The standard wording has straight ones.

    Bad:
        summary: The council's plan is the partners’ plan.
    Good:
        summary: The council's plan is the partners' plan.
    """
    curly, straight = "‘’“”", "'\""
    many = {
        marks: sum(block.text.count(mark) for block in judged.blocks for mark in marks) for marks in (curly, straight)
    }
    if all(many.values()):
        rarer = min(many, key=lambda marks: many[marks])
        finds = ((block, found) for block in judged.blocks for found in re.finditer(rf"\w*[{rarer}]\w*", block.text))
        block, found = next(finds)
        kind = "curly" if rarer == curly else "straight"
        message = f"a {kind} quotation mark stands here, and most of the letter's are of the other kind"
        yield block.verdict(found, message, "use one kind throughout")


@rule("PL308", "a mark that makes no list", "warning")
def no_list(judged: Judged) -> Verdicts:
    """A line begins with a mark that makes no list, such as a bullet pasted from Word: the lines will run together.

    So will those of a list whose text has no | before it.

    Bad:
        recommendations: |
          • Train more people.
          • Train them again.
    Good:
        recommendations: |
          - Train more people.
          - Train them again.
    """
    for at, words in judged.prose:
        for found in _ITEM_MARK.finditer(words):
            above = words[: found.start()].rstrip(" \t")
            begins = found[1][0] in _BULLETS or above in ("", "\n") or above.endswith("\n\n")
            if (begins or above.rstrip().endswith((".", ":", ";"))) and not _says_nothing(words):
                help = "begin each item with - and a space, or with 1. and a space, 2. and so on"
                yield Verdict(at, f"this mark makes no list: {quoted(found[1].split()[0])}", help, found[1])
                break  # the other items have the same
        written = judged.draft.source.written(at)
        if not written.startswith("|") and re.search(r"\n[ \t]*(?:[-+*•]|[0-9]+[.)]) ", written):
            message = "a list stands here without a | before it, so its lines run together"
            yield Verdict(at, message, f"begin the text of {label(at)} with a |, and write it on the next lines")


@rule("PL309", "a character that the PDF can't show", "warning", needed="pdf")
def no_glyph(judged: Judged) -> Verdicts:
    """The font of the PDF hasn't this character. Word and the web page borrow it from another font.

    A PDF isn't built with it: nobody would see what stands there.

    Bad:
        summary: The board meets monthly ✅.
    Good:
        summary: The board meets monthly.
    """
    for at, text in _texts(judged.draft.source.data):
        in_letter = at and at[0] not in ("criteria", "partners", "accepted") and at[-1] != "score"
        for character in glyphs.lacking(text) if in_letter else ():
            message = f"the font of the PDF hasn't the character {quoted(character)} (U+{ord(character):04X})"
            word = next((word for word in text.split() if character in word), "")
            yield Verdict(at, message, "leave it out, or write it in words", word)


def _texts(data: Any, at: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Each text of plain data, with its key path."""
    if isinstance(data, str):
        yield at, data
    for key, inner in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from _texts(inner, (*at, key))


_BULLETS = "•·◦▪‣●○\uf0b7\uf0a7"  # the last two are of Word's symbol fonts
_ITEM_MARK = re.compile(rf"(?m)^[ \t]*((?:[{_BULLETS}–—]|[0-9]{{1,2}}\)|[a-z]\)|-(?=[A-Za-z]))\s*\S+)")


# The drafts of a run against each other.


@dataclass(frozen=True)
class Run:
    """All drafts of a run, and where their letters would go."""

    drafts: list[Judged]
    targets: Mapping[Path, Path]


@rule("PL401", "two assessments of one authority and period", "error")
def assessed_twice(run: Run) -> Iterator[tuple[Judged, Verdict]]:
    """Two assessments are of the same authority and period: one of them is a copy that was forgotten, or misnamed.

    Bad:
        exampleshire_2027.yaml and exampleshire_2027_copy.yaml both say
        authority: Exampleshire County Council
        period: 2026/2027
    Good:
        one file for each authority and period
    """
    first: dict[tuple[str, str], Judged] = {}
    for judged in run.drafts:
        key = judged.said("authority").casefold(), judged.said("period")
        if all(key) and (other := first.setdefault(key, judged)) is not judged:
            message = f"{shown(other.draft.path)} assesses the same authority for the same period"
            yield judged, Verdict(("authority",), message, "delete one of the two, or correct authority or period")


@rule("PL402", "two letters in one place", "error")
def one_target(run: Run) -> Iterator[tuple[Judged, Verdict]]:
    """Two assessments would write the same letter, so neither is built. Capitals don't count, as on Windows.

    Bad:
        midlands/exampleshire.yaml and north/exampleshire.yaml, both built with -o letters/exampleshire.docx
    Good:
        assessments with different names, or letters in different folders
    """
    meeting: dict[str, list[Judged]] = {}
    for judged in run.drafts:
        if target := run.targets.get(judged.draft.path):
            meeting.setdefault(unicodedata.normalize("NFC", str(target)).casefold(), []).append(judged)
    help = "rename one of the two assessments, or build them into different folders"
    for one, other in (pair for drafts in meeting.values() for pair in permutations(drafts, 2)):
        where = shown(run.targets[one.draft.path])
        yield one, Verdict((), f"{shown(other.draft.path)} would write the same letter, {where}", help)


@rule("PL403", "another authority's name", "warning")
def another_authority(run: Run) -> Iterator[tuple[Judged, Verdict]]:
    """The name of another authority or area of this run stands in the prose: the copy-and-paste error.

    Names count as whole words, with their capitals. Those under ``partners``, and the areas of these, may stand.

    Bad:
        area: Exampleshire
        summary: Prevent in Rutshire is well led.
    Good:
        area: Exampleshire
        summary: Prevent in Exampleshire is well led.
    """
    areas: dict[str, set[str]] = {}
    for judged in run.drafts:
        areas.setdefault(judged.said("authority"), set()).add(judged.said("area"))
    index: dict[str, set[str]] = {}  # the names by their first word: 680 of them, looked up at each word
    for name in {*areas, *(area for several in areas.values() for area in several)} - {""}:
        index.setdefault(re.findall(r"\w+|\W", name)[0], set()).add(name)
    for judged in run.drafts:
        partners = {name.casefold() for name in judged.partners}
        own = {judged.said("authority"), judged.said("area"), *judged.partners}
        own |= {
            name for authority in areas if authority.casefold() in partners for name in (authority, *areas[authority])
        }
        others = {name for word in judged.words & index.keys() for name in index[word]} - own
        if others:
            names = "|".join(map(re.escape, sorted(others | own - {""}, key=len, reverse=True)))  # the longest counts
            named = re.compile(rf"(?<!\w)(?:{names})(?!\w)")
            for block in judged.blocks:
                for found in named.finditer(block.text):
                    if found[0] not in own:
                        message = f"{quoted(found[0])} is another authority or area of this run"
                        help = "correct the name, or list the authority under partners"
                        yield judged, block.verdict(found, message, help)
