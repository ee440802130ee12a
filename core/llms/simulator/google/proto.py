"""JSON as Google's servers read it into typed messages: names in either case, nulls left out, errors collected.

A message is a table of fields; a type is written `string`, `bool`, `int32`, `float`, `bytes`, `struct` (any object),
`value` (anything), `enum:A|B`, the name of another message, `[X]` for many and `{X}` for a map. Knows no endpoint.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from core.llms.simulator.google.errors import ApiError, bad_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    Messages = Mapping[str, Mapping[str, str]]

_INTEGER = re.compile(r"-?\d+")
_INT32 = 2**31
_DEEPEST = 60
_SCALARS = {
    "string": "TYPE_STRING",
    "bool": "TYPE_BOOL",
    "int32": "TYPE_INT32",
    "float": "TYPE_FLOAT",
    "bytes": "TYPE_BYTES",
}


def parse_message(body: bytes, name: str, messages: Messages, package: str) -> dict[str, Any]:
    """The message `name` of a request, its field names in camel case, without nulls. Raises: ApiError."""
    try:
        parsed = from_json(body, allow_inf_nan=False) if body.strip() else {}
    except ValueError as error:
        raise ApiError(f"Invalid JSON payload received. {error}") from error
    if not isinstance(parsed, dict):
        raise bad_request([("", 'Invalid JSON payload received. Unknown name "": Root element must be a message.')])
    reader = _Reader(messages, package)
    message = reader.message(parsed, name, "", 0)
    if reader.violations:
        raise bad_request(reader.violations)
    return message


def snake_case(name: str) -> str:
    """`maxOutputTokens` as `max_output_tokens`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"_{match.group(1).lower()}", name)


class _Reader:
    def __init__(self, messages: Messages, package: str) -> None:
        self._messages = messages
        self._package = package
        self.violations: list[tuple[str, str]] = []

    def message(self, value: dict[str, Any], name: str, path: str, depth: int) -> dict[str, Any]:
        """The fields of one message."""
        if depth > _DEEPEST:
            self._complain(path, "Invalid JSON payload received. Message too deep. Max recursion depth reached")
            return {}
        fields = {key: field for field in self._messages[name] for key in (field, snake_case(field))}
        read: dict[str, Any] = {}
        for key, member in value.items():
            field = fields.get(key)
            if field is None:
                self._unknown(key, path, "Cannot find field.")
            elif member is not None:
                inner = f"{path}.{snake_case(field)}" if path else snake_case(field)
                read[field] = self._field(member, self._messages[name][field], (key, path, inner), depth)
        return read

    def _field(self, value: Any, kind: str, place: tuple[str, str, str], depth: int) -> Any:
        key, parent, path = place
        if kind.startswith("["):
            many = value if isinstance(value, list) else [value]
            return [self._single(member, kind[1:-1], f"{path}[{index}]", depth) for index, member in enumerate(many)]
        if isinstance(value, list) and kind not in ("value", "list"):
            self._unknown(key, parent, "Proto field is not repeating, cannot start list.")
            return None
        if kind.startswith("{"):
            if not isinstance(value, dict):
                self._invalid(path, "Map", value)
                return {}
            return {name: self._single(member, kind[1:-1], f"{path}[{name}]", depth) for name, member in value.items()}
        return self._single(value, kind, path, depth)

    def _single(self, value: Any, kind: str, path: str, depth: int) -> Any:
        if kind == "value":
            return value
        if kind == "struct" or kind in self._messages:
            if not isinstance(value, dict):
                self._invalid(path, f"type.googleapis.com/{self._type_name(kind)}", value)
                return {}
            return value if kind == "struct" else self.message(value, kind, path, depth + 1)
        if kind.startswith("enum:"):
            return self._enum(value, kind.removeprefix("enum:").split("|"), path)
        return self._scalar(value, kind, path)

    def _enum(self, value: Any, names: list[str], path: str) -> Any:
        if isinstance(value, str) and value.upper() in names:
            return value.upper()
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(names):
            return names[value]
        self._invalid(path, f"type.googleapis.com/{self._type_name('Enum')}", value)
        return names[0]

    def _scalar(self, value: Any, kind: str, path: str) -> Any:
        if isinstance(value, dict):
            message = f"Invalid value at '{path}' ({_SCALARS[kind]}), Starting an object on a scalar field"
            self._complain(path, message)
            return None
        match kind:
            case "string" if isinstance(value, str):
                return value
            case "bool" if isinstance(value, bool):
                return value
            case "int32" | "float":
                return self._number(value, kind, path)
            case "bytes" if isinstance(value, str):
                return self._bytes(value, path)
        self._invalid(path, _SCALARS[kind], value)
        return None

    def _number(self, value: Any, kind: str, path: str) -> int | float | None:
        number = _to_number(value)
        whole = number is not None and float(number).is_integer() and abs(number) <= _INT32
        if number is None or (kind == "int32" and not whole):
            self._invalid(path, _SCALARS[kind], value)
            return None
        return int(number) if kind == "int32" else number

    def _bytes(self, value: str, path: str) -> str:
        padded = value.replace("-", "+").replace("_", "/")
        padded += "=" * (-len(padded) % 4)
        try:
            base64.b64decode(padded, validate=True)
        except (binascii.Error, ValueError):
            shown = value if len(value) <= 40 else f"{value[:40]}..."
            message = f"Invalid value at '{path}' (TYPE_BYTES), Base64 decoding failed for \"{shown}\""
            self._complain(path, message)
        return padded

    def _type_name(self, kind: str) -> str:
        return "google.protobuf.Struct" if kind == "struct" else f"{self._package}.{kind}"

    def _invalid(self, path: str, kind: str, value: Any) -> None:
        self._complain(path, f"Invalid value at '{path}' ({kind}), {to_json(value).decode()}")

    def _unknown(self, key: str, path: str, reason: str) -> None:
        where = f" at '{path}'" if path else ""
        self._complain(path, f'Invalid JSON payload received. Unknown name "{key}"{where}: {reason}')

    def _complain(self, path: str, message: str) -> None:
        self.violations.append((path, message))


def _to_number(value: Any) -> int | float | None:
    """A number, or a text that is one, as protobuf's JSON has it."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    if not isinstance(value, str):
        return None
    try:
        return int(value) if _INTEGER.fullmatch(value) else float(value)
    except ValueError:
        return None


def decoded(data: str) -> bytes:
    """The bytes of a field that was read as `bytes`."""
    return base64.b64decode(data)
