"""What the benchmark's server answers, made once: the bytes, and the answer that a client must read from them.

Shapes, fields and headers are those of OpenAI's chat completions (recorded 2026-11), so that each client does the work
that it does in earnest.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

MODEL = "gpt-4.1-mini"
MAX_TOKENS = 2100
PROMPT_TOKENS = 37
HELD_EVENTS = 100

_WORDS = (
    "A", " bench", " stands", " on", " four", " legs", ",", " and", " a", " floor", " that", " dips", " lifts", " one",
    " of", " them", ":", " the", " plane", " then", " cuts", " deeper", " at", " one", " end", ".", " Level", " it",
    " first", "; ", "\"measure\"", " twice", ".\n",
)  # fmt: skip
_HEADERS = (
    "Date: Sat, 21 Nov 2026 10:00:00 GMT",
    "Connection: keep-alive",
    "openai-organization: user-abcdefghijklmnop",
    "openai-processing-ms: 412",
    "openai-project: proj_abcdefghijklmnop",
    "openai-version: 2020-10-01",
    "x-ratelimit-limit-requests: 10000",
    "x-ratelimit-limit-tokens: 2000000",
    "x-ratelimit-remaining-requests: 9999",
    "x-ratelimit-remaining-tokens: 1999900",
    "x-ratelimit-reset-requests: 6ms",
    "x-ratelimit-reset-tokens: 3ms",
    "x-request-id: req_0123456789abcdef0123456789abcdef",
    "strict-transport-security: max-age=31536000; includeSubDomains; preload",
    "x-content-type-options: nosniff",
    "server: loopback",
)
_TOP = {"id": "chatcmpl-CDxTq2mVnYw8Zb3kLr5sJh1e", "created": 1_763_700_000, "model": "gpt-4.1-mini-2025-04-14"}
_TAIL = {"service_tier": "default", "system_fingerprint": "fp_b0a6ab9b61"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client read."""

    text: str
    prompt_tokens: int
    completion_tokens: int


def make_messages(kind: str) -> list[dict[str, str]]:
    """Make a conversation; the server finds the kind of answer that is wanted in its last message."""
    return [
        {"role": "system", "content": "You are a helpful assistant. Answer briefly."},
        {"role": "user", "content": f"Why does a bench need a level floor? Explain it in two or three lines. ({kind})"},
    ]


def expected_answer(events: int) -> Answer:
    """Return the answer to a stream of so many text events; 0 is the plain answer."""
    words = events or 60
    return Answer("".join(_pieces(words)), PROMPT_TOKENS, words)


@cache
def render_plain() -> bytes:
    """Write the whole HTTP answer of a plain call."""
    body = render_plain_body()
    return _head("Content-Type: application/json", f"Content-Length: {len(body)}") + body


def render_plain_body() -> bytes:
    """Write the body of a plain call's answer."""
    answer = expected_answer(0)
    message: dict[str, Any] = {"role": "assistant", "content": answer.text, "refusal": None, "annotations": []}
    return _encode(
        {
            **_TOP,
            "object": "chat.completion",
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
            "usage": _usage(answer.completion_tokens),
            **_TAIL,
        }
    )


def render_stream_head() -> bytes:
    """Write the head of a streamed answer."""
    return _head("Content-Type: text/event-stream; charset=utf-8", "Transfer-Encoding: chunked")


@cache
def render_stream_chunks(events: int) -> tuple[bytes, ...]:
    """Write a stream of so many text events, each in an HTTP chunk of its own; the last item ends the stream."""
    first, *texts = [_frame(event) for event in render_stream_events(events)]
    last = _render_event({}, finish_reason="stop")
    usage = _encode({**_TOP, "object": "chat.completion.chunk", "choices": [], "usage": _usage(events), **_TAIL})
    end = b"".join(_frame(event) for event in (last, _as_event(usage), _as_event(b"[DONE]")))
    return (first + texts[0], *texts[1:], end + b"0\r\n\r\n")


def render_stream_events(count: int) -> list[bytes]:
    """Write the first event of a stream, which has no text, and so many that do."""
    first = _render_event({"role": "assistant", "content": "", "refusal": None})
    return [first, *(_render_event({"content": piece}) for piece in _pieces(count))]


def _pieces(count: int) -> list[str]:
    return [_WORDS[index % len(_WORDS)] for index in range(count)]


def _usage(completion_tokens: int) -> dict[str, Any]:
    return {
        "prompt_tokens": PROMPT_TOKENS,
        "completion_tokens": completion_tokens,
        "total_tokens": PROMPT_TOKENS + completion_tokens,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _render_event(delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    body = {**_TOP, "object": "chat.completion.chunk", **_TAIL, "choices": [choice], "usage": None}
    return _as_event(_encode({**body, "obfuscation": "pX7dQ2a"}))


def _as_event(data: bytes) -> bytes:
    return b"data: " + data + b"\n\n"


def _frame(event: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(event), event)


def _head(*headers: str) -> bytes:
    return "\r\n".join(("HTTP/1.1 200 OK", *headers, *_HEADERS, "", "")).encode()


def _encode(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
