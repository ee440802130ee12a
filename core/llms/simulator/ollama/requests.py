"""A request of Ollama: its body read as the server's decoder reads it, and the fields that have rules of their own."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from core.llms.simulator.ollama.errors import ApiError
from core.llms.simulator.ollama.shapes import OPTIONS, SHAPES
from core.llms.simulator.typed_json import MistypedError, noun_of, read_typed

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call

_TYPES = {"int": "int", "bool": "bool", "string": "string", "object": "map[string]interface {}", "any": "interface {}"}
# Fields whose type has a name of its own.
_NAMED = {"images": "api.ImageData", "arguments": "api.ToolCallFunctionArguments", "type": "api.PropertyType"}
_LEVELS = ("high", "medium", "low", "max")
_UNIT_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"[-+]?(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+|[-+]?0")
_DURATION_PART = re.compile(r"(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)")
_USUAL_SECONDS = 300.0
_FOREVER = 1e9
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=\r\n]")
_INDEX = re.compile(r"\[\d+\]")
_MOST_LOGPROBS = 20


def read_body(call: Call, shape: str) -> dict[str, Any]:
    """The known fields of a body, without nulls. Raises: ApiError."""
    if not call.body.strip():
        raise ApiError("missing request body")
    try:
        parsed = from_json(call.body, allow_inf_nan=False)
    except ValueError as error:
        raise ApiError(_syntax_problem(call.body.decode(errors="replace"), str(error))) from error
    body = _typed(parsed, shape, shape)
    for tool in body.get("tools") or ():
        parameters = (tool.get("function") or {}).get("parameters")
        if parameters is not None:
            _typed(parameters, "ToolFunctionParameters", "ChatRequest.tools.function.parameters")
    if not 0 <= body.get("top_logprobs", 0) <= _MOST_LOGPROBS:
        raise ApiError(f"top_logprobs must be between 0 and {_MOST_LOGPROBS}")
    return body


def read_think(body: dict[str, Any]) -> bool | str | None:
    """Whether to think, or how hard; None where it is not said. Raises: ApiError."""
    value = body.get("think")
    if value is None or isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise ApiError('think must be a boolean or string ("high", "medium", "low", "max", true, or false)')
    if value not in _LEVELS:
        allowed = 'must be "high", "medium", "low", "max", true, or false'
        raise ApiError(f"invalid think value: {_quoted(value)} ({allowed})")
    return value


def read_keep_alive(body: dict[str, Any]) -> float:
    """For how many seconds the model stays loaded after the call. Raises: ApiError."""
    value = body.get("keep_alive")
    if value is None:
        return _USUAL_SECONDS
    if isinstance(value, str):
        if not _DURATION.fullmatch(value):
            raise ApiError(f"time: invalid duration {_quoted(value)}")
        seconds = sum(float(number) * _UNIT_SECONDS[unit] for number, unit in _DURATION_PART.findall(value))
        return _FOREVER if value.startswith("-") else seconds
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ApiError(f"Unsupported type: '{_go_type_of(value)}'")
    return _FOREVER if value < 0 else float(value)


def read_options(body: dict[str, Any]) -> dict[str, Any]:
    """The known options, the others passed over. Raises: ApiError, with the status 500 that the server has for it."""
    options = {}
    for name, value in (body.get("options") or {}).items():
        kind = OPTIONS.get(name)
        if kind is None or value is None:
            continue
        if not _fits_option(value, kind):
            raise ApiError(f'option "{name}" must be of type {kind}', status=500)
        if kind == "array" and not all(isinstance(member, str) for member in value):
            raise ApiError(f'option "{name}" must be of an array of strings', status=500)
        options[name] = int(value) if kind == "integer" else value
    return options


def check_format(body: dict[str, Any]) -> None:
    """Check that the format is a schema, `json` or nothing. Raises: ApiError, with the status 500 of the server."""
    value = body.get("format")
    if value in (None, "", "json") or isinstance(value, dict):
        return
    shown = _quoted(to_json(value).decode())
    raise ApiError(f'invalid format: {shown}; expected "json" or a valid JSON Schema object', status=500)


def read_image(encoded: str) -> bytes:
    """The bytes of an image. Raises: ApiError."""
    wrong = _NOT_BASE64.search(encoded)
    if wrong is not None:
        raise ApiError(f"illegal base64 data at input byte {wrong.start()}")
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise ApiError(f"illegal base64 data at input byte {len(encoded.rstrip('='))}") from error


def _typed(value: Any, shape: str, place: str) -> dict[str, Any]:
    try:
        return read_typed(value, shape, SHAPES, fold_case=True)
    except MistypedError as error:
        kind = _go_type(error.kind, error.field)
        if not error.path:
            where = "Go value" if place == shape else f"Go struct field {place}"
            raise ApiError(f"json: cannot unmarshal {error.found} into {where} of type {kind}") from error
        path = f"{place}.{_INDEX.sub('', error.path)}"
        raise ApiError(f"json: cannot unmarshal {error.found} into Go struct field {path} of type {kind}") from error


def _go_type(kind: str, field: str) -> str:
    if kind.startswith("["):
        return f"[]{_go_type(kind[1:-1], field)}"
    if kind.startswith("{"):
        return f"map[string]{_go_type(kind[1:-1], field)}"
    if field in _NAMED and (field != "type" or "|" in kind):
        return _NAMED[field]
    return _TYPES.get(kind, f"api.{kind}")


def _go_type_of(value: Any) -> str:
    return {"bool": "bool", "array": "[]interface {}", "object": "map[string]interface {}"}[noun_of(value)]


def _fits_option(value: Any, kind: str) -> bool:
    match kind:
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _quoted(text: str) -> str:
    return to_json(text).decode()


def _syntax_problem(text: str, described: str) -> str:
    """What Go's decoder says of a body that is no JSON, as near as another decoder's complaint allows."""
    place = re.search(r"line (\d+) column (\d+)", described)
    if place is None or "EOF" in described:
        return "unexpected EOF"
    line, column = int(place[1]), int(place[2])
    characters = text.split("\n")[line - 1]
    character = characters[min(max(column - 1, 0), len(characters) - 1)] if characters else "\n"
    return f"invalid character '{character}' looking for beginning of value"
