"""Reading a whole message. The stream decoder ends with the same functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic_core import to_json

from core.llms.errors import ProtocolError
from core.llms.types.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage
from core.llms.types.response import Choice, FinishReason, LLMResponse, UnifiedFinish
from core.llms.wires.anthropic_messages.dialect import ORIGIN
from core.llms.wires.anthropic_messages.failures import create_failure
from core.llms.wires.anthropic_messages.usage import parse_usage

_FINISH_REASONS: Final[Mapping[str, UnifiedFinish]] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "pause_turn": "pause",
    "refusal": "refusal",
}
_TEXT_FIELDS: Final = frozenset({"type", "text", "citations"})
_CALL_FIELDS: Final = frozenset({"type", "id", "name", "input"})


def parse_message(body: Mapping[str, Any]) -> LLMResponse:
    """Read a body. Raises `ProtocolError` (not the wire) or `APIError` (an error under status 200)."""
    if not isinstance(body, Mapping):
        raise ProtocolError(f"the answer is not a JSON object but {type(body).__name__}")
    if body.get("error"):
        raise create_failure(body)
    content = body.get("content")
    if not isinstance(content, list):
        raise ProtocolError("the answer has no `content`")
    return create_response(body, [parse_block(block) for block in content])


def create_response(
    body: Mapping[str, Any], parts: Sequence[Part], finish_reason: FinishReason | None = None
) -> LLMResponse:
    """Make the response of its parts and the body around them.

    The details of a refusal are the choice's `content_filter`, as received, and its explanation a `RefusalPart`.
    """
    finish = finish_reason or parse_finish(body.get("stop_reason"))
    details = body.get("stop_details")
    details = details if isinstance(details, Mapping) else None
    if finish.unified == "refusal" and (explanation := read_text(details or {}, "explanation")):
        parts = [*parts, RefusalPart(explanation, origin=ORIGIN)]
    choice = Choice(AssistantMessage(_simplest(parts)), finish, None, details)
    usage = parse_usage(body.get("usage"))
    return LLMResponse((choice,), usage, read_text(body, "model") or "", read_text(body, "id"), raw=body)


def parse_finish(raw: Any) -> FinishReason:
    """Say why the model stopped; a reason that is not known is `other`."""
    if raw is not None and not isinstance(raw, str):
        raise ProtocolError("`stop_reason` is not text")
    return FinishReason(_FINISH_REASONS.get(raw or "", "other"), raw)


def parse_block(block: Any) -> Part:
    """Read a content block. One that the core types do not know stays as it is, for the way back."""
    kind = block.get("type") if isinstance(block, Mapping) else None
    match kind:
        case "text":
            return _parse_text(block)
        case "thinking":
            signature = read_text(block, "signature")
            return ReasoningPart(_require_text(block, "thinking"), signature, origin=ORIGIN, raw=block)
        case "redacted_thinking":
            return ReasoningPart(redacted=_require_text(block, "data"), origin=ORIGIN, raw=block)
        case "tool_use":
            arguments = block.get("input")
            if not isinstance(arguments, Mapping):
                raise ProtocolError("`input` of a tool call is not an object")
            return parse_tool_call(block, to_json(arguments).decode())
        case str():
            return OpaquePart(ORIGIN, block)
    raise ProtocolError("a content block has no `type`")


def parse_tool_call(block: Mapping[str, Any], arguments_json: str) -> ToolCall:
    """Read a tool call whose arguments are given as text; what else the block says goes back with it."""
    extra = _extra(block, _CALL_FIELDS)
    return ToolCall.parse(
        _require_text(block, "id"),
        _require_text(block, "name"),
        arguments_json,
        origin=ORIGIN if extra else None,
        extra=extra,
    )


def read_text(holder: Mapping[str, Any], name: str) -> str | None:
    """Return a field's text; None where it is empty, absent or not text."""
    value = holder.get(name)
    return value if isinstance(value, str) and value else None


def _parse_text(block: Mapping[str, Any]) -> TextPart:
    text = _require_text(block, "text")
    if len(block) == 2:
        return TextPart(text)
    citations = block.get("citations") or []
    if not isinstance(citations, list) or not all(isinstance(citation, Mapping) for citation in citations):
        raise ProtocolError("`citations` of a text is not a list of objects")
    extra = _extra(block, _TEXT_FIELDS)
    return TextPart(text, tuple(citations), ORIGIN if citations or extra else None, extra)


def _extra(block: Mapping[str, Any], known: frozenset[str]) -> Mapping[str, Any] | None:
    return {name: value for name, value in block.items() if name not in known and value is not None} or None


def _simplest(parts: Sequence[Part]) -> str | tuple[Part, ...]:
    if len(parts) == 1 and type(parts[0]) is TextPart and parts[0].origin is None:
        return parts[0].text
    return tuple(parts) or ""


def _require_text(block: Mapping[str, Any], name: str) -> str:
    value = block.get(name)
    if not isinstance(value, str):
        raise ProtocolError(f"`{name}` of a {block.get('type')!r} block is not text")
    return value
