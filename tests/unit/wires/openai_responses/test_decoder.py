"""Streams of hand-made fixtures as whole event lists, and what a part of a stream amounts to."""

from __future__ import annotations

from core.llms.types.content import OpaquePart, ReasoningPart, RefusalPart, TextPart
from core.llms.types.events import (
    ReasoningDelta,
    StreamFinished,
    StreamStarted,
    TextDelta,
    ToolCallDelta,
    ToolCallFinished,
    ToolCallStarted,
    UsageUpdated,
)
from core.llms.types.response import FinishReason
from core.llms.types.usage import Usage
from core.llms.wires.openai_responses import OpenAIResponsesWire, ResponsesDialect
from tests.unit.wires.openai_responses.streams import (
    ORIGIN,
    STARTED,
    call,
    create_decoder,
    decode,
    facts,
    finished,
    fixture,
    frame,
    last_response,
)


def test_text_stream_gives_each_piece_usage_and_the_response() -> None:
    data = fixture("text.sse")
    usage = Usage(12, 5, cache_read_tokens=8, cache_write_tokens=2, service_tier="default")
    assert decode(data) == [
        STARTED,
        TextDelta("Grüße"),
        TextDelta(" an 🌍"),
        TextDelta("!"),
        UsageUpdated(usage),
        StreamFinished(finished(data)),
    ]


def test_text_stream_s_response_is_that_of_a_whole_answer() -> None:
    response = finished(fixture("text.sse"))
    assert (response.id, response.model, response.text) == ("resp_1", "gpt-test-2026", "Grüße an 🌍!")
    assert response.finish_reason == FinishReason("stop", "completed")
    assert response.message.parts == (TextPart("Grüße an 🌍!", origin=ORIGIN, extra=facts("msg_1")),)


def test_stream_without_event_names_is_read_by_the_type_of_its_json() -> None:
    assert decode(fixture("text_unnamed.sse")) == decode(fixture("text.sse"))


def test_stream_is_the_same_in_any_split() -> None:
    for name in ("text.sse", "text_unnamed.sse", "reasoning_tools.sse", "web_search.sse", "refusal.sse"):
        data = fixture(name)
        whole = decode(data)
        for cut in range(len(data)):
            decoder = create_decoder()
            assert decoder.feed(data[:cut]) + decoder.feed(data[cut:]) == whole


def test_reasoning_and_tool_calls_stream_in_order() -> None:
    data = fixture("reasoning_tools.sse")
    weather = call("call_1", "get_weather", '{"city":"Oslo"}', "fc_1")
    clock = call("call_2", "get_time", "{}", "fc_2", namespace="clock")
    assert decode(data) == [
        STARTED,
        ReasoningDelta("First"),
        ReasoningDelta(" the weather."),
        ReasoningDelta("\n\nThen"),
        ReasoningDelta(" the time."),
        ToolCallStarted(0, "call_1", "get_weather"),
        ToolCallDelta(0, '{"city"'),
        ToolCallDelta(0, ':"Oslo"}'),
        ToolCallFinished(0, weather),
        ToolCallStarted(1, "call_2", "get_time"),
        ToolCallDelta(1, "{}"),
        ToolCallFinished(1, clock),
        UsageUpdated(Usage(40, 60, reasoning_tokens=32, service_tier="default")),
        StreamFinished(finished(data)),
    ]
    response = finished(data)
    reasoning = response.raw["output"][0]
    assert response.message.parts == (
        ReasoningPart("First the weather.\n\nThen the time.", "gAAAA-whole", id="rs_1", origin=ORIGIN, raw=reasoning),
        weather,
        clock,
    )
    assert response.finish_reason == FinishReason("tool_calls", "completed")


def test_server_tool_and_two_messages_keep_their_phases() -> None:
    data = fixture("web_search.sse")
    assert [event for event in decode(data) if not isinstance(event, UsageUpdated | StreamFinished)] == [
        STARTED,
        TextDelta("Let me look."),
        TextDelta("Fjords are deep."),
    ]
    response = finished(data)
    note = {
        "type": "url_citation",
        "start_index": 0,
        "end_index": 6,
        "url": "https://example.org/fjord",
        "title": "Fjord",
    }
    assert response.message.parts == (
        TextPart("Let me look.", origin=ORIGIN, extra=facts("msg_1", phase="commentary")),
        OpaquePart(ORIGIN, response.raw["output"][1]),
        TextPart("Fjords are deep.", (note,), ORIGIN, facts("msg_2", phase="final_answer")),
    )
    assert response.usage == Usage(900, 30, server_tool_requests=3, service_tier="default")


def test_refusal_streams_no_text_and_ends_as_refusal() -> None:
    data = fixture("refusal.sse")
    usage = Usage(9, 4, service_tier="default")
    assert decode(data) == [STARTED, UsageUpdated(usage), StreamFinished(finished(data))]
    assert finished(data).message.parts == (RefusalPart("I cannot help.", ORIGIN, facts("msg_1")),)
    assert finished(data).finish_reason == FinishReason("refusal", "completed")


