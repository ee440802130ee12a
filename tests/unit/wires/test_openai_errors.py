from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ContentFilterError,
    ContextLengthExceededError,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitError,
    RequestTooLargeError,
    ServerError,
)
from core.llms.wires.openai_common import (
    MAX_MESSAGE_CHARACTERS,
    ErrorRules,
    create_payload_error,
    find_request_id,
    parse_openai_error,
)


def parse(status: int, body: Any, headers: dict[str, str] | None = None, rules: ErrorRules | None = None) -> APIError:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse_openai_error(status, headers or {}, data, rules or ErrorRules())


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError), (401, AuthenticationError), (402, BadRequestError), (403, PermissionDeniedError),
        (404, NotFoundError), (408, ServerError), (409, ConflictError), (413, RequestTooLargeError),
        (422, BadRequestError), (429, RateLimitError), (500, ServerError), (502, ServerError),
        (503, OverloadedError), (504, ServerError), (529, OverloadedError),
    ],
)  # fmt: skip
def test_error_class_follows_the_status_where_the_code_says_nothing(status: int, kind: type[APIError]) -> None:
    error = parse(status, {"error": {"message": "No.", "type": "invalid_request_error", "param": None, "code": None}})
    assert type(error) is kind
    assert (error.message, error.status, error.type, error.code) == ("No.", status, "invalid_request_error", None)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "context_length_exceeded", ContextLengthExceededError),
        (400, "content_filter", ContentFilterError),
        (429, "insufficient_quota", QuotaExceededError),
        (400, "invalid_api_key", AuthenticationError),
        (400, "model_not_found", NotFoundError),
        (404, "DeploymentNotFound", NotFoundError),
        (429, "RateLimitReached", RateLimitError),
        (503, "slow_down", OverloadedError),
    ],
)
def test_error_class_follows_a_code_that_says_more_than_the_status(
    status: int, code: str, kind: type[APIError]
) -> None:
    error = parse(status, {"error": {"message": "No.", "code": code}})
    assert type(error) is kind
    assert error.code == code


def test_error_of_a_quota_is_told_by_its_type_too() -> None:
    assert type(parse(429, {"error": {"message": "No.", "type": "insufficient_quota"}})) is QuotaExceededError


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": "Specified model not found"}, "Specified model not found"),
        ({"code": "unavailable", "error": "At capacity"}, "At capacity"),
        ({"message": "Unauthorized"}, "Unauthorized"),
        ({"object": "error", "message": "Rate limit exceeded", "code": "1300"}, "Rate limit exceeded"),
        ({"detail": "Invalid API Key"}, "Invalid API Key"),
        ({"detail": [{"loc": ["body", "n"], "msg": "field required"}, {"msg": "b"}]}, "body.n: field required; b"),
        ({"message": {"detail": [{"msg": "x"}]}}, "HTTP 400 Bad Request"),
        ([{"error": {"message": "In a list", "code": 400}}], "In a list"),
        ("just text in JSON", "just text in JSON"),
        (b"plain text\n", "HTTP 400 Bad Request: plain text"),
        (b"", "HTTP 400 Bad Request"),
        (b"   ", "HTTP 400 Bad Request"),
        ({}, "HTTP 400 Bad Request"),
        ({"error": {}}, "HTTP 400 Bad Request"),
        ({"error": None}, "HTTP 400 Bad Request"),
        ([], "HTTP 400 Bad Request"),
        (None, "HTTP 400 Bad Request: null"),
        (b"\xff\xfe", "HTTP 400 Bad Request: \ufffd\ufffd"),
        (b"[" * 100_000, "HTTP 400 Bad Request: " + "[" * 1977 + "…"),
    ],
)  # fmt: skip
def test_error_message_is_found_in_every_form(body: Any, message: str) -> None:
    error = parse(400, body)
    assert error.message == message
    assert type(error) is BadRequestError


def test_error_page_is_shortened_to_its_title() -> None:
    page = (
        b"<!DOCTYPE html>\n<html><head>\n<title>\n 502 Bad &amp; <b>Gateway</b>\n</title></head>" + b"<p>x</p>" * 9000
    )
    error = parse(502, page)
    assert error.message == "HTTP 502 Bad Gateway: 502 Bad & Gateway"
    assert type(error) is ServerError


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (b"<html><body><h1>Oh no</h1></body></html>", "HTTP 599: Oh no"),
        (b"<html><body>nothing</body></html>", "HTTP 599: an HTML page"),
    ],
)
def test_error_page_without_title_is_still_named(page: bytes, message: str) -> None:
    assert parse(599, page).message == message


