"""What `response_model=` asks for: the schema that goes to the model, and the object that its answer is read into.

The strict subset of schemas lives in `strict_schema`. Asking the model again after a mismatch belongs to the caller.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import ValidationError, from_json, to_json

from core.llms.errors import InvalidRequestError
from core.llms.runtime.strict_schema import expand_root, leaves_room, strict_schema, why_not_strict
from core.llms.runtime.validation_text import describe_json_type, describe_validation_error, shorten
from core.llms.types.tools import ResponseFormat, Tool

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_WRAPPER_KEY: Final = "answer"
_MAX_NAME_LENGTH: Final = 64
_CACHED_MODELS: Final = 256
_FENCED: Final = re.compile(r"\s*```[A-Za-z]*\s*\n(.*)\n\s*```\s*", re.DOTALL)
_DEFINITIONS: Final = ("$defs", "definitions")
_HOISTED_PREFIXES: Final = ("#/$defs/", "#/definitions/")


class OutputMismatchError(ValueError):
    """An answer does not fit. The text is for the model: what is wrong, and where."""


@dataclass(frozen=True, slots=True)
class OutputModel:
    """A type of answer: `response_format` for models with native schemas, `tool` for those without.

    `strict_problem` says why the schema cannot be strict, where it cannot.
    """

    response_format: ResponseFormat
    tool: Tool
    strict_problem: str | None = None
    _read_json: Callable[[str | bytes], Any] = field(repr=False, compare=False, kw_only=True)

    def parse(self, text: str) -> Any:
        """Read an answer's text, with or without a Markdown fence around it, into the object.

        Raises:
            OutputMismatchError: the text is not JSON, or does not fit.
        """
        fenced = _FENCED.fullmatch(text)
        return self._read(fenced[1] if fenced else text)

    def parse_arguments(self, arguments: Mapping[str, Any]) -> Any:
        """Read the arguments that the model gave to `tool`. Raises `OutputMismatchError` as `parse` does."""
        return self._read(to_json(arguments))

    def _read(self, json: str | bytes) -> Any:
        try:
            return self._read_json(json)
        except ValidationError as error:
            raise OutputMismatchError(describe_validation_error(error, "the answer does not fit:")) from error


def output_model_for(response_model: Any) -> OutputModel:
    """Make the output model of a type, or of a JSON schema given as a mapping.

    Any type that pydantic can validate will do: a pydantic model, a dataclass, a TypedDict, `list[int]`, a union, a
    `Literal`. What is not an object goes over the wire as `{"answer": …}`. A mapping is a JSON schema; the answer is
    then decoded, and only the type of its root is checked.

    Raises:
        InvalidRequestError: it is no type that pydantic can validate, or no JSON schema.
    """
    if isinstance(response_model, Mapping):
        return _from_schema(response_model)
    if inspect.isroutine(response_model):
        raise InvalidRequestError(f"`response_model` must be a type, not the function {response_model!r}")
    try:
        hash(response_model)
    except TypeError:
        return _from_type(response_model)
    return _from_type_cached(response_model)


def _from_type(response_model: Any) -> OutputModel:
    from pydantic import TypeAdapter, create_model
    from pydantic.errors import PydanticUserError

    try:
        adapter: TypeAdapter[Any] = TypeAdapter(response_model)
        schema = expand_root(adapter.json_schema())
        if schema.get("type") == "object":
            return _build(_name_of(response_model), schema, adapter.validate_json)
        wrapped = TypeAdapter(create_model("Answer", answer=(response_model, ...)))
        return _build(_name_of(response_model), wrapped.json_schema(), _unwrapping(wrapped))
    except (PydanticUserError, NameError) as error:
        reason = str(error).partition("\n\nFor further information")[0]
        raise InvalidRequestError(
            f"`response_model` must be a type that pydantic can describe as JSON, not {response_model!r}: {reason}"
        ) from error


_from_type_cached = functools.lru_cache(maxsize=_CACHED_MODELS)(_from_type)


def _unwrapping(wrapped: TypeAdapter[Any]) -> Callable[[str | bytes], Any]:
    return lambda json: getattr(wrapped.validate_json(json), _WRAPPER_KEY)


def _build(name: str, schema: Mapping[str, Any], read: Callable[[str | bytes], Any]) -> OutputModel:
    closed = strict_schema(schema)
    problem = why_not_strict(closed)
    return _assemble(name, schema if problem else closed, problem, read)


def _assemble(
    name: str, schema: Mapping[str, Any], problem: str | None, read: Callable[[str | bytes], Any]
) -> OutputModel:
    description = schema.get("description")
    strict = problem is None
    tool_description = "Give the final answer in this form." + (f" {description}" if description else "")
    return OutputModel(
        ResponseFormat("json_schema", name, schema, strict, description),
        Tool(name, tool_description, schema, strict),
        problem,
        _read_json=read,
    )


def _name_of(response_model: Any) -> str:
    return _valid_name(response_model.__name__ if isinstance(response_model, type) else "")


def _valid_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_")[:_MAX_NAME_LENGTH] or "answer"


def _from_schema(schema: Mapping[str, Any]) -> OutputModel:
    title = schema.get("title")
    name = _valid_name(title if isinstance(title, str) else "")
    try:
        root = expand_root(schema)
        if "properties" in root and "type" not in root:
            root = {"type": "object", **root}
        root_is_object = root.get("type") == "object"
        sent = root if root_is_object else _wrap_schema(schema)
        closed = strict_schema(sent)
    except (ValueError, TypeError, AttributeError) as error:
        raise InvalidRequestError(f"`response_model` is not a valid JSON schema: {error}") from error
    problem = why_not_strict(closed)
    if problem is None and leaves_room(sent):
        problem = "it has optional or open parts, which strict schemas cannot express"
    read = _checking(root.get("type"), wrapped=not root_is_object)
    return _assemble(name, sent if problem else closed, problem, read)


def _wrap_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Put a schema under `answer`, its definitions at the root, its references to itself moved along."""
    hoisted = {key: _move_references(schema[key]) for key in _DEFINITIONS if key in schema}
    inner = {key: _move_references(value) for key, value in schema.items() if key not in _DEFINITIONS}
    return {
        "type": "object",
        "properties": {_WRAPPER_KEY: inner},
        "required": [_WRAPPER_KEY],
        "additionalProperties": False,
        **hoisted,
    }


