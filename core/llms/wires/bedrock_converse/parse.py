"""Reading a whole answer. The stream decoder ends with the same functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic_core import to_json

from core.llms.errors import ProtocolError
from core.llms.types.content import OpaquePart, Part, ReasoningPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage
from core.llms.types.response import Choice, FinishReason, LLMResponse, UnifiedFinish
from core.llms.wires.bedrock_converse.dialect import ORIGIN
from core.llms.wires.bedrock_converse.failures import create_failure
from core.llms.wires.bedrock_converse.usage import parse_usage

_FINISH_REASONS: Final[Mapping[str, UnifiedFinish]] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "guardrail_intervened": "content_filter",
    "content_filtered": "content_filter",
    "malformed_model_output": "error",
    "malformed_tool_use": "error",
    "refusal": "refusal",
    "pause_turn": "pause",
}


def parse_converse(body: Mapping[str, Any]) -> LLMResponse:
    """Read a body. Raises `ProtocolError` (not the wire) or `APIError` (an error under status 200)."""
    if not isinstance(body, Mapping):
        raise ProtocolError(f"the answer is not a JSON object but {type(body).__name__}")
    output = body.get("output")
    message = output.get("message") if isinstance(output, Mapping) else None
    content = message.get("content") if isinstance(message, Mapping) else None
    if not isinstance(content, list):
        raise _no_content(body)
    return create_response(body, [parse_block(block) for block in content])


def _no_content(body: Mapping[str, Any]) -> Exception:
    holder = next(
        (value for value in (body, body.get("Output")) if isinstance(value, Mapping) and "__type" in value), None
    )
    if holder is not None:
        return create_failure(str(holder["__type"]).rpartition("#")[2], holder)
    return ProtocolError("the answer has no `output.message.content`")


def create_response(
    body: Mapping[str, Any], parts: Sequence[Part], finish_reason: FinishReason | None = None
) -> LLMResponse:
    """Make the response of its parts and the body around them; a guardrail's trace is the choice's `content_filter`."""
    trace = body.get("trace")
    choice = Choice(
        AssistantMessage(_simplest(parts)),
        finish_reason or parse_finish(body.get("stopReason")),
        content_filter=trace if isinstance(trace, Mapping) else None,
    )
    return LLMResponse((choice,), parse_usage(body.get("usage"), body), raw=body)


def parse_finish(raw: Any) -> FinishReason:
    """Say why the model stopped; a reason that is not known is `other`."""
    if raw is not None and not isinstance(raw, str):
        raise ProtocolError("`stopReason` is not text")
    return FinishReason(_FINISH_REASONS.get(raw or "", "other"), raw)


def parse_block(block: Any, arguments_json: str | None = None) -> Part:
    """Read a content block. One that the core types do not know stays as it is, for the way back.

    `arguments_json` is the text of a call's arguments where it came as text.
    """
    if not isinstance(block, Mapping) or not block:
        raise ProtocolError("a content block is not an object, or empty")
    if "text" in block:
        return TextPart(_require_text(block, "text"))
    if "toolUse" in block and not _is_server_side(block["toolUse"]):
        return _parse_call(_require_object(block, "toolUse"), arguments_json)
    if "reasoningContent" in block:
        return _parse_reasoning(_require_object(block, "reasoningContent"), block)
    if "citationsContent" in block:
        return _parse_citations(_require_object(block, "citationsContent"))
    return OpaquePart(ORIGIN, block)


def _is_server_side(call: Any) -> bool:
    # Calls of the caller's own tools can have a type too, `tool_use`, which does not go back.
    return isinstance(call, Mapping) and call.get("type") == "server_tool_use"


def _parse_call(call: Mapping[str, Any], arguments_json: str | None) -> ToolCall:
    arguments = call.get("input")
    if arguments_json is None:
        if not isinstance(arguments, Mapping):
            raise ProtocolError("`input` of a tool call is not an object")
        arguments_json = to_json(arguments).decode()
    return ToolCall.parse(_require_text(call, "toolUseId"), _require_text(call, "name"), arguments_json)


def _parse_reasoning(content: Mapping[str, Any], block: Mapping[str, Any]) -> ReasoningPart:
    if "redactedContent" in content:
        return ReasoningPart(redacted=_require_text(content, "redactedContent"), origin=ORIGIN, raw=block)
    thought = _require_object(content, "reasoningText")
    signature = thought.get("signature")
    if signature is not None and not isinstance(signature, str):
        raise ProtocolError("`signature` of reasoning is not text")
    return ReasoningPart(_require_text(thought, "text"), signature or None, origin=ORIGIN, raw=block)


def _parse_citations(content: Mapping[str, Any]) -> TextPart:
    """Read a text with its citations; how the text was cut goes back in `extra`."""
    pieces, citations = content.get("content"), content.get("citations") or []
    if not isinstance(citations, list) or not all(isinstance(citation, Mapping) for citation in citations):
        raise ProtocolError("`citations` of a text is not a list of objects")
    if pieces is not None and not (isinstance(pieces, list) and all(isinstance(piece, Mapping) for piece in pieces)):
        raise ProtocolError("`content` of a cited text is not a list of objects")
    text = "".join(_require_text(piece, "text") for piece in pieces or () if "text" in piece)
    return TextPart(text, tuple(citations), ORIGIN, {"content": pieces})


def _simplest(parts: Sequence[Part]) -> str | tuple[Part, ...]:
    if len(parts) == 1 and type(parts[0]) is TextPart and parts[0].origin is None:
        return parts[0].text
    return tuple(parts) or ""


def _require_object(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = holder.get(name)
    if not isinstance(value, Mapping):
        raise ProtocolError(f"`{name}` of a content block is not an object")
    return value


def _require_text(holder: Mapping[str, Any], name: str) -> str:
    value = holder.get(name)
    if not isinstance(value, str):
        raise ProtocolError(f"`{name}` of a content block is not text")
    return value
