"""Reading a whole chat-completions answer. The stream decoder assembles its end with the same functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic_core import to_json

from core.llms.errors import ProtocolError
from core.llms.types.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage
from core.llms.types.response import Choice, FinishReason, LLMResponse, UnifiedFinish
from core.llms.types.usage import Usage
from core.llms.wires.openai_chat.dialect import ChatDialect
from core.llms.wires.openai_chat.reasoning_details import DETAILS, join_details, read_details
from core.llms.wires.openai_chat.usage import parse_chat_usage
from core.llms.wires.openai_errors import create_payload_error

# `function_call` is the retired form, whose calls are not read: nothing is there to answer.
_FINISH_REASONS: Mapping[str, UnifiedFinish] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "other",
    "content_filter": "content_filter",
    "error": "error",
}
_STOP = FinishReason("stop", "stop")
_CALL_FIELDS = frozenset({"id", "type", "function", "custom", "index"})


def parse_chat_response(body: Mapping[str, Any], dialect: ChatDialect) -> LLMResponse:
    """Read a body. Raises `ProtocolError` (not the wire) or `APIError` (an error under status 200)."""
    if not isinstance(body, dict):
        raise ProtocolError(f"the answer is not a JSON object but {type(body).__name__}")
    if body.get("error"):
        raise create_payload_error(body, dialect.errors)
    choices = body.get("choices")
    if not isinstance(choices, list) or not choices:
        raise ProtocolError("the answer has no `choices`")
    return create_response(body, [_read_choice(choice, body, dialect) for choice in choices], dialect)


def create_response(body: Mapping[str, Any], choices: Sequence[Choice], dialect: ChatDialect) -> LLMResponse:
    """Make the response of its choices and the body's top level."""
    if dialect.read_sources is not None and (sources := tuple(dialect.read_sources(body))):
        choices = [_annotate(choice, sources, dialect.origin) for choice in choices]
    usage = parse_body_usage(body, dialect)
    return LLMResponse(tuple(choices), usage, read_text(body, "model") or "", read_text(body, "id"), raw=body)


def _annotate(choice: Choice, sources: tuple[Mapping[str, Any], ...], origin: str) -> Choice:
    parts = (
        replace(part, annotations=(*part.annotations, *sources), origin=origin) if isinstance(part, TextPart) else part
        for part in choice.message.parts
    )
    return replace(choice, message=replace(choice.message, content=tuple(parts) or ""))


def parse_body_usage(body: Mapping[str, Any], dialect: ChatDialect) -> Usage:
    """Read a body's usage and service tier. Where the vendor says nothing, `raw` is None and the counts are 0."""
    raw, tier = body.get("usage"), read_text(body, "service_tier")
    if not isinstance(raw, dict):
        return Usage(service_tier=tier)
    if dialect.parse_usage is None:
        usage = parse_chat_usage(raw, tier)
    else:
        usage = dialect.parse_usage(raw)
        usage = replace(usage, service_tier=tier) if tier and usage.service_tier is None else usage
    return add_reported_cost(usage, dialect)


def add_reported_cost(usage: Usage, dialect: ChatDialect) -> Usage:
    """Return usage with what the vendor says that the call costs, where it says so."""
    if dialect.reported_cost is None or usage.raw is None:
        return usage
    return replace(usage, reported_cost=dialect.reported_cost(usage.raw))


def read_text(body: Mapping[str, Any], name: str) -> str | None:
    """Return a field's text; None where it is empty, absent or not text."""
    value = body.get(name)
    return value if isinstance(value, str) and value else None


def _read_choice(choice: Any, body: Mapping[str, Any], dialect: ChatDialect) -> Choice:
    if not isinstance(choice, dict):
        raise ProtocolError("a choice is not an object")
    if choice.get("error"):
        raise create_payload_error(choice, dialect.errors)
    message = choice.get("message")
    if message is None and choice.get("finish_reason") == "content_filter":
        message = {}  # a filter that blocks the whole answer leaves no message
    if not isinstance(message, dict):
        raise ProtocolError("a choice has no `message`")
    calls = message.get("tool_calls") or []
    if not isinstance(calls, list):
        raise ProtocolError("`tool_calls` is not a list")
    if not calls:
        return parse_choice(choice, message, (), dialect)
    response_id, number = read_text(body, "id"), choice.get("index") or 0
    parts = [
        _read_tool_call(call, make_call_id(response_id, index, number), dialect) for index, call in enumerate(calls)
    ]
    return parse_choice(choice, message, parts, dialect)


def parse_choice(
    choice: Mapping[str, Any], message: Mapping[str, Any], calls: Sequence[Part], dialect: ChatDialect
) -> Choice:
    """Read a choice, of which the tool calls were read before."""
    logprobs, content_filter = choice.get("logprobs"), choice.get("content_filter_results")
    return Choice(
        _parse_message(message, calls, dialect),
        _parse_finish(choice.get("finish_reason"), message, calls, dialect),
        logprobs if isinstance(logprobs, dict) else None,
        content_filter if isinstance(content_filter, dict) and content_filter else None,
    )


def make_call_id(response_id: str | None, index: int, choice: int) -> str:
    """Make an id for a tool call that came without one: the same call gets the same id."""
    return f"call_{(response_id or '')[-20:]}_{choice}_{index}"


def render_arguments(arguments: Any) -> str:
    """Return a call's arguments as JSON text; some vendors send the object itself, or null."""
    if isinstance(arguments, str):
        return arguments
    if arguments is None:
        return ""
    if isinstance(arguments, Mapping):
        return to_json(arguments).decode()
    raise ProtocolError(f"a tool call's `arguments` are neither text nor an object but {type(arguments).__name__}")


