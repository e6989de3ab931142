"""Rules on numbers and facts that disagree (PL217, PL328)."""

import re

from prevent_letter.assessment.criteria import NUMBER_WORDS
from prevent_letter.core.display import quote
from prevent_letter.rules.context import Problems, RuleBlock, RuleContext, rule, word_list
from prevent_letter.rules.expressions import Expression, Expressions
from prevent_letter.rules.scores import LONGEST_SENTENCE

_TEENS = word_list("figures.numbers_from_eleven")
WORDS = NUMBER_WORDS | {word: number for number, word in enumerate(_TEENS, 11)}
NUMBER = rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}})*(?:\.[0-9]+)?|{'|'.join(WORDS)})"
NOT_EXACT = Expression(
    r"(?i)\b(?:last|previous(?:ly)?|earlier|next|future|then|was|were|had|rose|fell|risen|fallen"
    r"|up from|down from|will|should|aim\w*|target|at least|at most|more than|fewer than|less than"
    r"|almost|nearly|about|around)\b"
)
"""Words of another time, an aim or a rough number, which need not fit what is counted now."""


def as_number(words: str) -> float:
    """Return the number that words such as "four" or "1,200" mean."""
    return WORDS.get(words.lower(), 0) or float(words.replace(",", ""))


# Numbers against each other.

