"""The judge: Mistral's own SDK works against the simulated Mistral."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from mistralai.client import Mistral
from mistralai.client.errors import HTTPValidationError, SDKError
from mistralai.client.models import TextChunk, ThinkChunk
from pydantic import BaseModel

from core.llms.simulator import Simulator
from tests.unit.simulator.pictures import data_url, picture
from tests.unit.simulator.test_openai_sdk import ALICE, CHAT_TOOLS, ask

MODEL = "mistral-small-latest"


class Person(BaseModel):
    name: str
    age: int
    city: str


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator.in_thread() as sim:
        yield sim


@pytest.fixture
def client(shared: Simulator) -> Iterator[Mistral]:
    with Mistral(api_key="any", server_url=f"{shared.url}/mistral") as made:
        yield made
    shared.reset()


def test_answer_counts_and_names_the_model_as_it_was_asked(client: Any) -> None:
    response = client.chat.complete(model=MODEL, messages=ask("Say: hi"), random_seed=7)
    assert (response.choices[0].message.content, response.choices[0].finish_reason) == ("hi", "stop")
    assert (response.model, response.usage.total_tokens) == (MODEL, 11)


def test_thoughts_are_blocks_of_the_content_whole_and_streamed(client: Any) -> None:
    options: Any = {"model": MODEL, "messages": ask("Say: hi"), "reasoning_effort": "high"}
    whole = client.chat.complete(**options).choices[0].message.content
    assert isinstance(whole, list)
    thought, said = whole
    assert isinstance(thought, ThinkChunk) and isinstance(said, TextChunk)
    thoughts: list[Any] = thought.thinking
    assert (thought.closed, said.text) == (True, "hi")
    deltas = [event.data.choices[0].delta.content for event in client.chat.stream(**options)]
    blocks = [block for delta in deltas if isinstance(delta, list) for block in delta]
    assert "".join(block.thinking[0].text for block in blocks) == thoughts[0].text
    assert [block.closed for block in blocks][-1] is True
    assert "".join(delta for delta in deltas if isinstance(delta, str)) == "hi"


def test_thoughts_go_back(client: Any) -> None:
    first = client.chat.complete(model=MODEL, messages=ask("Say: hi"), reasoning_effort="high")
    messages = [*ask("Say: hi"), first.choices[0].message, *ask("Say: again")]
    second = client.chat.complete(model=MODEL, messages=messages)
    assert second.choices[0].message.content == "again"


def test_stream_ends_with_usage_unasked(client: Any) -> None:
    events = [event.data for event in client.chat.stream(model=MODEL, messages=ask("Say: a b c"))]
    assert "".join(str(event.choices[0].delta.content) for event in events) == "a b c"
    assert [event.usage is not None for event in events] == [False] * (len(events) - 1) + [True]
    assert events[-1].choices[0].finish_reason == "stop"


def test_calls_have_ids_of_nine_characters_and_no_others_are_taken(client: Any) -> None:
    messages: list[Any] = ask("Weather in Rome?")
    first = client.chat.complete(model=MODEL, messages=messages, tools=CHAT_TOOLS, tool_choice="any")
    message = first.choices[0].message
    (call,) = message.tool_calls
    assert (len(call.id or ""), call.function.arguments, message.content) == (9, '{"city":"Rome"}', "")
    result = {"role": "tool", "tool_call_id": call.id, "name": "get_weather", "content": "18 degrees"}
    second = client.chat.complete(model=MODEL, messages=[*messages, message, result], tools=CHAT_TOOLS)
    assert second.choices[0].message.content == 'get_weather returned: "18 degrees"'
    call.id = "call_123456789"
    with pytest.raises(SDKError, match="must be a-z, A-Z, 0-9, with a length of 9") as refused:
        client.chat.complete(model=MODEL, messages=[*messages, message, result | {"tool_call_id": call.id}])
    assert '"code":"3280"' in refused.value.body


def test_schema_is_filled(client: Any) -> None:
    parsed = client.chat.parse(model=MODEL, messages=ask(ALICE), response_format=Person)
    assert parsed.choices[0].message.parsed == Person(name="Alice", age=30, city="Paris")


def test_images_are_seen_by_address_alone_or_in_an_object(client: Any) -> None:
    url = data_url(picture(6, 4, "blue"))
    for image in (url, {"url": url}):
        content = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": image}]
        response = client.chat.complete(model=MODEL, messages=[{"role": "user", "content": content}])
        assert response.choices[0].message.content == "Image 1 is a PNG of 6×4 pixels, mainly blue."


def test_vectors_can_be_shortened_where_the_model_can(client: Any) -> None:
    whole = client.embeddings.create(model="mistral-embed", inputs=["hello", "world"])
    short = client.embeddings.create(model="codestral-embed", inputs=["hello"], output_dimension=64)
    assert [len(entry.embedding or ()) for entry in (*whole.data, *short.data)] == [1024, 1024, 64]
    assert whole.usage.prompt_tokens == 2


def test_mistakes_of_shape_are_lists_of_details(client: Any) -> None:
    with pytest.raises(HTTPValidationError) as refused:
        client.chat.complete(model=MODEL, messages=ask("Hello!"), temperature=9)
    assert refused.value.data.detail is not None
    assert refused.value.data.detail[0].loc == ["body", "temperature"]


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        ({"model": "no-such-model"}, 400, '"code":"1500"'),
        ({"reasoning_effort": "low"}, 400, "Reasoning effort 'low' is not supported"),
        ({"messages": [{"role": "assistant", "content": "Hi"}]}, 400, "Expected last role User or Tool"),
        ({"messages": ask("word " * 300_000)}, 400, "too large for model with 256000 maximum context length"),
    ],
)
def test_mistakes_of_meaning_have_a_code(client: Any, options: dict[str, Any], status: int, words: str) -> None:
    with pytest.raises(SDKError) as refused:
        client.chat.complete(**{"model": MODEL, "messages": ask("Hello!"), **options})
    assert (refused.value.status_code, words in refused.value.body) == (status, True), refused.value.body


def test_keys_and_limits_are_checked(client: Any, shared: Simulator) -> None:
    with (
        Mistral(api_key="invalid", server_url=f"{shared.url}/mistral") as stranger,
        pytest.raises(SDKError) as unknown,
    ):
        stranger.models.list()
    assert (unknown.value.status_code, unknown.value.body) == (401, '{"detail":"Invalid API Key"}')
    shared.rate_limit(requests_per_minute=1)
    client.chat.complete(model=MODEL, messages=ask("Hello!"))
    with pytest.raises(SDKError) as limited:
        client.chat.complete(model=MODEL, messages=ask("Hello!"))
    assert (limited.value.status_code, '"code":"1300"' in limited.value.body) == (429, True)
    assert limited.value.headers["mistral-correlation-id"]


def test_models_are_listed_with_what_they_can(client: Any) -> None:
    cards: dict[str, Any] = {card.id: card for card in client.models.list().data or ()}
    assert cards["mistral-small-2603"].capabilities.vision is True
    assert cards["mistral-small-2603"].aliases == [MODEL]
    assert cards["mistral-embed"].capabilities.completion_chat is False
