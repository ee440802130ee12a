"""The chat form of a message as a dict, with what vendors add to it."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.types.content import ReasoningPart, RefusalPart, TextPart, ToolCall
from core.llms.types.message_dicts import parse_message
from core.llms.types.messages import AssistantMessage

FUNCTION = {"name": "f", "arguments": '{"a":1}'}
DETAILS = [{"type": "reasoning.text", "text": "Hm.", "signature": "s", "index": 0}]


def parse(**fields: Any) -> AssistantMessage:
    message = parse_message({"role": "assistant", **fields})
    assert isinstance(message, AssistantMessage)
    return message


@pytest.mark.parametrize("function", [FUNCTION, {"name": "f", "arguments": {"a": 1}}])
def test_unknown_keys_of_a_call_are_its_extra(function: dict[str, Any]) -> None:
    call = {"id": "c", "type": "function", "index": 0, "function": function, "note": None, "extra_content": {"x": 1}}
    assert parse(content=None, tool_calls=[call]).parts == (
        ToolCall.parse("c", "f", '{"a":1}', origin="openai_chat", extra={"extra_content": {"x": 1}}),
    )


def test_call_without_unknown_keys_has_no_origin() -> None:
    call = {"id": "c", "type": "function", "function": FUNCTION}
    assert parse(content=None, tool_calls=[call]).parts == (ToolCall.parse("c", "f", '{"a":1}'),)


@pytest.mark.parametrize("reasoning", ["Hm.", None])
def test_reasoning_details_are_kept_beside_the_reasoning(reasoning: str | None) -> None:
    assert parse(content="a", reasoning=reasoning, reasoning_details=DETAILS).parts == (
        ReasoningPart(reasoning or "", origin="openai_chat", raw={"reasoning_details": DETAILS}),
        TextPart("a"),
    )


@pytest.mark.parametrize("details", ["text", [1], {"a": 1}])
def test_reasoning_details_of_another_shape_are_refused(details: Any) -> None:
    with pytest.raises(ValueError, match="`reasoning_details` must be a list of blocks"):
        parse(content="a", reasoning_details=details)


def test_extra_of_every_part_survives_the_trip_through_a_dict() -> None:
    extra = {"type": "message", "id": "msg_1", "nested": [{"a": None}]}
    message = AssistantMessage(
        [
            TextPart("a", ({"type": "note"},), "openai_responses", extra),
            RefusalPart("No.", "openai_responses", extra),
            ToolCall.parse("c", "f", "{", item_id="fc", signature="s", origin="openai_responses", extra=extra),
        ]
    )
    assert parse_message(message.to_dict()) == message