def test_error_message_is_never_long() -> None:
    assert len(parse(400, {"error": {"message": "x" * 100_000}}).message) == MAX_MESSAGE_CHARACTERS
    assert len(parse(400, b"x" * 100_000).message) == MAX_MESSAGE_CHARACTERS


def test_error_has_the_facts_of_the_headers() -> None:
    headers = {"X-Request-Id": "req_1", "retry-after-ms": "1500", "retry-after": "2", "x-should-retry": "false"}
    error = parse(429, {"error": {"message": "Slow.", "param": "model", "code": 429}}, headers)
    assert (error.request_id, error.retry_after_seconds, error.should_retry) == ("req_1", 1.5, False)
    assert (error.param, error.code) == ("model", "429")
    assert error.body == {"error": {"message": "Slow.", "param": "model", "code": 429}}


@pytest.mark.parametrize("name", ["x-request-id", "apim-request-id", "Request-Id"])
def test_request_id_is_found_in_every_header_that_may_hold_it(name: str) -> None:
    assert find_request_id({name: "abc"}) == "abc"


def test_request_id_is_none_without_header() -> None:
    assert find_request_id({"x-request-id": ""}) is None


def test_error_of_a_long_context_is_told_by_its_message_as_last_resort() -> None:
    body = {"error": {"message": "The Maximum Context Length is 10 tokens", "code": 400}}
    assert type(parse(400, body)) is ContextLengthExceededError
    assert type(parse(413, body)) is ContextLengthExceededError
    assert type(parse(500, body)) is ServerError
    assert type(parse(400, body, rules=ErrorRules(context_length_patterns=()))) is BadRequestError


def test_error_rules_add_a_vendors_codes_and_types() -> None:
    rules = ErrorRules(codes={"too_many_prompt_tokens": ContextLengthExceededError})
    body = {"error": {"message": "Too long.", "type": "too_many_prompt_tokens", "code": 400}}
    assert type(parse(400, body, rules=rules)) is ContextLengthExceededError


def test_error_rules_read_a_vendors_extra_facts() -> None:
    rules = ErrorRules(parse_extra=lambda body: {"message": body["error"]["metadata"]["raw"]})
    assert parse(400, {"error": {"message": "Provider", "metadata": {"raw": "Said."}}}, rules=rules).message == "Said."


@pytest.mark.parametrize(
    ("error", "kind", "status"),
    [
        ({"message": "No", "code": 429}, RateLimitError, 429),
        ({"message": "No", "code": "502"}, ServerError, 502),
        ({"message": "No", "code": "tool_use_failed", "status_code": 400}, BadRequestError, 400),
        ({"message": "No", "code": "insufficient_quota"}, QuotaExceededError, None),
        ({"message": "No", "type": "invalid_request_error"}, BadRequestError, None),
        ({"message": "No", "type": "overloaded_error"}, OverloadedError, None),
        ({"message": "No", "code": "odd"}, ServerError, None),
        ({"message": "No", "code": 1}, ServerError, None),
        ({"message": "No", "code": True}, ServerError, None),
        ({}, ServerError, None),
        ("No", ServerError, None),
    ],
)
def test_payload_error_has_the_class_of_its_own_number_or_code(
    error: Any, kind: type[APIError], status: int | None
) -> None:
    made = create_payload_error({"error": error})
    assert type(made) is kind
    assert made.status == status
    assert made.message in ("No", "the vendor reported an error without a message")


def test_status_of_the_vendors_own_has_its_class() -> None:
    rules = ErrorRules(statuses={402: QuotaExceededError})
    assert type(parse_openai_error(402, {}, b"{}", rules)) is QuotaExceededError
    assert type(parse_openai_error(402, {}, b"{}")) is BadRequestError


def test_message_tells_the_class_of_what_is_else_a_bad_request() -> None:
    rules = ErrorRules(message_patterns={"incorrect api key": AuthenticationError})
    body = b'{"code": "invalid-argument", "error": "Incorrect API key provided."}'
    assert type(parse_openai_error(400, {}, body, rules)) is AuthenticationError
    assert type(parse_openai_error(503, {}, body, rules)) is OverloadedError
