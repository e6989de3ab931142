"""Try a repository's own templates on example letters, with and without optional fields."""

from collections.abc import Iterator
from typing import Any

from prevent_letter.assessment import criteria as criteria_files
from prevent_letter.assessment.criteria import BUNDLED, Criteria
from prevent_letter.assessment.criteria_sets import STANDARD, named_set
from prevent_letter.assessment.fields import fields_of
from prevent_letter.assessment.model import Assessment, Scored, score_reader
from prevent_letter.assessment.settings import Settings, is_template, languages
from prevent_letter.assessment.validation import convert
from prevent_letter.assessment.values import Entry
from prevent_letter.core.findings import Finding, UserError
from prevent_letter.letter.formats import FORMATS

_PROSE = (
    "A paragraph with *emphasis* and [a link](https://www.gov.uk/).\n\n"
    "1. An item\n   - within\n\nAnd an end."
)


def template_findings(settings: Settings) -> Iterator[Finding]:
    """Yield findings on the templates that settings name. Without templates, load no modules."""
    folder = settings.templates
    if settings.findings or not settings.source or not folder:
        return
    if not any(is_template(path.name) for path in folder.iterdir()):
        return
    from prevent_letter.letter.compose import Composer

    criteria = criteria_files.read(named_set(None, settings).path).criteria
    criteria = criteria or criteria_files.read(BUNDLED / f"{STANDARD}.yaml").criteria
    assert criteria
    place = settings.source.place(("templates",))
    for language in (None, *languages(folder)):
        composer = Composer(folder, language)
        try:
            for optional in (False, True):  # a draft has every field
                assessment = example_assessment(criteria, language, optional=optional)
                xhtml = composer.compose(assessment, criteria, as_draft=optional)
                for format in FORMATS.values():
                    writer, look = format.writer, None
                    if writer.LOOK:
                        look = writer.read_look(settings.template(writer.LOOK, language))
                    with composer.blamed():
                        writer.write(xhtml, look)
        except UserError as error:
            is_missing = "install prevent-letter" in str(error)
            help = "PDF letters can't be tried here"
            if not is_missing:
                help = "correct the template, or delete it"
            yield Finding(place, "PL118", "note" if is_missing else "error", str(error), help)
            return


def example_assessment(
    criteria: Criteria, language: str | None = None, *, optional: bool
) -> Assessment:
    """Return an assessment with the required fields and the date; if ``optional``, all fields."""
    data = _example(Assessment, optional=optional)
    scored = _example(Scored, optional=optional)
    scored["score"] = criteria.scale.label(criteria.scale.met)
    data |= {"benchmarks": dict.fromkeys(criteria.by_id, scored), "language": language}
    assessment, errors = convert(Assessment, data, score_reader(criteria))
    assert assessment, errors
    return assessment


def _example(model: type[Entry], *, optional: bool) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for field in (field for field in fields_of(model) if field.use.typed):
        if optional or field.required or field.name == "date":
            value: Any = _PROSE if field.kind == "prose" else field.example
            if field.entry:
                value = _example(field.entry, optional=optional)
            data[field.name] = [value] if field.several else value
    return data
