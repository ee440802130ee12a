"""Streams of the Messages API made by hand: events written as the vendor writes them."""

from __future__ import annotations

import json
from typing import Any

from core.llms.types.events import StreamEvent
from core.llms.wires.anthropic_messages import AnthropicMessagesWire

USAGE = {"input_tokens": 10, "output_tokens": 1, "cache_read_input_tokens": 5, "service_tier": "standard"}
MESSAGE: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-test",
    "content": [],
    "stop_reason": None,
    "usage": USAGE,
}


def sse(*events: dict[str, Any]) -> bytes:
    return b"".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in events)


def start(**changes: Any) -> dict[str, Any]:
    return {"type": "message_start", "message": {**MESSAGE, **changes}}


def block(index: int, begun: dict[str, Any], *deltas: dict[str, Any], stop: bool = True) -> list[dict[str, Any]]:
    """One content block: its beginning, its deltas, its end."""
    events: list[dict[str, Any]] = [{"type": "content_block_start", "index": index, "content_block": begun}]
    events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
    return [*events, {"type": "content_block_stop", "index": index}] if stop else events


def text(index: int, *pieces: str) -> list[dict[str, Any]]:
    return block(index, {"type": "text", "text": ""}, *({"type": "text_delta", "text": piece} for piece in pieces))


def end(reason: str = "end_turn", **usage: Any) -> list[dict[str, Any]]:
    delta = {"stop_reason": reason, "stop_sequence": None}
    return [
        {"type": "message_delta", "delta": delta, "usage": {"output_tokens": 7, **usage}},
        {"type": "message_stop"},
    ]


def decode(*events: dict[str, Any]) -> list[StreamEvent]:
    decoder = AnthropicMessagesWire().create_stream_decoder()
    decoded = decoder.feed(sse(*events))
    assert decoder.finished
    return decoded
