"""Dates: the letter's against its period, and those in the prose (PL211, PL212, PL214, PL317 to PL319)."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator

from prevent_letter.assessment.fields import quoted
from prevent_letter.rules.judged import Block, Judged, Verdict, Verdicts, rule


@rule("PL211", "the letter's date is far from its period", "warning")
def date_of_another_year(judged: Judged) -> Verdicts:
    """The letter's date is before the second year of its period, or more than three months after that year.

    Bad:
        period: 2021/2022
        date: 2021-05-27
    Good:
        period: 2021/2022
        date: 2022-05-27
    """
    date, year = judged.assessment.date, int(judged.assessment.period[-4:])
    if date and not dt.date(year, 1, 1) <= date <= dt.date(year + 1, 3, 31):
        message = f"the letter's date is far from its period, {judged.assessment.period}"
        yield Verdict(("date",), message, "correct the one or the other")


@rule("PL212", "the letter was sent before its date", "warning")
def sent_before_its_date(judged: Judged) -> Verdicts:
    """The day on which the letter was sent is before the letter's date.

    Bad:
        date: 2022-05-27
        sent: 2022-05-20
    Good:
        date: 2022-05-27
        sent: 2022-05-30
    """
    date, sent = judged.assessment.date, judged.assessment.sent
    if date and sent and sent < date:
        yield Verdict(("sent",), f"this is before the letter's date, {date}", "correct the one or the other")


@rule("PL214", "a record that doesn't name its criteria", "warning")
def record_without_criteria(judged: Judged) -> Verdicts:
    """A letter was sent, and its assessment doesn't name the criteria set: with another it would mean another thing.

    Bad:
        sent: 2022-05-30
    Good:
        sent: 2022-05-30
        criteria: annex_a
    """
    if judged.assessment.sent and not judged.assessment.criteria:
        message = "the letter was sent, and the assessment doesn't say by which criteria it was scored"
        yield Verdict(("sent",), message, "name the set, such as criteria: annex_a")


_MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
MONTH = "|".join(_MONTHS)
"""An expression for a month's name."""
_DAY = re.compile(
    rf"(?:\b(?P<weekday>{'|'.join(calendar.day_name)}),? (?:the )?)?\b(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? (?:of )?"
    rf"(?P<month>{MONTH})\b(?:,? (?P<year>(?:19|20)[0-9]{{2}})\b)?"
)


@rule("PL317", "a day that is in no calendar", "warning")
def no_day(judged: Judged) -> Verdicts:
    """A day in the prose is in no calendar, or isn't the weekday that the text gives it.

    Bad:
        summary: The board met on 31 September 2021.
    Good:
        summary: The board met on 30 September 2021.
    """
    for block in _with_months(judged):
        for found in _DAY.finditer(block.text):
            day, month, year = int(found["day"]), _MONTHS[found["month"]], int(found["year"] or 2024)
            if not 1 <= day <= calendar.monthrange(year, month)[1]:
                yield block.verdict(found, f"{quoted(found[0])} is in no calendar", "correct the day or the month")
            elif found["weekday"] and found["year"]:
                weekday = calendar.day_name[dt.date(year, month, day).weekday()]
                if weekday != found["weekday"]:
                    yield block.verdict(found, f"{quoted(found[0])} was a {weekday}", "correct the weekday or the date")


def _with_months(judged: Judged) -> Iterator[Block]:
    """The blocks in which a month is named."""
    if judged.words & _MONTHS.keys():
        yield from (block for block, words in judged.tokens if not _MONTHS.keys().isdisjoint(words))


_DEADLINE = re.compile(
    rf"\b[Bb]y (?:the )?(?:end of )?(?:([0-9]{{1,2}})(?:st|nd|rd|th)? (?:of )?)?({MONTH}) (20[0-9]{{2}})\b"
)


@rule("PL318", "a recommendation is due before the letter", "warning")
def past_deadline(judged: Judged) -> Verdicts:
    """Something is recommended by a day that is before the letter's date: a trace of last year's letter, as a rule.

    Bad:
        date: 2022-05-27
        key_recommendations: [Train all staff by March 2021.]
    Good:
        date: 2022-05-27
        key_recommendations: [Train all staff by March 2023.]
    """
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", date := judged.line("date")):
        return
    for block in _with_months(judged):
        for found in _DEADLINE.finditer(block.text) if "recommendations" in str(block.at) else ():
            day = f"{found[3]}-{_MONTHS[found[2]]:02}-{int(found[1] or 31):02}"
            if day < date:
                message = f"{quoted(found[0])} is before the letter's date, {date}"
                yield block.verdict(found, message, "correct it, or say what is due now")


_YEAR = re.compile(rf"\b(?:{MONTH}|[Ii]n|[Bb]y|[Ss]ince|[Oo]f|[Uu]ntil) (19[0-9]{{2}})\b")


@rule("PL319", "a year of another century", "warning")
def another_century(judged: Judged) -> Verdicts:
    """A year is a hundred years before one near the letter's period: 1927 for 2027.

    Bad:
        period: 2026/2027
        summary: The plan was agreed in March 1927.
    Good:
        period: 2026/2027
        summary: The plan was agreed in March 2027.
    """
    for block in judged.holding("19") if judged.first_year else ():
        for found in _YEAR.finditer(block.text):
            if -3 <= int(found[1]) + 100 - judged.first_year <= 5:
                message = f"{quoted(found[1])} is a hundred years before {int(found[1]) + 100}"
                yield Verdict(block.at, message, "correct the year", found[1], block, found.start(1))
