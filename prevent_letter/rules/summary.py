"""Rules on what the summary says of the table of scores (PL215, PL216)."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from prevent_letter.core.display import quote
from prevent_letter.rules.context import Problem, Problems, RuleBlock, RuleContext, rule
from prevent_letter.rules.expressions import Expression
from prevent_letter.rules.figures import NOT_EXACT, WORDS, as_number
from prevent_letter.rules.scores import LONGEST_SENTENCE

_MARK = "\ufdd0"
"""What stands for a list of benchmarks' names. The YAML reader refuses it in a text."""
_N = f"(?:{'|'.join(WORDS)}|[0-9]{{1,2}})"
_TOKEN = Expression(
    r"(?i)(?P<just>\b(?:met|meets?)(?:,? without being exceeded|,? but (?:(?:is|are|do|does) )?not"
    r" exceed(?:ed)?| (?:and|but) no more))\b"
    r"|(?P<met>\b(?:met|meets?) or (?:(?:is|are) )?exceed(?:s|ed)?\b|\bat or above\b)"
    r"|(?P<not_met>\bnot(?: [a-z]+){0,2}? (?:met|meet(?:ing)?|achieved?|reach(?:ed)?|satisf\w+)\b"
    r"|\bfall(?:s|ing)? (?:[a-z]+ )?short\b|\bshort of\b"
    r"|\b(?:is|are|sits?|falls?|remains?) (?:still |just |well |a little )?below\b|\bunmet\b"
    r"|\b(?:is|are|does|do) not(?: yet)?(?=[.,;:]|$))"
    r"|(?P<exceeded>\bexceed(?:s|ed|ing)?\b"
    r"|\b(?:goes|go|going) (?:[a-z]+ ){0,3}?(?:beyond|further)\b"
    r"|\b(?:does|do) (?:[a-z]+ )?more\b|\babove (?=it\b|this\b|that\b|the\b))"
    r"|(?P<meets>\b(?:met|meets?|meeting|satisf(?:y|ies|ied))\b)"
    rf"|(?P<list>{_MARK})"
    rf"|(?:\b(?P<preposition>in|on|for|against|respect of) (?:only |just |all )?)?"
    rf"\b(?<![-/.,])(?P<number>(?P<but>all but )?{_N})(?![-/%]|[.,][0-9]| per cent)"
    rf"(?:(?= of (?:them|those|these|which|the|its|your)\b)"
    rf"(?: of (?:the |those |these |its |your )?(?P<of>{_N})\b)?(?P<noun> benchmarks?\b)?"
    r"|(?P<noun2> benchmarks?\b)"
    r"|(?= (?:is|are|do|does|have|meets?|exceeds?|falls?|remains?|goes|go|and|but)\b|[.,;:]|$))"
    r"(?:(?: of the benchmarks\b| benchmarks\b)(?P<noun3>))?"
)
_NOT_EXACT = Expression(
    r"(?i)\b(?:at least|at most|more than|fewer than|less than|almost|nearly|about|around|other"
    r"|another|further|first|last|next|level|score of|scored?|scores|page|item|each|every|all) $"
)
_SUBJECT = Expression(
    r"(?i)(?: benchmarks?| areas?)?(?:,| which| who| both| all| each| also| still| now| currently"
    r"| have| has| are| is| do| does| been| be| too| however| therefore| it| they| you"
    r"| (?:the|this) (?:duty|requirements?|standard|council|authority|county|city|borough|area))*"
    r"(?: of which)?,? "
)
_OBJECT = Expression(
    r"(?i)[^.;:]{0,60}?(?::|,? namely,?| (?:is|are|in|on|for|respect of|being|by))(?: that is,?)? "
)
_LISTED = Expression(r"(?i)(?:[^.;:,]{0,30})?[,:](?: namely| that is| being)?,? ")
_ALL = Expression(r"(?i)\b(?:all|every|each)\b")
_WHOLE = r"(?! (?:for|with|of|cases|in)\b)"
"""Not a part of what is named."""
_SAID = Expression(
    rf"(?i)(?P<strongest>{_MARK},?(?: which [^,.;]{{3,60}},)? (?:is|remains) the strongest\b"
    rf"|\b(?:highest|top) score, (?:that|which is that|the one) (?:of|for) {_MARK}"
    rf"|(?<!of the )\b(?:strongest|best) (?:area|benchmark|part)s? (?:is|are"
    rf"|remains?) {_MARK}{_WHOLE})"
    rf"|(?P<weakest>{_MARK},?(?: which [^,.;]{{3,60}},)? (?:is|remains) the weakest\b"
    rf"|\blowest score, (?:that|which is that|the one) (?:of|for) {_MARK}"
    rf"|(?<!of the )\b(?:weakest|poorest) (?:area|benchmark|part)s? (?:is|are"
    rf"|remains?) {_MARK}{_WHOLE})"
    rf"|(?P<scored>{_MARK}(?:,| which| both| all| each| of| have| has| been| and| are| is)*"
    r" (?:scores?|scored|awarded|given|rated)(?: the)?(?: (?:maximum|highest|top|lowest))?"
    r"(?: score)?(?: of| a| at)?"
    r" (?P<score>[0-9])\b"
    rf"|{_MARK}[^.;:]{{0,50}} (?:each|both|all) (?:scores?|scored) (?P<each>[0-9])\b)"
    rf"|(?P<excepted>\b(?:except|but|apart from|other than) (?:for |in |on )?{_MARK}(?=[.,;]))"
    rf"|(?P<strong>{_MARK},? (?:which )?(?:is|are) (?:all |both |especially |particularly |very )*"
    r"(?:strong(?:est)?|excellent|outstanding|exemplary|very good"
    r"|(?:an? |the |one of )(?:[\w'’]+ ){0,3}strengths?\b(?! of))"
    rf"|\b(?:most proud of|greatest strength (?:is|lies in)) {_MARK}{_WHOLE})"
    rf"|(?P<weak>{_MARK},(?: [^,.;]{{3,30}},)? (?:is|are) (?:where|weak)\b"
    rf"|\b(?:weakest|furthest to go|most to do) (?:is|are|was|in|on) {_MARK}"
    rf"|\b(?:greatest|main|chief|biggest) (?:concern|weakness|worry) (?:is|remains|lies (?:in"
    rf"|with)) {_MARK}{_WHOLE})"
)
_EXTREME = Expression(
    r"(?i)\b(?P<which>lowest|highest|top) score(?: [a-z]+|, that){0,3} (?:of |is )"
    r"(?P<value>[0-9])\b"
)
_KEY_RECOMMENDATIONS = Expression(rf"(?i)\b(?P<number>{_N}) key recommendations\b")
_SCORED = Expression(
    rf"(?i)\b(?P<number>{_N}) (?:of the (?:\w+ )?)?benchmarks"
    r" (?:have |has )?scored? (?:an? )?(?P<score>[0-9])(?P<more> or (?:more|above|higher"
    r"|better))?\b"
)
_QUANTITY = Expression(
    rf"(?i)\b(?P<number>no|none of the|all(?: ten| of the)?|half(?: of)? the|most(?: of the)?"
    rf"|few(?: of the)?|{_N}(?: of the)?) benchmarks? (?:is |are |has |have )?"
    r"(?:(?P<not_met>not met|unmet)|(?P<met>met)|(?P<exceeded>exceed(?:ed)?)"
    r"|(?:scores?|scored) (?:below|under) (?P<below>[0-9])"
    r"|(?:scores?|scored) (?P<least>[0-9]) or (?:more|above|higher|better)"
    r"|scored (?P<exactly>[0-9])|(?P<top>the (?:top|highest|maximum) score))\b"
)
_AVERAGE = Expression(
    r"(?<!regional )(?<!national )\baverage score (?:is|was|of) (?P<average>[0-9](?:\.[0-9]+)?)\b"
)
_COUNTED = Expression(
    rf"(?i)\b{_N} (?:of (?:them|those|these|which|the|its|your)|benchmarks?|is|are|do)\b"
    rf"|\bin {_N}\b"
)
_KINDS = ("just", "met", "meets", "not_met", "exceeded")
_CORRECT = "correct the summary or the scores"


