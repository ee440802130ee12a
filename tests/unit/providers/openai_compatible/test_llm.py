from __future__ import annotations

import json
import warnings
from decimal import Decimal

import pytest

from core.llms import Tool, create_llm
from core.llms.errors import ConfigurationError, UnsupportedCapabilityError
from core.llms.providers.openai_compatible import OpenAICompatibleConnector, create_openai_compatible_llm
from core.llms.types.prices import Prices
from tests.support.chat_bytes import completion
from tests.support.raw_server import Exchange, raw_server

NAMES = ("OPENAI_COMPATIBLE_BASE_URL", "OPENAI_COMPATIBLE_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL")


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


async def answer(exchange: Exchange) -> None:
    await exchange.answer(completion("Hello", choices=[_choice("")]))


def _choice(finish: str) -> dict[str, object]:
    return {"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": finish}


def test_connector_without_an_address_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://api.openai.com/v1")
    with pytest.raises(ConfigurationError, match=r"pass `base_url=`, or set .* OPENAI_COMPATIBLE_BASE_URL"):
        create_openai_compatible_llm("m")


async def test_llm_sends_no_key_unless_one_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    async with raw_server(answer) as server:
        monkeypatch.setenv("OPENAI_COMPATIBLE_BASE_URL", f"{server.url}/v1/")
        async with create_openai_compatible_llm("m") as llm:
            await llm.get_answer("Hi")
        async with create_openai_compatible_llm("m", api_key="abc") as llm:
            await llm.get_answer("Hi")
        monkeypatch.setenv("OPENAI_COMPATIBLE_API_KEY", "def")
        async with create_openai_compatible_llm("m") as llm:
            await llm.get_answer("Hi")
        heads = [exchange.head.lower() for exchange in server.exchanges]
    assert b"authorization" not in heads[0]
    assert b"sk-openai" not in b"".join(heads)
    assert b"authorization: bearer abc" in heads[1]
    assert b"authorization: bearer def" in heads[2]
    assert all(head.startswith(b"post /v1/chat/completions ") for head in heads)


async def test_llm_of_any_model_answers_without_a_warning() -> None:
    async with raw_server(answer) as server:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            llm = create_llm("openai_compatible/org/Some-Model:7b", base_url=f"{server.url}/v1")
        async with llm:
            response = await llm.get_answer("Hi", max_tokens=5, temperature=0.5, top_k=3)
        body = json.loads(server.exchanges[0].body)
    assert body == {
        "model": "org/Some-Model:7b",
        "messages": [{"role": "user", "content": "Hi"}],
        "max_tokens": 5,
        "temperature": 0.5,
        "top_k": 3,
    }
    assert str(response.finish_reason) == "stop"
    assert response.finish_reason.raw == ""
    assert response.cost is None
    assert response.cost_unknown_reason == "no price is known for this model"


async def test_llm_prices_what_it_is_given_prices_for() -> None:
    async with raw_server(answer) as server:
        connector = OpenAICompatibleConnector({"base_url": server.url})
        async with create_openai_compatible_llm("m", connector=connector, prices=Prices.of("1", "2")) as llm:
            response = await llm.get_answer("Hi")
        await connector.aclose()
    assert response.cost == Decimal("0.00002")


async def test_llm_speaks_the_responses_wire_where_it_is_asked_to() -> None:
    async with create_openai_compatible_llm("m", base_url="http://127.0.0.1:9/v1", wire="responses") as llm:
        assert llm.wire.name == "openai_responses"


@pytest.mark.parametrize("wire", ["chat", "responses"])
async def test_tokens_are_counted_where_vllm_counts_them(wire: str) -> None:
    async def count(exchange: Exchange) -> None:
        await exchange.answer(b'{"count": 23, "max_model_len": 4096, "tokens": [1, 2]}')

    async with raw_server(count) as server:
        async with create_openai_compatible_llm("m", base_url=f"{server.url}/v1", wire=wire) as llm:
            counted = await llm.count_tokens("Hi", tools=[Tool("look", "Looks.", {"type": "object"})], exact=True)
        head, sent = server.exchanges[0].head, json.loads(server.exchanges[0].body)
    assert head.startswith(b"POST /tokenize ")
    assert sent == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hi"}],
        "tools": [
            {
                "type": "function",
                "function": {"name": "look", "description": "Looks.", "parameters": {"type": "object"}},
            }
        ],
        "add_generation_prompt": True,
    }
    assert (counted.tokens, counted.exact) == (23, True)


async def test_server_that_counts_no_tokens_is_told_of_in_words() -> None:
    async def refuse(exchange: Exchange) -> None:
        await exchange.answer(b'{"detail": "Not Found"}', status="404 Not Found")

    async with raw_server(refuse) as server:
        async with create_openai_compatible_llm("m", base_url=f"{server.url}/v1") as llm:
            with pytest.raises(UnsupportedCapabilityError, match="no `/tokenize`"):
                await llm.count_tokens("Hi", exact=True)
        assert len(server.exchanges) == 1


async def test_embeddings_are_read_in_either_form_and_with_their_dimensions() -> None:
    async def embed(exchange: Exchange) -> None:
        data = [{"index": 1, "embedding": "AACAPw=="}, {"index": 0, "embedding": [0.5]}]
        await exchange.answer(json.dumps({"data": data, "usage": {"prompt_tokens": 2, "total_tokens": 2}}).encode())

    async with raw_server(embed) as server:
        async with create_openai_compatible_llm("m", base_url=f"{server.url}/v1") as llm:
            response = await llm.embed(["a", "b"], dimensions=1)
        sent = json.loads(server.exchanges[0].body)
    assert sent == {"model": "m", "input": ["a", "b"], "dimensions": 1}
    assert (response.vectors, response.usage.input_tokens) == (((0.5,), (1.0,)), 2)
