"""Tools from what a user has at hand, and the call of one tool.

The schema of a function lives in `function_signature`; which calls run at once, and how often, in `tool_loop`.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import enum
import inspect
import threading
from collections.abc import Callable, Mapping
from math import inf
from typing import Any, Final

from pydantic_core import PydanticSerializationError, ValidationError, to_json

from core.llms.context import LLMContext
from core.llms.errors import InvalidRequestError
from core.llms.runtime.function_signature import FunctionSignature, context_names_of, is_model_class, signature_of
from core.llms.runtime.validation_text import describe_validation_error, shorten
from core.llms.types.content import AudioPart, FilePart, ImagePart, TextPart, ToolCall
from core.llms.types.messages import ToolMessage
from core.llms.types.tools import ServerTool, Tool

_FUNCTION_KEYS: Final = {"name", "description", "parameters", "strict"}
_PARTS: Final = (TextPart, ImagePart, FilePart)
# Masking looks at so much of an error's text and no more, since its patterns cost time in proportion.
_MAX_MASKED_CHARS: Final = 20_000


class _ToolTimeoutError(Exception):
    """The tool took too long, as opposed to a `TimeoutError` that it raised itself."""


class _ArgumentsError(Exception):
    """The arguments do not fit, as opposed to a `ValidationError` that the tool raised itself."""


def as_tool(tool: Tool | ServerTool | Callable[..., Any] | Mapping[str, Any]) -> Tool | ServerTool:
    """Make a tool of a typed function, a pydantic model, a JSON definition, or of what is one already.

    A function (also async, a bound method or a `functools.partial`) gives its name, its docstring's first paragraph
    and its annotated parameters; one annotated `LLMContext` is filled in by us and hidden from the model, as are a
    partial's keywords. A pydantic model's fields are the parameters, and calling it validates into it. A mapping is
    OpenAI's nested or flat function form or a bare `{"name": …, "parameters": …}`; one of any other `type` is a tool
    that the vendor runs.

    Raises:
        InvalidRequestError: it cannot be described to a model; the message names the parameter and the fix.
    """
    if isinstance(tool, Tool | ServerTool):
        return tool
    if isinstance(tool, Mapping):
        return _from_mapping(tool)
    if not callable(tool):
        raise InvalidRequestError(
            f"a tool is a typed function, a Tool, a ServerTool, a pydantic model or a mapping, not {tool!r}"
        )
    signature = signature_of(tool)
    return Tool(signature.name, signature.description, signature.parameters, function=tool)


def _from_mapping(definition: Mapping[str, Any]) -> Tool | ServerTool:
    kind = definition.get("type")
    if kind not in (None, "function"):
        return ServerTool(definition)
    nested = definition.get("function")
    if kind == "function" and isinstance(nested, Mapping):
        _check_keys(definition, {"type", "function"})
        function = nested
    else:
        function = {key: value for key, value in definition.items() if key != "type"}
    _check_keys(function, _FUNCTION_KEYS)
    name = function.get("name")
    if not isinstance(name, str):
        raise InvalidRequestError(
            "a tool given as a mapping needs a `name`, or the `type` of a tool that the vendor runs"
        )
    given = {key: function[key] for key in ("parameters", "strict") if function.get(key) is not None}
    try:
        return Tool(name, function.get("description"), **given)
    except ValueError as error:
        raise InvalidRequestError(str(error)) from error


def _check_keys(definition: Mapping[str, Any], known: set[str]) -> None:
    if unknown := sorted(str(key) for key in definition.keys() - known):
        raise InvalidRequestError(
            f"a function tool has no {', '.join(f'`{key}`' for key in unknown)}; known: {', '.join(sorted(known))}"
        )


async def call_tool(tool: Tool, call: ToolCall, ctx: LLMContext, timeout_seconds: float = 60.0) -> ToolMessage:
    """Call a tool as the model asked, and write what it returns, or why it failed, for the model.

    Arguments are validated and converted to the annotated types; a `Tool` of your own over a function that is not
    annotated gets them as the model gave them. An async function runs here, any other in a thread
    of its own with the caller's context variables. A thread cannot be stopped: after a timeout its function runs on,
    and its result is dropped. A string is sent as it is; parts (`TextPart`, `ImagePart`, `FilePart`) are kept;
    anything else becomes JSON. The time is also bounded by the context's deadline.

    Raises:
        asyncio.CancelledError: the caller was cancelled. Everything else is reported to the model.
    """
    if call.arguments_error is not None:
        return _failure(call, f"the call was not made: {call.arguments_error}")
    if tool.function is None:
        return _failure(call, f"the tool {tool.name!r} cannot be called here: it has no function")
    seconds = min(timeout_seconds, max(ctx.remaining_seconds, 0.0))
    try:
        result = await _invoke(tool.function, call, ctx, seconds)
        return ToolMessage(_render_result(result), call.id, call.name)
    except _ArgumentsError as error:
        return _failure(call, f"the call was not made, its arguments do not fit:\n{error}")
    except _ToolTimeoutError:
        return _failure(call, f"the tool did not finish within {seconds:g} seconds")
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        return _failure(call, _describe_error(error))
    except Exception as error:  # noqa: BLE001 - whatever a user's function raises is for the model to know
        return _failure(call, _describe_error(error))


def _failure(call: ToolCall, text: str) -> ToolMessage:
    return ToolMessage(text, call.id, call.name, is_error=True)


def _describe_error(error: BaseException) -> str:
    # Its patterns take long to compile, and most programs need them never.
    from core.llms.runtime.secret_patterns import mask_secrets

    name = type(error).__name__
    if isinstance(error, ValidationError):
        return mask_secrets(describe_validation_error(error, f"{name}: {error.title} does not fit:"))
    text = mask_secrets(str(error)[:_MAX_MASKED_CHARS])
    return shorten(f"{name}: {text}" if text else name)


async def _invoke(function: Callable[..., Any], call: ToolCall, ctx: LLMContext, seconds: float) -> Any:
    signature = _signature_for(function)
    if signature is None:
        names = context_names_of(function)
        return await _run(function, {**call.arguments, **dict.fromkeys(names, ctx)}, seconds)
    try:
        # JSON rather than Python input: dates, sets and the like are then read also where a model is strict.
        value = signature.read_arguments(to_json(call.arguments))
    except ValidationError as error:
        raise _ArgumentsError(describe_validation_error(error, "")) from error
    if is_model_class(function):
        return value
    return await _run(function, {**value, **dict.fromkeys(signature.context_names, ctx)}, seconds)


def _signature_for(function: Callable[..., Any]) -> FunctionSignature | None:
    """Return the function's signature, or None for a tool with a schema of its own over a function without types."""
    try:
        return signature_of(function)
    except InvalidRequestError:
        return None


