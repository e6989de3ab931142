"""A repository's own templates, tried: a letter that has every field, through each of them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from prevent_letter import ROOT
from prevent_letter.assessment import criteria as criteria_sets
from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.drafts import named_set
from prevent_letter.assessment.fields import Entry, declared
from prevent_letter.assessment.model import Assessment, Scored
from prevent_letter.assessment.settings import Settings, is_template, languages
from prevent_letter.ground.findings import Finding, Stop
from prevent_letter.letter.formats import FORMATS

if TYPE_CHECKING:
    from prevent_letter.letter.compose import Composer

_PROSE = "A paragraph with *emphasis* and [a link](https://www.gov.uk/).\n\n1. An item\n   - within\n\nAnd an end."


def template_findings(held: Settings) -> Iterator[Finding]:
    """What is wrong with the templates that the settings name; nothing is loaded where there are none."""
    folder = held.path(held.file.templates)
    if held.findings or not held.source or not folder:
        return
    if not any(is_template(path.name) for path in folder.iterdir()):
        return
    from prevent_letter.letter.compose import Composer

    read = criteria_sets.read(named_set(None, held).path)
    criteria = (
        read.criteria
        or criteria_sets.read(ROOT / "criteria" / f"{criteria_sets.STANDARD}.yaml").criteria
    )
    assert criteria
    place = held.source.place(("templates",))
    for language in (None, *languages(folder)):
        composer = Composer(folder, language)
        try:
            for optional in (False, True):
                _try(composer, held, sample(criteria, language, optional=optional), criteria)
        except Stop as stop:
            missing = "install prevent-letter" in str(stop)
            help = (
                "PDF letters can't be tried here" if missing else "mend the template, or delete it"
            )
            yield Finding(place, "PL118", "note" if missing else "error", str(stop), help)
            return


def _try(composer: "Composer", held: Settings, assessment: Assessment, criteria: Criteria) -> None:
    """Make a letter in each format, as a draft where it has every field.

    Raises:
        Stop: a template or a look is at fault.
    """
    xhtml = composer.compose(assessment, criteria, as_draft=assessment.marking is not None)
    for format in FORMATS.values():
        writer = format.writer
        look = writer.look(held.template(writer.LOOK, assessment.language)) if writer.LOOK else None
        with composer.blamed():
            writer.write(xhtml, look)


def sample(criteria: Criteria, language: str | None = None, *, optional: bool) -> Assessment:
    """An assessment in a language, with every field, or with those alone that must be there."""
    data = _sample(Assessment, optional)
    scored = _sample(Scored, optional) | {"score": str(criteria.scale.label(criteria.scale.met))}
    data |= {"benchmarks": dict.fromkeys(criteria.by_id, scored), "language": language}
    return Assessment.model_validate(data, context={"criteria": criteria})


def _sample(model: type[Entry], optional: bool) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for field in declared(model):
        if optional or model.model_fields[field.name].is_required() or field.name == "date":
            value = (
                _sample(field.entry, optional)
                if field.entry
                else _PROSE
                if field.kind == "prose"
                else field.example
            )
            data[field.name] = [value] if field.several else value
    return data
