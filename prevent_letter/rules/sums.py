"""A rule on numbers that don't make the sum that the words between them say (PL225)."""

import re
from itertools import chain

from prevent_letter.core.display import quote
from prevent_letter.rules.context import Problems, RuleContext, rule
from prevent_letter.rules.expressions import Expression, Expressions
from prevent_letter.rules.figures import NUMBER, as_number
from prevent_letter.rules.scores import LONGEST_SENTENCE

_PARTS = {
    **{"half": 50, "a third": 33.3, "a quarter": 25, "a fifth": 20, "a tenth": 10},
    **{"two thirds": 66.7, "three quarters": 75},
}
"""Shares in words, in per cent."""
_PART = rf"(?P<part>(?i:{'|'.join(_PARTS)}))"
_TIMES_AS_MANY = {"halved": 0.5, "by half": 0.5, "doubled": 2, "trebled": 3, "tripled": 3}
_FROM_TO = rf"from (?P<before>{NUMBER})(?: (?:in|at|last) [a-z ]{{3,20}})? to (?P<after>{NUMBER})\b"
_IN_BRACKETS = Expressions(
    (
        "",
        rf"\b{_PART}\b[^.;()]{{0,40}}"
        rf" \((?:(?P<some>{NUMBER}) of (?P<all>{NUMBER})|(?P<share>{NUMBER}) ?(?:%|per cent))\)",
    ),
    (
        "",
        rf"\b(?P<than>[Ff]ewer|[Mm]ore) [^()]{{2,40}}\((?P<now>{NUMBER})\) [^()]{{2,40}}"
        rf"\bthan [^()]{{2,40}}\((?P<then>{NUMBER})\)",
    ),
    hint=r"^\([0-9]",
)
_SUMS = Expressions(
    (
        "halved by_half doubled trebled tripled",
        rf"(?P<than>more than )?\b(?P<times>halved|by half|doubled|trebled|tripled),? {_FROM_TO}",
    ),
    (
        "increase_of rise_of growth_of fall_of drop_of decrease_of reduction_of",
        rf"\b(?P<kind>increase|rise|growth|fall|drop|decrease|reduction) of (?P<by>{NUMBER})"
        rf"(?P<percent> ?%| per cent)?, {_FROM_TO}",
    ),
    ("both_of", rf"\b[Bb]oth of the (?P<both>{NUMBER})\b(?!-)"),
    (
        "one_in one_for one_at one_on one_with",
        r"\b(?P<several>(?i:two|three|four|five)) [^.;:,]{2,30} (?:ran|run|are|were|have"
        r"|took)\b[^.;:,]{0,20}[,:]"
        r" (?P<each>one (?:in|for|at|on|with) [^.;]{3,120})",
    ),
    (
        "held ran run trained took were",
        rf"(?:^|(?<=[.;] ))(?P<total>(?i:{NUMBER})) [a-z]+ (?:were \w+|ran|took place|attended),"
        rf" (?P<first>{NUMBER}) (?:in|by|for|from|at|with|on) [^.;,0-9]{{2,30}} and"
        rf" (?P<second>{NUMBER}) (?:in|by|for|from|at|with|on)\b(?![^.;]*,)",
    ),
    (
        "total_was total_of",
        rf"\btotal (?:was|of) (?P<total>{NUMBER}): (?P<first>{NUMBER}) [^.;,0-9]{{2,30}} and"
        rf" (?P<second>{NUMBER}) [^.;,0-9]{{2,30}}(?=[.;])",
    ),
)
_IN_WORDS = Expressions(
    (
        "half third quarter fifth tenth thirds quarters Half",
        rf"\b{_PART} of (?:the |its |all )?[^.;,%()0-9]{{3,40}}, (?P<some>{NUMBER}) (?:out )?of"
        rf" (?:the )?(?P<all>{NUMBER})\b",
    ),
    (
        "half third quarter fifth tenth thirds quarters Half",
        rf"\b{_PART} of (?:the |its |all )?(?P<all>{NUMBER}) [a-z][^.;,%0-9]{{2,40}}, (?:or )?"
        rf"(?P<some>{NUMBER}) (?:in all|of them|altogether|in total)\b",
    ),
    (
        "half third quarter fifth tenth thirds quarters",
        rf"\b(?P<some>{NUMBER}) (?:out )?of (?:the )?(?P<all>{NUMBER}) [^.;,%0-9]{{3,30}}, or"
        rf" {_PART}\b",
    ),
    (
        "majority_of more_than over_half most_of",
        r"\b(?P<most>(?:[Aa]|[Tt]he) (?:\w+ )?majority|[Mm]ore than half|[Oo]ver half|[Mm]ost) of"
        rf" [^.;,%0-9]{{3,40}},? [(]?(?P<share>{NUMBER}) ?(?:%|per cent)",
    ),
    (
        "minority_of fewer_than less_than under_half",
        r"\b(?P<few>[Aa] (?:\w+ )?minority|(?:[Ff]ewer|[Ll]ess) than half|[Uu]nder half) of"
        rf" [^.;,%0-9]{{3,40}},? [(]?(?P<share>{NUMBER}) ?(?:%|per cent)",
    ),
    (
        "one_in one_for one_at one_with one_on",
        rf"\b(?P<some>(?i:{NUMBER})) [a-z]+s\b[^.;0-9]{{0,40}}?, one (?:in|for|at|with|on) each"
        rf" of the (?P<each_of>{NUMBER})\b",
    ),
)
_UP_BY = Expressions(
    (
        "up down",
        rf"(?<![\w./–-])(?P<now>{NUMBER}) [a-z]+(?: [a-z]+){{0,3}},? (?P<way>up|down) (?:by )?"
        rf"(?P<by>{NUMBER}) (?:on|from) (?:the )?(?P<then>{NUMBER})\b",
    )
)
_THOUSANDS = Expressions(
    ("", r"(?<= )[0-9]{1,3},[0-9]{2}(?= [a-z])"), hint=r"^[0-9]{1,3},[0-9]{2}$"
)


