"""Streams of vendors that are measured without a socket alone: what begins them, and text events."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.payloads import as_event, encode, pieces
from tests.support.event_frames import event


def render_bedrock(count: int) -> list[bytes]:
    """Write Bedrock's binary events of `ConverseStream`."""
    begin = event("messageStart", {"p": "abcdefgh", "role": "assistant"})
    texts = [
        event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": piece}, "p": "abcdefghijkl"})
        for piece in pieces(count)
    ]
    return [begin, *texts]


def render_cohere(count: int) -> list[bytes]:
    """Write events of Cohere's `/v2/chat`."""
    message: dict[str, Any] = {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}
    content = {"type": "text", "text": ""}
    begin = _cohere_event("message-start", id="29f14a5a-11de-4cae-9800-25e4747408ea", delta={"message": message})
    opened = _cohere_event("content-start", index=0, delta={"message": {"content": content}})
    texts = [
        _cohere_event("content-delta", index=0, delta={"message": {"content": {"text": piece}}})
        for piece in pieces(count)
    ]
    return [begin + opened, *texts]


def render_ollama(count: int) -> list[bytes]:
    """Write lines of Ollama's `/api/chat`."""
    return [
        encode(
            {
                "model": "llama3.2",
                "created_at": "2026-11-21T10:00:00.123456789Z",
                "message": {"role": "assistant", "content": piece},
                "done": False,
            }
        )
        + b"\n"
        for piece in pieces(count)
    ]


def _cohere_event(kind: str, **fields: Any) -> bytes:
    return as_event(encode({"type": kind, **fields}), kind)
