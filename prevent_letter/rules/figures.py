"""Rules on numbers and facts that disagree (PL215 to PL217, PL328)."""

import re
from collections.abc import Iterator
from functools import cache

from prevent_letter.assessment.criteria import NUMBER_WORDS
from prevent_letter.core.display import quote
from prevent_letter.rules.context import Problems, RuleBlock, RuleContext, rule
from prevent_letter.rules.expressions import Expression, Expressions
from prevent_letter.rules.scores import LONGEST_SENTENCE

_WORDS = NUMBER_WORDS | {
    word: number
    for number, word in enumerate(
        "eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(),
        11,
    )
}
_NUMBER = rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}})*(?:\.[0-9]+)?|{'|'.join(_WORDS)})"
_OTHER_TIME = Expression(
    r"(?i)\b(?:last|previous(?:ly)?|earlier|next|future|then|was|were|had|rose|fell|risen|fallen"
    r"|up from|down from|will|should|aim\w*|target|at least|at most|more than|fewer than|less than"
    r"|almost|nearly|about|around)\b"
)


def _number(words: str) -> float:
    """Return the number that words such as "four" or "1,200" mean."""
    return _WORDS.get(words.lower(), 0) or float(words.replace(",", ""))


# The summary against the table of scores.

_MET = r"(?:met|meets?|exceeds?|exceeded|(?:goes|go) beyond|below|short|unmet|under)"
_OF = (
    r"(?:(?: (?:of|out of) (?:the |your |our |its )?(?:(?P<all{0}>{1}) )?benchmarks?\b)"
    r"|(?: benchmarks\b)|(?: of (?:them|those|these)\b)|(?= (?:and|but)\b|[.,;:]))"
)


def _counts(number: str) -> Expression:
    """Return the expression for "met in eight of the ten" and "four of them are exceeded"."""
    verb = (
        r"(?P<{0}>(?:(?:is|are|do(?:es)?|falls?|remains?|being|score) )?"
        r"(?:(?:not|yet|currently|fully|now|still|well|just|be) )*" + _MET + r")\b"
        r"(?: (?:the |this |that )?(?:duty|it|this|them|that|level|standard|requirements?))?"
    )
    before = (
        verb.format("before")
        + rf" (?:in|on|for|against) (?:only |just |all )?(?P<one>{number})"
        + _OF.format("1", number)
    )
    after = (
        rf"\b(?:of which )?(?P<two>{number})(?: (?:of|out of) (?:the |your |our |its )?"
        rf"(?:(?P<all2>{number}) )?benchmarks?\b| benchmarks(?: (?:of"
        rf"|out of) (?:the )?(?P<all3>{number}))?"
        r"\b| of (?:them|those|these)\b|(?<=of which \w{3})|(?<=of which \w{4})"
        r"|(?<=of which \w{5}))"
        r"(?:,? (?:which|that|where|the \w+|it|they|you) ?)?(?:[ ,]|and|now)*"
        + verb.format("after")
    )
    return Expression(rf"(?i){before}|{after}")


_COUNTS = _counts(f"(?:{'|'.join(NUMBER_WORDS)}|[0-9]{{1,2}})")
_SCORED = Expression(
    rf"(?i)\b(?P<number>{'|'.join(NUMBER_WORDS)}|[0-9]{{1,2}}) (?:of the (?:\w+ )?)?benchmarks"
    r" (?:have |has )?scored? (?:an? )?(?P<score>[0-9])(?P<more> or (?:more|above|higher"
    r"|better))?\b"
)


def _summary(context: RuleContext) -> Iterator[tuple[RuleBlock, str, int]]:
    """Yield the sentences of the summary that speak of now, with their blocks and offsets."""
    for block in context.blocks:
        for sentence, start in block.sentences if block.path == ("summary",) else ():
            if len(sentence) <= LONGEST_SENTENCE:
                yield block, sentence, start


