"""Every recorded exchange with Converse, read by the wire and compared with what plain JSON says.

The expectations are walked out of the recorded bodies here, without any of the wire's own code; streams are framed by
botocore. What goes through InvokeModel is another wire (see `test_corpus_anthropic_messages`), but its framing is this.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.eventstream import EventStreamBuffer

from core.llms.errors import APIError, AuthenticationError, BadRequestError, NotFoundError
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
from core.llms.wires.bedrock_converse import BedrockConverseWire
from core.llms.wires.eventstream import EventStreamDecoder
from tests.wires.corpus import Exchange, exchange_params, load_exchanges

WIRE = BedrockConverseWire()
FINISH = {
    "end_turn": "stop",
    "max_tokens": "length",
    "tool_use": "tool_calls",
    "guardrail_intervened": "content_filter",
}
ERRORS_BY_NAME: dict[str, type[APIError]] = {
    "ExpiredTokenException": AuthenticationError,
    "ResourceNotFoundException": NotFoundError,
    "ValidationException": BadRequestError,
}
RECORDED = load_exchanges("bedrock")
CONVERSE = [exchange for exchange in RECORDED if exchange.api.startswith("converse")]
ANSWERS = [exchange for exchange in CONVERSE if exchange.status == 200 and not exchange.is_stream]
STREAMS = [exchange for exchange in CONVERSE if exchange.is_stream]
FRAMED = [exchange for exchange in RECORDED if exchange.is_stream]
ERRORS = [exchange for exchange in RECORDED if exchange.status != 200]
COUNTS = [exchange for exchange in RECORDED if exchange.api == "count_tokens" and exchange.status == 200]


def framed(data: bytes) -> list[tuple[dict[str, Any], bytes]]:
    judge = EventStreamBuffer()
    judge.add_data(data)
    return [(message.headers, message.payload) for message in judge]


def streamed_body(data: bytes) -> dict[str, Any]:
    """Put a stream's answer together, event by event, in the form of a whole one."""
    body: dict[str, Any] = {}
    blocks: dict[int, dict[str, Any]] = {}
    for headers, payload in framed(data):
        event = json.loads(payload)
        event.pop("p", None)
        block = blocks.setdefault(event["contentBlockIndex"], {}) if "contentBlockIndex" in event else {}
        match headers[":event-type"]:
            case "contentBlockStart":
                block["start"] = event["start"]
            case "contentBlockDelta":
                for kind, value in event["delta"].items():
                    block.setdefault(kind, []).append(value)
            case "messageStop" | "metadata":
                body |= event
    content = [whole_block(blocks[index]) for index in sorted(blocks)]
    return {"output": {"message": {"role": "assistant", "content": content}}, **body}


def whole_block(block: dict[str, Any]) -> dict[str, Any]:
    start = block.get("start", {})
    if "toolUse" in start:
        text = "".join(delta["input"] for delta in block.get("toolUse", []))
        return {"toolUse": {**start["toolUse"], "input": json.loads(text or "{}")}}
    if "toolResult" in start:
        return {
            "toolResult": {
                **start["toolResult"],
                "content": [piece for delta in block["toolResult"] for piece in delta],
            }
        }
    if "reasoningContent" in block:
        joined: dict[str, str] = {}
        for delta in block["reasoningContent"]:
            for name, text in delta.items():
                joined[name] = joined.get(name, "") + text
        return {"reasoningContent": {"reasoningText": joined}}
    if "citation" in block:
        pieces = {"content": [{"text": "".join(block["text"])}]} if "text" in block else {}
        return {"citationsContent": {**pieces, "citations": block["citation"]}}
    return {"text": "".join(block["text"])}


def content_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = body["output"]["message"]["content"]
    return content


def text_of(block: dict[str, Any]) -> str:
    pieces = block.get("citationsContent", {}).get("content", [block])
    return "".join(piece.get("text", "") for piece in pieces)


def is_own_call(block: dict[str, Any]) -> bool:
    return "toolUse" in block and block["toolUse"].get("type") != "server_tool_use"


def as_sent(block: dict[str, Any]) -> dict[str, Any]:
    """The type of a call of one's own tool is not sent back: the vendor's shapes do not have it."""
    if not is_own_call(block):
        return block
    return {"toolUse": {name: value for name, value in block["toolUse"].items() if name != "type"}}


