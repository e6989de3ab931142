"""Wrong forms of words: "were involve", "each partners", "a officer" (for PL325).

Each expression is for a place where nothing else can be meant, so that ordinary prose is quiet.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from typing import NamedTuple

from prevent_letter.rules.context import RuleBlock, RuleContext, table, word_list
from prevent_letter.rules.expressions import Expression, Expressions, beginning


class _Verb(NamedTuple):
    """A verb and its forms, from verbs.txt."""

    base: str
    third: str
    past: str
    participle: str
    is_noun: bool
    """True if the base is a noun or an adjective too."""


@cache
def _verbs() -> Mapping[str, _Verb]:
    """Return the verbs by each of their forms."""
    verbs = {}
    for base, third, past, participle in table("verbs.txt"):
        forms = base.removeprefix("*"), third, past, participle
        verbs.update(dict.fromkeys(forms, _Verb(*forms, base[0] == "*")))
    return verbs


class _Noun(NamedTuple):
    """A noun, from nouns.txt, and the mark before it."""

    one: str
    several: str
    mark: str


@cache
def _nouns() -> Mapping[str, _Noun]:
    """Return the nouns by both of their forms."""
    nouns = {}
    for one, several in table("nouns.txt"):
        mark = "" if one[0].isalpha() else one[0]
        one = one.removeprefix(mark)
        nouns.update(dict.fromkeys((one, several), _Noun(one, several, mark)))
    return nouns


def _is_several(word: str) -> bool:
    return word in _nouns() and _nouns()[word].several == word


class _Wrong(NamedTuple):
    """Words in small letters that may be wrong, the expression that finds them, what is meant."""

    words: str
    expression: str
    meant: str


_BE = frozenset(word_list("grammar.be"))
_HAVE = frozenset(word_list("grammar.have"))
_MODALS = frozenset(word_list("grammar.modals"))
_WEAK_MODALS = frozenset(word_list("grammar.weak_modals"))
_WITH_TO = frozenset(word_list("grammar.with_to"))
_ONLY_WITH_TO = frozenset(word_list("grammar.only_with_to"))
_BEFORE_VERBS = _BE | _HAVE | _MODALS | _WEAK_MODALS | _WITH_TO | _ONLY_WITH_TO | {"to"}
_SEVERAL_ALONE = frozenset(("both", "several", "many"))
_ABSOLUTE = frozenset(["given"])  # they did all that they could given the time
_CLAUSE = Expression(
    r"(?i)\b(?:(?:that|which|who|whom|what|how|where|whether|than|as|do|does|did|there)\b[^.;]*\w"
    r"|(?:[a-z]+ )(?:you|they|we|he|she|it)|the|political|good|from(?: \w+)?|there|to do) $"
)
"""Words before a verb after which its form may be right: "the plan that staff have contains"."""


def _verb_meant(first: str, second: str, verb: _Verb) -> str:
    """Return what is meant by a word and a form of a verb after it; empty if nothing is wrong."""
    base, third, past, participle, is_noun = verb
    is_base = second == base and base != participle
    is_past = second == past and past != participle
    if first in _BE:
        if first in ("is", "are") and second == third and not is_noun:
            return third
        return f"{first} {participle}" if is_past or (is_base and not is_noun) else ""
    if first in _HAVE:
        is_wrong = is_past or ((is_base or second == third) and not is_noun)
        return f"{first} {participle}" if is_wrong and base != "have" else ""
    if first in _WITH_TO or first in _ONLY_WITH_TO:
        is_wrong = second == base and not (first in _WITH_TO and is_noun)
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
_ENDS_IN_ED = frozenset(word_list("grammar.ends_in_ed"))


def _wrong_article(first: str, second: str) -> _Wrong | None:
    """Return "a" or "an" before a word that needs the other."""
    if first == "an" and second[0] in _CONSONANTS and len(second) > 2:
        meant = f"a {second}"
    elif first == "a" and _VOWEL_SOUND.match(second) and not _is_several(second):
        meant = f"an {second}"
    else:
        return None
    a = rf"(?:(?<![\w.]){first}|(?:^|(?<=[.!?:] )){first.title()})"  # not in Annex A
    return _Wrong(f"{first} {second}", rf"{a} {second}\b(?!-)", meant)


def _wrong_pair(first: str, second: str) -> _Wrong | None:
    """Return what may be wrong with two successive words, in small letters."""
    if first in _SEVERAL_ALONE and second in ("is", "was", "has"):
        begins = r"(?:^|(?<=[.;:,] )|(?<=\band )|(?<=\bbut ))"
        expression = rf"{begins}(?i:{first}) {second}\b(?! to\b| the\b)"
        return _Wrong(f"{first} {second}", expression, "another form of the verb")
    if first not in _BEFORE_VERBS:
        return _wrong_number(first, second) or _wrong_article(first, second)
    meant = ""
    if verb := _verbs().get(second):
        meant = _verb_meant(first, second, verb)
    elif first in _MODALS and second.endswith("ed") and second not in _ENDS_IN_ED:
        meant = f"{first} be {second}, or another form"
    expression = rf"(?<![\w.])(?P<verb>{first}|{first.title()}) {second}\b(?!-)"
    return _Wrong(f"{first} {second}", expression, meant) if meant else None


_BEFORE_VERB = frozenset(word_list("grammar.before_verb"))
_THREE_WORDS = re.compile(
    rf"\b(?:(?P<do>do|does|did)(?: not|n['’]t)|(?P<have>has|have|had) (?:{'|'.join(_BEFORE_VERB)})|"
    r"(?P<be>is|are|was|were|be|been)) (?P<verb>[a-z]+)\b"
    r"(?P<by> by\b)?"
)


_BEFORE_NOT = {
    "do not": {*product(("do", "does", "did"), ["not"]), *product(("don", "doesn", "didn"), ["t"])},
    "have not": {*product(_HAVE, ["not"])},
}


def _end_of_three(first: str, second: str) -> str:
    """Return after what `_threes` may find two words: do not, have, have not, be, or nothing."""
    if second == "by":
        return "be" if first in _verbs() and first == _verbs()[first].base else ""
    verb = _verbs().get(second)
    if not verb or first not in _BEFORE_VERB:
        return ""
    if first in ("not", "t") and second != verb.base:
        return "do not"
    if second != verb.base or verb.is_noun or first == "t":
        return ""
    return "have not" if first == "not" else "have"


class _Pair(NamedTuple):
    """What may be wrong with two successive words, alone and with a third."""

    words: str
    wrong: _Wrong | None
    end_of_three: str


class _Pairs:
    """Judges pairs of words, and remembers them, as most pairs of a letter are in others too."""

    def __init__(self) -> None:
        self.judged: set[tuple[str, str]] = set()
        self.doubtful: dict[tuple[str, str], _Pair] = {}

    def doubtful_of(self, context: RuleContext) -> list[_Pair]:
        """Return those of a draft's pairs with which something may be wrong."""
        if len(self.judged) > _MOST_PAIRS:
            self.judged.clear()
            self.doubtful.clear()
        new = context.pairs - self.judged
        self.judged |= new
        for pair in new:
            judged = _Pair(" ".join(pair), _wrong_pair(*pair), _end_of_three(*pair))
            if judged.wrong or judged.end_of_three:
                self.doubtful[pair] = judged
        return [self.doubtful[pair] for pair in context.pairs & self.doubtful.keys()]


