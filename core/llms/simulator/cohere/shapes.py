"""Shapes of JSON: what a field may hold, checked in Cohere's words. Which fields there are is in `*_shapes`.

A null field is a field left out, as the vendor's own clients send it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from core.llms.simulator.cohere.errors import ApiError, invalid_request, unknown_field, wrong_type

# Checks a value at a path, for a page of the reference, and returns it without its nulls.
Shape: TypeAlias = Callable[[Any, str, str], Any]

_INT32 = 2**31
_INT64 = 2**63


def parse_body(body: bytes, shape: Shape, page: str) -> dict[str, Any]:
    """The request of a body. Raises: ApiError."""
    try:
        parsed = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ApiError(f"invalid json syntax: {error}") from error
    checked: dict[str, Any] = shape(parsed, "", page)
    return checked


def text(value: Any, path: str, page: str) -> Any:
    """A string."""
    if not isinstance(value, str):
        raise wrong_type(path, _kind(value), "string", page)
    return value


def boolean(value: Any, path: str, page: str) -> Any:
    """A truth value."""
    if not isinstance(value, bool):
        raise wrong_type(path, _kind(value), "bool", page)
    return value


def number(value: Any, path: str, page: str) -> Any:
    """A number, whole or not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong_type(path, _kind(value), "float64", page)
    return value


def integer(value: Any, path: str, page: str) -> Any:
    """A whole number of 32 bits."""
    return _whole(value, path, page, "int32", _INT32)


def long_integer(value: Any, path: str, page: str) -> Any:
    """A whole number of 64 bits."""
    return _whole(value, path, page, "int64", _INT64)


def free(value: Any, path: str, page: str) -> Any:
    """An object of the caller's own, such as a JSON schema."""
    if not isinstance(value, dict):
        raise wrong_type(path, _kind(value), "object", page)
    return value


def one_of(*names: str) -> Shape:
    """One of some words."""

    def check(value: Any, path: str, page: str) -> Any:
        text(value, path, page)
        if value not in names:
            *others, last = (f"'{name}'" for name in names)
            choices = f"one of {', '.join(others)}, or {last}" if others else last
            raise invalid_request(f"{path.rpartition('.')[2]} must be {choices}.")
        return value

    return check


def list_of(shape: Shape) -> Shape:
    """An array of values of one shape."""

    def check(value: Any, path: str, page: str) -> Any:
        if not isinstance(value, list):
            raise wrong_type(path, _kind(value), "array", page)
        return [shape(entry, path, page) for entry in value]

    return check


def text_or(shape: Shape) -> Shape:
    """A string, or what another shape says."""

    def check(value: Any, path: str, page: str) -> Any:
        return value if isinstance(value, str) else shape(value, path, page)

    return check


def record(required: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None) -> Shape:
    """An object of these fields and no others."""
    fields = {**required, **(optional or {})}

    def check(value: Any, path: str, page: str) -> Any:
        free(value, path, page)
        for name in value:
            if name not in fields:
                raise unknown_field(name, page)
        given = {name: entry for name, entry in value.items() if entry is not None}
        for name in required:
            if name not in given:
                raise _missing(name, path)
        return {name: fields[name](entry, f"{path}.{name}".lstrip("."), page) for name, entry in given.items()}

    return check


def tagged(tag: str, shapes: Mapping[str, Shape]) -> Shape:
    """An object whose field `tag` says which of some shapes it has."""
    choose = one_of(*shapes)

    def check(value: Any, path: str, page: str) -> Any:
        kind = free(value, path, page).get(tag)
        if kind is None:
            raise _missing(tag, path)
        return shapes[choose(kind, f"{path}.{tag}".lstrip("."), page)](value, path, page)

    return check


def _missing(name: str, path: str) -> ApiError:
    if name == "model" and not path:
        return ApiError("a model parameter is required for this endpoint.")
    if name == "tool_call_id":
        return ApiError("tool call id must be provided with tool message")
    return ApiError(f"{f'{path}.{name}'.lstrip('.')} parameter is required")


def _whole(value: Any, path: str, page: str, name: str, limit: int) -> Any:
    if isinstance(value, bool) or not isinstance(value, int) or not -limit <= value < limit:
        raise wrong_type(path, _kind(value), name, page)
    return value


def _kind(value: Any) -> str:
    """The name of a value's JSON type."""
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def _refuse_constant(name: str) -> None:
    raise ValueError(f"invalid character '{name[0]}' looking for beginning of value")
