"""What a letter to a council, which may be published, must not tell (PL320)."""

import re

from prevent_letter.assessment.fields import quoted
from prevent_letter.rules.judged import Judged, Verdicts, rule


@rule("PL320", "something that the letter shouldn't tell", "warning")
def private(judged: Judged) -> Verdicts:
    """An e-mail address, a telephone number, a protective marking, or a person's age stands in the prose.

    Letters are read by many and may be published. The advisor's own address and number stand below the signature.

    Bad:
        summary: The panel discussed a 15 year old boy.
    Good:
        summary: The panel discussed a young person.
    """
    aged = ("year", "old") in judged.pairs or ("years", "old") in judged.pairs or "aged" in judged.lower
    numbers = "@" in judged.text or _NUMBER.search(judged.text)
    if not aged and not numbers and not judged.words & {"OFFICIAL", "SECRET", "PROTECTIVELY"}:
        return
    for block in judged.blocks:
        for found in _PRIVATE.finditer(block.text):
            if not block.text[: found.start()].endswith("mailto:"):
                help = "leave it out; a marking is written under marking:"
                yield block.verdict(found, f"this shouldn't be told in the letter: {quoted(found[0])}", help)


_NUMBER = re.compile(r"0[0-9]{2}|\+44")
_PERSON = r"(?:boy|girl|man|woman|male|female|pupil|student|child|individual|person|son|daughter|resident)"
_PRIVATE = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60})+"
    r"|(?<![\w/-])(?:\+44 ?(?:\(0\) ?)?|\(?0)[0-9]{2,4}\)?[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}(?![\w/-])"
    r"|\bOFFICIAL(?:[- ]SENSITIVE)?\b|\bTOP SECRET\b|\bNOT PROTECTIVELY MARKED\b"
    rf"|\b[0-9]{{1,2}}[- ]years?[- ]old {_PERSON}\b|\b{_PERSON},? aged? [0-9]{{1,2}}\b(?!-| ?[–/]| to )"
)
