"""Chat messages: the order they must come in, and what they mean to the brain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.conversation import Part, Text, ToolCall, Turn
from core.llms.simulator.openai.errors import ApiError, missing_parameter
from core.llms.simulator.openai.media import decode_audio, decode_file, decode_image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llms.simulator.openai.models import Model

_ORPHAN = "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."


def check_message_order(messages: Sequence[dict[str, Any]]) -> None:
    """Check that tool calls and their results belong together. Raises: ApiError."""
    waiting: list[str] = []
    answered: set[str] = set()
    for index, message in enumerate(messages):
        _check_content(message, index)
        if message["role"] == "tool":
            _check_result(message["tool_call_id"], index, waiting, answered)
            answered.add(message["tool_call_id"])
            continue
        _check_all_answered(waiting, answered, f"messages.[{index}].role")
        waiting = [call["id"] for call in message.get("tool_calls") or ()]
        answered = set()
    _check_all_answered(waiting, answered, "messages")


def _check_content(message: dict[str, Any], index: int) -> None:
    speaks = message.get("content") is not None
    acts = message["role"] == "assistant" and (message.get("tool_calls") or message.get("refusal"))
    if not speaks and not acts:
        message_text = "Invalid value for 'content': expected a string, got null."
        raise ApiError(message_text, param=f"messages.[{index}].content")


def _check_result(call_id: str, index: int, waiting: list[str], answered: set[str]) -> None:
    if not waiting:
        raise ApiError(_ORPHAN, param=f"messages.[{index}].role")
    if call_id not in waiting:
        message = f"Invalid parameter: 'tool_call_id' of '{call_id}' not found in 'tool_calls' of previous message."
        raise ApiError(message, param=f"messages.[{index}].tool_call_id")
    if call_id in answered:
        message = f"Duplicate value for 'tool_call_id' of '{call_id}'"
        raise ApiError(message, param=f"messages.[{index}].tool_call_id")


def _check_all_answered(waiting: list[str], answered: set[str], param: str) -> None:
    missing = [call_id for call_id in waiting if call_id not in answered]
    if missing:
        message = (
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            f"'tool_call_id'. The following tool_call_ids did not have response messages: {', '.join(missing)}"
        )
        raise ApiError(message, param=param)


def to_turns(messages: Sequence[dict[str, Any]], model: Model) -> tuple[Turn, ...]:
    """The messages as the brain sees them. Raises: ApiError for parts the model or the vendor does not take."""
    return tuple(_to_turn(message, index, model) for index, message in enumerate(messages))


def _to_turn(message: dict[str, Any], index: int, model: Model) -> Turn:
    role = message["role"]
    calls = tuple(
        ToolCall(call["function"]["name"], call["function"]["arguments"], call["id"])
        for call in message.get("tool_calls") or ()
    )
    return Turn(
        role="system" if role == "developer" else role,
        parts=_to_parts(message, index, model),
        tool_calls=calls,
        tool_call_id=message.get("tool_call_id"),
    )


def _to_parts(message: dict[str, Any], index: int, model: Model) -> tuple[Part, ...]:
    content = message.get("content")
    if content is None:
        refusal = message.get("refusal")
        return (Text(refusal),) if refusal else ()
    if isinstance(content, str):
        return (Text(content),)
    return tuple(_to_part(part, index, position, model) for position, part in enumerate(content))


def _to_part(part: dict[str, Any], index: int, position: int, model: Model) -> Part:
    path = f"messages[{index}].content[{position}]"
    match part["type"]:
        case "text":
            return Text(part["text"])
        case "refusal":
            return Text(part["refusal"])
        case "image_url":
            return _to_image(part["image_url"], index, position, model)
        case "input_audio":
            _require_audio(index, model)
            sound = part["input_audio"]
            return decode_audio(sound["data"], sound["format"], f"{path}.input_audio")
        case _:
            file = part["file"]
            if not file:
                raise missing_parameter(f"{path}.file.file_id")
            return decode_file(file.get("file_data"), file.get("filename"), file.get("file_id"), f"{path}.file")


def _to_image(image: dict[str, Any], index: int, position: int, model: Model) -> Part:
    if model.images is None:
        message = "Invalid content type. image_url is only supported by certain models."
        raise ApiError(message, param=f"messages.[{index}].content.[{position}].type")
    path = f"messages[{index}].content[{position}].image_url.url"
    return decode_image(image["url"], image.get("detail", "auto"), path)


def _require_audio(index: int, model: Model) -> None:
    if not model.audio:
        message = f"Invalid 'messages[{index}]'. Content blocks are expected to be either text or image_url type."
        raise ApiError(message, param=f"messages[{index}]", code="invalid_value")
