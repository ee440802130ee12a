"""JSON that fits a JSON schema, filled from the words of a conversation where they offer something plausible."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from core.llms.simulator.patterns import sample_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.llms.simulator.hints import Hints

_DEPTH_LIMIT = 12
_PLACE_NAMES = re.compile(r"city|town|place|location|country|region|destination|origin|address|capital|state", re.I)
_PERSON_NAMES = re.compile(r"name|person|author|user|customer|owner|contact|recipient|sender|title", re.I)
_ANSWER_NAMES = re.compile(r"answer|reply|response|result|summary|text|message|content|explanation|conclusion", re.I)
_QUERY_NAMES = re.compile(r"query|question|prompt|task|request|topic|search|input", re.I)
_FORMAT_SAMPLES = {
    "date": "2025-01-15",
    "date-time": "2025-01-15T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "PT1H",
    "email": "ada@example.com",
    "idn-email": "ada@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uri-reference": "/example",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
    "byte": "ZXhhbXBsZQ==",
    "regex": "^example$",
}


def find_schema(text: str) -> dict[str, Any] | None:
    """The JSON schema of an object that a text describes the answer with; None where there is none."""
    if '"properties"' not in text:
        return None
    decoder = json.JSONDecoder()
    for start in re.finditer(r"\{", text):
        try:
            found, _ = decoder.raw_decode(text, start.start())
        except ValueError:
            continue
        if isinstance(found, dict) and isinstance(found.get("properties"), dict):
            return found
    return None


def fill_schema(schema: Mapping[str, Any], hints: Hints, *, optional: bool = True) -> Any:
    """A value valid for `schema`. `optional` says whether properties that are not required are filled as well."""
    return _Filler(schema, hints, optional).value(schema, "", 0)


class _Filler:
    def __init__(self, root: Mapping[str, Any], hints: Hints, optional: bool) -> None:
        self._root = root
        self._hints = hints
        self._optional = optional

    def value(self, schema: Any, name: str, depth: int) -> Any:
        """A value for one (sub)schema; `name` is the property it fills."""
        if not isinstance(schema, dict):
            return self._string({}, name)
        schema = self._resolved(schema)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return self._choice(schema["enum"], name)
        branches = schema.get("anyOf") or schema.get("oneOf")
        if branches:
            return self.value(self._branch(branches, depth), name, depth + 1)
        return self._typed(schema, name, depth)

    def _typed(self, schema: dict[str, Any], name: str, depth: int) -> Any:
        match _type_of(schema, depth):
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, name, depth)
            case "integer":
                return self._number(schema, name, whole=True)
            case "number":
                return self._number(schema, name, whole=False)
            case "boolean":
                return self._boolean(name)
            case "null":
                return None
            case _:
                return self._string(schema, name)

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A schema with its references and parts put in; a keyword that is null is none."""
        schema = {key: value for key, value in schema.items() if value is not None or key == "const"}
        seen = 0
        while "$ref" in schema and seen < _DEPTH_LIMIT:
            target: Any = self._root
            for step in str(schema["$ref"]).removeprefix("#").strip("/").split("/"):
                if step:
                    target = target[step.replace("~1", "/").replace("~0", "~")]
            schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
            seen += 1
        for part in schema.get("allOf", ()):
            resolved = self._resolved(part)
            merged = {**resolved, **{key: value for key, value in schema.items() if key != "allOf"}}
            merged["properties"] = {**resolved.get("properties", {}), **schema.get("properties", {})}
            merged["required"] = [*resolved.get("required", ()), *schema.get("required", ())]
            schema = merged if merged["properties"] else {**resolved, **schema}
        return schema

    def _branch(self, branches: list[Any], depth: int) -> Any:
        resolved = [self._resolved(branch) for branch in branches if isinstance(branch, dict)]
        if depth >= _DEPTH_LIMIT:
            simple = [branch for branch in resolved if branch.get("type") not in ("object", "array")]
            resolved = simple or resolved
        return next((branch for branch in resolved if branch.get("type") != "null"), resolved[0])

    def _choice(self, members: list[Any], name: str) -> Any:
        keyed = self._hints.keyed(name) if name else None
        for member in members:
            if keyed is not None and str(member).lower() == keyed.lower():
                return member
        mentioned = (member for member in members if member is not None and self._hints.mentions(str(member)))
        return next(mentioned, members[0])

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        properties: dict[str, Any] = schema.get("properties", {})
        required = schema.get("required", ())
        filled = {}
        for name, inner in properties.items():
            wanted = name in required or (depth < _DEPTH_LIMIT and (self._optional or self._is_given(name)))
            if wanted:
                filled[name] = self.value(inner, name, depth + 1)
        additional = schema.get("additionalProperties")
        missing = schema.get("minProperties", 0) - len(filled)
        if not properties and isinstance(additional, dict) and missing <= 0 and depth < _DEPTH_LIMIT:
            missing = 1
        for index in range(max(0, missing)):
            filled[f"key{index + 1}"] = self.value(additional, "", depth + 1)
        return filled

    def _is_given(self, name: str) -> bool:
        return self._hints.keyed(name) is not None or self._hints.mentions(name.replace("_", " "))

    def _array(self, schema: dict[str, Any], name: str, depth: int) -> list[Any]:
        fixed = schema.get("prefixItems", [])
        values = [self.value(inner, name, depth + 1) for inner in fixed]
        item = schema.get("items", {})
        minimum = schema.get("minItems", 0)
        maximum = schema.get("maxItems", math.inf)
        if item is False or (fixed and "items" not in schema):
            return values
        values += self._listed(item)
        singular = name[:-1] if name.endswith("s") else name
        wanted = max(minimum, 1 if depth < _DEPTH_LIMIT else 0)
        while len(values) < min(wanted, maximum):
            values.append(self.value(item, singular, depth + 1))
        if schema.get("uniqueItems"):
            values = _made_unique(values, minimum)
        return values[: int(maximum)] if maximum is not math.inf else values

    def _listed(self, item: Any) -> list[Any]:
        if not isinstance(item, dict) or item.get("enum") or item.get("format") or item.get("pattern"):
            return []
        if item.get("type") == "string":
            return list(self._hints.items())
        if item.get("type") in ("integer", "number"):
            whole = item["type"] == "integer"
            return [_bounded(float(number), item, whole) for number in self._hints.numbers()]
        return []

    def _number(self, schema: dict[str, Any], name: str, *, whole: bool) -> int | float:
        found = self._hints.keyed(name) if name else None
        if self._hints.number_answer is not None and _ANSWER_NAMES.search(name or "answer"):
            return _bounded(float(self._hints.number_answer), schema, whole)
        if found is None or not re.fullmatch(r"-?\d+(?:\.\d+)?", found):
            found = self._hints.number(name)
        return _bounded(float(found) if found is not None else 1.0, schema, whole)

    def _boolean(self, name: str) -> bool:
        keyed = (self._hints.keyed(name) or "").lower()
        if keyed in ("true", "false", "yes", "no"):
            return keyed in ("true", "yes")
        words = name.replace("_", " ").removeprefix("is ").removeprefix("has ")
        if re.search(rf"\b(?:not|no|without|isn't)\s+{re.escape(words)}", self._hints.text, re.I):
            return False
        return self._hints.mentions(words)

    def _string(self, schema: dict[str, Any], name: str) -> str:
        if "pattern" in schema:
            return self._patterned(schema, name)
        if "format" in schema:
            found = self._hints.formatted(str(schema["format"]))
            return found or _FORMAT_SAMPLES.get(str(schema["format"]), "example")
        return _with_length(self._plausible(name), schema)

    def _patterned(self, schema: dict[str, Any], name: str) -> str:
        pattern = str(schema["pattern"])
        keyed = self._hints.keyed(name) if name else None
        if keyed is not None and re.search(pattern, keyed):
            return keyed
        found = self._hints.matching(re.compile(pattern))
        return found or sample_of(pattern, schema.get("minLength", 0)) or "example"

    def _plausible(self, name: str) -> str:
        hints = self._hints
        keyed = hints.keyed(name) if name else None
        if keyed is not None:
            return keyed
        if _PLACE_NAMES.search(name):
            return hints.place() or f"example {name}"
        if _ANSWER_NAMES.search(name):
            return hints.answer or hints.text or "example"
        if _QUERY_NAMES.search(name):
            return hints.quoted() or hints.text or "example"
        if "email" in name.lower():
            return hints.formatted("email") or _FORMAT_SAMPLES["email"]
        if "date" in name.lower():
            return hints.formatted("date") or _FORMAT_SAMPLES["date"]
        if "url" in name.lower():
            return hints.formatted("uri") or _FORMAT_SAMPLES["uri"]
        if _PERSON_NAMES.search(name):
            return hints.quoted() or hints.person() or f"example {name}"
        return hints.quoted() or hints.entity() or (f"example {name}" if name else "example")


