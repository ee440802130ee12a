"""Messages of a chat: the roles they may have, what each must hold, and what they mean to the brain.

That a tool's result must answer a call before it is said by IBM's guide; in what words another one is refused is not
known, and made up here.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Any

from core.llms.simulator.conversation import Image, Part, Text, ToolCall, Turn
from core.llms.simulator.images import NotAnImageError, read_image
from core.llms.simulator.watsonx.errors import empty_field, invalid_argument, invalid_document, missing_field
from core.llms.simulator.watsonx.rules import require_choice

if TYPE_CHECKING:
    from core.llms.simulator.watsonx.models import Model

_ROLES = ("system", "user", "assistant", "tool")
_PARTS = ("text", "image_url")
_DETAILS = ("auto", "low", "high")
_DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,(.*)\Z", re.DOTALL)


def to_turns(body: dict[str, Any], model: Model) -> tuple[Turn, ...]:
    """The messages as the brain sees them. Raises: ApiError."""
    messages = body.get("messages")
    if not messages:
        raise empty_field("messages")
    called: set[str] = set()
    turns = []
    for index, message in enumerate(messages):
        turns.append(_to_turn(message, f"messages[{index}]", model, called))
        called |= {call.id for call in turns[-1].tool_calls}
    _check_images(turns, model)
    return tuple(turns)


def _to_turn(message: dict[str, Any], path: str, model: Model, called: set[str]) -> Turn:
    role = message.get("role")
    if not role:
        raise missing_field(f"{path}.role")
    require_choice(message, "role", _ROLES, f"{path}.")
    calls = _to_calls(message, path) if role == "assistant" else ()
    if message.get("content") is None and not calls and not message.get("refusal"):
        raise missing_field(f"{path}.content")
    if role == "tool":
        _check_result(message, path, called)
    parts = _to_parts(message, path, model)
    return Turn(role, parts, calls, message.get("tool_call_id") if role == "tool" else None)


def _to_calls(message: dict[str, Any], path: str) -> tuple[ToolCall, ...]:
    return tuple(
        _to_call(call, f"{path}.tool_calls[{index}]") for index, call in enumerate(message.get("tool_calls") or ())
    )


def _to_call(call: dict[str, Any], path: str) -> ToolCall:
    for name in ("id", "type", "function"):
        if not call.get(name):
            raise missing_field(f"{path}.{name}")
    require_choice(call, "type", ("function",), f"{path}.")
    function = call["function"]
    for name in ("name", "arguments"):
        if not function.get(name):
            raise missing_field(f"{path}.function.{name}")
    return ToolCall(function["name"], function["arguments"], call["id"])


def _check_result(message: dict[str, Any], path: str, called: set[str]) -> None:
    if not message.get("tool_call_id"):
        raise missing_field(f"{path}.tool_call_id")
    if message["tool_call_id"] not in called:
        raise invalid_document(f"{path}.tool_call_id does not match the id of any tool call before it")


def _to_parts(message: dict[str, Any], path: str, model: Model) -> tuple[Part, ...]:
    content = message.get("content")
    if content is None:
        refusal = message.get("refusal")
        return (Text(refusal),) if refusal else ()
    if isinstance(content, str):
        return (Text(content),)
    return tuple(_to_part(part, f"{path}.content[{index}]", model) for index, part in enumerate(content))


def _to_part(part: dict[str, Any], path: str, model: Model) -> Part:
    if not part.get("type"):
        raise missing_field(f"{path}.type")
    require_choice(part, "type", _PARTS, f"{path}.")
    if part["type"] == "text":
        if part.get("text") is None:
            raise missing_field(f"{path}.text")
        return Text(part["text"])
    image = part.get("image_url") or {}
    if not image.get("url"):
        raise missing_field(f"{path}.image_url.url")
    require_choice(image, "detail", _DETAILS, f"{path}.image_url.")
    return _to_image(image["url"], image.get("detail", "auto"), model)


def _to_image(url: str, detail: str, model: Model) -> Image:
    if url.startswith(("http://", "https://")):
        return Image(url=url, detail=detail)
    match = _DATA_URL.match(url)
    if match is None:
        raise invalid_argument(model.name, "The URL must be either a HTTP, data or file URL.")
    try:
        data = base64.b64decode(match[1], validate=True)
        read_image(data)
    except (binascii.Error, NotAnImageError) as error:
        raise invalid_argument(model.name, "cannot identify image file") from error
    return Image(data=data, detail=detail)


def _check_images(turns: list[Turn], model: Model) -> None:
    count = sum(isinstance(part, Image) for turn in turns for part in turn.parts)
    if count > model.images:
        raise invalid_argument(model.name, f"At most {model.images} image(s) may be provided in one request.")
