"""JSON schemas in the strict subset of OpenAI's structured outputs, and the reasons why a schema cannot be in it.

Pure functions over schemas: they return new dicts and leave what they are given as it is. Making a schema of a
Python type lives in `structured_output` and `tool_functions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

JsonSchema = dict[str, Any]

_DEFINITION_KEYS: Final = ("$defs", "definitions")
# The subset as OpenAI documents it (https://developers.openai.com/api/docs/guides/structured-outputs, "Supported
# schemas", read 2026-11-21). `oneOf` and `uniqueItems` are answered with a 400 "is not permitted".
_FORBIDDEN_KEYWORDS: Final = frozenset(
    {
        "allOf", "not", "if", "then", "else", "oneOf", "dependentRequired", "dependentSchemas", "patternProperties",
        "propertyNames", "unevaluatedProperties", "minProperties", "maxProperties", "prefixItems", "unevaluatedItems",
        "contains", "minContains", "maxContains", "uniqueItems",
    }
)  # fmt: skip
_FORMATS: Final = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
)  # fmt: skip
_LOOKAROUNDS: Final = ("(?=", "(?!", "(?<=", "(?<!")
_MAX_PROPERTIES: Final = 5_000
_MAX_ENUM_VALUES: Final = 1_000
_TYPE_MARKS: Final = ("type", "$ref", "anyOf", "enum", "const")


def strict_schema(schema: Mapping[str, Any]) -> JsonSchema:
    """Return the schema with every object closed and every property required.

    A default of null is left out, an `allOf` of one entry is inlined, and a `$ref` that has siblings is expanded,
    or kept inside an `anyOf` of one where it leads back to itself. A `oneOf` becomes an `anyOf`, without its
    discriminator. Whether the result is in the subset says `why_not_strict`.

    Raises:
        ValueError: a `$ref` with siblings that leads nowhere in the schema.
    """
    return _close(schema, schema, ())


def _close(schema: Mapping[str, Any], root: Mapping[str, Any], expanding: tuple[str, ...]) -> JsonSchema:
    closed = _inline_single_all_of(dict(schema), root, expanding)
    for key in _DEFINITION_KEYS:
        if isinstance(closed.get(key), Mapping):
            closed[key] = {name: _close_any(entry, root, expanding) for name, entry in closed[key].items()}
    if closed.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    if isinstance(closed.get("properties"), Mapping):
        properties = closed["properties"]
        closed["required"] = list(properties)
        closed["properties"] = {name: _close_any(entry, root, expanding) for name, entry in properties.items()}
    if isinstance(closed.get("items"), Mapping):
        closed["items"] = _close(closed["items"], root, expanding)
    if "oneOf" in closed and "anyOf" not in closed:
        closed["anyOf"] = closed.pop("oneOf")
        closed.pop("discriminator", None)
    for key in ("anyOf", "allOf"):
        if isinstance(closed.get(key), list):
            closed[key] = [_close_any(entry, root, expanding) for entry in closed[key]]
    if "default" in closed and closed["default"] is None:
        del closed["default"]
    return _expand_reference(closed, root, expanding)


def _close_any(schema: Any, root: Mapping[str, Any], expanding: tuple[str, ...]) -> Any:
    return _close(schema, root, expanding) if isinstance(schema, Mapping) else schema


def _inline_single_all_of(schema: JsonSchema, root: Mapping[str, Any], expanding: tuple[str, ...]) -> JsonSchema:
    entries = schema.get("allOf")
    if isinstance(entries, list) and len(entries) == 1 and isinstance(entries[0], Mapping):
        del schema["allOf"]
        schema.update(_close(entries[0], root, expanding))
    return schema


def _expand_reference(closed: JsonSchema, root: Mapping[str, Any], expanding: tuple[str, ...]) -> JsonSchema:
    """Merge a reference's target under its siblings: a vendor that is strict takes `$ref` only alone."""
    reference = closed.get("$ref")
    if not isinstance(reference, str) or len(closed) == 1:
        return closed
    siblings = {key: value for key, value in closed.items() if key != "$ref"}
    if reference in expanding:
        return {"anyOf": [{"$ref": reference}], **siblings}
    target = _close(resolve_reference(root, reference), root, (*expanding, reference))
    return {**target, **siblings}


