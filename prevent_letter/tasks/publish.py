"""What a copy to publish may still tell of people: names in the prose, which nobody can know for sure."""

import re
from collections.abc import Iterator

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.source import KeyPath
from prevent_letter.ground.findings import printable
from prevent_letter.ground.names import folded
from prevent_letter.letter import document

_TITLES = (
    "Cllr|Cllrs|Councillor|Councillors|Cynghorydd|Cyng|Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Baroness"
    "|Rev|Revd|Reverend|Imam|Rabbi|Canon|Bishop"
)
_TITLED = re.compile(rf"\b(?:{_TITLES})\b\.?(?=\s)")
_BETWEEN = frozenset(
    "al ap ab bin da de del della den der di dos du el la le ter van von y".split()
)
_NEAR = 80
"""The characters after a title in which a name is looked for."""


def names_left(draft: Draft, xhtml: str) -> str:
    """The names that stay in a copy to publish, as a sentence; empty where none shows.

    They are those after a title such as Cllr, and what else the assessment has a field for, which was left out there.
    """
    told = document.tree(xhtml)
    said = [*told.itertext(), *(value for each in told.iter() for value in each.attrib.values())]
    text = " ".join(" ".join(said).split())
    names = dict.fromkeys((*_titled(text), *_known(draft, text)))
    return (
        f"names stay in it: {', '.join(map(printable, names))}; see whether they may"
        if names
        else ""
    )


def _titled(text: str) -> Iterator[str]:
    """Titles with the words after them that begin with a capital, three at the most, to the end of a clause."""
    for found in _TITLED.finditer(text):
        words, several = [found[0]], found[0] in ("Cllrs", "Councillors")
        for word in text[found.end() : found.end() + _NEAR].split()[:6]:
            if word in _BETWEEN or (several and word == "and"):
                words.append(word)
                continue
            if not word[0].isupper() or sum(each[0].isupper() for each in words) > 3:
                break
            bare = re.sub(r"['’]s?$", "", re.split(r"[^\w.'’-]", word)[0])
            is_initial = len(bare) == 2 and bare[1] == "."
            words.append(bare if is_initial else bare.rstrip("."))
            if not is_initial and words[-1] != word:
                break
        while words[-1] in _BETWEEN or words[-1] == "and":
            words.pop()
        if len(words) > 1:
            yield " ".join(words)


def _known(draft: Draft, text: str) -> Iterator[str]:
    """The people and the contact details that the assessment has a field for, however they are written."""
    cc, folds, digits = (
        draft.source.value("cc"),
        folded(text),
        re.sub(r"(?<=\d)[ ()-]+(?=\d)", "", text),
    )
    fields: list[KeyPath] = [("addressee", "name"), ("advisor", "name"), ("advisor", "email")]
    fields += [("cc", number) for number in range(len(cc) if isinstance(cc, list) else 0)]
    if draft.source.line("addressee", "greeting") in draft.source.line("addressee", "name").split():
        fields.append(("addressee", "greeting"))
    for at in fields:
        if (words := draft.source.line(*at)) and re.search(
            rf"(?<!\w){re.escape(folded(words))}(?!\w)", folds
        ):
            yield words
    phone = draft.source.line("advisor", "phone")
    if (number := re.sub(r"[ ()-]", "", phone)) and number in digits:
        yield phone