def test_incomplete_stream_ends_with_its_reason() -> None:
    event = decode(fixture("incomplete.sse"))[-1]
    assert isinstance(event, StreamFinished)
    assert event.response.text == "One two"
    assert event.response.finish_reason == FinishReason("length", "max_output_tokens")


def test_partial_response_has_what_arrived_at_every_byte() -> None:
    data = fixture("reasoning_tools.sse")
    for cut in range(len(data)):
        decoder = create_decoder()
        texts, arguments = "", ""
        for event in decoder.feed(data[:cut]):
            texts += event.text if isinstance(event, ReasoningDelta) else ""
            arguments += event.arguments_json if isinstance(event, ToolCallDelta) else ""
        partial = decoder.partial_response()
        if decoder.finished:
            assert partial == finished(data)
        else:
            assert partial.finish_reason == FinishReason("error")
            assert (partial.reasoning or "") == texts
            assert "".join(call.arguments_json for call in partial.tool_calls) == arguments


def test_partial_response_knows_id_and_model_and_no_incomplete_signature() -> None:
    data = fixture("reasoning_tools.sse")
    decoder = create_decoder()
    decoder.feed(data[: data.index(b'"delta":" the time."')])
    partial = decoder.partial_response()
    assert (partial.id, partial.model, partial.usage) == ("resp_1", "gpt-test-2026", Usage())
    (part,) = partial.message.parts
    assert isinstance(part, ReasoningPart)
    assert (part.id, part.signature) == ("rs_1", None)


def test_partial_response_has_its_contents_in_their_places() -> None:
    decoder = create_decoder()
    for place, delta in ((1, "second"), (0, "fi"), (0, "rst, ")):
        decoder.feed(frame("response.output_text.delta", output_index=0, content_index=place, delta=delta))
    assert decoder.partial_response().message.text == "first, second"


def test_partial_response_of_nothing_is_empty() -> None:
    partial = create_decoder().partial_response()
    assert (partial.message.parts, partial.text, partial.finish_reason) == ((), "", FinishReason("error"))


def test_items_that_come_whole_still_give_their_deltas() -> None:
    message = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed"}
    output = [
        {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Hm."}]},
        {**message, "content": [{"type": "output_text", "text": "Hi", "annotations": []}]},
        {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "f", "arguments": "{}"},
    ]
    body = {"id": "resp_1", "status": "completed", "output": output}
    expected = [
        ReasoningDelta("Hm."),
        TextDelta("Hi"),
        ToolCallStarted(0, "call_1", "f"),
        ToolCallDelta(0, "{}"),
        ToolCallFinished(0, call("call_1", "f", "{}", "fc_1")),
    ]
    done = b"".join(
        frame("response.output_item.done", output_index=index, item=item) for index, item in enumerate(output)
    )
    for data in (done + frame("response.completed", response=body), frame("response.completed", response=body)):
        assert [event for event in decode(data) if not isinstance(event, StreamStarted | StreamFinished)] == expected


def test_items_without_their_own_end_are_finished_by_the_response() -> None:
    announced = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "f", "arguments": ""}
    whole = {**announced, "arguments": '{"a":1}'}
    data = (
        frame("response.output_item.added", output_index=0, item=announced)
        + frame("response.function_call_arguments.delta", output_index=0, delta='{"a"')
        + frame("response.completed", response={"status": "completed", "output": [whole]})
    )
    assert decode(data)[:-1] == [
        StreamStarted(None, None),
        ToolCallStarted(0, "call_1", "f"),
        ToolCallDelta(0, '{"a"'),
        ToolCallDelta(0, ":1}"),
        ToolCallFinished(0, call("call_1", "f", '{"a":1}', "fc_1")),
    ]


def test_end_without_output_takes_the_items_that_arrived() -> None:
    data = fixture("text.sse")
    body = last_response(data) | {"output": []}
    head = data[: data.index(b"event: response.completed")]
    response = decode(head + frame("response.completed", response=body))[-1]
    assert isinstance(response, StreamFinished)
    assert response.response.text == "Grüße an 🌍!"


def test_unknown_events_and_done_are_passed_over() -> None:
    data = fixture("text.sse")
    noise = (
        b": keep-alive\n\nevent: response.new_thing\ndata: {not json\n\ndata: [DONE]\n\n" + b'data: {"type":"x"}\n\n'
    )
    assert decode(noise + data) == decode(data)


def test_dialect_s_origin_marks_what_only_it_reads() -> None:
    wire = OpenAIResponsesWire(ResponsesDialect(origin="other_responses"))
    decoder = wire.create_stream_decoder()
    event = decoder.feed(fixture("web_search.sse"))[-1]
    assert isinstance(event, StreamFinished)
    assert {part.origin for part in event.response.message.parts if isinstance(part, OpaquePart)} == {"other_responses"}


def test_progress_counts_every_event_but_comments_and_keep_alives() -> None:
    decoder = create_decoder()
    search = frame("response.web_search_call.in_progress", output_index=0)
    counts = []
    for data in (search, search * 2, b": ping\n\n", frame("keepalive"), b'data: {"type":"keepalive"}\n\n', search):
        assert decoder.feed(data) == []
        counts.append(decoder.progress)
    assert counts == [1, 3, 3, 3, 3, 4]