def resolve_reference(root: Mapping[str, Any], reference: str) -> Mapping[str, Any]:
    """Return the schema that a `#/…` reference names. Raises `ValueError` where there is none."""
    target: Any = root
    steps = reference.removeprefix("#").strip("/")
    if not reference.startswith("#"):
        raise ValueError(f"the schema's `$ref` {reference!r} leads out of it; only `#/…` can be followed")
    for step in steps.split("/") if steps else ():
        name = step.replace("~1", "/").replace("~0", "~")
        target = target.get(name) if isinstance(target, Mapping) else None
    if not isinstance(target, Mapping):
        raise ValueError(f"the schema's `$ref` {reference!r} leads nowhere")
    return target


def expand_root(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema with a reference at its root replaced by what it names, since a root must be an object."""
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    target = resolve_reference(schema, reference)
    return {**target, **{key: value for key, value in schema.items() if key != "$ref"}}


def why_not_strict(schema: Mapping[str, Any]) -> str | None:
    """Return the first reason why the schema is outside of OpenAI's strict subset, or None where it is inside."""
    if schema.get("type") != "object" or "anyOf" in schema:
        return "the root must be an object"
    property_count = enum_count = 0
    for place, entry in _walk(schema, "the root"):
        if problem := _find_problem(entry):
            return f"{place}: {problem}"
        property_count += len(entry.get("properties", ()))
        enum_count += len(entry.get("enum", ()))
    if property_count > _MAX_PROPERTIES:
        return f"it has {property_count} properties, more than {_MAX_PROPERTIES}"
    if enum_count > _MAX_ENUM_VALUES:
        return f"it has {enum_count} enum values, more than {_MAX_ENUM_VALUES}"
    return None


def leaves_room(schema: Mapping[str, Any]) -> bool:
    """Tell whether closing the schema would take something away: an optional property, or an object of any keys.

    An object that has properties and says nothing of others counts as closed.
    """
    for _, entry in _walk(schema, "the root"):
        properties = entry.get("properties")
        if entry.get("type") == "object" and properties is None and entry.get("additionalProperties") is not False:
            return True
        if properties and not properties.keys() <= set(entry.get("required", ())):
            return True
    return False


def _walk(schema: Mapping[str, Any], place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield place, schema
    for key in (*_DEFINITION_KEYS, "properties"):
        for name, entry in (schema.get(key) or {}).items():
            if isinstance(entry, Mapping):
                yield from _walk(entry, f"`{name}`")
            elif key == "properties":
                yield f"`{name}`", {}
    for key in ("anyOf", "oneOf", "allOf", "items"):
        entries = schema.get(key)
        for entry in entries if isinstance(entries, list) else (entries,):
            if isinstance(entry, Mapping):
                yield from _walk(entry, place)


def _find_problem(schema: Mapping[str, Any]) -> str | None:
    if not any(mark in schema for mark in _TYPE_MARKS):
        return "any value is allowed there"
    if forbidden := _FORBIDDEN_KEYWORDS & schema.keys():
        return f"`{min(forbidden)}` is not permitted"
    types = schema.get("type")
    types = types if isinstance(types, list) else [types]
    if "object" in types and (problem := _find_object_problem(schema)):
        return problem
    if "array" in types and not isinstance(schema.get("items"), Mapping):
        return "an array needs `items`"
    if schema.get("format", "date") not in _FORMATS:
        return f"the format {schema['format']!r} is not supported"
    if any(mark in str(schema.get("pattern", "")) for mark in _LOOKAROUNDS):
        return "a pattern with lookaround is not supported"
    return None


def _find_object_problem(schema: Mapping[str, Any]) -> str | None:
    if schema.get("additionalProperties") is not False:
        return "an object must not allow additional properties"
    properties: Mapping[str, Any] = schema.get("properties", {})
    required: Sequence[str] = schema.get("required", ())
    if optional := [name for name in properties if name not in required]:
        return f"`{optional[0]}` must be required"
    return None
