from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.llms.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ContextLengthExceededError,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    ProtocolError,
    QuotaExceededError,
    RateLimitError,
    RequestTooLargeError,
    ServerError,
)
from core.llms.types.content import OpaquePart, ReasoningPart, RefusalPart, TextPart, ToolCall
from core.llms.types.response import LLMResponse
from core.llms.types.usage import Usage
from core.llms.wires.anthropic_messages import AnthropicMessagesWire, RateLimit, parse_rate_limits
from core.llms.wires.anthropic_messages.rate_limits import seconds_until_free

WIRE = AnthropicMessagesWire()
ORIGIN = "anthropic_messages"


def body(*content: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-test",
        "content": list(content),
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 1, "output_tokens": 2},
        **changes,
    }


def test_answer_of_every_block_is_read_in_order() -> None:
    thinking = {"type": "thinking", "thinking": "Hm.", "signature": "s"}
    redacted = {"type": "redacted_thinking", "data": "x"}
    search = {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "x"}}
    citation = {"type": "web_search_result_location", "url": "https://example.com"}
    call = {"type": "tool_use", "id": "c1", "name": "f", "input": {"a": [1]}, "caller": {"type": "direct"}}
    text = {"type": "text", "text": "So.", "citations": [citation]}
    response = WIRE.parse_response(body(thinking, redacted, search, text, call))
    assert response.message.parts == (
        ReasoningPart("Hm.", "s", origin=ORIGIN, raw=thinking),
        ReasoningPart(redacted="x", origin=ORIGIN, raw=redacted),
        OpaquePart(ORIGIN, search),
        TextPart("So.", (citation,), ORIGIN),
        ToolCall("c1", "f", {"a": [1]}, '{"a":[1]}', origin=ORIGIN, extra={"caller": {"type": "direct"}}),
    )
    assert (response.id, response.model) == ("msg_1", "claude-test")


def test_plain_text_is_a_plain_message() -> None:
    assert WIRE.parse_response(body({"type": "text", "text": "Hi"})).message.content == "Hi"
    assert WIRE.parse_response(body({"type": "text", "text": "Hi", "citations": None})).message.content == "Hi"
    assert WIRE.parse_response(body()).message.content == ""


@pytest.mark.parametrize(
    ("raw", "unified"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("tool_use", "tool_calls"),
        ("pause_turn", "pause"),
        ("refusal", "refusal"),
        ("something_new", "other"),
        (None, "other"),
    ],
)
def test_stop_reasons_are_unified_and_kept(raw: str | None, unified: str) -> None:
    finish = WIRE.parse_response(body(stop_reason=raw)).finish_reason
    assert (finish.unified, finish.raw) == (unified, raw)


def test_refusal_has_details_and_explanation() -> None:
    details = {"type": "refusal", "category": "cyber", "explanation": "Not this."}
    response = WIRE.parse_response(body({"type": "text", "text": "I"}, stop_reason="refusal", stop_details=details))
    assert response.message.parts == (TextPart("I"), RefusalPart("Not this.", origin=ORIGIN))
    assert (response.refusal, response.choices[0].content_filter) == ("Not this.", details)
    silent = WIRE.parse_response(body(stop_reason="refusal", stop_details={**details, "explanation": None}))
    assert silent.refusal is None


def test_usage_adds_up_what_the_vendor_keeps_apart() -> None:
    raw = {
        "input_tokens": 100,
        "cache_creation_input_tokens": 30,
        "cache_read_input_tokens": 7,
        "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 10},
        "output_tokens": 50,
        "output_tokens_details": {"thinking_tokens": 40},
        "server_tool_use": {"web_search_requests": 3, "web_fetch_requests": 9},
        "service_tier": "standard",
    }
    assert WIRE.parse_response(body(usage=raw)).usage == Usage(
        137,
        50,
        cache_read_tokens=7,
        cache_write_tokens=30,
        cache_write_1h_tokens=10,
        reasoning_tokens=40,
        server_tool_requests=3,
        service_tier="standard",
    )


