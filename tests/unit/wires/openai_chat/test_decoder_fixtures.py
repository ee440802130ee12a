"""Whole streams, written by hand after what vendors send, with the whole list of events that each must give."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.llms.errors import OverloadedError, ProtocolError
from core.llms.types.content import ReasoningPart, RefusalPart, TextPart, ToolCall
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
from core.llms.wires.openai_chat import ChatDialect, OpenAIChatWire

FIXTURES = Path(__file__).parents[3] / "wires" / "fixtures" / "openai_chat"
SAFE = {"hate": {"filtered": False, "severity": "safe"}}
WEATHER = ToolCall("call_a", "weather", {"city": "Oslo"}, '{"city":"Oslo"}')
STOP = FinishReason("stop", "stop")
STARTED = StreamStarted("chatcmpl-1", "m-1")


def finished(*choices: Choice, usage: Usage | None = None) -> StreamFinished:
    return StreamFinished(LLMResponse(choices, usage or Usage(), "m-1", "chatcmpl-1"))


STREAMS: dict[str, list[StreamEvent]] = {
    "filtered_prompt": [
        STARTED,
        TextDelta("Grüße"),
        TextDelta(" 🙂!"),
        UsageUpdated(Usage(9, 4, 2)),
        finished(Choice(AssistantMessage("Grüße 🙂!"), STOP, None, SAFE), usage=Usage(9, 4, 2)),
    ],
    "parallel_tools": [
        STARTED,
        ToolCallStarted(0, "call_a", "weather"),
        ToolCallDelta(0, '{"city"'),
        ToolCallStarted(1, "call_b", "time"),
        ToolCallDelta(1, '{"zone":'),
        ToolCallDelta(0, ':"Oslo"}'),
        ToolCallDelta(1, '"CET"}'),
        ToolCallFinished(0, WEATHER),
        ToolCallFinished(1, ToolCall("call_b", "time", {"zone": "CET"}, '{"zone":"CET"}')),
        UsageUpdated(Usage(5, 6)),
        finished(
            Choice(
                AssistantMessage([WEATHER, ToolCall("call_b", "time", {"zone": "CET"}, '{"zone":"CET"}')]),
                FinishReason("tool_calls", "tool_calls"),
            ),
            usage=Usage(5, 6),
        ),
    ],
    "whole_calls_without_index": [
        STARTED,
        ToolCallStarted(0, "call_a", "weather"),
        ToolCallDelta(0, '{"city":"Oslo"}'),
        ToolCallStarted(1, "call_b", "now"),
        ToolCallDelta(1, "null"),
        ToolCallFinished(0, WEATHER),
        ToolCallFinished(1, ToolCall("call_b", "now", {}, "null")),
        UsageUpdated(Usage(5, 6)),
        finished(
            Choice(
                AssistantMessage([WEATHER, ToolCall("call_b", "now", {}, "null")]), FinishReason("tool_calls", "stop")
            ),
            usage=Usage(5, 6),
        ),
    ],
    "two_choices_logprobs": [
        STARTED,
        TextDelta("Yes"),
        TextDelta("No", 1),
        TextDelta("!"),
        TextDelta("?", 1),
        finished(
            Choice(
                AssistantMessage("Yes!"),
                STOP,
                {"content": [{"token": "Yes", "logprob": -0.1}, {"token": "!", "logprob": -0.3}]},
            ),
            Choice(
                AssistantMessage("No?"),
                FinishReason("length", "length"),
                {"content": [{"token": "No", "logprob": -0.2}]},
            ),
        ),
    ],
    "reasoning_without_done": [
        STARTED,
        ReasoningDelta("Let me"),
        UsageUpdated(Usage(3, 1)),
        ReasoningDelta(" see."),
        UsageUpdated(Usage(3, 2)),
        TextDelta("42"),
        UsageUpdated(Usage(3, 3)),
        finished(
            Choice(AssistantMessage([ReasoningPart("Let me see.", origin="openai_chat"), TextPart("42")]), STOP),
            usage=Usage(3, 3),
        ),
    ],
    "refusal": [
        STARTED,
        finished(Choice(AssistantMessage([RefusalPart("I cannot.")]), FinishReason("refusal", "stop"))),
    ],
}


def decode(chunks: list[bytes], dialect: ChatDialect) -> list[StreamEvent]:
    decoder = OpenAIChatWire(dialect).create_stream_decoder()
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return events + decoder.close()


def without_raw(events: list[StreamEvent]) -> list[StreamEvent]:
    """Compare all but `raw`, which has a test of its own."""
    last = events[-1]
    assert isinstance(last, StreamFinished)
    response = last.response
    bare = LLMResponse(response.choices, response.usage, response.model, response.id)
    return [*events[:-1], StreamFinished(bare)]


def read(name: str) -> bytes:
    return (FIXTURES / f"{name}.sse").read_bytes()


def dialect_of(name: str) -> ChatDialect:
    return ChatDialect(requires_done=not name.endswith("without_done"))


@pytest.mark.parametrize("name", STREAMS)
def test_stream_gives_its_whole_list_of_events(name: str) -> None:
    assert without_raw(decode([read(name)], dialect_of(name))) == STREAMS[name]


@pytest.mark.parametrize("name", STREAMS)
def test_stream_gives_the_same_events_cut_at_any_byte(name: str) -> None:
    body, dialect = read(name), dialect_of(name)
    whole = decode([body], dialect)
    assert decode([bytes([byte]) for byte in body], dialect) == whole
    for cut in range(len(body)):
        assert decode([body[:cut], body[cut:]], dialect) == whole


@pytest.mark.parametrize("name", STREAMS)
def test_stream_that_ends_early_is_never_an_answer(name: str) -> None:
    body, dialect = read(name), ChatDialect()
    end = body.index(b"[DONE]") + len(b"[DONE]") if b"[DONE]" in body else len(body) + 1
    for length in range(min(end, len(body) + 1)):
        with pytest.raises(ProtocolError):
            decode([body[:length]], dialect)


def test_stream_of_a_filtered_prompt_keeps_every_top_level_field() -> None:
    last = decode([read("filtered_prompt")], ChatDialect())[-1]
    assert isinstance(last, StreamFinished)
    usage = {
        "prompt_tokens": 9,
        "completion_tokens": 4,
        "total_tokens": 13,
        "prompt_tokens_details": {"cached_tokens": 2},
    }
    assert last.response.raw == {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1763700000,
        "model": "m-1",
        "system_fingerprint": "fp_1",
        "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": SAFE}],
        "usage": usage,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Grüße 🙂!"},
                "finish_reason": "stop",
                "content_filter_results": SAFE,
            }
        ],
    }


@pytest.mark.parametrize("name", STREAMS)
def test_stream_ends_as_its_raw_form_parses(name: str) -> None:
    last = decode([read(name)], dialect_of(name))[-1]
    assert isinstance(last, StreamFinished)
    assert OpenAIChatWire().parse_response(last.response.raw) == last.response


def test_stream_with_an_error_raises_it_and_keeps_what_arrived() -> None:
    decoder = OpenAIChatWire().create_stream_decoder()
    with pytest.raises(OverloadedError) as caught:
        decoder.feed(read("error_after_text"))
    assert (caught.value.status, caught.value.message) == (503, "Busy.")
    partial = decoder.partial_response()
    assert (partial.text, partial.finish_reason) == ("Wo", FinishReason("error"))
