"""What a copy to publish may still tell of people: names in the prose, which nobody can know for sure."""

import re
from collections.abc import Iterator

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.source import KeyPath
from prevent_letter.ground.findings import printable
from prevent_letter.letter import document

_TITLES = (
    "Cllr|Cllrs|Councillor|Councillors|Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Baroness"
    "|Rev|Revd|Reverend|Imam|Rabbi|Canon|Bishop"
)
_TITLED = re.compile(rf"\b(?:{_TITLES})\b\.?(?=\s)")
_NEAR = 80
"""The characters after a title in which a name is looked for."""


def names_left(draft: Draft, xhtml: str) -> str:
    """The names that stay in a copy to publish, as a sentence; empty where none shows.

    They are those after a title such as Cllr, and those that the assessment has a field for, which were left out there.
    """
    main = document.tree(xhtml).find("body/main")
    text = " ".join(" ".join(main.itertext()).split()) if main is not None else ""
    names = dict.fromkeys((*_titled(text), *_known(draft, text)))
    return f"names stay in its text: {', '.join(map(printable, names))}; see whether they may" if names else ""


def _titled(text: str) -> Iterator[str]:
    """Titles with the words after them that begin with a capital, three at the most, to the end of a clause."""
    for found in _TITLED.finditer(text):
        words = [found[0]]
        for word in text[found.end() : found.end() + _NEAR].split()[:3]:
            if not word[0].isupper():
                break
            bare = re.sub(r"['’]s?$", "", re.split(r"[^\w.'’-]", word)[0])
            is_initial = len(bare) == 2 and bare[1] == "."
            words.append(bare if is_initial else bare.rstrip("."))
            if not is_initial and words[-1] != word:
                break
        if len(words) > 1:
            yield " ".join(words)


def _known(draft: Draft, text: str) -> Iterator[str]:
    """The people and the contact details that the assessment has a field for."""
    cc = draft.source.value("cc")
    fields: list[KeyPath] = [("addressee", "name"), ("advisor", "name"), ("advisor", "phone"), ("advisor", "email")]
    fields += [("cc", number) for number in range(len(cc) if isinstance(cc, list) else 0)]
    for at in fields:
        if (words := draft.source.line(*at)) and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text):
            yield words