_MOST_PAIRS = 1 << 16
_PAIRS = _Pairs()


def _threes(context: RuleContext, pairs: Iterable[_Pair]) -> Iterator[_Wrong]:
    """Yield three words with a wrong form of a verb: "does not attended", "is chair by"."""
    kinds = {kind for kind, before in _BEFORE_NOT.items() if context.pairs & before}
    kinds |= {"have", "be"}
    ends = (pair.words for pair in pairs if pair.end_of_three in kinds)
    for number in frozenset[int]().union(*map(context.blocks_with, ends)):
        for match in _THREE_WORDS.finditer(context.blocks[number].text.lower()):
            yield from _wrong_three(match)


def _wrong_three(match: re.Match[str]) -> Iterator[_Wrong]:
    """Yield what is wrong with three words, if the verb among them is known."""
    verb, meant = _verbs().get(match["verb"]), ""
    if not verb:
        return
    is_base = match["verb"] == verb.base != verb.participle
    if match["do"] and match["verb"] != verb.base and not match["by"]:
        meant = f"{match[0].rpartition(' ')[0]} {verb.base}"
    elif is_base and (match["by"] if match["be"] else match["have"] and not verb.is_noun):
        meant = match[0].replace(f" {verb.base}", f" {verb.participle}")
    if meant:
        yield _Wrong(match[0], rf"(?P<verb>{re.escape(match[0])})\b", meant)


