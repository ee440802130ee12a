"""Reading a whole answer. The stream decoder ends in the same functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic_core import to_json

from core.llms.errors import ProtocolError
from core.llms.types.content import OpaquePart, Part, ReasoningPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage
from core.llms.types.response import Choice, FinishReason, LLMResponse, UnifiedFinish
from core.llms.types.usage import Usage
from core.llms.wires.ollama.dialect import ORIGIN
from core.llms.wires.ollama.errors import create_stream_error

# `load` and `unload` end a request that had no messages: nothing was generated.
_FINISH_REASONS: Final[Mapping[str, UnifiedFinish]] = {"stop": "stop", "length": "length"}
_COUNTS: Final = (
    "prompt_eval_count", "eval_count", "total_duration", "load_duration", "prompt_eval_duration", "eval_duration",
)  # fmt: skip
_MESSAGE_FIELDS: Final = frozenset({"role", "content", "thinking", "tool_calls"})
_FUNCTION_FIELDS: Final = frozenset({"id", "type", "function"})


def parse_ollama_response(body: Any) -> LLMResponse:
    """Read a body. Raises `ProtocolError` (not the wire) or `APIError` (an error under status 200)."""
    body = require_body(body)
    message = body.get("message")
    if not isinstance(message, Mapping):
        raise ProtocolError("the answer has no `message`")
    if body.get("done") is False:
        raise ProtocolError("the answer says that it is not done: it may be cut")
    return create_response(body, message, parse_calls(message, body, 0))


def require_body(body: Any) -> Mapping[str, Any]:
    """Return an answer, or a line of one, that is no error. Raises as `parse_ollama_response`."""
    if not isinstance(body, Mapping):
        raise ProtocolError(f"the answer is not a JSON object but {type(body).__name__}")
    if body.get("error"):
        raise create_stream_error(body)
    return body


def create_response(body: Mapping[str, Any], message: Mapping[str, Any], calls: Sequence[ToolCall]) -> LLMResponse:
    """Make the response of the body's top level, the whole message and the calls, which were read before."""
    logprobs = body.get("logprobs")
    choice = Choice(
        _create_message(message, calls),
        read_finish(body.get("done_reason"), bool(calls)),
        {"content": logprobs} if isinstance(logprobs, list) and logprobs else None,
    )
    model = body.get("model")
    return LLMResponse((choice,), parse_usage(body), model=model if isinstance(model, str) else "", raw=body)


def read_finish(raw: Any, has_calls: bool) -> FinishReason:
    """Read `done_reason`, which servers before 2024-08 leave out."""
    if raw is not None and not isinstance(raw, str):
        raise ProtocolError("`done_reason` is not text")
    unified: UnifiedFinish = _FINISH_REASONS.get(raw, "other") if raw else "other"
    if has_calls and (unified == "stop" or not raw):
        unified = "tool_calls"
    return FinishReason(unified, raw or None)


def parse_usage(body: Mapping[str, Any]) -> Usage:
    """Read the counts; a count of 0 is left out on the wire. Without any, `raw` is None. Durations are nanoseconds."""
    raw = {name: body[name] for name in _COUNTS if body.get(name) is not None}
    if "prompt_eval_count" not in raw and "eval_count" not in raw:
        return Usage()
    return Usage(_count(raw, "prompt_eval_count"), _count(raw, "eval_count"), raw=raw)


def parse_calls(message: Mapping[str, Any], body: Mapping[str, Any], first: int) -> list[ToolCall]:
    """Read the calls of a message, or of a piece of one, of which `first` came before."""
    calls = message.get("tool_calls") or []
    if not isinstance(calls, list):
        raise ProtocolError("`tool_calls` is not a list")
    return [_parse_call(call, body, index) for index, call in enumerate(calls, first)]


def read_text(message: Mapping[str, Any], name: str) -> str:
    """Return a field's text, empty where there is none."""
    value = message.get(name)
    if value is not None and not isinstance(value, str):
        raise ProtocolError(f"a message's `{name}` is not text")
    return value or ""


def find_extras(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a message says beyond the fields that are read, to go back as it came."""
    return {name: value for name, value in message.items() if name not in _MESSAGE_FIELDS and value}


def _parse_call(call: Any, body: Mapping[str, Any], index: int) -> ToolCall:
    function = call.get("function") if isinstance(call, Mapping) else None
    if not isinstance(function, Mapping):
        raise ProtocolError("a tool call has no `function`")
    name = function.get("name")
    if not isinstance(name, str) or not name:
        raise ProtocolError("a tool call has no function name")
    arguments = function.get("arguments")
    if arguments is not None and not isinstance(arguments, str | Mapping):
        raise ProtocolError(f"a tool call's `arguments` are not an object but {type(arguments).__name__}")
    text = arguments if isinstance(arguments, str) else to_json(arguments or {}).decode()
    id = call.get("id")
    given = id if isinstance(id, str) and id else None
    extra = {key: value for key, value in call.items() if key not in _FUNCTION_FIELDS and value is not None}
    return ToolCall.parse(
        given or _spare_id(body, index), name, text, item_id=given, origin=ORIGIN, extra=extra or None
    )


def _spare_id(body: Mapping[str, Any], index: int) -> str:
    """Make an id for a call of a server that gives none: of the moment, so that no two turns share it."""
    moment = "".join(character for character in str(body.get("created_at") or "") if character.isdigit())
    return f"call_{moment[-24:]}_{index}"


def _create_message(message: Mapping[str, Any], calls: Sequence[ToolCall]) -> AssistantMessage:
    content, thinking, extras = read_text(message, "content"), read_text(message, "thinking"), find_extras(message)
    if not (thinking or calls or extras):
        return AssistantMessage(content)
    parts: list[Part] = [ReasoningPart(thinking, origin=ORIGIN)] if thinking else []
    if content:
        parts.append(TextPart(content))
    if extras:
        parts.append(OpaquePart(ORIGIN, extras))
    return AssistantMessage((*parts, *calls))


def _count(raw: Mapping[str, Any], name: str) -> int:
    value = raw.get(name)
    return max(value, 0) if type(value) is int else 0
