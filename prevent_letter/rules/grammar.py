"""Wrong forms of words: "were involve", "each partners", "a officer" (for PL325)."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from prevent_letter.rules.context import RuleBlock, RuleContext, table

_Pair = tuple[str, str]
"""Two successive words in small letters."""


class _Verb(NamedTuple):
    """A verb and its forms, from verbs.txt."""

    base: str
    third: str
    past: str
    participle: str
    is_noun: bool
    is_said_of_people: bool
    """True if the base can follow "be" or "been", as in "has been chair"."""


@cache
def _verbs() -> Mapping[str, _Verb]:
    """Return the verbs by each of their forms."""
    verbs = {}
    for base, third, past, participle in table("verbs.txt"):
        mark = "" if base[0].isalpha() else base[0]
        forms = base.removeprefix(mark), third, past, participle
        verbs.update(dict.fromkeys(forms, _Verb(*forms, bool(mark), mark == "+")))
    return verbs


@cache
def _nouns() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the plural of each noun of nouns.txt, and the noun of each plural."""
    plurals = dict(table("nouns.txt"))
    return plurals, {several: one for one, several in plurals.items()}


_BE = frozenset("is are was were be been being".split())
_BARE_BE = frozenset("be been being".split())
_HAVE = frozenset("has have had having".split())
_MODALS = frozenset("should must would could cannot".split())
_WEAK_MODALS = frozenset("will can might shall".split())
_WITH_TO = frozenset("asked required encouraged expected".split())
_ONLY_WITH_TO = frozenset("able unable willing wishes intends intend".split())
_ABSOLUTE = frozenset(["given"])  # they did all that they could given the time
_BEFORE_VERBS = _BE | _HAVE | _MODALS | _WEAK_MODALS | _WITH_TO | _ONLY_WITH_TO | {"to"}


def _verb_meant(first: str, second: str, verb: _Verb) -> str:
    """Return what is meant by a word and a form of a verb after it; empty if nothing is wrong."""
    base, third, past, participle, is_noun, is_said_of_people = verb
    is_base = second == base and base != participle
    is_past = second == past and past != participle
    if first in _BE:
        is_wrong = is_past or (is_base and not is_noun)
        is_wrong |= is_base and first in _BARE_BE and not is_said_of_people
        return f"{first} {participle}" if is_wrong else ""
    if first in _HAVE:
        if base == "have":  # the links that it has have grown
            return ""
        is_wrong = is_past or ((is_base or second == third) and not is_noun)
        return f"{first} {participle}" if is_wrong else ""
    if first in _WITH_TO or first in _ONLY_WITH_TO:
        is_wrong = second == base and not (is_said_of_people or (first in _WITH_TO and is_noun))
        return f"{first} to {base}" if is_wrong else ""
    if second == base or second in _ABSOLUTE:
        return ""
    if first == "to":
        return f"to {base}" if second == third and not is_noun else ""
    if is_noun and second == third and first in _WEAK_MODALS:
        return ""
    return f"{first} {base}" + ("" if second == third else f" or {first} be {participle}")


_CONSONANTS = frozenset("bcdfgjklmnpqrstvwyz")
_VOWEL_SOUND = re.compile(r"(?:[aio](?!ne\b|nce\b)|e(?!u|we))[a-z]{2,}$")
_ENDS_IN_ED = frozenset(
    "need feed proceed succeed exceed embed speed breed shed wed heed seed bed bleed indeed".split()
)


def _wrong_pairs(context: RuleContext) -> Iterator[tuple[_Pair, str]]:
    """Yield two words with a wrong article or a wrong form of a verb, and what is meant."""
    for article, second in set(re.findall(r"([Aa](?<!\w.)n?) ([a-z]+)\b", context.text)):
        first = article.lower()
        if first == "an" and second[0] in _CONSONANTS and len(second) > 2:
            yield (first, second), f"a {second}"
        elif first == "a" and _VOWEL_SOUND.match(second):
            yield (first, second), f"an {second}"
    verbs = _verbs()
    for first, second in context.pairs:
        if first not in _BEFORE_VERBS:
            continue
        if verb := verbs.get(second):
            if meant := _verb_meant(first, second, verb):
                yield (first, second), meant
        elif first in _MODALS and second.endswith("ed") and second not in _ENDS_IN_ED:
            yield (first, second), f"{first} be {second}, or another form"


_THREE_WORDS = re.compile(
    r"\b(?:(?P<do>do|does|did)(?: not|n['’]t)|(?P<have>has|have|had) (?:all|also|both|each|already"
    r"|recently|now|since|yet|not)|(?P<be>is|are|was|were|be|been)) (?P<verb>[a-z]+)\b"
    r"(?P<by> by\b)?"
)


