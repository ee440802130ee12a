"""An answer put back among the messages goes out as the items it came from, also by way of dicts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.llms.types.message_dicts import parse_message
from core.llms.types.messages import ToolMessage, UserMessage
from core.llms.types.request import LLMRequest
from core.llms.wires.openai_chat import OpenAIChatWire
from core.llms.wires.openai_responses import OpenAIResponsesWire, ResponsesDialect

FIXTURES = Path(__file__).parents[3] / "wires" / "fixtures" / "openai_responses"
STREAMS = ("text", "refusal", "incomplete", "reasoning_tools", "web_search")


def response_body(name: str) -> dict[str, Any]:
    data = (FIXTURES / f"{name}.sse").read_bytes()
    body: dict[str, Any] = json.loads(data.rstrip().rpartition(b"data: ")[2])["response"]
    return body


def as_input(item: dict[str, Any]) -> dict[str, Any]:
    """What only the server fills in is not sent: a text's log probabilities, a finished call's status."""
    item = json.loads(json.dumps(item))
    for content in item.get("content") or ():
        content.pop("logprobs", None)
    if item["type"] == "function_call" and item["status"] == "completed":
        del item["status"]
    return item


@pytest.mark.parametrize("name", STREAMS)
def test_answer_goes_back_as_the_items_it_came_from(name: str) -> None:
    wire, body = OpenAIResponsesWire(), response_body(name)
    message = wire.parse_response(body).message
    for sent in (message, parse_message(json.loads(json.dumps(message.to_dict())))):
        rendered = wire.render_request(LLMRequest("gpt-test", (sent,)))
        assert rendered.body["input"] == [as_input(item) for item in body["output"]]
        assert rendered.warnings == ()


def test_answer_with_calls_and_their_results_is_the_next_request() -> None:
    wire, body = OpenAIResponsesWire(), response_body("reasoning_tools")
    answer = wire.parse_response(body).message
    results = tuple(ToolMessage("ok", tool_call_id=call.id) for call in answer.tool_calls)
    rendered = wire.render_request(LLMRequest("gpt-test", (UserMessage("Hello!"), answer, *results)))
    assert [item.get("type", item.get("role")) for item in rendered.body["input"]] == [
        "user",
        "reasoning",
        "function_call",
        "function_call",
        "function_call_output",
        "function_call_output",
    ]
    assert rendered.body["input"][1] == body["output"][0]
    assert rendered.body["input"][3]["namespace"] == "clock"


def test_answer_of_another_dialect_keeps_its_text_alone() -> None:
    body = response_body("web_search")
    message = OpenAIResponsesWire(ResponsesDialect(origin="other_responses")).parse_response(body).message
    rendered = OpenAIResponsesWire().render_request(LLMRequest("gpt-test", (message,)))
    assert rendered.body["input"] == [
        {
            "role": "assistant",
            "content": [
                {"type": "output_text", "text": text, "annotations": []}
                for text in ("Let me look.", "Fjords are deep.")
            ],
        }
    ]
    citations, block = rendered.warnings
    assert citations == "messages[0]: citations of other_responses were left out: no other vendor reads them"
    assert "a block of other_responses was left out" in block


def test_answer_continued_on_the_chat_wire_warns_of_the_server_s_tool_and_its_citations() -> None:
    wire, chat = OpenAIResponsesWire(), OpenAIChatWire()
    rendered = chat.render_request(LLMRequest("m", (wire.parse_response(response_body("web_search")).message,)))
    assert rendered.body["messages"] == [
        {
            "role": "assistant",
            "content": [{"type": "text", "text": "Let me look."}, {"type": "text", "text": "Fjords are deep."}],
        }
    ]
    assert rendered.warnings == (
        "messages[0]: citations of openai_responses were left out: no other vendor reads them",
        "messages[0]: a block of openai_responses was left out: the openai_chat wire cannot carry it",
    )
    refusal = wire.parse_response(response_body("refusal")).message
    assert chat.render_request(LLMRequest("m", (refusal,))).warnings == ()