_ONE = frozenset(word_list("grammar.one"))
_SEVERAL = frozenset(word_list("grammar.several"))
_NUMBERS = frozenset(word_list("grammar.numbers"))
_ONE_WHOLE = frozenset(("all day", "all week", "all month", "all year"))
_ADJECTIVES = frozenset(word_list("grammar.adjectives"))
_AFTER_NOUN = (
    r"(?=[.,;:)]|$| (?:is|are|was|were|has|have|had|will|should|attend(?:s|ed)?|meets?|met|takes?"
    r"|took|receives?d?|who|which|twice|once)\b)"
)
_AFTER_SEVERAL = _AFTER_NOUN.replace("is|are", "of|in|for|at|by|with|from|is|are")
_AFTER_TIME = r"(?=[.;:)]|$)"
_LABEL = (
    r"(?i)\b(?:stage|phase|level|tier|year|benchmark|quarter|priority|option|group|week|theme|step"
    r"|objective|point|part|section|annex|item|number|grade|score|to|or) $"
)
_BEGINS = r"(?:^|(?<=[.;:] ))"
_BEFORE_SUBJECT = r"(?P<before>(?:[A-Za-z’'-]+ ){0,2})"
_NOT_SUBJECT = Expression(
    r"(?i)\b(?:of|for|by|with|from|in|to|at|on|as|and|or|about|against|across|between|among|into"
    r"|over|under|through|within|without|during|per|than|that|what|who|which|how|when|where"
    r"|whether|one|each|every|if|not|no|more|fewer|less|many|two|three|four|five|six|seven|eight"
    r"|nine|ten|[a-z]+(?:ing|['’]s?))\b"
)
_OF_ONE = frozenset(word_list("grammar.of_one"))


def _wrong_number(first: str, second: str) -> _Wrong | None:
    """Return words of which one says one and the other several: "each partners"."""
    words, noun, subject = f"{first} {second}", _nouns().get(second), _nouns().get(first)
    if noun and first in _ONE and second == noun.several:
        found = rf"(?<![\w-])(?<!to )(?i:{first}) {second}\b(?!['’]){_AFTER_SEVERAL}"
        article = "an" if noun.one[0] in "aeio" else "a"
        one = article if first in ("a", "an") else first
        return _Wrong(words, found, f"{one} {noun.one}")
    if noun and first in _ADJECTIVES and second == noun.several:
        found = rf"\b[Aa]n? {words}\b(?!['’]){_AFTER_SEVERAL}"
        return _Wrong(words, found, f"{first} {noun.one}")
    if noun and second == noun.one and words not in _ONE_WHOLE:
        if first in _NUMBERS or (first in _SEVERAL and not noun.mark):
            after = _AFTER_TIME if noun.mark == "+" else _AFTER_NOUN
            found = rf"\b(?P<label>)(?i:{first}) {second}\b(?!['’-]){after}"
            return _Wrong(words, found, f"{first} {noun.several}")
    elif subject and first == subject.several and subject.mark != "+":
        verb = _verbs().get(second)
        if second in _OF_ONE or (verb and verb.third == second and not verb.is_noun):
            begins = rf"{_BEGINS}{first.title()} {second}\b"
            found = rf"{_BEGINS}{_BEFORE_SUBJECT}{first} {second}\b|{begins}"
            return _Wrong(words, found, "another form of the verb")
    return None