_WHOLE = Expression(
    r"[Oo]f (?:the |its |their |our |your |these |those |all )?"
    rf"(?P<all>{NUMBER})\b(?P<other>(?! ?(?:%|per cent|million|thousand|years?|months?|weeks?"
    r"|days?)|[-/–.:][0-9]))?"
)
_SOME = Expression(rf"(?i)(?<![\w./-])(?P<some>{NUMBER}) (?:out )?$")
_SOME_OF_IT = Expression(
    rf"(?i)[^.,;:0-9]{{0,50}}, (?P<some>{NUMBER}) (?:had|have|has|were|was|did|do|could|said|knew"
    r"|are)\b"
)
_CHANGE = Expressions(
    (
        "fell fallen falls fall dropped declined decreased rose "
        "risen rises increased grew grown climbed"
        " went_down went_up",
        r"\b(?P<verb>fell|fall(?:en|s)?|dropped|declined|decreased|went down|down|rose|risen|rises"
        r"|increased|grew|grown|went up|up|climbed)(?: \w+){0,3}? from "
        r"(?P<one>[0-9][0-9,.]{0,8}|" + "|".join(WORDS) + r")(?P<unit>%| per cent)?(?: [a-z]+)?"
        r"(?: (?:in|at|for) [^.;,]{0,40}?)? to (?P<two>[0-9][0-9,.]{0,8}|"
        + "|".join(WORDS)
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
_DONE = r"(?:have|has|had|were|was|are|is|came|come|from|remain|still|now|[a-z]+ed)\b"
_PARTS = Expression(
    rf"(?i)\b(?:of|out of) (?:the |its |their |our |your |these |those )?(?P<all>{NUMBER})\b"
    r"[^.,;:%]{0,60}, (?P<rest>.*)"
)
_PARTS_AT_ONCE = Expression(
    rf"(?i)Of (?:the |its |our |your |these |those )?(?P<all>{NUMBER})\b[^.,;:%]{{0,60}}?"
    rf" (?P<rest>{NUMBER} {_DONE}.*)"
)
_PART = Expression(
    rf"(?i)(?:^|, (?:and )?|; | and )(?:the (?:remaining|other) |only |just |another )?"
    rf"(?P<part>{NUMBER}) {_DONE}"
)
_LIST = Expression(
    rf"(?i)\b(?P<all>{NUMBER})(?: [\w'’-]+){{1,8}}: (?P<rest>(?:about )?{NUMBER} (?:for|from"
    rf"|of|in|by|were|was|came|on|at|to|with|went)\b[^:;]*|{NUMBER} [a-z]+(?: [a-z]+){{0,3}}"
    rf"(?:, | and ){NUMBER} [a-z][^:;]*)"
)
_AFTER_COMMA = Expression(
    rf"(?i)\b(?P<all>{NUMBER})(?: [\w'’-]+){{1,8}}, (?P<rest>{NUMBER} (?:in|from|for|at|with|by)\b"
    r"[^:;]*)"
)
_MAY_BE_LISTED = Expression(r": |, of wh|, [a-z0-9]{1,9} (?:in|from|for|at|with|by) ")
_OF_WHICH = Expression(
    rf"(?i)\b(?P<all>{NUMBER})(?: [\w'’-]+){{1,4}}, of (?:which|whom) (?P<rest>{NUMBER} [^:;]*)"
)
_LISTED = Expression(
    rf"(?i)(?:^|, (?:and )?| and )(?:the (?:remaining|other) )?(?P<part>{NUMBER}) (?=[a-z])"
)
_UP_FROM = Expressions(
    (
        "up_from down_from",
        rf"(?<![\w./–-])(?P<now>{NUMBER})(?: [A-Za-z’'-]+){{0,12}},? (?P<way>up|down) from"
        rf" (?P<then>{NUMBER})\b",
    ),
    (
        "rise_of fall_of increase_of drop_of",
        rf"(?<![\w./–-])(?P<now>{NUMBER}) [a-z]+(?: [a-z]+){{0,3}}, an? (?P<way>rise|increase"
        rf"|fall|drop)"
        rf" of [^.;:,]{{1,30}} (?:on|from) (?:the )?(?P<then>{NUMBER})\b",
    ),
    (
        "compared_with against_the",
        rf"(?<![\w./–-])(?P<now>{NUMBER}) [a-z]+(?: in [0-9/]+| this year)?,? (?:as )?compared "
        rf"with"
        rf" (?P<then>{NUMBER})\b[^.;:]{{0,40}}?,? an? (?P<way>rise|increase|fall|drop"
        rf"|reduction)\b",
    ),
)
_OF_WHOM = Expressions(
    (
        "of_whom of_which",
        rf"\b(?P<all>{NUMBER}) [a-z ]{{3,30}}, of (?:whom|which) (?P<one>{NUMBER})"
        rf" [^.,;]{{3,60}} and (?P<two>{NUMBER})\b(?= [a-z])",
    )
)
_NO_ANSWER = Expressions(
    (
        "no_answer no_change not_know no_view not_answer no_opinion unsure others remainder rest",
        r"\b(?:no answer|no change|not know|no view|not answer|no opinion|unsure"
        r"|(?:others|the remainder|the rest)(?= (?:were |was |are |is |for )?[0-9]))\b",
    )
)
_THE_REST = Expression(r"\bthe (?:remaining|rest|other)\b")
_AND_OTHERS = Expressions(
    (
        " ".join(f"{word}_{number}" for word in ("other", "remaining") for number in NUMBER_WORDS),
        rf"(?i:\b(?P<some>{NUMBER}) of (?:the |its |their |our |your |these )?(?P<all>{NUMBER})\b)"
        rf"(?P<between>[^.]{{5,100}}?) the (?:other|remaining) (?P<rest>{NUMBER})\b",
    )
)
"""The part of a whole, and all that is left of it."""
_INVITED = Expressions(
    (
        "Of",
        rf"Of(?<!\w..) (?:the |its |our |your )?(?P<all>{NUMBER}) (?:[a-z]+ ){{1,4}}"
        rf"(?P<some>{NUMBER})"
        r" (?:[a-z]+ed|came|took|went|did|met|had|have|were|are)\b",
    )
)
"""Those of a whole who did something."""
_MEETINGS_A_YEAR = {
    "weekly": range(38, 54),
    "fortnightly": range(19, 28),
    "monthly": range(9, 14),
    "quarterly": range(3, 6),
    "twice a year": range(1, 4),
}
_MEETINGS = Expressions(
    (
        " ".join(f"{number}_meetings" for number in WORDS),
        rf"\b(?P<often>{'|'.join(_MEETINGS_A_YEAR)})\b[^.;]{{0,30}}? (?:its|the|all|these)"
        rf" (?P<number>{NUMBER}) meetings (?:in|of|this|over|were|was|during)\b",
    )
)
_NAMELY = Expressions(
    (
        "namely priorities: areas: actions: recommendations: strands: themes: partners: points:"
        " things: districts: agencies: services: groups: teams:",
        r"\b(?P<number>(?i:two|three|four|five|six)) (?:[a-z]+ ){0,2}?[a-z]+s(?:,? namely,?|:)"
        r" (?P<items>[^.;:()?!]{5,200}?)(?=\.|$|, (?:have|has|had|are|were|will|all|each)\b)",
    )
)
_NO_LIST = Expression(
    r"\b(?:which|who|whose|where|such|including|both|is|are|was|were|has|have|will|should|must|to)\b"
)
"""Words of a list by which its items can't be counted."""
_LONGEST_NUMBER = 20
"""The characters before "of" in which its number is looked for."""
_WITHIN = Expression(r"(?i)\b(?:of which|of whom|of these|of them|of those|includ\w+|also|both)\b")


def _is_year(words: str) -> bool:
    return re.fullmatch("(?:19|20)[0-9]{2}", words) is not None


_CORRECT = "correct the numbers"


@rule("PL328", "warning", english=True)
def impossible_numbers(context: RuleContext) -> Problems:
    """A part is larger than its whole, a fall rises, or a share is over 100 per cent."""
    for block in context.blocks:
        if "of " in block.text or "Of " in block.text:
            yield from _parts_and_whole(block)
        if re.search(_MAY_BE_LISTED, block.text):
            yield from _listed_parts(block)
    yield from _changes(context)
    yield from _shares(context)
    yield from _all_that_is_left(context)
    yield from _miscounted(context)
    for block, match in _OF_WHOM.find(context):
        total = as_number(match["one"]) + (as_number(match["two"]) if match["two"] else 0)
        whole = as_number(match["all"])
        if total > whole or (match["two"] and 0 < whole - total <= whole / 20):
            yield block.problem(match, f"the parts are more than {match['all']}", _CORRECT)


def _parts_and_whole(block: RuleBlock) -> Problems:
    """Yield problems at "12 of the ten", and at parts of a whole that are more than it."""
    wholes = [*re.finditer(_WHOLE, block.text)]
    for match in wholes:
        of_it = re.compile(_SOME_OF_IT).match(block.text, match.end())
        if of_it and as_number(of_it["some"]) > as_number(match["all"]):
            words = block.text[match.start() : of_it.end()]
            message = f"a part can't be larger: {quote(words)}"
            yield block.problem_at(match.start(), words, message, _CORRECT)
        part = re.search(_SOME, block.text[: match.start()][-_LONGEST_NUMBER:])
        if not part or match["other"] is None or _is_year(part["some"]) or _is_year(match["all"]):
            continue
        if as_number(part["some"]) > as_number(match["all"]) > 1:
            words = part[0] + match[0]
            offset = match.start() - len(part[0])
            message = f"a part can't be larger: {quote(words)}"
            yield block.problem_at(offset, words, message, _CORRECT)
    for sentence, start in block.sentences if wholes else ():
        if len(sentence) > LONGEST_SENTENCE:
            continue
        at_once = re.match(_PARTS_AT_ONCE, sentence) if sentence.startswith("Of ") else None
        whole = at_once or re.search(_PARTS, sentence)
        if not whole or _is_year(whole["all"]) or re.search(_WITHIN, sentence):
            continue
        parts = [as_number(match["part"]) for match in re.finditer(_PART, whole["rest"])]
        total, rest = as_number(whole["all"]), re.search(_THE_REST, sentence)
        is_all = rest is not None and (len(parts) > 2 or "the remaining" in whole["rest"])
        if len(parts) > 1 and (sum(parts) > total or (is_all and sum(parts) != total)):
            words = sentence[whole.start() : whole.start("rest")].rstrip(" ,")
            message = f"the parts make {sum(parts):g}, and not {whole['all']}"
            yield block.problem_at(start + whole.start(), words, message, _CORRECT)


def _changes(context: RuleContext) -> Problems:
    """Yield problems at a fall that rises, and at a rise that falls."""
    for block, match in _CHANGE.find(context):
        ends = [match[key].rstrip(".,") for key in ("one", "two")]
        if any(map(_is_year, ends)) or not all(re.fullmatch(NUMBER, end) for end in ends):
            continue
        is_fall = re.match("(?i)f|dr|de|went d|down", match["verb"])
        one, two = map(as_number, ends)
        if (two > one) if is_fall else (two < one):
            which = "a fall" if is_fall else "a rise"
            yield block.problem(match, f"this isn't {which}: {quote(match[0])}", _CORRECT)
    for block, match in _UP_FROM.find(context):
        now, then = as_number(match["now"]), as_number(match["then"])
        is_rise = match["way"] in ("up", "rise", "increase")
        is_wrong = now < then if is_rise else now > then
        if is_wrong and not _is_year(match["now"]):
            message = f"this isn't {match['way']}: {quote(match[0])}"
            yield block.problem(match, message, _CORRECT)


def _all_that_is_left(context: RuleContext) -> Problems:
    """Yield problems at "five of the seven ... and the other three", and "of the 20 invited 25"."""
    for block, match in _AND_OTHERS.find(context):
        some, whole, rest = (as_number(match[key]) for key in ("some", "all", "rest"))
        is_more = re.search(rf"\b{NUMBER}\b", match["between"]) is not None
        if some + rest != whole and not is_more and not _is_year(match["all"]):
            yield block.problem(match, f"{some:g} and {rest:g} are not {whole:g}", _CORRECT)
    for block, match in _INVITED.find(context):
        if as_number(match["some"]) > as_number(match["all"]):
            yield block.problem(match, f"a part can't be larger: {quote(match[0])}", _CORRECT)


def _miscounted(context: RuleContext) -> Problems:
    """Yield problems at numbers of things that are listed, or counted, in the same sentence."""
    for block, match in _MEETINGS.find(context):
        if as_number(match["number"]) not in _MEETINGS_A_YEAR[match["often"]]:
            message = f"{match['number']} meetings in a year are not {match['often']}"
            yield block.problem(match, message, _CORRECT)
    for block, match in _NAMELY.find(context):
        *first, last = match["items"].removesuffix(".").split(", ")
        pair = last.removeprefix("and ").split(" and ")
        is_clear = len(pair) <= 2 and not any(" and " in item for item in first)
        listed = len(first) + (len(pair) if not last.startswith("and ") else 1)
        is_whole = len(pair) == 2 or last.startswith("and ")
        is_list = is_clear and is_whole and first and not re.search(_NO_LIST, match["items"])
        if is_list and listed != as_number(match["number"]):
            message = f"{listed} are listed, and the text says {match['number']}"
            yield block.problem_at(match.start(), match["number"], message, _CORRECT)


def _shares(context: RuleContext) -> Problems:
    """Yield problems at a wrong percentage, and at one that is over 100, or several together."""
    for block, match in _FRACTIONS.find(context):
        one, of, share = (as_number(match[key]) for key in ("one", "whole", "share"))
        if of > one and abs(one / of * 100 - share) > 2:
            message = f"{match['one']} of {match['whole']} is {one / of * 100:.0f} per cent"
            yield block.problem(match, message, _CORRECT)
    for block, match in _PERCENT.find(context):
        sentence, _ = block.sentence_at(match.start())
        if not re.search(_RISES, sentence):
            message = f"a share can't be over 100 per cent: {quote(match[0])}"
            yield block.problem(match, message, _CORRECT)
    for block, match in _NO_ANSWER.find(context):
        sentence, start = block.sentence_at(match.start())
        shares = [
            float(share)
            for share in re.findall(r"([0-9]{1,3}(?:\.[0-9])?) ?(?:%|per cent)", sentence)
        ]
        if len(shares) > 2 and sum(shares) > 101:
            words = sentence.partition(",")[0]
            message = f"the shares make {sum(shares):g} per cent"
            yield block.problem_at(start, words, message, _CORRECT)


def _listed_parts(block: RuleBlock) -> Problems:
    """Yield problems at "30 sessions: 14 for schools, 11 for health and nine for others"."""
    for sentence, start in block.sentences:
        listed = None
        if len(sentence) <= LONGEST_SENTENCE:
            found = (re.search(e, sentence) for e in (_LIST, _OF_WHICH, _AFTER_COMMA))
            listed = next(filter(None, found), None)
        if not listed or _is_year(listed["all"]):
            continue
        parts = [as_number(match["part"]) for match in re.finditer(_LISTED, listed["rest"])]
        total = as_number(listed["all"])
        others = {
            as_number(n) for n in re.findall(rf"(?i)\b{NUMBER}\b", sentence[: listed.start()])
        }
        is_whole = len(parts) > 1 and max(parts) < total and " and " in listed["rest"]
        is_whole = is_whole and " each " not in listed["rest"]
        is_whole = is_whole and sum(parts) not in others
        is_more = sum(parts) > total or ": " in listed[0]
        if is_whole and is_more and sum(parts) != total:
            message = f"the parts make {sum(parts):g}, and not {listed['all']}"
            yield block.problem_at(start + listed.start(), listed["all"], message, _CORRECT)


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
_NUMBER_OF = Expression(
    rf"\b(?:[Tt]he|[Oo]f|[Aa]ll|[Aa]ll the|[Ii]ts|[Yy]our|[Oo]ur) (?P<number>{NUMBER})$"
)
_OTHER_YEAR = Expression(r"(?i)\b(?:last|previous|earlier|other|next)\b|20[0-9]{2}")
_FACTS = Expressions(
    (
        "district_councils districts boroughs wards referrals actions statutory_partners "
        "board_members panel_members"
        " member_organisations partner_organisations",
        r" (?P<thing>districts?(?= councils)|districts?|boroughs?|wards?|referrals?|actions"
        r"|member organisations"
        r"|partner organisations|statutory"
        r" partners|board members|panel members)\b(?! (?:this|in|for|on|that|which"
        r"|made))",
    ),
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
        rf" to (?P<now>{NUMBER}) (?:this year|in (?:20|this))",
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
        "is_chaired who_chairs",
        r"(?P<its_body>[Cc]hannel [Pp]anel|[Pp]artnership [Bb]oard|[Pp]revent [Bb]oard|[Ss]teering"
        r" [Gg]roup)(?: [^.;:,]{3,40},| [^.;:]{3,40},)? is chaired by"
        r" (?P<person>[A-Z][a-z]+ [A-Z][\w'’-]+)"
        r"|(?P<chairs>[A-Z][a-z]+ [A-Z][\w'’-]+), who chairs the (?P<chaired>[Cc]hannel [Pp]anel"
        r"|[Pp]artnership [Bb]oard|[Pp]revent [Bb]oard|[Ss]teering [Gg]roup)",
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
    known: dict[tuple[str, str, str], tuple[str, str]] = {}
    for block, match in _FACTS.find(context):
        groups = match.groupdict()
        words, offset = match[0], match.start()
        if groups.get("now"):
            about, said = ("number", "referral"), f"{as_number(groups['now']):g}"
        elif groups.get("thing"):
            before = re.search(_NUMBER_OF, block.text[:offset][-_LONGEST_NUMBER:])
            if not before or re.search(_OTHER_YEAR, block.sentence_at(offset)[0]):
                continue
            about, said = (
                ("number", groups["thing"].rstrip("s")),
                f"{as_number(before['number']):g}",
            )
            words, offset = before[0] + match[0], match.start() - len(before[0])
        elif groups.get("when"):
            when = next(k for k, p in _TIMES.items() if re.fullmatch(p, groups["when"]))
            about, said = ("meets", groups["body"].casefold().split()[-1]), when
        elif groups.get("how"):
            about, said = ("meets", groups["board"]), groups["how"].replace("annual", "yearly")
        elif groups.get("person") or groups.get("chairs"):
            of = (groups["its_body"] or groups["chaired"]).casefold().split()[-1]
            about, said = ("person", of), (groups["person"] or groups["chairs"]).casefold()
        elif groups.get("who"):
            its = groups["its"].casefold().replace("channel", "panel")
            about, said = ("chair", its), groups["who"].casefold()
        else:
            about = "chair", groups["of"].casefold().split()[-1]
            said = groups["chair"].casefold()
        is_here = about[1] == "action"  # each section has its own
        key = (*about, block.section if is_here else "")
        first, section = known.setdefault(key, (said, block.section))
        is_part = about[1] == "district" and words.lower().startswith("the ") and said < first
        if first != said and not is_part and (is_here or section != block.section):
            where = context.names.get(section, section.replace("_", " "))
            message = f"{quote(words)} differs from what is said under {where}: {first}"
            yield block.problem_at(offset, words, message, "correct the one that is wrong")
