"""The letter of an assessment for its live page; templates are read once, until one of the files changes."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import Element

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.settings import Settings
from prevent_letter.ground.findings import Finding, Stop

if TYPE_CHECKING:
    from prevent_letter.letter.compose import Composer


class Letter(NamedTuple):
    """A letter to be shown: what it was made of, its style sheet, the class and the mark of its body, and its main."""

    draft: Draft
    css: str
    kind: str
    mark: str
    main: Element


class Workshop:
    """Makes the letters of one assessment."""

    def __init__(self) -> None:
        self._stamps: Mapping[Path, Any] = {}
        self._composers: dict[tuple[Path | None, str | None], Composer] = {}
        self._tried: list[Finding] | None = None

    def clear_unless(self, stamps: Mapping[Path, Any]) -> None:
        """Forget what was read, unless the files are what they were."""
        if stamps != self._stamps:
            self._stamps, self._tried = stamps, None
            self._composers.clear()

    def tried(self, held: Settings) -> Iterable[Finding]:
        """What is wrong with the repository's own templates."""
        from prevent_letter.tasks.templates import template_findings

        if self._tried is None:
            self._tried = list(template_findings(held))
        return self._tried

    def letter(self, draft: Draft) -> Letter | None:
        """The letter of a draft; None where none can be made.

        Raises:
            Stop: a template or the look is at fault.
        """
        from prevent_letter.letter import web
        from prevent_letter.letter.compose import Composer  # Jinja takes its time

        assessment = draft.assessment
        if not assessment or not draft.criteria:
            return None
        key = draft.settings.path(draft.settings.file.templates), assessment.language
        composer = self._composers.get(key) or self._composers.setdefault(key, Composer(*key))
        xhtml = composer.compose(assessment, draft.criteria, as_draft=not assessment.sent)
        try:
            root = web.page(xhtml, web.look(draft.settings.template(web.LOOK, assessment.language)))
        except Stop as stop:
            raise composer.blame(stop) from stop
        [body], [main] = root.iter("body"), root.iter("main")
        main.set("lang", root.get("lang", ""))
        css, mark = root.findtext("head/style", ""), body.get("data-mark", "")
        return Letter(draft, css, body.get("class", ""), mark, main)
