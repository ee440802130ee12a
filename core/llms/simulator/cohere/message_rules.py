"""Rules between the messages of a request: who may say what, in which order, and what may not be empty.

That the last message is the user's or a tool's, and that every call is answered, no page of the vendor says and no
recorded exchange contradicts; the rest is in Cohere, "Errors".
"""

from __future__ import annotations

from typing import Any

from core.llms.simulator.cohere.errors import ApiError, invalid_request


def check_messages(messages: list[dict[str, Any]]) -> None:
    """Check a conversation whose shape is checked. Raises: ApiError."""
    if not messages:
        raise invalid_request("list of messages must not be empty")
    for message in messages:
        if _is_empty(message):
            raise ApiError("message must not be empty in a turn")
    _check_system_turns(messages)
    _check_tool_calls(messages)
    if messages[-1]["role"] not in ("user", "tool"):
        raise invalid_request("the last message must be from the user or a tool")


def content_blocks(content: str | list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks of a content; a text is one."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def count_images(messages: list[dict[str, Any]]) -> int:
    """How many images there are."""
    blocks = (block for message in messages for block in content_blocks(message.get("content", [])))
    return sum(block["type"] == "image_url" for block in blocks)


def _is_empty(message: dict[str, Any]) -> bool:
    if message.get("tool_calls"):
        return False
    blocks = content_blocks(message.get("content", []))
    return not any(block["type"] != "text" or block["text"] for block in blocks)


def _check_system_turns(messages: list[dict[str, Any]]) -> None:
    others = False
    for message in messages:
        if message["role"] != "system":
            others = True
        elif others:
            raise ApiError("system turn must be the first in the list")
    if not others:
        raise invalid_request("list of messages must have a message that is not a system turn")


def _check_tool_calls(messages: list[dict[str, Any]]) -> None:
    known: set[str] = set()
    waiting: list[str] = []
    for message in messages:
        if message["role"] == "tool":
            _check_result(message["tool_call_id"], known)
            waiting = [identity for identity in waiting if identity != message["tool_call_id"]]
            continue
        if waiting:
            raise invalid_request(f"tool calls must be followed by their results (missing: {', '.join(waiting)})")
        waiting = _new_calls(message, known)
    if waiting:
        raise invalid_request(f"tool calls must be followed by their results (missing: {', '.join(waiting)})")


def _check_result(identity: str, known: set[str]) -> None:
    if not identity:
        raise ApiError("tool call id must be provided with tool message")
    if identity not in known:
        raise ApiError("tool call id not found in previous tool calls")


def _new_calls(message: dict[str, Any], known: set[str]) -> list[str]:
    calls = [call["id"] for call in message.get("tool_calls", ())]
    for identity in calls:
        if not identity:
            raise ApiError("tool call id must be provided with tool message")
        if identity in known:
            raise ApiError("cannot have duplicate tool ids")
        known.add(identity)
    return calls
