"""Ollama's errors: `{"error": "…"}` with a status, or the same as a line of a stream."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.errors import APIError, NotFoundError
from core.llms.wires.openai_errors import ErrorRules, create_payload_error, parse_openai_error

_RULES: Final = ErrorRules(context_length_patterns=("context length", "context window", "exceeds the context"))
# A line of a stream has no status: these words tell it. The server's own sentences, in recorded and public reports.
_STATUSES: Final = (
    ("not found", 404),
    ("does not support", 400),
    ("context length", 400),
    ("unauthorized", 401),
    ("server busy", 503),
)


def parse_ollama_error(status: int, headers: Mapping[str, str], body: bytes) -> APIError:
    """Read an error answer of any form. A model that is not there is told with how to fetch it."""
    return _with_hint(parse_openai_error(status, headers, body, _RULES))


def create_stream_error(payload: Mapping[str, Any]) -> APIError:
    """Make the error that a line of a stream, or a body under status 200, reports."""
    words = str(payload["error"]).lower()
    status = next((status for piece, status in _STATUSES if piece in words), None)
    known = payload if status is None or "status_code" in payload else {**payload, "status_code": status}
    error = _with_hint(create_payload_error(known, _RULES))
    error.body = payload
    return error


def _with_hint(error: APIError) -> APIError:
    words = error.message.lower()
    if isinstance(error, NotFoundError) and "model" in words and "pull" not in words:
        error.message += "; fetch it first: `ollama pull` and the model's name"
    return error
