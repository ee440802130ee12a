"""The shape of a chat completion request: every field, its type and its range.

Facts: openai 3.52.0, `types/chat/completion_create_params.py`, read 2026-11-21. What depends on the model or on the
order of messages is checked elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.simulator.openai.errors import ApiError, unsupported_parameter
from core.llms.simulator.openai.fields import (
    Rule,
    array,
    boolean,
    decimal,
    integer,
    mapping,
    nullable,
    one_of,
    record,
    refused,
    schema_object,
    tagged,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME_PATTERN = "[a-zA-Z0-9_-]+"
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
SERVICE_TIERS = ("auto", "default", "flex", "scale", "priority", "fast")
_BREAKPOINT = record({"mode": text(choices=("explicit",))}, ("mode",))


def _part(fields: Mapping[str, Rule], *required: str) -> Rule:
    known = {"type": text(), "prompt_cache_breakpoint": nullable(_BREAKPOINT), **fields}
    return record(known, required)


def _refused_image(path: str) -> ApiError:
    message = path.split(".content")[0]
    return ApiError(
        f"Invalid '{message}'. Image URLs are only allowed for messages with role 'user', "
        "but this message contains an image URL.",
        param=message,
        code="invalid_value",
    )


_TEXT_PART = _part({"text": text()}, "text")
_IMAGE_URL = record({"url": text(), "detail": text(choices=("auto", "low", "high", "original"))}, ("url",))
_IMAGE_PART = _part({"image_url": _IMAGE_URL}, "image_url")
_SOUND = record({"data": text(), "format": text(choices=("wav", "mp3"))}, ("data", "format"))
_AUDIO_PART = _part({"input_audio": _SOUND}, "input_audio")
_FILE = record({"file_data": text(), "file_id": text(), "filename": text()})
_FILE_PART = _part({"file": _FILE}, "file")
_REFUSAL_PART = _part({"refusal": text()}, "refusal")
_USER_PARTS = tagged(
    "type", {"text": _TEXT_PART, "image_url": _IMAGE_PART, "input_audio": _AUDIO_PART, "file": _FILE_PART}
)
_TEXT_PARTS = tagged("type", {"text": _TEXT_PART, "image_url": refused(_refused_image)})
_ASSISTANT_PARTS = tagged("type", {"text": _TEXT_PART, "refusal": _REFUSAL_PART, "image_url": refused(_refused_image)})


def _content(parts: Rule) -> Rule:
    return nullable(one_of(text(), array(parts, shortest=1)))


_FUNCTION_CALLED = record({"name": text(longest=64, pattern=NAME_PATTERN), "arguments": text()}, ("name", "arguments"))
_TOOL_CALL = tagged(
    "type",
    {"function": record({"id": text(), "type": text(), "function": _FUNCTION_CALLED}, ("id", "type", "function"))},
)
_MESSAGE_NAME = text(longest=64, pattern="[^\\s<|\\\\/>]+")
_INSTRUCTION = record({"role": text(), "content": _content(_TEXT_PARTS), "name": _MESSAGE_NAME}, ("content",))
_MESSAGES = tagged(
    "role",
    {
        "system": _INSTRUCTION,
        "assistant": record(
            {
                "role": text(),
                "content": _content(_ASSISTANT_PARTS),
                "name": _MESSAGE_NAME,
                "refusal": nullable(text()),
                "audio": nullable(record({"id": text()}, ("id",))),
                "annotations": nullable(array(schema_object())),
                "tool_calls": nullable(array(_TOOL_CALL, shortest=1)),
                "function_call": nullable(
                    refused(lambda path: unsupported_parameter(path, " Use 'tool_calls' instead."))
                ),
            }
        ),
        "user": record({"role": text(), "content": _content(_USER_PARTS), "name": _MESSAGE_NAME}, ("content",)),
        "tool": record(
            {"role": text(), "content": _content(_TEXT_PARTS), "tool_call_id": text()}, ("content", "tool_call_id")
        ),
        "developer": _INSTRUCTION,
    },
)
_FUNCTION = record(
    {
        "name": text(longest=64, pattern=NAME_PATTERN),
        "description": nullable(text()),
        "parameters": nullable(schema_object()),
        "strict": nullable(boolean()),
    },
    ("name",),
)


def _unsupported_tool(path: str) -> ApiError:
    message = f"Invalid value: 'custom'. The simulator supports tools of type 'function' only, at '{path}'."
    return ApiError(message, param=f"{path}.type", code="invalid_value")


_TOOL = tagged(
    "type",
    {
        "function": record({"type": text(), "function": _FUNCTION}, ("function",)),
        "custom": refused(_unsupported_tool),
    },
)
_NAMED_FUNCTION = record({"name": text()}, ("name",))
_ALLOWED_TOOL = record({"type": text(choices=("function",)), "function": _NAMED_FUNCTION}, ("type", "function"))
_TOOL_CHOICE = one_of(
    text(choices=("none", "auto", "required")),
    tagged(
        "type",
        {
            "function": record({"type": text(), "function": _NAMED_FUNCTION}, ("function",)),
            "allowed_tools": record(
                {
                    "type": text(),
                    "allowed_tools": record(
                        {"mode": text(choices=("auto", "required")), "tools": array(_ALLOWED_TOOL, shortest=1)},
                        ("mode", "tools"),
                    ),
                },
                ("allowed_tools",),
            ),
        },
    ),
)
_JSON_SCHEMA = record(
    {
        "name": text(longest=64, pattern=NAME_PATTERN),
        "description": text(),
        "schema": schema_object(),
        "strict": nullable(boolean()),
    },
    ("name",),
)
_RESPONSE_FORMAT = tagged(
    "type",
    {
        "text": record({"type": text()}),
        "json_object": record({"type": text()}),
        "json_schema": record({"type": text(), "json_schema": _JSON_SCHEMA}, ("json_schema",)),
    },
)
_WEB_SEARCH = record(
    {
        "search_context_size": text(choices=("low", "medium", "high")),
        "user_location": nullable(
            record({"type": text(choices=("approximate",)), "approximate": schema_object()}, ("type",))
        ),
    }
)
METADATA = nullable(mapping(text(longest=512), most=16, longest_key=64))
CACHE_OPTIONS = record({"mode": text(choices=("implicit", "explicit")), "ttl": text(choices=("30m",))})

CHAT_FIELDS: Mapping[str, Rule] = {
    "messages": array(_MESSAGES, shortest=1, longest=2048),
    "model": text(),
    "audio": nullable(refused(unsupported_parameter)),
    "frequency_penalty": nullable(decimal(-2, 2)),
    "function_call": refused(lambda path: unsupported_parameter(path, " Use 'tool_choice' instead.")),
    "functions": refused(lambda path: unsupported_parameter(path, " Use 'tools' instead.")),
    "logit_bias": nullable(mapping(integer(-100, 100))),
    "logprobs": nullable(boolean()),
    "max_completion_tokens": nullable(integer(1)),
    "max_tokens": nullable(integer(1)),
    "metadata": METADATA,
    "modalities": nullable(array(text(choices=("text", "audio")), shortest=1)),
    "moderation": nullable(refused(unsupported_parameter)),
    "n": nullable(integer(1, 128)),
    "parallel_tool_calls": boolean(),
    "prediction": nullable(
        record({"type": text(choices=("content",)), "content": _content(_TEXT_PARTS)}, ("type", "content"))
    ),
    "presence_penalty": nullable(decimal(-2, 2)),
    "prompt_cache_key": nullable(text()),
    "prompt_cache_options": CACHE_OPTIONS,
    "prompt_cache_retention": nullable(text(choices=("in_memory", "24h"))),
    "reasoning_effort": nullable(text(choices=EFFORTS)),
    "response_format": _RESPONSE_FORMAT,
    "safety_identifier": nullable(text(longest=64)),
    "seed": nullable(integer(-(2**63), 2**63 - 1)),
    "service_tier": nullable(text(choices=SERVICE_TIERS)),
    "stop": nullable(one_of(text(), array(text(), longest=4))),
    "store": nullable(boolean()),
    "stream": nullable(boolean()),
    "stream_options": nullable(record({"include_usage": boolean(), "include_obfuscation": boolean()})),
    "temperature": nullable(decimal(0, 2)),
    "tool_choice": _TOOL_CHOICE,
    "tools": array(_TOOL, shortest=1, longest=128),
    "top_logprobs": nullable(integer(0, 20)),
    "top_p": nullable(decimal(0, 1)),
    "user": text(),
    "verbosity": nullable(text(choices=("low", "medium", "high"))),
    "web_search_options": _WEB_SEARCH,
}
