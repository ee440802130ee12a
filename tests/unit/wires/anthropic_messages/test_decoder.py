from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.llms.errors import APIError, OverloadedError, ProtocolError, QuotaExceededError, ServerError
from core.llms.types.content import OpaquePart, ReasoningPart, TextPart, ToolCall
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
from core.llms.types.response import LLMResponse
from core.llms.types.usage import Usage
from core.llms.wires.anthropic_messages import AnthropicMessagesWire
from tests.unit.wires.anthropic_messages.streams import USAGE, block, decode, end, sse, start, text

ORIGIN = "anthropic_messages"
BEGUN = Usage(15, 1, cache_read_tokens=5, service_tier="standard")
ENDED = Usage(15, 7, cache_read_tokens=5, service_tier="standard")
PING = {"type": "ping"}


def response_of(*events: dict[str, Any]) -> LLMResponse:
    last = decode(*events)[-1]
    assert isinstance(last, StreamFinished)
    return last.response


def test_text_stream_gives_the_whole_event_list() -> None:
    events = decode(start(), PING, *text(0, "Hel", "", "lo."), *end())
    assert events[:-1] == [
        StreamStarted("msg_1", "claude-test"),
        UsageUpdated(BEGUN),
        TextDelta("Hel"),
        TextDelta("lo."),
        UsageUpdated(ENDED),
    ]
    response = events[-1].response  # type: ignore[union-attr]  # the last event has the response
    assert (response.text, response.message.content) == ("Hello.", "Hello.")
    assert (response.finish_reason.unified, response.finish_reason.raw) == ("stop", "end_turn")
    assert response.usage.raw == {**USAGE, "output_tokens": 7}
    assert response.raw["content"] == [{"type": "text", "text": "Hello."}]


def test_thinking_then_redacted_then_text_keep_their_order_and_signature() -> None:
    thinking = block(
        0,
        {"type": "thinking", "thinking": "", "signature": ""},
        {"type": "thinking_delta", "thinking": "Let me"},
        {"type": "thinking_delta", "thinking": " see."},
        {"type": "signature_delta", "signature": "c2ln"},
    )
    redacted = block(1, {"type": "redacted_thinking", "data": "xyz"})
    again = block(2, {"type": "thinking"}, {"type": "thinking_delta", "thinking": "Then."})
    events = decode(start(), *thinking, *redacted, *again, *text(3, "Yes."), *end())
    assert [event.text for event in events if isinstance(event, ReasoningDelta)] == ["Let me", " see.", "\n\nThen."]
    message = events[-1].response.message  # type: ignore[union-attr]  # the last event has the response
    assert message.parts == (
        ReasoningPart(
            "Let me see.",
            "c2ln",
            origin=ORIGIN,
            raw={"type": "thinking", "thinking": "Let me see.", "signature": "c2ln"},
        ),
        ReasoningPart(redacted="xyz", origin=ORIGIN, raw={"type": "redacted_thinking", "data": "xyz"}),
        ReasoningPart("Then.", origin=ORIGIN, raw={"type": "thinking", "thinking": "Then."}),
        TextPart("Yes."),
    )
    assert message.reasoning == "Let me see.\n\nThen."


def test_calls_stream_their_arguments_and_keep_them_as_received() -> None:
    caller = {"type": "direct"}
    first = block(
        0,
        {"type": "tool_use", "id": "c1", "name": "f", "input": {}, "caller": caller},
        {"type": "input_json_delta", "partial_json": ""},
        {"type": "input_json_delta", "partial_json": '{"a": '},
        {"type": "input_json_delta", "partial_json": "1 }"},
    )
    second = block(1, {"type": "tool_use", "id": "c2", "name": "g", "input": {}})
    events = decode(start(), *first, *second, *end("tool_use"))
    whole = ToolCall("c1", "f", {"a": 1}, '{"a": 1 }', origin=ORIGIN, extra={"caller": caller})
    assert events[2:-2] == [
        ToolCallStarted(0, "c1", "f"),
        ToolCallDelta(0, '{"a": '),
        ToolCallDelta(0, "1 }"),
        ToolCallFinished(0, whole),
        ToolCallStarted(1, "c2", "g"),
        ToolCallFinished(1, ToolCall("c2", "g", {}, "")),
    ]
    response = response_of(start(), *first, *second, *end("tool_use"))
    assert response.finish_reason.unified == "tool_calls"
    assert response.raw["content"][0]["input"] == {"a": 1}


def test_arguments_given_with_the_beginning_are_one_delta() -> None:
    events = decode(start(), *block(0, {"type": "tool_use", "id": "c", "name": "f", "input": {"a": 1}}), *end())
    assert ToolCallDelta(0, '{"a":1}') in events


