"""What a letter to a council, which may be published, must not tell (PL320)."""

import re

from prevent_letter.assessment.fields import quoted
from prevent_letter.ground.names import normal
from prevent_letter.rules.judged import Clues, Judged, Verdict, Verdicts, rule


@rule("PL320", "something that the letter shouldn't tell", "warning")
def private(judged: Judged) -> Verdicts:
    """An e-mail address, a telephone number, a protective marking, or a person's age stands in the prose.

    Letters are read by many and may be published. The advisor's own address and number stand below the signature.

    Bad:
        summary: The panel discussed a 15 year old boy.
    Good:
        summary: The panel discussed a young person.
    """
    found_by_signs = (
        (block, found)
        for signs, private in _SIGNED.items()
        for block in judged.holding(*signs)
        for found in private.finditer(block.text)
    )
    for block, found in (*found_by_signs, *_WORDED.find(judged)):
        if not block.text[: found.start()].endswith("mailto:"):
            help = "leave it out; a marking is written under marking:"
            yield block.verdict(
                found, f"this shouldn't be told in the letter: {quoted(found[0])}", help
            )


@rule("PL327", "a note of progress that tells of a person", "warning")
def private_note(judged: Judged) -> Verdicts:
    """An e-mail address, a telephone number, or a person's age stands in a note of progress.

    Notes never reach the council, but they stay with the assessment for as long as it is kept.

    Bad:
        progress:
          - date: 2027-09-14
            about: training
            status: done
            note: Ask a.person@council.example.
    Good:
        progress:
          - date: 2027-09-14
            about: training
            status: done
            note: Ask the training team.
    """
    for number, item in enumerate(judged.listed("progress")):
        note = item.get("note") if isinstance(item, dict) else None
        words = " ".join(normal(note).split()) if isinstance(note, str) else ""
        for private in (
            (*_SIGNED.values(), *(re.compile(worded) for _, worded in _PERSONS)) if words else ()
        ):
            for found in private.finditer(words):
                message = f"this shouldn't be told in a note: {quoted(found[0])}"
                yield Verdict(
                    ("progress", number, "note"), message, "say it without the person", found[0]
                )


_PEOPLE = "boy girl man woman male female pupil student child individual person son daughter resident teenager"
_PERSON = f"(?:{_PEOPLE.replace(' ', '|')})"
_AGE = r"(?:[1-9][0-9]?|(?:ten|eleven|twelve|thir|four|fif|six|seven|eigh|nine)(?:teen)?)"
_NOT_EACH = r"\b(?<![Ee]ach )(?<![Ee]very )(?<![Aa]ll )(?<![Aa]ny )"
_SIGNED = {
    ("@", "(at)", "[at]"): re.compile(
        r"(?<![\w.+-])[\w.+-]{1,64}(?:@| ?[\[(]at[\])] ?)[\w-]{2,60}(?:\.[\w-]{1,60})*"
    ),
    (" 0", "(0", "+44"): re.compile(  # a number that begins with 080 or 030 is everybody's
        r"(?<![\w/-])(?!0[83]0)(?:\+44 ?(?:\(0\) ?)?|\(?0)[0-9]{2,4}\)?[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}(?![\w/-])"
    ),
}
"""What is looked for, by signs of which one stands in each."""
_MARKING = (
    "OFFICIAL Official SECRET MARKED marked Marked RESTRICTED CONFIDENTIAL",
    r"(?<!marked )\b(?:OFFICIAL(?:[- ]SENSITIVE)?|Official[- ]Sensitive|TOP SECRET|RESTRICTED|CONFIDENTIAL)\b"
    r"|\b(?:NOT PROTECTIVELY MARKED|[Nn]ot [Pp]rotectively [Mm]arked)\b",
)
_PERSONS = (
    (
        "old",
        rf"{_NOT_EACH}(?<!-){_AGE}[- ](?:years?|yrs?)[- ]old(?: [a-z]+)? {_PERSON}\b"
        rf"|\b[Aa]n? {_AGE}[- ](?:years?|yrs?)[- ]old(?= (?:was|is|who|had|from|has)\b)",
    ),
    (
        " ".join(
            f"{word}_{age}"
            for word in (*_PEOPLE.split(), "aged", "age", "of")
            for age in range(5, 100)
        ),
        rf"{_NOT_EACH}{_PERSON}(?:,? (?:\w+ ){{0,3}}?aged? [0-9]{{1,2}}| of 1?[0-9]| \([0-9]{{1,2}}\)"
        rf"|, [0-9]{{1,2}},)"
        r"(?![0-9-]| ?[–/]| (?:to|or|and)\b)",
    ),
    ("yo", r"\b[0-9]{1,2} yo\b"),
    ("he_was she_was", r"\b(?:[Hh]e|[Ss]he) was [0-9]{1,2}(?= when| years)"),
)
"""Words of which one stands in what is looked for, and the expression."""
_WORDED = Clues(_MARKING, *_PERSONS)