async def _run(function: Callable[..., Any], arguments: dict[str, Any], seconds: float) -> Any:
    timer = asyncio.timeout(None if seconds == inf else seconds)
    try:
        async with timer:
            if inspect.iscoroutinefunction(function):
                return await function(**arguments)
            result = await _run_in_thread(function, arguments)
            return await result if inspect.isawaitable(result) else result
    except TimeoutError as error:
        if timer.expired():
            raise _ToolTimeoutError from error
        raise


async def _run_in_thread(function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """Run a function in a thread of its own.

    The loop's default executor is not used: it has few threads, which name lookups need too, so that functions that
    hang would stop all connecting, and it keeps the program from ending.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[tuple[Any, BaseException | None]] = loop.create_future()
    context = contextvars.copy_context()

    def settle(value: Any, error: BaseException | None) -> None:
        if not done.done():
            done.set_result((value, error))

    def work() -> None:
        value, failure = None, None
        try:
            value = context.run(function, **arguments)
        except BaseException as error:  # noqa: BLE001 - carried over to the task that awaits it
            failure = error
        # A loop that has ended refuses the result, which nobody awaits any more.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, value, failure)

    threading.Thread(target=work, name="core-llms-tool", daemon=True).start()
    value, failure = await done
    if failure is not None:
        raise failure
    return value


def _render_result(result: Any) -> str | tuple[TextPart | ImagePart | FilePart, ...]:
    if isinstance(result, enum.Enum):
        result = result.value
    if isinstance(result, str):
        return result
    if isinstance(result, _PARTS):
        return (result,)
    if isinstance(result, list | tuple) and any(isinstance(entry, _PARTS) for entry in result):
        return tuple(_as_part(entry) for entry in result)
    if isinstance(result, AudioPart):
        raise TypeError("a tool cannot answer with sound; return text, an image or a file")
    try:
        return to_json(result).decode()
    except PydanticSerializationError as error:
        raise TypeError(f"the tool's result, of type {type(result).__name__}, cannot be written as JSON") from error


def _as_part(entry: Any) -> TextPart | ImagePart | FilePart:
    if isinstance(entry, _PARTS):
        return entry
    if isinstance(entry, str):
        return TextPart(entry)
    raise TypeError(f"beside parts, a tool's result may hold text only, not {type(entry).__name__}")
