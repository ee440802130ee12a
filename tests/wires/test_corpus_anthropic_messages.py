"""Every recorded exchange with the Messages API, read by the wire and compared with what plain JSON says.

The expectations are walked out of the recorded bodies here, without any of the wire's own code.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.errors import (
    APIError,
    AuthenticationError,
    ContextLengthExceededError,
    NotFoundError,
    RateLimitError,
)
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
from core.llms.types.messages import UserMessage
from core.llms.types.request import LLMRequest
from core.llms.types.response import LLMResponse
from core.llms.wires.anthropic_messages import AnthropicMessagesWire
from tests.wires.corpus import Exchange, exchange_params, load_exchanges

WIRE = AnthropicMessagesWire()
SPLIT_BYTES = 3_000
FINISH = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "tool_use": "tool_calls",
    "pause_turn": "pause",
}
# The retired text completions (`POST /v1/complete`, before the Messages API) are another protocol.
UNREAD = {"anthropic/complete-legacy-plain-1", "anthropic/complete-legacy-stream-plain-1"}

# The same form on its other hosts: Vertex AI as it is, Bedrock for the models of Anthropic.
RECORDED = [
    *load_exchanges(api="messages"),
    *(
        exchange
        for exchange in load_exchanges("bedrock", "invoke_model")
        if isinstance(exchange.request_body, dict) and "anthropic_version" in exchange.request_body
    ),
]
ANSWERS = [exchange for exchange in RECORDED if exchange.status == 200 and not exchange.is_stream]
STREAMS = [exchange for exchange in RECORDED if exchange.is_stream]
ERRORS = [exchange for exchange in RECORDED if exchange.status != 200]
COUNTS = load_exchanges("anthropic", "count_tokens")
LISTS = load_exchanges("anthropic", "models")


def stream_payloads(data: bytes) -> list[dict[str, Any]]:
    lines = data.decode().replace("\r\n", "\n").split("\n")
    return [json.loads(line[5:]) for line in lines if line.startswith("data:")]


def streamed_message(data: bytes) -> dict[str, Any]:
    """Put a stream's message together, event by event."""
    message: dict[str, Any] = {}
    arguments: dict[int, str] = {}
    for event in stream_payloads(data):
        match event["type"]:
            case "message_start":
                message = event["message"]
            case "content_block_start":
                message["content"].append(event["content_block"])
            case "content_block_delta":
                block, delta = message["content"][event["index"]], event["delta"]
                if delta["type"] == "input_json_delta":
                    arguments[event["index"]] = arguments.get(event["index"], "") + delta["partial_json"]
                elif delta["type"] == "citations_delta":
                    block["citations"] = [*(block.get("citations") or []), delta["citation"]]
                else:
                    name = delta["type"].removesuffix("_delta")
                    block[name] = block.get(name, "") + delta[name]
            case "message_delta":
                message |= event["delta"]
                message["usage"] |= {name: value for name, value in event["usage"].items() if value is not None}
    for index, text in arguments.items():
        if text:
            message["content"][index]["input"] = json.loads(text)
    return message


