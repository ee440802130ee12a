"""What Together AI says otherwise than OpenAI: each request and answer here fails under OpenAI's plain dialect."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from core.llms import DeveloperMessage, Tool, UnsupportedParameterError
from core.llms.providers.together import TogetherBaseLLM, create_together_llm
from core.llms.types.message_dicts import parse_messages
from core.llms.types.request import LLMRequest
from core.llms.wires.openai_chat import OpenAIChatWire
from tests.support.raw_server import Exchange, raw_server

BODY: dict[str, Any] = {
    "id": "88fa668fac30bb19-MXP",
    "object": "chat.completion",
    "model": "zai-org/GLM-5.3",
    "prompt": [],
    "choices": [
        {
            "index": 0,
            "finish_reason": "eos",
            "seed": 562907531283887200,
            "message": {"role": "assistant", "content": "Hi", "reasoning": "Greet.", "tool_calls": []},
        }
    ],
    "usage": {"prompt_tokens": 45, "completion_tokens": 3, "total_tokens": 48, "cached_tokens": 5},
}
PARAMS = {"max_tokens": 9, "stop": "\n", "logprobs": True, "top_logprobs": 3}


def wire() -> OpenAIChatWire:
    return OpenAIChatWire(TogetherBaseLLM.CHAT_DIALECT)


def test_answer_that_ends_with_eos_has_stopped() -> None:
    response = wire().parse_response(BODY)
    assert (response.finish_reason.unified, response.finish_reason.raw) == ("stop", "eos")
    assert response.usage.cache_read_tokens == 5
    assert OpenAIChatWire().parse_response(BODY).finish_reason.unified == "other"


def test_request_has_together_s_own_forms() -> None:
    answer = wire().parse_response(BODY).message
    messages = (DeveloperMessage("Be brief."), *parse_messages("Go."), answer)
    tools = (Tool("look", parameters={"type": "object"}, strict=True),)
    request = LLMRequest("m", messages, {**PARAMS, "reasoning_effort": "high"}, tools=tools, stream=True)
    rendered = wire().render_request(request)
    assert rendered.body == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Go."},
            {"role": "assistant", "content": "Hi", "reasoning": "Greet."},
        ],
        "max_tokens": 9,
        "stop": ["\n"],
        "logprobs": 3,
        "reasoning_effort": "high",
        "reasoning": {"enabled": True},
        "tools": [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}],
        "stream": True,
    }
    assert [warning.partition(":")[0] for warning in rendered.warnings] == ["tool 'look'"]
    plain = OpenAIChatWire().render_request(request).body
    assert {name for name in plain if plain[name] != rendered.body.get(name)} == {
        "messages", "max_completion_tokens", "stop", "logprobs", "top_logprobs", "tools", "stream_options",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"reasoning_effort": "none"}, {"reasoning": {"enabled": False}}),
        ({"logprobs": True}, {"logprobs": 1}),
        ({"logprobs": False}, {"logprobs": 0}),
        ({"stop": ["a", "b"]}, {"stop": ["a", "b"]}),
    ],
)
def test_parameters_go_out_in_together_s_forms(params: dict[str, Any], expected: dict[str, Any]) -> None:
    body = wire().render_request(LLMRequest("m", parse_messages("Go."), params)).body
    assert {name: value for name, value in body.items() if name not in ("model", "messages")} == expected


def test_what_together_does_not_know_is_refused_before_sending() -> None:
    metadata = create_together_llm("moonshotai/Kimi-K3", api_key="t").metadata
    for name in ("parallel_tool_calls", "store", "temperature"):
        with pytest.raises(UnsupportedParameterError, match=f"`{name}`"):
            metadata.validate_params({name: 1})


async def test_call_arrives_with_key_and_path_and_is_priced(monkeypatch: pytest.MonkeyPatch) -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(json.dumps(BODY).encode())

    async with raw_server(handle) as server:
        monkeypatch.setenv("TOGETHER_API_KEY", "tgp-1")
        monkeypatch.setenv("TOGETHER_BASE_URL", server.url)
        async with create_together_llm("zai-org/GLM-5.3") as llm:
            response = await llm.get_answer("Go.", reasoning_effort="none")
        head, sent = server.exchanges[0].head, json.loads(server.exchanges[0].body)
    assert head.startswith(b"POST /v1/chat/completions ")
    assert b"Authorization: Bearer tgp-1" in head
    assert sent["reasoning"] == {"enabled": False}
    assert response.cost == (40 * Decimal("1.40") + 5 * Decimal("0.26") + 3 * Decimal("4.40")) / 1_000_000


async def test_embeddings_and_the_bare_list_of_models_are_read() -> None:
    async def handle(exchange: Exchange) -> None:
        vectors = {"object": "list", "data": [{"index": 0, "embedding": [0.5, 0.25], "object": "embedding"}]}
        lists = exchange.head.startswith(b"GET")
        await exchange.answer(json.dumps([{"id": "a"}, {"id": "b"}] if lists else vectors).encode())

    async with raw_server(handle) as server:
        async with create_together_llm("BAAI/bge-base-en-v1.5", api_key="t", base_url=f"{server.url}/v1") as llm:
            response = await llm.embed("Go.")
            listed = await llm.list_models()
        head, sent = server.exchanges[0].head, json.loads(server.exchanges[0].body)
    assert head.startswith(b"POST /v1/embeddings ")
    assert sent == {"model": "BAAI/bge-base-en-v1.5", "input": ["Go."]}
    assert response.vectors == ((0.5, 0.25),)
    assert (response.cost, response.cost_unknown_reason) == (None, "the vendor did not say what the call consumed")
    assert [model.id for model in listed] == ["a", "b"]
