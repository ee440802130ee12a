from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.errors import APIError, BadRequestError, ProtocolError, QuotaExceededError, ServerError
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
from core.llms.types.messages import AssistantMessage
from core.llms.types.response import FinishReason, LLMResponse
from core.llms.types.usage import Usage
from core.llms.wires.openai_chat import ChatDialect, OpenAIChatWire

DONE = b"data: [DONE]\n\n"


def event(body: Any) -> bytes:
    return b"data: " + json.dumps(body, separators=(",", ":")).encode() + b"\n\n"


def chunk(delta: Any, finish_reason: Any = None, index: Any = 0, **top: Any) -> bytes:
    choice = {"index": index, "delta": delta, "finish_reason": finish_reason}
    return event({"id": "c1", "model": "m", "choices": [choice], **top})


def call(index: int | None = None, id: Any = None, name: Any = None, arguments: Any = None) -> dict[str, Any]:
    fragment: dict[str, Any] = {"function": {"name": name, "arguments": arguments}, "id": id, "index": index}
    return fragment


def calls(*fragments: Any, finish_reason: str | None = None) -> bytes:
    return chunk({"tool_calls": list(fragments)}, finish_reason)


def decode(*chunks: bytes, **dialect: Any) -> list[StreamEvent]:
    decoder = OpenAIChatWire(ChatDialect(**dialect)).create_stream_decoder()
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    events += decoder.close()
    assert decoder.finished
    return events


def finish(events: list[StreamEvent]) -> LLMResponse:
    last = events[-1]
    assert isinstance(last, StreamFinished)
    return last.response


def test_events_of_one_feed_and_of_many_are_the_same() -> None:
    parts = [
        chunk({"role": "assistant", "content": ""}),
        chunk({"content": "a"}),
        chunk({"content": "b"}, "stop"),
        DONE,
    ]
    assert decode(*parts) == decode(b"".join(parts))


def test_text_in_the_finishing_chunk_is_not_lost_and_finishes() -> None:
    events = decode(chunk({"content": "a"}), chunk({"content": "b"}, "stop"), requires_done=False)
    assert events[1:3] == [TextDelta("a"), TextDelta("b")]
    assert finish(events).finish_reason == FinishReason("stop", "stop")


def test_choices_are_in_the_order_of_their_index() -> None:
    response = finish(decode(chunk({"content": "b"}, "stop", 1), chunk({"content": "a"}, "stop"), DONE))
    assert [choice.message.text for choice in response.choices] == ["a", "b"]


def test_content_filter_keeps_the_last_verdict_that_says_something() -> None:
    verdicts: list[dict[str, Any]] = [{"hate": {"filtered": False}}, {"hate": {"filtered": True}}, {}]
    chunks = [
        event(
            {
                "id": "c1",
                "choices": [
                    {"index": 0, "delta": {"content": "a"}, "finish_reason": None, "content_filter_results": verdict}
                ],
            }
        )
        for verdict in [{}, *verdicts]
    ]
    response = finish(decode(*chunks, chunk({}, "stop"), DONE))
    assert (response.text, response.choices[0].content_filter) == ("aaaa", verdicts[1])


def test_event_after_the_end_is_ignored() -> None:
    events = decode(chunk({"content": "a"}, "stop") + DONE + chunk({"content": "b"}), b"garbage\n\n", DONE)
    assert finish(events).text == "a"
    assert len([event for event in events if isinstance(event, StreamFinished)]) == 1


@pytest.mark.parametrize("delta", [{"content": "a"}, {"role": "assistant", "content": "a", "tool_calls": None}])
def test_stream_starts_with_stream_started_whatever_comes_first(delta: dict[str, Any]) -> None:
    assert decode(chunk(delta, "stop"), DONE)[:2] == [StreamStarted("c1", "m"), TextDelta("a")]


def test_stream_started_has_none_where_the_vendor_has_no_names() -> None:
    events = decode(event({"choices": [{"delta": {"content": "a"}, "finish_reason": "stop"}]}), DONE)
    assert events[0] == StreamStarted(None, None)
    assert finish(events).text == "a"


