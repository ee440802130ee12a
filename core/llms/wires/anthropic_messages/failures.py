"""The vendor's errors, as answers and inside streams."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from core.llms.errors import (
    APIError,
    OverloadedError,
    QuotaExceededError,
    RateLimitError,
    RequestTooLargeError,
    ServerError,
)
from core.llms.wires.anthropic_messages.rate_limits import seconds_until_free
from core.llms.wires.openai_errors import ErrorRules, create_payload_error, parse_openai_error

# The error types of anthropic 2.11 that say more than their status, or come without one inside a stream.
_TYPES: Final[Mapping[str, type[APIError]]] = {
    "overloaded_error": OverloadedError,
    "billing_error": QuotaExceededError,
    "timeout_error": ServerError,
    "api_error": ServerError,
    "request_too_large": RequestTooLargeError,
}


def _read_details(body: Mapping[str, Any]) -> Mapping[str, Any]:
    error = body.get("error")
    details = error.get("details") if isinstance(error, Mapping) else None
    code = details.get("error_code") if isinstance(details, Mapping) else None
    return {"code": code} if isinstance(code, str) else {}


# The vendor gives a context that is too long no code, only words: the first as recorded, the second is of models that
# count the prompt and `max_tokens` together, the third a cloud's.
_RULES: Final = ErrorRules(
    codes=_TYPES,
    context_length_patterns=("prompt is too long", "exceed context limit", "input is too long for requested model"),
    parse_extra=_read_details,
)


def parse_failure(status: int, headers: Mapping[str, str], body: bytes) -> APIError:
    """Read an error answer of any form. A rate limit without `retry-after` waits until the used-up limit resets."""
    error = parse_openai_error(status, headers, body, _RULES)
    if isinstance(error, RateLimitError) and error.retryable and error.retry_after_seconds is None:
        seconds = seconds_until_free(headers)
        if seconds is not None:
            error.retry_after_seconds = seconds
            error.retry_at = datetime.now(UTC) + timedelta(seconds=seconds)
    return _identified(error, error.body)


def create_failure(payload: Mapping[str, Any]) -> APIError:
    """Make the error that a stream's `error` event, or a body under status 200, reports."""
    return _identified(create_payload_error(payload, _RULES), payload)


def _identified(error: APIError, payload: Mapping[str, Any] | None) -> APIError:
    request_id = (payload or {}).get("request_id")
    if error.request_id is None and isinstance(request_id, str):
        error.request_id = request_id
    return error
