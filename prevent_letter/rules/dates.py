"""Dates: the letter's against its period, and those in the prose (PL211, PL212, PL214, PL317 to PL319)."""

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
        yield Verdict(
            ("sent",), f"this is before the letter's date, {date}", "correct the one or the other"
        )


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
        message = (
            "the letter was sent, and the assessment doesn't say by which criteria it was scored"
        )
        yield Verdict(("sent",), message, "name the set, such as criteria: annex_a")


# Not those of the calendar module, which depend on the machine.
_MONTHS = {
    name: number
    for number, name in enumerate(
        "January February March April May June July August September October November December".split(),
        1,
    )
}
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTH = "|".join(_MONTHS)
"""An expression for a month's name."""
_SHORT = {name[:3]: number for name, number in _MONTHS.items()} | {"Sept": 9}
_ANY_MONTH = f"(?:{MONTH}|{'|'.join(_SHORT)})"
_ANY_WEEKDAY = "|".join((*_WEEKDAYS, *(day[:3] for day in _WEEKDAYS)))
_DAY = re.compile(
    rf"(?:\b(?P<weekday>{_ANY_WEEKDAY}),? (?:the )?)?(?:\b(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? (?:of )?"
    rf"(?P<month>{_ANY_MONTH})\b(?! [a-z]+s\b)(?:,? (?P<year>(?:19|20)[0-9]{{2}})\b)?"
    rf"|\b(?P<month2>{_ANY_MONTH}) (?P<day2>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year2>20[0-9]{{2}})\b|(?=[.,;]))"
    r"|\b(?P<day3>[0-9]{1,2})/(?P<month3>[0-9]{1,2})/(?P<year3>20[0-9]{2})\b)"
)


def _number(month: str) -> int:
    """The number of a month, whether its name is written out, cut short or a number; 0 where it is none."""
    return _MONTHS.get(month, 0) or _SHORT.get(month, 0) or (int(month) if month.isdigit() else 0)


@rule("PL317", "a day that is in no calendar", "warning")
def no_day(judged: Judged) -> Verdicts:
    """A day in the prose is in no calendar, or isn't the weekday that the text gives it.

    Bad:
        summary: The board met on 31 September 2021.
    Good:
        summary: The board met on 30 September 2021.
    """
    for block in _dated(judged):
        for found in _DAY.finditer(block.text):
            number, month, year = (
                found[key] or found[f"{key}2"] or found[f"{key}3"]
                for key in ("day", "month", "year")
            )
            try:
                day = dt.date(int(year or 2024), _number(month), int(number))
            except ValueError:
                yield block.verdict(
                    found, f"{quoted(found[0])} is in no calendar", "correct the day or the month"
                )
                continue
            weekday = _WEEKDAYS[day.weekday()]
            if found["weekday"] and year and weekday[:3] != found["weekday"][:3]:
                yield block.verdict(
                    found, f"{quoted(found[0])} was a {weekday}", "correct the weekday or the date"
                )


def _dated(judged: Judged) -> Iterator[Block]:
    """The blocks in which a date may stand."""
    names = _MONTHS.keys() | _SHORT.keys()
    if judged.words & names or "/20" in judged.text:
        yield from (
            block
            for block, words in judged.tokens
            if not names.isdisjoint(words) or "/20" in block.text
        )


_SEASONS = {"spring": 5, "Easter": 4, "early": 3, "summer": 8, "autumn": 11}
_DEADLINE = re.compile(
    r"(?<!due )(?<!trained )(?<!agreed )(?<!made )(?<!set )\b(?:[Bb]y|[Bb]efore|[Nn]o later than) (?P<words>"
    rf"(?:(?:the|end|of|mid|{'|'.join(_SEASONS)}|winter|Christmas|[0-9]{{1,2}}(?:st|nd|rd|th)?"
    rf"|{_ANY_MONTH})[ ,-]{{1,2}}){{0,6}}"
    r"|[0-9]{1,2}/[0-9]{1,2}/)(?P<year>20[0-9]{2})\b"
)


def _due(words: str, year: str) -> str:
    """The last day that a deadline can mean, as year-month-day."""
    parts = re.findall(r"\w+", words)
    months = [_number(part) or _SEASONS.get(part, 0) for part in parts if not part[0].isdigit()]
    days = [int(part) for part in re.findall(r"[0-9]+", words)]
    month = next(filter(None, months), days[1] if len(days) > 1 else 12)
    return f"{year}-{month:02}-{days[0] if days and 'before' not in words else 31:02}"


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
    for block in judged.holding("20"):
        for found in _DEADLINE.finditer(block.text) if "recommendations" in str(block.at) else ():
            if _due(found["words"], found["year"]) < date:
                message = f"{quoted(found[0])} is before the letter's date, {date}"
                yield block.verdict(found, message, "correct it, or say what is due now")


_YEAR = re.compile(
    rf"(?<!built )\b(?:{MONTH}|[Ii]n|[Bb]y|[Oo]f|[Uu]ntil|[Tt]he|from|to) (19[0-9]{{2}})\b"
)


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
                yield Verdict(
                    block.at, message, "correct the year", found[1], block, found.start(1)
                )
