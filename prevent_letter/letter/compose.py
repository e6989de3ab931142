"""The letter, composed once: an assessment against its criteria, by Jinja2, as the one XHTML of ``document``."""

import os.path
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from jinja2 import FunctionLoader, TemplateNotFound, TemplateSyntaxError, nodes

from prevent_letter import ROOT
from prevent_letter.assessment import settings
from prevent_letter.assessment.criteria import Benchmark, Criteria, Scale
from prevent_letter.assessment.fields import Entry
from prevent_letter.assessment.model import (
    LEFT_OUT,
    Accepted,
    Addressee,
    Advisor,
    Assessment,
    Scored,
    digest,
)
from prevent_letter.ground import prose, sandbox
from prevent_letter.ground.findings import Stop, nearest, shown
from prevent_letter.letter import document

_STANDARD = f"standard/{settings.LETTER}"
_MOST_BYTES = 1 << 18
_MODELS: tuple[type[Entry], ...] = (
    Assessment,
    Addressee,
    Advisor,
    Scored,
    Accepted,
    Criteria,
    Scale,
    Benchmark,
)
_METHODS: Mapping[type, str] = {
    Assessment: "identifier",
    Scale: "scores below above label",
    Criteria: "level",
}
ALLOWED: Mapping[type, frozenset[str]] = {
    **{
        model: frozenset(model.model_fields) - {"progress"} | {*_METHODS.get(model, "").split()}
        for model in _MODELS
    },
    prose.Prose: frozenset(prose.Prose._fields),
}
"""What a template may ask of what it gets."""


