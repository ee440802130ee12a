"""Whole streams, with the whole list of events that each must give."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.errors import ContentFilterError, OverloadedError, ProtocolError
from core.llms.types.content import ReasoningPart, TextPart, ToolCall
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
from core.llms.types.messages import AssistantMessage
from core.llms.types.response import Choice, FinishReason, LLMResponse
from core.llms.types.usage import Usage
from core.llms.wires.gemini import GeminiWire

WIRE = GeminiWire()
STARTED = StreamStarted("r1", "gemini-x")
STOP = FinishReason("stop", "STOP")
CHUNK = {"responseId": "r1", "modelVersion": "gemini-x"}


def chunk(*parts: dict[str, Any], usage: dict[str, Any] | None = None, **candidate: Any) -> dict[str, Any]:
    content = {"role": "model", "parts": list(parts)} if parts else {}
    whole: dict[str, Any] = {"candidates": [{"content": content, **candidate}], **CHUNK}
    return whole if usage is None else {**whole, "usageMetadata": usage}


def sse(*chunks: dict[str, Any], end: bytes = b"\r\n\r\n") -> bytes:
    return b"".join(b"data: " + json.dumps(item).encode() + end for item in chunks)


def decode(data: bytes) -> list[StreamEvent]:
    decoder = WIRE.create_stream_decoder()
    return decoder.feed(data) + decoder.close()


def finished(*choices: Choice, usage: Usage | None = None) -> StreamFinished:
    return StreamFinished(LLMResponse(choices, usage or Usage(), "gemini-x", "r1"))


def without_raw(events: list[StreamEvent]) -> list[StreamEvent]:
    last = events[-1]
    assert isinstance(last, StreamFinished)
    response = last.response
    bare = LLMResponse(response.choices, response.usage, response.model, response.id)
    return [*events[:-1], StreamFinished(bare)]


TEXT = [chunk({"text": "Hel"}, usage={"promptTokenCount": 2}), chunk({"text": "lo"}), chunk(finishReason="STOP")]


@pytest.mark.parametrize("end", [b"\r\n\r\n", b"\n\n", b"\r\r"], ids=["crlf", "lf", "cr"])
def test_text_comes_in_pieces_and_ends_with_the_connection(end: bytes) -> None:
    usage = {"promptTokenCount": 2, "candidatesTokenCount": 3}
    last = {**TEXT[2], "usageMetadata": usage}
    assert without_raw(decode(sse(*TEXT[:2], last, end=end))) == [
        STARTED,
        TextDelta("Hel"),
        TextDelta("lo"),
        UsageUpdated(Usage(2, 3)),
        finished(Choice(AssistantMessage("Hello"), STOP), usage=Usage(2, 3)),
    ]


def test_response_has_the_body_that_one_piece_would_have_been() -> None:
    last = decode(sse(*TEXT))[-1]
    assert isinstance(last, StreamFinished)
    content = {"role": "model", "parts": [{"text": "Hello"}]}
    assert last.response.raw == {
        **CHUNK,
        "usageMetadata": {"promptTokenCount": 2},
        "candidates": [{"index": 0, "content": content, "finishReason": "STOP"}],
    }


def test_thoughts_calls_and_signatures_keep_their_order() -> None:
    call = {"functionCall": {"name": "f", "args": {"a": 1}}, "thoughtSignature": "s1"}
    events = decode(
        sse(
            chunk({"text": "h", "thought": True}),
            chunk({"text": "m", "thought": True}),
            chunk({"text": "Let"}),
            chunk({"text": " me"}),
            chunk(call, {"functionCall": {"id": "c2", "name": "g"}}),
            chunk({"text": "", "thoughtSignature": "s2"}),
            chunk({"text": ""}, finishReason="STOP"),
        )
    )
    first = ToolCall("call_r1_0_0", "f", {"a": 1}, '{"a":1}', signature="s1", origin="gemini")
    second = ToolCall("c2", "g", {}, "{}", item_id="c2", origin="gemini")
    message = AssistantMessage(
        (
            ReasoningPart("hm", origin="gemini"),
            TextPart("Let me"),
            first,
            second,
            TextPart("", origin="gemini", extra={"thoughtSignature": "s2"}),
        )
    )
    assert without_raw(events) == [
        STARTED,
        ReasoningDelta("h"),
        ReasoningDelta("m"),
        TextDelta("Let"),
        TextDelta(" me"),
        ToolCallStarted(0, "call_r1_0_0", "f"),
        ToolCallDelta(0, '{"a":1}'),
        ToolCallFinished(0, first),
        ToolCallStarted(1, "c2", "g"),
        ToolCallDelta(1, "{}"),
        ToolCallFinished(1, second),
        finished(Choice(message, FinishReason("tool_calls", "STOP"))),
    ]


def test_signed_text_stays_a_part_of_its_own_between_its_neighbours() -> None:
    signed = {"text": "b", "thoughtSignature": "s"}
    last = decode(sse(chunk({"text": "a"}), chunk(signed), chunk({"text": "c"}), chunk(finishReason="STOP")))[-1]
    assert isinstance(last, StreamFinished)
    assert last.response.message.parts == (
        TextPart("a"),
        TextPart("b", origin="gemini", extra={"thoughtSignature": "s"}),
        TextPart("c"),
    )


def test_candidates_are_told_apart_by_their_index() -> None:
    events = decode(
        sse(
            chunk({"text": "a"}, index=0),
            chunk({"text": "b"}, index=1, finishReason="MAX_TOKENS"),
            chunk({"text": "c"}, index=0, finishReason="STOP"),
        )
    )
    assert without_raw(events) == [
        STARTED,
        TextDelta("a", 0),
        TextDelta("b", 1),
        TextDelta("c", 0),
        finished(
            Choice(AssistantMessage("ac"), STOP), Choice(AssistantMessage("b"), FinishReason("length", "MAX_TOKENS"))
        ),
    ]


def test_fields_of_a_candidate_are_put_together() -> None:
    events = decode(
        sse(
            chunk({"text": "a"}, logprobsResult={"chosenCandidates": [1]}, avgLogprobs=-1),
            chunk({"text": "b"}, logprobsResult={"chosenCandidates": [2]}, avgLogprobs=-2, finishReason="STOP"),
        )
    )
    assert isinstance(events[-1], StreamFinished)
    (choice,) = events[-1].response.choices
    assert choice.logprobs == {"chosenCandidates": [1, 2]}
    assert events[-1].response.raw["candidates"][0]["avgLogprobs"] == -2


@pytest.mark.parametrize("size", [1, 3, 1_000])
@pytest.mark.parametrize("indent", [None, 2])
def test_array_of_chunks_is_a_stream_too(indent: int | None, size: int) -> None:
    data = json.dumps(TEXT, indent=indent).encode()
    decoder = WIRE.create_stream_decoder()
    events = [event for begin in range(0, len(data), size) for event in decoder.feed(data[begin : begin + size])]
    assert events + decoder.close() == decode(sse(*TEXT))


ERROR = {"error": {"code": 503, "message": "The model is {overloaded}.", "status": "UNAVAILABLE"}}


@pytest.mark.parametrize(
    "error",
    [
        sse(ERROR),
        json.dumps(ERROR, indent=2).encode() + b"\n",
        json.dumps(ERROR, indent=2).replace("\n", "\r\n").encode(),
        json.dumps([ERROR], indent=2).encode(),
        json.dumps([ERROR]).encode(),
    ],
    ids=["event", "lines", "crlf without an end", "list in lines", "list"],
)
def test_error_in_the_stream_is_its_class_in_every_form(error: bytes) -> None:
    decoder = WIRE.create_stream_decoder()
    data = sse(TEXT[0]) + error
    with pytest.raises(OverloadedError, match="overloaded") as caught:
        for position in range(len(data)):
            decoder.feed(data[position : position + 1])
        decoder.close()
    assert (caught.value.status, caught.value.code) == (503, "UNAVAILABLE")
    assert decoder.partial_response().text == "Hel"


def test_prompt_that_is_blocked_is_a_content_filter_error() -> None:
    with pytest.raises(ContentFilterError, match="SAFETY"):
        decode(sse({"promptFeedback": {"blockReason": "SAFETY"}, **CHUNK}))


def test_answer_that_the_filter_cut_off_is_finished() -> None:
    events = decode(sse(TEXT[0], chunk(finishReason="SAFETY")))
    filtered = FinishReason("content_filter", "SAFETY")
    assert without_raw(events)[-1] == finished(Choice(AssistantMessage("Hel"), filtered), usage=Usage(2))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "before it had a candidate"),
        (sse(TEXT[0]), "without a finish reason"),
        (sse(chunk({"text": "a"}, finishReason="STOP", index=1), TEXT[0]), "without a finish reason"),
        (sse(*TEXT)[:-8], "inside an event"),
        (b"data: {\r\n\r\n", "not JSON"),
        (b"data: 1\r\n\r\n", "not a JSON object"),
        (b"data: [[]]\r\n\r\n", "not a JSON object"),
        (b'data: {"candidates": 1}\r\n\r\n', "not a list"),
        (sse(chunk({"text": "a"}, index="x")), "`index`"),
        (b'data: {"a": NaN}\r\n\r\n', "not JSON"),
    ],
)
def test_stream_that_is_not_whole_is_a_protocol_error(data: bytes, problem: str) -> None:
    with pytest.raises(ProtocolError, match=problem):
        decode(data)


@pytest.mark.parametrize(
    "tail", [b"", b"\r\n", b"\r\n\r\n: bye\r\n\r\n", b"\r\n\r\ndata: [DONE]", b"\r\n\r\ndata: [DONE]\r\n\r\n"]
)
def test_end_may_lack_its_blank_line_or_be_marked(tail: bytes) -> None:
    events = decode(sse(*TEXT)[:-4] + tail)
    assert isinstance(events[-1], StreamFinished)
    assert events[-1].response.text == "Hello"


def test_partial_response_has_the_usage_of_the_last_chunk() -> None:
    decoder = WIRE.create_stream_decoder()
    assert decoder.partial_response().finish_reason == FinishReason("error")
    decoder.feed(sse(TEXT[0], chunk({"text": "lo"}, usage={"promptTokenCount": 2, "candidatesTokenCount": 9})))
    partial = decoder.partial_response()
    assert (partial.text, partial.usage.output_tokens) == ("Hello", 9)
    assert partial.finish_reason == FinishReason("error")
    assert partial.model == "gemini-x"


def test_events_of_several_lines_and_with_several_line_ends_are_read() -> None:
    data = sse(TEXT[0]) + b'data: {"candidates":\ndata: [{"content": {"parts": [{"text": "lo"}]}}]}\r\n\r\n'
    decoder = WIRE.create_stream_decoder()
    events = decoder.feed(sse(TEXT[0]))
    assert events + decoder.feed(data[len(sse(TEXT[0])) :]) == [STARTED, TextDelta("Hel"), TextDelta("lo")]


def test_progress_counts_events_and_no_comments() -> None:
    decoder = WIRE.create_stream_decoder()
    decoder.feed(b": ping\r\n\r\n: ping\r\n\r\n")
    assert decoder.progress == 0
    decoder.feed(sse(*TEXT))
    assert decoder.progress == 3


def test_text_may_hold_separators_of_lines() -> None:
    events = decode(sse(chunk({"text": "a\u2028b\u0085c"}, finishReason="STOP"), end=b"\n\n"))
    raw = b'data: {"candidates":[{"content":{"parts":[{"text":"a\xe2\x80\xa8b"}]},"finishReason":"STOP"}]}\n\n'
    assert isinstance(events[-1], StreamFinished)
    assert events[-1].response.text == "a\u2028b\u0085c"
    assert TextDelta("a\u2028b") in decode(raw)
