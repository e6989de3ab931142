"""Rules about the letter's dates and dates in the prose (PL211 to PL214, PL317 to PL319)."""

import datetime as dt
import re
from calendar import isleap

from prevent_letter.assessment.criteria import NUMBER_WORDS
from prevent_letter.core.display import quote
from prevent_letter.rules.context import Problem, Problems, RuleContext, rule, word_list
from prevent_letter.rules.expressions import Expression, Expressions


@rule("PL211", "warning", whole=True)
def date_of_another_year(context: RuleContext) -> Problems:
    """The date is before the period's second year, or over three months after that year ends."""
    assessment = context.assessment
    date, year = assessment.date, int(assessment.period[-4:])
    if date and not dt.date(year, 1, 1) <= date <= dt.date(year + 1, 3, 31):
        message = f"a letter about {assessment.period} should be dated between January {year}"
        message += f" and March {year + 1}, not {date}"
        yield Problem(("date",), message, "correct the date or the period")


@rule("PL212", "warning", whole=True)
def sent_before_its_date(context: RuleContext) -> Problems:
    """The day on which the letter was sent is before the letter's date."""
    date, sent = context.assessment.date, context.assessment.sent
    if date and sent and sent < date:
        help = "correct the day that it was sent, or the letter's date"
        yield Problem(("sent",), f"this is before the letter's date, {date}", help)


@rule("PL214", "warning", whole=True)
def record_without_criteria(context: RuleContext) -> Problems:
    """A letter was sent, and its assessment does not name the criteria set."""
    if context.assessment.sent and not context.assessment.criteria:
        message = "the letter was sent, but the assessment does not say which criteria were used"
        yield Problem(("sent",), message, "name the set, such as criteria: annex_a")


# Not the names of the calendar module, which depend on the machine's locale.
_MONTHS = word_list("dates.months")
_WEEKDAYS = word_list("dates.weekdays")
MONTH = "|".join(_MONTHS)
"""An expression for a month's name."""
_SOME_YEARS = ("two", "three", "four", "five", "six", "ten")
_MONTH_NUMBERS = {name: number for number, name in enumerate(_MONTHS, 1)}
_MONTH_NUMBERS |= {name[:3]: number for name, number in _MONTH_NUMBERS.items()} | {"Sept": 9}
_ANY_MONTH = f"(?:{'|'.join(_MONTH_NUMBERS)})"
_WEEKDAY_BEFORE = Expression(
    rf"\b(?P<weekday>{'|'.join((*_WEEKDAYS, *(day[:3] for day in _WEEKDAYS)))}),? (?:the )?$"
)
_DAYS = Expressions(
    (
        " ".join(_MONTH_NUMBERS),
        r"(?P<day>[0-9](?<!\w.)[0-9]?)(?:st|nd|rd|th)? (?:of )?"
        rf"(?P<month>{_ANY_MONTH})\b(?! [a-z]+s\b)(?:,? (?P<year>(?:19|20)[0-9]{{2}})\b)?",
    ),
    (
        " ".join(_MONTH_NUMBERS),
        r"(?P<month>[A-Z](?<!\w.)[a-z]{2,8}) (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
        r"(?:,? (?P<year>20[0-9]{2})\b|(?=[.,;]))",
    ),
    ("/20", r"(?P<day>[0-9](?<!\w.)[0-9]?)/(?P<month>[0-9]{1,2})/(?P<year>20[0-9]{2})\b"),
)


_DAY_NUMBERS = [f"{day}{end}" for day in range(1, 32) for end in ("", "st", "nd", "rd", "th")]
_ONE_DAY = rf"(?:[0-9]{{1,2}}(?:st|nd|rd|th)? )?(?:{MONTH})"
_PERIODS = Expressions(
    (
        " ".join(f"{word}_{month}" for word in ("between", "from") for month in _MONTHS).lower()
        + " "
        + " ".join(f"{word}_{day}" for word in ("between", "from") for day in _DAY_NUMBERS),
        rf"\b(?:[Bb]etween|[Ff]rom) (?P<first>{_ONE_DAY})(?: (?P<year>20[0-9]{{2}}))?"
        rf" (?:and|to|until) (?P<last>{_ONE_DAY}) (?P<end>20[0-9]{{2}})\b",
    )
)


