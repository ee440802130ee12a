"""Items of a Responses request: the order they must come in, and what they mean to the brain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from core.llms.simulator.conversation import Image, Part, Text, ToolCall, Turn
from core.llms.simulator.openai.errors import ApiError, missing_parameter
from core.llms.simulator.openai.media import decode_file, decode_image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llms.simulator.openai.models import Model


def input_items(value: str | list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """The `input` of a request as a list of items."""
    if value is None:
        return []
    return [{"role": "user", "content": value}] if isinstance(value, str) else value


def check_item_order(items: Sequence[dict[str, Any]]) -> None:
    """Check that function calls and their outputs belong together. Raises: ApiError."""
    called: list[str] = []
    answered: set[str] = set()
    for item in items:
        if item.get("type") == "function_call":
            called.append(item["call_id"])
        elif item.get("type") == "function_call_output":
            if item["call_id"] not in called:
                message = f"No tool call found for function call output with call_id {item['call_id']}."
                raise ApiError(message, param="input")
            answered.add(item["call_id"])
    missing = next((call_id for call_id in called if call_id not in answered), None)
    if missing is not None:
        raise ApiError(f"No tool output found for function call {missing}.", param="input")


def to_turns(instructions: str | None, items: Sequence[dict[str, Any]], model: Model) -> tuple[Turn, ...]:
    """The items as the brain sees them; reasoning is left out. Raises: ApiError for parts the model does not take."""
    turns = [Turn("system", (Text(instructions),))] if instructions else []
    for index, item in enumerate(items):
        match item.get("type", "message"):
            case "message":
                turns.append(_to_message_turn(item, index, model))
            case "function_call":
                call = ToolCall(item["name"], item["arguments"], item["call_id"])
                turns = _with_call(turns, call)
            case "function_call_output":
                parts = _to_parts(item["output"], f"input[{index}].output", model)
                turns.append(Turn("tool", parts, tool_call_id=item["call_id"]))
    return tuple(turns)


def _with_call(turns: list[Turn], call: ToolCall) -> list[Turn]:
    """Calls in a row belong to one turn of the assistant."""
    last = turns[-1] if turns else None
    if last is not None and last.role == "assistant" and last.tool_calls:
        return [*turns[:-1], Turn("assistant", last.parts, (*last.tool_calls, call))]
    return [*turns, Turn("assistant", (), (call,))]


def _to_message_turn(item: dict[str, Any], index: int, model: Model) -> Turn:
    role: Literal["system", "user", "assistant"] = "system" if item["role"] == "developer" else item["role"]
    return Turn(role, _to_parts(item["content"], f"input[{index}].content", model))


def _to_parts(content: str | list[dict[str, Any]], path: str, model: Model) -> tuple[Part, ...]:
    if isinstance(content, str):
        return (Text(content),)
    return tuple(_to_part(part, f"{path}[{position}]", model) for position, part in enumerate(content))


def _to_part(part: dict[str, Any], path: str, model: Model) -> Part:
    match part["type"]:
        case "input_text" | "output_text":
            return Text(part["text"])
        case "refusal":
            return Text(part["refusal"])
        case "input_image":
            return _to_image(part, path, model)
        case _:
            reference = part.get("file_id") or part.get("file_url")
            return decode_file(part.get("file_data"), part.get("filename"), reference, path)


def _to_image(part: dict[str, Any], path: str, model: Model) -> Image:
    if model.images is None:
        message = f"Invalid value: 'input_image'. Model '{model.name}' does not support image inputs."
        raise ApiError(message, param=path, code="invalid_value")
    detail = part.get("detail", "auto")
    if part.get("file_id") is not None:
        return Image(url=part["file_id"], detail=detail)
    if part.get("image_url") is None:
        raise missing_parameter(f"{path}.image_url")
    return decode_image(part["image_url"], detail, f"{path}.image_url")
