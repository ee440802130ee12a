"""What OpenAI asks of a JSON schema: a little of every one, much of those under `strict`.

Source: OpenAI, "Structured outputs" guide, supported schemas; wording as its API words it. Read 2026-11-21.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FORBIDDEN = ("allOf", "oneOf", "not", "dependentRequired", "dependentSchemas", "if", "then", "else")
_TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")
_DEEPEST = 10
_MOST_PROPERTIES = 5000


def find_schema_flaw(schema: Mapping[str, Any], *, strict: bool) -> str | None:
    """What is wrong with a schema, in the vendor's words after `Invalid schema for …: `; None when it is fine."""
    kind = schema.get("type")
    if kind != "object":
        if "$ref" not in schema or strict:
            return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{kind}\"'."
        return None
    if "properties" not in schema and not strict:
        return "In context=(), object schema missing properties."
    definitions = {**schema.get("$defs", {}), **schema.get("definitions", {})}
    roots = [(schema, ())] + [(inner, ("$defs", name)) for name, inner in definitions.items()]
    properties = 0
    for root, start in roots:
        for inner, context in _walk(root, start):
            flaw = _flaw_of(inner, strict)
            if flaw is not None:
                return f"In context={context!r}, {flaw}"
            properties += len(inner.get("properties", ())) if isinstance(inner, dict) else 0
            if strict and context.count("properties") > _DEEPEST:
                return f"Exceeded the limit of {_DEEPEST} levels of nesting."
    if strict and properties > _MOST_PROPERTIES:
        return f"Exceeded the limit of {_MOST_PROPERTIES} properties."
    return None


def _walk(schema: Any, context: tuple[str, ...]) -> Iterator[tuple[Any, tuple[str, ...]]]:
    yield schema, context
    if not isinstance(schema, dict):
        return
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for name, inner in properties.items():
            yield from _walk(inner, (*context, "properties", name))
    if isinstance(schema.get("items"), dict):
        yield from _walk(schema["items"], (*context, "items"))
    if isinstance(schema.get("anyOf"), list):
        for index, inner in enumerate(schema["anyOf"]):
            yield from _walk(inner, (*context, "anyOf", str(index)))


def _flaw_of(schema: Any, strict: bool) -> str | None:
    if not isinstance(schema, dict):
        return f"{schema!r} is not of type 'object', 'boolean'."
    kinds = schema.get("type", [])
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if kind not in _TYPES:
            return f"{kind!r} is not valid under any of the given schemas."
    if "properties" in schema and not isinstance(schema["properties"], dict):
        return f"{schema['properties']!r} is not of type 'object'."
    if "required" in schema and not _is_name_list(schema["required"]):
        return f"{schema['required']!r} is not of type 'array'."
    if kinds == "array" and "items" not in schema and "prefixItems" not in schema:
        return "array schema missing items."
    return _strict_flaw(schema) if strict else None


def _strict_flaw(schema: dict[str, Any]) -> str | None:
    for keyword in _FORBIDDEN:
        if keyword in schema:
            return f"'{keyword}' is not permitted."
    if not {"type", "$ref", "anyOf", "enum", "const"} & schema.keys():
        return "schema must have a 'type' key."
    if schema.get("type") != "object" and "properties" not in schema:
        return None
    if schema.get("additionalProperties") is not False:
        return "'additionalProperties' is required to be supplied and to be false."
    required = schema.get("required", [])
    wording = "'required' is required to be supplied and to be an array including every key in properties."
    for name in schema.get("properties", {}):
        if name not in required:
            return f"{wording} Missing '{name}'."
    extra = next((name for name in required if name not in schema.get("properties", {})), None)
    return f"{wording} Extra required key '{extra}' supplied." if extra is not None else None


def _is_name_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)
