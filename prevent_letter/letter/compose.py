"""Compose the letter as XHTML (see ``document``) from assessment, criteria and Jinja2 template."""

import os.path
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import CodeType

from jinja2 import FunctionLoader, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.bccache import Bucket, BytecodeCache

from prevent_letter import ROOT
from prevent_letter.assessment.criteria import Benchmark, Criteria, Scale
from prevent_letter.assessment.digests import digest
from prevent_letter.assessment.fields import declared
from prevent_letter.assessment.model import (
    LEFT_OUT,
    Accepted,
    Addressee,
    Advisor,
    Assessment,
    Scored,
)
from prevent_letter.assessment.settings import LETTER, in_language, is_template
from prevent_letter.assessment.values import Entry
from prevent_letter.core import prose
from prevent_letter.core.display import nearest, show_path
from prevent_letter.core.findings import UserError
from prevent_letter.core.ordinary import open_ordinary
from prevent_letter.letter import document
from prevent_letter.letter.sandbox import Sandbox, without_effect

_STANDARD = f"standard/{LETTER}"
_STANDARD_PATH = ROOT / "templates" / LETTER
_MOST_BYTES = 1 << 16
"""The largest template, in bytes. The standard one has 13,000."""
_LONGEST_CLASS = 40
_MODELS: tuple[type[Entry], ...] = (
    *(Assessment, Addressee, Advisor, Scored, Accepted),
    *(Criteria, Scale, Benchmark),
)
_METHODS = {Assessment: "identifier", Scale: "scores below above label", Criteria: "level"}
ALLOWED: Mapping[type, frozenset[str]] = {
    **{
        model: frozenset(declared(model)) - {"progress"} | {*_METHODS.get(model, "").split()}
        for model in _MODELS
    },
    prose.Prose: frozenset(prose.Prose._fields),
}
"""The attributes that a template may use."""