def _move_references(value: Any) -> Any:
    if isinstance(value, list):
        return [_move_references(entry) for entry in value]
    if not isinstance(value, Mapping):
        return value
    moved = {key: _move_references(entry) for key, entry in value.items()}
    reference = moved.get("$ref")
    if isinstance(reference, str) and reference.startswith("#") and not reference.startswith(_HOISTED_PREFIXES):
        moved["$ref"] = f"#/properties/{_WRAPPER_KEY}{reference[1:]}"
    return moved


def _checking(types: str | list[str] | None, *, wrapped: bool) -> Callable[[str | bytes], Any]:
    """Make a reader that checks the type of the root, and no more."""
    allowed = (types,) if isinstance(types, str) else tuple(types or ())

    def read(json: str | bytes) -> Any:
        try:
            value = from_json(json)
        except ValueError as error:
            raise OutputMismatchError(shorten(f"not valid JSON: {error}")) from error
        if wrapped:
            if not isinstance(value, dict) or value.keys() != {_WRAPPER_KEY}:
                raise OutputMismatchError(f'the answer must be a JSON object of this form: {{"{_WRAPPER_KEY}": …}}')
            value = value[_WRAPPER_KEY]
        found = describe_json_type(value)
        if allowed and found not in allowed and not (found == "integer" and "number" in allowed):
            raise OutputMismatchError(f"the answer must be of type {' or '.join(allowed)}, not {found}")
        return value

    return read