def test_arguments_that_are_cut_keep_their_text_and_say_why() -> None:
    delta = {"type": "input_json_delta", "partial_json": '{"a": '}
    call = {"type": "tool_use", "id": "c", "name": "f", "input": {}}
    response = response_of(start(), *block(0, call, delta), *end("max_tokens"))
    (received,) = response.tool_calls
    assert (received.arguments, received.arguments_json) == ({}, '{"a": ')
    assert "not valid JSON" in (received.arguments_error or "")
    assert response.finish_reason.unified == "length"


def test_blocks_of_the_vendors_tools_are_kept_in_order_without_events() -> None:
    call = {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {}}
    query = {"type": "input_json_delta", "partial_json": '{"query": "x"}'}
    result = {"type": "web_search_tool_result", "tool_use_id": "s1", "content": []}
    events = decode(start(), *block(0, call, query), *block(1, result), *text(2, "Found."), *end())
    assert [type(event) for event in events] == [StreamStarted, UsageUpdated, TextDelta, UsageUpdated, StreamFinished]
    assert events[-1].response.message.parts == (  # type: ignore[union-attr]  # the last event has the response
        OpaquePart(ORIGIN, {**call, "input": {"query": "x"}}),
        OpaquePart(ORIGIN, result),
        TextPart("Found."),
    )


def test_citations_are_collected_on_their_text() -> None:
    citation = {"type": "page_location", "cited_text": "x", "document_index": 0}
    cited = block(
        0,
        {"type": "text", "text": "", "citations": []},
        {"type": "citations_delta", "citation": citation},
        {"type": "text_delta", "text": "So."},
    )
    assert response_of(start(), *cited, *end()).message.parts == (TextPart("So.", (citation,), ORIGIN),)


def test_delta_of_an_unknown_block_is_added_to_it() -> None:
    begun = {"type": "compaction", "content": "a", "n": 1}
    delta = {"type": "compaction_delta", "content": "b", "n": 2, "extra": True}
    message = response_of(start(), *block(0, begun, delta), *end()).message
    assert message.parts == (OpaquePart(ORIGIN, {"type": "compaction", "content": "ab", "n": 2, "extra": True}),)


def test_text_that_comes_with_the_beginning_is_not_lost() -> None:
    events = decode(start(), *block(0, {"type": "text", "text": "Hi"}, {"type": "text_delta", "text": "!"}), *end())
    assert [event.text for event in events if isinstance(event, TextDelta)] == ["Hi", "!"]
    assert response_of(start(), *block(0, {"type": "text", "text": "Hi"}), *end()).text == "Hi"


def test_usage_of_the_end_stands_over_that_of_the_beginning() -> None:
    late: dict[str, Any] = {
        "input_tokens": 20,
        "cache_read_input_tokens": None,
        "server_tool_use": {"web_search_requests": 2},
    }
    usage = response_of(start(), *text(0, "a"), *end(**late)).usage
    assert (usage.input_tokens, usage.output_tokens, usage.server_tool_requests) == (25, 7, 2)


def test_refusal_in_a_stream_has_its_details() -> None:
    details = {"type": "refusal", "category": "bio", "explanation": "No."}
    delta = {"type": "message_delta", "delta": {"stop_reason": "refusal", "stop_details": details}, "usage": {}}
    response = response_of(start(), delta, {"type": "message_stop"})
    assert (response.finish_reason.unified, response.refusal) == ("refusal", "No.")
    assert response.choices[0].content_filter == details


def test_block_without_its_end_is_finished_with_the_message() -> None:
    call = {"type": "tool_use", "id": "c", "name": "f", "input": {}}
    events = decode(start(), *block(0, call, stop=False), *end("tool_use"))
    assert ToolCallFinished(0, ToolCall("c", "f", {}, "")) in events


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"type": "overloaded_error", "message": "Overloaded"}, OverloadedError),
        ({"type": "api_error", "message": "Internal"}, ServerError),
        ({"type": "billing_error", "message": "No credit"}, QuotaExceededError),
    ],
)
def test_error_event_is_raised_as_its_class(error: dict[str, str], kind: type[APIError]) -> None:
    decoder = AnthropicMessagesWire().create_stream_decoder()
    decoder.feed(sse(start(), *text(0, "a")))
    with pytest.raises(kind, match=error["message"]) as caught:
        decoder.feed(sse({"type": "error", "error": error, "request_id": "req_1"}))
    assert caught.value.request_id == "req_1"
    assert decoder.partial_response().text == "a"


def test_end_of_bytes_before_the_end_of_the_message_is_an_error() -> None:
    decoder = AnthropicMessagesWire().create_stream_decoder()
    decoder.feed(sse(start(), *text(0, "a"), *end()[:-1]))
    with pytest.raises(ProtocolError, match="before `message_stop`"):
        decoder.close()
    assert decoder.partial_response().finish_reason.unified == "stop"


def test_bytes_after_the_end_are_ignored() -> None:
    decoder = AnthropicMessagesWire().create_stream_decoder()
    decoder.feed(sse(start(), *text(0, "a"), *end()) + b"data: nonsense\n\n")
    assert decoder.feed(b"data: more nonsense\n\n") == []
    assert decoder.close() == []