def test_choice_without_index_delta_and_reason_is_taken() -> None:
    events = decode(
        event({"id": "c1", "choices": [{"delta": {"content": "a"}}]}),
        event({"choices": [{"index": None, "delta": None}]}),
        event({"choices": [{"finish_reason": "stop"}]}),
        DONE,
    )
    assert events[1] == TextDelta("a")
    assert finish(events).finish_reason == FinishReason("stop", "stop")


def test_comments_and_empty_data_give_no_event_and_are_no_progress() -> None:
    decoder = OpenAIChatWire().create_stream_decoder()
    assert decoder.feed(b": ping\n\n: ping\n\ndata:\n\ndata: \n\n") == []
    assert decoder.progress == 0


def test_progress_counts_the_events_that_give_none_of_ours() -> None:
    decoder = OpenAIChatWire().create_stream_decoder()
    counts = []
    for part in (chunk({"content": "a"}), b": ping\n\n", chunk({"refusal": "No"}) * 2, b"data: [DO", b"NE]\n\n"):
        decoder.feed(part)
        counts.append(decoder.progress)
    assert counts == [1, 1, 3, 3, 4]


@pytest.mark.parametrize(
    "data",
    [
        b'{"id":"c0","id":"c1","choices":[{"index":0,"delta":{"content":"b","content":"a"},"finish_reason":null}]}',
        b'{"choices":[],"id":"c1","choices":[{"index":0,"delta":{"content":"b"},"delta":{"content":"a"}}]}',
    ],
)
def test_repeated_key_counts_as_it_came_last(data: bytes) -> None:
    events = decode(b"data: " + data + b"\n\n", chunk({"content": "a"}), chunk({}, "stop"), DONE)
    assert events[1:3] == [TextDelta("a"), TextDelta("a")]
    assert finish(events).id == "c1"


def test_end_marker_without_its_blank_line_proves_the_end() -> None:
    assert finish(decode(chunk({"content": "a"}, "stop"), b"data: [DONE]")).text == "a"
    assert finish(decode(chunk({"content": "a"}, "stop"), b"data: [DONE]\n")).text == "a"


def test_end_marker_proves_the_end_without_a_finish_reason() -> None:
    assert finish(decode(chunk({"content": "a"}), DONE)).finish_reason == FinishReason("other", None)


def test_stream_without_end_marker_is_an_error_unless_the_dialect_allows() -> None:
    parts = [chunk({"content": "a"}), chunk({}, "stop")]
    with pytest.raises(ProtocolError, match=r"without `\[DONE\]`"):
        decode(*parts)
    assert finish(decode(*parts, requires_done=False)).text == "a"


def test_stream_without_a_finish_reason_for_each_choice_is_an_error() -> None:
    parts = [chunk({"content": "a"}, "stop"), chunk({"content": "b"}, index=1)]
    with pytest.raises(ProtocolError, match="without a finish reason"):
        decode(*parts, requires_done=False)


def test_stream_cut_inside_an_event_is_an_error_even_after_a_finish_reason() -> None:
    with pytest.raises(ProtocolError, match="inside an event"):
        decode(chunk({"content": "a"}, "stop"), b'data: {"usage"', requires_done=False)


@pytest.mark.parametrize("body", [b"", DONE, b": ping\n\n", event({"choices": [], "id": "c1"}) + DONE])
@pytest.mark.parametrize("requires_done", [True, False])
def test_empty_stream_is_an_error(body: bytes, requires_done: bool) -> None:
    with pytest.raises(ProtocolError):
        decode(body, requires_done=requires_done)


