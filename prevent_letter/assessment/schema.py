"""The JSON Schema of an assessment against a criteria set (draft 2020-12), for editors.

It expresses the models as far as a schema can. Only ``check`` finds the rest: years that are not
successive, dates that do not exist, repeated keys. Its form suits yaml-language-server: no titles,
no defaults, a score as an ``enum`` with ``enumDescriptions``.
"""

from inspect import cleandoc
from typing import Any

from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.fields import FieldInfo, fields_of
from prevent_letter.assessment.model import Assessment
from prevent_letter.assessment.shapes import Shape, any_case
from prevent_letter.assessment.values import Entry

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SNIPPET = {"score": "$1", "good_practice": "|\n        $2", "recommendations": "|\n        $3"}


def schema(criteria: Criteria) -> dict[str, Any]:
    """Return the schema as plain data."""
    definitions: dict[str, Any] = {}
    top = _entry(Assessment, definitions)
    scored = definitions.pop("Scored")
    definitions = dict(sorted(definitions.items()))
    schema = {"$defs": definitions, **top, "$schema": _DIALECT}
    description = scored["properties"]["score"]["description"]
    properties, scale = {}, criteria.scale
    numbers: dict[str, Any] = {"type": "integer", "enum": list(scale.scores)}
    words = "|".join(map(any_case, scale.written))
    as_text = {"type": "string", "pattern": rf"^\s*({words})\s*$"}
    for benchmark in criteria.benchmarks:
        id, statement = benchmark.id, benchmark.statement
        labels = [scale.label(score) for score in scale.scores]
        levels = [criteria.level(benchmark, n) or scale.label(n) for n in scale.scores]
        values = {"type": "string", "enum": labels} if scale.names else numbers
        ways = [{**values, "enumDescriptions": levels}, as_text]
        score = {"description": description, "anyOf": ways}
        definitions[id] = {**scored, "properties": {**scored["properties"], "score": score}}
        # The server offers snippets for a key only if a reference in allOf is beside the snippet.
        properties[id] = {
            "description": statement,
            "allOf": [{"$ref": f"#/$defs/{id}"}],
            "defaultSnippets": [{"label": id, "description": statement, "body": _SNIPPET}],
        }
    schema["properties"]["benchmarks"] |= {
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return schema


def _entry(model: type[Entry], definitions: dict[str, Any]) -> Shape:
    """Return the shape of an entry; those of the entries in it go into ``definitions``."""
    return {
        "additionalProperties": False,
        "description": cleandoc(model.__doc__ or ""),
        "properties": {field.name: _field(field, definitions) for field in fields_of(model)},
        "required": [field.name for field in fields_of(model) if field.required],
        "type": "object",
    }


def _field(field: FieldInfo, definitions: dict[str, Any]) -> Shape:
    item = field.text_kind.shape if field.text_kind else {}
    if field.entry:
        name = field.entry.__name__
        definitions[name] = _entry(field.entry, definitions)
        item = {"$ref": f"#/$defs/{name}"}
    if field.several == "list":  # it may be left empty
        return {"description": field.description, "items": item, "type": ["array", "null"]}
    if field.several == "mapping":
        items = {"additionalProperties": item, "type": "object"}
        return {"description": field.description, **items}
    return item if field.entry else {"description": field.description, **item}