class _CompiledTemplates(BytecodeCache):
    """Keeps compiled templates for later composers: compiling the standard one takes 25 ms."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if len(self._codes) >= _MOST_COMPILED:
            self._codes.clear()
        if bucket.code:
            self._codes[bucket.key, bucket.checksum] = bucket.code


_CAUSES: Mapping[type[Exception], str] = {
    RecursionError: "the template is nested too deep, or calls or extends itself without end",
    MemoryError: "the template needs more memory than there is",
}
_OURS, _OF_REPOSITORIES = _CompiledTemplates(), _CompiledTemplates()
_MOST_COMPILED = 20
"""How many compiled templates to keep. In a preview, each change to a template adds one."""


class Composer:
    """Composes letters from a folder's templates, or the standard ones where it has none."""

    def __init__(self, folder: Path | None = None, language: str | None = None) -> None:
        """Use the templates in ``folder``, whose letter.html.j2 may extend the standard one.

        A language other than English has a template of its own, such as ``letter.cy.html.j2``.
        """
        self._folder, self._name = folder, in_language(LETTER, language)
        own = folder / self._name if folder else None
        self._template = own if own and os.path.isfile(own) else _STANDARD_PATH
        is_ours = self._template == _STANDARD_PATH
        if is_ours:
            self._folder = None  # a file that is written there meanwhile must not pass for ours
        self._jinja = Sandbox(
            ALLOWED,
            is_ours=is_ours,
            loader=FunctionLoader(self._load),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            optimized=False,  # it takes longer than what it saves
            bytecode_cache=_OURS if is_ours else _OF_REPOSITORIES,
        )
        self._jinja.add_filter("prose", _prose, cost=8)
        self._jinja.add_filter("unbroken", lambda text: text.replace(" ", "\N{NO-BREAK SPACE}"))

    def compose(self, assessment: Assessment, criteria: Criteria, *, as_draft: bool = False) -> str:
        """Return the letter as XHTML.

        Raises:
            UserError: a template can't be read or filled in, or does not make a valid letter.
        """
        self._jinja.work = 0
        is_copy = assessment.is_to_publish
        try:
            xhtml = self._jinja.get_template(self._name).render(
                assessment=replace(assessment, progress=()),  # for ourselves alone
                criteria=criteria,
                digest=digest(assessment, criteria),
                draft=as_draft,
                published=is_copy,
            )
        except UserError:
            raise
        except TemplateSyntaxError as error:
            where = show_path(Path(error.filename)) if error.filename else self._name
            message = f"the template can't be read: {error.message}"
            raise UserError(f"{where}:{error.lineno}: {message}") from error
        except Exception as error:  # a template may raise any error
            where, trace = show_path(self._template), error.__traceback__
            while trace:
                file = trace.tb_frame.f_code.co_filename
                if file.endswith(".j2"):
                    where = f"{show_path(Path(file))}:{trace.tb_lineno}"
                trace = trace.tb_next
            kinds = (kind for kind in _CAUSES if isinstance(error, kind))
            unknown = f"the template can't be filled in: {str(error)[:300]}"
            message = _CAUSES.get(next(kinds, Exception), unknown)
            if isinstance(error, TemplateNotFound):
                message = f"there is no template {error.name}"
            raise UserError(f"{where}: {message}") from error
        if character := re.search("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]", xhtml):
            message = "the template makes a character that no letter can have"
            raise UserError(f"{show_path(self._template)}: {message}: {character[0]!a}")
        if fault := next(document.faults(xhtml), None):
            message = f"the template does not make a letter: {fault.text}"
            raise UserError(f"{self._line_of(fault.trace)}: {message}")
        words = xhtml.replace("\N{NO-BREAK SPACE}", " ")
        if is_copy and ('id="published"' not in words or LEFT_OUT.strip("[]") in words):
            message = "the template does not make a copy to publish: where published is true"
            message += ", it must not use names or contact details, and must say"
            message += ' under id="published" what is left out'
            raise UserError(f"{show_path(self._template)}: {message}")
        return xhtml

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """Add to a writer's error the line of the repository's template that causes the error.

        Raises:
            UserError: the writer's error, with that line if it is found.
        """
        try:
            yield
        except UserError as error:
            shape = r'the style "([^"]+)"|of class ([\w-]+)|rule for \.([\w-]+)'
            match = re.search(shape, str(error))
            names = filter(None, match.groups() if match else ())
            name = next(names, "").lower().replace(" ", "-")
            trace = f'class="{name}"'
            if not name or trace not in self._own_text:
                raise
            standard = _STANDARD_PATH.read_text(encoding="utf-8")
            guess = nearest(name, re.findall('class="([a-z-]+)"', standard))
            help = f"; did you mean {guess}?" if guess and guess != name else ""
            message = f"{self._line_of(trace)}: there is no style for {trace}{help} ({error})"
            raise UserError(message) from error

    def _load(self, name: str) -> tuple[str, str, None] | None:
        """Return a template's text and path: the repository's own, or the standard one."""
        own = self._folder / name if self._folder and is_template(name) else None
        if not own or not os.path.isfile(own):
            if name not in (_STANDARD, LETTER):
                return None  # a template may extend two others: that without a language, and ours
            return _read(_STANDARD_PATH), str(_STANDARD_PATH), None
        text = _read(own)
        if name == self._name:
            self._check_extension(text, own)
        return text, str(own), None

    def _check_extension(self, text: str, path: Path) -> None:
        """Refuse a template that extends itself, or has a part that would have no effect."""
        tree = self._jinja.parse(text, self._name, str(path))
        extensions = [node for node in tree.body if isinstance(node, nodes.Extends)]
        parents = [n.template.value for n in extensions if isinstance(n.template, nodes.Const)]
        if self._name in parents:
            message = f'it extends itself; write {{% extends "{_STANDARD}" %}}'
            raise TemplateSyntaxError(message, extensions[0].lineno, self._name, str(path))
        if _STANDARD in parents:
            standard = self._jinja.parse(_read(_STANDARD_PATH))
            blocks = [block.name for block in standard.find_all(nodes.Block)]
            for line, message in without_effect(tree, blocks):
                raise TemplateSyntaxError(message, line, self._name, str(path))

    @cached_property
    def _own_text(self) -> str:
        """The text of the repository's own letter.html.j2; empty if it has none."""
        return "" if self._template == _STANDARD_PATH else _read(self._template)

    def _line_of(self, trace: str) -> str:
        """Return the template's path, plus a line number if the words ``trace`` are found in it."""
        path, words = show_path(self._template), r"\s+".join(map(re.escape, trace.split()))
        match = re.search(words, self._own_text) if words else None
        return f"{path}:{self._own_text.count(chr(10), 0, match.start()) + 1}" if match else path


def _prose(passage: str, style: str = "") -> prose.Prose:
    if len(style) > _LONGEST_CLASS:  # each paragraph repeats it
        raise ValueError(f"a class has at most {_LONGEST_CLASS} characters")
    return prose.render(passage, style)


def _read(path: Path) -> str:
    try:
        with open_ordinary(path) as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise UserError(f"{show_path(path)}: this is too large for a template")
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        message = "this is not UTF-8; save it again with the encoding UTF-8"
        raise UserError(f"{show_path(path)}: {message}") from error
    except OSError as error:
        message = f"the template can't be read: {error.strerror}"
        raise UserError(f"{show_path(path)}: {message}") from error
