"""Look for names that stay in the prose of a copy to publish. Some may be missed."""

import re
from collections.abc import Iterator

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.places import KeyPath
from prevent_letter.core.display import printable
from prevent_letter.core.names import fold_name
from prevent_letter.letter import document

_TITLES = (
    "Cllr|Cllrs|Councillor|Councillors|Cynghorydd|Cyng|Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir"
    "|Dame|Lord|Lady|Baroness|Rev|Revd|Reverend|Imam|Rabbi|Canon|Bishop"
)
_TITLE = re.compile(rf"\b(?:{_TITLES})\b\.?(?=\s)")
_PARTICLES = "al ap ab bin da de del della den der di dos du el la le ter van von y".split()
_NEAR = 80
"""How many characters after a title are searched for a name."""


def names_left(draft: Draft, xhtml: str) -> str:
    """Return a sentence with the names that stay in a copy to publish; empty if there are none.

    These are names after a title such as Cllr, and names and contact details that the prose repeats
    from fields left out of the copy.
    """
    root = document.tree(xhtml)
    attributes = (value for element in root.iter() for value in element.attrib.values())
    text = " ".join(" ".join((*root.itertext(), *attributes)).split())
    names = dict.fromkeys((*_titled_names(text), *_names_of_fields(draft, text)))
    if not names:
        return ""
    return f"names stay in it: {', '.join(map(printable, names))}; check whether they may"


def _titled_names(text: str) -> Iterator[str]:
    """Yield each title with up to three capitalised words after it in the same clause."""
    for title in _TITLE.finditer(text):
        words, is_plural = [title[0]], title[0] in ("Cllrs", "Councillors")
        for word in text[title.end() : title.end() + _NEAR].split()[:6]:
            if word in _PARTICLES or (is_plural and word == "and"):
                words.append(word)
                continue
            capitals = sum(known[0].isupper() for known in words)
            if not word[0].isupper() or capitals > 3:
                break
            bare = re.sub(r"['’]s?$", "", re.split(r"[^\w.'’-]", word)[0])
            is_initial = len(bare) == 2 and bare[1] == "."
            words.append(bare if is_initial else bare.rstrip("."))
            if not is_initial and words[-1] != word:
                break  # punctuation ends the clause
        while words[-1] in _PARTICLES or words[-1] == "and":
            words.pop()
        if len(words) > 1:
            yield " ".join(words)


def _names_of_fields(draft: Draft, text: str) -> Iterator[str]:
    """Yield those names and contact details in the assessment's fields that a text repeats."""
    line = draft.source.line
    folded = fold_name(text)
    paths: list[KeyPath] = [("addressee", "name"), ("advisor", "name"), ("advisor", "email")]
    paths += [("cc", number) for number in range(len(draft.source.listed("cc")))]
    if line("addressee", "greeting") in line("addressee", "name").split():
        paths.append(("addressee", "greeting"))
    for path in paths:
        words = draft.source.line(*path)
        if words and re.search(rf"(?<!\w){re.escape(fold_name(words))}(?!\w)", folded):
            yield words
    phone = line("advisor", "phone")
    number = re.sub(r"[ ()-]", "", phone)
    if number and number in re.sub(r"(?<=\d)[ ()-]+(?=\d)", "", text):
        yield phone
