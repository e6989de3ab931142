"""Rules on what must not be in a letter (it can be published) or a progress note (PL320, PL327)."""

from itertools import chain

from prevent_letter.core.display import quote
from prevent_letter.rules.context import Problem, Problems, RuleContext, rule
from prevent_letter.rules.expressions import Expressions

_PEOPLE = "boy girl man woman male female pupil student child individual person son daughter"
_PEOPLE += " resident teenager"
_PERSON = f"(?:{_PEOPLE.replace(' ', '|')})"
_AGE = (
    r"(?:[1-9][0-9]?"
    r"|(?:ten|eleven|twelve|thir|four|fif|six|seven|eigh|nine)(?:teen)?)"
)
_NOT_EACH = r"\b(?<![Ee]ach )(?<![Ee]very )(?<![Aa]ll )(?<![Aa]ny )"
_EMAIL = (
    "@ (at) [at]",
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@| ?[\[(]at[\])] ?)[\w-]{2,60}(?:\.[\w-]{1,60})*",
)
_PHONE = (  # numbers that begin with 080 or 030 are public
    "~0 (0 +44",
    r"(?<![\w/-])(?!0[83]0)(?:\+44 ?(?:\(0\) ?)?|\(?0)[0-9]{2,4}\)?[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}"
    r"(?![\w/-])",
)
_MARKING = (
    "OFFICIAL Official SECRET MARKED marked Marked RESTRICTED CONFIDENTIAL",
    r"(?<!marked )\b(?:OFFICIAL(?:[- ]SENSITIVE)?|Official[- ]Sensitive|TOP SECRET|RESTRICTED"
    r"|CONFIDENTIAL)\b"
    r"|\b(?:NOT PROTECTIVELY MARKED|[Nn]ot [Pp]rotectively [Mm]arked)\b",
)
_AGES = (
    (
        "old",
        rf"{_NOT_EACH}(?<!-){_AGE}[- ](?:years?|yrs?)[- ]old(?: [a-z]+)? {_PERSON}\b"
        rf"|\b[Aa]n? {_AGE}[- ](?:years?|yrs?)[- ]old(?= (?:was|is|who|had|from|has)\b)",
    ),
    (
        _PEOPLE,
        rf"{_NOT_EACH}{_PERSON}(?:,? (?:\w+ ){{0,3}}?aged? [0-9]{{1,2}}| of 1?[0-9]"
        r"| \([0-9]{1,2}\)|, [0-9]{1,2},)"
        r"(?![0-9-]| ?[–/]| (?:to|or|and)\b)",
    ),
    ("yo", r"\b[0-9]{1,2} yo\b"),
    ("he_was she_was", r"\b(?:[Hh]e|[Ss]he) was [0-9]{1,2}(?= when| years)"),
)


_LEAVE_OUT = "leave it out: yours is below the signature"
_WITHOUT_AGE = 'write it without the age, such as "a young person"'
_IDENTIFYING = (
    (Expressions(_EMAIL), "there is an e-mail address in the text", _LEAVE_OUT),
    (Expressions(_PHONE), "there is a telephone number in the text", _LEAVE_OUT),
    (Expressions(*_AGES), "an age may identify a person", _WITHOUT_AGE),
)
_MARKED = (
    (Expressions(_MARKING), "there is a protective marking in the text", "put it under marking:"),
)
"""Kinds of words that a letter must not have: expressions, message, help."""


@rule("PL320", "warning")
def private(context: RuleContext) -> Problems:
    """There is an e-mail address, a telephone number, a marking or a person's age in the prose."""
    for expressions, message, help in (*_IDENTIFYING, *_MARKED):
        for block, match in expressions.find(context):
            if not block.text[: match.start()].endswith("mailto:"):
                yield block.problem(match, f"{message}: {quote(match[0])}", help)


@rule("PL327", "warning")
def private_note(context: RuleContext) -> Problems:
    """There is an e-mail address, a telephone number, or a person's age in a note of progress."""
    for number in range(len(context.listed("progress"))):
        words = context.line("progress", number, "note")
        tables = (expressions for expressions, _, _ in _IDENTIFYING)
        for match in chain.from_iterable(table.find_in_text(words) for table in tables):
            message = f"this note may identify a person: {quote(match[0])}"
            path = ("progress", number, "note")
            yield Problem(path, message, "write it without the person", match[0])
