"""Rewriting a chat-completions body for a server that lacks something. The values of a body are shared: never changed.

Each function changes the body's own keys and says whether there was anything to change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json

_JSON_ONLY = "Answer with one JSON object and nothing else."
_SYSTEM_ROLES = ("system", "developer")


def drop_field(body: dict[str, Any], name: str) -> bool:
    """Leave a field out."""
    return body.pop(name, None) is not None


def rename_field(body: dict[str, Any], name: str, other: str) -> bool:
    """Send a field under another name."""
    if name not in body:
        return False
    body[other] = body.pop(name)
    return True


def drop_auto_tool_choice(body: dict[str, Any]) -> bool:
    """Leave out a choice among the tools that is left to the model; any other would be missed."""
    return body.get("tool_choice") == "auto" and drop_field(body, "tool_choice")


def drop_strict(body: dict[str, Any]) -> bool:
    """Leave `strict` out of the tools and of the answer's schema."""
    tools = [_without_strict(tool, "function") for tool in body.get("tools") or ()]
    form = _without_strict(body.get("response_format"), "json_schema")
    changed: bool = form != body.get("response_format") or tools != (body.get("tools") or [])
    if changed and tools:
        body["tools"] = tools
    if changed and form is not None:
        body["response_format"] = form
    return changed


def _without_strict(holder: Any, name: str) -> Any:
    inner = holder.get(name) if isinstance(holder, Mapping) else None
    if not isinstance(inner, Mapping) or "strict" not in inner:
        return holder
    return {**holder, name: {key: value for key, value in inner.items() if key != "strict"}}


def loosen_json_schema(body: dict[str, Any]) -> bool:
    """Ask for any JSON object, with the schema in the prompt."""
    form = body.get("response_format")
    if not isinstance(form, Mapping) or form.get("type") != "json_schema":
        return False
    schema = to_json(form["json_schema"].get("schema") or {}).decode()
    _instruct(body, f"{_JSON_ONLY} It must fit this JSON schema:\n{schema}")
    body["response_format"] = {"type": "json_object"}
    return True


def ask_for_json(body: dict[str, Any]) -> bool:
    """Ask for a JSON object in the prompt alone."""
    form = body.get("response_format")
    if not isinstance(form, Mapping) or form.get("type") != "json_object":
        return False
    del body["response_format"]
    if not any(_JSON_ONLY in str(message.get("content")) for message in body["messages"]):
        _instruct(body, _JSON_ONLY)
    return True


def _instruct(body: dict[str, Any], instruction: str) -> None:
    messages = list(body["messages"])
    first = messages[0] if messages else {}
    if first.get("role") in _SYSTEM_ROLES:
        messages[0] = {**first, "content": _join(first.get("content"), instruction)}
    else:
        messages.insert(0, {"role": "system", "content": instruction})
    body["messages"] = messages


def fold_system_messages(body: dict[str, Any]) -> bool:
    """Put system messages at the head of the user message behind them, so that roles still take turns."""
    folded: list[Any] = []
    waiting: Any = None
    for message in body["messages"]:
        role, content = message.get("role"), message.get("content")
        if role in _SYSTEM_ROLES:
            waiting = content if waiting is None else _join(waiting, content)
            continue
        if waiting is not None and role == "user":
            message = {**message, "content": _join(waiting, content)}
        elif waiting is not None:
            folded.append({"role": "user", "content": waiting})
        waiting = None
        folded.append(message)
    if waiting is not None:
        folded.append({"role": "user", "content": waiting})
    changed: bool = folded != body["messages"]
    body["messages"] = folded
    return changed


def _join(head: Any, tail: Any) -> Any:
    if isinstance(head, str) and isinstance(tail, str):
        return f"{head}\n\n{tail}"
    return [*_blocks(head), *_blocks(tail)]


def _blocks(content: Any) -> list[Any]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content or ())