_SPANS = Expressions(
    (
        "",
        r"(?P<first>20[0-9]{2})(?<![0-9/–-].{4})(?<! in .{4})(?<!compared .{4})"
        r"(?: to | until | ?[–-] ?|/)(?P<last>20[0-9]{2}|(?<=[–/-])[0-9]{2})(?![0-9/–-]|['’]s)"
        r"(?! (?:levels?|prices?|figures?|rates?)\b)",
    ),
    hint="20[0-9]{2}",
)


_SEASONS = {"spring": 5, "Easter": 4, "early": 3, "summer": 8, "autumn": 11}
_NO_YEARS = Expressions(
    (
        "",
        rf"\b(?:{MONTH}|[Ii]n|[Ss]ince|[Yy]ear|[Bb]y|[Uu]ntil) (?P<year>20[0-9]{{3}}"
        r"|2[0O](?:[0-9]O|O[0-9]|[0-9][Il]|[Il][0-9])|2O[0-9]{2})(?=[.,;:)]|$| [a-z])",
    ),
    hint=r"^(?:20[0-9]{3}|2[0O][0-9OIl]{2})[.,;:)]?$",
)


def _as_date(words: str, year: str) -> str:
    """Return a day or month in words as year-month-day, which can be compared with others."""
    number, _, month = words.rpartition(" ")
    return f"{year}-{_MONTH_NUMBERS[month]:02}-{int(re.sub('[a-z]+', '', number) or 1):02}"


_YEARS_LONG = Expressions(
    (
        " ".join(f"{number}_year" for number in _SOME_YEARS),
        rf"\b(?P<number>{'|'.join(_SOME_YEARS)})[- ]year (?:\w+ )?(?:plan|strategy|programme"
        r"|project|contract|agreement|term)\b[^.;]{0,40}? from (?P<first>20[0-9]{2})"
        r" to (?P<last>20[0-9]{2})\b",
    )
)


def _year_meant(context: RuleContext, month: str, number: str) -> int:
    """Return a year that a day without one can be in. 29 February is in few."""
    first = context.first_year
    if first and (month[:3], number) == ("Feb", "29"):
        return next(filter(isleap, range(first, first + 3)), first)
    return 2024


@rule("PL317", "warning")
def no_such_day(context: RuleContext) -> Problems:
    """A date in the prose does not exist, has another weekday, or ends before what it begins."""
    for block, match in _PERIODS.find(context):
        end = _as_date(match["last"], match["end"])
        has_day = match["first"][0].isdigit() and match["last"][0].isdigit()
        is_told = has_day or match["year"]  # "between October and March 2022" is a winter
        if is_told and _as_date(match["first"], match["year"] or match["end"]) > end:
            message = f"{quote(match[0])} ends before it begins"
            yield block.problem(match, message, "correct the days, or add the first one's year")
    for block, match in _SPANS.find(context):
        is_month = len(match["last"]) == 2 and match["last"] <= "12"
        if match["first"][-len(match["last"]) :] > match["last"] and not is_month:
            message = f"{quote(match[0])} ends before it begins"
            yield block.problem(match, message, "correct the years")
    for block, match in _YEARS_LONG.find(context):
        years = int(match["last"]) - int(match["first"])
        if NUMBER_WORDS[match["number"]] not in (years, years + 1):
            message = f"from {match['first']} to {match['last']} are not {match['number']} years"
            yield block.problem(match, message, "correct the years or the number")
    for block, match in _NO_YEARS.find(context):
        message = f"there is no year {match['year']}"
        yield block.problem_at(match.start("year"), match["year"], message, "correct the year")
    for block, match in _DAYS.find(context):
        number, month, year = match["day"], match["month"], match["year"]
        if month.isalpha() and month not in _MONTH_NUMBERS:
            continue
        before = re.search(_WEEKDAY_BEFORE, block.text[: match.start()][-20:])
        words = (before[0] if before else "") + match[0]
        offset = match.end() - len(words)
        year_meant = int(year) if year else _year_meant(context, month, number)
        try:
            day = dt.date(year_meant, _MONTH_NUMBERS.get(month) or int(month), int(number))
        except ValueError:
            help = "correct the day or the month"
            yield block.problem_at(offset, words, f"there is no {words}", help)
            continue
        weekday = _WEEKDAYS[day.weekday()]
        if before and year and weekday[:3] != before["weekday"][:3]:
            message = f"{number} {month} {year} was a {weekday}, not a {before['weekday']}"
            yield block.problem_at(offset, words, message, "correct the weekday or the date")


