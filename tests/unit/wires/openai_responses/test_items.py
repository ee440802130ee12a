"""Messages as input items: exact items, their order, and what is said of the parts that cannot go along."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.types.content import (
    OpaquePart,
    ReasoningPart,
    RefusalPart,
    TextPart,
    ToolCall,
)
from core.llms.types.messages import (
    AssistantMessage,
    DeveloperMessage,
    Message,
    SystemMessage,
    ToolMessage,
    UserMessage,
)
from core.llms.wires.openai_responses.items import render_input

ORIGIN = "openai_responses"
PNG = b"\x89PNG\r\n\x1a\n"


def items_of(*messages: Message) -> list[dict[str, Any]]:
    items, warnings = render_input(messages, ORIGIN)
    assert warnings == ()
    return items


def warnings_of(*messages: Message) -> tuple[str, ...]:
    return render_input(messages, ORIGIN)[1]


def test_prompt_messages_keep_their_roles_and_order() -> None:
    items = items_of(SystemMessage("Be brief."), UserMessage("Hello!"), DeveloperMessage("In French."))
    assert items == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello!"},
        {"role": "developer", "content": "In French."},
    ]


def test_user_message_with_empty_text_stays() -> None:
    assert items_of(UserMessage("")) == [{"role": "user", "content": ""}]


def test_assistant_text_without_id_is_the_short_form() -> None:
    assert items_of(AssistantMessage("Hi.")) == [{"role": "assistant", "content": "Hi."}]


def test_assistant_text_with_id_is_the_message_it_was() -> None:
    note = {"type": "url_citation", "url": "https://example.org"}
    assert items_of(AssistantMessage([TextPart("Hi.", (note,))], id="msg_1")) == [
        {
            "type": "message",
            "id": "msg_1",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": "Hi.", "annotations": [note]}],
        }
    ]


def test_assistant_id_belongs_to_the_first_text_alone() -> None:
    call = ToolCall.of("call_1", "f", {})
    items = items_of(AssistantMessage([TextPart("First."), call, TextPart("Second.")], id="msg_1"))
    assert (items[0]["id"], items[2]) == ("msg_1", {"role": "assistant", "content": "Second."})


def test_assistant_texts_and_refusal_without_id_are_one_message() -> None:
    assert items_of(AssistantMessage([TextPart("A"), TextPart("B"), RefusalPart("No.")])) == [
        {
            "role": "assistant",
            "content": [
                {"type": "output_text", "text": "A", "annotations": []},
                {"type": "output_text", "text": "B", "annotations": []},
                {"type": "refusal", "refusal": "No."},
            ],
        }
    ]


def test_assistant_parts_keep_their_order_around_calls_and_reasoning() -> None:
    raw = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAAA"}
    search = {"type": "web_search_call", "id": "ws_1", "status": "completed"}
    message = AssistantMessage(
        [
            ReasoningPart("Thought.", signature="gAAAA", id="rs_1", origin=ORIGIN, raw=raw),
            TextPart("First."),
            OpaquePart(ORIGIN, search),
            TextPart("Second."),
            ToolCall.parse("call_1", "f", '{"a": 1}', item_id="fc_1"),
            ToolCall.of("call_2", "g", {}),
        ]
    )
    assert items_of(message) == [
        raw,
        {"role": "assistant", "content": "First."},
        search,
        {"role": "assistant", "content": "Second."},
        {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": '{"a": 1}', "id": "fc_1"},
        {"type": "function_call", "call_id": "call_2", "name": "g", "arguments": "{}"},
    ]


def test_tool_call_arguments_go_back_as_received() -> None:
    call = ToolCall.parse("call_1", "f", '{"a":\n 1, "a": 2')
    assert items_of(AssistantMessage([call]))[0]["arguments"] == '{"a":\n 1, "a": 2'


def test_tool_call_without_arguments_goes_as_an_empty_object() -> None:
    assert items_of(AssistantMessage([ToolCall.parse("call_1", "f", "")]))[0]["arguments"] == "{}"


def test_reasoning_without_raw_is_rebuilt_of_its_id_and_signature() -> None:
    part = ReasoningPart("Thought.", signature="gAAAA", id="rs_1", origin=ORIGIN)
    assert items_of(AssistantMessage([part])) == [
        {
            "type": "reasoning",
            "id": "rs_1",
            "summary": [{"type": "summary_text", "text": "Thought."}],
            "encrypted_content": "gAAAA",
        }
    ]


def test_parts_of_other_wires_are_left_out_with_a_warning() -> None:
    message = AssistantMessage(
        [
            ReasoningPart("Thought.", signature="sig", origin="anthropic_messages"),
            ReasoningPart("By hand."),
            OpaquePart("gemini", {"executableCode": {}}),
            TextPart("Hi."),
        ]
    )
    items, warnings = render_input([UserMessage("Hello!"), message], ORIGIN)
    assert items[1:] == [{"role": "assistant", "content": "Hi."}]
    assert warnings == (
        "messages[1]: reasoning of anthropic_messages was left out: the openai_responses wire cannot carry it",
        "messages[1]: reasoning of unknown origin was left out: the openai_responses wire cannot carry it",
        "messages[1]: a block of gemini was left out: the openai_responses wire cannot carry it",
    )


def test_reasoning_that_cannot_go_back_is_left_out_with_a_warning() -> None:
    (warning,) = warnings_of(AssistantMessage([ReasoningPart("Thought.", origin=ORIGIN)]))
    assert warning.startswith("messages[0]: reasoning without `id` and `signature`")


def test_names_are_left_out_with_a_warning() -> None:
    (warning,) = warnings_of(UserMessage("Hello!", name="Ada"))
    assert warning == "messages[0]: `name` was left out: the Responses API has no place for it"


def test_tool_message_text_is_a_string() -> None:
    assert items_of(ToolMessage([TextPart("4"), TextPart("2")], tool_call_id="call_1", name="f")) == [
        {"type": "function_call_output", "call_id": "call_1", "output": "42"}
    ]


@pytest.mark.parametrize(
    ("content", "output"), [("no such city", "Error: no such city"), ("", "Error: the tool failed")]
)
def test_tool_message_of_a_failure_says_so(content: str, output: str) -> None:
    assert items_of(ToolMessage(content, tool_call_id="call_1", is_error=True))[0]["output"] == output


def test_user_opaque_parts_are_items_or_content_by_their_type() -> None:
    output = {"type": "custom_tool_call_output", "call_id": "call_1", "output": "4"}
    breakpoint_text = {"type": "input_text", "text": "Long.", "prompt_cache_breakpoint": {"mode": "explicit"}}
    message = UserMessage(
        [
            TextPart("Before."),
            OpaquePart(ORIGIN, output),
            OpaquePart(ORIGIN, breakpoint_text),
            OpaquePart("gemini", {"type": "x"}),
        ]
    )
    items, warnings = render_input([message], ORIGIN)
    assert items == [
        {"role": "user", "content": "Before."},
        output,
        {"role": "user", "content": [breakpoint_text]},
    ]
    assert warnings == ("messages[0]: a block of gemini was left out: the openai_responses wire cannot carry it",)


def test_parts_of_one_item_are_one_message_again() -> None:
    one = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "phase": "commentary"}
    two = {"type": "message", "id": "msg_2", "role": "assistant", "status": "incomplete"}
    audio = {"type": "output_audio", "data": "UklGRg=="}
    message = AssistantMessage(
        [
            TextPart("A", origin=ORIGIN, extra=one),
            OpaquePart(ORIGIN, {**one, "content": [audio]}),
            RefusalPart("No.", ORIGIN, {**one}),
            TextPart("B", origin=ORIGIN, extra=two),
            ToolCall.parse("call_1", "now", "{}", item_id="fc_1", origin=ORIGIN, extra={"namespace": "clock"}),
            TextPart("C", origin=ORIGIN, extra=two),
            TextPart("D"),
        ]
    )
    assert items_of(message) == [
        {
            **one,
            "content": [
                {"type": "output_text", "text": "A", "annotations": []},
                audio,
                {"type": "refusal", "refusal": "No."},
            ],
        },
        {**two, "content": [{"type": "output_text", "text": "B", "annotations": []}]},
        {
            "type": "function_call",
            "namespace": "clock",
            "call_id": "call_1",
            "name": "now",
            "arguments": "{}",
            "id": "fc_1",
        },
        {**two, "content": [{"type": "output_text", "text": "C", "annotations": []}]},
        {"role": "assistant", "content": "D"},
    ]


def test_message_without_content_goes_back_as_it_was() -> None:
    empty = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": []}
    assert items_of(AssistantMessage([OpaquePart(ORIGIN, empty)])) == [empty]


@pytest.mark.parametrize("origin", ["other_responses", None])
def test_extra_of_another_origin_stays_behind_without_a_word(origin: str | None) -> None:
    call = ToolCall.parse("call_1", "f", "{}", item_id="fc_1", origin="other_responses", extra={"x": 1})
    text, refusal = TextPart("A", origin=origin, extra={"id": "a"}), RefusalPart("No.", origin, {"id": "b"})
    items = items_of(AssistantMessage([text, refusal, call]))
    assert items[1] == {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}
    assert items[0] == {
        "role": "assistant",
        "content": [
            {"type": "output_text", "text": "A", "annotations": []},
            {"type": "refusal", "refusal": "No."},
        ],
    }


def test_opaque_content_joins_the_message_before_it() -> None:
    audio = {"type": "output_audio", "data": "UklGRg=="}
    extra = {"type": "message", "id": "msg_1", "role": "assistant"}
    (item,) = items_of(AssistantMessage([TextPart("A", origin=ORIGIN, extra=extra), OpaquePart(ORIGIN, audio)]))
    assert (item["id"], item["content"][1]) == ("msg_1", audio)


def test_rendering_leaves_the_parts_as_they_are() -> None:
    raw = {"type": "reasoning", "id": "rs_1", "summary": []}
    extra = {"type": "message", "id": "m"}
    message = AssistantMessage(
        [
            ReasoningPart(origin=ORIGIN, raw=raw),
            TextPart("A", origin=ORIGIN, extra=extra),
            OpaquePart(ORIGIN, {**extra, "content": []}),
        ]
    )
    for item in items_of(message):
        item["added"] = True
        item.get("content", []).append({})
    assert raw == {"type": "reasoning", "id": "rs_1", "summary": []}
    assert extra == {"type": "message", "id": "m"}
    assert message.content[2] == OpaquePart(ORIGIN, {**extra, "content": []})
