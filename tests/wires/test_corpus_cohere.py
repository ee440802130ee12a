"""Every recorded exchange of Cohere's second API, read by the wire and compared with what plain JSON says.

The expectations are walked out of the recorded bodies here, without any of the wire's own code. Not read here: chats of
the first version, and rankings, which are not spoken.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.errors import APIError, AuthenticationError, NotFoundError, ProtocolError
from core.llms.types.events import (
    ReasoningDelta,
    StreamEvent,
    StreamFinished,
    TextDelta,
    ToolCallFinished,
    UsageUpdated,
)
from core.llms.types.message_dicts import parse_message
from core.llms.types.request import LLMRequest
from core.llms.types.response import LLMResponse
from core.llms.wires.cohere_v2 import CohereV2Wire
from tests.wires.corpus import Exchange, exchange_params, load_exchanges
from tests.wires.splitting import assert_same_at_every_cut

WIRE = CohereV2Wire()
RECORDED = load_exchanges("cohere", "chat_v2")
ANSWERS = [e for e in RECORDED if e.status == 200 and not e.is_stream]
STREAMS = [e for e in RECORDED if e.status == 200 and e.is_stream]
ERRORS = [e for e in load_exchanges("cohere") if e.status != 200]
EMBEDDINGS = [e for e in load_exchanges("cohere", "embeddings") if e.status == 200]
CLASSES: dict[int, type[APIError]] = {401: AuthenticationError, 404: NotFoundError}
FINISH = {"COMPLETE": "stop", "STOP_SEQUENCE": "stop", "MAX_TOKENS": "length", "TOOL_CALL": "tool_calls"}


def events_of(exchange: Exchange) -> list[dict[str, Any]]:
    lines = exchange.body_bytes.decode().split("\n")
    return [json.loads(line[5:]) for line in lines if line.startswith("data:") and "[DONE]" not in line]


def joined(exchange: Exchange) -> dict[str, Any]:
    """The body that a stream would have been in one piece."""
    events = events_of(exchange)
    content: dict[int, dict[str, Any]] = {}
    calls: dict[int, dict[str, Any]] = {}
    plan, citations = "", []
    for event in events:
        message = event.get("delta", {}).get("message", {})
        match event["type"]:
            case "content-start":
                content[event["index"]] = dict(message["content"])
            case "content-delta":
                for name, text in message["content"].items():
                    content[event["index"]][name] += text
            case "tool-plan-delta":
                plan += message["tool_plan"]
            case "tool-call-start":
                calls[event["index"]] = json.loads(json.dumps(message["tool_calls"]))
            case "tool-call-delta":
                function = calls[event["index"]]["function"]
                function["arguments"] += message["tool_calls"]["function"]["arguments"]
            case "citation-start":
                citations.append(message["citations"])
    whole = {"content": list(content.values()), "tool_plan": plan, "tool_calls": list(calls.values())}
    return {"id": events[0]["id"], "message": {**whole, "citations": citations}, **events[-1]["delta"]}


def assert_response_is(response: LLMResponse, body: dict[str, Any]) -> None:
    message = body["message"]
    content = message.get("content") or []
    assert response.id == body["id"]
    assert response.text == "".join(block.get("text", "") for block in content)
    thoughts = [block["thinking"] for block in content if block["type"] == "thinking"]
    plans = [message["tool_plan"]] if message.get("tool_plan") else []
    assert (response.reasoning or "") == "\n\n".join(text for text in [*thoughts, *plans] if text)
    assert [(call.id, call.name, call.arguments_json) for call in response.tool_calls] == [
        (call["id"], call["function"]["name"], call["function"]["arguments"])
        for call in message.get("tool_calls") or []
    ]
    notes = [note for part in response.message.parts for note in getattr(part, "annotations", ())]
    assert notes == (message.get("citations") or [])
    assert response.finish_reason.raw == body["finish_reason"]
    assert response.finish_reason.unified == FINISH[body["finish_reason"]]
    billed = body["usage"]["billed_units"]
    usage = response.usage
    assert (usage.input_tokens, usage.output_tokens) == (billed["input_tokens"], billed["output_tokens"])
    assert usage.reasoning_tokens == body["usage"]["tokens"].get("reasoning_tokens", 0)
    assert usage.raw == body["usage"]


def assert_goes_back(response: LLMResponse, raw: dict[str, Any]) -> None:
    """What the model said goes back as it came, also by way of JSON; a single text goes back as a string."""
    expected = {"role": "assistant", **{name: value for name, value in raw.items() if value}}
    content = expected.get("content")
    if content and len(content) == 1 and content[0]["type"] == "text":
        expected["content"] = content[0]["text"]
    for message in (response.message, parse_message(json.loads(json.dumps(response.message.to_dict())))):
        rendered = WIRE.render_request(LLMRequest("m", (message,)))
        assert rendered.body["messages"] == [expected]
        assert rendered.warnings == ()


def decode(data: bytes) -> list[StreamEvent]:
    decoder = WIRE.create_stream_decoder()
    events = decoder.feed(data)
    assert decoder.finished
    assert decoder.feed(b"data: {}\n\n") == decoder.close() == []
    return events


@pytest.mark.parametrize("exchange", exchange_params(ANSWERS))
def test_recorded_answer_parses_to_what_is_in_it(exchange: Exchange) -> None:
    response = WIRE.parse_response(exchange.body)
    assert_response_is(response, exchange.body)
    assert_goes_back(response, exchange.body["message"])


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_ends_in_what_is_in_it(exchange: Exchange) -> None:
    events = decode(exchange.body_bytes)
    last = events[-1]
    assert isinstance(last, StreamFinished)
    assert_response_is(last.response, joined(exchange))
    assert_goes_back(last.response, joined(exchange)["message"])
    assert WIRE.parse_response(last.response.raw) == last.response
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == last.response.text
    thoughts = "".join(event.text for event in events if isinstance(event, ReasoningDelta))
    assert thoughts == (last.response.reasoning or "")
    assert tuple(e.tool_call for e in events if isinstance(e, ToolCallFinished)) == last.response.tool_calls
    assert [event.usage for event in events if isinstance(event, UsageUpdated)] == [last.response.usage]


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_is_the_same_cut_at_any_byte(exchange: Exchange) -> None:
    assert_same_at_every_cut(WIRE.create_stream_decoder, exchange.body_bytes)
    decoder = WIRE.create_stream_decoder()
    for byte in exchange.body_bytes:
        decoder.feed(bytes([byte]))
    assert decoder.progress == len(events_of(exchange))


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_that_is_cut_is_no_answer(exchange: Exchange) -> None:
    data = exchange.body_bytes
    for cut in range(0, data.index(b"event: message-end"), 997):
        decoder = WIRE.create_stream_decoder()
        events = decoder.feed(data[:cut])
        partial = decoder.partial_response()
        assert partial.finish_reason.unified == "error"
        assert partial.text == "".join(event.text for event in events if isinstance(event, TextDelta))
        with pytest.raises(ProtocolError):
            decoder.close()


@pytest.mark.parametrize("exchange", exchange_params(ERRORS))
def test_recorded_error_has_its_class_and_words(exchange: Exchange) -> None:
    error = WIRE.parse_error(exchange.status, exchange.headers, exchange.body_bytes)
    assert type(error) is CLASSES[exchange.status]
    assert (error.status, error.message) == (exchange.status, exchange.body["message"])
    assert error.request_id == exchange.headers.get("x-debug-trace-id", exchange.body["id"])


@pytest.mark.parametrize("exchange", exchange_params(EMBEDDINGS))
def test_recorded_embeddings_are_read(exchange: Exchange) -> None:
    response = WIRE.parse_embeddings(exchange.body)
    (rows,) = exchange.body["embeddings"].values()
    assert response.vectors == tuple(tuple(map(float, row)) for row in rows)
    assert response.usage.input_tokens == exchange.body["meta"]["billed_units"]["input_tokens"]
