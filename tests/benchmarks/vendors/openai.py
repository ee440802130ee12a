"""OpenAI's chat completions: shapes, fields and headers as recorded 2026-11."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.payloads import PROMPT_TOKENS, Vendor, as_event, encode

_TOP = {"id": "chatcmpl-CDxTq2mVnYw8Zb3kLr5sJh1e", "created": 1_763_700_000, "model": "gpt-4.1-mini-2025-04-14"}
_TAIL = {"service_tier": "default", "system_fingerprint": "fp_b0a6ab9b61"}


def _render_body(text: str, tokens: int) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {**_TOP, "object": "chat.completion", "choices": [choice], "usage": _usage(tokens), **_TAIL}


def _render_end(events: int) -> bytes:
    usage = {**_TOP, "object": "chat.completion.chunk", "choices": [], "usage": _usage(events), **_TAIL}
    return _render_event({}, finish_reason="stop") + as_event(encode(usage)) + as_event(b"[DONE]")


def _render_event(delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    body = {**_TOP, "object": "chat.completion.chunk", **_TAIL, "choices": [choice], "usage": None}
    return as_event(encode({**body, "obfuscation": "pX7dQ2a"}))


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


OPENAI = Vendor(
    mark=b"/chat/completions",
    model="gpt-4.1-mini",
    headers=(
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
    ),
    render_body=_render_body,
    begin=_render_event({"role": "assistant", "content": "", "refusal": None}),
    render_text=lambda piece: _render_event({"content": piece}),
    render_end=_render_end,
)
