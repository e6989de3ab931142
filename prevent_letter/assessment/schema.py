"""The JSON Schema of an assessment against a criteria set (draft 2020-12), for editors that complete and check YAML.

It says what the models say, as far as a schema can: successive years, days in no calendar, keys that stand twice and
the like are left to ``check``. The forms follow what yaml-language-server makes good use of: no titles, no defaults, a
score as an ``enum`` with ``enumDescriptions``.
"""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from prevent_letter.assessment.criteria import Benchmark, Criteria
from prevent_letter.assessment.fields import in_any_case
from prevent_letter.assessment.model import Assessment


def schema(criteria: Criteria) -> dict[str, Any]:
    """The schema as plain data."""
    made: dict[str, Any] = _plain(Assessment.model_json_schema(schema_generator=GenerateJsonSchema))
    made["$schema"] = GenerateJsonSchema.schema_dialect
    scored = made["$defs"].pop("Scored")
    properties = {}
    for benchmark in criteria.benchmarks:
        score = {
            "description": scored["properties"]["score"]["description"],
            **_score(criteria, benchmark),
        }
        made["$defs"][benchmark.id] = {
            **scored,
            "properties": {**scored["properties"], "score": score},
        }
        # A reference in allOf beside the snippet: in no other form does the server offer snippets for a key.
        properties[benchmark.id] = {
            "description": benchmark.statement,
            "allOf": [{"$ref": f"#/$defs/{benchmark.id}"}],
            "defaultSnippets": [
                {"label": benchmark.id, "description": benchmark.statement, "body": _SNIPPET}
            ],
        }
    made["properties"]["benchmarks"] |= {
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return made


_SNIPPET = {"score": "$1", "good_practice": "|\n        $2", "recommendations": "|\n        $3"}


def _score(criteria: Criteria, benchmark: Benchmark) -> dict[str, Any]:
    """The ways to write a score, each with what its level asks for, which editors show."""
    scale = criteria.scale
    levels = [criteria.level(benchmark, score) or scale.label(score) for score in scale.scores]
    numbers = {"type": "integer", "enum": list(scale.scores), "enumDescriptions": levels}
    words = "|".join(in_any_case(each) for each in scale.written)
    named = {
        "type": "string",
        "enum": [scale.label(score) for score in scale.scores],
        "enumDescriptions": levels,
    }
    return {
        "anyOf": [
            named if scale.names else numbers,
            {"type": "string", "pattern": rf"^\s*({words})\s*$"},
        ]
    }


def _plain(node: Any) -> Any:
    """The schema without titles and defaults; a list may be left empty."""
    if isinstance(node, list):
        return [_plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _plain(value) for key, value in node.items() if key not in ("title", "default")}
    return kept | ({"type": ["array", "null"]} if kept.get("type") == "array" else {})