_DEADLINES = Expressions(
    (
        "",
        r"(?<!due )(?<!trained )(?<!agreed )(?<!made )(?<!set )"
        r"\b(?:[Bb]y|[Bb]efore|[Nn]o later than) (?P<words>"
        rf"(?:(?:the|end|of|mid|{'|'.join(_SEASONS)}|winter|Christmas|[0-9]{{1,2}}(?:st|nd|rd|th)?"
        rf"|{_ANY_MONTH})[ ,-]{{1,2}}){{0,6}}"
        r"|[0-9]{1,2}/[0-9]{1,2}/)(?P<year>20[0-9]{2})\b",
    ),
    hint="20[0-9]{2}",
)


def _letter_date(context: RuleContext) -> str:
    """Return the letter's date as it is written, year-month-day; empty if it can't be read."""
    date = context.line("date")
    return date if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", date) else ""


def _day(match: re.Match[str], month: int, day: int) -> str:
    """Return a match's words and year as year-month-day, by default with this month and day."""
    names = re.findall(r"[A-Za-z]+", match["words"])
    numbers = (numbers.get(name) for numbers in (_MONTH_NUMBERS, _SEASONS) for name in names)
    month = next(filter(None, numbers), month)
    written = re.search("[0-9]+", match["words"])
    return f"{match['year']}-{month:02}-{int(written[0]) if written else day:02}"


@rule("PL318", "warning")
def past_deadline(context: RuleContext) -> Problems:
    """A recommendation's deadline is before the letter's date, as if from last year's letter."""
    date = _letter_date(context)
    if not date:
        return
    for block, match in _DEADLINES.find(context):
        month = re.match("[0-9]+/([0-9]+)/", match["words"])
        last_day = _day(match, int(month[1]) if month else 12, 31)
        sentence, _ = block.sentence_at(match.start())
        if (
            block.recommends
            and last_day < date
            and not re.search(r"\b(?:had|did|was|were)\b", sentence)
        ):
            message = f"{quote(match[0])} is before the letter's date, {date}"
            yield block.problem(match, message, "correct it, or give a date after the letter's")


_PAST = Expressions(
    (
        f"{MONTH.replace('|', ' ')} spring summer autumn winter",
        r"\b(?:was|were|had|did|met|held|took|began|wrote|rewrote|heard|ran|went|came|saw|gave"
        r"|has|have"
        r"|[a-z]{3,20}ed)\b[^.;:]{0,60}?\b(?:[Ii]n|[Oo]n|[Ss]ince) (?P<words>"
        rf"(?:[0-9]{{1,2}}(?:st|nd|rd|th)? )?(?:{MONTH})|the (?:spring|summer|autumn|winter) of)"
        r" (?P<year>20[0-9]{2})\b",
    ),
    (
        MONTH.replace("|", " "),
        rf"\b(?:of|in|on) (?P<words>(?:[0-9]{{1,2}}(?:st|nd|rd|th)? )?(?:{MONTH}))"
        r" (?P<year>20[0-9]{2}),? (?:drew|was|were|had|saw|led|brought|met|held|did|took|went|came"
        r"|gave)\b",
    ),
)
_AHEAD = Expression(
    r"(?i)\b(?:will|(?:by|from) (?:(?:the )?(?:end|start|beginning|middle|spring|summer|autumn"
    rf"|winter|early|late|mid|next)|[0-9]|{MONTH})|until|till|due|planned|plans? (?:to|for)"
    rf"|should|would|expect\w*"
    r"|schedul\w*|book\w*"
    r"|between|next|to be"
    r"|intend\w*|before|after|ends?|expires?|is to|are to|if|when|once|deadline|propos\w*)\b"
)


@rule("PL333", "warning", english=True)
def past_after_the_letter(context: RuleContext) -> Problems:
    """Something is said to have happened on a day after the letter's date."""
    date = _letter_date(context)
    if not date:
        return
    for block, match in _PAST.find(context):
        _, start = block.sentence_at(match.start())
        is_ahead = re.search(_AHEAD, block.text[start : match.end()])
        if _day(match, 1, 1) > date and not is_ahead:
            words = f"{match['words']} {match['year']}"
            message = f"{words} is after the letter's date, {date}, and the text speaks of the past"
            offset = match.start("words")
            yield block.problem_at(offset, words, message, "correct the date or the sentence")


