"""Anthropic's Messages API: shapes, fields and headers as recorded 2025-11 to 2026-11."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.payloads import PROMPT_TOKENS, Vendor, as_event, encode

_MODEL = "claude-sonnet-5-5"


def _message(content: list[dict[str, Any]], stop_reason: str | None, usage: dict[str, Any]) -> dict[str, Any]:
    return {
        "model": _MODEL,
        "id": "msg_01XFDUDYJgAACzvnptvVoYEL",
        "type": "message",
        "role": "assistant",
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": usage,
    }


def _usage(output_tokens: int) -> dict[str, Any]:
    return {
        "input_tokens": PROMPT_TOKENS,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        "output_tokens": output_tokens,
        "service_tier": "standard",
    }


def _render_body(text: str, tokens: int) -> dict[str, Any]:
    return _message([{"type": "text", "text": text}], "end_turn", _usage(tokens))


def _render_event(kind: str, **fields: Any) -> bytes:
    return as_event(encode({"type": kind, **fields}), kind)


def _render_end(events: int) -> bytes:
    usage = {
        "input_tokens": PROMPT_TOKENS,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": events,
    }
    return (
        _render_event("content_block_stop", index=0)
        + _render_event("message_delta", delta={"stop_reason": "end_turn", "stop_sequence": None}, usage=usage)
        + _render_event("message_stop")
    )


ANTHROPIC = Vendor(
    mark=b"/v1/messages",
    model=_MODEL,
    headers=(
        "anthropic-organization-id: 0a1b2c3d-0000-4000-8000-0123456789ab",
        "anthropic-ratelimit-input-tokens-limit: 2000000",
        "anthropic-ratelimit-input-tokens-remaining: 1999000",
        "anthropic-ratelimit-input-tokens-reset: 2026-11-21T10:00:00Z",
        "anthropic-ratelimit-output-tokens-limit: 400000",
        "anthropic-ratelimit-output-tokens-remaining: 400000",
        "anthropic-ratelimit-output-tokens-reset: 2026-11-21T10:00:00Z",
        "anthropic-ratelimit-requests-limit: 4000",
        "anthropic-ratelimit-requests-remaining: 3999",
        "anthropic-ratelimit-requests-reset: 2026-11-21T10:00:00Z",
        "anthropic-ratelimit-tokens-limit: 2400000",
        "anthropic-ratelimit-tokens-remaining: 2399000",
        "anthropic-ratelimit-tokens-reset: 2026-11-21T10:00:00Z",
        "request-id: req_011CVAJZp7GHE5wh4G4U1Z5K",
        "strict-transport-security: max-age=31536000; includeSubDomains; preload",
        "x-envoy-upstream-service-time: 1406",
    ),
    render_body=_render_body,
    begin=_render_event("message_start", message=_message([], None, _usage(1)))
    + _render_event("content_block_start", index=0, content_block={"type": "text", "text": ""})
    + _render_event("ping"),
    render_text=lambda piece: _render_event(
        "content_block_delta", index=0, delta={"type": "text_delta", "text": piece}
    ),
    render_end=_render_end,
)