@pytest.mark.parametrize(
    "data",
    [
        b"{", b"text", b"[1]", b"5", b'"text"', b"null", b'{"id":"c1","created":NaN,"choices":[]}',
        b'{"id":"c1","created":-Infinity,"choices":[]}',
        b'{"choices":null}', b'{"choices":{}}', b'{"id":"x"}', b'{"choices":[5]}', b'{"choices":[[]]}',
        b'{"choices":["text"]}', b'{"choices":[{"index":"0","delta":{}}]}', b'{"choices":[{"index":-1,"delta":{}}]}',
        b'{"choices":[{"index":[1],"delta":{"content":"a"},"finish_reason":null}]}',
        b'{"choices":[{"delta":5}]}', b'{"choices":[{"delta":{"content":5}}]}',
        b'{"choices":[{"delta":{"content":{"a":1}}}]}', b'{"choices":[{"delta":{"content":[5]}}]}',
        b'{"choices":[{"delta":{"content":[{"type":"text","text":5}]}}]}',
        b'{"choices":[{"delta":{"refusal":5}}]}', b'{"choices":[{"delta":{"audio":5}}]}',
        b'{"choices":[{"delta":{"audio":{"data":5}}}]}', b'{"choices":[{"logprobs":5}]}',
        b'{"choices":[{"delta":{"tool_calls":5}}]}', b'{"choices":[{"delta":{"tool_calls":[5]}}]}',
        b'{"choices":[{"delta":{"tool_calls":[{"function":5}]}}]}',
        b'{"choices":[{"delta":{"tool_calls":[{"id":5}]}}]}',
        b'{"choices":[{"delta":{"tool_calls":[{"function":{"name":5}}]}}]}',
        b'{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":5}}]}}]}',
        b'{"choices":[{"finish_reason":5}]}',
        b'{"choices":[{"delta":{"content":"\xff"}}]}',
        b'{"choices":[{"delta":{"content":"\\ud800"}}]}',
        b'{"choices":' + b"[" * 100_000,
        b'{"choices":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' * 100_000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("step", [1, 10_000_000])
def test_event_that_is_not_the_wire_is_a_protocol_error(data: bytes, step: int) -> None:
    body = chunk({"role": "assistant", "content": ""}) + b"data: " + data + b"\n\n"
    if step == 1 and len(body) > 10_000:
        step = 4096
    decoder = OpenAIChatWire().create_stream_decoder()
    with pytest.raises(ProtocolError):
        for start in range(0, len(body), step):
            decoder.feed(body[start : start + step])


@pytest.mark.parametrize("text", ['{"a":1}', ":", '":', "a:b", '"a" :1', "C:\\\\", '\\":', 'x":"', "\u003a:"])
@pytest.mark.parametrize("model", ["m", "ft:gpt-4.1:acme::1"])
def test_text_that_looks_like_keys_is_still_text(text: str, model: str) -> None:
    filters = {"hate": {"filtered": False, "detail": 'a":b'}}
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None, "content_filter_results": filters}
    events = decode(
        chunk({"role": "assistant", "content": ""}),
        chunk({"content": text}, model=model),
        event({"id": "c1", "model": model, "choices": [choice]}),
        chunk({}, "stop"),
        DONE,
    )
    assert events[1:3] == [TextDelta(text), TextDelta(text)]
    assert finish(events).text == text * 2
    assert finish(events).choices[0].content_filter == filters


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"error": {"message": "No.", "code": 400}}, BadRequestError),
        ({"error": {"message": "No.", "type": "server_error"}}, ServerError),
        ({"error": {"message": "No.", "code": "insufficient_quota"}, "choices": []}, QuotaExceededError),
        ({"error": "No.", "choices": [{"delta": {"content": "a"}}]}, ServerError),
        ({"object": "error", "message": "No.", "type": "BadRequestError", "code": 400}, BadRequestError),
        (
            {
                "choices": [
                    {
                        "index": 0,
                        "delta": {"content": "a"},
                        "finish_reason": None,
                        "error": {"message": "No.", "code": 400},
                    }
                ]
            },
            BadRequestError,
        ),
        ({"choices": [{"index": 0, "delta": {"content": ""}, "error": {"message": "No.", "code": 502}}]}, ServerError),
        (
            {
                "id": "c1",
                "error": {"message": "No.", "code": 400},
                "choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": None}],
            },
            BadRequestError,
        ),
    ],
)
def test_error_inside_the_stream_is_raised(body: dict[str, Any], kind: type[APIError]) -> None:
    decoder = OpenAIChatWire().create_stream_decoder()
    assert len(decoder.feed(chunk({"content": "a"}))) == 2
    with pytest.raises(APIError) as caught:
        decoder.feed(event(body))
    assert type(caught.value) is kind
    assert caught.value.message == "No."


def test_error_event_without_error_field_is_raised() -> None:
    with pytest.raises(ServerError, match="Broken"):
        decode(b"event: error\n" + event({"message": "Broken.", "code": 500}))


def test_error_event_that_is_no_json_is_raised_with_its_words() -> None:
    with pytest.raises(ServerError, match="Broken"):
        decode(b"event: error\ndata: Broken.\n\n")


