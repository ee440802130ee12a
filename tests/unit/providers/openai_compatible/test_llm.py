from __future__ import annotations

import json
import warnings
from decimal import Decimal

import pytest

from core.llms import create_llm
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
        with pytest.raises(UnsupportedCapabilityError):
            await llm.count_tokens("Hi", exact=True)