_TABLES = (_SUMS, _IN_BRACKETS, _IN_WORDS, _UP_BY)


_ABOUT = Expression(
    r"(?i)\b(?:than|over|least|almost|nearly|about|around|first|second|other|final|last|not"
    r"|target of)"
    r"(?: an?)? $"
)


@rule("PL225", "warning", english=True)
def sums(context: RuleContext) -> Problems:
    """Two numbers and the words between them do not make the sum that the text says."""
    for block, match in chain.from_iterable(e.find(context) for e in _TABLES):
        sentence, _ = block.sentence_at(match.start())
        before = block.text[max(0, match.start() - 20) : match.start()]
        is_told = len(sentence) <= LONGEST_SENTENCE and not re.search(_ABOUT, before)
        if is_told and (wrong := _wrong_sum(match)):
            yield block.problem(match, f"{wrong}: {quote(match[0])}", "correct the numbers")
    for block, match in _THOUSANDS.find(context):
        message = f"this number has a sign in an odd place: {match[0]}"
        yield block.problem(match, message, "write thousands like this: 1,500")


def _wrong_sum(match: re.Match[str]) -> str:
    """Return what is wrong with the numbers of a match; empty if nothing is."""
    said = {key: words for key, words in match.groupdict().items() if words}
    of = {key: as_number(words) for key, words in said.items() if re.fullmatch(NUMBER, words, re.I)}
    if "most" in said or "few" in said:
        is_so = of["share"] > _HALF if "most" in said else of["share"] < _HALF
        return "" if is_so else "the share says otherwise"
    if "each_of" in of:
        return "" if of["some"] == of["each_of"] else f"one in each makes {said['each_of']}"
    if way := said.get("way"):
        made = of["then"] + (of["by"] if way == "up" else -of["by"])
        return "" if made == of["now"] else f"the numbers make {made:g}"
    if part := said.get("part", "").lower():
        share = of["share"] if "share" in of else of["some"] / max(of["all"], 1) * 100
        return "" if abs(share - _PARTS[part]) <= _NEARLY else f"this is {share:.0f} per cent"
    if times := said.get("times"):
        exact = of["before"] * _TIMES_AS_MANY[times]
        is_so = abs(of["after"] - exact) <= of["before"] / 5
        if "than" in said:
            is_so = of["after"] < exact if exact < of["before"] else of["after"] > exact
        return "" if is_so else "the numbers say otherwise"
    if kind := said.get("kind"):
        change = of["after"] - of["before"]
        change = -change if kind in ("fall", "drop", "decrease", "reduction") else change
        change = change / max(of["before"], 1) * 100 if "percent" in said else change
        return (
            ""
            if abs(change - of["by"]) <= (1.5 if "percent" in said else 0)
            else (f"the numbers make {change:.0f}")
        )
    if "both" in of:
        return "" if of["both"] == 2 else "both are two"
    if several := said.get("several"):
        if re.search(rf"\b(?!one\b){NUMBER}\b", said["each"]):
            return ""
        listed = len(re.findall(r"\bone (?:in|for|at|on|with)\b", said["each"]))
        return "" if listed < 2 or listed == as_number(several) else f"{listed} are listed"
    if than := said.get("than", "").lower():
        is_so = of["now"] < of["then"] if than == "fewer" else of["now"] > of["then"]
        return "" if is_so else "the numbers say otherwise"
    parts = of["first"] + of["second"]
    return "" if parts == of["total"] else f"the parts make {parts:g}"


_HALF = 50
_NEARLY = 6
"""The points by which a share may differ from "a third"."""
