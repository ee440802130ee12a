"""A response's output items read into the parts of an assistant message.

The way back, from parts to items, is `items.py`. What an item says beyond its parts is kept for it in their `extra`:
a text or refusal has the whole message item without its content (so that parts of one item have equal ones), a tool
call what no field of `ToolCall` holds. Left out for good is what only the server fills in: a text's `logprobs` (they
are the choice's) and a finished call's `status`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.llms.errors import ProtocolError
from core.llms.types.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage

_CALL_FIELDS = frozenset({"type", "id", "call_id", "name", "arguments"})


def parse_output(items: Sequence[Mapping[str, Any]], origin: str) -> AssistantMessage:
    """Read output items, in order. Raises `ProtocolError` for what the wire does not allow."""
    parts: list[Part] = []
    for item in items:
        parts.extend(_parse_item(item, origin))
    return AssistantMessage(tuple(parts))


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


def _parse_item(item: Mapping[str, Any], origin: str) -> list[Part]:
    match item.get("type"):
        case "message":
            return _parse_message(item, origin)
        case "function_call":
            return [_parse_function_call(item, origin)]
        case "reasoning":
            return [_parse_reasoning(item, origin)]
        case _:
            return [OpaquePart(origin, item)]


def _parse_message(item: Mapping[str, Any], origin: str) -> list[Part]:
    """Read a message's contents; one that no part can hold, or none at all, is the message with that content alone."""
    contents = _list(item, "content")
    facts = {name: value for name, value in item.items() if name != "content" and value is not None}
    if not contents:
        return [OpaquePart(origin, {**facts, "content": []})]
    parts: list[Part] = []
    for content in contents:
        match content.get("type"):
            case "output_text":
                annotations = tuple(_list(content, "annotations"))
                parts.append(TextPart(require_text(content, "text"), annotations, origin, facts))
            case "refusal":
                parts.append(RefusalPart(require_text(content, "refusal"), origin, facts))
            case _:
                parts.append(OpaquePart(origin, {**facts, "content": [content]}))
    return parts


def _parse_function_call(item: Mapping[str, Any], origin: str) -> ToolCall:
    item_id = item.get("id")
    extra = {name: value for name, value in item.items() if name not in _CALL_FIELDS and value is not None}
    if extra.get("status") == "completed":
        del extra["status"]
    return ToolCall.parse(
        require_text(item, "call_id"),
        require_text(item, "name"),
        require_text(item, "arguments"),
        item_id=item_id if isinstance(item_id, str) else None,
        origin=origin,
        extra=extra or None,
    )


def _parse_reasoning(item: Mapping[str, Any], origin: str) -> ReasoningPart:
    signature, item_id = item.get("encrypted_content"), item.get("id")
    return ReasoningPart(
        text=reasoning_text(item),
        signature=signature if isinstance(signature, str) else None,
        id=item_id if isinstance(item_id, str) else None,
        origin=origin,
        raw=item,
    )


def _list(item: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    value = item.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
        raise ProtocolError(f"`{name}` of a {item.get('type')!r} is not a list of objects")
    return value
