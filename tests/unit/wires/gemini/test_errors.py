"""Errors of every form, and the class and the wait that each has."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ContextLengthExceededError,
    OverloadedError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitError,
    ServerError,
)
from core.llms.wires.gemini import GeminiWire

WIRE = GeminiWire()


def error_body(status: str, code: int = 0, message: str = "no", details: list[Any] | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "status": status, "details": details or []}}


@pytest.mark.parametrize(
    ("status", "state", "kind"),
    [
        (400, "INVALID_ARGUMENT", BadRequestError),
        (400, "FAILED_PRECONDITION", BadRequestError),
        (401, "UNAUTHENTICATED", AuthenticationError),
        (403, "PERMISSION_DENIED", PermissionDeniedError),
        (429, "RESOURCE_EXHAUSTED", RateLimitError),
        (499, "CANCELLED", ServerError),
        (500, "INTERNAL", ServerError),
        (503, "UNAVAILABLE", OverloadedError),
        (504, "DEADLINE_EXCEEDED", ServerError),
    ],
)
def test_error_has_its_class(status: int, state: str, kind: type[APIError]) -> None:
    error = WIRE.parse_error(status, {}, json.dumps(error_body(state, status)).encode())
    assert type(error) is kind
    assert (error.status, error.code, error.message) == (status, state, "no")


def test_error_in_a_list_of_one_is_read() -> None:
    reason = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
    listed = [error_body("INVALID_ARGUMENT", 400, "API key not valid.", [reason])]
    error = WIRE.parse_error(400, {}, json.dumps(listed).encode())
    assert type(error) is AuthenticationError
    assert (error.code, error.type) == ("INVALID_ARGUMENT", "API_KEY_INVALID")
    assert error.body == listed[0]


@pytest.mark.parametrize(
    "message",
    [
        "The input token count (1200293) exceeds the maximum number of tokens allowed (1048576).",
        "Unable to submit request because the input token count is 1600000 but model only supports up to 1048576.",
    ],
)
def test_context_that_is_too_long_is_told_by_its_message(message: str) -> None:
    error = WIRE.parse_error(400, {}, json.dumps(error_body("INVALID_ARGUMENT", 400, message)).encode())
    assert type(error) is ContextLengthExceededError


RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "48.5s"}


def quota(id: str) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": id}]}


@pytest.mark.parametrize(
    ("id", "kind"),
    [
        ("GenerateContentInputTokensPerModelPerMinute", RateLimitError),
        ("GenerateRequestsPerDayPerProjectPerModel-FreeTier", QuotaExceededError),
    ],
)
def test_used_up_limit_says_how_long_and_whether_to_wait(id: str, kind: type[APIError]) -> None:
    whole = error_body("RESOURCE_EXHAUSTED", 429, details=[quota(id), RETRY])
    error = WIRE.parse_error(429, {}, json.dumps(whole).encode())
    assert type(error) is kind
    assert error.retry_after_seconds == 48.5


def test_header_goes_before_the_delay_of_the_body() -> None:
    whole = error_body("RESOURCE_EXHAUSTED", 429, details=[RETRY])
    assert WIRE.parse_error(429, {"Retry-After": "3"}, json.dumps(whole).encode()).retry_after_seconds == 3


def test_page_of_a_proxy_is_an_error_too() -> None:
    error = WIRE.parse_error(502, {}, b"<html><title>Bad gateway</title></html>")
    assert type(error) is ServerError
    assert "Bad gateway" in error.message


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"code": 503, "message": "busy", "status": "UNAVAILABLE"}, OverloadedError),
        ({"message": "busy", "status": "UNAVAILABLE"}, OverloadedError),
        ({"code": 429, "message": "slow", "status": "RESOURCE_EXHAUSTED", "details": [RETRY]}, RateLimitError),
        ("it broke", ServerError),
    ],
)
def test_error_under_status_200_has_its_class(error: Any, kind: type[APIError]) -> None:
    with pytest.raises(APIError) as caught:
        WIRE.parse_response({"error": error})
    assert type(caught.value) is kind