def _wrong_threes(context: RuleContext) -> Iterator[tuple[str, str]]:
    """Yield three words with a wrong form of a verb: "does not attended", "is chair by"."""
    verbs = _verbs()
    for match in _THREE_WORDS.finditer(context.lower_text):
        verb = verbs.get(match["verb"])
        if not verb:
            continue
        is_base = match["verb"] == verb.base != verb.participle
        words = match[0]
        if match["do"] and match["verb"] != verb.base and not match["by"]:
            yield words, f"{words.rpartition(' ')[0]} {verb.base}"
        elif is_base and (match["by"] if match["be"] else match["have"] and not verb.is_noun):
            yield words, words.replace(f" {verb.base}", f" {verb.participle}")


_ONE = frozenset("a an each every another".split())
_SEVERAL = frozenset(
    "few many several these those all most various two three four five six seven eight nine ten"
    " eleven twelve fifteen twenty thirty".split()
)
_ONE_WHOLE = frozenset(("all day", "all week", "all month", "all year"))
_BEFORE_ONE = re.compile(
    r"\ban? (?:short|new|further|regular|clear|single|separate|written|joint|local|annual|monthly"
    r"|quarterly|formal|strong|brief|dedicated|common|named) ([a-z]+)\b"
)
_AFTER_NOUN = (
    r"(?=[.,;:)]|$| (?:is|are|was|were|has|have|had|will|should|attend(?:s|ed)?|meets?|met|takes?"
    r"|took|receives?d?|of|in|for|to|at|by|with|from|who|which|twice|once)\b)"
)
_NOT_A_STAGE = r"(?<![Ss]tage )(?<![Pp]hase )(?<![Ll]evel )(?<![Tt]ier )"
_SUBJECT = r"(?:^|(?<=[.;:] ))(?P<before>(?:[A-Za-z’'-]+ ){0,2})"
_NOT_SUBJECT = re.compile(
    r"(?i)\b(?:of|for|by|with|from|in|to|at|on|as|and|or|about|against|across|between|among|into"
    r"|over|under|through|within|without|during|per|than|that|what|who|which|how|when|where"
    r"|whether|one|each|every|if|not|[a-z]+(?:ing|['’]s?))\b"
)
_OF_ONE = frozenset("is was has does".split())


def _wrong_numbers(context: RuleContext) -> Iterator[tuple[str, str]]:
    """Yield an expression for words of which one says one and the other several, and its cure."""
    plurals, singulars = _nouns()
    verbs = _verbs()
    for first, second in context.pairs:
        if first in _ONE and second in singulars:
            yield rf"\b(?i:{first}) {second}\b(?!['’]){_AFTER_NOUN}", f"{first} {singulars[second]}"
        elif first in _SEVERAL and second in plurals and f"{first} {second}" not in _ONE_WHOLE:
            words = rf"\b{_NOT_A_STAGE}(?i:{first}) {second}\b(?!['’-])"
            yield words + _AFTER_NOUN, f"{first} {plurals[second]}"
        elif first in singulars and first != second:
            verb = verbs.get(second)
            is_third = verb and verb.third == second and not verb.is_noun
            if is_third or second in _OF_ONE:
                yield (
                    rf"{_SUBJECT}(?i:{first[0]}){first[1:]} {second}\b",
                    "another form of the verb",
                )
    for second in set(_BEFORE_ONE.findall(context.lower_text)) & singulars.keys():
        yield rf"\b[Aa]n? [a-z]+ {second}\b(?!['’]){_AFTER_NOUN}", singulars[second]


def wrong_forms(context: RuleContext) -> Iterator[tuple[RuleBlock, int, str, str]]:
    """Yield the block, offset and words of each wrong form, and what is meant."""
    for (first, second), meant in sorted({*_wrong_pairs(context)}):
        pattern = re.compile(rf"(?<![\w.])(?:{first}|{first.title()}) {second}\b(?!-)")
        for number in sorted(context.blocks_with(f"{first} {second}")):
            block = context.blocks[number]
            for match in pattern.finditer(block.text):
                yield block, match.start(), match[0], meant
    threes = ((re.escape(words), meant) for words, meant in _wrong_threes(context))
    for expression, meant in sorted({*_wrong_numbers(context), *threes}):
        pattern = re.compile(expression)
        for block in context.blocks:
            for match in pattern.finditer(block.text):
                before = match.groupdict().get("before", "")
                if not re.search(_NOT_SUBJECT, before):
                    yield block, match.start(), match[0], meant
