"""What vendors add to the wire and want back: it survives an answer, whole or streamed, and a trip through dicts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.types.content import OpaquePart, ReasoningPart, TextPart, ToolCall
from core.llms.types.events import ReasoningDelta, StreamEvent, StreamFinished, ToolCallFinished
from core.llms.types.message_dicts import parse_message
from core.llms.types.messages import AssistantMessage
from core.llms.types.request import LLMRequest
from core.llms.wires.openai_chat import ChatDialect, OpenAIChatWire

ORIGIN = "openai_chat"
EXTRA = {"extra_content": {"google": {"thought_signature": "c2ln"}}}
CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}}
DETAILS = [
    {"type": "reasoning.text", "text": "Hm.", "signature": "sig", "format": "anthropic-claude-v1", "index": 0},
    {"type": "reasoning.encrypted", "data": "gAAA", "id": "rs_1", "format": "openai-responses-v1", "index": 1},
]
THINKING = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}], "closed": True}


def parse(message: dict[str, Any], **dialect: Any) -> AssistantMessage:
    body = {"choices": [{"index": 0, "message": {"role": "assistant", **message}, "finish_reason": "stop"}]}
    return OpenAIChatWire(ChatDialect(**dialect)).parse_response(body).message


def stream(*deltas: dict[str, Any], **dialect: Any) -> tuple[AssistantMessage, list[StreamEvent]]:
    wire = OpenAIChatWire(ChatDialect(**dialect))
    decoder = wire.create_stream_decoder()
    chunks = [{"choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    body = b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks)
    events = decoder.feed(body + b"data: [DONE]\n\n")
    last = events[-1]
    assert isinstance(last, StreamFinished)
    assert wire.parse_response(last.response.raw) == last.response
    return last.response.message, events


def send_back(message: AssistantMessage, **dialect: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Render a message, and check that the trip through a dict changes nothing."""
    wire = OpenAIChatWire(ChatDialect(**dialect))
    rendered = wire.render_request(LLMRequest("m", (message,)))
    again = parse_message(json.loads(json.dumps(message.to_dict())))
    assert wire.render_request(LLMRequest("m", (again,))).body == rendered.body
    return rendered.body["messages"][0], rendered.warnings


def test_unknown_keys_of_a_call_go_back() -> None:
    message = parse({"content": None, "tool_calls": [{**CALL, **EXTRA, "index": 0, "note": None}]})
    assert message.parts == (ToolCall.parse("call_1", "f", '{"a":1}', origin=ORIGIN, extra=EXTRA),)
    assert send_back(message)[0]["tool_calls"] == [{**CALL, **EXTRA}]


def test_unknown_keys_of_a_streamed_call_go_back() -> None:
    one, two = {**CALL, "index": 0, **EXTRA}, {"index": 0, "function": {"arguments": ""}, "note": 1, "mark": None}
    message, events = stream({"tool_calls": [one]}, {"tool_calls": [two]})
    (call,) = message.tool_calls
    assert (call.origin, call.extra) == (ORIGIN, {**EXTRA, "note": 1})
    assert [event.tool_call for event in events if isinstance(event, ToolCallFinished)] == [call]
    assert send_back(message)[0]["tool_calls"] == [{**CALL, **EXTRA, "note": 1}]


def test_unknown_keys_of_a_streamed_custom_call_go_back() -> None:
    custom = {"id": "call_1", "type": "custom", "custom": {"name": "shell", "input": "ls"}, **EXTRA}
    message, _ = stream({"tool_calls": [{**custom, "index": 0}]})
    assert message.parts == (OpaquePart(ORIGIN, custom),)
    assert send_back(message)[0]["tool_calls"] == [custom]


def test_call_without_unknown_keys_has_no_origin() -> None:
    assert parse({"tool_calls": [CALL]}).parts == (ToolCall.parse("call_1", "f", '{"a":1}'),)


def test_extra_never_replaces_a_field_of_the_wire() -> None:
    call = ToolCall.parse("call_1", "f", '{"a":1}', origin=ORIGIN, extra={"id": "x", "function": 5, "note": 1})
    assert send_back(AssistantMessage([call]))[0]["tool_calls"] == [{**CALL, "note": 1}]


def test_extra_of_another_origin_stays_behind_without_a_word() -> None:
    call = ToolCall.parse("call_1", "f", '{"a":1}', item_id="fc_1", origin="openai_responses", extra={"x": 1})
    text = TextPart("a", origin="openai_responses", extra={"id": "msg_1"})
    rendered, warnings = send_back(AssistantMessage([text, call]))
    assert (rendered["content"], rendered["tool_calls"], warnings) == ("a", [CALL], ())


def test_details_are_kept_beside_the_reasoning_and_go_back_where_the_dialect_says_so() -> None:
    message = parse({"content": "a", "reasoning": "Hm.", "reasoning_details": DETAILS})
    assert message.parts == (
        ReasoningPart("Hm.", origin=ORIGIN, raw={"reasoning_details": DETAILS}),
        TextPart("a"),
    )
    assert send_back(message)[0] == {"role": "assistant", "content": "a"}
    expected = {"role": "assistant", "content": "a", "reasoning_details": DETAILS}
    assert send_back(message, reasoning_details_field="reasoning_details")[0] == expected