@pytest.mark.parametrize(
    ("said", "tier"),
    [
        ({}, None),
        ({"service_tier": "priority"}, "priority"),
        ({"service_tier": "standard", "speed": "standard"}, "standard"),
        ({"service_tier": "standard", "speed": "fast"}, "fast"),
        ({"service_tier": "standard", "inference_geo": "us"}, "us"),
        ({"service_tier": "standard", "inference_geo": "global"}, "standard"),
        ({"speed": "fast", "inference_geo": "us"}, "fast-us"),
        ({"service_tier": "batch", "inference_geo": "us"}, "batch-us"),
    ],
)
def test_service_tier_names_what_has_a_price_of_its_own(said: dict[str, str], tier: str | None) -> None:
    assert WIRE.parse_response(body(usage={"input_tokens": 1, "output_tokens": 1, **said})).usage.service_tier == tier


def test_usage_that_was_not_sent_has_no_raw() -> None:
    assert WIRE.parse_response(body(usage=None)).usage == Usage()
    assert WIRE.parse_response(body(usage=None)).usage.raw is None


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        body({"type": "text"}),
        body({"type": "tool_use", "id": "c", "name": "f", "input": "{}"}),
        body({"type": "tool_use", "name": "f", "input": {}}),
        body({"type": "thinking"}),
        body({"type": "text", "text": "a", "citations": "x"}),
        body({"text": "a"}),
        body(stop_reason=1),
        {**body(), "content": ["a"]},
        {**body(), "content": "a"},
    ],
)
def test_answer_that_is_not_the_wire_is_a_protocol_error(answer: Any) -> None:
    with pytest.raises(ProtocolError):
        WIRE.parse_response(answer)


def test_error_under_status_200_is_raised() -> None:
    said = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}, "request_id": "req_1"}
    with pytest.raises(OverloadedError, match="Overloaded") as caught:
        WIRE.parse_response(said)
    assert caught.value.request_id == "req_1"
    with pytest.raises(OverloadedError):
        WIRE.parse_models(said)


def parse_error(status: int, kind: str, message: str = "No.", **headers: str) -> APIError:
    said = f'{{"type": "error", "error": {{"type": "{kind}", "message": "{message}"}}, "request_id": "req_b"}}'
    return WIRE.parse_error(status, {name.replace("_", "-"): value for name, value in headers.items()}, said.encode())


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        (400, "invalid_request_error", BadRequestError),
        (401, "authentication_error", AuthenticationError),
        (402, "billing_error", QuotaExceededError),
        (403, "permission_error", PermissionDeniedError),
        (404, "not_found_error", NotFoundError),
        (409, "conflict_error", ConflictError),
        (413, "request_too_large", RequestTooLargeError),
        (429, "rate_limit_error", RateLimitError),
        (500, "api_error", ServerError),
        (500, "overloaded_error", OverloadedError),
        (504, "timeout_error", ServerError),
        (529, "overloaded_error", OverloadedError),
    ],
)
def test_error_has_the_class_of_its_status_and_type(status: int, kind: str, expected: type[APIError]) -> None:
    error = parse_error(status, kind)
    assert type(error) is expected
    assert (error.status, error.type, error.message, error.request_id) == (status, kind, "No.", "req_b")


@pytest.mark.parametrize(
    "message",
    [
        "prompt is too long: 3333404 tokens > 200000 maximum",
        "input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000",
    ],
)
def test_context_that_is_too_long_is_known_by_its_words(message: str) -> None:
    assert type(parse_error(400, "invalid_request_error", message)) is ContextLengthExceededError
    assert type(parse_error(413, "request_too_large", message)) is ContextLengthExceededError


def test_header_names_the_request_before_the_body_does() -> None:
    assert parse_error(500, "api_error", request_id="req_h").request_id == "req_h"


def test_details_give_the_code() -> None:
    said = b'{"type": "error", "error": {"type": "x", "message": "m", "details": {"error_code": "file_expired"}}}'
    assert WIRE.parse_error(400, {}, said).code == "file_expired"