@rule("PL215", "warning", english=True, whole=True)
def counted_benchmarks(context: RuleContext) -> Problems:
    """The summary counts the benchmarks that are met, exceeded or not met; the table differs."""
    if "benchmark" not in context.lower_text:
        return
    met, scores = context.criteria.scale.met, [*context.scores.values()]
    count = {
        "met": [sum(score >= met for score in scores), sum(score == met for score in scores)],
        "exceeded": [sum(score > met for score in scores)],
        "not met": [sum(score < met for score in scores)],
    }
    for block, sentence, start in _summary(context):
        if "benchmark" not in sentence.lower() and not re.search(r"\b(?:them|those)\b", sentence):
            continue
        for match in re.compile(_COUNTS).finditer(block.text, start, start + len(sentence)):
            verb = (match["before"] or match["after"]).lower()
            before = block.text[max(start, match.start() - 30) : match.start()]
            kind = "not met" if re.search(r"\bnot\b|below|short|unmet|under", verb) else "met"
            if re.search("exceed|beyond", verb) and not re.search(r"(?i)\bme?e?ts? or $", before):
                kind = "exceeded"
            said = match["one"] or match["two"]
            everything = match["all1"] or match["all2"] or match["all3"]
            if re.search(_OTHER_TIME, before + match[0]) or re.search(
                r"(?i)\b(?:all|every) $", before
            ):
                continue
            if everything and _number(everything) != len(scores):
                message = f"there are {len(scores)} benchmarks, not {everything}"
                yield block.problem(match, message, "correct the number")
            elif _number(said) not in count[kind]:
                message = f"the summary counts {said} as {kind}, the table {count[kind][0]}"
                yield block.problem(match, message, "correct the summary or the scores")
        for match in re.compile(_SCORED).finditer(block.text, start, start + len(sentence)):
            score = int(match["score"])
            more = match["more"]
            found = sum(value >= score if more else value == score for value in scores)
            if _number(match["number"]) != found:
                message = f"the table has {found} with this score, the summary {match['number']}"
                yield block.problem(match, message, "correct the summary or the scores")


def _named(forms: tuple[str, ...]) -> str:
    """Return an expression for a list of benchmarks by their names: "training and venue hire"."""
    name = "(?:the |our |your |its |local |(?:the )?work on )?(?:(?:prevent|multi[- ]agency) )?"
    name += rf"(?:{'|'.join(forms)})"
    return rf"(?P<names>{name}(?:(?:, (?:and )?| and | or | as well as ){name})*)"


_UNMET = (
    r"(?:do(?:es)? not (?:yet |currently |fully |quite )*(?:meet|reach)|(?:is|are) not (?:yet "
    r"|fully )*met"
    r"|falls? short|(?:is|are|fall|falls|remains?) (?:still |just |well )?below|(?:is|are) unmet)"
)
_BEST = (
    r"(?:(?:is|are) (?:all |both |especially |particularly |very )*"
    r"(?:strong(?:est)?|excellent|outstanding|exemplary))"
)


_ALL = re.compile(r"(?i)\b(?:all|every|each)\b")