def assert_response_is(response: LLMResponse, body: dict[str, Any]) -> None:
    content, usage, raw = content_of(body), response.usage, body["usage"]
    assert response.text == "".join(map(text_of, content))
    thoughts = [block["reasoningContent"]["reasoningText"]["text"] for block in content if "reasoningContent" in block]
    assert (response.reasoning or "") == "\n\n".join(thoughts)
    calls = [block["toolUse"] for block in content if is_own_call(block)]
    assert [(call.id, call.name, call.arguments) for call in response.tool_calls] == [
        (call["toolUseId"], call["name"], call["input"]) for call in calls
    ]
    assert (response.finish_reason.unified, response.finish_reason.raw) == (
        FINISH[body["stopReason"]],
        body["stopReason"],
    )
    read, written = raw.get("cacheReadInputTokens", 0), raw.get("cacheWriteInputTokens", 0)
    assert (usage.input_tokens, usage.output_tokens) == (raw["inputTokens"] + read + written, raw["outputTokens"])
    assert usage.total_tokens == raw["totalTokens"]
    assert (usage.cache_read_tokens, usage.cache_write_tokens) == (read, written)
    assert response.choices[0].content_filter == body.get("trace")


@pytest.mark.parametrize("exchange", exchange_params(ANSWERS))
def test_answer_says_what_its_json_says(exchange: Exchange) -> None:
    response = WIRE.parse_response(exchange.body)

    assert_response_is(response, exchange.body)
    assert response.raw == exchange.body
    assert exchange.finish_reasons == (response.finish_reason.raw,)


def whole_stream(data: bytes, size: int) -> list[StreamEvent]:
    decoder = WIRE.create_stream_decoder()
    events = [event for at in range(0, len(data), size) for event in decoder.feed(data[at : at + size])]
    assert decoder.close() == []
    assert decoder.progress == len(framed(data))
    return events


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_stream_builds_the_answer_its_events_say(exchange: Exchange) -> None:
    events = whole_stream(exchange.body_bytes, len(exchange.body_bytes))
    final = events[-1]

    assert events[0] == StreamStarted()
    assert isinstance(final, StreamFinished)
    body = streamed_body(exchange.body_bytes)
    assert_response_is(final.response, body)
    assert final.response.raw == body
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == final.response.text
    told = "".join(event.text for event in events if isinstance(event, ReasoningDelta))
    assert told == (final.response.reasoning or "")
    assert [event.usage for event in events if isinstance(event, UsageUpdated)] == [final.response.usage]
    assert (
        tuple(event.tool_call for event in events if isinstance(event, ToolCallFinished)) == final.response.tool_calls
    )
    started = [(event.index, event.id) for event in events if isinstance(event, ToolCallStarted)]
    assert started == [(index, call.id) for index, call in enumerate(final.response.tool_calls)]
    for index, call in enumerate(final.response.tool_calls):
        pieces = [e.arguments_json for e in events if isinstance(e, ToolCallDelta) and e.index == index]
        assert "".join(pieces) == call.arguments_json


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_stream_gives_the_same_events_byte_by_byte(exchange: Exchange) -> None:
    assert whole_stream(exchange.body_bytes, 1) == whole_stream(exchange.body_bytes, len(exchange.body_bytes))


@pytest.mark.parametrize("exchange", exchange_params(FRAMED))
def test_framing_is_botocore_s_at_every_split(exchange: Exchange) -> None:
    data, expected = exchange.body_bytes, framed(exchange.body_bytes)

    for cut in range(len(data) + 1):
        decoder = EventStreamDecoder()
        messages = decoder.feed(data[:cut]) + decoder.feed(data[cut:])
        assert [(message.headers, message.payload) for message in messages] == expected
        assert not decoder.pending


@pytest.mark.parametrize("exchange", exchange_params(ERRORS))
def test_error_is_of_the_class_of_its_header(exchange: Exchange) -> None:
    error = WIRE.parse_error(exchange.status, exchange.headers, exchange.body_bytes)
    name = exchange.headers.get("x-amzn-errortype", "").partition(":")[0]

    assert type(error) is ERRORS_BY_NAME.get(name, BadRequestError)
    assert (error.message, error.code, error.status) == (exchange.body["message"], name or None, exchange.status)
    assert error.request_id == exchange.headers.get("x-amzn-requestid")


@pytest.mark.parametrize("exchange", exchange_params(COUNTS))
def test_token_count_is_read(exchange: Exchange) -> None:
    assert WIRE.parse_token_count(exchange.body) == exchange.body["inputTokens"]


@pytest.mark.parametrize("exchange", exchange_params([*ANSWERS, *STREAMS]))
def test_answer_goes_back_as_it_came(exchange: Exchange) -> None:
    if exchange.is_stream:
        final = whole_stream(exchange.body_bytes, 1_000)[-1]
        assert isinstance(final, StreamFinished)
        response, body = final.response, streamed_body(exchange.body_bytes)
    else:
        response, body = WIRE.parse_response(exchange.body), exchange.body
    expected = [as_sent(block) for block in content_of(body)]

    for message in (response.message, parse_message(response.message.to_dict())):
        rendered = WIRE.render_request(LLMRequest("any", (UserMessage("?"), message)))
        assert rendered.body["messages"][1] == {"role": "assistant", "content": expected}
        assert rendered.warnings == ()
