"""What Fireworks AI says otherwise than OpenAI: each request here comes out otherwise under OpenAI's plain dialect."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from core.llms import DeveloperMessage
from core.llms.providers.fireworks import FireworksBaseLLM, create_fireworks_llm
from core.llms.types.message_dicts import parse_messages
from core.llms.types.request import LLMRequest
from core.llms.wires.openai_chat import OpenAIChatWire
from tests.support.raw_server import Exchange, raw_server

MODEL = "accounts/fireworks/models/kimi-k3"
CALL = {"id": "functions.look:0", "type": "function", "function": {"name": "look", "arguments": "{}"}}
BODY: dict[str, Any] = {
    "id": "1",
    "object": "chat.completion",
    "model": MODEL,
    "choices": [
        {
            "index": 0,
            "finish_reason": "tool_calls",
            "message": {"role": "assistant", "reasoning_content": "Look first.", "tool_calls": [CALL]},
        }
    ],
    "usage": {
        "prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110,
        "prompt_tokens_details": {"cached_tokens": 40},
    },
}  # fmt: skip


def test_reasoning_goes_back_in_its_own_field_and_developer_means_system() -> None:
    wire = OpenAIChatWire(FireworksBaseLLM.CHAT_DIALECT)
    answer = wire.parse_response(BODY).message
    messages = (DeveloperMessage("Be brief."), *parse_messages("Go."), answer)
    request = LLMRequest(MODEL, messages, {"max_tokens": 9, "reasoning_effort": "low"}, stream=True)
    assert wire.render_request(request).body == {
        "model": MODEL,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Go."},
            {"role": "assistant", "content": None, "reasoning_content": "Look first.", "tool_calls": [CALL]},
        ],
        "max_tokens": 9,
        "reasoning_effort": "low",
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    plain = OpenAIChatWire().render_request(request).body
    assert plain["messages"][0]["role"] == "developer"
    assert "reasoning_content" not in plain["messages"][2]


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("kimi-k3", MODEL),
        (MODEL, MODEL),
        (f"fireworks-{MODEL}", MODEL),
    ],
)
def test_name_without_a_path_is_a_model_of_fireworks_own(name: str, sent: str) -> None:
    llm = create_fireworks_llm(name, api_key="fw")
    assert llm.model == sent
    assert llm.metadata.DISPLAY_NAME == "Kimi K3"


async def test_call_arrives_with_key_and_path_and_is_priced(monkeypatch: pytest.MonkeyPatch) -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(json.dumps(BODY).encode())

    async with raw_server(handle) as server:
        monkeypatch.setenv("FIREWORKS_API_KEY", "fw-1")
        monkeypatch.setenv("FIREWORKS_BASE_URL", server.url)
        async with create_fireworks_llm("kimi-k3") as llm:
            options = {"context_length_exceeded_behavior": "error"}
            response = await llm.get_answer("Go.", reasoning_effort="none", provider_options=options)
        head, sent = server.exchanges[0].head, json.loads(server.exchanges[0].body)
    assert head.startswith(b"POST /inference/v1/chat/completions ")
    assert b"Authorization: Bearer fw-1" in head
    assert (sent["reasoning_effort"], sent["context_length_exceeded_behavior"]) == ("none", "error")
    assert response.cost == (60 * Decimal("3") + 40 * Decimal("0.30") + 10 * Decimal("15")) / 1_000_000


async def test_embeddings_arrive_shortened_and_are_priced() -> None:
    data = [{"index": 0, "embedding": [0.5, 0.25]}]
    usage = {"prompt_tokens": 7, "total_tokens": 7}

    async def handle(exchange: Exchange) -> None:
        await exchange.answer(json.dumps({"object": "list", "data": data, "usage": usage}).encode())

    async with raw_server(handle) as server:
        url = f"{server.url}/inference/v1"
        async with create_fireworks_llm("qwen3-embedding-8b", api_key="fw", base_url=url) as llm:
            response = await llm.embed("Go.", dimensions=2)
        head, sent = server.exchanges[0].head, json.loads(server.exchanges[0].body)
    assert head.startswith(b"POST /inference/v1/embeddings ")
    assert sent == {"model": "accounts/fireworks/models/qwen3-embedding-8b", "input": ["Go."], "dimensions": 2}
    assert response.vectors == ((0.5, 0.25),)
    assert response.cost == 7 * Decimal("0.10") / 1_000_000
