"""Writing messages: text, images, thoughts and calls each have one field. Parts must hold bytes: nothing is read."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, Final

from core.llms.errors import MediaError
from core.llms.types.content import (
    AudioPart,
    FilePart,
    ImagePart,
    OpaquePart,
    Part,
    ReasoningPart,
    RefusalPart,
    TextPart,
    ToolCall,
    parse_data_url,
)
from core.llms.types.messages import AssistantMessage, DeveloperMessage, Message, ToolMessage
from core.llms.wires.ollama.dialect import ORIGIN

_ERROR_PREFIX: Final = "Error: "


def render_messages(messages: Sequence[Message], warnings: list[str]) -> list[dict[str, Any]]:
    """Write messages in order.

    A message's texts are joined; its images stand beside them, which the server shows before the text. A failed result
    begins with `Error: `. Reasoning and blocks of other wires, and a message's `name`, are left out with a warning.
    Raises `MediaError` for documents, sound, and images that are given by an address.
    """
    calls: dict[str, ToolCall] = {}
    rendered = []
    for index, message in enumerate(messages):
        place = f"messages[{index}]"
        if isinstance(message, AssistantMessage):
            calls.update((call.id, call) for call in message.tool_calls)
            rendered.append(_render_assistant(message, place, warnings))
        elif isinstance(message, ToolMessage):
            rendered.append(_render_result(message, calls.get(message.tool_call_id), place, warnings))
        else:
            role = "system" if isinstance(message, DeveloperMessage) else message.role
            rendered.append({"role": role, **_render_content(message, place, warnings)})
        if message.name is not None and not isinstance(message, ToolMessage):
            warnings.append(f"{place}: `name` was left out: the {ORIGIN} wire has no place for it")
    return rendered


def _render_content(message: Message, place: str, warnings: list[str]) -> dict[str, Any]:
    content: dict[str, Any] = {"content": message.text}
    images = []
    for part in message.parts:
        match part:
            case ImagePart():
                images.append(_render_image(part, place))
            case FilePart() | AudioPart():
                kind = "documents" if isinstance(part, FilePart) else "sound"
                raise MediaError(f"{place}: Ollama takes text and images, no {kind}; give it as text")
            case OpaquePart():
                warnings.append(_left_out(place, part))
    return {**content, "images": images} if images else content


def _render_image(part: ImagePart, place: str) -> str:
    data = part.data
    if part.url is not None:
        if not part.url.startswith("data:"):
            raise MediaError(
                f"{place}: Ollama reads no image from an address: pass its bytes or path, or fetch_remote_media=True"
            )
        try:
            _, data = parse_data_url(part.url)
        except ValueError as error:
            raise MediaError(f"{place}: {error}") from error
    if data is None:
        raise MediaError(f"{place}: the file at a path must be read before a request is rendered; pass `data`")
    return base64.b64encode(data).decode()


def _render_assistant(message: AssistantMessage, place: str, warnings: list[str]) -> dict[str, Any]:
    rendered: dict[str, Any] = {"role": "assistant"}
    said = [part.text for part in message.parts if isinstance(part, TextPart | RefusalPart)]
    rendered["content"] = "".join(said)
    thoughts = []
    calls = []
    for part in message.parts:
        match part:
            case ReasoningPart() | OpaquePart() if part.origin != ORIGIN:
                warnings.append(_left_out(place, part))
            case ReasoningPart():
                thoughts.append(part.text)
            case OpaquePart():
                rendered |= part.data
            case ToolCall():
                calls.append(_render_call(part, place, warnings))
    if thoughts:
        rendered["thinking"] = "".join(thoughts)
    if calls:
        rendered["tool_calls"] = calls
    return rendered


def _render_call(call: ToolCall, place: str, warnings: list[str]) -> dict[str, Any]:
    if call.arguments_error is not None:
        warnings.append(f"{place}: the arguments of a call to {call.name} were left out: {call.arguments_error}")
    own = call.extra if call.origin == ORIGIN and call.extra else {}
    id = vendor_id(call)
    named = {} if id is None else {"id": id}
    return {**named, **own, "function": {"name": call.name, "arguments": dict(call.arguments)}}


def vendor_id(call: ToolCall) -> str | None:
    """Return the id under which the server knows a call; older servers gave none to their own."""
    return call.item_id if call.origin == ORIGIN else call.id


def _render_result(message: ToolMessage, call: ToolCall | None, place: str, warnings: list[str]) -> dict[str, Any]:
    rendered: dict[str, Any] = {"role": "tool", **_render_content(message, place, warnings)}
    if message.is_error:
        rendered["content"] = _ERROR_PREFIX + (rendered["content"] or "the tool failed")
    name = message.name or (call.name if call else None)
    if name is not None:
        rendered["tool_name"] = name
    id = vendor_id(call) if call else message.tool_call_id
    if id is not None:
        rendered["tool_call_id"] = id
    return rendered


def _left_out(place: str, part: Part) -> str:
    what = "reasoning" if isinstance(part, ReasoningPart) else "a block"
    origin = getattr(part, "origin", None) or "unknown origin"
    return f"{place}: {what} of {origin} was left out: the {ORIGIN} wire cannot carry it"