_OF_SOMETHING = word_list("grammar.nouns_of_something")
_UNCOUNTED = word_list("grammar.uncounted")
_PERSONS = word_list("grammar.persons")
_PERSON = f"(?:{'|'.join(_PERSONS)})"
_VERBS_OF_PERSONS = word_list("grammar.verbs_of_persons")
_OWNERS = "|".join(word_list("grammar.owners"))
_OWNED = word_list("grammar.owned")
_AFTER_THERE_IS = word_list("grammar.after_there_is")
_NOT_WHO = r"(?!who\b|that\b|which\b|and\b|or\b|what\b|how\b)"
_ONE_OF = word_list("grammar.one_of")
_PARTICIPLES = word_list("grammar.participles")
_HAVE_SEVERAL = r"(?:have|are|were)\b"
AGREEMENT = Expressions(
    (
        " ".join(f"the_{noun}_of" for noun in _OF_SOMETHING),
        rf"{beginning('The')} (?:{'|'.join(_OF_SOMETHING)}) of (?:the |its |their |your )?"
        rf"(?:{_NOT_WHO}\w+ )?{_NOT_WHO}\w+ {_HAVE_SEVERAL}",
    ),
    (
        " ".join(f"there_is_{number}" for number in _AFTER_THERE_IS),
        rf"\b[Tt]here is (?:{'|'.join(_AFTER_THERE_IS)})\b(?! or\b|-)",
    ),
    (
        "are_a are_an are_one",
        r"\b[Tt]here are (?:an? (?!few|number|lot|range|series|variety|great"
        r"|wide|handful|couple|total|further|good|large|small|host|hundred|dozen|growing|significant|multitude|few|plethora|minority|majority|mixture|mix|team|group|network|wealth|minimum|maximum|lack)"
        r"[a-z]+ (?:for|in|on|at|of|to)|one (?!or\b|hundred\b|thousand\b)[a-z]+)\b",
    ),
    (
        "each_of one_of neither_of",
        rf"{beginning('Each', 'One', 'Neither')} of (?:the|its|these|those|your) (?:\w+ )?\w+s"
        rf" {_HAVE_SEVERAL}",
    ),
    (
        " ".join(
            f"of_{person} the_{person} its_{person} your_{person} these_{person}"
            for person in _PERSONS
        ),
        rf"\b(?:(?:[Oo]ne|[Ee]ach|[Mm]any|[Ss]everal|[Ff]ew) of (?:the|its|your|these)|[Aa] number"
        rf" of) {_PERSON}\b(?=[.,;]| (?:is|are|has|have|was|were|who|in|will|from|at)\b)",
    ),
    (
        " ".join(f"{noun}_were {noun}_are {noun}_have" for noun in _UNCOUNTED),
        rf"{_BEGINS}(?:The|This|Its|Your) (?:(?!and\b|or\b)\w+ )?(?:{'|'.join(_UNCOUNTED)})"
        rf" {_HAVE_SEVERAL}",
    ),
    (
        "who_has who_is who_was that_was that_has which_has which_was",
        rf"{beginning('The', 'Those', 'Some', 'Many')} {_PERSON}s who (?:has|is|was)\b"
        r"|[A-Z](?:(?<=^.)|(?<=[.;:] .))[a-z]+s who (?:has|is|was)\b"
        rf"|{_BEGINS}(?:The|These|Those) (?:sessions|meetings|actions|events) (?:that|which)"
        r" (?:has|was)\b",
    ),
    (
        " ".join(f"who_{verb}" for verb in _VERBS_OF_PERSONS),
        rf"\b{_PERSON}, who (?:{'|'.join(_VERBS_OF_PERSONS)})\b",
    ),
    ("and_the", rf"{beginning('The')} \w+ and the \w+ (?:is|was|has)\b(?! (?:that|which|to)\b)"),
    (
        " ".join(
            f"{owner}s_{owned}"
            for owner in ("council", "team", "board", "borough", "county")
            for owned in _OWNED
        ),
        rf"{_BEGINS}The (?:{_OWNERS})s (?:{'|'.join(_OWNED)}) (?:is|was|has)\b",
    ),
    (
        " ".join(
            f"{word}_{thing}"
            for word in ("the", "its", "your", "main", "key", "biggest")
            for thing in _ONE_OF
        ),
        r"[Oo](?<!\w.)ne of (?:the|its|your|their|these)(?: (?:main|key|biggest|real|clear))?"
        rf" (?:{'|'.join(_ONE_OF)})\b(?=[.,;]| (?:of|is|was|has|in|for|that|which|to)\b)",
    ),
    (
        "The These Those",
        rf"{beginning('The', 'These', 'Those')} (?:\w+ )?[a-z]+[^suiS\W]s (?:to|for|with|from|by)"
        r" (?!which\b|whom\b|whose\b|what\b|that\b)(?:(?:the|its|your|our) )?"
        r"(?:[a-z]+ ){0,2}[a-z]+s (?:was|is|has)\b(?! (?:that|what|why|how)\b)",
    ),
    (
        " ".join(f"{he}_{verb}" for he in ("it", "he", "she") for verb in ("were", "have", "do"))
        + " this_were that_were",
        rf"{beginning('It', 'He', 'She')} (?:were|have|do)\b|{beginning('This', 'That')} were\b",
    ),
    (
        " ".join(
            f"{we}_{seen}" for we in ("i", "we", "they", "you", "it") for seen in _PARTICIPLES
        ),
        rf"{beginning('I', 'We', 'They', 'You', 'He', 'She', 'It')} (?:{'|'.join(_PARTICIPLES)})\b",
    ),
    (
        " ".join(f"to_{seen}" for seen in _PARTICIPLES),
        rf"\bto (?:{'|'.join(_PARTICIPLES)})\b(?! (?:and|or|by)\b|-)",
    ),
    ("people_is people_was people_has", rf"{beginning('People', 'Children')} (?:is|was|has)\b"),
    (
        "staff_was staff_is staff_has people_was people_is people_has officers_was officers_has"
        " sessions_was sessions_has schools_was schools_has members_was members_has",
        r"(?<!of the )(?<!of )(?<!each of )(?<!one of the )\b(?!(?:19|20)[0-9]{2}\b)"
        r"(?:[0-9]{2,}|[2-9]|two|three|four|five|six|seven|eight|nine|ten)"
        r" (?:staff|people|officers|sessions|schools|members) (?:was|is|has)\b",
    ),
    (
        "whom_attended whom_are whom_were whom_have whom_had whom_is whom_was whom_work whom_sit",
        r"(?<!of )(?<!to )(?<!with )(?<!for )(?<!from )(?<!by )(?<!among )(?<!on )"
        r"\bwhom (?:attended|are|were|have|had|is|was|work|sit)\b",
    ),
    (
        "some_the most_the many_the several_the few_the none_the",
        rf"{beginning('Some', 'Most', 'Many', 'Several', 'Few', 'None')} the"
        r" (?!less\b|wiser\b|more\b|same\b|worse\b)[a-z]+",
    ),
    ("s_of", rf"\b(?:[Tt]he|[Ii]ts|[Yy]our) {_PERSON}['’]s of\b"),
    (
        "are_to is_to were_to was_to",
        r"\b(?:is|are|was|were) to (?:congratulated|commended|praised|encouraged|trained|reviewed"
        r"|updated|published|appointed|completed|discussed|agreed|welcomed|invited|asked|given)\b",
    ),
    (
        "much_officers much_sessions much_staff less_officers less_sessions less_meetings"
        " less_referrals less_trainers much_referrals less_members much_members",
        r"\b(?:[Mm]uch|[Ll]ess) (?:officers|sessions|meetings|referrals|trainers"
        r"|members)\b(?![-'’])",
    ),
)
"""Words of which one says one and the other several: "the number of sessions have"."""


