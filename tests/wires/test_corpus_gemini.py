"""Every recorded exchange of generateContent, read by the wire and compared with what plain JSON says.

The expectations are walked out of the recorded bodies here, without any of the wire's own code. Not read here: Google's
`interactions` and OpenAI-compatible exchanges, and Anthropic's models on Vertex AI, which are other wires.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.errors import APIError, AuthenticationError, NotFoundError, ProtocolError, RateLimitError
from core.llms.types.content import OpaquePart, Part, ReasoningPart, TextPart, ToolCall
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
from core.llms.wires.gemini import GeminiDialect, GeminiWire
from tests.wires.corpus import Exchange, exchange_params, load_exchanges

WIRE = GeminiWire()
OLDER = GeminiWire(GeminiDialect(checks_signatures=False))
SPLIT_BYTES = 2_500

RECORDED = [e for e in load_exchanges() if e.api in ("generate_content", "stream_generate_content")]
ANSWERS = [exchange for exchange in RECORDED if exchange.status == 200 and exchange.api == "generate_content"]
STREAMS = [exchange for exchange in RECORDED if exchange.status == 200 and exchange.api == "stream_generate_content"]
ERRORS = [e for e in [*RECORDED, *load_exchanges("google", "count_tokens")] if e.status != 200]
COUNTS = [e for p in ("google", "vertexai") for e in load_exchanges(p, "count_tokens") if e.status == 200]
EMBEDDINGS = [exchange for p in ("google", "vertexai") for exchange in load_exchanges(p, "embeddings")]
MODELS = load_exchanges("google", "models")

# Where a client asked for numbers in place of names, 1 is STOP; the wire reads it under its name.
FINISH = {
    "STOP": "stop",
    1: "stop",
    "MAX_TOKENS": "length",
    "SAFETY": "content_filter",
    "MODEL_ARMOR": "content_filter",
}
CLASSES: dict[str, type[APIError]] = {
    "google/generate-content-error-400-1": AuthenticationError,  # a wrong key is an INVALID_ARGUMENT
    "google/generate-content-error-429-1": RateLimitError,
    "google/stream-generate-content-error-404-1": NotFoundError,
    "google/count-tokens-error-404-1": NotFoundError,
    "vertexai/generate-content-error-404-1": NotFoundError,
    "vertexai/generate-content-error-429-1": RateLimitError,
}


def chunks_of(exchange: Exchange) -> list[dict[str, Any]]:
    text = exchange.body_bytes.decode()
    if text.startswith("["):
        whole: list[dict[str, Any]] = json.loads(text)
        return whole
    return [json.loads(line[5:]) for line in text.replace("\r\n", "\n").split("\n") if line.startswith("data:")]


def parts_of(candidate: dict[str, Any]) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = candidate.get("content", {}).get("parts", [])
    return parts


def merged(chunks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parts of a stream's only candidate: plain neighbours joined, what is signed left alone."""
    joined: list[dict[str, Any]] = []
    for part in [part for chunk in chunks for candidate in chunk.get("candidates", []) for part in parts_of(candidate)]:
        before = joined[-1] if joined else {}
        if part == {"text": ""}:
            continue
        if set(part) <= {"text", "thought"} and set(part) == set(before) and "text" in part:
            before["text"] += part["text"]
        else:
            joined.append(dict(part))
    return joined


def expected_usage(raw: dict[str, Any]) -> tuple[int, int, int, int]:
    def count(name: str) -> int:
        return int(raw.get(name, 0))

    return (
        count("promptTokenCount") + count("toolUsePromptTokenCount"),
        count("candidatesTokenCount") + count("thoughtsTokenCount"),
        count("cachedContentTokenCount"),
        count("thoughtsTokenCount"),
    )


def expected_of(raw: dict[str, Any], name: str, *modality: str | int) -> int:
    return sum(item.get("tokenCount", 0) for item in raw.get(name, []) if item["modality"] in modality)


