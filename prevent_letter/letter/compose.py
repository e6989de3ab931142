"""The letter, composed once: an assessment against its criteria, by Jinja2, as the one XHTML of ``document``."""

from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from prevent_letter import ROOT
from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.model import Assessment, digest
from prevent_letter.ground import prose
from prevent_letter.ground.findings import Stop, shown
from prevent_letter.letter import document

TEMPLATE = "letter.html.j2"


class Composer:
    """Composes letters from one set of templates: the standard one, or a folder whose own files win over it."""

    def __init__(self, folder: Path | None = None) -> None:
        """Take the templates of ``folder``, where it has them; its ``letter.html.j2`` may extend the standard one."""
        standard = FileSystemLoader(ROOT / "templates")
        own = [FileSystemLoader(folder)] if folder else []
        self._jinja = _Sandbox(
            loader=ChoiceLoader([*own, PrefixLoader({"standard": standard}), standard]),
            autoescape=True,
            undefined=StrictUndefined,
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
        fields = {
            "assessment": assessment,
            "criteria": criteria,
            "draft": as_draft,
            "digest": digest(assessment, criteria),
        }
        try:
            template = self._jinja.get_template(TEMPLATE)
            xhtml = template.render(fields)
        except TemplateSyntaxError as error:
            where = shown(Path(error.filename)) if error.filename else TEMPLATE
            raise Stop(f"{where}:{error.lineno}: the template can't be read: {error.message}") from error
        except TemplateNotFound as error:
            raise Stop(f"{self._failed_at(error)}: there is no template {error.name}") from error
        except Exception as error:  # whatever a template may do that can't be done
            raise Stop(f"{self._failed_at(error)}: the template can't be filled in: {error}") from error
        if fault := next(document.faults(xhtml), None):
            raise Stop(f"{shown(Path(template.filename or TEMPLATE))}: the template makes no letter: {fault}")
        return xhtml

    def _failed_at(self, error: BaseException) -> str:
        """The template and the line where filling it in failed."""
        where, trace = TEMPLATE, error.__traceback__
        while trace:
            if trace.tb_frame.f_code.co_filename.endswith(".j2"):
                where = f"{shown(Path(trace.tb_frame.f_code.co_filename))}:{trace.tb_lineno}"
            trace = trace.tb_next
        return where


class _Sandbox(ImmutableSandboxedEnvironment):
    """Remembers its verdict on an attribute by type and name: it is asked some 400 times a letter."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._verdicts: dict[tuple[type, str], bool] = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        if self._verdicts.get((type(obj), attribute)) and type(obj) is not str:  # whose format() needs a guard
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        key = type(obj), attr
        if key not in self._verdicts:
            self._verdicts[key] = super().is_safe_attribute(obj, attr, value)
        return self._verdicts[key]
