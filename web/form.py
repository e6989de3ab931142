"""The page's form for a criteria set, as HTML, which build.py puts into the page."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from prevent_letter.assessment.criteria import BUNDLED, Criteria, read
from prevent_letter.assessment.criteria_sets import STANDARD
from prevent_letter.assessment.fields import fields_of
from prevent_letter.assessment.model import Addressee, Advisor, Assessment, Scored


@cache
def templates() -> Environment:
    """Return the environment of the page's templates, which stand beside this module."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).resolve().parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def standard_criteria() -> Criteria:
    """Return the criteria set that assessments use unless they name another."""
    criteria = read(BUNDLED / f"{STANDARD}.yaml").criteria
    assert criteria
    return criteria


def form_html(criteria: Criteria) -> str:
    """Return the fields of an assessment against a criteria set, with the fields' hints."""
    hints = {
        f"{model.__name__}.{field.name}": field.description.replace(", after a |", "")
        for model in (Assessment, Addressee, Advisor, Scored)
        for field in fields_of(model)
    }
    return templates().get_template("form.html.j2").render(criteria=criteria, hints=hints)
