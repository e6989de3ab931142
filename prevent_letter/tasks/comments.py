"""A Word draft with what check finds in it, as comments at the words that are meant."""

from collections.abc import Iterator

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.fields import key_path
from prevent_letter.ground.findings import Finding
from prevent_letter.letter import cleared, document, settled, word
from prevent_letter.letter.cleared import Reading
from prevent_letter.letter.settled import Block, Paragraph
from prevent_letter.letter.word_comments import Comment
from prevent_letter.letter.word_look import Look
from prevent_letter.letter.word_look import read as read_look
from prevent_letter.rules.judge import Judge, accepted_in


def commented(draft: Draft, xhtml: str, look: Look) -> bytes:
    """The draft of a letter as the bytes of a .docx file, with the findings on it."""
    blocks = settled.read(word.write(xhtml, look)).blocks
    reading = cleared.read(xhtml, blocks)
    comments = [_comment(draft, each, reading, blocks) for each in _findings(draft)]
    return word.write(xhtml, read_look(look.path, comments=True), comments)


def _findings(draft: Draft) -> Iterator[Finding]:
    """What check finds, what is accepted too; notes say nothing that a reader of the draft doesn't see."""
    judge = Judge(heed=False)
    judge.add(draft)
    found = judge.finish()[draft.path]
    yield from (each for each in sorted(set(found)) if each.severity != "note")


def _comment(draft: Draft, finding: Finding, reading: Reading, blocks: list[Block]) -> Comment:
    """A finding at its words, or at the beginning of its value; one on no value at the title."""
    place, homes = finding.place, reading.homes
    id = next((id for id in document.ids(draft.about(finding)) if id in homes.values()), "")
    own = [number for number, home in homes.items() if home == id]
    words = place.words
    holds = [
        number
        for number in own
        if isinstance(at := blocks[number], Paragraph) and words and words in at.text
    ]
    title = next(
        (
            n
            for n, block in enumerate(blocks)
            if isinstance(block, Paragraph) and block.style == "heading 1"
        ),
        0,
    )
    text = f"{finding.code}: {finding.message}. {finding.help[:1].upper()}{finding.help[1:]}."
    return Comment(
        (holds or own or [title])[0], words if holds else "", text + _accepted(draft, finding)
    )


def _accepted(draft: Draft, finding: Finding) -> str:
    """That a warning was accepted, and why."""
    at = key_path(finding.at or "")
    for number, code, covered in accepted_in(draft):
        if code == finding.code and finding.severity == "warning" and at[: len(covered)] == covered:
            return f" Accepted: {draft.source.value('accepted', number, 'reason')}."
    return ""