def _type_of(schema: dict[str, Any], depth: int) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        if depth >= _DEPTH_LIMIT and "null" in kind:
            return "null"
        return str(next((entry for entry in kind if entry != "null"), "null"))
    if kind is not None:
        return str(kind)
    if "properties" in schema or "additionalProperties" in schema:
        return "object"
    return "array" if "items" in schema or "prefixItems" in schema else "string"


def _bounded(number: float, schema: dict[str, Any], whole: bool) -> int | float:
    step = schema.get("multipleOf") or (1 if whole else 0)
    margin = step or 1e-6
    lowest = max(schema.get("minimum", -math.inf), _above(schema.get("exclusiveMinimum"), margin))
    highest = min(schema.get("maximum", math.inf), -_above(_negated(schema.get("exclusiveMaximum")), margin))
    number = min(max(number, lowest), highest)
    if step:
        number = round(number / step) * step
        number = number + step if number < lowest else number - step if number > highest else number
    return int(number) if whole or float(number).is_integer() else number


def _above(bound: float | None, margin: float) -> float:
    return -math.inf if bound is None else bound + margin


def _negated(bound: float | None) -> float | None:
    return None if bound is None else -bound


def _with_length(text: str, schema: dict[str, Any]) -> str:
    maximum = schema.get("maxLength")
    text = text if maximum is None else text[:maximum]
    return text.ljust(schema.get("minLength", 0), "x")


def _made_unique(values: list[Any], minimum: int) -> list[Any]:
    unique: list[Any] = []
    for value in values:
        if value not in unique:
            unique.append(value)
    while len(unique) < minimum:
        last = unique[-1] if unique else ""
        unique.append(last + 1 if isinstance(last, int | float) else f"{last}{len(unique)}")
    return unique