def test_rate_limit_waits_for_the_header_or_the_reset() -> None:
    reset = {"anthropic_ratelimit_tokens_remaining": "0", "anthropic_ratelimit_tokens_reset": "2999-01-01T00:00:00Z"}
    said = parse_error(429, "rate_limit_error", retry_after="7", **reset)
    assert said.retry_after_seconds == 7
    waiting = parse_error(429, "rate_limit_error", **reset)
    assert (waiting.retry_after_seconds or 0) > 1e9
    assert waiting.retry_at is not None and waiting.retry_at.year in (2998, 2999)
    reset["anthropic_ratelimit_tokens_remaining"] = "1"
    assert parse_error(429, "rate_limit_error", **reset).retry_after_seconds is None
    assert parse_error(402, "billing_error", **reset).retry_after_seconds is None


def test_rate_limits_are_read_by_name() -> None:
    headers = {
        "Anthropic-RateLimit-Requests-Limit": "1000",
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": "2026-06-08T18:45:39Z",
        "anthropic-ratelimit-input-tokens-limit": "many",
        "anthropic-ratelimit-input-tokens-reset": "2026-06-08T18:46:39",
        "anthropic-ratelimit-unified-status": "allowed",
        "retry-after": "1",
    }
    assert parse_rate_limits(headers) == {
        "requests": RateLimit("requests", 1000, 0, datetime(2026, 6, 8, 18, 45, 39, tzinfo=UTC)),
        "input-tokens": RateLimit("input-tokens", reset_at=datetime(2026, 6, 8, 18, 46, 39, tzinfo=UTC)),
    }
    assert seconds_until_free(headers, datetime(2026, 6, 8, 18, 45, 30, tzinfo=UTC)) == 9
    assert seconds_until_free(headers, datetime(2027, 1, 1, tzinfo=UTC)) == 0
    assert seconds_until_free({}) is None


def test_model_list_keeps_what_the_vendor_says() -> None:
    rich = {
        "type": "model",
        "id": "claude-opus-5-5",
        "display_name": "Claude Opus 5.5",
        "created_at": "2026-09-22T00:00:00Z",
        "lifecycle": "active",
        "max_input_tokens": 1_000_000,
        "max_tokens": 128_000,
        "capabilities": {"thinking": {"supported": True}},
    }
    unknown = {"id": "claude-x", "created_at": "1970-01-01T00:00:00Z"}
    first, second = WIRE.parse_models({"data": [rich, unknown], "has_more": False})
    assert (first.id, first.created, first.raw) == ("claude-opus-5-5", 1_790_035_200, rich)
    assert (second.id, second.created) == ("claude-x", None)
    answers: list[Any] = [{}, {"data": [{}]}, {"data": ["a"]}, []]
    for wrong in answers:
        with pytest.raises(ProtocolError):
            WIRE.parse_models(wrong)


def test_token_count_is_read_or_refused() -> None:
    assert WIRE.parse_token_count({"input_tokens": 12}) == 12
    answers: list[Any] = [{}, {"input_tokens": "12"}, {"input_tokens": -1}, []]
    for wrong in answers:
        with pytest.raises(ProtocolError):
            WIRE.parse_token_count(wrong)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
NAMES = ("type", "text", "thinking", "data", "id", "name", "input", "citations", "signature")
KINDS = st.sampled_from(("text", "thinking", "redacted_thinking", "tool_use", "other"))
BLOCKS = st.lists(st.dictionaries(st.sampled_from(NAMES), JSON | KINDS) | JSON, max_size=3)
TOP = st.sampled_from(("id", "model", "stop_reason", "stop_details", "usage", "error", "content"))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BLOCKS | JSON, st.dictionaries(TOP, JSON, max_size=3))
def test_any_answer_gives_a_response_or_one_of_our_errors(content: Any, changes: dict[str, Any]) -> None:
    try:
        assert isinstance(WIRE.parse_response({**body(), "content": content, **changes}), LLMResponse)
    except (ProtocolError, APIError) as error:
        assert str(error)
