"""What Anthropic asks of a JSON schema: of a tool's in general, and of one that answers must fit strictly.

Facts: Anthropic, "Structured outputs", section "JSON Schema limitations", anthropic 2.11.0
`lib/_parse/_transform.py`, and errors users have reported, read 2026-11-21.
"""

from __future__ import annotations

from typing import Any

_UNSUPPORTED: dict[str, tuple[str, ...]] = {
    "integer": ("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"),
    "number": ("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"),
    "string": ("maxLength", "minLength"),
    "array": ("contains", "maxItems", "prefixItems", "uniqueItems"),
    "object": ("maxProperties", "minProperties", "patternProperties", "propertyNames"),
}
_FORMATS = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid", "text"}
)
_TYPES = frozenset({"object", "array", "string", "integer", "number", "boolean", "null"})
_DEEPEST = 60


def find_tool_schema_flaw(schema: dict[str, Any]) -> tuple[str, str] | None:
    """What is wrong with a tool's schema, strict or not: the path below the schema, and the words; None when good."""
    if "type" not in schema:
        return ".type", "Field required"
    if schema["type"] != "object":
        return ".type", "Input should be 'object'"
    if any(name in schema for name in ("oneOf", "allOf", "anyOf")):
        return "", "input_schema does not support oneOf, allOf, or anyOf at the top level"
    if not _is_schema(schema, 0):
        return "", (
            "JSON schema is invalid. It must match JSON Schema draft 2020-12 "
            "(https://json-schema.org/draft/2020-12). Learn more about tool use at "
            "https://docs.claude.com/en/docs/tool-use."
        )
    return None


def find_strict_schema_flaw(schema: dict[str, Any]) -> str | None:
    """What keeps answers from being held to a schema; None when nothing does."""
    return _strict_flaw(schema, schema, ()) if _is_schema(schema, 0) else "Schema is invalid"


def _is_schema(schema: Any, depth: int) -> bool:
    if isinstance(schema, bool):
        return True
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return False
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if not all(isinstance(kind, str) and kind in _TYPES for kind in kinds):
        return False
    required = schema.get("required", [])
    if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
        return False
    if not isinstance(schema.get("enum", []), list):
        return False
    groups = ("properties", "$defs", "definitions")
    return all(_is_schema(inner, depth + 1) for inner in _inner(schema, groups, ("items", "additionalProperties")))


def _inner(schema: dict[str, Any], groups: tuple[str, ...], single: tuple[str, ...]) -> list[Any]:
    """The schemas directly inside a schema; what is not of the right type stands for itself, and is no schema."""
    found: list[Any] = []
    for name in groups:
        members = schema.get(name, {})
        found += members.values() if isinstance(members, dict) else [members]
    for name in ("anyOf", "oneOf", "allOf"):
        branches = schema.get(name, [])
        found += branches if isinstance(branches, list) else [branches]
    return found + [schema[name] for name in single if name in schema]


def _strict_flaw(schema: Any, root: dict[str, Any], path: tuple[str, ...]) -> str | None:
    if not isinstance(schema, dict):
        return "Schema must be an object"
    reference = schema.get("$ref")
    if reference is not None:
        return _reference_flaw(str(reference), root, path)
    if "oneOf" in schema:
        return "Schema type 'oneOf' is not supported"
    if not any(name in schema for name in ("type", "anyOf", "allOf", "enum", "const", "$defs")):
        return "Schema must have a 'type', 'anyOf', 'allOf', 'enum', 'const' or '$ref' field"
    kinds = schema.get("type", [])
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        flaw = _kind_flaw(schema, kind)
        if flaw is not None:
            return flaw
    members = _inner(schema, ("properties",), ("items",))
    return next((flaw for inner in members if (flaw := _strict_flaw(inner, root, path)) is not None), None)


def _reference_flaw(reference: str, root: dict[str, Any], path: tuple[str, ...]) -> str | None:
    if not reference.startswith("#"):
        return f"External schema reference '{reference}' is not supported"
    if reference in path:
        return f"Circular reference detected in schema definitions: {' -> '.join([*path, reference])}"
    target: Any = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        target = target.get(step) if isinstance(target, dict) and step else target
    if target is None:
        return f"Schema reference '{reference}' not found"
    return _strict_flaw(target, root, (*path, reference))


def _kind_flaw(schema: dict[str, Any], kind: str) -> str | None:
    if kind == "object":
        if "additionalProperties" not in schema:
            return "For 'object' type, 'additionalProperties' must be explicitly set to false"
        if schema["additionalProperties"] is not False:
            shown = "true" if schema["additionalProperties"] is True else "object"
            return (
                f"For 'object' type, 'additionalProperties: {shown}' is not supported. "
                "Please set 'additionalProperties' to false"
            )
    if kind == "array" and schema.get("minItems", 0) not in (0, 1):
        return "For 'array' type, 'minItems' values other than 0 or 1 are not supported"
    if kind == "string" and schema.get("format", "text") not in _FORMATS:
        return f"For 'string' type, format '{schema['format']}' is not supported"
    named = [name for name in _UNSUPPORTED.get(kind, ()) if name in schema]
    if len(named) > 1:
        return f"For '{kind}' type, properties {', '.join(named)} are not supported"
    return f"For '{kind}' type, property '{named[0]}' is not supported" if named else None