def test_details_alone_show_their_text() -> None:
    assert parse({"content": "a", "reasoning_details": DETAILS}).reasoning == "Hm."


def test_details_without_text_survive() -> None:
    message = parse({"content": "a", "reasoning_details": DETAILS[1:]})
    assert (message.text, message.reasoning) == ("a", None)
    assert send_back(message, reasoning_details_field="reasoning_details")[0]["reasoning_details"] == DETAILS[1:]


@pytest.mark.parametrize("with_text", [True, False])
def test_streamed_details_come_together_and_go_back(with_text: bool) -> None:
    text: dict[str, Any] = {"type": "reasoning.text", "format": "anthropic-claude-v1", "index": 0}
    deltas: list[dict[str, Any]] = [
        {"reasoning_details": [{**text, "text": "H"}], **({"reasoning": "H"} if with_text else {})},
        {"reasoning_details": [{**text, "text": "m."}], **({"reasoning": "m."} if with_text else {})},
        {"reasoning_details": [{**text, "signature": "sig"}, DETAILS[1]]},
    ]
    message, events = stream(*deltas, {"content": "a", "reasoning_details": []})
    assert [event.text for event in events if isinstance(event, ReasoningDelta)] == ["H", "m."]
    assert message == parse({"content": "a", "reasoning": "Hm.", "reasoning_details": DETAILS})
    rendered, _ = send_back(message, reasoning_details_field="reasoning_details", reasoning_echo_field="reasoning")
    assert (rendered["reasoning"], rendered["reasoning_details"]) == ("Hm.", DETAILS)


def test_partial_response_has_the_details_so_far() -> None:
    decoder = OpenAIChatWire().create_stream_decoder()
    chunk = {"choices": [{"index": 0, "delta": {"reasoning_details": [{"type": "reasoning.text", "text": "H"}]}}]}
    decoder.feed(b"data: " + json.dumps(chunk).encode() + b"\n\n")
    (part,) = decoder.partial_response().message.parts
    assert part == ReasoningPart(
        "H", origin=ORIGIN, raw={"reasoning_details": [{"type": "reasoning.text", "text": "H"}]}
    )


def test_thinking_blocks_go_back_as_they_came_where_the_dialect_says_so() -> None:
    message = parse({"content": [THINKING, {"type": "text", "text": "a"}], "tool_calls": [CALL]})
    assert send_back(message)[0]["content"] == "a"
    rendered, warnings = send_back(message, thinking_blocks=True)
    assert rendered["content"] == [THINKING, {"type": "text", "text": "a"}]
    assert (rendered["tool_calls"], warnings) == ([CALL], ())


def test_streamed_thinking_blocks_go_back_as_one() -> None:
    pieces = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "H"}], "signature": None},
        {"type": "thinking", "thinking": [{"type": "text", "text": "m."}], "closed": True},
    ]
    message, _ = stream({"content": [pieces[0]]}, {"content": [pieces[1], {"type": "text", "text": "a"}]})
    assert message.parts == (ReasoningPart("Hm.", origin=ORIGIN, raw=THINKING), TextPart("a"))
    assert send_back(message, thinking_blocks=True)[0]["content"] == [THINKING, {"type": "text", "text": "a"}]


def test_reasoning_that_came_as_text_goes_back_as_a_thinking_block() -> None:
    message = AssistantMessage([ReasoningPart("Hm.", origin=ORIGIN), TextPart("a")])
    block = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}
    assert send_back(message, thinking_blocks=True)[0]["content"] == [block, {"type": "text", "text": "a"}]


def test_dialect_s_origin_keeps_its_additions_from_other_vendors() -> None:
    answer = {"reasoning": "Hm.", "tool_calls": [{**CALL, **EXTRA}], "content": [{"type": "image"}]}
    message = parse(answer, origin="vendor_chat")
    assert {getattr(part, "origin", None) for part in message.parts} == {"vendor_chat"}
    own, warnings = send_back(message, origin="vendor_chat", reasoning_echo_field="reasoning")
    assert (own["reasoning"], own["tool_calls"], own["content"]) == ("Hm.", [{**CALL, **EXTRA}], [{"type": "image"}])
    assert warnings == ()
    other, warnings = send_back(message, reasoning_echo_field="reasoning")
    assert other == {"role": "assistant", "content": None, "tool_calls": [CALL]}
    assert [warning.partition(" was left out")[0] for warning in warnings] == [
        "messages[0]: reasoning of vendor_chat",
        "messages[0]: a block of vendor_chat",
    ]


def test_dialect_s_origin_takes_what_is_of_the_wire_at_large() -> None:
    message = parse({"reasoning": "Hm.", "tool_calls": [{**CALL, **EXTRA}]})
    rendered, warnings = send_back(message, origin="vendor_chat", reasoning_echo_field="reasoning")
    assert (rendered["reasoning"], rendered["tool_calls"], warnings) == ("Hm.", [{**CALL, **EXTRA}], ())


def test_dialect_s_origin_marks_a_streamed_call() -> None:
    message, _ = stream({"tool_calls": [{**CALL, "index": 0, **EXTRA}]}, origin="vendor_chat")
    assert message.tool_calls[0].origin == "vendor_chat"
