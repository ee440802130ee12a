"""JSON schemas in the subset that the vendor's structured output and strict tools take.

Keywords outside of it would be a 400. As the vendor's SDK does (anthropic 2.11, `transform_schema`), they are moved
into the description, where the model can read them, and every object is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_FORMATS: Final = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}
)
_PLAIN: Final = (str, int, float, bool, type(None))
_DEFINITIONS: Final = ("$defs", "definitions")
_UNIONS: Final = (("anyOf", "anyOf"), ("oneOf", "anyOf"), ("allOf", "allOf"))


def supported_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema in the supported subset; what the subset lacks is told in the descriptions."""
    left = dict(schema)
    result: dict[str, Any] = {}
    for key in _DEFINITIONS:
        if isinstance(definitions := left.pop(key, None), Mapping):
            result[key] = {name: _convert(entry) for name, entry in definitions.items()}
    if isinstance(reference := left.pop("$ref", None), str):
        return {**result, "$ref": reference}
    result |= _take_shape(left)
    for key in ("description", "title"):
        if isinstance(left.get(key), str):
            result[key] = left.pop(key)
    kinds = result.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "object" in kinds:
        result |= _take_object(left)
    if "array" in kinds:
        result |= _take_array(left)
    if "string" in kinds and left.get("format") in _FORMATS:
        result["format"] = left.pop("format")
    return _with_note(result, left)


def _convert(entry: Any) -> Any:
    return supported_schema(entry) if isinstance(entry, Mapping) else entry


def _take_shape(left: dict[str, Any]) -> dict[str, Any]:
    """Take what says the kind of value: literals, else a union, else the type."""
    shape: dict[str, Any] = {}
    values = left.get("enum")
    if isinstance(values, list) and values and all(isinstance(value, _PLAIN) for value in values):
        shape["enum"] = left.pop("enum")
    if "const" in left and isinstance(left["const"], _PLAIN):
        shape["const"] = left.pop("const")
    kind = left.pop("type", None)
    unions = [(name, left.pop(key)) for key, name in _UNIONS if isinstance(left.get(key), list)]
    if unions:
        name, entries = unions[0]
        shape[name] = [_convert(entry) for entry in entries]
    elif not shape and kind is not None:
        shape["type"] = kind
    return shape


def _take_object(left: dict[str, Any]) -> dict[str, Any]:
    properties = left.pop("properties", None)
    left.pop("additionalProperties", None)
    taken: dict[str, Any] = {
        "properties": {name: _convert(entry) for name, entry in (properties or {}).items()},
        "additionalProperties": False,
    }
    if isinstance(required := left.pop("required", None), list):
        taken["required"] = required
    return taken


def _take_array(left: dict[str, Any]) -> dict[str, Any]:
    taken: dict[str, Any] = {}
    if (items := left.pop("items", None)) is not None:
        taken["items"] = _convert(items)
    if left.get("minItems") in (0, 1):
        taken["minItems"] = left.pop("minItems")
    return taken


def _with_note(result: dict[str, Any], left: Mapping[str, Any]) -> dict[str, Any]:
    if not left:
        return result
    note = "{" + ", ".join(f"{name}: {value}" for name, value in left.items()) + "}"
    description = result.get("description")
    result["description"] = note if description is None else f"{description}\n\n{note}"
    return result
