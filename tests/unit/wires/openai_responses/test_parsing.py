"""Whole answers: parts in order, why they ended, what they consumed, and errors under status 200."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.errors import (
    APIError,
    BadRequestError,
    ContentFilterError,
    ContextLengthExceededError,
    NotFoundError,
    OverloadedError,
    ProtocolError,
    QuotaExceededError,
    RateLimitError,
    ServerError,
)
from core.llms.types.content import OpaquePart, ReasoningPart, RefusalPart, TextPart, ToolCall
from core.llms.types.response import FinishReason, LLMResponse
from core.llms.types.usage import Usage
from core.llms.wires.openai_common import ErrorRules
from core.llms.wires.openai_responses import OpenAIResponsesWire, ResponsesDialect

ORIGIN = "openai_responses"
WIRE = OpenAIResponsesWire()
CALL = {
    "type": "function_call",
    "id": "fc_1",
    "call_id": "call_1",
    "name": "f",
    "arguments": "{}",
    "status": "completed",
}


def message(*content: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "status": "completed",
        "content": list(content),
        **fields,
    }


def text(text: str, **fields: Any) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], **fields}


def facts(**others: Any) -> dict[str, Any]:
    return {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", **others}


def parse(*output: dict[str, Any], **fields: Any) -> LLMResponse:
    return WIRE.parse_response({"id": "resp_1", "model": "m", "status": "completed", "output": list(output), **fields})


def test_response_keeps_its_facts() -> None:
    response = parse(message(text("Hi.")))
    assert (response.id, response.model, response.text) == ("resp_1", "m", "Hi.")
    assert response.raw["output"] == [message(text("Hi."))]


def test_parts_stand_in_the_order_of_the_items() -> None:
    reasoning = {
        "type": "reasoning",
        "id": "rs_1",
        "summary": [{"type": "summary_text", "text": "Plan."}],
        "content": [{"type": "reasoning_text", "text": "Detail."}],
        "encrypted_content": "gAAAA",
    }
    search = {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search"}}
    custom = {"type": "custom_tool_call", "call_id": "call_2", "name": "calculate", "input": "1+1"}
    note = {"type": "file_citation", "file_id": "f"}
    refusal = {"type": "refusal", "refusal": "No."}
    response = parse(reasoning, search, message(text("A", annotations=[note]), refusal), CALL, custom)
    assert response.message.parts == (
        ReasoningPart("Plan.\n\nDetail.", "gAAAA", id="rs_1", origin=ORIGIN, raw=reasoning),
        OpaquePart(ORIGIN, search),
        TextPart("A", (note,), ORIGIN, facts()),
        RefusalPart("No.", ORIGIN, facts()),
        ToolCall.parse("call_1", "f", "{}", item_id="fc_1", origin=ORIGIN),
        OpaquePart(ORIGIN, custom),
    )


def test_arguments_that_are_not_json_leave_their_text_and_the_reason() -> None:
    (call,) = parse({**CALL, "arguments": '{"a":'}).tool_calls
    assert (call.arguments, call.arguments_json) == ({}, '{"a":')
    assert call.arguments_error is not None


def test_content_of_an_unknown_type_stays_with_its_message() -> None:
    audio = {"type": "output_audio", "data": "UklGRg=="}
    assert parse(message(text("A"), audio)).message.parts == (
        TextPart("A", origin=ORIGIN, extra=facts()),
        OpaquePart(ORIGIN, message(audio)),
    )


@pytest.mark.parametrize("more", [{"phase": "final_answer"}, {"status": "incomplete"}, {"agent": {"name": "a"}}])
def test_message_s_facts_are_each_part_s_extra(more: dict[str, Any]) -> None:
    refusal = {"type": "refusal", "refusal": "No."}
    assert parse(message(text("A"), refusal, **more), message(text("B"), id="msg_2", phase=None)).message.parts == (
        TextPart("A", origin=ORIGIN, extra=facts(**more)),
        RefusalPart("No.", ORIGIN, facts(**more)),
        TextPart("B", origin=ORIGIN, extra=facts(id="msg_2")),
    )


def test_message_without_content_is_kept_as_it_is() -> None:
    assert parse(message()).message.parts == (OpaquePart(ORIGIN, message()),)


@pytest.mark.parametrize("more", [{"namespace": "clock"}, {"status": "incomplete"}, {"caller": {"type": "direct"}}])
def test_call_s_other_facts_are_its_extra(more: dict[str, Any]) -> None:
    (call,) = parse({**CALL, **more}).tool_calls
    assert (call.item_id, call.origin, call.extra) == ("fc_1", ORIGIN, more)


def test_empty_output_is_an_empty_message() -> None:
    assert parse().message.parts == ()


@pytest.mark.parametrize(
    ("fields", "finish"),
    [
        ({}, FinishReason("stop", "completed")),
        ({"status": None}, FinishReason("stop", None)),
        ({"output": [CALL]}, FinishReason("tool_calls", "completed")),
        ({"output": [{"type": "custom_tool_call"}]}, FinishReason("tool_calls", "completed")),
        ({"output": [message({"type": "refusal", "refusal": "No."})]}, FinishReason("refusal", "completed")),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": [CALL]},
            FinishReason("length", "max_output_tokens"),
        ),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}},
            FinishReason("content_filter", "content_filter"),
        ),
        ({"status": "incomplete", "incomplete_details": {"reason": "steered"}}, FinishReason("other", "steered")),
        ({"status": "incomplete", "incomplete_details": None}, FinishReason("other", "incomplete")),
        ({"status": "queued"}, FinishReason("pause", "queued")),
        ({"status": "in_progress"}, FinishReason("pause", "in_progress")),
        ({"status": "cancelled"}, FinishReason("other", "cancelled")),
    ],
)
def test_finish_reason_says_why_and_in_whose_words(fields: dict[str, Any], finish: FinishReason) -> None:
    assert parse(**fields).finish_reason == finish


def test_usage_has_every_detail() -> None:
    raw = {
        "input_tokens": 100,
        "input_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 30, "image_tokens": 25},
        "output_tokens": 50,
        "output_tokens_details": {"reasoning_tokens": 40, "image_tokens": 8, "audio_tokens": 1},
        "total_tokens": 150,
    }
    usage = parse(usage=raw, service_tier="flex").usage
    assert usage == Usage(
        100,
        50,
        cache_read_tokens=60,
        cache_write_tokens=30,
        reasoning_tokens=40,
        audio_output_tokens=1,
        image_input_tokens=25,
        image_output_tokens=8,
        service_tier="flex",
    )
    assert usage.total_tokens == 150
    assert usage.raw == raw


def test_usage_without_details_counts_none() -> None:
    assert parse(usage={"input_tokens": 3, "output_tokens": 2}).usage == Usage(3, 2)


def test_usage_that_was_not_said_has_no_raw() -> None:
    assert parse(usage=None).usage.raw is None


@pytest.mark.parametrize(
    ("output", "fields", "requests"),
    [
        ([{"type": "web_search_call"}, {"type": "web_search_call"}], {}, 2),
        ([{"type": "web_search_call"}] * 3, {"tool_usage": {"web_search": {"num_requests": 1}}}, 1),
        (
            [{"type": "web_search_call"}, {"type": "file_search_call"}, {"type": "code_interpreter_call"}],
            {"tool_usage": {"web_search": {"num_requests": 5}}},
            7,
        ),
        ([{"type": "image_generation_call"}, {"type": "mcp_call"}, {"type": "tool_search_call"}], {}, 1),
        ([], {"tool_usage": {"web_search": {"num_requests": 0}}}, 0),
    ],
)
def test_server_tool_requests_count_what_is_billed(
    output: list[dict[str, Any]], fields: dict[str, Any], requests: int
) -> None:
    assert parse(*output, **fields).usage.server_tool_requests == requests


def test_logprobs_of_all_text_are_the_choice_s() -> None:
    one, two = {"token": "A", "logprob": -0.1}, {"token": "B", "logprob": -0.2}
    response = parse(message(text("A", logprobs=[one])), message(text("B", logprobs=[two])), message(text("C")))
    assert response.choices[0].logprobs == {"content": [one, two]}
    assert parse(message(text("A", logprobs=[]))).choices[0].logprobs is None


def test_content_filters_are_kept_as_received() -> None:
    filters = [{"source_type": "prompt", "blocked": False}]
    assert parse(content_filters=filters).choices[0].content_filter == {"content_filters": filters}
    assert parse(content_filters=None).choices[0].content_filter is None


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"code": "rate_limit_exceeded", "message": "Slow."}, RateLimitError),
        ({"code": "server_error", "message": "Oops."}, ServerError),
        ({"code": "vector_store_timeout", "message": "Slow store."}, ServerError),
        ({"code": "invalid_prompt", "message": "Bad."}, BadRequestError),
        ({"code": "image_too_large", "message": "Big."}, BadRequestError),
        ({"code": "bio_policy", "message": "No."}, ContentFilterError),
        ({"code": "image_content_policy_violation", "message": "No."}, ContentFilterError),
        ({"code": "context_length_exceeded", "message": "Long."}, ContextLengthExceededError),
        ({"code": "insufficient_quota", "message": "Empty."}, QuotaExceededError),
        ({"code": "model_not_found", "message": "Where?"}, NotFoundError),
        ({"code": "something_new", "message": "?"}, ServerError),
        ({"code": "something_new", "type": "invalid_request_error", "message": "?"}, BadRequestError),
        (None, ServerError),
    ],
)
def test_failed_response_raises_the_class_of_its_code(error: dict[str, Any] | None, kind: type[APIError]) -> None:
    with pytest.raises(kind) as caught:
        parse(status="failed", error=error)
    assert type(caught.value) is kind
    assert caught.value.code == (error or {}).get("code")
    assert caught.value.body is not None


def test_error_body_under_status_200_raises() -> None:
    with pytest.raises(BadRequestError, match="No such field"):
        WIRE.parse_response({"error": {"type": "invalid_request_error", "message": "No such field"}})


def test_dialect_s_error_codes_stand_above_the_wire_s() -> None:
    wire = OpenAIResponsesWire(ResponsesDialect(errors=ErrorRules(codes={"bio_policy": OverloadedError})))
    with pytest.raises(OverloadedError):
        wire.parse_response({"status": "failed", "error": {"code": "bio_policy"}})
    assert isinstance(wire.parse_error(400, {}, b'{"error": {"code": "bio_policy"}}'), OverloadedError)


def test_error_answer_of_the_wire_s_own_code_has_its_class() -> None:
    body = b'{"error": {"message": "No.", "type": "invalid_request_error", "code": "image_content_policy_violation"}}'
    error = WIRE.parse_error(400, {"x-request-id": "req_1"}, body)
    assert type(error) is ContentFilterError
    assert (error.status, error.request_id) == (400, "req_1")


@pytest.mark.parametrize("body", [[], "text", None, {}, {"output": None}, {"output": [1]}, {"output": [{}]}])
def test_body_that_is_no_response_is_a_protocol_error(body: Any) -> None:
    with pytest.raises(ProtocolError):
        WIRE.parse_response(body)


def test_token_count_is_read() -> None:
    assert WIRE.parse_token_count({"object": "response.input_tokens", "input_tokens": 11}) == 11


@pytest.mark.parametrize("body", [{}, {"input_tokens": "11"}, {"input_tokens": -1}, {"input_tokens": None}, []])
def test_token_count_without_a_count_is_a_protocol_error(body: Any) -> None:
    with pytest.raises(ProtocolError, match="input_tokens"):
        WIRE.parse_token_count(body)


def test_embeddings_and_models_are_the_shared_ones() -> None:
    embeddings = WIRE.parse_embeddings({"data": [{"index": 0, "embedding": [0.5, 1]}], "usage": {"total_tokens": 2}})
    assert (embeddings.vectors, embeddings.usage.input_tokens) == (((0.5, 1.0),), 2)
    assert [model.id for model in WIRE.parse_models({"data": [{"id": "gpt-test"}]})] == ["gpt-test"]