def test_partial_response_has_open_blocks_as_far_as_they_came() -> None:
    decoder = AnthropicMessagesWire().create_stream_decoder()
    assert decoder.partial_response().text == ""
    call = {"type": "tool_use", "id": "c", "name": "f", "input": {}}
    delta = {"type": "input_json_delta", "partial_json": '{"a'}
    thought = block(0, {"type": "thinking", "thinking": ""}, {"type": "thinking_delta", "thinking": "Hm"}, stop=False)
    decoder.feed(sse(start(), *thought, *block(1, call, delta, stop=False)))
    partial = decoder.partial_response()
    assert partial.reasoning == "Hm"
    assert partial.tool_calls[0].arguments_json == '{"a'
    assert (partial.usage, partial.finish_reason.unified) == (BEGUN, "error")


def test_events_without_a_name_or_of_an_unknown_kind_are_read_by_their_type() -> None:
    events = [start(), {"type": "something_new", "x": 1}, *text(0, "a"), *end()]
    data = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)
    decoder = AnthropicMessagesWire().create_stream_decoder()
    assert isinstance(decoder.feed(data)[-1], StreamFinished)
    assert decoder.progress == len(events)


def test_progress_does_not_count_pings() -> None:
    decoder = AnthropicMessagesWire().create_stream_decoder()
    decoder.feed(sse(start(), PING, PING) + b': comment\n\ndata: {"type": "ping"}\n\n')
    assert decoder.progress == 1


@pytest.mark.parametrize(
    "events",
    [
        [text(0, "a")],
        [[start(), start()]],
        [[start(), {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a"}}]],
        [[start(), {"type": "content_block_stop", "index": 0}]],
        [[start(), *text(0, "a")[:1], *text(0, "a")[:1]]],
        [[start(), *block(0, {"type": "text", "text": 1})]],
        [[start(), *block(0, {"type": "text"}, {"type": "text_delta", "text": 1})]],
        [[start(), *block(0, {"type": "text"}, {"type": "citations_delta"})]],
        [[start(), *block(0, {"type": "tool_use", "id": "c"}, stop=False)]],
        [[start(), *block(0, {"type": "redacted_thinking"}, stop=False)]],
        [[start(stop_reason=1)]],
        [[start(), {"type": "message_delta", "delta": {"stop_reason": 1}}]],
        [[{"type": "message_delta", "delta": {}}]],
        [[{"type": "message_stop"}]],
        [[{"type": "message_start"}]],
    ],
)
def test_event_that_the_wire_does_not_allow_is_a_protocol_error(events: list[list[dict[str, Any]]]) -> None:
    with pytest.raises(ProtocolError):
        AnthropicMessagesWire().create_stream_decoder().feed(sse(*events[0]))


@pytest.mark.parametrize("data", [b"data: [1]\n\n", b"data: {\n\n", b'data: {"a": NaN}\n\n', b"data: \xff\n\n"])
def test_data_that_is_no_object_is_a_protocol_error(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        AnthropicMessagesWire().create_stream_decoder().feed(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
KINDS = ("text", "thinking", "redacted_thinking", "tool_use", "server_tool_use", "image")
FIELDS = ("text", "thinking", "signature", "data", "id", "name", "input", "citations", "type")
DELTAS = ("text_delta", "thinking_delta", "signature_delta", "input_json_delta", "citations_delta", "other_delta")
BLOCKS = st.dictionaries(st.sampled_from(FIELDS), JSON | st.sampled_from(KINDS), max_size=5)
INDEXES = st.integers(0, 2) | JSON
ADDED = st.dictionaries(st.sampled_from((*FIELDS, "partial_json", "citation")), JSON, max_size=3)
ENDS = st.dictionaries(st.sampled_from(("stop_reason", "stop_details", "content", "usage")), JSON) | JSON


def _event(kind: str) -> Any:
    return lambda **fields: {"type": kind, **fields}


EVENTS = st.one_of(
    st.just(start()),
    st.builds(_event("content_block_start"), index=INDEXES, content_block=BLOCKS | JSON),
    st.builds(
        _event("content_block_delta"),
        index=st.integers(0, 2),
        delta=st.builds(lambda kind, added: {**added, "type": kind}, st.sampled_from(DELTAS), ADDED),
    ),
    st.builds(_event("content_block_stop"), index=INDEXES),
    st.builds(_event("message_delta"), delta=ENDS, usage=JSON),
    st.just({"type": "message_stop"}),
    st.builds(_event("error"), error=JSON),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(EVENTS, max_size=8))
def test_any_events_give_a_response_or_one_of_our_errors(events: list[dict[str, Any]]) -> None:
    decoder = AnthropicMessagesWire().create_stream_decoder()
    try:
        decoder.feed(sse(start(), *events))
    except (ProtocolError, APIError):
        assert not decoder.finished
    assert isinstance(decoder.partial_response(), LLMResponse)
