"""Good chat-completions answers as bytes, for servers that then spoil them."""

from __future__ import annotations

import json
from typing import Any


def completion(text: str = "Hello", **changes: Any) -> bytes:
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-4.1-mini-2025-04-14",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": text, "refusal": None}, "finish_reason": "stop"}
        ],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }
    return json.dumps(body | changes).encode()


def chunk(delta: dict[str, Any], finish: str | None = None, **changes: Any) -> bytes:
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "gpt-4.1-mini-2025-04-14",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return b"data: " + json.dumps(body | changes).encode() + b"\n\n"


def stream(*texts: str) -> list[bytes]:
    """A whole streamed answer, one piece an event."""
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    return [
        chunk({"role": "assistant", "content": ""}),
        *(chunk({"content": text}) for text in texts),
        chunk({}, "stop"),
        chunk({}, choices=[], usage=usage),
        b"data: [DONE]\n\n",
    ]
