"""Compare what an edited letter says with its assessment, value by value.

For each value it is known who has changed it since the letter was built: the letter carries a
digest of each of its values as they were then, and the assessment notes what was imported since.
"""

from collections.abc import Mapping
from itertools import zip_longest

from prevent_letter.assessment.criteria import Scale
from prevent_letter.assessment.digests import IMPORTED, digest, imported_digest, value_digests
from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.edit import Edit
from prevent_letter.assessment.fields import declared, describe, dotted, required_paths
from prevent_letter.assessment.model import Assessment
from prevent_letter.assessment.places import KeyPath
from prevent_letter.assessment.values import only_possible_date
from prevent_letter.core.findings import Finding, Severity
from prevent_letter.letter.word_package import version
from prevent_letter.word.blocks import WordDocument
from prevent_letter.word.edited_letter import difference, quoted
from prevent_letter.word.letter_values import BuiltLetters, ids_of_values
from prevent_letter.word.passages import as_prose
from prevent_letter.word.reading import OtherWording, Value

_REQUIRED = {*required_paths(Assessment), ("date",)}
_UNSURE = "look at the letter, and correct the file by hand"
_FIXED = "the wording is every letter's; to keep this change, change the template, else leave it"


def key_path_of(id: str) -> KeyPath:
    """Return the key path of a value by its id in the letter."""
    parts = tuple(id.split("."))
    if parts[-1] in ("score", "good_practice", "recommendations"):
        return ("benchmarks", *parts)
    return ("addressee", "greeting") if id == "greeting" else parts


