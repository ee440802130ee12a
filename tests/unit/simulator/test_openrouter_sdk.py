"""The judge: OpenRouter's own SDK works against the simulated OpenRouter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from openrouter import OpenRouter, errors

from core.llms.simulator import Simulator
from tests.unit.simulator.test_openai_sdk import ALICE, CHAT_TOOLS, WEATHER, ask

MODEL = "anthropic/claude-sonnet-5.5"


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator.in_thread() as sim:
        yield sim


@pytest.fixture
def client(shared: Simulator) -> Iterator[Any]:
    with OpenRouter(api_key="any", server_url=shared.base_url("openrouter")) as made:
        yield made
    shared.reset()


def test_answer_says_its_cost_and_who_gave_it(client: Any) -> None:
    result = client.chat.send(model=MODEL, messages=ask("Say: hi"), provider={"order": ["amazon-bedrock"]})
    message = result.choices[0].message
    assert (message.content, result.choices[0].finish_reason) == ("hi", "stop")
    assert result.usage.cost == pytest.approx(
        (result.usage.prompt_tokens * 2 + result.usage.completion_tokens * 10) / 1e6
    )
    assert result.usage.cost_details.upstream_inference_cost == result.usage.cost


def test_reasoning_comes_in_details_that_go_back(client: Any) -> None:
    first = client.chat.send(model=MODEL, messages=ask("Say: hi"), reasoning={"effort": "low"})
    message = first.choices[0].message
    assert message.reasoning.startswith("**Considering")
    assert message.reasoning_details[0].text == message.reasoning
    again = [*ask("Say: hi"), message.model_dump(exclude_none=True), *ask("Say: thanks")]
    second = client.chat.send(model=MODEL, messages=again, reasoning={"effort": "low"})
    assert second.choices[0].message.content == "thanks"
    assert second.usage.completion_tokens_details.reasoning_tokens > 0


def test_stream_passes_comments_and_ends_with_usage(client: Any) -> None:
    with client.chat.send(model=MODEL, messages=ask("Say: a b c"), stream=True) as events:
        chunks = list(events)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == "a b c"
    assert chunks[-1].usage.cost > 0 and chunks[-1].choices == []


def test_tools_are_called_and_their_results_read(client: Any) -> None:
    messages: list[Any] = ask("What is the weather in Paris?")
    first = client.chat.send(model=MODEL, messages=messages, tools=CHAT_TOOLS)
    (call,) = first.choices[0].message.tool_calls
    assert (first.choices[0].finish_reason, call.function.arguments) == ("tool_calls", '{"city":"Paris"}')
    messages.append(first.choices[0].message.model_dump(exclude_none=True))
    messages.append({"role": "tool", "tool_call_id": call.id, "content": "18 degrees"})
    second = client.chat.send(model=MODEL, messages=messages, tools=CHAT_TOOLS)
    assert second.choices[0].message.content == 'get_weather returned: "18 degrees"'


def test_schema_is_filled(client: Any) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "place", "schema": WEATHER, "strict": True}}
    result = client.chat.send(model=MODEL, messages=ask(ALICE), response_format=form)
    assert result.choices[0].message.content == '{"city":"Paris"}'


def test_responses_are_answered(client: Any) -> None:
    result = client.responses.send(model="openai/gpt-6-sol", input="Say: hi")
    assert result.output[-1].content[0].text == "hi"
    assert result.usage.cost > 0


def test_vectors_and_models_are_in_the_vendors_form(client: Any) -> None:
    vectors = client.embeddings.generate(model="openai/text-embedding-3-small", input=["hello"], dimensions=64)
    assert len(vectors.data[0].embedding) == 64
    models = {model.id: model for model in client.models.list().result.data}
    assert models[MODEL].context_length == 1_000_000
    assert float(models[MODEL].pricing.prompt) == 2e-06


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({"model": "no-such-model"}, errors.BadRequestResponseError, "is not a valid model ID"),
        ({"temperature": 9}, errors.BadRequestResponseError, "temperature"),
        ({"messages": ask("word " * 1_001_000)}, errors.BadRequestResponseError, "maximum context length is 1000000"),
        (
            {"model": "qwen/qwen-2.5-coder-32b-instruct", "tools": CHAT_TOOLS},
            errors.NotFoundResponseError,
            "No endpoints found that support tool use",
        ),
    ],
)
def test_mistakes_have_the_vendors_classes(
    client: Any, options: dict[str, Any], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind) as refused:
        client.chat.send(**{"model": MODEL, "messages": ask("Hello!"), **options})
    assert words in str(refused.value)


def test_strangers_are_unauthorized(shared: Simulator) -> None:
    with (
        OpenRouter(api_key="invalid", server_url=shared.base_url("openrouter")) as stranger,
        pytest.raises(errors.UnauthorizedResponseError, match="User not found"),
    ):
        stranger.chat.send(model=MODEL, messages=ask("Hello!"))
