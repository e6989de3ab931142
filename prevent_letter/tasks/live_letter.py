"""The letter of an assessment for its live page; templates are read once, until one of the files changes."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.settings import Settings
from prevent_letter.ground.findings import Finding


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
        from prevent_letter.letter.compose import Composer  # Jinja takes its time

        self._stamps: Mapping[Path, Any] = {}
        self._composers = cache(Composer)
        self._of_templates: list[Finding] | None = None

    def clear_unless(self, stamps: Mapping[Path, Any]) -> None:
        """Forget what was read, unless the files are what they were."""
        if stamps != self._stamps:
            self._stamps, self._of_templates = stamps, None
            self._composers.cache_clear()

    def template_findings(self, held: Settings) -> Iterable[Finding]:
        """What is wrong with the repository's own templates; ``held`` are always the one assessment's settings."""
        from prevent_letter.tasks.templates import template_findings

        if self._of_templates is None:
            self._of_templates = list(template_findings(held))
        return self._of_templates

    def letter(self, draft: Draft) -> Letter | None:
        """The letter of a draft; None where none can be made.

        Raises:
            Stop: a template or the look is at fault.
        """
        from prevent_letter.letter import web

        assessment = draft.assessment
        if not assessment or not draft.criteria:
            return None
        composer = self._composers(
            draft.settings.path(draft.settings.file.templates), assessment.language
        )
        xhtml = composer.compose(assessment, draft.criteria, as_draft=not assessment.sent)
        look = web.look(draft.settings.template(web.LOOK, assessment.language))
        with composer.blamed():
            root = web.page(xhtml, look)
        [body], [main] = root.iter("body"), root.iter("main")
        main.set("lang", root.get("lang", ""))
        css, mark = root.findtext("head/style", ""), body.get("data-mark", "")
        return Letter(draft, css, body.get("class", ""), mark, main)
