"""What NVIDIA says otherwise than OpenAI: each request here comes out otherwise under OpenAI's plain dialect."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms import DeveloperMessage, Tool
from core.llms.providers.nvidia import NvidiaBaseLLM, create_nvidia_llm
from core.llms.types.message_dicts import parse_messages
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.wires.openai_chat import OpenAIChatWire
from tests.support.raw_server import Exchange, raw_server

BODY: dict[str, Any] = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "model": "nvidia/nemotron-3-super-120b-a12b",
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": "Hi", "reasoning_content": "Greet."},
        }
    ],
    "usage": {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13},
}


def test_request_has_what_nvidia_knows() -> None:
    wire = OpenAIChatWire(NvidiaBaseLLM.CHAT_DIALECT)
    messages = (DeveloperMessage("Be brief."), *parse_messages("Go."))
    tools = (Tool("look", parameters={"type": "object"}, strict=True),)
    request = LLMRequest("m", messages, {"max_tokens": 9}, tools=tools)
    rendered = wire.render_request(request)
    assert rendered.body == {
        "model": "m",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Go."}],
        "max_tokens": 9,
        "tools": [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}],
    }
    assert len(rendered.warnings) == 1
    plain = OpenAIChatWire().render_request(request).body
    assert {name for name in plain if plain[name] != rendered.body.get(name)} == {
        "messages", "tools", "max_completion_tokens",
    }  # fmt: skip


def test_texts_to_embed_say_what_they_are_for() -> None:
    request = EmbeddingRequest("baai/bge-m3", ("Hi",), input_type="query")
    body = OpenAIChatWire(NvidiaBaseLLM.CHAT_DIALECT).render_embeddings(request).body
    assert body == {"model": "baai/bge-m3", "input": ["Hi"], "input_type": "query", "encoding_format": "float"}


@pytest.mark.parametrize(
    ("effort", "sent"),
    [
        ("none", {"chat_template_kwargs": {"enable_thinking": False}}),
        ("high", {"chat_template_kwargs": {"enable_thinking": True}}),
        (None, {}),
    ],
)
async def test_nemotron_s_reasoning_is_turned_by_its_template(
    effort: str | None, sent: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(json.dumps(BODY).encode())

    async with raw_server(handle) as server:
        monkeypatch.setenv("NVIDIA_API_KEY", "nvapi-1")
        monkeypatch.setenv("NVIDIA_BASE_URL", f"{server.url}/v1")
        async with create_nvidia_llm("nvidia/nemotron-3-super-120b-a12b") as llm:
            response = await llm.get_answer("Go.", reasoning_effort=effort)
        head, body = server.exchanges[0].head, json.loads(server.exchanges[0].body)
    assert head.startswith(b"POST /v1/chat/completions ")
    assert b"Authorization: Bearer nvapi-1" in head
    messages = [{"role": "user", "content": "Go."}]
    assert body == {"model": "nvidia/nemotron-3-super-120b-a12b", "messages": messages, **sent}
    assert (response.text, response.reasoning) == ("Hi", "Greet.")
    assert response.cost is None


async def test_other_models_have_an_effort() -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(json.dumps(BODY).encode())

    async with raw_server(handle) as server:
        async with create_nvidia_llm("openai/gpt-oss-20b", api_key="nvapi-1", base_url=f"{server.url}/v1") as llm:
            await llm.get_answer("Go.", reasoning_effort="low")
        assert json.loads(server.exchanges[0].body)["reasoning_effort"] == "low"