_YEARS = Expressions(
    (
        "",
        rf"(?<!built )\b(?:{MONTH}|[Ii]n|[Bb]y|[Oo]f|[Uu]ntil|[Tt]he|from|to)"
        r" (?P<year>19[0-9]{2})\b"
        rf"|(?<!set )\b(?:{MONTH}|[Ii]n|[Ss]ince|(?:[Bb]y|[Uu]ntil) (?!2[1-3][0-5]))"
        r" ?(?P<ahead>20[6-9][0-9]|2[1-9][0-9]{2})(?=[.,;:)](?![0-9])|[−–/-][0-9]|$)",
    ),
    hint="^(?:19[0-9]{2}|20[6-9][0-9]|2[1-9][0-9]{2})",
)


_FAR_AHEAD = 30
"""Years ahead of the period that no plan of a council covers."""


@rule("PL319", "warning")
def another_century(context: RuleContext) -> Problems:
    """A year is a century from the letter's period, or far ahead: 1927, 2072 or 2207 for 2027."""
    for block, match in _YEARS.find(context) if context.first_year else ():
        words = match["year"] or match["ahead"]
        year = int(words)
        if -3 <= year + 100 - context.first_year <= 5:
            message = f"{year} is a hundred years before {year + 100}"
        elif year > context.first_year + _FAR_AHEAD:
            message = f"the year {year} is far ahead"
        else:
            continue
        yield block.problem_at(match.end() - len(words), words, message, "correct the year")


_A_YEAR = "^20[0-9]{2}"
_SINCE = Expressions(
    ("", rf"\b[Ss]ince (?P<words>(?:{MONTH})|)(?: ?)(?P<year>20[0-9]{{2}})\b"),
    (
        "",
        r"\b(?:[Ss]ince )?(?:[Mm]y|[Oo]ur) (?:last|previous|earlier) (?:letter|visit|meeting"
        rf"|assessment),? (?:in|of|on) (?P<words>(?:{MONTH})|)(?: ?)(?P<year>20[0-9]{{2}})\b",
    ),
    (
        "",
        rf"(?:^|(?<=[.;] ))In (?P<words>(?:{MONTH})|the (?:spring|summer|autumn|winter) of|)(?: ?)"
        r"(?P<year>20[0-9]{2}),? [^.;:]{1,40}?\b(?:was|were|had|did|met|took|ran|began)\b",
    ),
    hint=_A_YEAR,
)
_FUTURE = Expressions(
    (
        "",
        r"\b(?:(?:is|are) (?:due|planned)(?: for \w+)?(?: to (?:be \w+ed|open|start|begin|meet"
        r"|end))?|will (?:next )?(?:be \w+ed|meet|start|open|begin|take place))(?: again)?"
        r" (?:in|by|on|for)"
        rf" (?P<words>(?:[0-9]{{1,2}}(?:st|nd|rd|th)? )?(?:{MONTH})|)(?: ?)"
        r"(?P<year>20[0-9]{2})\b(?![/–-])",
    ),
    (
        "",
        r"\b(?:(?:[Ii]n (?:good )?time|[Rr]eady) for|the next) [^.;:]{3,60}? (?:in|on|of)"
        rf" (?P<words>(?:[0-9]{{1,2}}(?:st|nd|rd|th)? )?(?:{MONTH}))(?: ?)(?P<year>20[0-9]{{2}})\b",
    ),
    hint=_A_YEAR,
)


@rule("PL335", "warning", english=True)
def time_that_does_not_fit(context: RuleContext) -> Problems:
    """Something ahead has a day before the letter's date, or something past has one after it."""
    date = _letter_date(context)
    if not date:
        return
    for block, match in _FUTURE.find(context):
        if _day(match, 12, 31) < date:
            words = f"{match['words']} {match['year']}".strip()
            message = f"{words} is before the letter's date, {date}, and the text looks ahead"
            offset = match.end() - len(words)
            yield block.problem_at(offset, words, message, "correct the date or the sentence")
    for block, match in _SINCE.find(context):
        if _day(match, 1, 1) > date:
            year = match["year"]
            message = f"{year} is after the letter's date, {date}, and the text speaks of the past"
            help = "correct the date or the sentence"
            yield block.problem_at(match.start("year"), year, message, help)
