"""The error answers of Google's APIs (`google.rpc.Status`), also in lists of one and inside streams."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic_core import from_json, to_json

from core.llms.errors import (
    APIError,
    AuthenticationError,
    ContentFilterError,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitError,
    ServerError,
)
from core.llms.wires.openai_errors import ErrorRules, create_payload_error, parse_openai_error

_SECONDS: Final = re.compile(r"(\d+(?:\.\d+)?)s")
# Reasons and states that say more than a number (google.rpc.Code, and google.api.ErrorReason, read 2026-11-21). A wrong
# key is a 400 here.
_CODES: Final[dict[str, type[APIError]]] = {
    "API_KEY_INVALID": AuthenticationError,
    "API_KEY_EXPIRED": AuthenticationError,
    "UNAUTHENTICATED": AuthenticationError,
    "PERMISSION_DENIED": PermissionDeniedError,
    "NOT_FOUND": NotFoundError,
    "RESOURCE_EXHAUSTED": RateLimitError,
    "UNAVAILABLE": OverloadedError,
    "INTERNAL": ServerError,
    "DEADLINE_EXCEEDED": ServerError,
    "CANCELLED": ServerError,
}
_CONTEXT_TOO_LONG: Final = ("exceeds the maximum number of tokens allowed", "input token count is")


def parse_gemini_error(status: int, headers: Mapping[str, str], body: bytes) -> APIError:
    """Read an error answer of any form into its class.

    `code` is the vendor's state (`RESOURCE_EXHAUSTED`), `type` the reason of its `ErrorInfo`. A wait that the body asks
    for (`RetryInfo`) counts where no header does. A quota of a whole day that is used up is a `QuotaExceededError`:
    waiting for the seconds that the vendor names does not help.
    """
    payload = _unwrap(_decode(body))
    if payload is None:
        return parse_openai_error(status, headers, body, _RULES)
    named = {name.lower() for name in headers}
    wait = _retry_delay(payload)
    if wait is not None and not named & {"retry-after", "retry-after-ms"}:
        headers = {**headers, "retry-after": wait}
    return parse_openai_error(status, headers, to_json(payload), _rules_for(payload))


def create_stream_error(payload: Mapping[str, Any]) -> APIError:
    """Make the error that an object with `error` reports under status 200, in a stream or alone."""
    status = _error_of(payload).get("code")
    if isinstance(status, int) and 400 <= status <= 599:
        return parse_gemini_error(status, {}, to_json(payload))
    return create_payload_error(payload, _rules_for(payload))


def create_blocked_error(body: Mapping[str, Any], feedback: Mapping[str, Any]) -> ContentFilterError:
    """Make the error of a prompt that was blocked: it has no answer, and `code` says why."""
    reason = str(feedback.get("blockReason"))
    said = feedback.get("blockReasonMessage")
    message = f"the prompt was blocked: {reason}" + (f" ({said})" if isinstance(said, str) and said else "")
    return ContentFilterError(message, code=reason, type="promptFeedback", body=body)


def _decode(body: bytes) -> Any:
    try:
        return from_json(body)
    except ValueError:
        return None


def _unwrap(decoded: Any) -> Mapping[str, Any] | None:
    if isinstance(decoded, list) and decoded:
        decoded = decoded[0]
    return decoded if isinstance(decoded, Mapping) else None


def _error_of(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    error = payload.get("error")
    return error if isinstance(error, Mapping) else {}


def _details(payload: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    details = _error_of(payload).get("details")
    for detail in details if isinstance(details, list) else []:
        if isinstance(detail, Mapping) and str(detail.get("@type")).endswith(f"google.rpc.{kind}"):
            yield detail


def _retry_delay(payload: Mapping[str, Any]) -> str | None:
    for detail in _details(payload, "RetryInfo"):
        if match := _SECONDS.fullmatch(str(detail.get("retryDelay"))):
            return match[1]
    return None


def _rules_for(payload: Mapping[str, Any]) -> ErrorRules:
    return _DAILY_RULES if any(_is_daily(detail) for detail in _details(payload, "QuotaFailure")) else _RULES


def _is_daily(failure: Mapping[str, Any]) -> bool:
    violations = failure.get("violations")
    return isinstance(violations, list) and any(
        isinstance(violation, Mapping) and "PerDay" in str(violation.get("quotaId")) for violation in violations
    )


def _read_facts(decoded: Mapping[str, Any]) -> Mapping[str, Any]:
    error = _error_of(decoded)
    reasons = [detail["reason"] for detail in _details(decoded, "ErrorInfo") if isinstance(detail.get("reason"), str)]
    facts = {"code": error.get("status"), "type": reasons[0] if reasons else None}
    return {name: value for name, value in facts.items() if isinstance(value, str)}


_RULES: Final = ErrorRules(codes=_CODES, context_length_patterns=_CONTEXT_TOO_LONG, parse_extra=_read_facts)
_DAILY_RULES: Final = ErrorRules(
    codes={**_CODES, "RESOURCE_EXHAUSTED": QuotaExceededError},
    context_length_patterns=_CONTEXT_TOO_LONG,
    parse_extra=_read_facts,
)
