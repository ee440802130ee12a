"""The judge: the vendor's own SDK works against the simulator, on every wire, from asynchronous code."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from core.llms.simulator import Simulator
from tests.unit.simulator.pictures import data_url, picture

MODEL = "gpt-4.1-mini"
REASONER = "gpt-5-mini"
DATED = "2024-10-21"
WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "The city"}},
    "required": ["city"],
    "additionalProperties": False,
}
CHAT_TOOLS: list[Any] = [
    {"type": "function", "function": {"name": "get_weather", "description": "Weather of a city", "parameters": WEATHER}}
]


class Person(BaseModel):
    name: str
    age: int
    city: str


ALICE = "Alice is 30 years old and lives in Paris."


def ask(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


@pytest.fixture(params=["openai", "azure-dated", "azure-v1"])
async def async_client(request: pytest.FixtureRequest) -> AsyncIterator[openai.AsyncOpenAI]:
    options: dict[str, Any] = {"api_key": "sk-test", "max_retries": 0}
    async with Simulator() as sim:
        made: openai.AsyncOpenAI
        if request.param == "openai":
            made = openai.AsyncOpenAI(base_url=sim.openai_base_url, **options)
        elif request.param == "azure-v1":
            made = openai.AsyncOpenAI(base_url=f"{sim.azure_endpoint}/openai/v1/", **options)
        else:
            made = openai.AsyncAzureOpenAI(azure_endpoint=sim.azure_endpoint, api_version=DATED, **options)
        async with made:
            yield made


async def test_chat_answers_an_async_client(async_client: openai.AsyncOpenAI) -> None:
    completion = await async_client.chat.completions.create(model=MODEL, messages=ask("What is 17 + 25?"))
    assert completion.choices[0].message.content == "42"
    stream = await async_client.chat.completions.create(model=MODEL, messages=ask("What is 17 + 25?"), stream=True)
    text = "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])
    assert text == "42"


async def test_responses_answer_an_async_client(async_client: openai.AsyncOpenAI) -> None:
    parsed = await async_client.responses.parse(model=MODEL, input=ALICE, text_format=Person)
    assert parsed.output_parsed == Person(name="Alice", age=30, city="Paris")
    async with async_client.responses.stream(model=MODEL, input="Say: hi") as stream:
        assert (await stream.get_final_response()).output_text == "hi"


async def test_tools_and_images_reach_an_async_client(async_client: openai.AsyncOpenAI) -> None:
    called = await async_client.chat.completions.create(
        model=MODEL, messages=ask("weather in oslo?"), tools=CHAT_TOOLS, tool_choice="required"
    )
    calls = called.choices[0].message.tool_calls or []
    assert [call.function.arguments for call in calls if call.type == "function"] == ['{"city":"oslo"}']
    content: Any = [{"type": "image_url", "image_url": {"url": data_url(picture(8, 8, "lime"))}}]
    seen = await async_client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": content}])
    assert "8×8" in (seen.choices[0].message.content or "")


async def test_embeddings_models_and_errors_reach_an_async_client(async_client: openai.AsyncOpenAI) -> None:
    vectors = await async_client.embeddings.create(model="text-embedding-3-small", input="hello")
    assert len(vectors.data[0].embedding) == 1536
    assert [model.id async for model in async_client.models.list()]
    with pytest.raises(openai.NotFoundError):
        await async_client.chat.completions.create(model="no-such-model", messages=ask("Hello!"))
