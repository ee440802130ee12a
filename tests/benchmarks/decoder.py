"""What one streamed text event costs, framing and JSON included: `python -m tests.benchmarks.decoder`.

The CPU time of this process, the best of several rounds; each event comes in a chunk of its own, and 16 in one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable

from core.llms.wires.openai_chat import OpenAIChatWire

EVENTS = 20_000
ROUNDS = 7
LIMIT_MICROSECONDS = 4.0


def render_chunk(delta: dict[str, object], **choice: object) -> bytes:
    """Write one event as OpenAI writes it."""
    body = {
        "id": "chatcmpl-CDxTq2mVnYw8Zb3kLr5sJh1e",
        "object": "chat.completion.chunk",
        "created": 1_763_700_000,
        "model": "gpt-4.1-mini-2025-04-14",
        "service_tier": "default",
        "system_fingerprint": "fp_b0a6ab9b61",
        "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None, **choice}],
        "usage": None,
        "obfuscation": "pX7dQ2a",
    }
    return b"data: " + json.dumps(body, separators=(",", ":")).encode() + b"\n\n"


def measure_microseconds(chunks: Iterable[bytes], events: int) -> float:
    """Return the best round's cost of an event."""
    chunks = tuple(chunks)
    best = float("inf")
    for _ in range(ROUNDS):
        decoder = OpenAIChatWire().create_stream_decoder()
        decoder.feed(render_chunk({"role": "assistant", "content": "", "refusal": None}))
        started = time.process_time()
        count = 0
        for chunk in chunks:
            count += len(decoder.feed(chunk))
        best = min(best, (time.process_time() - started) / events)
        if count != events:
            raise RuntimeError(f"{count} events instead of {events}")
    return best * 1e6


def main() -> None:
    """Print the cost of each shape of event."""
    safe = {"filtered": False, "severity": "safe"}
    filters = dict.fromkeys(("hate", "self_harm", "sexual", "violence"), safe)
    shapes = {
        "text": render_chunk({"content": " hello"}),
        "text, JSON inside": render_chunk({"content": '{"name":'}),
        "text, content filter": render_chunk({"content": " hello"}, content_filter_results=filters),
        "text, role and nulls": render_chunk({"role": "assistant", "content": " hello", "tool_calls": None}),
        "reasoning": render_chunk({"content": None, "reasoning_content": " hello"}),
    }
    for name, chunk in shapes.items():
        single = measure_microseconds([chunk] * EVENTS, EVENTS)
        grouped = measure_microseconds([chunk * 16] * (EVENTS // 16), EVENTS // 16 * 16)
        print(f"{name:24} {single:6.2f} µs an event alone, {grouped:6.2f} µs in a chunk of 16")
    print(f"limit for plain text: {LIMIT_MICROSECONDS} µs")


if __name__ == "__main__":
    main()
