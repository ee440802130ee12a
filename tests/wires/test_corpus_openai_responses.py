"""Every recorded exchange with a Responses API, read by the wire and compared with what plain JSON says.

The expectations are walked out of the recorded bodies here, without any of the wire's own code.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.errors import (
    APIError,
    BadRequestError,
    ContextLengthExceededError,
    NotFoundError,
)
from core.llms.types.content import OpaquePart, ReasoningPart
from core.llms.types.events import (
    ReasoningDelta,
    StreamEvent,
    StreamFinished,
    StreamStarted,
    TextDelta,
    ToolCallDelta,
    ToolCallFinished,
    ToolCallStarted,
    UsageUpdated,
)
from core.llms.types.message_dicts import parse_message
from core.llms.types.request import LLMRequest
from core.llms.types.response import LLMResponse
from core.llms.wires.openai_responses import OpenAIResponsesWire
from tests.wires.corpus import Exchange, exchange_params, load_exchanges

WIRE = OpenAIResponsesWire()
SPLIT_BYTES = 3_000

RECORDED = load_exchanges(api="responses")
ANSWERS = [exchange for exchange in RECORDED if exchange.status == 200 and not exchange.is_stream]
STREAMS = [exchange for exchange in RECORDED if exchange.is_stream]
ERRORS = [exchange for exchange in RECORDED if exchange.status != 200]
TOKEN_COUNTS = load_exchanges("openai", "count_tokens")


def stream_payloads(data: bytes) -> list[dict[str, Any]]:
    lines = data.decode().replace("\r\n", "\n").split("\n")
    values = [line[5:].strip() for line in lines if line.startswith("data:")]
    return [json.loads(value) for value in values if value != "[DONE]"]


def joined_text(body: dict[str, Any], kind: str = "output_text", name: str = "text") -> str:
    contents = [content for item in body["output"] if item["type"] == "message" for content in item["content"]]
    return "".join(content[name] for content in contents if content["type"] == kind)


def joined_reasoning(body: dict[str, Any]) -> str:
    items = [item for item in body["output"] if item["type"] == "reasoning"]
    return "\n\n".join(
        part["text"]
        for item in items
        for part in [*(item.get("summary") or []), *(item.get("content") or [])]
        if part["text"]
    )


def calls_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for item in body["output"] if item["type"] == "function_call"]


def expected_finish(body: dict[str, Any]) -> tuple[str, str]:
    if body["status"] == "incomplete":
        reason = body["incomplete_details"]["reason"]
        return {"max_output_tokens": "length"}.get(reason, reason), reason
    if any(item["type"] in ("function_call", "custom_tool_call") for item in body["output"]):
        return "tool_calls", "completed"
    return ("refusal" if joined_text(body, "refusal", "refusal") else "stop"), "completed"


def assert_response_is(response: LLMResponse, body: dict[str, Any]) -> None:
    assert (response.id, response.model) == (body["id"], body["model"])
    assert response.text == joined_text(body)
    assert (response.refusal or "") == joined_text(body, "refusal", "refusal")
    assert (response.reasoning or "") == joined_reasoning(body)
    assert [(call.id, call.item_id, call.name, call.arguments_json) for call in response.tool_calls] == [
        (item["call_id"], item["id"], item["name"], item["arguments"]) for item in calls_of(body)
    ]
    assert all(call.arguments == json.loads(call.arguments_json) for call in response.tool_calls)
    assert (response.finish_reason.unified, response.finish_reason.raw) == expected_finish(body)
    assert_usage_is(response, body)


def assert_usage_is(response: LLMResponse, body: dict[str, Any]) -> None:
    usage, raw = response.usage, body.get("usage") or {}
    assert usage.raw == body.get("usage")
    assert usage.service_tier == body.get("service_tier")
    input_details, output_details = raw.get("input_tokens_details", {}), raw.get("output_tokens_details", {})
    assert (usage.input_tokens, usage.output_tokens) == (raw.get("input_tokens", 0), raw.get("output_tokens", 0))
    assert usage.total_tokens == raw.get("total_tokens", 0)
    assert usage.cache_read_tokens == input_details.get("cached_tokens", 0)
    assert usage.cache_write_tokens == input_details.get("cache_write_tokens", 0)
    assert usage.reasoning_tokens == output_details.get("reasoning_tokens", 0)
    billed = ("web_search_call", "code_interpreter_call", "image_generation_call", "file_search_call")
    assert usage.server_tool_requests == sum(item["type"] in billed for item in body["output"])
    assert usage.other_tool_requests == sum(item["type"] in billed[1:] for item in body["output"])


def as_input(item: dict[str, Any]) -> dict[str, Any]:
    """What only the server fills in is not sent: log probabilities, a finished call's status, a phase that is null."""
    item = json.loads(json.dumps(item))
    if item["type"] == "message":
        for content in item["content"]:
            content.pop("logprobs", None)
        if item.get("phase", "") is None:
            del item["phase"]
    if item["type"] == "function_call" and item["status"] == "completed":
        del item["status"]
    return item


