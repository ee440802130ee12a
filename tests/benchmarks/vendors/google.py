"""Gemini's generateContent: shapes, fields and headers as recorded 2026."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.payloads import PROMPT_TOKENS, Vendor, as_event, encode

_MODEL = "gemini-2.5-flash"


def _render_body(text: str, tokens: int, finish_reason: str | None = "STOP") -> dict[str, Any]:
    content = {"parts": [{"text": text}], "role": "model"}
    candidate: dict[str, Any] = {"content": content, "index": 0}
    if finish_reason is not None:
        candidate["finishReason"] = finish_reason
    return {
        "candidates": [candidate],
        "usageMetadata": {
            "promptTokenCount": PROMPT_TOKENS,
            "candidatesTokenCount": tokens,
            "totalTokenCount": PROMPT_TOKENS + tokens,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": PROMPT_TOKENS}],
            "serviceTier": "standard",
        },
        "modelVersion": _MODEL,
        "responseId": "ir-FaujTNea0kdUPh8eOuAI",
    }


def _render_event(text: str, tokens: int, finish_reason: str | None = None) -> bytes:
    return as_event(encode(_render_body(text, tokens, finish_reason)), line_end=b"\r\n")


GOOGLE = Vendor(
    mark=b"enerateContent",
    model=_MODEL,
    headers=(
        "vary: Origin, X-Origin, Referer",
        "x-xss-protection: 0",
        "x-frame-options: SAMEORIGIN",
        "x-content-type-options: nosniff",
        "server-timing: gfet4t7; dur=412",
        'alt-svc: h3=":443"; ma=2592000,h3-29=":443"; ma=2592000',
    ),
    render_body=_render_body,
    begin=b"",
    render_text=lambda piece: _render_event(piece, 1),
    render_end=lambda events: _render_event("", events, "STOP"),
)
