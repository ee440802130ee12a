"""OpenAI's error answers, and the many shapes in which its imitators, proxies and gateways say the same.

Reading alone lives here. What one vendor says otherwise comes in as data (`ErrorRules`), never as a name.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from pydantic_core import from_json

from core.llms.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ContentFilterError,
    ContextLengthExceededError,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitError,
    RequestTooLargeError,
    ServerError,
    error_class_for_status,
)
from core.llms.wires.retry_headers import parse_retry_after, parse_should_retry

MAX_MESSAGE_CHARACTERS = 2_000
_REQUEST_ID_HEADERS = ("x-request-id", "apim-request-id", "request-id", "x-kong-request-id")

# Codes that say more than the status they come with (OpenAI's and Azure's error references, read 2026-11-21).
_BY_CODE: dict[str, type[APIError]] = {
    "context_length_exceeded": ContextLengthExceededError,
    "content_filter": ContentFilterError,
    "content_policy_violation": ContentFilterError,
    "ResponsibleAIPolicyViolation": ContentFilterError,
    "insufficient_quota": QuotaExceededError,
    "billing_hard_limit_reached": QuotaExceededError,
    "billing_not_active": QuotaExceededError,
    "invalid_api_key": AuthenticationError,
    "model_not_found": NotFoundError,
    "DeploymentNotFound": NotFoundError,
    "rate_limit_exceeded": RateLimitError,
    "RateLimitReached": RateLimitError,
    "slow_down": OverloadedError,
}
# Words too general to overrule a status; they decide where there is none, inside a stream.
_WITHOUT_STATUS: dict[str, type[APIError]] = {
    "invalid_request_error": BadRequestError,
    "invalid_prompt": BadRequestError,
    "authentication_error": AuthenticationError,
    "permission_error": PermissionDeniedError,
    "not_found_error": NotFoundError,
    "request_too_large": RequestTooLargeError,
    "rate_limit_error": RateLimitError,
    "tokens": RateLimitError,
    "requests": RateLimitError,
    "overloaded_error": OverloadedError,
    "server_error": ServerError,
}


@dataclass(frozen=True, slots=True)
class ErrorRules:
    """What a vendor says in its own way. `codes` maps its codes and types to classes, before ours.

    `context_length_patterns` are lower-case pieces of a message that tell a context that is too long: the last
    resort, tried only on what would else be a plain `BadRequestError` or `RequestTooLargeError`. `parse_extra`
    gets the decoded body and returns facts (`message`, `code`, `type`, `param`, `status`) that overrule ours.
    `statuses` maps HTTP statuses that mean something of the vendor's own; `message_patterns` are lower-case pieces of
    a message with the class that they tell, tried like those of a context that is too long.
    """

    codes: Mapping[str, type[APIError]] = field(default_factory=dict)
    context_length_patterns: tuple[str, ...] = ("maximum context length",)
    parse_extra: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    statuses: Mapping[int, type[APIError]] = field(default_factory=dict)
    message_patterns: Mapping[str, type[APIError]] = field(default_factory=dict)


DEFAULT_RULES = ErrorRules()


def parse_openai_error(
    status: int, headers: Mapping[str, str], body: bytes, rules: ErrorRules = DEFAULT_RULES
) -> APIError:
    """Read an error answer of any form (JSON of several shapes, text, an HTML page, nothing) into its class."""
    decoded = _decode(body)
    facts = _read_facts(decoded, rules)
    facts.setdefault("message", _plain_message(status, decoded, body))
    return _create_error(status, facts, headers, decoded, rules)


def create_payload_error(payload: Mapping[str, Any], rules: ErrorRules = DEFAULT_RULES) -> APIError:
    """Make the error that a body under status 200, or an event of a stream, reports.

    Its `status` is the number that the vendor gives as code, if it does. Without number and known code it is a
    `ServerError`.
    """
    facts = _read_facts(payload, rules)
    facts.setdefault("message", "the vendor reported an error without a message")
    return _create_error(facts.get("status"), facts, {}, payload, rules)


def find_request_id(headers: Mapping[str, str]) -> str | None:
    """Return the vendor's id of the request from the answer's headers, in any case of letters."""
    lowered = {name.lower(): value for name, value in headers.items()}
    return next((lowered[name] for name in _REQUEST_ID_HEADERS if lowered.get(name)), None)


def _decode(body: bytes) -> Any:
    try:
        return from_json(body)
    except ValueError:
        return None


def _read_facts(decoded: Any, rules: ErrorRules) -> dict[str, Any]:
    if isinstance(decoded, list) and decoded:
        decoded = decoded[0]
    if not isinstance(decoded, Mapping):
        return {"message": decoded.strip()} if isinstance(decoded, str) and decoded.strip() else {}
    error = decoded.get("error")
    source = error if isinstance(error, Mapping) else decoded
    message = error if isinstance(error, str) else source.get("message") or source.get("detail")
    facts = {name: source.get(name) for name in ("code", "type", "param")}
    facts["message"] = _flatten_message(message)
    facts["status"] = _read_status(source, decoded)
    if rules.parse_extra is not None:
        facts.update(rules.parse_extra(decoded))
    return {name: value for name, value in facts.items() if value not in (None, "")}


def _flatten_message(message: Any) -> str | None:
    """Read a string, or the list of `{loc, msg}` that request validators answer."""
    if isinstance(message, str):
        return message.strip()
    if isinstance(message, Mapping):
        return _flatten_message(message.get("message") or message.get("msg"))
    if isinstance(message, list):
        lines = []
        for item in message:
            text = _flatten_message(item)
            place = item.get("loc") if isinstance(item, Mapping) else None
            where = ".".join(map(str, place)) + ": " if isinstance(place, list) and text else ""
            lines.append(where + (text or ""))
        return "; ".join(line for line in lines if line) or None
    return None


def _read_status(source: Mapping[str, Any], decoded: Mapping[str, Any]) -> int | None:
    candidates = (source.get("code"), source.get("status_code"), source.get("status"), decoded.get("status_code"))
    for candidate in candidates:
        if isinstance(candidate, str) and candidate.isascii() and candidate.isdigit():
            candidate = int(candidate[:4])
        if isinstance(candidate, int) and not isinstance(candidate, bool) and 400 <= candidate <= 599:
            return candidate
    return None


def _plain_message(status: int, decoded: Any, body: bytes) -> str:
    phrase = f"HTTP {status}"
    if status in HTTPStatus._value2member_map_:
        phrase = f"{phrase} {HTTPStatus(status).phrase}"
    text = body[: 16 * MAX_MESSAGE_CHARACTERS].decode(errors="replace").strip() if decoded is None else ""
    if re.match(r"(?i)<(!doctype|html|\?xml|head|body|center|h1)", text):
        title = re.search(r"(?is)<title[^>]*>(.*?)</title>", text) or re.search(r"(?is)<h1[^>]*>(.*?)</h1>", text)
        text = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", title.group(1))).split()) if title else "an HTML page"
    return f"{phrase}: {text}" if text else phrase


def _create_error(
    status: int | None, facts: Mapping[str, Any], headers: Mapping[str, str], decoded: Any, rules: ErrorRules
) -> APIError:
    message = str(facts["message"])
    if len(message) > MAX_MESSAGE_CHARACTERS:
        message = message[: MAX_MESSAGE_CHARACTERS - 1] + "…"
    kind = _classify(status, facts, message, rules)
    return kind(
        message,
        status=status,
        code=_text(facts.get("code")),
        type=_text(facts.get("type")),
        param=_text(facts.get("param")),
        request_id=find_request_id(headers),
        retry_after_seconds=parse_retry_after(headers),
        should_retry=parse_should_retry(headers),
        body=decoded if isinstance(decoded, Mapping) else None,
    )


def _classify(status: int | None, facts: Mapping[str, Any], message: str, rules: ErrorRules) -> type[APIError]:
    words = [str(facts[name]) for name in ("code", "type") if name in facts]
    kind = next((table[word] for table in (rules.codes, _BY_CODE) for word in words if word in table), None)
    if kind is None and status is not None:
        kind = rules.statuses.get(status) or error_class_for_status(status)
    if kind is None:
        kind = next((_WITHOUT_STATUS[word] for word in words if word in _WITHOUT_STATUS), ServerError)
    if kind in (BadRequestError, RequestTooLargeError):
        lowered = message.lower()
        if any(pattern in lowered for pattern in rules.context_length_patterns):
            return ContextLengthExceededError
        return next((told for piece, told in rules.message_patterns.items() if piece in lowered), kind)
    return kind


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
