"""The judge: Ollama's own SDK works against the simulator, sync and async."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ollama
import pytest
from pydantic import BaseModel

from core.llms.simulator import Fault, Simulator
from tests.unit.simulator.pictures import picture

MODEL = "llama3.2:3b"
THINKER = "qwen3:4b"
SEER = "gemma3:4b"


class Person(BaseModel):
    name: str
    age: int
    city: str


def get_weather(city: str) -> str:
    """Weather of a city.

    Args:
        city: The city
    """
    return f"rain in {city}"


@pytest.fixture
def shared() -> Iterator[Simulator]:
    with Simulator.in_thread() as sim:
        yield sim


@pytest.fixture
def client(shared: Simulator) -> Iterator[ollama.Client]:
    with ollama.Client(host=shared.base_url("ollama")) as made:
        yield made


def user(text: str, **fields: Any) -> list[dict[str, Any]]:
    return [{"role": "user", "content": text, **fields}]


def test_chats_are_answered_and_measured(client: ollama.Client) -> None:
    response = client.chat(MODEL, user("What is 17 + 25?"))
    assert (response.message.content, response.message.role) == ("42", "assistant")
    assert (response.done, response.done_reason, response.eval_count) == (True, "stop", 1)
    assert response.prompt_eval_duration == 1_000_000 * (response.prompt_eval_count or 0)


def test_chats_stream(client: ollama.Client) -> None:
    parts = list(client.chat(MODEL, user("Say: one two three four"), stream=True))
    assert "".join(part.message.content or "" for part in parts) == "one two three four"
    assert [part.done for part in parts] == [False] * 4 + [True]
    assert parts[-1].eval_count == 4


def test_thoughts_come_beside_the_answer_and_go_back(client: ollama.Client) -> None:
    first = client.chat(THINKER, user("Say: hi"), think=True)
    assert (first.message.content, bool(first.message.thinking)) == ("hi", True)
    assert client.chat(THINKER, user("Say: hi"), think=False).message.thinking is None
    again = client.chat(THINKER, [*user("Say: hi"), first.message, *user("Say: ho")])
    assert again.message.content == "ho"
    parts = list(client.chat(THINKER, user("Say: hi"), think=True, stream=True))
    assert "".join(part.message.thinking or "" for part in parts) == first.message.thinking


def test_tools_are_called_and_their_results_quoted(client: ollama.Client) -> None:
    messages: list[Any] = user("Weather in Paris and London?")
    first = client.chat(MODEL, messages, tools=[get_weather])
    calls = first.message.tool_calls or []
    assert [call.function.arguments for call in calls] == [{"city": "Paris"}, {"city": "London"}]
    results = [
        {"role": "tool", "tool_name": call.function.name, "content": get_weather(**call.function.arguments)}
        for call in calls
    ]
    second = client.chat(MODEL, [*messages, first.message, *results], tools=[get_weather])
    assert second.message.content == ('get_weather returned: "rain in Paris"\nget_weather returned: "rain in London"')
    parts = client.chat(MODEL, messages, tools=[get_weather], stream=True)
    assert [call.function.name for part in parts for call in part.message.tool_calls or ()] == ["get_weather"] * 2


def test_answers_fit_a_schema(client: ollama.Client) -> None:
    question = user("Alice is 30 years old and lives in Paris.")
    for name in (MODEL, THINKER):
        response = client.chat(name, question, format=Person.model_json_schema())
        parsed = Person.model_validate_json(response.message.content or "")
        assert parsed == Person(name="Alice", age=30, city="Paris")


def test_images_are_seen(client: ollama.Client) -> None:
    response = client.chat(SEER, user("What is it?", images=[picture(64, 48, "red")]))
    assert "PNG of 64×48 pixels, mainly red" in (response.message.content or "")


def test_prompts_are_continued(client: ollama.Client) -> None:
    whole = client.generate(MODEL, "Say: one two")
    assert (whole.response, whole.done_reason) == ("one two", "stop")
    assert whole.context
    parts = list(client.generate(MODEL, "Say: one two", stream=True, options={"num_predict": 1}))
    assert ("".join(part.response or "" for part in parts), parts[-1].done_reason) == ("one", "length")


def test_texts_are_embedded(client: ollama.Client) -> None:
    response = client.embed("nomic-embed-text", ["hello", "world"])
    assert [len(vector) for vector in response.embeddings] == [768, 768]
    assert len(client.embed("nomic-embed-text", "hello", dimensions=8).embeddings[0]) == 8
    assert len(client.embeddings("nomic-embed-text", "hello").embedding) == 768


def test_models_are_listed_shown_and_loaded(client: ollama.Client) -> None:
    assert THINKER in [model.model for model in client.list().models]
    shown = client.show(THINKER)
    assert shown.capabilities == ["completion", "tools", "thinking"]
    assert (shown.modelinfo or {})["qwen3.context_length"] == 262_144
    assert client.ps().models == []
    client.chat(MODEL, user("Hi"), options={"num_ctx": 8_192}, keep_alive="10m")
    (running,) = client.ps().models
    assert (running.model, running.context_length) == (MODEL, 8_192)


@pytest.mark.parametrize(
    ("name", "fields", "status", "words"),
    [
        ("no-such-model", {}, 404, "model 'no-such-model' not found"),
        ("gemma3:1b", {"tools": [get_weather]}, 400, "registry.ollama.ai/library/gemma3:1b does not support tools"),
        ("gemma3:1b", {"think": True}, 400, '"gemma3:1b" does not support thinking'),
        ("nomic-embed-text", {}, 400, '"nomic-embed-text" does not support chat'),
    ],
)
def test_errors_are_the_sdks_own(
    client: ollama.Client, name: str, fields: dict[str, Any], status: int, words: str
) -> None:
    for stream in (False, True):
        with pytest.raises(ollama.ResponseError) as raised:
            list(client.chat(name, user("Hi"), stream=stream, **fields))
        assert (raised.value.status_code, raised.value.error) == (status, words)


def test_error_inside_a_stream_is_raised(shared: Simulator, client: ollama.Client) -> None:
    shared.script(Fault(error_after_events=2))
    with pytest.raises(ollama.ResponseError, match="llama runner process has terminated"):
        list(client.chat(MODEL, user("Say: one two three four"), stream=True))


async def test_an_async_client_is_answered(shared: Simulator) -> None:
    async with ollama.AsyncClient(host=shared.base_url("ollama")) as client:
        response = await client.chat(MODEL, user("What is 17 + 25?"))
        stream = await client.chat(MODEL, user("Say: hi there"), stream=True)
        streamed = [part.message.content or "" async for part in stream]
        embedded = await client.embed("all-minilm", "hello")
    assert (response.message.content, "".join(streamed)) == ("42", "hi there")
    assert len(embedded.embeddings[0]) == 384
