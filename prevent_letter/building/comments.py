"""Write a Word draft with the findings of ``check`` as comments at the words they are about."""

from collections.abc import Mapping

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.fields import parse_dotted
from prevent_letter.core.findings import Finding
from prevent_letter.letter import document, word
from prevent_letter.letter.word_comments import NewComment
from prevent_letter.letter.word_look import WordLook, read_look
from prevent_letter.rules.engine import RuleRun, accepted_warnings
from prevent_letter.word import docx_reader, edited_letter
from prevent_letter.word.blocks import Block, Paragraph


def with_comments(draft: Draft, xhtml: str, look: WordLook, values: Mapping[str, str]) -> bytes:
    """Return the draft of a letter as the bytes of a .docx file, with findings as comments."""
    blocks = docx_reader.read(word.write(xhtml, look)).blocks
    owners = edited_letter.read(blocks, blocks).owners
    run = RuleRun(apply_accepted=False)
    run.add(draft)
    # Notes tell a reader of the letter nothing new.
    findings = sorted({f for f in run.finish()[draft.path] if f.severity != "note"})
    comments = [_comment(draft, finding, owners, blocks) for finding in findings]
    return word.write(xhtml, read_look(look.path, comments=True), values, comments)


def _comment(
    draft: Draft, finding: Finding, owners: dict[int, str], blocks: list[Block]
) -> NewComment:
    """Return a finding as a comment on its words, else on its value, else on the title.

    ``owners`` maps a block's number to the id of the value in the block.
    """
    ids = document.ids_of(draft.path_of(finding))
    id = next((id for id in ids if id in owners.values()), "")
    of_value = [number for number, owner in owners.items() if owner == id]
    place = finding.place
    words = place.words
    paragraphs = {n: block for n, block in enumerate(blocks) if isinstance(block, Paragraph)}
    in_value = [n for n in paragraphs if n in of_value]
    with_words = [n for n in in_value if words and words in paragraphs[n].text]
    titles = [n for n, paragraph in paragraphs.items() if paragraph.style == "heading 1"]
    path = parse_dotted(finding.key_path or "")
    said = [finding.message, finding.help]
    accepted = accepted_warnings(draft) if finding.severity == "warning" else []
    reasons = [
        draft.source.value("accepted", warning.number, "reason")
        for warning in accepted
        if warning.covers(finding.code, path)
    ]
    said += [f"accepted: {reason}" for reason in reasons[:1]]
    benchmarks = draft.criteria.benchmarks if draft.criteria else []
    of = next((each.name for each in benchmarks if each.id in path), "")
    if of and of not in finding.message:
        said[0] = f"{of}: {finding.message}"
    text = " ".join(map(_as_sentence, filter(None, said)))
    return NewComment(
        (with_words or of_value or titles or [0])[0],
        words if with_words else "",
        f"{text} ({finding.code})",
    )


def _as_sentence(text: str) -> str:
    """Return a text with a capital letter in front and one stop at its end."""
    text = text.strip().rstrip(":")
    if "@" not in text.split(" ")[0]:  # an e-mail address stays
        text = f"{text[:1].upper()}{text[1:]}"
    return f"{text}{'' if text.endswith(('.', '!', '?')) else '.'}"
