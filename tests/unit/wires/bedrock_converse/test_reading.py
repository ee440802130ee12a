"""Answers and streams of Converse, from frames made by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llms.errors import (
    APIError,
    BadRequestError,
    OverloadedError,
    ProtocolError,
    RateLimitError,
    ServerError,
)
from core.llms.types.content import OpaquePart, ReasoningPart, TextPart, ToolCall
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
from core.llms.types.usage import Usage
from core.llms.wires.bedrock_converse import BedrockConverseWire
from tests.support.event_frames import event, exception, frame, text_headers

WIRE = BedrockConverseWire()
USAGE = {
    "inputTokens": 10,
    "outputTokens": 5,
    "totalTokens": 45,
    "cacheReadInputTokens": 20,
    "cacheWriteInputTokens": 10,
    "cacheDetails": [{"ttl": "1h", "inputTokens": 4}, {"ttl": "5m", "inputTokens": 6}],
}
START = event("messageStart", {"role": "assistant", "p": "abc"})
STOP = event("messageStop", {"stopReason": "end_turn", "p": "a"})
METADATA = event("metadata", {"usage": USAGE, "metrics": {"latencyMs": 5}, "serviceTier": {"type": "flex"}})


def delta(index: int, piece: Any) -> bytes:
    return event("contentBlockDelta", {"contentBlockIndex": index, "delta": piece, "p": "ab"})


def begin(index: int, piece: Any) -> bytes:
    return event("contentBlockStart", {"contentBlockIndex": index, "start": piece})


def end(index: int) -> bytes:
    return event("contentBlockStop", {"contentBlockIndex": index})


def decode(*frames: bytes) -> list[StreamEvent]:
    decoder = WIRE.create_stream_decoder()
    events = decoder.feed(b"".join(frames))
    decoder.close()
    return events


def test_stream_gives_every_kind_of_event_in_order() -> None:
    usage = Usage(40, 5, 20, 10, 4, service_tier="flex", raw=USAGE)
    call = ToolCall.parse("t1", "weather", '{"city":"Oslo"}')
    *events, finished = decode(
        START,
        delta(0, {"reasoningContent": {"text": "Hm"}}),
        delta(0, {"reasoningContent": {"signature": "sig"}}),
        end(0),
        delta(1, {"text": "Hello"}),
        delta(1, {"citation": {"title": "doc"}}),
        end(1),
        begin(2, {"toolUse": {"toolUseId": "t1", "name": "weather"}}),
        delta(2, {"toolUse": {"input": '{"city":'}}),
        delta(2, {"toolUse": {"input": '"Oslo"}'}}),
        end(2),
        delta(3, {"reasoningContent": {"redactedContent": "AAAA"}}),
        delta(3, {"reasoningContent": {"redactedContent": "AQ=="}}),
        begin(4, {"image": {"format": "png"}}),
        delta(4, {"image": {"source": {"bytes": "AAAA"}}}),
        event("somethingNew", {"x": 1}),
        STOP,
        METADATA,
    )

    assert events == [
        StreamStarted(),
        ReasoningDelta("Hm"),
        TextDelta("Hello"),
        ToolCallStarted(0, "t1", "weather"),
        ToolCallDelta(0, '{"city":'),
        ToolCallDelta(0, '"Oslo"}'),
        ToolCallFinished(0, call),
        UsageUpdated(usage),
    ]
    assert isinstance(finished, StreamFinished)
    response = finished.response
    assert response.usage == usage
    assert [type(part) for part in response.message.parts] == [
        ReasoningPart,
        TextPart,
        ToolCall,
        ReasoningPart,
        OpaquePart,
    ]
    assert response.raw["output"]["message"]["content"] == [
        {"reasoningContent": {"reasoningText": {"text": "Hm", "signature": "sig"}}},
        {"citationsContent": {"content": [{"text": "Hello"}], "citations": [{"title": "doc"}]}},
        {"toolUse": {"toolUseId": "t1", "name": "weather", "input": {"city": "Oslo"}}},
        {"reasoningContent": {"redactedContent": "AAAAAQ=="}},
        {"image": {"format": "png", "source": {"bytes": "AAAA"}}},
    ]
    assert WIRE.parse_response(response.raw).message == response.message


def test_a_second_block_of_reasoning_is_a_paragraph_of_its_own() -> None:
    thoughts = [delta(index, {"reasoningContent": {"text": str(index)}}) for index in (0, 1, 1)]
    events = decode(START, *thoughts, STOP, METADATA)

    assert [e.text for e in events if isinstance(e, ReasoningDelta)] == ["0", "\n\n1", "1"]
    assert isinstance(events[-1], StreamFinished)
    assert events[-1].response.reasoning == "0\n\n11"


@pytest.mark.parametrize(
    ("frames", "missing"),
    [((), "messageStop"), ((START, delta(0, {"text": "Hi"})), "messageStop"), ((START, STOP), "metadata")],
)
def test_stream_without_both_ends_is_cut(frames: tuple[bytes, ...], missing: str) -> None:
    with pytest.raises(ProtocolError, match=missing):
        decode(*frames)


def test_cut_stream_keeps_what_arrived() -> None:
    decoder = WIRE.create_stream_decoder()
    begun = begin(1, {"toolUse": {"toolUseId": "t", "name": "f"}})
    decoder.feed(START + delta(0, {"text": "Hi"}) + begun + delta(1, {"toolUse": {"input": '{"a'}}))
    partial = decoder.partial_response()

    assert (partial.text, partial.finish_reason.unified, partial.usage.raw) == ("Hi", "error", None)
    assert partial.tool_calls[0].arguments_error is not None


def test_bytes_after_the_end_are_ignored() -> None:
    decoder = WIRE.create_stream_decoder()
    events = decoder.feed(START + STOP + METADATA + delta(0, {"text": "late"}))

    assert isinstance(events[-1], StreamFinished)
    assert decoder.feed(b"anything") == decoder.close() == []


@pytest.mark.parametrize(
    ("name", "kind", "status"),
    [
        ("throttlingException", RateLimitError, 429),
        ("validationException", BadRequestError, 400),
        ("modelStreamErrorException", ServerError, 424),
        ("internalServerException", ServerError, 500),
        ("serviceUnavailableException", OverloadedError, 503),
        ("somethingNewException", ServerError, None),
    ],
)
def test_exception_in_the_stream_is_an_error_of_its_class(name: str, kind: type[APIError], status: int | None) -> None:
    with pytest.raises(APIError) as caught:
        decode(START, delta(0, {"text": "Hi"}), exception(name, {"message": "No.", "originalMessage": "Why."}))

    error = caught.value
    assert (type(error), error.status, error.code) == (kind, status, name[0].upper() + name[1:])
    assert error.message == "No.: Why."


def test_error_of_the_framing_is_an_error_of_its_class() -> None:
    headers = {":message-type": "error", ":error-code": "ThrottlingException", ":error-message": "Slow down."}
    with pytest.raises(RateLimitError, match=r"Slow down\."):
        decode(frame(text_headers(headers), b""))


PIECES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-2, 3), st.sampled_from(["", "AA==", "text", "tool_use", "5"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(
                [
                    "text",
                    "toolUse",
                    "toolResult",
                    "reasoningContent",
                    "reasoningText",
                    "redactedContent",
                    "signature",
                    "citation",
                    "image",
                    "source",
                    "bytes",
                    "input",
                    "toolUseId",
                    "name",
                    "type",
                    "start",
                    "delta",
                    "contentBlockIndex",
                    "stopReason",
                    "usage",
                    "trace",
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)
KINDS = st.sampled_from(
    ["messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"]
)
EVENTS = st.one_of(
    st.tuples(KINDS, PIECES),
    st.tuples(
        st.sampled_from(["contentBlockStart", "contentBlockDelta", "contentBlockStop"]),
        st.fixed_dictionaries({"contentBlockIndex": st.integers(0, 1), "start": PIECES, "delta": PIECES}),
    ),
)


@given(st.lists(EVENTS, max_size=6))
def test_malformed_events_raise_nothing_else(events: list[tuple[str, Any]]) -> None:
    decoder = WIRE.create_stream_decoder()
    try:
        for kind, payload in events:
            decoder.feed(event(kind, payload))
        decoder.close()
    except (ProtocolError, APIError):
        pass
    assert decoder.partial_response().choices


@given(st.one_of(PIECES, st.fixed_dictionaries({"output": st.fixed_dictionaries({"message": PIECES})})))
def test_malformed_answers_raise_nothing_else(body: Any) -> None:
    for content in (body, {"output": {"message": {"content": body}}}, {"output": {"message": {"content": [body]}}}):
        try:
            WIRE.parse_response(content)
        except (ProtocolError, APIError):
            continue
