"""A few calls of the real OpenAI API. They need OPENAI_API_KEY, cost a fraction of a cent, and count as no coverage."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
from pydantic import BaseModel

from core.llms import AuthenticationError, LLMContext
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from tests.unit.simulator.pictures import picture

pytestmark = pytest.mark.skipif(not os.environ.get("OPENAI_API_KEY"), reason="OPENAI_API_KEY is not set")
MODEL = os.environ.get("CORE_LLMS_LIVE_OPENAI_MODEL", "gpt-4.1-mini")


class Person(BaseModel):
    name: str
    age: int


def get_weather(city: str) -> str:
    """Weather of a city."""
    return f"18 degrees in {city}"


@pytest.fixture(params=["chat", "responses"])
async def llm(request: pytest.FixtureRequest) -> AsyncIterator[OpenAIBaseLLM]:
    async with create_openai_llm(MODEL, wire=request.param) as made:
        yield made


async def test_answer_and_stream_have_text_usage_and_cost(llm: OpenAIBaseLLM) -> None:
    ctx = LLMContext(timeout_seconds=60, budget_usd="0.01")
    whole = await llm.get_answer("Answer with the one word: hello", ctx, max_tokens=20)
    streamed = await llm.stream_answer("Answer with the one word: hello", ctx, max_tokens=20).get_response()
    for response in (whole, streamed):
        assert "hello" in response.text.lower()
        assert response.usage.input_tokens > 0
        assert response.cost is not None
        assert response.request_id
    assert (await llm.count_tokens("Answer with the one word: hello")).tokens == whole.usage.input_tokens


async def test_image_typed_answer_and_tools_work(llm: OpenAIBaseLLM) -> None:
    ctx = LLMContext(timeout_seconds=60, budget_usd="0.05")
    seen = await llm.generate_with_vision("Which colour? One word.", picture(64, 64, "red"), ctx, max_tokens=20)
    person = await llm.get_answer("Ada is 36 years old.", ctx, response_model=Person, max_tokens=100)
    run = await llm.run_tools("Weather in Oslo? Use the tool.", ctx, tools=[get_weather], max_tokens=100)
    assert "red" in seen.text.lower()
    assert person.parsed == Person(name="Ada", age=36)
    assert "18" in run.text


async def test_tokens_counted_exactly_are_those_of_a_call(llm: OpenAIBaseLLM) -> None:
    counted = await llm.count_tokens("Hello!", exact=True)
    assert counted.tokens == (await llm.get_answer("Hello!", max_tokens=20)).usage.input_tokens


async def test_embeddings_and_models_come() -> None:
    async with create_openai_llm("text-embedding-3-small") as embedder:
        response = await embedder.embed(["hello", "world"], dimensions=64)
        assert [len(vector) for vector in response.vectors] == [64, 64]
        assert "text-embedding-3-small" in {model.id for model in await embedder.list_models()}


async def test_wrong_key_is_an_authentication_error() -> None:
    async with create_openai_llm(MODEL, api_key="sk-not-a-key") as stranger:
        with pytest.raises(AuthenticationError):
            await stranger.get_answer("Hi", max_tokens=20)
