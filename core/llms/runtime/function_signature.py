"""A typed function as a model sees it: its name, its description, the schema of its parameters, and how to read them.

Calling the function lives in `tool_functions`. Pydantic is imported on first use only.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, NotRequired, get_args, get_origin, get_type_hints
from weakref import WeakKeyDictionary

from pydantic_core import PydanticSerializationError, to_jsonable_python

from core.llms.context import LLMContext
from core.llms.errors import InvalidRequestError

ToolFunction = Callable[..., Any]
_VARIADIC: Final[Mapping[Any, str]] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}


@dataclass(frozen=True, slots=True)
class FunctionSignature:
    """What a function takes. `parameters` is a JSON schema; `context_names` are the parameters that take the context.

    `read_arguments` validates a JSON object into the arguments and raises pydantic's `ValidationError`.
    """

    name: str
    description: str | None
    parameters: Mapping[str, Any]
    context_names: tuple[str, ...]
    read_arguments: Callable[[bytes], Any] = field(repr=False)


# Signatures hold no reference to their function, so that a function made for one call can go.
_signatures: WeakKeyDictionary[Any, dict[bool, FunctionSignature]] = WeakKeyDictionary()


def signature_of(function: ToolFunction) -> FunctionSignature:
    """Return the signature of a function, method, partial or pydantic model; read once for each.

    Raises:
        InvalidRequestError: a parameter is not annotated, cannot be described as JSON, or is `*args` or `**kwargs`.
    """
    key: Any = getattr(function, "__func__", function)
    is_bound = key is not function
    try:
        known = _signatures.setdefault(key, {})
    except TypeError:
        # An object with `__call__` need not be hashable or weakly referable; it is read each time.
        return _read_signature(function)
    if is_bound not in known:
        known[is_bound] = _read_signature(function)
    return known[is_bound]


def context_names_of(function: ToolFunction) -> tuple[str, ...]:
    """Return the parameters that take the context, of a function that may be annotated in part only."""
    inner = _innermost(function)
    try:
        hints = get_type_hints(inner if inspect.isroutine(inner) else type(inner).__call__, include_extras=True)
    except (TypeError, NameError, AttributeError):
        # Its annotations name what cannot be found here: none of them is the context.
        return ()
    return tuple(name for name, annotation in hints.items() if name != "return" and _takes_context(annotation))


def is_model_class(function: Any) -> bool:
    """Tell whether this is a pydantic model class, without importing pydantic for it."""
    return isinstance(function, type) and hasattr(function, "__pydantic_validator__")


def _read_signature(function: Any) -> FunctionSignature:
    from core.llms.runtime.docstrings import read_docstring

    if is_model_class(function):
        return _read_model(function)
    if isinstance(function, type):
        raise InvalidRequestError(f"the class {function.__name__} is no tool: give a function or a pydantic model")
    name = _name_of(function)
    docstring = read_docstring(inspect.getdoc(_innermost(function)))
    fields: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    context_names: list[str] = []
    for parameter, annotation in _annotated_parameters(function, name):
        if _takes_context(annotation):
            context_names.append(parameter.name)
            continue
        fields[parameter.name] = _describe(annotation, docstring.parameters.get(parameter.name))
        if parameter.default is not parameter.empty:
            defaults[parameter.name] = parameter.default
    schema, read = _build_arguments(name, fields, defaults)
    return FunctionSignature(name, docstring.summary, schema, tuple(context_names), read)


def _innermost(function: Any) -> Any:
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _name_of(function: Any) -> str:
    inner = _innermost(function)
    name = getattr(inner, "__name__", None) or type(inner).__name__
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
        raise InvalidRequestError(
            f"a tool needs a name of 1 to 64 letters, digits, `_` or `-`, not {name!r}: use `def`, or Tool(name=…)"
        )
    return str(name)


def _annotated_parameters(function: Any, name: str) -> list[tuple[inspect.Parameter, Any]]:
    inner = _innermost(function)
    annotated = inner if inspect.isroutine(inner) else type(inner).__call__
    try:
        signature = inspect.signature(function)
        hints = get_type_hints(annotated, include_extras=True)
    except (ValueError, TypeError, NameError, AttributeError) as error:
        raise InvalidRequestError(
            f"tool {name!r}: its parameters cannot be read ({error}); types in annotations must be importable by name "
            "from the function's module"
        ) from error
    fixed = function.keywords if isinstance(function, functools.partial) else {}
    pairs = []
    for parameter in signature.parameters.values():
        if parameter.name not in fixed:
            _check_parameter(parameter, name, hints)
            pairs.append((parameter, hints[parameter.name]))
    return pairs


def _check_parameter(parameter: inspect.Parameter, name: str, hints: Mapping[str, Any]) -> None:
    if stars := _VARIADIC.get(parameter.kind):
        problem = f"`{stars}{parameter.name}` cannot be described to a model; name each parameter"
    elif parameter.kind is inspect.Parameter.POSITIONAL_ONLY:
        problem = f"`{parameter.name}` is positional-only, and a model gives names; remove the `/`"
    elif parameter.name not in hints:
        problem = f"parameter `{parameter.name}` has no annotation; write `{parameter.name}: str`, say"
    elif type(parameter.default).__name__ == "FieldInfo":
        problem = f"write `{parameter.name}: Annotated[…, Field(…)] = …` instead of a `Field` as the default"
    else:
        return
    raise InvalidRequestError(f"tool {name!r}: {problem}")


def _takes_context(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    kinds = (annotation, *get_args(annotation))
    return any(isinstance(kind, type) and issubclass(kind, LLMContext) for kind in kinds)


def _describe(annotation: Any, from_docstring: str | None) -> Any:
    """Add a description from the annotation's own text or the docstring, unless a `Field` has one."""
    from pydantic import Field

    metadata = getattr(annotation, "__metadata__", ())
    if any(getattr(entry, "description", None) for entry in metadata):
        return annotation
    description = next((entry for entry in metadata if isinstance(entry, str)), from_docstring)
    return Annotated[annotation, Field(description=description)] if description else annotation