def test_error_field_that_is_null_is_no_error() -> None:
    assert finish(decode(chunk({"content": "a"}, "stop", error=None), DONE)).text == "a"


@pytest.mark.parametrize(
    ("fragments", "expected"),
    [
        pytest.param(
            [call(0, "a", "f", '{"x"'), call(0, "a", "f", ":1}")],
            [ToolCallStarted(0, "a", "f"), ToolCallDelta(0, '{"x"'), ToolCallDelta(0, ":1}")],
            id="id and name repeated",
        ),
        pytest.param(
            [call(0, "a", "f", '{"x"'), call(0, "b", None, ":1}")],
            [ToolCallStarted(0, "a", "f"), ToolCallDelta(0, '{"x"'), ToolCallDelta(0, ":1}")],
            id="another id without name goes on",
        ),
        pytest.param(
            [call(0, "a", "f", "{}"), call(0, "b", "g", "{}")],
            [
                ToolCallStarted(0, "a", "f"),
                ToolCallDelta(0, "{}"),
                ToolCallStarted(1, "b", "g"),
                ToolCallDelta(1, "{}"),
            ],
            id="index 0 for each call",
        ),
        pytest.param(
            [call(None, "a", "f", '{"x"'), call(None, "a", None, ":1}"), call(None, "b", "g", "{}")],
            [
                ToolCallStarted(0, "a", "f"),
                ToolCallDelta(0, '{"x"'),
                ToolCallDelta(0, ":1}"),
                ToolCallStarted(1, "b", "g"),
                ToolCallDelta(1, "{}"),
            ],
            id="no index",
        ),
        pytest.param(
            [call(0, "a", None, '{"x"'), call(0, None, None, ":"), call(0, None, "f", "1}")],
            [ToolCallStarted(0, "a", "f"), ToolCallDelta(0, '{"x":1}')],
            id="name arrives later",
        ),
        pytest.param(
            [call(0, None, "f", "{}")],
            [ToolCallStarted(0, "call_c1_0_0", "f"), ToolCallDelta(0, "{}")],
            id="no id at all",
        ),
        pytest.param(
            [call(None, None, "f", '{"x"'), call(None, None, None, ":1}"), call(None, None, "g", "{}")],
            [
                ToolCallStarted(0, "call_c1_0_0", "f"),
                ToolCallDelta(0, '{"x":1}'),
                ToolCallStarted(1, "call_c1_0_1", "g"),
                ToolCallDelta(1, "{}"),
            ],
            id="neither id nor index",
        ),
        pytest.param(
            [call(0, "a", "f", {"x": 1})],
            [ToolCallStarted(0, "a", "f"), ToolCallDelta(0, '{"x":1}')],
            id="arguments as an object",
        ),
        pytest.param([call(0, "a", "f")], [ToolCallStarted(0, "a", "f")], id="no arguments"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("together", [True, False])
def test_tool_call_fragments_come_together(
    fragments: list[dict[str, Any]], expected: list[StreamEvent], together: bool
) -> None:
    parts = [calls(*fragments)] if together else [calls(fragment) for fragment in fragments]
    events = decode(*parts, chunk({}, "tool_calls"), DONE)
    progress = [event for event in events if isinstance(event, ToolCallStarted | ToolCallDelta)]
    assert progress == expected
    ended = [event for event in events if isinstance(event, ToolCallFinished)]
    response = finish(events)
    assert tuple(event.tool_call for event in ended) == response.tool_calls
    assert [event.index for event in ended] == list(range(len(ended)))
    for item in ended:
        pieces = [e.arguments_json for e in progress if isinstance(e, ToolCallDelta) and e.index == item.index]
        assert item.tool_call.arguments_json == "".join(pieces)


def test_tool_calls_of_two_choices_are_told_apart() -> None:
    events = decode(
        chunk({"tool_calls": [call(0, "a", "f", "{}")]}),
        chunk({"tool_calls": [call(0, "b", "g", "{}")]}, index=1),
        chunk({}, "tool_calls"),
        chunk({}, "tool_calls", 1),
        DONE,
    )
    assert [event for event in events if isinstance(event, ToolCallFinished)] == [
        ToolCallFinished(0, ToolCall("a", "f", {}, "{}")),
        ToolCallFinished(0, ToolCall("b", "g", {}, "{}"), 1),
    ]
    assert [choice.message.tool_calls[0].name for choice in finish(events).choices] == ["f", "g"]


def test_tool_call_in_the_finishing_chunk_is_finished_there() -> None:
    decoder = OpenAIChatWire().create_stream_decoder()
    events = decoder.feed(calls(call(0, "a", "f", "{}"), finish_reason="tool_calls"))
    assert events[-1] == ToolCallFinished(0, ToolCall("a", "f", {}, "{}"))


def test_tool_call_without_finish_reason_is_finished_at_the_end() -> None:
    events = decode(calls(call(0, "a", "f", "{}")), DONE)
    assert events[-2] == ToolCallFinished(0, ToolCall("a", "f", {}, "{}"))
    assert finish(events).finish_reason == FinishReason("tool_calls", None)


def test_tool_call_that_goes_on_after_its_end_is_an_error() -> None:
    with pytest.raises(ProtocolError, match="went on"):
        decode(calls(call(0, "a", "f", "{}"), finish_reason="tool_calls"), calls(call(0, None, None, "1")))


def test_tool_call_without_name_is_an_error() -> None:
    with pytest.raises(ProtocolError, match="no function name"):
        decode(calls(call(0, "a", None, "{}")), chunk({}, "tool_calls"), DONE)


def test_tool_call_with_bad_arguments_says_so() -> None:
    (finished,) = finish(decode(calls(call(0, "a", "f", '{"x":')), chunk({}, "length"), DONE)).tool_calls
    assert finished.arguments == {}
    assert finished.arguments_json == '{"x":'
    assert finished.arguments_error is not None


def test_custom_tool_call_is_in_the_finished_message() -> None:
    custom = {"index": 0, "id": "a", "type": "custom", "custom": {"name": "shell", "input": "l"}}
    events = decode(
        calls(custom), calls({"index": 0, "custom": {"input": "s"}}), calls(call(1, "b", "f", "{}")),
        chunk({}, "tool_calls"), DONE,
    )  # fmt: skip
    assert events[1] == ToolCallStarted(0, "b", "f")
    assert finish(events).message.parts == (
        OpaquePart("openai_chat", {"id": "a", "type": "custom", "custom": {"name": "shell", "input": "ls"}}),
        ToolCall("b", "f", {}, "{}"),
    )


def test_tool_calls_that_are_null_are_none() -> None:
    assert finish(decode(chunk({"content": "a", "tool_calls": None}, "stop"), DONE)).tool_calls == ()


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_reasoning_is_read_once_from_the_first_field_that_has_it(field: str) -> None:
    both = {"reasoning_content": "Hm", "reasoning": "Hm"}
    events = decode(chunk({field: "Hm"}), chunk(both), chunk({"content": "a"}, "stop"), DONE)
    assert events[1:4] == [ReasoningDelta("Hm"), ReasoningDelta("Hm"), TextDelta("a")]
    assert finish(events).message.parts == (ReasoningPart("HmHm", origin="openai_chat"), TextPart("a"))


def test_reasoning_beside_text_is_not_lost() -> None:
    events = decode(chunk({"content": ""}), chunk({"content": "a", "reasoning": "Hm"}, None), chunk({}, "stop"), DONE)
    assert events[1:3] == [ReasoningDelta("Hm"), TextDelta("a")]


def test_content_blocks_are_read_in_deltas() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}
    reference = {"type": "reference", "reference_ids": [1]}
    events = decode(
        chunk({"content": [thinking]}),
        chunk({"content": [{"type": "thinking", "thinking": [], "signature": "s"}]}),
        chunk({"content": [{"type": "text", "text": "a"}, reference]}),
        chunk({"content": "b"}, "stop"),
        DONE,
    )
    assert events[1:4] == [ReasoningDelta("Hm"), TextDelta("a"), TextDelta("b")]
    reasoning, *others = finish(events).message.parts
    assert isinstance(reasoning, ReasoningPart)
    assert (reasoning.text, reasoning.signature, reasoning.origin) == ("Hm", "s", "openai_chat")
    assert others == [TextPart("ab"), OpaquePart("openai_chat", reference)]


def test_annotations_are_on_the_text() -> None:
    note = {"type": "url_citation", "url_citation": {"url": "https://x.test"}}
    response = finish(decode(chunk({"content": "a"}), chunk({"annotations": [note]}, "stop"), DONE))
    assert response.message.parts == (TextPart("a", (note,), "openai_chat"),)


def test_spoken_answer_comes_together() -> None:
    response = finish(
        decode(
            chunk({"audio": {"id": "audio_1"}}),
            chunk({"audio": {"transcript": "H"}}),
            chunk({"audio": {"transcript": "i", "data": "AA"}}),
            chunk({"audio": {"data": "BB"}}),
            chunk({"audio": {"expires_at": 5}}, "stop"),
            DONE,
        )
    )
    audio = {"id": "audio_1", "transcript": "Hi", "data": "AABB", "expires_at": 5}
    assert response.message.parts == (TextPart("Hi"), OpaquePart("openai_chat", {"type": "audio", "audio": audio}))


def test_usage_is_told_when_it_changes_and_the_last_one_stands() -> None:
    first, middle, last = ({"prompt_tokens": 5, "completion_tokens": count} for count in (1, 2, 3))
    events = decode(
        chunk({"content": "a"}, usage=first),
        chunk({"content": "b"}, usage=first),
        chunk({"content": "c"}, usage=None),
        chunk({"content": "d"}, usage=middle),
        chunk({}, "stop", usage=last, service_tier="flex"),
        event({"choices": [], "usage": None, "moderation": {"input": None}}),
        event({"choices": None, "usage": last}),
        DONE,
    )
    assert [event for event in events if isinstance(event, UsageUpdated)] == [
        UsageUpdated(Usage(5, 1)),
        UsageUpdated(Usage(5, 2)),
        UsageUpdated(Usage(5, 3, service_tier="flex")),
    ]
    assert finish(events).usage == Usage(5, 3, service_tier="flex")
    assert finish(events).usage.raw == last
    assert "moderation" in finish(events).raw


def test_usage_before_the_first_choice_comes_after_stream_started() -> None:
    usage = {"prompt_tokens": 5}
    events = decode(event({"choices": [], "usage": usage}), chunk({"content": "a"}, "stop"), DONE)
    assert events[:3] == [StreamStarted(None, None), UsageUpdated(Usage(5)), TextDelta("a")]


def test_finish_reason_that_is_empty_counts_where_the_dialect_knows_it() -> None:
    parts = [chunk({"content": "a"}, ""), chunk({"content": "b"}, "")]
    with pytest.raises(ProtocolError, match="without a finish reason"):
        decode(*parts, requires_done=False)
    response = finish(decode(*parts, requires_done=False, finish_reasons={"": "stop"}))
    assert (response.text, response.finish_reason) == ("ab", FinishReason("stop", ""))


def test_partial_response_has_what_arrived() -> None:
    decoder = OpenAIChatWire().create_stream_decoder()
    empty = decoder.partial_response()
    assert (empty.message, empty.finish_reason) == (AssistantMessage(""), FinishReason("error"))
    decoder.feed(chunk({"content": "a", "reasoning": "Hm"}, usage={"prompt_tokens": 5}))
    decoder.feed(calls(call(0, "x", "f", '{"a":'), call(1, None, None, "{")))
    decoder.feed(chunk({"content": "b"}, "length", 1))
    partial = decoder.partial_response()
    assert (partial.text, partial.reasoning, partial.usage.input_tokens) == ("a", "Hm", 5)
    assert [(tool_call.name, tool_call.arguments_json) for tool_call in partial.tool_calls] == [
        ("f", '{"a":'),
        ("", "{"),
    ]
    assert [choice.finish_reason for choice in partial.choices] == [
        FinishReason("error"),
        FinishReason("length", "length"),
    ]
    with pytest.raises(ProtocolError):
        decoder.close()


def test_partial_response_can_be_asked_for_in_the_middle() -> None:
    decoder = OpenAIChatWire().create_stream_decoder()
    decoder.feed(chunk({"content": "a"}))
    decoder.feed(calls(call(0, None, "f", "{")))
    decoder.partial_response()
    decoder.feed(calls(call(0, "x", None, "}"), finish_reason="tool_calls"))
    (last,) = decoder.feed(DONE)
    assert isinstance(last, StreamFinished)
    assert last.response.tool_calls == (ToolCall("x", "f", {}, "{}"),)
