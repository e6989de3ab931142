"""The JSON Schema of an assessment against a criteria set (draft 2020-12), for editors.

It expresses the models as far as a schema can. Only ``check`` finds the rest: years that are not
successive, dates that do not exist, repeated keys. Its form suits yaml-language-server: no titles,
no defaults, a score as an ``enum`` with ``enumDescriptions``.
"""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.model import Assessment
from prevent_letter.assessment.shapes import any_case

_SNIPPET = {"score": "$1", "good_practice": "|\n        $2", "recommendations": "|\n        $3"}


def schema(criteria: Criteria) -> dict[str, Any]:
    """Return the schema as plain data."""
    schema: dict[str, Any] = _without_titles(Assessment.model_json_schema())
    schema["$schema"] = GenerateJsonSchema.schema_dialect
    scored = schema["$defs"].pop("Scored")
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
        schema["$defs"][id] = {**scored, "properties": {**scored["properties"], "score": score}}
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


def _without_titles(node: Any) -> Any:
    """Return the schema without titles and defaults, and with null allowed for each list."""
    if isinstance(node, list):
        return [_without_titles(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    kept = {k: _without_titles(inner) for k, inner in node.items() if k not in ("title", "default")}
    return kept | ({"type": ["array", "null"]} if kept.get("type") == "array" else {})
