"""Rules for JSON fields: types, ranges, choices, shapes, each refused in the vendor's words.

A rule says which JSON types it takes (`noun`, `takes`) and checks a value of such a type (`verify`). Nothing here
knows a particular endpoint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.llms.simulator.openai.errors import (
    ApiError,
    invalid_type,
    invalid_value,
    missing_parameter,
    noun_of,
    unknown_parameter,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Rule:
    """What a field may hold. Call it with a value and the value's path."""

    noun: str
    takes: Callable[[Any], bool]
    verify: Callable[[Any, str], None]

    def __call__(self, value: Any, path: str) -> None:
        """Check a value. Raises: ApiError."""
        if not self.takes(value):
            raise invalid_type(path, self.noun, value)
        self.verify(value, path)


def _accept(value: Any, path: str) -> None:
    """Any value of the right type will do."""


def text(
    *,
    choices: tuple[str, ...] = (),
    pattern: str | None = None,
    longest: int | None = None,
    shortest: int = 0,
) -> Rule:
    """A string."""
    expression = re.compile(pattern) if pattern else None

    def verify(value: str, path: str) -> None:
        if choices and value not in choices:
            raise invalid_value(path, value, choices)
        if len(value) < shortest:
            raise _sized(path, "string", "short", "minimum", shortest, len(value), "string_below_min_length")
        if longest is not None and len(value) > longest:
            raise _sized(path, "string", "long", "maximum", longest, len(value), "string_above_max_length")
        if expression is not None and not expression.fullmatch(value):
            raise ApiError(
                f"Invalid '{path}': string does not match pattern. "
                f"Expected a string that matches the pattern '^{pattern}$'.",
                param=path,
                code="invalid_value",
            )

    return Rule("a string", lambda value: isinstance(value, str), verify)


def boolean() -> Rule:
    """True or false."""
    return Rule("a boolean", lambda value: isinstance(value, bool), _accept)


def integer(lowest: int | None = None, highest: int | None = None) -> Rule:
    """A whole number, bounds included."""
    return Rule("an integer", _is_integer, _bounds("integer", lowest, highest))


def decimal(lowest: float | None = None, highest: float | None = None) -> Rule:
    """Any number, bounds included."""
    return Rule(
        "a decimal", lambda value: _is_integer(value) or isinstance(value, float), _bounds("decimal", lowest, highest)
    )


def array(item: Rule, *, shortest: int = 0, longest: int | None = None) -> Rule:
    """A list whose members all keep `item`."""
    members = item.noun.removeprefix("one of ").split(" ", 1)[1] + "s"

    def verify(value: list[Any], path: str) -> None:
        if len(value) < shortest:
            message = (
                f"Invalid '{path}': empty array. Expected an array with minimum length {shortest}, "
                f"but got an empty array instead."
            )
            raise ApiError(message, param=path, code="empty_array")
        if longest is not None and len(value) > longest:
            raise _sized(path, "array", "long", "maximum", longest, len(value), "array_above_max_length")
        for index, member in enumerate(value):
            item(member, f"{path}[{index}]")

    return Rule(f"an array of {members}", lambda value: isinstance(value, list), verify)


def record(fields: Mapping[str, Rule], required: tuple[str, ...] = ()) -> Rule:
    """An object with these fields and no others."""

    def verify(value: dict[str, Any], path: str) -> None:
        check_fields(value, fields, required, f"{path}.")

    return Rule("an object", lambda value: isinstance(value, dict), verify)


def check_fields(value: Mapping[str, Any], fields: Mapping[str, Rule], required: tuple[str, ...], prefix: str) -> None:
    """Check the members of an object. Raises: ApiError."""
    for name in required:
        if name not in value:
            raise missing_parameter(f"{prefix}{name}")
    for name, member in value.items():
        if name not in fields:
            raise unknown_parameter(f"{prefix}{name}")
        fields[name](member, f"{prefix}{name}")


