"""What the simulated Mistral takes, and what it means in OpenAI's form. Fields: mistralai 3.7.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.compatible.vocabulary import IMAGE_URL, TEXT, common, messages, response_format, tool_choice
from core.llms.simulator.openai.fields import (
    array,
    boolean,
    decimal,
    integer,
    nullable,
    one_of,
    record,
    schema_object,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.llms.simulator.openai.fields import Rule

_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_THINKING = record(
    {
        "type": text(),
        "thinking": array(schema_object()),
        "signature": nullable(text()),
        "closed": boolean(),
    },
    ("thinking",),
)
_DOCUMENT = record({"type": text(), "document_url": text(), "document_name": nullable(text())}, ("document_url",))
_IMAGE = record({"type": text(), "image_url": one_of(text(), IMAGE_URL)}, ("image_url",))
_SOUND = record({"type": text(), "input_audio": one_of(text(), schema_object())}, ("input_audio",))
_REFERENCE = record({"type": text(), "file_id": text()}, ("file_id",))
_PARTS: Mapping[str, Rule] = {
    "text": TEXT,
    "image_url": _IMAGE,
    "document_url": _DOCUMENT,
    "file": _REFERENCE,
    "input_audio": _SOUND,
    "thinking": _THINKING,
}
FIELDS: Mapping[str, Rule] = {
    **common(
        "model",
        "top_p",
        "max_tokens",
        "n",
        "stream",
        "presence_penalty",
        "frequency_penalty",
        "repetition_penalty",
        "logprobs",
        "top_logprobs",
        "stop",
        "tools",
        "parallel_tool_calls",
        "metadata",
        "prompt_cache_key",
        "service_tier",
    ),
    "messages": messages(
        _PARTS,
        assistant={"prefix": boolean()},
        spoken=_PARTS,
        returned=_PARTS,
        call={"index": nullable(integer())},
        named=("tool",),
    ),
    "temperature": nullable(decimal(0, 1.5)),
    "top_k": nullable(integer(1)),
    "min_tokens": nullable(integer(0)),
    "random_seed": nullable(integer(0)),
    "tool_choice": tool_choice("auto", "none", "any", "required"),
    "response_format": response_format("text", "json_object", "json_schema"),
    "reasoning_effort": nullable(text(choices=_EFFORTS)),
    "prompt_mode": nullable(text(choices=("reasoning",))),
    "prompt_logprobs": nullable(boolean()),
    "top_prompt_logprobs": nullable(integer()),
    "prediction": nullable(schema_object()),
    "guardrails": nullable(array(schema_object())),
    "safe_prompt": boolean(),
}


def normalize(body: dict[str, Any]) -> dict[str, Any]:
    """A request in OpenAI's form."""
    plain = body | {"messages": [_plain_message(message) for message in body["messages"]]}
    if body.get("tool_choice") == "any":
        plain["tool_choice"] = "required"
    return plain


def _plain_message(message: dict[str, Any]) -> dict[str, Any]:
    """The message in OpenAI's form, without its thoughts."""
    if not isinstance(message.get("content"), list):
        return message
    parts = [_plain_part(part) for part in message["content"] if part["type"] != "thinking"]
    return message | {"content": parts or ""}


def _plain_part(part: dict[str, Any]) -> dict[str, Any]:
    match part["type"]:
        case "image_url" if isinstance(part["image_url"], str):
            return {"type": "image_url", "image_url": {"url": part["image_url"]}}
        case "document_url":
            return {"type": "file", "file": _plain_file(part)}
        case "file":
            return {"type": "file", "file": {"file_id": part["file_id"]}}
        case "input_audio":
            sound = part["input_audio"]
            return {
                "type": "input_audio",
                "input_audio": sound if isinstance(sound, dict) else {"data": sound, "format": "mp3"},
            }
    return part


def _plain_file(part: dict[str, Any]) -> dict[str, Any]:
    name = part.get("document_name") or "document"
    if part["document_url"].startswith("data:"):
        return {"file_data": part["document_url"], "filename": name}
    return {"file_id": part["document_url"], "filename": name}
