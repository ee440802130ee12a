"""Writing messages, and the documents that stand beside them. Parts must hold bytes or addresses: nothing is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from core.llms.types.content import ImagePart, OpaquePart, ReasoningPart, RefusalPart, TextPart, ToolCall
from core.llms.types.messages import (
    AssistantMessage,
    DeveloperMessage,
    Message,
    SystemMessage,
    ToolMessage,
    UserMessage,
)
from core.llms.wires.cohere_v2.media import refuse_sound, render_document, render_image

ORIGIN: Final = "cohere_v2"
PLAN: Final = "tool_plan"
_ERROR_PREFIX: Final = "Error: "


@dataclass(slots=True)
class Conversation:
    """A rendered conversation: its messages, and the documents that it may cite."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)


def render_conversation(messages: Sequence[Message], warnings: list[str]) -> Conversation:
    """Write messages in order.

    A user's files become `documents` of the request, in their order, with their names as titles; a tool's become
    document blocks of its result. Images of a tool's result follow in a user message, with a warning. A failed result
    begins with `Error: `. A system or developer message that stands later moves to the top, with a warning: "system
    turn must be the first in the list" is among Cohere's errors (read 2026-11-21). Reasoning and blocks of other wires,
    and a message's `name`, are left out with a warning.
    """
    conversation, moved = Conversation(), list[dict[str, Any]]()
    for index, message in enumerate(messages):
        place = f"messages[{index}]"
        if isinstance(message, SystemMessage | DeveloperMessage):
            _add_instructions(message, conversation, place, warnings)
            continue
        if isinstance(message, ToolMessage):
            conversation.messages.append(_render_result(message, moved, place, warnings))
            continue
        _flush(moved, conversation)
        _warn_of_name(message, place, warnings)
        if isinstance(message, AssistantMessage):
            conversation.messages.append(_render_assistant(message, place, warnings))
        else:
            conversation.messages.append(_render_user(message, conversation, place, warnings))
    _flush(moved, conversation)
    return conversation


def _add_instructions(
    message: SystemMessage | DeveloperMessage, conversation: Conversation, place: str, warnings: list[str]
) -> None:
    _warn_of_name(message, place, warnings)
    leading = sum(1 for rendered in conversation.messages if rendered["role"] == "system")
    if leading < len(conversation.messages):
        warnings.append(f"{place}: the system message moved to the top: it cannot stand here")
    conversation.messages.insert(leading, {"role": "system", "content": _simplified(_texts(message))})


def _warn_of_name(message: Message, place: str, warnings: list[str]) -> None:
    if message.name is not None:
        warnings.append(f"{place}: `name` was left out: the {ORIGIN} wire has no place for it")


def _flush(moved: list[dict[str, Any]], conversation: Conversation) -> None:
    if moved:
        conversation.messages.append({"role": "user", "content": [*moved]})
        moved.clear()


def _texts(message: Message) -> list[dict[str, Any]]:
    return [{"type": "text", "text": part.text} for part in message.parts if isinstance(part, TextPart)]


def _simplified(blocks: list[dict[str, Any]]) -> str | list[dict[str, Any]]:
    """Return a single text as a string, which means the same."""
    if not blocks:
        return ""
    return blocks[0]["text"] if len(blocks) == 1 and blocks[0]["type"] == "text" else blocks


def _render_user(message: UserMessage, conversation: Conversation, place: str, warnings: list[str]) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = []
    for part in message.parts:
        match part:
            case TextPart():
                blocks.append({"type": "text", "text": part.text})
            case ImagePart():
                blocks.append(render_image(part, place, warnings))
            case OpaquePart() if part.origin == ORIGIN:
                blocks.append(dict(part.data))
            case OpaquePart():
                warnings.append(_left_out(place, part))
            case _:
                refuse_sound(part, place)
                conversation.documents.append(render_document(part, place, len(conversation.documents)))
    return {"role": "user", "content": _simplified(blocks)}


def _render_assistant(message: AssistantMessage, place: str, warnings: list[str]) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = []
    plans: list[str] = []
    calls: list[dict[str, Any]] = []
    citations: list[Any] = []
    for part in message.parts:
        match part:
            case ReasoningPart() | OpaquePart() if part.origin != ORIGIN:
                warnings.append(_left_out(place, part))
            case ReasoningPart() if part.raw is not None and PLAN in part.raw:
                plans.append(part.text)
            case ReasoningPart():
                blocks.append({"type": "thinking", "thinking": part.text})
            case TextPart() | RefusalPart():
                blocks.append({"type": "text", "text": part.text})
                if isinstance(part, TextPart) and part.origin == ORIGIN:
                    citations.extend(part.annotations)
            case OpaquePart():
                blocks.append(dict(part.data))
            case ToolCall():
                calls.append(_render_call(part))
    rendered: dict[str, Any] = {"role": "assistant"}
    if blocks or not calls:
        rendered["content"] = _simplified(blocks)
    if plans:
        rendered[PLAN] = "".join(plans)
    if calls:
        rendered["tool_calls"] = calls
    return {**rendered, "citations": citations} if citations else rendered


def _render_call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments_json or "{}"}
    return {"id": call.id, "type": "function", "function": function}


def _render_result(
    message: ToolMessage, moved: list[dict[str, Any]], place: str, warnings: list[str]
) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = []
    images = [part for part in message.parts if isinstance(part, ImagePart)]
    for part in message.parts:
        match part:
            case TextPart():
                blocks.append({"type": "text", "text": part.text})
            case ImagePart():
                continue
            case _:
                blocks.append({"type": "document", "document": render_document(part, place, None)})
    if images:
        moved.append({"type": "text", "text": f"The images that tool call {message.tool_call_id} returned:"})
        moved.extend(render_image(part, place, warnings) for part in images)
        warnings.append(f"{place}: the images of a tool result went into a user message behind it")
        blocks = blocks or [{"type": "text", "text": "The result follows in the next user message."}]
    if message.is_error:
        text = next((block for block in blocks if block["type"] == "text"), None)
        if text is None:
            blocks.insert(0, {"type": "text", "text": _ERROR_PREFIX + "the tool failed"})
        else:
            text["text"] = _ERROR_PREFIX + (text["text"] or "the tool failed")
    return {"role": "tool", "tool_call_id": message.tool_call_id, "content": _simplified(blocks)}


def _left_out(place: str, part: ReasoningPart | OpaquePart) -> str:
    what = "reasoning" if isinstance(part, ReasoningPart) else "a block"
    return f"{place}: {what} of {part.origin or 'unknown origin'} was left out: the {ORIGIN} wire cannot carry it"
