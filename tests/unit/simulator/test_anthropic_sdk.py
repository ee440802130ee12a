"""The judge: Anthropic's own SDK works against the simulator, from synchronous and asynchronous code."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from typing import Any

import anthropic
import pytest
from pydantic import BaseModel

from core.llms.simulator import Simulator
from tests.unit.simulator.pictures import picture

MODEL = "claude-haiku-5-5"
THINKER = "claude-sonnet-4-6"
WEATHER: Any = {
    "name": "get_weather",
    "description": "Weather of a city",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
ALICE = "Alice is 30 years old and lives in Paris."


class Person(BaseModel):
    name: str
    age: int
    city: str


def ask(words: Any) -> list[Any]:
    return [{"role": "user", "content": words}]


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator.in_thread() as sim:
        yield sim


@pytest.fixture
def client(shared: Simulator) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(api_key="k", base_url=shared.anthropic_base_url, max_retries=0) as made:
        yield made


@pytest.fixture
async def async_client() -> AsyncIterator[anthropic.AsyncAnthropic]:
    async with (
        Simulator() as sim,
        anthropic.AsyncAnthropic(auth_token="t", base_url=sim.anthropic_base_url, max_retries=0) as made,
    ):
        yield made


def said(message: anthropic.types.Message) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


def test_message_answers_and_counts(client: anthropic.Anthropic) -> None:
    message = client.messages.create(model=MODEL, max_tokens=500, messages=ask("What is 17 + 25?"))
    assert said(message) == "42"
    assert message.stop_reason == "end_turn"
    counted = client.messages.count_tokens(model=MODEL, messages=ask("What is 17 + 25?"))
    assert message.usage.input_tokens == counted.input_tokens


def test_message_streams(client: anthropic.Anthropic) -> None:
    with client.messages.stream(model=THINKER, max_tokens=500, messages=ask("Say: one two three")) as stream:
        assert "".join(stream.text_stream) == "one two three"
        final = stream.get_final_message()
    assert (said(final), final.stop_reason) == ("one two three", "end_turn")
    raw = client.messages.create(model=THINKER, max_tokens=500, messages=ask("Say: one"), stream=True)
    assert [event.type for event in raw][-1] == "message_stop"


def test_thinking_and_tools_go_round(client: anthropic.Anthropic) -> None:
    asked = ask("Weather in Paris and London?")
    options: dict[str, Any] = {
        "model": THINKER,
        "max_tokens": 1000,
        "tools": [WEATHER],
        "thinking": {"type": "adaptive"},
    }
    with client.messages.stream(messages=asked, **options) as stream:
        first = stream.get_final_message()
    calls = [block for block in first.content if block.type == "tool_use"]
    assert [block.type for block in first.content] == ["thinking", "tool_use", "tool_use"]
    assert [call.input for call in calls] == [{"city": "Paris"}, {"city": "London"}]
    results: list[Any] = [{"type": "tool_result", "tool_use_id": call.id, "content": "rain"} for call in calls]
    second = client.messages.create(messages=[*asked, first.to_param(), *ask(results)], **options)
    assert "get_weather returned" in said(second)


def test_message_parses_a_pydantic_model(client: anthropic.Anthropic) -> None:
    parsed = client.messages.parse(model=MODEL, max_tokens=500, messages=ask(ALICE), output_format=Person)
    assert parsed.parsed_output == Person(name="Alice", age=30, city="Paris")


def test_message_sees_an_image_and_a_document(client: anthropic.Anthropic) -> None:
    data = base64.b64encode(picture(64, 48, "red")).decode()
    pdf = base64.b64encode(b"%PDF-1.4").decode()
    content = [
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": data}},
        {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": pdf}},
    ]
    message = client.messages.create(model=MODEL, max_tokens=500, messages=ask(content))
    assert said(message) == "Image 1 is a PNG of 64×48 pixels, mainly red.\nFile 2 is 'document' of 8 bytes."


def test_models_are_listed_and_found(client: anthropic.Anthropic) -> None:
    models = list(client.models.list(limit=5))
    assert len(models) == 18
    assert {model.lifecycle for model in models} == {"active", "deprecated"}
    model = client.models.retrieve("claude-opus-5-5")
    assert model.capabilities is not None
    assert model.capabilities.thinking.types.disabled.supported is False


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"model": "claude-nonexistent"}, anthropic.NotFoundError),
        ({"extra_body": {"temperature": 1.0}}, anthropic.BadRequestError),
        ({"extra_headers": {"x-api-key": "invalid"}}, anthropic.AuthenticationError),
        ({"extra_headers": {"x-simulator-fault": '{"status": 429}'}}, anthropic.RateLimitError),
        ({"extra_headers": {"x-simulator-fault": '{"status": 529}'}}, anthropic.InternalServerError),
    ],
)
def test_errors_are_the_sdks_own(client: anthropic.Anthropic, fields: dict[str, Any], error: type[Exception]) -> None:
    options: dict[str, Any] = {"model": MODEL, "max_tokens": 100, "messages": ask("Hello!")} | fields
    with pytest.raises(error) as raised:
        client.messages.create(**options)
    assert isinstance(raised.value, anthropic.APIStatusError)
    assert str(raised.value.request_id).startswith("req_")


def test_error_inside_a_stream_is_raised(client: anthropic.Anthropic) -> None:
    fault = {"x-simulator-fault": '{"error_after_events": 4}'}
    with (
        pytest.raises(anthropic.APIStatusError, match="Overloaded"),
        client.messages.stream(model=THINKER, max_tokens=100, messages=ask("Hello!"), extra_headers=fault) as stream,
    ):
        stream.until_done()


async def test_messages_answer_and_stream_to_an_async_client(async_client: anthropic.AsyncAnthropic) -> None:
    message = await async_client.messages.create(model=MODEL, max_tokens=500, messages=ask("What is 17 + 25?"))
    assert said(message) == "42"
    async with async_client.messages.stream(model=MODEL, max_tokens=500, messages=ask("Say: hi there")) as stream:
        assert "".join([piece async for piece in stream.text_stream]) == "hi there"
    parsed = await async_client.messages.parse(model=MODEL, max_tokens=500, messages=ask(ALICE), output_format=Person)
    assert parsed.parsed_output == Person(name="Alice", age=30, city="Paris")


async def test_tools_images_models_and_errors_reach_an_async_client(async_client: anthropic.AsyncAnthropic) -> None:
    message = await async_client.messages.create(
        model=MODEL, max_tokens=500, messages=ask("weather in oslo?"), tools=[WEATHER], tool_choice={"type": "any"}
    )
    assert [block.input for block in message.content if block.type == "tool_use"] == [{"city": "oslo"}]
    source = {"type": "base64", "media_type": "image/png", "data": base64.b64encode(picture(8, 8)).decode()}
    seen = await async_client.messages.create(
        model=MODEL, max_tokens=500, messages=ask([{"type": "image", "source": source}])
    )
    assert "8×8" in said(seen)
    assert len([model async for model in async_client.models.list(limit=7)]) == 18
    with pytest.raises(anthropic.NotFoundError):
        await async_client.messages.create(model="claude-nonexistent", max_tokens=5, messages=ask("Hello!"))
