"""The letter on an assessment's live page. Templates are reloaded when a file changes."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.settings import Settings
from prevent_letter.core.findings import Finding


class PreviewLetter(NamedTuple):
    """A letter to show: its draft, style sheet, the class and mark of its body, and ``main``."""

    draft: Draft
    css: str
    kind: str
    mark: str
    main: Element


class PreviewComposer:
    """Makes the letters of one assessment."""

    def __init__(self, stamps: Mapping[Path, Any]) -> None:
        """Load templates when they are needed. ``stamps`` are those of the files now."""
        from prevent_letter.letter.compose import Composer  # slow to load

        self.stamps = stamps
        self._composers = cache(Composer)
        self._template_findings: list[Finding] | None = None

    def template_findings(self, settings: Settings) -> Iterable[Finding]:
        """Return what is wrong with the repository's own templates."""
        from prevent_letter.letter.template_check import template_findings

        if self._template_findings is None:
            self._template_findings = list(template_findings(settings))
        return self._template_findings

    def letter(self, draft: Draft) -> PreviewLetter | None:
        """Return the letter of a draft; None if the draft has errors.

        Raises:
            UserError: a template or the style sheet is wrong.
        """
        from prevent_letter.letter import web

        assessment = draft.assessment
        if not assessment or not draft.criteria:
            return None
        composer = self._composers(draft.settings.templates, assessment.language)
        xhtml = composer.compose(assessment, draft.criteria, as_draft=not assessment.sent)
        look = web.read_look(draft.settings.template(web.LOOK, assessment.language))
        with composer.blamed():
            root = web.page(xhtml, look)
        [body], [main] = root.iter("body"), root.iter("main")
        main.set("lang", root.get("lang", ""))
        css = root.findtext("head/style", "")
        return PreviewLetter(draft, css, body.get("class", ""), body.get("data-mark", ""), main)