def assert_usage_is(response: LLMResponse, raw: dict[str, Any]) -> None:
    usage = response.usage
    found = (usage.input_tokens, usage.output_tokens, usage.cache_read_tokens, usage.reasoning_tokens)
    assert found == expected_usage(raw)
    if "totalTokenCount" in raw:
        assert usage.total_tokens == raw["totalTokenCount"]
    assert usage.audio_input_tokens == expected_of(raw, "promptTokensDetails", "AUDIO", 4)
    assert usage.audio_output_tokens == expected_of(raw, "candidatesTokensDetails", "AUDIO", 4)
    cached_images = expected_of(raw, "cacheTokensDetails", "IMAGE", 2)
    assert usage.image_input_tokens == expected_of(raw, "promptTokensDetails", "IMAGE", 2) - cached_images
    assert usage.image_output_tokens == expected_of(raw, "candidatesTokensDetails", "IMAGE", 2)
    assert usage.service_tier == raw.get("serviceTier")
    assert usage.raw == raw


def assert_part_is(part: Part, raw: dict[str, Any]) -> None:
    signature = raw.get("thoughtSignature")
    match part:
        case ToolCall():
            call = raw["functionCall"]
            assert (part.name, part.arguments, part.item_id) == (call["name"], call.get("args", {}), call.get("id"))
            assert json.loads(part.arguments_json) == part.arguments
            assert part.signature == signature
        case ReasoningPart():
            assert (part.text, part.signature, raw["thought"]) == (raw["text"], signature, True)
        case TextPart():
            assert part.text == raw["text"]
            assert (part.extra or {}).get("thoughtSignature") == signature
        case OpaquePart():
            assert part.data == raw
            assert not {"text", "functionCall"} & set(raw)
        case _:
            raise AssertionError(part)


def assert_response_is(response: LLMResponse, body: dict[str, Any], raw_parts: list[dict[str, Any]]) -> None:
    (candidate,) = body["candidates"]
    assert (response.id, response.model) == (body.get("responseId"), body["modelVersion"])
    parts = response.message.parts
    assert len(parts) == len(raw_parts)
    for part, raw in zip(parts, raw_parts, strict=True):
        assert_part_is(part, raw)
    finish = candidate["finishReason"]
    has_calls = any("functionCall" in raw for raw in raw_parts)
    assert response.finish_reason.unified == ("tool_calls" if has_calls else FINISH[finish])
    assert response.finish_reason.raw == ("STOP" if finish == 1 else finish)
    assert response.choices[0].logprobs == candidate.get("logprobsResult")
    assert_usage_is(response, body["usageMetadata"])


def assert_goes_back(response: LLMResponse, raw_parts: list[dict[str, Any]]) -> None:
    """What the model said goes back as it came, also by way of JSON."""
    for message in (response.message, parse_message(json.loads(json.dumps(response.message.to_dict())))):
        rendered = OLDER.render_request(LLMRequest("gemini-test", (message,)))
        if raw_parts:
            assert rendered.body["contents"] == [{"role": "model", "parts": [as_sent(part) for part in raw_parts]}]
            assert rendered.warnings == ()


def as_sent(part: dict[str, Any]) -> dict[str, Any]:
    """A call without arguments goes back with empty ones, which means the same."""
    if "functionCall" in part:
        return {**part, "functionCall": {"args": {}, **part["functionCall"]}}
    return part


def decode(data: bytes) -> list[StreamEvent]:
    decoder = WIRE.create_stream_decoder()
    events = decoder.feed(data)
    assert not any(isinstance(event, StreamFinished) for event in events)
    events += decoder.close()
    assert decoder.finished
    assert decoder.feed(b"data: {}\n\n") == decoder.close() == []
    return events


