"""The types of the service's own model, and how a JSON value is held against one.

Two things can be wrong, as with every service of Amazon in this protocol: a value of another JSON type cannot be read
at all; one that is read can break a constraint, and all that are broken are told at once. A member that is null counts
as absent. A member that is not known is refused in the words that users have reported of Converse.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from core.llms.simulator.bedrock.errors import ApiError

_INTEGER_BOUND = 2**31


@dataclass(frozen=True, slots=True)
class Text:
    """A string; its length in characters."""

    minimum: int | None = None
    maximum: int | None = None
    pattern: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer of 32 bits."""

    minimum: int | None = None


@dataclass(frozen=True, slots=True)
class Fraction:
    """A number."""

    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes, as base64."""

    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Free:
    """Any JSON object: the model's own business, or the caller's."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one type."""

    member: Shape
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object with keys of the caller's own."""

    key: Text
    value: Shape
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """An object with members of its own."""

    members: Mapping[str, Shape]
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Union:
    """An object with exactly one of these members; `name` is what errors call it."""

    name: str
    members: Mapping[str, Shape] = field(default_factory=dict)


Shape: TypeAlias = Text | Whole | Fraction | Flag | Blob | Free | ListOf | MapOf | Structure | Union


def check_shape(value: Any, shape: Structure) -> dict[str, Any]:
    """The value without its nulls, once it has the shape. Raises: ApiError."""
    complaints: list[str] = []
    read: dict[str, Any] = _Reader(complaints).read(value, shape, ())
    if complaints:
        count = len(complaints)
        head = f"{count} validation error{'s' if count > 1 else ''} detected"
        raise ApiError(f"{head}: {'; '.join(complaints)}")
    return read


class _Reader:
    def __init__(self, complaints: list[str]) -> None:
        self._complaints = complaints

    def read(self, value: Any, shape: Shape, path: tuple[str | int, ...]) -> Any:
        """The value without nulls; what breaks a constraint is noted, what has another type raises."""
        match shape:
            case Text():
                self._check_text(_typed(value, str, "String"), shape, path)
            case Whole():
                self._check_bounds(_integer(value), shape.minimum, None, path)
            case Fraction():
                number = value if type(value) is int else _typed(value, float, "Float")
                self._check_bounds(number, shape.minimum, shape.maximum, path)
            case Flag():
                _typed(value, bool, "Boolean")
            case Blob():
                self._check_length(value, len(_decoded(value)), shape.minimum, shape.maximum, path)
            case Free():
                _typed(value, dict, "Document")
            case ListOf():
                return self._read_list(_typed(value, list, "List"), shape, path)
            case MapOf():
                return self._read_map(_typed(value, dict, "Map"), shape, path)
            case Structure():
                return self._read_members(_typed(value, dict, "Structure"), shape, path)
            case Union():
                return self._read_union(_typed(value, dict, "Structure"), shape, path)
        return value

    def _read_list(self, value: list[Any], shape: ListOf, path: tuple[str | int, ...]) -> list[Any]:
        self._check_length(value, len(value), shape.minimum, shape.maximum, path)
        for index, entry in enumerate(value):
            if entry is None:
                self._complain(None, (*path, index), "Member must not be null")
        return [
            self.read(entry, shape.member, (*path, index)) for index, entry in enumerate(value) if entry is not None
        ]

    def _read_map(self, value: dict[str, Any], shape: MapOf, path: tuple[str | int, ...]) -> dict[str, Any]:
        self._check_length(value, len(value), shape.minimum, shape.maximum, path)
        for key in value:
            self._check_text(key, shape.key, path)
        return {key: self.read(entry, shape.value, (*path, key)) for key, entry in value.items() if entry is not None}

    def _read_members(
        self, value: dict[str, Any], shape: Structure | Union, path: tuple[str | int, ...]
    ) -> dict[str, Any]:
        unknown = [name for name in value if name not in shape.members]
        if unknown:
            place = "".join(f"/{step}" for step in path)
            raise ApiError(
                f"Malformed input request: #{place}: extraneous key [{unknown[0]}] is not permitted, please reformat "
                "your input and try again."
            )
        for name in shape.required if isinstance(shape, Structure) else ():
            if value.get(name) is None:
                self._complain(None, (*path, name), "Member must not be null")
        return {
            name: self.read(entry, shape.members[name], (*path, name))
            for name, entry in value.items()
            if entry is not None
        }

    def _read_union(self, value: dict[str, Any], shape: Union, path: tuple[str | int, ...]) -> dict[str, Any]:
        read = self._read_members(value, shape, path)
        if len(read) != 1:
            place = ".".join(map(str, path))
            number = "must set one" if not read else "must set only one"
            raise ApiError(f"The {shape.name} object at {place} {number} of the following keys: {_listed(shape)}.")
        return read

    def _check_text(self, value: str, shape: Text, path: tuple[str | int, ...]) -> None:
        self._check_length(value, len(value), shape.minimum, shape.maximum, path)
        if shape.choices and value not in shape.choices:
            self._complain(value, path, f"Member must satisfy enum value set: [{', '.join(shape.choices)}]")
        if shape.pattern is not None and not re.fullmatch(shape.pattern, value):
            self._complain(value, path, f"Member must satisfy regular expression pattern: {shape.pattern}")

    def _check_length(
        self, value: Any, length: int, minimum: int | None, maximum: int | None, path: tuple[str | int, ...]
    ) -> None:
        if minimum is not None and length < minimum:
            self._complain(value, path, f"Member must have length greater than or equal to {minimum}")
        if maximum is not None and length > maximum:
            self._complain(value, path, f"Member must have length less than or equal to {maximum}")

    def _check_bounds(
        self, value: float, minimum: float | None, maximum: float | None, path: tuple[str | int, ...]
    ) -> None:
        if minimum is not None and not value >= minimum:
            self._complain(value, path, f"Member must have value greater than or equal to {minimum:g}")
        if maximum is not None and not value <= maximum:
            self._complain(value, path, f"Member must have value less than or equal to {maximum:g}")

    def _complain(self, value: Any, path: tuple[str | int, ...], constraint: str) -> None:
        place = ".".join(f"{step + 1}.member" if isinstance(step, int) else step for step in path)
        given = "" if value is None else f" '{value}'"
        self._complaints.append(f"Value{given} at '{place}' failed to satisfy constraint: {constraint}")


def _listed(shape: Union) -> str:
    return ", ".join(shape.members)


def _integer(value: Any) -> int:
    number: int = _typed(value, int, "Integer")
    if not -_INTEGER_BOUND <= number < _INTEGER_BOUND:
        raise _unreadable(f"Integer out of range: {number}")
    return number


def _decoded(value: Any) -> bytes:
    text: str = _typed(value, str, "Blob")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _unreadable("Invalid Base64 encoding for Blob") from error


def _typed(value: Any, kind: type[Any], name: str) -> Any:
    if type(value) is kind:
        return value
    match value:
        case dict():
            raise _unreadable("Start of structure or map found where not expected.")
        case list():
            raise _unreadable("Start of list found where not expected.")
        case bool():
            given = "TRUE_VALUE" if value else "FALSE_VALUE"
        case str():
            given = "STRING_VALUE"
        case None:
            given = "NULL_VALUE"
        case _:
            given = "NUMBER_VALUE" if isinstance(value, int) else "DECIMAL_VALUE"
    raise _unreadable(f"{given} cannot be converted to {name}")


def _unreadable(message: str) -> ApiError:
    return ApiError(message, name="SerializationException")
