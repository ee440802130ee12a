"""The parts of requests, in the vendors' form and in ours, and the calls that every vendor takes alike."""

from __future__ import annotations

from typing import Any, Final

from core.llms.types.tools import ResponseFormat, Tool
from tests.contract.compatible.framework import USER, Call, Vendor, chat

SCHEMA: Final[dict[str, Any]] = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS: Final = [{"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": SCHEMA}}]
OUR_TOOLS: Final = [Tool("look", "Looks.", SCHEMA)]
NAMED: Final = {"type": "function", "function": {"name": "look"}}
FORM: Final = {"type": "json_schema", "json_schema": {"name": "place", "schema": SCHEMA, "strict": True}}
OUR_FORM: Final = ResponseFormat("json_schema", name="place", schema=SCHEMA, strict=True)
CALL: Final = {"id": "Caf7Pyrd8", "type": "function", "function": {"name": "look", "arguments": '{"city":"Oslo"}'}}
PIXEL: Final = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
LOOK: Final = [
    {"role": "user", "content": [{"type": "text", "text": "?"}, {"type": "image_url", "image_url": {"url": PIXEL}}]}
]
TURN: Final = [
    {"role": "system", "content": "Be brief."},
    USER,
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "Caf7Pyrd8", "content": "fog"},
]
SAMPLING: Final = {"temperature": 0.5, "top_p": 0.9}

USAGE_OF_STREAMS: Final = "A stream asks for its usage (`stream_options`), because a stream without usage has no cost."
NO_STREAM_FALSE: Final = "The SDK sends `stream: false`, which is the default; we leave it out."
CONTENT_TYPE: Final = (
    "A request without a body has `Content-Type: application/json` all the same: the header belongs to the session."
)
NOT_STREAMED: Final = {"body.stream": NO_STREAM_FALSE}
STREAMED: Final = {"body.stream_options.include_usage": USAGE_OF_STREAMS}
OF_GET: Final = {"headers.content-type": CONTENT_TYPE}


def same(vendor: Vendor, **changes: dict[str, str]) -> list[Call]:
    """The calls that every vendor takes in the same form; the changes are named by the last word of the call's name."""
    calls: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "one message": ({}, {}),
        "a conversation with a tool's result": (
            {"messages": TURN, "tools": TOOLS, "tool_choice": "auto"},
            {"messages": TURN, "tools": OUR_TOOLS, "tool_choice": "auto"},
        ),
        "free JSON": (
            {"response_format": {"type": "json_object"}},
            {"response_format": ResponseFormat("json_object")},
        ),
        "a stream": ({"stream": True}, {"stream": True}),
    }
    return [
        chat(vendor, name, theirs, ours, **changes.get(name.split()[-1], {})) for name, (theirs, ours) in calls.items()
    ]
