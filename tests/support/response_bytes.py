"""Good answers of the Responses API as bytes, for servers that then spoil them."""

from __future__ import annotations

import json
from typing import Any


def message(text: str) -> dict[str, Any]:
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    return {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}


def body(text: str = "Hello", **changes: Any) -> dict[str, Any]:
    usage = {
        "input_tokens": 10,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": 5,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 15,
    }
    whole = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "status": "completed",
        "model": "gpt-4.1-mini-2025-04-14",
        "output": [message(text)],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": usage,
    }
    return whole | changes


def response(text: str = "Hello", **changes: Any) -> bytes:
    return json.dumps(body(text, **changes)).encode()


def event(kind: str, number: int, **facts: Any) -> bytes:
    payload = {"type": kind, "sequence_number": number, **facts}
    return f"event: {kind}\n".encode() + b"data: " + json.dumps(payload).encode() + b"\n\n"


def delta(text: str, number: int = 3) -> bytes:
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0, "logprobs": []}
    return event("response.output_text.delta", number, delta=text, **place)


def beginning() -> list[bytes]:
    """The events before the first text."""
    begun = body(status="in_progress", output=[], usage=None)
    item = {**message(""), "status": "in_progress", "content": []}
    part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
    return [
        event("response.created", 0, response=begun),
        event("response.output_item.added", 1, output_index=0, item=item),
        event("response.content_part.added", 2, item_id="msg_1", output_index=0, content_index=0, part=part),
    ]


def stream(*texts: str) -> list[bytes]:
    """A whole streamed answer, one piece an event."""
    whole = "".join(texts)
    deltas = [delta(text, 3 + index) for index, text in enumerate(texts)]
    end = 3 + len(texts)
    return [
        *beginning(),
        *deltas,
        event("response.output_item.done", end, output_index=0, item=message(whole)),
        event("response.completed", end + 1, response=body(whole)),
    ]
