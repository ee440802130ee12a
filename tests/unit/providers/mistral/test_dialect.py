"""What Mistral says otherwise than OpenAI: each request and answer here fails under OpenAI's plain dialect."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms import FilePart, TextPart, UserMessage
from core.llms.errors import NotFoundError, UnsupportedParameterError
from core.llms.providers.mistral import create_mistral_llm
from core.llms.types.content import ReasoningPart, RefusalPart
from core.llms.types.events import StreamFinished
from core.llms.types.message_dicts import parse_message, parse_messages
from core.llms.types.messages import AssistantMessage
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.tools import Tool, ToolChoice
from core.llms.wires.openai_chat import OpenAIChatWire
from tests.support.raw_server import Exchange, raw_server

THINKING = {
    "type": "thinking",
    "thinking": [{"type": "text", "text": "Two and two."}],
    "signature": "s",
    "closed": True,
}
CALL = {"id": "Caf7Pyrd8", "type": "function", "function": {"name": "add", "arguments": "{}"}}
BODY = {
    "id": "1",
    "model": "mistral-small-latest",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": [THINKING, {"type": "text", "text": "4"}],
                "tool_calls": [{**CALL, "index": 0}],
            },
            "finish_reason": "model_length",
        }
    ],
    "usage": {"prompt_tokens": 10, "completion_tokens": 63, "total_tokens": 73, "service_tier": "standard"},
}


def wire() -> OpenAIChatWire:
    made = create_mistral_llm("mistral-small-latest", api_key="k").wire
    assert isinstance(made, OpenAIChatWire)
    return made


def render(*messages: Any, **request: Any) -> dict[str, Any]:
    return wire().render_request(LLMRequest("m", parse_messages(list(messages)), **request)).body


def test_body_has_mistrals_names() -> None:
    messages = [{"role": "developer", "content": "Brief."}, {"role": "user", "content": "Hi"}]
    params = {"max_tokens": 9, "seed": 42, "reasoning_effort": "high"}
    choice = ToolChoice("required")
    tool = Tool("add", "Adds.", {"type": "object"})
    body = render(*messages, params=params, stream=True, tools=(tool,), tool_choice=choice)
    assert body == {
        "model": "m",
        "messages": [{"role": "system", "content": "Brief."}, {"role": "user", "content": "Hi"}],
        "max_tokens": 9,
        "random_seed": 42,
        "reasoning_effort": "high",
        "tools": [
            {"type": "function", "function": {"name": "add", "description": "Adds.", "parameters": {"type": "object"}}}
        ],
        "tool_choice": "any",
        "stream": True,
    }


def test_thinking_goes_back_as_it_came() -> None:
    answer = wire().parse_response(BODY)
    assert (answer.text, answer.reasoning, answer.message.reasoning) == ("4", "Two and two.", "Two and two.")
    assert (answer.finish_reason.unified, answer.finish_reason.raw) == ("length", "model_length")
    again = parse_message(json.loads(json.dumps(answer.message.to_dict())))
    assert again == answer.message
    (sent,) = render(answer.message)["messages"]
    assert sent["content"] == [THINKING, {"type": "text", "text": "4"}]
    assert sent["tool_calls"] == [{**CALL}]
    plain = OpenAIChatWire().render_request(LLMRequest("m", (answer.message,)))
    assert "Two and two." not in json.dumps(plain.body)
    assert plain.warnings == ("messages[0]: reasoning of mistral was left out: the openai_chat wire cannot carry it",)


def test_streamed_thinking_goes_back_too() -> None:
    deltas: list[dict[str, Any]] = [
        {"role": "assistant", "content": ""},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Two "}], "closed": True}]},
        {"content": [{**THINKING, "thinking": [{"type": "text", "text": "and two."}]}, {"type": "text", "text": "4"}]},
    ]
    chunks: list[dict[str, Any]] = [
        {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas
    ]
    chunks.append(
        {"choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}], "usage": BODY["usage"]}
    )
    body = b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks) + b"data: [DONE]\n\n"
    last = wire().create_stream_decoder().feed(body)[-1]
    assert isinstance(last, StreamFinished)
    assert render(last.response.message)["messages"][0]["content"] == [THINKING, {"type": "text", "text": "4"}]
    assert last.response.usage.service_tier == "standard"


def test_calls_of_other_vendors_get_ids_of_nine_characters() -> None:
    call = {**CALL, "id": "toolu_01A09q90qw90lq917835lq9"}
    body = render(
        {"role": "assistant", "content": None, "tool_calls": [call, CALL]},
        {"role": "tool", "tool_call_id": call["id"], "content": "5"},
        {"role": "tool", "tool_call_id": "Caf7Pyrd8", "content": "6"},
    )
    first, second = (call["id"] for call in body["messages"][0]["tool_calls"])
    assert [message["tool_call_id"] for message in body["messages"][1:]] == [first, second]
    assert (len(first), first.isalnum(), second) == (9, True, "Caf7Pyrd8")


def test_documents_go_in_mistrals_form() -> None:
    pdf = FilePart(data=b"%PDF-1.4", filename="a.pdf")
    blocks = render(UserMessage([TextPart("Read."), pdf, FilePart(file_id="f1")]))["messages"][0]["content"]
    assert blocks == [
        {"type": "text", "text": "Read."},
        {
            "type": "document_url",
            "document_url": "data:application/pdf;base64,JVBERi0xLjQ=",
            "document_name": "a.pdf",
        },
        {"type": "file", "file_id": "f1"},
    ]


def test_refusal_of_another_vendor_is_said_in_the_content() -> None:
    assert render(AssistantMessage((RefusalPart("No."),)))["messages"] == [{"role": "assistant", "content": "No."}]


def test_reasoning_of_another_wire_is_left_out_with_a_warning() -> None:
    message = AssistantMessage((ReasoningPart("Hm", origin="anthropic_messages"), TextPart("4")))
    rendered = wire().render_request(LLMRequest("m", (message,)))
    assert rendered.body["messages"] == [{"role": "assistant", "content": "4"}]
    assert len(rendered.warnings) == 1


def test_unknown_model_is_not_found() -> None:
    body = b'{"object": "error", "message": "Invalid model: x", "type": "invalid_model", "code": "1500"}'
    assert type(wire().parse_error(400, {}, body)) is NotFoundError
    assert type(OpenAIChatWire().parse_error(400, {}, body)) is not NotFoundError


def test_embeddings_have_mistrals_names() -> None:
    body = wire().render_embeddings(EmbeddingRequest("codestral-embed", ("a",), dimensions=256)).body
    assert body == {"model": "codestral-embed", "input": ["a"], "output_dimension": 256, "encoding_format": "float"}


def test_efforts_in_between_are_refused() -> None:
    with pytest.raises(UnsupportedParameterError, match="none, high"):
        create_mistral_llm("mistral-small-2603", api_key="k").metadata.validate_params({"reasoning_effort": "low"})


async def test_call_arrives_with_key_and_path(monkeypatch: pytest.MonkeyPatch) -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(json.dumps(BODY).encode())

    monkeypatch.setenv("MISTRAL_API_KEY", "k-1")
    async with (
        raw_server(handle) as server,
        create_mistral_llm("mistral-small-latest", base_url=f"{server.url}/v1") as llm,
    ):
        response = await llm.get_answer("2+2?")
    assert server.exchanges[0].head.startswith(b"POST /v1/chat/completions ")
    assert b"Authorization: Bearer k-1" in server.exchanges[0].head
    assert json.loads(server.exchanges[0].body)["model"] == "mistral-small-latest"
    assert response.cost is not None