def find_call_extra(call: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a call, or a fragment of one, says beyond the wire's own fields."""
    return {name: value for name, value in call.items() if name not in _CALL_FIELDS and value is not None}


def _read_tool_call(call: Any, spare_id: str, dialect: ChatDialect) -> Part:
    if not isinstance(call, Mapping):
        raise ProtocolError("a tool call is not an object")
    if call.get("type") == "custom":
        return OpaquePart(dialect.origin, call)
    function = call.get("function")
    if not isinstance(function, Mapping):
        raise ProtocolError("a tool call has no `function`")
    name = function.get("name")
    if not isinstance(name, str) or not name:
        raise ProtocolError("a tool call has no function name")
    id, arguments = str(call.get("id") or spare_id), render_arguments(function.get("arguments"))
    return make_tool_call(id, name, arguments, find_call_extra(call), dialect)


def make_tool_call(id: str, name: str, arguments: str, extra: Mapping[str, Any], dialect: ChatDialect) -> ToolCall:
    """Make a call; its origin matters only where it has something extra."""
    if not extra:
        return ToolCall.parse(id, name, arguments)
    return ToolCall.parse(id, name, arguments, origin=dialect.origin, extra=extra)


def _parse_message(message: Mapping[str, Any], calls: Sequence[Part], dialect: ChatDialect) -> AssistantMessage:
    content = message.get("content")
    if type(content) is str and not calls and is_plain(message):
        return AssistantMessage(content)
    refusal, audio = message.get("refusal"), message.get("audio")
    reasoning, details = find_reasoning(message, dialect), read_details(message, dialect)
    annotations = message.get("annotations")
    if type(content) is str and not (calls or refusal or audio or reasoning or details or annotations):
        return AssistantMessage(content)
    parts: list[Part] = []
    if details:
        text = reasoning or join_details(details)
        parts.append(ReasoningPart(text, origin=dialect.origin, raw={DETAILS: details}))
    elif reasoning:
        parts.append(ReasoningPart(reasoning, origin=dialect.origin))
    parts.extend(_parse_content(content, annotations, dialect))
    if isinstance(audio, Mapping) and audio.get("id"):
        if not content and audio.get("transcript"):
            parts.append(TextPart(audio["transcript"]))
        parts.append(OpaquePart(dialect.origin, {"type": "audio", "audio": audio}))
    if isinstance(refusal, str) and refusal:
        parts.append(RefusalPart(refusal))
    parts.extend(calls)
    return AssistantMessage(tuple(parts) or "")


def is_plain(message: Mapping[str, Any]) -> bool:
    """Whether a message or delta says nothing beside its content: many repeat the role, null and empty lists."""
    for name, value in message.items():  # noqa: SIM110 - `all` costs a generator on the hot path
        if value and name != "content" and name != "role":
            return False
    return True


def find_reasoning(message: Mapping[str, Any], dialect: ChatDialect) -> str | None:
    """Return the reasoning's text of a message or delta, from the first field that has any."""
    for name in dialect.reasoning_fields:
        reasoning = message.get(name)
        if isinstance(reasoning, str) and reasoning:
            return reasoning
    return None


def _parse_content(content: Any, annotations: Any, dialect: ChatDialect) -> list[Part]:
    if content is None or content == "":
        return []
    if isinstance(content, str):
        notes = tuple(annotations) if isinstance(annotations, list) else ()
        return [TextPart(content, notes, dialect.origin if notes else None)]
    if isinstance(content, list):
        return [_parse_block(block, dialect) for block in content]
    if isinstance(content, dict):
        return [TextPart(to_json(content).decode())]  # a gateway that has parsed the JSON that was asked for
    raise ProtocolError(f"a message's `content` is neither text nor blocks but {type(content).__name__}")


def _parse_block(block: Any, dialect: ChatDialect) -> Part:
    kind = block.get("type") if isinstance(block, Mapping) else None
    if kind == "text":
        text = block.get("text") or ""
        if not isinstance(text, str):
            raise ProtocolError("a text block's `text` is not text")
        return TextPart(text)
    if kind == "thinking":
        return ReasoningPart(read_thinking(block), read_text(block, "signature"), origin=dialect.origin, raw=block)
    if not isinstance(kind, str):
        raise ProtocolError("a content block has no `type`")
    return OpaquePart(dialect.origin, block)


def read_thinking(block: Mapping[str, Any]) -> str:
    """Return the text of a `thinking` block, whose content is text or blocks of text."""
    thinking = block.get("thinking")
    if isinstance(thinking, str):
        return thinking
    if not isinstance(thinking, list):
        return ""
    return "".join(str(item.get("text") or "") for item in thinking if isinstance(item, Mapping))


def _parse_finish(raw: Any, message: Mapping[str, Any], calls: Sequence[Part], dialect: ChatDialect) -> FinishReason:
    if raw is not None and not isinstance(raw, str):
        raise ProtocolError("`finish_reason` is not text")
    if raw == "stop" and not calls and not message.get("refusal") and not dialect.finish_reasons:
        return _STOP
    unified: UnifiedFinish = "other"
    if raw is not None:
        unified = dialect.finish_reasons.get(raw) or _FINISH_REASONS.get(raw, "other")
    if calls and (unified == "stop" or not raw):
        unified = "tool_calls"
    elif unified == "stop" and message.get("refusal"):
        unified = "refusal"
    return FinishReason(unified, raw)