def wrong_forms(context: RuleContext) -> Iterator[tuple[RuleBlock, int, str, str]]:
    """Yield the block, offset and words of each wrong form, and what is meant."""
    pairs = _PAIRS.doubtful_of(context)
    found = {*(pair.wrong for pair in pairs if pair.wrong), *_threes(context, pairs)}
    for words, expression, meant in sorted(found):
        pattern = re.compile(expression)
        for number in sorted(context.blocks_with(words)):
            block = context.blocks[number]
            for match in pattern.finditer(block.text):
                if not _may_be_right(block, match):
                    yield block, match.start(), match[0], meant


def _may_be_right(block: RuleBlock, match: re.Match[str]) -> bool:
    """Return True if the words before a match can make it right."""
    kinds = match.groupdict()
    _, start = block.sentence_at(match.start())
    before = block.text[max(start, match.start() - _LONGEST_CLAUSE) : match.start()]
    if kinds.get("verb") is not None:
        is_relative = before.endswith("who ") and match[0].startswith(("can", "could", "d"))
        return is_relative or re.search(_CLAUSE, before) is not None
    if kinds.get("label") is not None:
        return re.search(_LABEL, before) is not None
    return re.search(_NOT_SUBJECT, kinds.get("before") or "") is not None


_LONGEST_CLAUSE = 60
"""The most characters that are looked at before a verb."""
