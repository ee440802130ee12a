"""The vendor's errors, as answers and inside streams. The error's name is in a header, not in the body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic_core import from_json

from core.llms.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitError,
    ServerError,
)
from core.llms.wires.openai_errors import ErrorRules, create_payload_error, parse_openai_error

# The service's exceptions (botocore 1.44, bedrock-runtime 2023-09-30) and those that every AWS service has for
# credentials. A model that is not ready yet comes with 429, and is not the caller's rate.
_CODES: Final[Mapping[str, type[APIError]]] = {
    "AccessDeniedException": PermissionDeniedError,
    "ConflictException": ConflictError,
    "ExpiredTokenException": AuthenticationError,
    "IncompleteSignature": AuthenticationError,
    "IncompleteSignatureException": AuthenticationError,
    "InternalServerException": ServerError,
    "InvalidClientTokenId": AuthenticationError,
    "InvalidSignatureException": AuthenticationError,
    "MissingAuthenticationTokenException": AuthenticationError,
    "ModelErrorException": ServerError,
    "ModelNotReadyException": OverloadedError,
    "ModelStreamErrorException": ServerError,
    "ModelTimeoutException": ServerError,
    "OptInRequired": PermissionDeniedError,
    "RequestExpired": AuthenticationError,
    "ResourceNotFoundException": NotFoundError,
    "ServiceQuotaExceededException": QuotaExceededError,
    "ServiceUnavailableException": OverloadedError,
    "SignatureDoesNotMatch": AuthenticationError,
    "ThrottlingException": RateLimitError,
    "UnrecognizedClientException": AuthenticationError,
    "ValidationException": BadRequestError,
}
_STREAM_STATUSES: Final[Mapping[str, int]] = {
    "InternalServerException": 500,
    "ModelStreamErrorException": 424,
    "ModelTimeoutException": 408,
    "ServiceUnavailableException": 503,
    "ThrottlingException": 429,
    "ValidationException": 400,
}
# A context that is too long has no code, only words, each model family its own.
_RULES: Final = ErrorRules(
    codes=_CODES,
    context_length_patterns=(
        "input is too long",
        "prompt is too long",
        "exceed context limit",
        "maximum context length",
        "input tokens exceeded",
        "exceeds the maximum number of tokens",
    ),
    statuses={424: ServerError},
)


def parse_failure(status: int, headers: Mapping[str, str], body: bytes) -> APIError:
    """Read an error answer of any form; its name is in `x-amzn-errortype`, or in the body's `__type`."""
    lowered = {name.lower(): value for name, value in headers.items()}
    decoded = _decode(body)
    code = _plain_name(lowered.get("x-amzn-errortype") or decoded.get("__type") or decoded.get("code"))
    if not decoded and code:
        body = b"{}"
    error = parse_openai_error(status, headers, body, _rules_for(code))
    error.request_id = error.request_id or lowered.get("x-amzn-requestid")
    return error


def create_failure(name: str, payload: Mapping[str, Any]) -> APIError:
    """Make the error that an exception inside a stream, or a body under status 200, reports."""
    code = name[:1].upper() + name[1:]
    facts = {"status": _STREAM_STATUSES.get(code), "message": payload.get("message") or payload.get("Message")}
    original = payload.get("originalMessage")
    if isinstance(original, str) and original and original != facts["message"]:
        facts["message"] = f"{facts['message'] or code}: {original}"
    return create_payload_error(payload, _rules_for(code, facts))


def _rules_for(code: str | None, facts: Mapping[str, Any] | None = None) -> ErrorRules:
    def read(decoded: Mapping[str, Any]) -> Mapping[str, Any]:
        said = decoded.get("message") or decoded.get("Message") or code
        found = {"code": code, "message": said if isinstance(said, str) else None, **(facts or {})}
        return {name: value for name, value in found.items() if value is not None}

    return replace(_RULES, parse_extra=read)


def _plain_name(name: Any) -> str | None:
    """Cut `com.amazon.coral#Name` and `Name:http://…` to the name."""
    return name.rpartition("#")[2].partition(":")[0].strip() or None if isinstance(name, str) else None


def _decode(body: bytes) -> Mapping[str, Any]:
    try:
        decoded = from_json(body)
    except ValueError:
        return {}
    return decoded if isinstance(decoded, dict) else {}