def tagged(key: str, variants: Mapping[str, Rule], default: str | None = None, *, points_at_key: bool = True) -> Rule:
    """An object whose field `key` names its shape; an unknown shape is reported at the key, or at the object."""

    def verify(value: dict[str, Any], path: str) -> None:
        if key not in value and default is None:
            raise missing_parameter(f"{path}.{key}")
        tag: Any = value.get(key, default)
        if points_at_key or not isinstance(tag, str):
            text(choices=tuple(variants))(tag, f"{path}.{key}")
        elif tag not in variants:
            raise invalid_value(path, tag, variants)
        variants[tag](value, path)

    return Rule("an object", lambda value: isinstance(value, dict), verify)


def mapping(member: Rule, *, most: int | None = None, longest_key: int | None = None) -> Rule:
    """An object with free keys."""

    def verify(value: dict[str, Any], path: str) -> None:
        if most is not None and len(value) > most:
            message = (
                f"Invalid '{path}': object has too many properties. Expected an object with at most {most} "
                f"properties, but got an object with {len(value)} properties instead."
            )
            raise ApiError(message, param=path, code="object_above_max_properties")
        for name, inner in value.items():
            if longest_key is not None and len(name) > longest_key:
                raise _sized(path, "key", "long", "maximum", longest_key, len(name), "string_above_max_length")
            member(inner, f"{path}.{name}")

    return Rule("an object", lambda value: isinstance(value, dict), verify)


def schema_object() -> Rule:
    """An object whose content is checked elsewhere."""
    return Rule("an object", lambda value: isinstance(value, dict), _accept)


def one_of(*rules: Rule) -> Rule:
    """Any of several JSON types."""
    nouns = [rule.noun.split(" ", 1)[1] if index else rule.noun for index, rule in enumerate(rules)]
    noun = " or ".join([", ".join(nouns[:-1]), nouns[-1]])

    def verify(value: Any, path: str) -> None:
        next(rule for rule in rules if rule.takes(value)).verify(value, path)

    return Rule(f"one of {noun}", lambda value: any(rule.takes(value) for rule in rules), verify)


def nullable(rule: Rule) -> Rule:
    """What `rule` takes, or null."""

    def verify(value: Any, path: str) -> None:
        if value is not None:
            rule.verify(value, path)

    return Rule(rule.noun, lambda value: value is None or rule.takes(value), verify)


def refused(make_error: Callable[[str], ApiError]) -> Rule:
    """A field that is known but never accepted."""

    def verify(value: Any, path: str) -> None:
        raise make_error(path)

    return Rule("nothing", lambda value: True, verify)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _bounds(kind: str, lowest: float | None, highest: float | None) -> Callable[[Any, str], None]:
    def verify(value: float, path: str) -> None:
        if lowest is not None and value < lowest:
            raise _outside(path, kind, "below minimum", ">=", lowest, value, f"{kind}_below_min_value")
        if highest is not None and value > highest:
            raise _outside(path, kind, "above maximum", "<=", highest, value, f"{kind}_above_max_value")

    return verify


def _outside(path: str, kind: str, where: str, sign: str, bound: float, value: float, code: str) -> ApiError:
    message = f"Invalid '{path}': {kind} {where} value. Expected a value {sign} {bound:g}, but got {value:g} instead."
    if kind == "integer":
        message = f"Invalid '{path}': {kind} {where} value. Expected a value {sign} {bound}, but got {value} instead."
    return ApiError(message, param=path, code=code)


def _sized(path: str, kind: str, size: str, bound: str, limit: int, length: int, code: str) -> ApiError:
    noun = noun_of([] if kind == "array" else "")
    message = (
        f"Invalid '{path}': {kind} too {size}. Expected {noun} with {bound} length {limit}, "
        f"but got {noun} with length {length} instead."
    )
    return ApiError(message, param=path, code=code)