class _Claim(NamedTuple):
    """What a sentence says: benchmarks by number or by name, of a kind, between two offsets."""

    kind: str
    start: int
    end: int
    number: str = ""
    list: int = -1


class _Sentence(NamedTuple):
    """A sentence of the summary, in which each list of benchmarks' names is one mark."""

    block: RuleBlock
    start: int
    text: str
    lists: list[str]
    ids: list[list[str]]
    """The benchmarks of each list."""
    tokens: list[re.Match[str]]
    """The numbers, verbs and lists of the text."""

    def list_at(self, offset: int) -> int:
        """Return the number of the list whose mark is at an offset, or is the next."""
        return self.text.count(_MARK, 0, offset)

    def problem(self, start: int, end: int, message: str) -> Problem:
        """Return a problem at the words between two offsets of the marked text."""
        before = self.list_at(start)
        words = self.text[start:end]
        for names in self.lists[before:][: words.count(_MARK)]:
            words = words.replace(_MARK, names, 1)
        offset = self.start + start + sum(len(names) - 1 for names in self.lists[:before])
        return self.block.problem_at(offset, words, message, _CORRECT)


@cache
def _names(forms: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the expressions for a list of benchmarks' names, and for one name."""
    any_form = "|".join(re.escape(form).replace("\\ ", "[ -]") for form in forms)
    name = (
        "(?:the |our |your |its |local |(?:the )?(?:work|polic(?:y|ies)) on )?"
        f"(?:(?:prevent|multi[- ]agency) )?(?:{any_form})(?: process| polic(?:y|ies))?"
    )
    joined = rf"(?:(?:, (?:and )?| and | or | as well as ){name}\b)*"
    several = rf"(?i)\b{name}\b{joined}(?: benchmarks?\b| areas?\b)?"
    return re.compile(several), re.compile(any_form)


def _forms(context: RuleContext) -> dict[str, str]:
    """Return the ways in which texts name the benchmarks, folded, longest first, with the ids."""
    forms: dict[str, str] = {}
    for benchmark in context.criteria.benchmarks:
        name = benchmark.name.casefold()
        for form in (name, benchmark.short_name.casefold(), name.rpartition(" ")[0]):
            if form:
                forms.setdefault(form.replace("-", " "), benchmark.id)
    return dict(sorted(forms.items(), key=lambda item: -len(item[0])))


@lru_cache(1)  # as two rules ask for them, one after the other
def _sentences(context: RuleContext) -> tuple[_Sentence, ...]:
    """Return the sentences of the summary."""
    forms, counts = _forms(context), "benchmark" in context.lower_text
    return tuple(
        _sentence(block, text, start, forms, counts=counts)
        for block in context.blocks
        for text, start in (block.sentences if block.path == ("summary",) else ())
        if len(text) <= LONGEST_SENTENCE
    )


def _sentence(
    block: RuleBlock, text: str, start: int, forms: dict[str, str], *, counts: bool
) -> _Sentence:
    """Return a sentence with a mark for each list of names. ``counts``: it may count benchmarks."""
    folded = text.casefold().replace("-", " ")
    if not any(form in folded for form in forms):
        has_number = counts and re.search(_COUNTED, text)
        return _Sentence(block, start, text, [], [], _tokens(text) if has_number else [])
    several, one = _names(tuple(forms))
    lists = several.findall(text)
    ids = [[forms[form.replace("-", " ")] for form in one.findall(n.casefold())] for n in lists]
    marked = several.sub(_MARK, text)
    return _Sentence(block, start, marked, lists, ids, _tokens(marked))


def _tokens(text: str) -> list[re.Match[str]]:
    return [*re.finditer(_TOKEN, text)]


def _claims(sentence: _Sentence) -> Iterator[_Claim]:
    """Yield what a sentence claims: that so many benchmarks, or these, are met, exceeded or not."""
    text = sentence.text
    verb: re.Match[str] | None = None  # the last one
    number: re.Match[str] | None = None  # the last one that waits for a verb
    names: re.Match[str] | None = None  # the last list
    for token in sentence.tokens:
        if kind := _kind_of(token):
            if number and ";" not in text[number.end() : token.start()]:
                yield _Claim(kind, number.start("number"), token.end(), number["number"])
            if names and re.fullmatch(_SUBJECT, text[names.end() : token.start()]):
                yield _Claim(kind, names.start(), token.end(), list=sentence.list_at(names.start()))
            verb, number, names = token, None, None
        elif token["list"]:
            names = token
            if verb and re.fullmatch(_OBJECT, text[verb.end() : token.start()]):
                found = sentence.list_at(token.start())
                yield _Claim(_kind_of(verb), verb.start(), token.end(), list=found)
        elif _is_vague(text, token):
            continue
        elif verb and (
            text[verb.end() : token.start()] in (" ", " all ", " only ")
            or (token["preposition"] and _is_near(text[verb.end() : token.start()]))
        ):
            yield _Claim(_kind_of(verb), verb.start(), token.end(), token["number"])
            number = None
        else:
            number = token


def _kind_of(token: re.Match[str]) -> str:
    """Return what a verb says of benchmarks, as one of ``_KINDS``; empty for another token."""
    return next((kind for kind in _KINDS if token[kind]), "")


def _is_vague(text: str, token: re.Match[str]) -> bool:
    """Return True if a number is not the number of benchmarks: "at least two", "the one that"."""
    before = text[: token.start("number")]
    is_pronoun = token["number"].lower() == "one" and before.lower().endswith("the ")
    return is_pronoun or re.search(_NOT_EXACT, before) is not None


def _is_near(between: str) -> bool:
    """Return True if the words between a verb and "in four" do not begin another clause."""
    return len(between.split()) < 7 and not re.search(r"[,;:]|\band\b", between)


@rule("PL215", "warning", english=True, whole=True)
def counted_benchmarks(context: RuleContext) -> Problems:
    """The summary counts the benchmarks that are met, exceeded or not met; the table differs."""
    counts_benchmarks = "benchmark" in context.lower_text
    met, scores = context.criteria.scale.met, [*context.scores.values()]
    least, exceeded = sum(n >= met for n in scores), sum(n > met for n in scores)
    counts = {
        "met": [least],
        "meets": [least, least - exceeded],
        "just": [least - exceeded],
        "exceeded": [exceeded],
        "not_met": [len(scores) - least],
    }
    for sentence in _sentences(context):
        text = sentence.text
        for token in sentence.tokens:
            is_total = token["noun"] and not re.match(" (?:that|which)", text[token.end() :])
            if is_total and token["of"] and as_number(token["of"]) != len(scores):
                message = f"there are {len(scores)} benchmarks, not {token['of']}"
                yield sentence.problem(token.start("number"), token.end(), message)
        for claim in _claims(sentence) if counts_benchmarks else ():
            if not claim.number or re.search(NOT_EXACT, _near(text, claim)):
                continue
            said = as_number(claim.number.lower().removeprefix("all but "))
            said = len(scores) - said if claim.number.lower().startswith("all but") else said
            if said not in counts[claim.kind]:
                kind = claim.kind.replace("_", " ").replace("meets", "met")
                message = f"the summary counts {claim.number} as {kind}"
                message += f", the table {counts[claim.kind][0]}"
                yield sentence.problem(claim.start, claim.end, message)
        for match in re.finditer(_SCORED, text) if "scored " in text else ():
            score, more = int(match["score"]), match["more"]
            found = sum(n >= score if more else n == score for n in scores)
            if as_number(match["number"]) != found:
                message = f"the table has {found} with this score, the summary {match['number']}"
                yield sentence.problem(match.start(), match.end(), message)
        for match in re.finditer(_KEY_RECOMMENDATIONS, text) if "key rec" in text else ():
            listed = len(context.assessment.key_recommendations or ())
            if as_number(match["number"]) != listed and not re.search(NOT_EXACT, text):
                message = f"there are {listed} key recommendations, not {match['number']}"
                yield sentence.problem(match.start(), match.end(), message)
        if counts_benchmarks and "benchmark" in text:
            yield from _quantities(sentence, scores, met)
        for match in re.finditer(_AVERAGE, text) if "average " in text else ():
            decimals = len(match["average"].partition(".")[2])
            average = f"{sum(scores) / len(scores):.{decimals}f}"
            if match["average"] != average and not re.search(NOT_EXACT, text):
                message = f"the average score is {average}"
                yield sentence.problem(match.start(), match.end(), message)
        for match in re.finditer(_EXTREME, text) if " score" in text else ():
            extreme = min(scores) if match["which"].lower() == "lowest" else max(scores)
            if int(match["value"]) != extreme and not re.search(NOT_EXACT, text):
                message = f"the {match['which'].lower()} score of the table is {extreme}"
                yield sentence.problem(match.start(), match.end(), message)


def _quantities(sentence: _Sentence, scores: list[int], met: int) -> Iterator[Problem]:
    """Yield problems at "no benchmark scores below 3", "most benchmarks are not met" and so on."""
    for match in re.finditer(_QUANTITY, sentence.text):
        said, value = match.groupdict(), re.sub(" .*", "", match["number"].lower())
        counts = {
            "not_met": sum(n < met for n in scores),
            "met": sum(n >= met for n in scores),
            "exceeded": sum(n > met for n in scores),
            "below": sum(n < int(said["below"] or 0) for n in scores),
            "least": sum(n >= int(said["least"] or 0) for n in scores),
            "exactly": scores.count(int(said["exactly"] or 0)),
            "top": scores.count(max(scores)),
        }
        kind = next(kind for kind in counts if said[kind])
        count, total = counts[kind], len(scores)
        is_so = {
            "no": count == 0,
            "none": count == 0,
            "all": count == total,
            "half": count * 2 == total,
            "most": count * 2 > total,
            "few": count * 2 < total,
        }
        is_of_table = kind in ("not_met", "met", "exceeded")
        is_counted_elsewhere = is_of_table and (value == "all" or value not in is_so)
        if is_counted_elsewhere or re.search(NOT_EXACT, sentence.text):
            continue
        if not (is_so[value] if value in is_so else as_number(value) == count):
            message = f"the table has {count} of {total} like this"
            yield sentence.problem(match.start(), match.end(), message)


def _near(text: str, claim: _Claim) -> str:
    """Return the words of a claim, and those shortly before it in its part of the sentence."""
    before = re.split("[;:]", text[max(0, claim.start - 30) : claim.start])[-1]
    return before + text[claim.start : claim.end]


@rule("PL216", "warning", english=True, whole=True)
def named_benchmarks(context: RuleContext) -> Problems:
    """The summary names a benchmark as met, not met, strong or with a score; the table differs."""
    met = context.criteria.scale.met
    for sentence in _sentences(context):
        if not sentence.lists:
            continue
        yield from _miscounted(sentence)
        reported: set[str] = set()
        for claim in _claims(sentence):
            if claim.list >= 0 and not re.search(NOT_EXACT, _near(sentence.text, claim)):
                for id in sentence.ids[claim.list]:
                    score = context.scores[id]
                    agrees = score < met if claim.kind == "not_met" else score >= met
                    agrees = score > met if claim.kind == "exceeded" else agrees
                    agrees = score == met if claim.kind == "just" else agrees
                    if not agrees and id not in reported:
                        reported.add(id)
                        yield _misjudged(context, sentence, claim.start, claim.end, id)
        for match in re.finditer(_SAID, sentence.text):
            is_general = match["excepted"] and not re.search(_ALL, sentence.text)
            if not is_general and not re.search(NOT_EXACT, match[0]):
                for id in sentence.ids[sentence.list_at(match.start() + match[0].index(_MARK))]:
                    if not _agrees(context, match, context.scores[id]) and id not in reported:
                        reported.add(id)
                        yield _misjudged(context, sentence, match.start(), match.end(), id)


def _misjudged(context: RuleContext, sentence: _Sentence, start: int, end: int, id: str) -> Problem:
    """Return the problem at words that a benchmark's score contradicts."""
    problem = sentence.problem(start, end, "")
    message = f"the summary says {quote(problem.words)}"
    message += f", but {context.names[id]} scores {context.scores[id]}"
    return problem._replace(message=message)


def _miscounted(sentence: _Sentence) -> Iterator[Problem]:
    """Yield problems at "three are not met" and the like, before a list of two or of four."""
    number: re.Match[str] | None = None
    for token in sentence.tokens:
        if token["list"] and number:
            found = sentence.list_at(token.start())
            length, between = len(sentence.ids[found]), sentence.text[number.end() : token.start()]
            rest = sentence.text[token.end() :]
            is_whole = " and " in sentence.lists[found] and rest[:1] in (".", ",", ";")
            is_whole = is_whole and _MARK not in rest
            follows = re.fullmatch(r"[^.;]{0,60}?[,:](?: namely| that is| being)?,? ", between)
            said = as_number(number["number"].lower().removeprefix("all but "))
            if length > 1 and is_whole and follows and length != said and not number["but"]:
                message = f"{length} benchmarks are listed, and the text says {number['number']}"
                yield sentence.problem(number.start("number"), number.end("number"), message)
            number = None
        elif token["number"] and not _is_vague(sentence.text, token):
            number = token


def _agrees(context: RuleContext, match: re.Match[str], score: int) -> bool:
    """Return True if a benchmark's score is as the words of a match say."""
    met, scores = context.criteria.scale.met, context.scores.values()
    kinds = {
        "strongest": score == max(scores),
        "weakest": score == min(scores),
        "scored": score == int(match["score"] or match["each"] or -1),
        "excepted": score < met,
        "strong": score >= met,
        "weak": score <= met,
    }
    return kinds[match.lastgroup or ""]
