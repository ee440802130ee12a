"""Google's own form of schemas (types in capitals, `nullable`) as JSON schemas."""

from __future__ import annotations

from typing import Any

_KEPT = ("description", "enum", "format", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum")


def to_json_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """A `Schema` message as a JSON schema."""
    converted: dict[str, Any] = {name: schema[name] for name in (*_KEPT, "pattern", "required") if name in schema}
    if schema.get("type", "TYPE_UNSPECIFIED") != "TYPE_UNSPECIFIED":
        converted["type"] = schema["type"].lower()
    if "ref" in schema:
        converted["$ref"] = schema["ref"].replace("#/defs/", "#/$defs/")
    if "items" in schema:
        converted["items"] = to_json_schema(schema["items"])
    for name, renamed in (("properties", "properties"), ("defs", "$defs")):
        if name in schema:
            converted[renamed] = {key: to_json_schema(inner) for key, inner in schema[name].items()}
    if "anyOf" in schema:
        converted["anyOf"] = [to_json_schema(inner) for inner in schema["anyOf"]]
    return converted


def declared_parameters(declaration: dict[str, Any]) -> dict[str, Any]:
    """The JSON schema of a function's arguments, in whichever form it was given."""
    given = declaration.get("parametersJsonSchema")
    if isinstance(given, dict):
        return given
    return to_json_schema(declaration.get("parameters") or {})


def response_schema(config: dict[str, Any]) -> dict[str, Any] | None:
    """The JSON schema an answer must fit, if any."""
    given = config.get("responseJsonSchema")
    if isinstance(given, dict):
        return given
    return to_json_schema(config["responseSchema"]) if "responseSchema" in config else None
