"""Messages in the form of OpenTelemetry's conventions for generative AI, for those who choose to record them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from core.llms.runtime.secret_patterns import mask_secrets
from core.llms.types.content import AudioPart, FilePart, ImagePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCall
from core.llms.types.messages import DeveloperMessage, Message, SystemMessage, ToolMessage
from core.llms.types.response import LLMResponse

_MODALITIES = {ImagePart: "image", AudioPart: "audio", FilePart: "document"}


def render_input(messages: Sequence[Message]) -> str:
    """Return the messages of a conversation, system messages left out, as JSON with what looks like a secret masked."""
    shown = [message for message in messages if not isinstance(message, SystemMessage | DeveloperMessage)]
    return _to_json([{"role": message.role, "parts": _parts_of(message)} for message in shown])


def render_system(messages: Sequence[Message]) -> str | None:
    """Return the instructions of a conversation as JSON; None where there are none."""
    systems = [message for message in messages if isinstance(message, SystemMessage | DeveloperMessage)]
    return _to_json([part for message in systems for part in _parts_of(message)]) if systems else None


def render_output(response: LLMResponse) -> str:
    """Return the answers of a response as JSON."""
    return _to_json(
        [
            {
                "role": "assistant",
                "parts": _parts_of(choice.message),
                "finish_reason": choice.finish_reason.unified,
            }
            for choice in response.choices
        ]
    )


def _to_json(value: Any) -> str:
    return mask_secrets(json.dumps(value, ensure_ascii=False))


def _parts_of(message: Message) -> list[dict[str, Any]]:
    parts: Iterable[Part] = [TextPart(message.content)] if isinstance(message.content, str) else message.content
    shown = [part for part in map(_part, parts) if part is not None]
    if isinstance(message, ToolMessage):
        return [{"type": "tool_call_response", "id": message.tool_call_id, "response": shown}]
    return shown


def _part(part: Any) -> dict[str, Any] | None:
    match part:
        case TextPart() | RefusalPart():
            return {"type": "text", "content": part.text}
        case ReasoningPart():
            return {"type": "reasoning", "content": part.text} if part.text else None
        case ToolCall():
            return {"type": "tool_call", "id": part.id, "name": part.name, "arguments": dict(part.arguments)}
        case ImagePart() | AudioPart() | FilePart():
            return _media(part)
    return None


def _media(part: ImagePart | AudioPart | FilePart) -> dict[str, Any]:
    # The bytes of media would make a span of megabytes: what they are is told, not they.
    url = getattr(part, "url", None)
    shown: dict[str, Any] = {"modality": _MODALITIES[type(part)], "mime_type": getattr(part, "media_type", None)}
    if url is not None and not url.startswith("data:"):
        return {"type": "uri", **shown, "uri": url.partition("?")[0]}
    return {"type": "blob", **shown, "content": ""}
