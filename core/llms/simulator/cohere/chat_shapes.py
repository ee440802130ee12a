"""The shape of a chat request: every field, and what it may hold.

Facts: cohere 7.3.1, `v2/client.py` and `types/*_v2*.py`, read 2026-11-21; `response_format.schema`, the older name of
`json_schema`, is in a recorded exchange of 2025.
"""

from __future__ import annotations

from typing import Any

from core.llms.simulator.cohere.errors import ApiError
from core.llms.simulator.cohere.shapes import (
    Shape,
    boolean,
    free,
    integer,
    list_of,
    long_integer,
    number,
    one_of,
    parse_body,
    record,
    tagged,
    text,
    text_or,
)

PAGE = "/v2/reference/chat"


def _function_type(value: Any, path: str, page: str) -> Any:
    if text(value, path, page) != "function":
        raise ApiError("tool call must be of type function")
    return value


_TEXT = record({"type": text, "text": text})
_IMAGE = record(
    {"type": text, "image_url": record({"url": text}, {"detail": one_of("auto", "low", "high")})},
)
_DATA = text_or(free)
_DOCUMENT = record({"data": _DATA}, {"id": text})
_TOOL_CALL = record(
    {"id": text, "type": _function_type, "function": record({"name": text, "arguments": text})},
)
_SOURCE = tagged(
    "type",
    {
        "tool": record({"type": text}, {"id": text, "tool_output": free}),
        "document": record({"type": text}, {"id": text, "document": free}),
    },
)
_CITATION = record(
    {},
    {
        "start": integer,
        "end": integer,
        "text": text,
        "sources": list_of(_SOURCE),
        "content_index": integer,
        "type": one_of("TEXT_CONTENT", "THINKING_CONTENT", "PLAN"),
    },
)
_MESSAGES = tagged(
    "role",
    {
        "user": record(
            {"role": text, "content": text_or(list_of(tagged("type", {"text": _TEXT, "image_url": _IMAGE})))}
        ),
        "assistant": record(
            {"role": text},
            {
                "content": text_or(
                    list_of(
                        tagged("type", {"text": _TEXT, "thinking": record({"type": text, "thinking": text})}),
                    )
                ),
                "tool_plan": text,
                "tool_calls": list_of(_TOOL_CALL),
                "citations": list_of(_CITATION),
            },
        ),
        "system": record({"role": text, "content": text_or(list_of(tagged("type", {"text": _TEXT})))}),
        "tool": record(
            {
                "role": text,
                "tool_call_id": text,
                "content": text_or(
                    list_of(
                        tagged(
                            "type",
                            {"text": _TEXT, "document": record({"type": text, "document": _DOCUMENT})},
                        )
                    )
                ),
            }
        ),
    },
)
_TOOL = record(
    {
        "type": one_of("function"),
        "function": record({"name": text, "parameters": free}, {"description": text}),
    }
)
_RESPONSE_FORMAT = tagged(
    "type",
    {
        "text": record({"type": text}),
        "json_object": record({"type": text}, {"json_schema": free, "schema": free}),
    },
)
_CHAT: Shape = record(
    {"model": text, "messages": list_of(_MESSAGES)},
    {
        "stream": boolean,
        "tools": list_of(_TOOL),
        "strict_tools": boolean,
        "tool_choice": one_of("REQUIRED", "NONE"),
        "documents": list_of(text_or(_DOCUMENT)),
        "citation_options": record({}, {"mode": one_of("ENABLED", "DISABLED", "FAST", "ACCURATE", "OFF")}),
        "response_format": _RESPONSE_FORMAT,
        "safety_mode": one_of("CONTEXTUAL", "STRICT", "OFF"),
        "max_tokens": integer,
        "stop_sequences": list_of(text),
        "temperature": number,
        "seed": long_integer,
        "frequency_penalty": number,
        "presence_penalty": number,
        "k": integer,
        "p": number,
        "logprobs": boolean,
        "thinking": record({"type": one_of("enabled", "disabled")}, {"token_budget": integer}),
        "priority": integer,
    },
)


def parse_chat_request(body: bytes) -> dict[str, Any]:
    """The request of a chat. Raises: ApiError."""
    return parse_body(body, _CHAT, PAGE)