def of_type(body: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [block for block in body["content"] if block["type"] == kind]


def as_sent(block: dict[str, Any]) -> dict[str, Any]:
    """A null says nothing and is not sent back, and neither are citations that are none."""
    return {name: value for name, value in block.items() if value is not None and (name, value) != ("citations", [])}


def assert_response_is(response: LLMResponse, body: dict[str, Any]) -> None:
    assert (response.id, response.model) == (body["id"], body["model"])
    assert response.text == "".join(block["text"] for block in of_type(body, "text"))
    thoughts = [block["thinking"] for block in of_type(body, "thinking") if block["thinking"]]
    assert (response.reasoning or "") == "\n\n".join(thoughts)
    assert [(call.id, call.name, call.arguments) for call in response.tool_calls] == [
        (block["id"], block["name"], block["input"]) for block in of_type(body, "tool_use")
    ]
    assert (response.finish_reason.unified, response.finish_reason.raw) == (
        FINISH[body["stop_reason"]],
        body["stop_reason"],
    )
    assert_usage_is(response, body["usage"])


def assert_usage_is(response: LLMResponse, raw: dict[str, Any]) -> None:
    usage = response.usage
    written, read = raw.get("cache_creation_input_tokens") or 0, raw.get("cache_read_input_tokens") or 0
    assert usage.input_tokens == raw["input_tokens"] + written + read
    assert usage.output_tokens == raw["output_tokens"]
    assert (usage.cache_write_tokens, usage.cache_read_tokens) == (written, read)
    assert usage.cache_write_1h_tokens == (raw.get("cache_creation") or {}).get("ephemeral_1h_input_tokens", 0)
    assert usage.reasoning_tokens == (raw.get("output_tokens_details") or {}).get("thinking_tokens", 0)
    assert usage.server_tool_requests == (raw.get("server_tool_use") or {}).get("web_search_requests", 0)
    assert usage.service_tier == raw.get("service_tier")
    assert usage.raw == raw


def assert_goes_back(response: LLMResponse, body: dict[str, Any]) -> None:
    for message in (response.message, parse_message(json.loads(json.dumps(response.message.to_dict())))):
        rendered = WIRE.render_request(LLMRequest("claude-test", (UserMessage("Hi"), message)))
        content = rendered.body["messages"][1]["content"]
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        assert blocks == [as_sent(block) for block in body["content"]]
        assert rendered.warnings == ()


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
    assert response.raw == exchange.body


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_ends_in_what_is_in_it(exchange: Exchange) -> None:
    body = streamed_message(exchange.body_bytes)
    last = decode(exchange.body_bytes)[-1]
    assert isinstance(last, StreamFinished)
    assert_response_is(last.response, body)
    assert_goes_back(last.response, body)
    assert {**last.response.raw, "context_management": None} == {**body, "context_management": None}


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_s_events_make_up_its_response(exchange: Exchange) -> None:
    payloads = stream_payloads(exchange.body_bytes)
    body = streamed_message(exchange.body_bytes)
    events = decode(exchange.body_bytes)
    assert events[0] == StreamStarted(payloads[0]["message"]["id"], payloads[0]["message"]["model"])
    deltas = [payload["delta"] for payload in payloads if payload["type"] == "content_block_delta"]
    assert [event.text for event in events if isinstance(event, TextDelta)] == [
        delta["text"] for delta in deltas if delta["type"] == "text_delta" and delta["text"]
    ]
    thoughts = [block["thinking"] for block in of_type(body, "thinking") if block["thinking"]]
    assert "".join(event.text for event in events if isinstance(event, ReasoningDelta)) == "\n\n".join(thoughts)
    calls = of_type(body, "tool_use")
    started = [event for event in events if isinstance(event, ToolCallStarted)]
    assert [(event.index, event.id, event.name) for event in started] == [
        (index, call["id"], call["name"]) for index, call in enumerate(calls)
    ]
    for index, call in enumerate(calls):
        pieces = [event.arguments_json for event in events if isinstance(event, ToolCallDelta) and event.index == index]
        assert json.loads("".join(pieces) or "{}") == call["input"]
    whole = [event.tool_call for event in events if isinstance(event, ToolCallFinished)]
    assert [(call.id, call.arguments) for call in whole] == [(call["id"], call["input"]) for call in calls]
    updates = [event.usage.raw for event in events if isinstance(event, UsageUpdated)]
    assert (len(updates), updates[-1]) == (2, body["usage"])


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_counts_every_event_but_pings(exchange: Exchange) -> None:
    decoder = WIRE.create_stream_decoder()
    decoder.feed(exchange.body_bytes)
    kinds = [payload["type"] for payload in stream_payloads(exchange.body_bytes)]
    assert decoder.progress == len(kinds) - kinds.count("ping")


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
    for cut in range(0, data.rindex(b"message_delta"), 997):
        decoder = WIRE.create_stream_decoder()
        events = decoder.feed(data[:cut])
        partial = decoder.partial_response()
        assert not decoder.finished
        assert partial.finish_reason.unified == "error"
        assert partial.text == "".join(event.text for event in events if isinstance(event, TextDelta))


@pytest.mark.parametrize("exchange", exchange_params(ERRORS))
def test_recorded_error_has_its_class_and_words(exchange: Exchange) -> None:
    error = WIRE.parse_error(exchange.status, exchange.headers, exchange.body_bytes)
    expected: dict[int, type[APIError]] = {
        400: ContextLengthExceededError,
        401: AuthenticationError,
        404: NotFoundError,
        429: RateLimitError,
    }
    said = exchange.body
    assert type(error) is expected[exchange.status]
    assert (error.status, error.message, error.type) == (
        exchange.status,
        said["error"]["message"],
        said["error"]["type"],
    )
    assert error.request_id == exchange.headers.get("request-id", said["request_id"])
    assert error.retry_after_seconds is None


@pytest.mark.parametrize("exchange", exchange_params(COUNTS))
def test_recorded_token_count_is_read(exchange: Exchange) -> None:
    assert WIRE.parse_token_count(exchange.body) == exchange.body["input_tokens"]


@pytest.mark.parametrize("exchange", exchange_params(LISTS))
def test_recorded_model_list_is_read(exchange: Exchange) -> None:
    models = WIRE.parse_models(exchange.body)
    assert [(model.id, model.raw) for model in models] == [(entry["id"], entry) for entry in exchange.body["data"]]


def test_every_recorded_exchange_of_the_vendor_is_read_but_the_listed() -> None:
    read = {exchange.name for exchange in (*RECORDED, *COUNTS, *LISTS)}
    assert {exchange.name for exchange in load_exchanges("anthropic")} - read <= UNREAD