@cache
def _patterns(forms: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what a summary may say of benchmarks with these names, each with its kind."""
    names = _named(forms)
    patterns = (
        (rf"{names},? (?:which )?(?:both |all |still |each )*{_UNMET}", "not met"),
        (rf"not (?:yet |fully )*me?e?t(?:ing)?(?: the duty)? (?:in|on|for) {names}", "not met"),
        (
            r"(?:only|one|two|three|four|the) benchmarks? (?:that|which|where)[^.;:]{0,60}"
            rf"(?:short|not [a-z ]{{0,20}}me?et|below|unmet)[^.;:]{{0,40}}?(?: is| are|:) {names}",
            "not met",
        ),
        (rf"benchmarks (?:are|fall) (?:below|short)[^.;:]{{0,60}}: {names}", "not met"),
        (rf"(?:except|but|apart from|other than) (?:for |in |on )?{names}(?=[.,;])", "excepted"),
        (rf"{names},? (?:which )?(?:both |all |each )*scores? (?P<score>[0-9])\b", "score"),
        (rf"{names},? (?:which )?{_BEST}", "strong"),
        (rf"{names},(?: [^,.;]{{3,30}},)? (?:is|are) (?:where|the weakest|weak)\b", "weak"),
        (rf"(?:weakest|furthest to go|most to do) (?:is|are|was|in|on) {names}", "weak"),
        (rf"{names},? (?:which )?(?:both |all |each )*(?:exceeds?|go(?:es)? beyond)", "exceeded"),
    )
    return tuple((re.compile(rf"(?i)\b{pattern}"), kind) for pattern, kind in patterns)


@rule("PL216", "warning", english=True, whole=True)
def named_benchmarks(context: RuleContext) -> Problems:
    """The summary names a benchmark as met, not met, strong or with a score; the table differs."""
    forms: dict[str, str] = {}
    for benchmark in context.criteria.benchmarks:
        for form in (benchmark.name, benchmark.short_name):
            forms.setdefault(form.casefold(), benchmark.id)
    met = context.criteria.scale.met
    for block, sentence, start in _summary(context):
        folded = sentence.casefold()
        if not any(form in folded for form in forms):
            continue
        ordered = tuple(sorted(map(re.escape, forms), key=len, reverse=True))
        for pattern, kind in _patterns(ordered):
            if kind == "excepted" and not _ALL.search(sentence):
                continue
            for match in pattern.finditer(sentence):
                if re.search(_OTHER_TIME, match[0]):
                    continue
                for form in re.findall("|".join(ordered), match["names"].casefold()):
                    id = forms[form]
                    score = context.scores[id]
                    agrees = {
                        "not met": score < met,
                        "excepted": score < met,
                        "exceeded": score > met,
                        "strong": score >= met,
                        "weak": score <= met,
                        "score": kind == "score" and score == int(match["score"]),
                    }
                    if not agrees[kind]:
                        offset = start + match.start()
                        message = f"the summary says {quote(match[0])}"
                        message += f", but {context.names[id]} scores {score}"
                        help = "correct the summary or the score"
                        yield block.problem_at(offset, match[0], message, help)


# Numbers against each other.

_SHARE = Expressions(
    (
        "of",
        rf"(?<![\w./-])(?P<some>{_NUMBER}) (?:out )?of (?:the |its |their |our |your |all )?"
        rf"(?P<all>{_NUMBER})(?! ?(?:%|per cent|million|thousand|years?|months?|weeks?|days?)"
        rf"|[-/–.:][0-9]|[\w])",
    )
)
_CHANGE = Expressions(
    (
        "fell fallen falls fall dropped declined decreased rose "
        "risen rises increased grew grown climbed"
        " went_down went_up",
        r"\b(?P<verb>fell|fall(?:en|s)?|dropped|declined|decreased|went down|down|rose|risen|rises"
        r"|increased|grew|grown|went up|up|climbed)(?: \w+){0,3}? from "
        r"(?P<one>[0-9][0-9,.]{0,8}|" + "|".join(_WORDS) + r")(?P<unit>%| per cent)?"
        r"(?: (?:in|at|for) [^.;,]{0,40}?)? to (?P<two>[0-9][0-9,.]{0,8}|"
        + "|".join(_WORDS)
        + r")\b",
    )
)
_FRACTIONS = Expressions(
    (
        "% cent",
        r"(?<![\w./,–-])(?P<one>[0-9]+(?:,[0-9]{3})*) (?:out )?of (?:the |its |their |all )?"
        r"(?P<whole>[0-9]+(?:,[0-9]{3})*)\b[^.;%()]{0,60}?[(,] ?(?:or |that is |about |some )?"
        r"(?P<share>[0-9]{1,3}) ?(?:%|per cent)",
    )
)
_PERCENT = Expressions(
    ("% cent", r"(?<![0-9.,])(?:10[1-9]|1[1-9][0-9]|[2-9][0-9]{2})(?:\.[0-9]+)? ?(?:%|per cent\b)")
)
_RISES = Expression(
    r"(?i)\b(?:increas\w*|rise|rose|risen|more|up|grew|grown|growth|over 100|times)\b"
)
_PARTS = Expression(
    rf"(?i)\b(?:of|out of) (?:the |its |their |our |your |these |those )?(?P<all>{_NUMBER})\b"
    r"[^.,;:%]{0,60}, (?P<rest>.*)"
)
_PART = Expression(
    rf"(?i)(?:^|, (?:and )?|; | and )(?:the remaining |only |just |another )?(?P<part>{_NUMBER})"
    r" (?:have|has|had|were|was|are|is|came|come|from|remain|still|now|[a-z]+ed)\b"
)
_WHOLE = re.compile(rf"[Oo]f (?:the |its |their |our |your )?{_NUMBER}\b")
_WITHIN = Expression(r"(?i)\b(?:of which|of whom|of these|of them|of those|includ\w+|also|both)\b")


def _is_year(words: str) -> bool:
    return re.fullmatch("(?:19|20)[0-9]{2}", words) is not None


@rule("PL328", "warning", english=True)
def impossible_numbers(context: RuleContext) -> Problems:
    """A part is larger than its whole, a fall rises, or a share is over 100 per cent."""
    help = "correct the numbers"
    numbers = {word for word in context.words if word[0].isdigit() or word.lower() in _WORDS}
    if len(numbers) < 2:
        return
    lower = {*map(str.lower, numbers)}
    shares = {(a, b) for a, b in context.pairs if b in ("of", "out") and a in lower}
    for block, match in _SHARE.find(context) if shares else ():
        some, all_ = match["some"], match["all"]
        if not _is_year(some) and not _is_year(all_) and _number(some) > _number(all_) > 1:
            yield block.problem(match, f"a part can't be larger: {quote(match[0])}", help)
    for block, match in _CHANGE.find(context):
        ends = [match[key].rstrip(".,") for key in ("one", "two")]
        if any(map(_is_year, ends)) or not all(re.fullmatch(_NUMBER, end) for end in ends):
            continue
        is_fall = re.match("(?i)f|dr|de|went d|down", match["verb"])
        one, two = map(_number, ends)
        if (two > one) if is_fall else (two < one):
            which = "a fall" if is_fall else "a rise"
            yield block.problem(match, f"this isn't {which}: {quote(match[0])}", help)
    for block, match in _FRACTIONS.find(context):
        one, of, share = (_number(match[key]) for key in ("one", "whole", "share"))
        if of > one and abs(one / of * 100 - share) > 2:
            message = f"{match['one']} of {match['whole']} is {one / of * 100:.0f} per cent"
            yield block.problem(match, message, help)
    for block, match in _PERCENT.find(context):
        sentence, _ = block.sentence_at(match.start())
        if not re.search(_RISES, sentence):
            yield block.problem(
                match, f"a share can't be over 100 per cent: {quote(match[0])}", help
            )
    wholes = [b for b in context.blocks if len(lower.intersection(b.lower_words)) > 2]
    for block in wholes:
        for sentence, start in block.sentences if _WHOLE.search(block.text) else ():
            whole = re.search(_PARTS, sentence) if len(sentence) <= LONGEST_SENTENCE else None
            if not whole or _is_year(whole["all"]) or re.search(_WITHIN, sentence):
                continue
            parts = [_number(m["part"]) for m in re.finditer(_PART, whole["rest"])]
            total, is_all = (
                _number(whole["all"]),
                re.search(r"\bthe (?:remaining|rest|other)\b", sentence),
            )
            if len(parts) > 1 and (
                sum(parts) > total or (is_all and len(parts) > 2 and sum(parts) != total)
            ):
                words = sentence[whole.start() : whole.start("rest")].rstrip(" ,")
                message = f"the parts make {sum(parts):g}, and not {whole['all']}"
                yield block.problem_at(start + whole.start(), words, message, help)


_THINGS = Expressions(
    (
        "districts boroughs wards referrals statutory_partners board_members panel_members"
        " member_organisations partner_organisations",
        rf"\b(?:[Tt]he|[Oo]f the|[Oo]f|[Aa]ll|[Aa]ll the|[Ii]ts|[Yy]our"
        rf"|[Oo]ur) (?P<number>{_NUMBER})"
        r" (?P<thing>districts?|boroughs?|wards?|referrals?|member organisations"
        r"|partner organisations|statutory"
        r" partners|board members|panel members)\b(?! (?:this|in|for|on|that|which"
        r"|made))",
    )
)
_TIMES = {
    "weekly": r"weekly|(?:every|each) week|once a week",
    "fortnightly": r"fortnightly|every two weeks|every fortnight",
    "monthly": r"monthly|(?:every|each) month|once a month",
    "every two months": r"every two months|every other month|every second month|six times a year",
    "quarterly": r"quarterly|(?:every|each) (?:quarter|three months)|once a quarter"
    r"|four times a year",
    "twice a year": r"twice a year|(?:every|each) (?:six months|half.year)|half-yearly"
    r"|two times a year",
    "yearly": r"yearly|annually|(?:every|each) year|once a year",
}
_MEETS = Expressions(
    (
        "board_meets panel_meets group_meets board_now panel_now group_now board_also",
        r"(?P<body>[Cc]hannel [Pp]anel|[Pp]artnership [Bb]oard|[Pp]revent [Bb]oard"
        r"|[Ss]teering [Gg]roup"
        r"|[Aa]dvisory [Gg]roup)(?: now| also| still)? meets (?:as a whole |in full )?"
        rf"(?P<when>{'|'.join(_TIMES.values())})\b",
    ),
    (
        "referrals Referrals",
        rf"\b[Rr]eferrals (?:have |has )?(?:rose|risen|fell|fallen|grew|grown|dropped"
        rf"|increased) from [0-9,]+[^.;]{{0,40}}?"
        rf" to (?P<now>{_NUMBER}) (?:this year|in (?:20|this))",
    ),
    (
        "channel_chair panel_chair board_chair",
        r"\b(?:(?P<its>[Cc]hannel|[Pp]anel|[Bb]oard) chair, (?P<who>the (?:\w+ ){0,3}\w+)(?=[,.]))",
    ),
    (
        "weekly_meetings fortnightly_meetings monthly_meetings quarterly_meetings "
        "yearly_meetings annual_meetings",
        r"\b[Tt]he (?P<board>board|panel) [^.;:]{0,40}?\b(?:its|the) (?P<how>weekly|fortnightly"
        r"|monthly"
        r"|quarterly|yearly|annual) meetings\b",
    ),
    (
        "is_chaired now_chaired well_chaired ably_chaired",
        r"(?P<of>[Cc]hannel [Pp]anel|[Pp]artnership [Bb]oard|[Pp]revent [Bb]oard"
        r"|[Ss]teering [Gg]roup"
        r"|[Aa]dvisory [Gg]roup) is (?:now |well |ably )?chaired by (?P<chair>(?:the |a "
        r"|an )?(?:\w+ ){0,3}?\w+)"
        r"(?=[.,;]| and| who| with| from| of)",
    ),
)


@rule("PL217", "warning", english=True)
def contradiction(context: RuleContext) -> Problems:
    """Two sections give different numbers, meetings or chairs of one thing."""
    known: dict[tuple[str, str], tuple[str, str]] = {}
    found = [*_THINGS.find(context), *_MEETS.find(context)]
    order = {id(block): number for number, block in enumerate(context.blocks)}
    for block, match in sorted(found, key=lambda one: order[id(one.block)]):
        groups = match.groupdict()
        sentence, _ = block.sentence_at(match.start())
        if groups.get("now"):
            about, said = ("number", "referral"), f"{_number(groups['now']):g}"
        elif groups.get("thing"):
            if re.search(r"(?i)\b(?:last|previous|earlier|other|next)\b|20[0-9]{2}", sentence):
                continue
            about, said = ("number", groups["thing"].rstrip("s")), f"{_number(groups['number']):g}"
        elif groups.get("when"):
            when = next(k for k, p in _TIMES.items() if re.fullmatch(p, groups["when"]))
            about, said = ("meets", groups["body"].casefold().split()[-1]), when
        elif groups.get("how"):
            about, said = ("meets", groups["board"]), groups["how"].replace("annual", "yearly")
        elif groups.get("who"):
            its = groups["its"].casefold().replace("channel", "panel")
            about, said = ("chair", its), groups["who"].casefold()
        else:
            about = "chair", groups["of"].casefold().split()[-1]
            said = groups["chair"].casefold()
        first, section = known.setdefault(about, (said, block.section))
        if first != said and section != block.section:
            where = context.names.get(section, section.replace("_", " "))
            message = f"{quote(match[0])} differs from what is said under {where}: {first}"
            yield block.problem(match, message, "correct the one that is wrong")
