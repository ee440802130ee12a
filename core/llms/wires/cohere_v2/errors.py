"""Cohere's errors: `{"message": "…", "id": "…"}` with a status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.errors import APIError, ContentFilterError, ServerError
from core.llms.wires.openai_errors import ErrorRules, create_payload_error, parse_openai_error

# 498: a request or an answer holds a word on the deny list; 499: the vendor dropped the request ("HTTP status codes" in
# Cohere's documentation; cohere 7.3, read 2026-11-21).
_RULES: Final = ErrorRules(
    statuses={498: ContentFilterError, 499: ServerError},
    context_length_patterns=("too many tokens", "maximum context length", "context length"),
)


def parse_cohere_error(status: int, headers: Mapping[str, str], body: bytes) -> APIError:
    """Read an error answer of any form, an HTML page included, into the right class."""
    error = parse_openai_error(status, headers, body, _RULES)
    lowered = {name.lower(): value for name, value in headers.items()}
    own = error.body.get("id") if error.body is not None else None
    error.request_id = error.request_id or lowered.get("x-debug-trace-id") or (own if isinstance(own, str) else None)
    return error


def create_stream_error(payload: Mapping[str, Any]) -> APIError:
    """Make the error that an event of a stream, or a body under status 200, reports."""
    return create_payload_error(payload, _RULES)