def _build_arguments(
    name: str, fields: Mapping[str, Any], defaults: Mapping[str, Any]
) -> tuple[dict[str, Any], Callable[[bytes], Any]]:
    """Make schema and validator of a TypedDict: its keys may have any name, and what is left out stays out."""
    from pydantic import ConfigDict, TypeAdapter, with_config
    from pydantic.errors import PydanticUserError
    from typing_extensions import TypedDict

    keys = {key: NotRequired[kind] if key in defaults else kind for key, kind in fields.items()}
    arguments = with_config(ConfigDict(extra="forbid"))(TypedDict("Arguments", keys))  # type: ignore[operator]
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(arguments)
        schema = adapter.json_schema(schema_generator=_schema_generator())
    except (PydanticUserError, NameError) as error:
        reason = str(error).partition("\n\nFor further information")[0]
        raise InvalidRequestError(f"tool {name!r}: a parameter cannot be described as JSON: {reason}") from error
    schema.pop("title", None)
    for key, default in defaults.items():
        _add_default(schema["properties"][key], default)
    return schema, adapter.validate_json


def _add_default(schema: dict[str, Any], default: Any) -> None:
    """Tell the model the default, where JSON can say it; the function's own default holds in any case."""
    if default is None:
        return
    try:
        schema.setdefault("default", to_jsonable_python(default))
    except PydanticSerializationError:
        return


@functools.cache
def _schema_generator() -> Any:
    from pydantic.json_schema import GenerateJsonSchema

    class WithoutFieldTitles(GenerateJsonSchema):
        """A field's title repeats its name, and costs tokens in every request."""

        def field_title_should_be_set(self, schema: Any) -> bool:
            return False

    return WithoutFieldTitles


def _read_model(model: Any) -> FunctionSignature:
    from core.llms.runtime.strict_schema import expand_root

    schema = dict(expand_root(model.model_json_schema(schema_generator=_schema_generator())))
    if schema.get("type") != "object":
        raise InvalidRequestError(f"the model {model.__name__} is no tool: its fields must be named parameters")
    schema.pop("title", None)
    description = schema.pop("description", None)
    name = re.sub(r"[^A-Za-z0-9_-]+", "_", model.__name__).strip("_")[:64]
    return FunctionSignature(name, description, schema, (), model.model_validate_json)
