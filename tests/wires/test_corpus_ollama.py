"""Every recorded exchange of Ollama's own wire, read by it and compared with what plain JSON says.

The expectations are walked out of the recorded bodies here, without any of the wire's own code. Not read here: the
OpenAI-compatible exchanges, which are another wire, and `/api/generate`, which is not spoken.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.errors import ProtocolError
from core.llms.types.events import (
    ReasoningDelta,
    StreamEvent,
    StreamFinished,
    StreamStarted,
    TextDelta,
    ToolCallFinished,
    ToolCallStarted,
    UsageUpdated,
)
from core.llms.types.message_dicts import parse_message, parse_messages
from core.llms.types.request import LLMRequest
from core.llms.types.response import LLMResponse
from core.llms.wires.ollama import OllamaWire
from tests.wires.corpus import Exchange, exchange_params, load_exchanges
from tests.wires.splitting import assert_same_at_every_cut

WIRE = OllamaWire()
RECORDED = load_exchanges("ollama", "ollama_chat")
ANSWERS = [exchange for exchange in RECORDED if not exchange.is_stream]
STREAMS = [exchange for exchange in RECORDED if exchange.is_stream]


def lines_of(exchange: Exchange) -> list[dict[str, Any]]:
    return [json.loads(line) for line in exchange.body_bytes.split(b"\n") if line.strip()]


def joined(exchange: Exchange) -> dict[str, Any]:
    """The body that a stream would have been in one piece."""
    lines = lines_of(exchange)
    message: dict[str, Any] = {"role": "assistant"}
    for name in ("content", "thinking"):
        message[name] = "".join(line["message"].get(name, "") for line in lines)
    message["tool_calls"] = [call for line in lines for call in line["message"].get("tool_calls", [])]
    return {**lines[-1], "message": message}


def assert_response_is(response: LLMResponse, body: dict[str, Any]) -> None:
    message = body["message"]
    assert (response.model, response.text) == (body["model"], message.get("content") or "")
    assert (response.reasoning or "") == (message.get("thinking") or "")
    calls = message.get("tool_calls") or []
    assert [(call.item_id, call.name, call.arguments) for call in response.tool_calls] == [
        (call.get("id"), call["function"]["name"], call["function"]["arguments"]) for call in calls
    ]
    assert all(call.id and json.loads(call.arguments_json) == call.arguments for call in response.tool_calls)
    assert response.finish_reason.raw == body["done_reason"]
    assert response.finish_reason.unified == ("tool_calls" if calls else body["done_reason"])
    usage = response.usage
    assert (usage.input_tokens, usage.output_tokens) == (body["prompt_eval_count"], body["eval_count"])
    assert usage.raw is not None
    assert usage.raw["total_duration"] == body["total_duration"]


def assert_goes_back(response: LLMResponse, raw: dict[str, Any]) -> None:
    """What the model said goes back as it came, also by way of JSON; a call's place among the calls is its own."""
    expected = {name: value for name, value in raw.items() if value or name == "content"}
    if "tool_calls" in expected:
        expected["tool_calls"] = [
            {**call, "function": {name: call["function"][name] for name in ("name", "arguments")}}
            for call in expected["tool_calls"]
        ]
    for message in (response.message, parse_message(json.loads(json.dumps(response.message.to_dict())))):
        rendered = WIRE.render_request(LLMRequest("m", (message,)))
        assert rendered.body["messages"] == [expected]
        assert rendered.warnings == ()


def decode(data: bytes) -> list[StreamEvent]:
    decoder = WIRE.create_stream_decoder()
    events = decoder.feed(data)
    assert decoder.finished
    assert decoder.feed(b'{"done":true}\n') == decoder.close() == []
    return events


@pytest.mark.parametrize("exchange", exchange_params(ANSWERS))
def test_recorded_answer_parses_to_what_is_in_it(exchange: Exchange) -> None:
    response = WIRE.parse_response(exchange.body)
    assert_response_is(response, exchange.body)
    assert_goes_back(response, exchange.body["message"])


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_ends_in_what_is_in_it(exchange: Exchange) -> None:
    last = decode(exchange.body_bytes)[-1]
    assert isinstance(last, StreamFinished)
    assert_response_is(last.response, joined(exchange))
    assert_goes_back(last.response, joined(exchange)["message"])
    assert WIRE.parse_response(last.response.raw) == last.response


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_s_events_make_up_its_response(exchange: Exchange) -> None:
    lines = lines_of(exchange)
    events = decode(exchange.body_bytes)
    assert events[0] == StreamStarted(None, lines[0]["model"])
    said = [text for line in lines for name in ("thinking", "content") if (text := line["message"].get(name))]
    assert [event.text for event in events if isinstance(event, TextDelta | ReasoningDelta)] == said
    calls = [call for line in lines for call in line["message"].get("tool_calls", [])]
    started = [event for event in events if isinstance(event, ToolCallStarted)]
    assert [(event.index, event.name) for event in started] == [
        (index, call["function"]["name"]) for index, call in enumerate(calls)
    ]
    last = events[-1]
    assert isinstance(last, StreamFinished)
    assert tuple(e.tool_call for e in events if isinstance(e, ToolCallFinished)) == last.response.tool_calls
    assert [event.usage for event in events if isinstance(event, UsageUpdated)] == [last.response.usage]


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_is_the_same_cut_at_any_byte(exchange: Exchange) -> None:
    assert_same_at_every_cut(WIRE.create_stream_decoder, exchange.body_bytes)
    decoder = WIRE.create_stream_decoder()
    decoder.feed(exchange.body_bytes)
    assert decoder.progress == len(lines_of(exchange))


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_that_is_cut_is_no_answer(exchange: Exchange) -> None:
    data = exchange.body_bytes.rstrip()
    for cut in range(0, len(data), 997):
        decoder = WIRE.create_stream_decoder()
        events = decoder.feed(data[:cut])
        partial = decoder.partial_response()
        assert partial.finish_reason.unified == "error"
        assert partial.text == "".join(event.text for event in events if isinstance(event, TextDelta))
        with pytest.raises(ProtocolError):
            decoder.close()
    decoder = WIRE.create_stream_decoder()
    assert decoder.feed(data) + decoder.close() == decode(exchange.body_bytes)


# Results of calls without ids cannot be told apart in our messages: such conversations are made by hand in unit tests.
PLAIN = [e for e in RECORDED if all(m["role"] != "tool" for m in e.request_body["messages"])]


@pytest.mark.parametrize("exchange", exchange_params(PLAIN))
def test_recorded_conversation_is_written_as_its_client_did(exchange: Exchange) -> None:
    theirs = exchange.request_body["messages"]
    rendered = WIRE.render_request(LLMRequest("m", parse_messages(theirs)))
    assert rendered.body["messages"] == theirs