class Comparison:
    """One letter compared with its assessment, and the findings on it."""

    def __init__(self, letter: WordDocument, draft: Draft) -> None:
        self.letter, self.draft, self.findings = letter, draft, list[Finding]()
        self.built = BuiltLetters(draft)
        self.assessment, self.scale = draft.valid[0], draft.valid[1].scale
        self.says = self.built.read(letter.blocks)
        self.of_file = value_digests(self.assessment, self.scale)
        self.built_from = version(letter.version)
        self.is_newer = False
        """True if the letter was built after the last import into its assessment."""
        self.bases = self._bases()
        self.edits: dict[str, Edit] = {}
        """The edit that writes each changed value into the file, by the value's id."""

    def _bases(self) -> Mapping[str, str]:
        """Return the digest of each value before the letter was edited, by id, if it is known.

        A value that was imported since the letter was built counts as it was imported.
        """
        imported = self.assessment.imported
        if self.built_from and self.of_file.keys() <= self.built_from.values.keys():
            own = self.built_from.values
            self.is_newer = own[IMPORTED] == imported_digest(imported)
            is_own = self.is_newer or self.letter.is_as_built  # nobody can have put a value back
            return own if is_own else {**own, **imported}
        if self.built_from and self.built_from.content == digest(*self.draft.valid):
            return self.of_file
        if not self.letter.changes:
            return imported
        # A letter from before: where it said what the file says, its tracked changes are the news.
        before, now = self.built.read(self.letter.rejected).values, self.built.now.values
        same = {id: of for id, of in self.of_file.items() if before.get(id) == now.get(id)}
        return {**same, **imported}

    def digest_of(self, id: str) -> str:
        """Return the digest of a value that the letter says."""
        return self.built.digest_of(self.says, id)

    def add(self, code: str, severity: Severity, path: KeyPath, message: str, help: str) -> None:
        """Add a finding at a key path, and put the value's name before the message."""
        name = f"{describe(path)}: " if path else ""
        if path[:1] == ("benchmarks",):
            name = f"{', '.join(map(str, path[1:]))}: "
        place = self.draft.source.place(path)
        finding = Finding(place, code, severity, f"{name}{message}", help, 1, dotted(path))
        self.findings.append(finding)

    def _add_unsure(self, id: str, why: str) -> None:
        """Add a finding on a value that is left as it is."""
        message, help = f"unsure, and left as it is: {why}", _UNSURE
        if key_path_of(id)[-1] == "score":
            *most, last = map(self.scale.label, self.scale.scores)
            scores = f"a number from {most[0]} to {last}"
            if self.scale.names:
                scores = f"{', '.join(most)} or {last}"
            help = f"write {scores} in both places, and import again; or correct the file by hand"
        self.add("PL507", "warning", key_path_of(id), message, help)

    def judge_values(self) -> None:
        """Report each changed value in doubt or conflict; collect edits of other changed values."""
        for id in ids_of_values(self.built.now, self.says):
            theirs, ours = self.says.values.get(id, ""), self.built.now.values.get(id, "")
            base, path = self.bases.get(id), key_path_of(id)
            is_same = theirs == ours or (
                self.of_file.get(id) != base and self.digest_of(id) == base
            )  # where the file is as it was, any difference is the letter's
            if is_same and id not in self.says.doubts:
                continue
            doubt = self.says.doubts.get(id) or self.says.doubts_if_changed.get(id)
            doubt = doubt or self._why_not(id, theirs)
            in_file, in_letter = unlike(ours, theirs)
            if doubt:
                self._add_unsure(id, doubt)
            elif base is None:
                message = f"the letter says {in_letter}, the file {in_file}"
                message += "; it isn't known which version the letter was built from"
                help = "correct the file by hand where the letter is right"
                self.add("PL509", "warning", path, message, help)
            elif self.of_file.get(id) != base:
                message = "changed in the letter and in the file:"
                message += f" the letter says {in_letter}, the file {in_file}"
                help = "decide which is right, and change the file"
                self.add("PL504", "error", path, message, help)
            else:
                self.edits[id] = edit_of(id, theirs, self.scale)

    def _why_not(self, id: str, theirs: Value) -> str:
        """Return why the file can't hold a value, as a sentence; empty if it can."""
        path = key_path_of(id)
        if path in _REQUIRED and not theirs:
            return "nothing is left of it"
        if path[-1] == "score" and str(theirs).casefold() not in self.scale.written:
            return f"{quoted(str(theirs))} is no score of the scale"
        if id == "date" and not only_possible_date(str(theirs)):
            return f"{quoted(str(theirs))} isn't one day"
        text = self.draft.source.value(*path)
        if isinstance(text, str) and text.lstrip().startswith("**"):
            return "it begins in bold, which can't be told from its label"
        return ""

    def report_edits(self, certain: Mapping[str, Edit], *, is_written: bool) -> None:
        """Report each changed value, as unsure if its edit is not certain after all."""
        for id in self.edits:
            was, is_now = unlike(self.built.now.values.get(id, ""), self.says.values[id])
            if id not in certain:
                why = f"the file can't say it just as the letter does: {is_now}"
                self._add_unsure(id, why)
                continue
            help = "it is in the file now" if is_written else "--apply writes it into the file"
            if id in self.says.breaks:
                help += "; a line break in the value begins a paragraph in the file"
            self.add("PL503", "note", key_path_of(id), f"was {was}, is {is_now} now", help)

    def report_others(self) -> None:
        """Report changed fixed wording, and the comments."""
        for number, (ours, theirs) in enumerate(
            zip_longest(self.built.letter.notes, self.letter.notes, fillvalue=""), 1
        ):
            if " ".join(ours.split()) != " ".join(theirs.split()):
                state = f'is "{theirs}" now' if theirs else "is gone"
                message = f"fixed wording was changed: footnote {number} {state}"
                self.add("PL506", "warning", (), message, _FIXED)
        told: set[str] = set()
        for other in self.says.unlike:
            path = key_path_of(other.id)
            path = path if path[0] in declared(Assessment) else ()
            message, help = f"fixed wording was changed: {other.words}", _FIXED
            if name := self._changed_field(other):
                if name in told:
                    continue
                told.add(name)
                path, message = (name,), f"the letter says it otherwise: {other.words}"
                help = f"if the letter is right, change {name}: in the file"
            self.add("PL506", "warning", path, message, help)
        for id, looks in self.says.looks.items():
            message = f"the file can't hold {' and '.join(sorted(looks))}: only the words count"
            help = "if it is a note to you, act on it; else leave it"
            self.add("PL512", "note", key_path_of(id), message, help)
        for comment in self.letter.comments:
            owner = self.says.owners.get(comment.block, "")
            if comment.row:
                owner = f"{comment.row.removeprefix('scores.')}.score"
            words = " ".join(comment.quoted.split())[:80]
            on = f' on "{words}"' if words else ""
            state = "commented, and it is resolved," if comment.is_resolved else "comments"
            message = f"{comment.author or 'somebody'} {state}{on}: {comment.text}"
            for author, text in comment.replies:
                message += f"; {author or 'somebody'} replies: {text}"
            path = key_path_of(owner) if owner else ()
            help = "nothing to do" if comment.is_resolved else "answer it, or change the text"
            self.add("PL508", "note", path, message, help)

    def _changed_field(self, other: OtherWording) -> str:
        """Return the field whose value was changed within fixed wording; empty if there is none."""
        for name in ("authority", "area", "period", "marking"):
            value = getattr(self.assessment, name)
            if value and value in other.before and other.after and value not in other.after:
                return name
        return ""


def edit_of(id: str, value: Value, scale: Scale) -> Edit:
    """Return the edit that writes a value of a letter into its assessment."""
    if isinstance(value, tuple):
        return Edit(key_path_of(id), [as_prose(text) for text in value])
    if key_path_of(id)[-1] == "score":
        value = scale.label(scale.written[value.casefold()])
    return Edit(key_path_of(id), as_prose(value) or None)


def unlike(one: Value, other: Value) -> tuple[str, str]:
    """Return two values for a message; of long ones, only the words that differ."""
    texts = []
    for value in (one, other):
        parts = (value,) if isinstance(value, str) else value
        texts.append(as_prose(" / ".join(" ".join(p.split()) for p in parts)))
    if max(map(len, texts)) >= 60 and all(texts):
        texts = [*difference(*texts)]
    return quoted(texts[0]), quoted(texts[1])