def assert_goes_back(response: LLMResponse, body: dict[str, Any]) -> None:
    for message in (response.message, parse_message(json.loads(json.dumps(response.message.to_dict())))):
        rendered = WIRE.render_request(LLMRequest("gpt-test", (message,)))
        assert rendered.body["input"] == [as_input(item) for item in body["output"]]
        assert rendered.warnings == ()
    carried = ("message", "function_call", "reasoning")
    assert [part.data for part in response.message.parts if isinstance(part, OpaquePart)] == [
        item for item in body["output"] if item["type"] not in carried
    ]


def decode(data: bytes) -> list[StreamEvent]:
    decoder = WIRE.create_stream_decoder()
    events = decoder.feed(data)
    assert decoder.finished
    assert decoder.close() == []
    return events


@pytest.mark.parametrize("exchange", exchange_params(ANSWERS))
def test_recorded_answer_parses_to_what_is_in_it(exchange: Exchange) -> None:
    response = WIRE.parse_response(exchange.body)
    assert_response_is(response, exchange.body)
    assert_goes_back(response, exchange.body)
    reasoning = [part for part in response.message.parts if isinstance(part, ReasoningPart)]
    items = [item for item in exchange.body["output"] if item["type"] == "reasoning"]
    assert [part.signature for part in reasoning] == [item.get("encrypted_content") for item in items]


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_ends_in_what_is_in_it(exchange: Exchange) -> None:
    body = stream_payloads(exchange.body_bytes)[-1]["response"]
    events = decode(exchange.body_bytes)
    last = events[-1]
    assert isinstance(last, StreamFinished)
    assert_response_is(last.response, body)
    assert_goes_back(last.response, body)
    assert last.response == WIRE.parse_response(body)


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_s_events_make_up_its_response(exchange: Exchange) -> None:
    payloads = stream_payloads(exchange.body_bytes)
    body = payloads[-1]["response"]
    events = decode(exchange.body_bytes)
    assert events[0] == StreamStarted(payloads[0]["response"]["id"], payloads[0]["response"]["model"])
    assert [event.text for event in events if isinstance(event, TextDelta)] == [
        payload["delta"] for payload in payloads if payload["type"] == "response.output_text.delta"
    ]
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == joined_text(body)
    assert "".join(event.text for event in events if isinstance(event, ReasoningDelta)) == joined_reasoning(body)
    calls = calls_of(body)
    started = [event for event in events if isinstance(event, ToolCallStarted)]
    assert [(event.index, event.id, event.name) for event in started] == [
        (index, call["call_id"], call["name"]) for index, call in enumerate(calls)
    ]
    for index, call in enumerate(calls):
        deltas = [event.arguments_json for event in events if isinstance(event, ToolCallDelta) and event.index == index]
        assert "".join(deltas) == call["arguments"]
    whole = [event.tool_call for event in events if isinstance(event, ToolCallFinished)]
    assert [call.arguments_json for call in whole] == [call["arguments"] for call in calls]
    updates = [event.usage.raw for event in events if isinstance(event, UsageUpdated)]
    assert updates == ([body["usage"]] if body["usage"] else [])


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_is_the_same_split_at_each_byte(exchange: Exchange) -> None:
    data = exchange.body_bytes
    end = data.find(b"\n\n", min(SPLIT_BYTES, len(data) - 2)) + 2
    head, whole = data[:end], WIRE.create_stream_decoder().feed(data[:end])
    for cut in range(min(SPLIT_BYTES, end)):
        decoder = WIRE.create_stream_decoder()
        assert decoder.feed(head[:cut]) + decoder.feed(head[cut:]) == whole


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_is_the_same_byte_by_byte(exchange: Exchange) -> None:
    data = exchange.body_bytes
    decoder = WIRE.create_stream_decoder()
    events = [event for position in range(len(data)) for event in decoder.feed(data[position : position + 1])]
    assert events == decode(data)


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_that_is_cut_has_what_arrived(exchange: Exchange) -> None:
    data = exchange.body_bytes
    for cut in range(0, data.rindex(b'"response.completed"') if b'"response.completed"' in data else 0, 997):
        decoder = WIRE.create_stream_decoder()
        events = decoder.feed(data[:cut])
        partial = decoder.partial_response()
        assert not decoder.finished
        assert partial.finish_reason.unified == "error"
        assert partial.text == "".join(event.text for event in events if isinstance(event, TextDelta))


@pytest.mark.parametrize("exchange", exchange_params(ERRORS))
def test_recorded_error_has_its_class_and_words(exchange: Exchange) -> None:
    error = WIRE.parse_error(exchange.status, exchange.headers, exchange.body_bytes)
    said = exchange.body["error"]
    facts = said if isinstance(said, dict) else {"message": said, "code": exchange.body.get("code")}
    expected: dict[str | None, type[APIError]] = {
        "context_length_exceeded": ContextLengthExceededError,
        "model_not_found": NotFoundError,
    }
    assert type(error) is expected.get(facts["code"], BadRequestError)
    assert (error.status, error.message, error.code) == (exchange.status, facts["message"], facts["code"])


@pytest.mark.parametrize("exchange", exchange_params(TOKEN_COUNTS))
def test_recorded_token_count_is_read(exchange: Exchange) -> None:
    assert WIRE.parse_token_count(exchange.body) == exchange.body["input_tokens"]