@pytest.mark.parametrize("exchange", exchange_params(ANSWERS))
def test_recorded_answer_parses_to_what_is_in_it(exchange: Exchange) -> None:
    response = WIRE.parse_response(exchange.body)
    raw_parts = parts_of(exchange.body["candidates"][0])
    assert_response_is(response, exchange.body, raw_parts)
    assert_goes_back(response, raw_parts)
    said = [raw["text"] for raw in raw_parts if "text" in raw and not raw.get("thought")]
    assert response.text == "".join(said)


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_ends_in_what_is_in_it(exchange: Exchange) -> None:
    chunks = chunks_of(exchange)
    last = decode(exchange.body_bytes)[-1]
    assert isinstance(last, StreamFinished)
    assert_response_is(last.response, chunks[-1], merged(chunks))
    assert_goes_back(last.response, merged(chunks))
    assert WIRE.parse_response(chunks) == WIRE.parse_response(last.response.raw) == last.response


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_s_events_make_up_its_response(exchange: Exchange) -> None:
    chunks = chunks_of(exchange)
    events = decode(exchange.body_bytes)
    assert events[0] == StreamStarted(chunks[0]["responseId"], chunks[0]["modelVersion"])
    raw_parts = [part for chunk in chunks for part in parts_of(chunk["candidates"][0])]
    said = [raw["text"] for raw in raw_parts if raw.get("text")]
    assert [event.text for event in events if isinstance(event, TextDelta | ReasoningDelta)] == said
    calls = [raw["functionCall"] for raw in raw_parts if "functionCall" in raw]
    started = [event for event in events if isinstance(event, ToolCallStarted)]
    assert [(event.index, event.name) for event in started] == [(i, call["name"]) for i, call in enumerate(calls)]
    pieces = [json.loads(event.arguments_json) for event in events if isinstance(event, ToolCallDelta)]
    assert pieces == [call["args"] for call in calls]
    whole = [event.tool_call for event in events if isinstance(event, ToolCallFinished)]
    assert isinstance(events[-1], StreamFinished)
    assert tuple(whole) == events[-1].response.tool_calls
    usages = [event.usage for event in events if isinstance(event, UsageUpdated)]
    assert [usage.raw for usage in usages] == [chunks[-1]["usageMetadata"]]


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_is_the_same_split_at_each_byte(exchange: Exchange) -> None:
    data = exchange.body_bytes[:SPLIT_BYTES]
    whole = WIRE.create_stream_decoder().feed(data)
    for cut in range(len(data)):
        decoder = WIRE.create_stream_decoder()
        assert decoder.feed(data[:cut]) + decoder.feed(data[cut:]) == whole


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_is_the_same_byte_by_byte(exchange: Exchange) -> None:
    data = exchange.body_bytes
    decoder = WIRE.create_stream_decoder()
    events = [event for position in range(len(data)) for event in decoder.feed(data[position : position + 1])]
    assert events + decoder.close() == decode(data)
    assert decoder.progress == (0 if data.startswith(b"[") else len(chunks_of(exchange)))


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_that_is_cut_is_no_answer(exchange: Exchange) -> None:
    data = exchange.body_bytes
    for cut in range(0, len(data.rstrip()), 97):
        decoder = WIRE.create_stream_decoder()
        events = decoder.feed(data[:cut])
        partial = decoder.partial_response()
        assert partial.finish_reason.unified == "error"
        assert partial.text == "".join(event.text for event in events if isinstance(event, TextDelta))
        with pytest.raises(ProtocolError):
            decoder.close()


@pytest.mark.parametrize("exchange", exchange_params(ERRORS))
def test_recorded_error_has_its_class_and_words(exchange: Exchange) -> None:
    said = exchange.body["error"]
    for body in (exchange.body, [exchange.body]):
        error = WIRE.parse_error(exchange.status, exchange.headers, json.dumps(body).encode())
        assert type(error) is CLASSES[exchange.name]
        assert (error.status, error.message, error.code) == (exchange.status, said["message"], said["status"])
        delays = [d["retryDelay"] for d in said.get("details", []) if d["@type"].endswith("RetryInfo")]
        assert error.retry_after_seconds == (float(delays[0].rstrip("s")) if delays else None)


@pytest.mark.parametrize("exchange", exchange_params(COUNTS))
def test_recorded_token_count_is_read(exchange: Exchange) -> None:
    assert WIRE.parse_token_count(exchange.body) == exchange.body["totalTokens"]


@pytest.mark.parametrize("exchange", exchange_params(EMBEDDINGS))
def test_recorded_embeddings_are_read(exchange: Exchange) -> None:
    response = WIRE.parse_embeddings(exchange.body)
    if "predictions" in exchange.body:
        items = [prediction["embeddings"] for prediction in exchange.body["predictions"]]
        tokens = sum(item["statistics"]["token_count"] for item in items)
    else:
        items = exchange.body["embeddings"]
        tokens = exchange.body["usageMetadata"]["promptTokenCount"]
    assert response.vectors == tuple(tuple(item["values"]) for item in items)
    assert (response.usage.input_tokens, response.usage.output_tokens) == (tokens, 0)


@pytest.mark.parametrize("exchange", exchange_params(MODELS))
def test_recorded_model_list_is_read(exchange: Exchange) -> None:
    models = WIRE.parse_models(exchange.body)
    assert [f"models/{model.id}" for model in models] == [item["name"] for item in exchange.body["models"]]
    assert [model.raw for model in models] == exchange.body["models"]
    assert WIRE.parse_next_page(exchange.body) == exchange.body.get("nextPageToken")