class Composer:
    """Composes letters from one set of templates: the standard one, or a folder whose own files win over it."""

    def __init__(self, folder: Path | None = None, language: str | None = None) -> None:
        """Take the templates of ``folder``, where it has them; its ``letter.html.j2`` may extend the standard one.

        In another language than English it is that language's: ``letter.cy.html.j2``.
        """
        self._folder, self._name = folder, settings.in_language(settings.LETTER, language)
        self._jinja = sandbox.Sandbox(
            ALLOWED,
            loader=FunctionLoader(self._load),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
        )
        self._jinja.filters["prose"] = prose.render
        self._jinja.filters["unbroken"] = lambda text: str(text).replace(" ", "\N{NO-BREAK SPACE}")

    def compose(self, assessment: Assessment, criteria: Criteria, *, as_draft: bool = False) -> str:
        """The letter as XHTML, marked as a draft if it is to be one.

        Raises:
            Stop: a template is at fault: its syntax, a field it asks for, or the document that comes of it.
        """
        self._jinja.count = sandbox.Count()
        told = {"draft": as_draft, "published": assessment.is_to_publish}
        try:
            template = self._jinja.get_template(self._name)
            xhtml: str = template.render(
                assessment=assessment,
                criteria=criteria,
                digest=digest(assessment, criteria),
                **told,
            )
        except TemplateSyntaxError as error:
            where = shown(Path(error.filename)) if error.filename else self._name
            raise Stop(
                f"{where}:{error.lineno}: the template can't be read: {error.message}"
            ) from error
        except TemplateNotFound as error:
            raise Stop(f"{self._failed_at(error)}: there is no template {error.name}") from error
        except RecursionError as error:
            message = "the template is nested too deep, or calls or includes itself without end"
            raise Stop(f"{self._failed_at(error)}: {message}") from error
        except Stop:
            raise
        except MemoryError as error:
            raise Stop(
                f"{self._failed_at(error)}: the template needs more memory than there is"
            ) from error
        except Exception as error:  # whatever a template may do that can't be done
            raise Stop(
                f"{self._failed_at(error)}: the template can't be filled in: {str(error)[:300]}"
            ) from error
        if found := re.search("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]", xhtml):
            raise Stop(
                f"{self._line_of('')}: the template makes a character that no letter can hold: {found[0]!a}"
            )
        if fault := next(document.faults(xhtml), None):
            raise Stop(f"{self._line_of(fault.trace)}: the template makes no letter: {fault.text}")
        if assessment.is_to_publish and not _names_nobody(xhtml):
            message = 'where published is true, it may ask for no name, and must say what is left out under id="published"'
            raise Stop(f"{self._line_of('')}: the template makes no copy to publish: {message}")
        return xhtml

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """Tell what a writer has no place for at its line in a template of somebody's own, where it comes from there.

        Raises:
            Stop: what was raised within, with that line.
        """
        try:
            yield
        except Stop as stop:
            raise self._blame(stop) from stop

    def _blame(self, stop: Stop) -> Stop:
        """What a writer has no place for, at its line in a template of somebody's own, where it comes from there."""
        found = re.search(r'the style "([^"]+)"|of class ([\w-]+)|rule for \.([\w-]+)', str(stop))
        name = next(filter(None, found.groups())).lower().replace(" ", "-") if found else ""
        trace = f'class="{name}"'
        if not name or trace not in self._own:
            return stop
        guess = nearest(
            name, re.findall('class="([a-z-]+)"', self._read(ROOT / "templates" / settings.LETTER))
        )
        help = f"; did you mean {guess}?" if guess and guess != name else ""
        return Stop(f"{self._line_of(trace)}: {trace} names no style{help} ({stop})")

    def _load(self, name: str) -> tuple[str, str, None] | None:
        """A template's text: the user's own, or the standard one; Jinja names it in what goes wrong."""
        parts = name.split("/")
        if ".." in parts or "" in parts or re.search(r"[\\:]", name):
            return None
        own = self._folder / name if self._folder else None
        if own and os.path.isfile(own):
            if self._folder and not settings.is_inside(
                own, settings.repository(self._folder) or self._folder
            ):
                raise Stop(
                    f"{shown(own)}: this leads outside the repository; put a copy of the file in its place"
                )
            text = self._read(own)
            self._jinja.sizes[name] = len(text)
            if name == self._name:
                self._refuse_without_effect(text, own)
            return text, str(own), None
        path = ROOT / "templates" / name.removeprefix("standard/")
        return (self._read(path), str(path), None) if path.is_file() else None

    def _read(self, path: Path) -> str:
        try:
            if path.stat().st_size > _MOST_BYTES:
                raise Stop(f"{shown(path)}: this is too large for a template")
            return path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise Stop(
                f"{shown(path)}: this isn't UTF-8; save it again with the encoding UTF-8"
            ) from error
        except OSError as error:
            raise Stop(f"{shown(path)}: the template can't be read: {error.strerror}") from error

    def _refuse_without_effect(self, text: str, path: Path) -> None:
        tree = self._jinja.parse(text, self._name, str(path))
        extended = [each for each in tree.body if isinstance(each, nodes.Extends)]
        names = [each.template.value for each in extended if isinstance(each.template, nodes.Const)]
        if self._name in names:
            message = f'it extends itself; write {{% extends "{_STANDARD}" %}}'
            raise TemplateSyntaxError(message, extended[0].lineno, self._name, str(path))
        standard = self._jinja.parse(self._read(ROOT / "templates" / settings.LETTER))
        blocks = [block.name for block in standard.find_all(nodes.Block)]
        for line, message in sandbox.without_effect(tree, blocks) if _STANDARD in names else ():
            raise TemplateSyntaxError(message, line, self._name, str(path))

    @cached_property
    def _template(self) -> Path:
        """The file of the template: the user's own, or the standard one."""
        own = self._folder / self._name if self._folder else None
        return own if own and os.path.isfile(own) else ROOT / "templates" / settings.LETTER

    @cached_property
    def _own(self) -> str:
        """The text of the user's own letter.html.j2; empty where there is none."""
        return (
            "" if self._template.is_relative_to(ROOT / "templates") else self._read(self._template)
        )

    def _line_of(self, trace: str) -> str:
        """The template that makes the document, and the line on which words stand in it."""
        path = self._template
        found = (
            re.search(r"\s+".join(map(re.escape, trace.split())), self._own)
            if trace.strip()
            else None
        )
        line = self._own.count("\n", 0, found.start()) + 1 if found else 0
        return f"{shown(path)}:{line}" if line else shown(path)

    def _failed_at(self, error: BaseException) -> str:
        """The template and the line where filling it in failed."""
        where, trace = shown(self._template), error.__traceback__
        while trace:
            if trace.tb_frame.f_code.co_filename.endswith(".j2"):
                where = f"{shown(Path(trace.tb_frame.f_code.co_filename))}:{trace.tb_lineno}"
            trace = trace.tb_next
        return where


def _names_nobody(xhtml: str) -> bool:
    """Whether a template knows of copies to publish: it says that names are left out, and asks for none."""
    return 'id="published"' in xhtml and LEFT_OUT.strip("[]") not in xhtml.replace(
        "\N{NO-BREAK SPACE}", " "
    )
