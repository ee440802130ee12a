"""A response's output items read into the parts of an assistant message.

The way back, from parts to items, is `items.py`; what an item says beyond its parts is kept for it in an envelope.
Left out for good is what only the server fills in: a message part's `logprobs` (they are the choice's), and a `status`
of `completed`, which the way back writes again where it is required.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.llms.errors import ProtocolError
from core.llms.types.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage

_MESSAGE_FIELDS = frozenset({"type", "id", "role", "status", "content"})
_CALL_FIELDS = frozenset({"type", "id", "call_id", "name", "arguments", "status"})


def parse_output(items: Sequence[Mapping[str, Any]], origin: str) -> AssistantMessage:
    """Read output items, in order. Raises `ProtocolError` for what the wire does not allow."""
    messages = [item for item in items if item.get("type") == "message"]
    message_id = _sole_id(messages)
    parts: list[Part] = []
    for item in items:
        parts.extend(_parse_item(item, origin, with_envelope=message_id is None))
    return AssistantMessage(tuple(parts), id=message_id)


def parse_logprobs(output: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Join the log probabilities of all text, as received, in the form of the chat API: `{"content": […]}`."""
    content: list[Any] = []
    for item in output:
        if item.get("type") == "message":
            for part in item["content"]:
                logprobs = part.get("logprobs")
                content.extend(logprobs if isinstance(logprobs, list) else ())
    return {"content": content} if content else None


def require_items(output: Any) -> list[Mapping[str, Any]]:
    """Return a list of items, each an object with a type, or raise `ProtocolError`."""
    if not isinstance(output, list) or not all(map(is_item, output)):
        raise ProtocolError("`output` of the response is not a list of items")
    return output


def is_item(item: Any) -> bool:
    """Whether a value is an item at all: an object that says its type."""
    return isinstance(item, Mapping) and isinstance(item.get("type"), str)


def reasoning_text(item: Mapping[str, Any]) -> str:
    """Return what a reasoning item shows: its summaries, then its text, each a paragraph."""
    parts = [*_list(item, "summary"), *_list(item, "content")]
    return "\n\n".join(text for part in parts if (text := require_text(part, "text")))


def require_text(item: Mapping[str, Any], name: str) -> str:
    """Return a field that must be a string, or raise `ProtocolError`."""
    value = item.get(name)
    if not isinstance(value, str):
        raise ProtocolError(f"`{name}` of a {item.get('type')!r} is not a string")
    return value


def _sole_id(messages: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the id of the only message, where nothing but the id has to be kept of it."""
    if len(messages) != 1 or not messages[0].get("content") or _extra(messages[0], _MESSAGE_FIELDS):
        return None
    message_id = messages[0].get("id")
    return message_id if isinstance(message_id, str) else None


def _parse_item(item: Mapping[str, Any], origin: str, *, with_envelope: bool) -> list[Part]:
    match item.get("type"):
        case "message":
            return _parse_message(item, origin, with_envelope=with_envelope)
        case "function_call":
            return _parse_function_call(item, origin)
        case "reasoning":
            return [_parse_reasoning(item, origin)]
        case _:
            return [OpaquePart(origin, item)]


def _parse_message(item: Mapping[str, Any], origin: str, *, with_envelope: bool) -> list[Part]:
    parts: list[Part] = []
    if with_envelope:
        parts.append(OpaquePart(origin, {name: value for name, value in item.items() if name != "content"}))
    for content in _list(item, "content"):
        match content.get("type"):
            case "output_text":
                annotations = tuple(_list(content, "annotations"))
                parts.append(TextPart(require_text(content, "text"), annotations))
            case "refusal":
                parts.append(RefusalPart(require_text(content, "refusal")))
            case _:
                parts.append(OpaquePart(origin, content))
    return parts


def _parse_function_call(item: Mapping[str, Any], origin: str) -> list[Part]:
    item_id = item.get("id")
    call = ToolCall.parse(
        require_text(item, "call_id"),
        require_text(item, "name"),
        require_text(item, "arguments"),
        item_id=item_id if isinstance(item_id, str) else None,
    )
    extra = _extra(item, _CALL_FIELDS)
    return [OpaquePart(origin, {"type": "function_call", **extra}), call] if extra else [call]


def _parse_reasoning(item: Mapping[str, Any], origin: str) -> ReasoningPart:
    signature, item_id = item.get("encrypted_content"), item.get("id")
    return ReasoningPart(
        text=reasoning_text(item),
        signature=signature if isinstance(signature, str) else None,
        id=item_id if isinstance(item_id, str) else None,
        origin=origin,
        raw=item,
    )


def _extra(item: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    extra = {name: value for name, value in item.items() if name not in known and value is not None}
    if (status := item.get("status")) not in (None, "completed"):
        extra["status"] = status
    return extra


def _list(item: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    value = item.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
        raise ProtocolError(f"`{name}` of a {item.get('type')!r} is not a list of objects")
    return value
