"""What Groq says otherwise than OpenAI: each request and answer here fails under OpenAI's plain dialect."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from core.llms import (
    AssistantMessage,
    NotFoundError,
    OverloadedError,
    ReasoningPart,
    TextPart,
    UnsupportedParameterError,
    UserMessage,
)
from core.llms.errors import ContextLengthExceededError
from core.llms.providers.groq import create_groq_llm
from core.llms.types.events import StreamFinished
from core.llms.types.message_dicts import parse_messages
from core.llms.types.request import LLMRequest
from core.llms.wires.openai_chat import OpenAIChatWire
from tests.support.raw_server import Exchange, raw_server

USAGE = {"prompt_tokens": 301, "completion_tokens": 52, "total_tokens": 353, "queue_time": 0.005, "total_time": 0.12}
CALL = {"id": "fc_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
MESSAGE = {"role": "assistant", "reasoning": "Look first.", "tool_calls": [CALL]}
BODY = {
    "id": "chatcmpl-1",
    "model": "openai/gpt-oss-120b",
    "service_tier": "on_demand",
    "choices": [{"index": 0, "message": MESSAGE, "finish_reason": "tool_calls", "logprobs": None}],
    "usage": USAGE,
    "x_groq": {"id": "req_1", "seed": 7},
}
ENCLOSED: list[dict[str, Any]] = [
    {"model": "groq/compound", "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": None}]},
    {
        "model": "groq/compound",
        "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}],
        "x_groq": {"usage": USAGE, "usage_breakdown": {"models": []}},
    },
]


def wire_of(model: str) -> OpenAIChatWire:
    wire = create_groq_llm(model, api_key="gsk").wire
    assert isinstance(wire, OpenAIChatWire)
    return wire


def decode(wire: OpenAIChatWire, chunks: list[dict[str, Any]]) -> StreamFinished:
    body = b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks)
    last = wire.create_stream_decoder().feed(body + b"data: [DONE]\n\n")[-1]
    assert isinstance(last, StreamFinished)
    return last


def test_reasoning_goes_back_in_its_own_field() -> None:
    wire = wire_of("openai/gpt-oss-120b")
    answer = wire.parse_response(BODY).message
    request = LLMRequest(
        "openai/gpt-oss-120b", parse_messages([{"role": "user", "content": "Go."}, answer]), {"max_tokens": 9}
    )
    rendered = wire.render_request(request)
    assert rendered.body == {
        "model": "openai/gpt-oss-120b",
        "messages": [
            {"role": "user", "content": "Go."},
            {"role": "assistant", "content": None, "reasoning": "Look first.", "tool_calls": [CALL]},
        ],
        "max_completion_tokens": 9,
    }
    assert not rendered.warnings
    assert "reasoning" not in OpenAIChatWire().render_request(request).body["messages"][1]


@pytest.mark.filterwarnings("ignore::core.llms.RetiredModelWarning")  # as all of Groq's that do not reason
def test_reasoning_of_another_model_does_not_go_to_one_that_has_none() -> None:
    thought = AssistantMessage([ReasoningPart("Hm.", origin="openai_chat"), TextPart("Yes.")])
    rendered = wire_of("llama-3.3-70b-versatile").render_request(LLMRequest("m", (UserMessage("a"), thought)))
    assert rendered.body["messages"][1] == {"role": "assistant", "content": "Yes."}
    assert rendered.warnings == ("messages[1]: reasoning was left out: the provider takes none back",)


@pytest.mark.parametrize(
    ("options", "said"),
    [({}, "parsed"), ({"reasoning_format": "hidden"}, "hidden"), ({"include_reasoning": False}, None)],
)
def test_qwen_is_asked_to_keep_reasoning_apart(options: dict[str, Any], said: str | None) -> None:
    request = LLMRequest("qwen/qwen3.8-27b", parse_messages("Hi"), provider_options=options)
    assert wire_of("qwen/qwen3.8-27b").render_request(request).body.get("reasoning_format") == said
    assert "reasoning_format" not in wire_of("openai/gpt-oss-20b").render_request(LLMRequest("m", ())).body


def test_usage_in_x_groq_alone_counts() -> None:
    response = decode(wire_of("openai/gpt-oss-20b"), ENCLOSED).response
    assert (response.usage.input_tokens, response.usage.output_tokens, response.usage.raw) == (301, 52, USAGE)
    assert decode(OpenAIChatWire(), ENCLOSED).response.usage.raw is None


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (498, {"message": "capacity_exceeded", "type": "internal_server_error"}, OverloadedError),
        (400, {"message": "decommissioned", "code": "model_decommissioned"}, NotFoundError),
        (400, {"message": "Please reduce the length of the messages or completion."}, ContextLengthExceededError),
    ],
)
def test_errors_are_of_the_class_they_mean(status: int, error: dict[str, Any], kind: type[Exception]) -> None:
    body = json.dumps({"error": error}).encode()
    assert type(wire_of("openai/gpt-oss-20b").parse_error(status, {}, body)) is kind
    assert type(OpenAIChatWire().parse_error(status, {}, body)) is not kind


@pytest.mark.parametrize("name", ["frequency_penalty", "n", "logprobs", "store", "metadata"])
def test_what_groq_does_not_support_is_refused_before_sending(name: str) -> None:
    llm = create_groq_llm("openai/gpt-oss-20b", api_key="gsk")
    with pytest.raises(UnsupportedParameterError, match=f"`{name}`"):
        llm.metadata.validate_params({name: 1})


async def test_call_arrives_with_key_and_path_and_is_priced(monkeypatch: pytest.MonkeyPatch) -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(json.dumps(BODY).encode())

    async with raw_server(handle) as server:
        monkeypatch.setenv("GROQ_API_KEY", "gsk-1")
        monkeypatch.setenv("GROQ_BASE_URL", server.url)
        async with create_groq_llm("openai/gpt-oss-120b") as llm:
            response = await llm.get_answer("Go.", reasoning_effort="low", service_tier="flex")
    assert server.exchanges[0].head.startswith(b"POST /openai/v1/chat/completions ")
    assert b"Authorization: Bearer gsk-1" in server.exchanges[0].head
    sent = json.loads(server.exchanges[0].body)
    assert (sent["reasoning_effort"], sent["service_tier"]) == ("low", "flex")
    assert response.reasoning == "Look first."
    assert response.cost == (301 * Decimal("0.15") + 52 * Decimal("0.60")) / 10**6


@pytest.mark.parametrize("name", ["mixtral-8x7b-32768", "llama3-70b-8192", "llama3-8b-8192", "gemma2-9b-it"])
def test_models_of_old_are_retired_and_say_what_replaces_them(name: str) -> None:
    with pytest.warns(UserWarning, match="retired"):
        metadata = create_groq_llm(name, api_key="gsk").metadata
    assert metadata.RETIRED is not None
    assert metadata.REPLACEMENT in ("openai/gpt-oss-120b", "openai/gpt-oss-20b")
