"""Reading a whole answer. The stream decoder ends in the same functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.errors import ProtocolError
from core.llms.types.content import OpaquePart, Part, ReasoningPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage
from core.llms.types.response import Choice, FinishReason, LLMResponse, UnifiedFinish
from core.llms.types.usage import Usage
from core.llms.wires.cohere_v2.errors import create_stream_error
from core.llms.wires.cohere_v2.render_messages import ORIGIN, PLAN

_FINISH_REASONS: Final[Mapping[str, UnifiedFinish]] = {
    "COMPLETE": "stop",
    "STOP_SEQUENCE": "stop",
    "MAX_TOKENS": "length",
    "TOOL_CALL": "tool_calls",
    "ERROR": "error",
    "TIMEOUT": "error",
}


def parse_cohere_response(body: Any) -> LLMResponse:
    """Read a body. Raises `ProtocolError` (not the wire) or `APIError` (an error under status 200)."""
    body = require_object(body, "the answer")
    message = body.get("message")
    if isinstance(message, str):
        raise create_stream_error(body)
    logprobs = body.get("logprobs")
    choice = Choice(
        _parse_message(require_object(message, "the answer's `message`")),
        read_finish(body.get("finish_reason")),
        {"content": logprobs} if isinstance(logprobs, list) and logprobs else None,
    )
    return LLMResponse((choice,), parse_usage(body.get("usage")), id=read_text(body, "id") or None, raw=body)


def require_object(value: Any, what: str) -> Mapping[str, Any]:
    """Return an object. Raises `ProtocolError`."""
    if not isinstance(value, Mapping):
        raise ProtocolError(f"{what} is not a JSON object but {type(value).__name__}")
    return value


def read_text(body: Mapping[str, Any], name: str) -> str:
    """Return a field's text, empty where there is none."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise ProtocolError(f"`{name}` is not text")
    return value or ""


def read_finish(raw: Any) -> FinishReason:
    """Read a finish reason."""
    if raw is not None and not isinstance(raw, str):
        raise ProtocolError("`finish_reason` is not text")
    return FinishReason(_FINISH_REASONS.get(raw, "other") if raw else "other", raw)


def parse_usage(raw: Any) -> Usage:
    """Read what is billed: `billed_units`, without the words that the vendor itself puts into a prompt.

    `tokens`, which has them, counts where nothing is said of billing. `cached_tokens` are of that longer prompt and
    make nothing cheaper: they stay in `raw`. Without any count `raw` is None.
    """
    if not isinstance(raw, Mapping):
        return Usage()
    billed, all_tokens = _object(raw, "billed_units"), _object(raw, "tokens")
    counts = billed if "input_tokens" in billed or "output_tokens" in billed else all_tokens
    input, output = _count(counts, "input_tokens"), _count(counts, "output_tokens")
    return Usage(
        input,
        output,
        reasoning_tokens=min(_count(all_tokens, "reasoning_tokens"), output),
        image_input_tokens=min(_count(all_tokens, "image_tokens"), input),
        raw=raw,
    )


def parse_call(call: Any) -> ToolCall:
    """Read a tool call; `arguments` is JSON text, or nothing."""
    call = require_object(call, "a tool call")
    function = require_object(call.get("function"), "a tool call's `function`")
    id, name = read_text(call, "id"), read_text(function, "name")
    if not id or not name:
        raise ProtocolError("a tool call has no id or no name")
    return ToolCall.parse(id, name, read_text(function, "arguments"))


def _parse_message(message: Mapping[str, Any]) -> AssistantMessage:
    parts = _parse_content(message)
    if plan := read_text(message, PLAN):
        parts.append(ReasoningPart(plan, origin=ORIGIN, raw={PLAN: plan}))
    parts.extend(parse_call(call) for call in _list(message, "tool_calls"))
    if len(parts) == 1 and isinstance(parts[0], TextPart) and not parts[0].annotations:
        return AssistantMessage(parts[0].text)
    return AssistantMessage(tuple(parts) or "")


def _parse_content(message: Mapping[str, Any]) -> list[Part]:
    content = message.get("content")
    if isinstance(content, str):
        content = [{"type": "text", "text": content}] if content else []
    elif content is None:
        content = []
    if not isinstance(content, list):
        raise ProtocolError("a message's `content` is neither text nor a list")
    blocks = [require_object(block, "a content block") for block in content]
    notes = _sort_citations(blocks, _list(message, "citations"))
    return [_parse_block(block, tuple(notes.get(index, ()))) for index, block in enumerate(blocks)]


def _sort_citations(blocks: list[Mapping[str, Any]], citations: list[Any]) -> dict[int, list[Any]]:
    """Tell which text each citation belongs to: that of its `content_index`, else the first."""
    texts = [index for index, block in enumerate(blocks) if block.get("type") == "text"]
    notes: dict[int, list[Any]] = {}
    for citation in citations:
        index = require_object(citation, "a citation").get("content_index")
        if texts:
            notes.setdefault(index if index in texts else texts[0], []).append(citation)
    return notes


def _parse_block(block: Mapping[str, Any], notes: tuple[Any, ...]) -> Part:
    match block.get("type"):
        case "text":
            return TextPart(read_text(block, "text"), notes, ORIGIN if notes else None)
        case "thinking":
            return ReasoningPart(read_text(block, "thinking"), origin=ORIGIN)
        case str():
            return OpaquePart(ORIGIN, block)
    raise ProtocolError("a content block has no `type`")


def _list(message: Mapping[str, Any], name: str) -> list[Any]:
    value = message.get(name) or []
    if not isinstance(value, list):
        raise ProtocolError(f"`{name}` is not a list")
    return value


def _object(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name)
    return value if isinstance(value, Mapping) else {}


def _count(raw: Mapping[str, Any], name: str) -> int:
    value = raw.get(name)
    if not isinstance(value, int | float) or not 0 <= value < 1e15:
        return 0
    return int(value)
