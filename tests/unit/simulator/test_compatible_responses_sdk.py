"""The judge of the Responses wire of other vendors than OpenAI: OpenAI's SDK, as their documentation has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from core.llms.simulator import Fault, Simulator
from tests.unit.simulator.test_compatible_sdk import client_of
from tests.unit.simulator.test_openai_sdk import ALICE, RESPONSE_TOOLS, ask

MODELS = {
    "deepseek": "deepseek-flash",
    "openai_compatible": "qwen3-8b",
    "openrouter": "openai/gpt-6-sol",
    "perplexity": "perplexity/sonar",
    "xai": "grok-4.3",
}
KEEPING = ["perplexity", "xai"]


class Person(BaseModel):
    name: str
    age: int
    city: str


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator.in_thread() as sim:
        yield sim


@pytest.fixture
def client(shared: Simulator, vendor: str) -> Iterator[openai.OpenAI]:
    with client_of(shared, vendor) as made:
        yield made.with_options(base_url=shared.base_url(vendor))
    shared.reset()


@pytest.mark.parametrize("vendor", MODELS)
def test_response_and_stream_say_the_same(client: openai.OpenAI, vendor: str) -> None:
    whole = client.responses.create(model=MODELS[vendor], input="Say: one two.")
    events = list(client.responses.create(model=MODELS[vendor], input="Say: one two.", stream=True))
    texts = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert (whole.status, whole.output_text, "".join(texts)) == ("completed", "one two.", "one two.")
    assert events[0].type == "response.created"
    last = next(event for event in reversed(events) if event.type == "response.completed")
    assert last.response.usage is not None and whole.usage is not None
    assert last.response.usage.total_tokens == whole.usage.total_tokens


@pytest.mark.parametrize(
    ("vendor", "open_thoughts"),
    [("deepseek", True), ("openai_compatible", True), ("openrouter", True), ("xai", False)],
)
def test_thoughts_are_open_or_summed_up(client: openai.OpenAI, vendor: str, open_thoughts: bool) -> None:
    whole = client.responses.create(model=MODELS[vendor], input="Say: hi", reasoning={"effort": "low"})
    thought, said = whole.output
    assert thought.type == "reasoning" and said.type == "message"
    shown: Any = thought.content if open_thoughts else thought.summary
    assert shown and shown[0].text.startswith("**Considering")
    wanted = "response.reasoning_text.delta" if open_thoughts else "response.reasoning_summary_text.delta"
    events = client.responses.create(model=MODELS[vendor], input="Say: hi", stream=True, reasoning={"effort": "low"})
    assert "".join(getattr(event, "delta", "") for event in events if event.type == wanted) == shown[0].text


@pytest.mark.parametrize("vendor", MODELS)
def test_functions_are_called_and_their_results_read(client: openai.OpenAI, vendor: str) -> None:
    inputs: Any = [{"type": "message", **ask("What is the weather in Paris?")[0]}]
    first = client.responses.create(model=MODELS[vendor], input=inputs, tools=RESPONSE_TOOLS)
    call = first.output[-1]
    assert call.type == "function_call" and call.arguments == '{"city":"Paris"}'
    inputs += [item.model_dump(exclude_none=True) for item in first.output]
    inputs.append({"type": "function_call_output", "call_id": call.call_id, "output": "18 degrees"})
    second = client.responses.create(model=MODELS[vendor], input=inputs, tools=RESPONSE_TOOLS)
    assert second.output_text == 'get_weather returned: "18 degrees"'


@pytest.mark.parametrize("vendor", [name for name in MODELS if name != "perplexity"])
def test_schema_is_filled(client: openai.OpenAI, vendor: str) -> None:
    response = client.responses.parse(model=MODELS[vendor], input=ALICE, text_format=Person)
    assert response.output_parsed == Person(name="Alice", age=30, city="Paris")


@pytest.mark.parametrize("vendor", KEEPING)
def test_kept_response_can_be_gone_on_from(client: openai.OpenAI, vendor: str) -> None:
    first = client.responses.create(model=MODELS[vendor], input="My name is Ada.")
    second = client.responses.create(model=MODELS[vendor], input="What is my name?", previous_response_id=first.id)
    assert second.output_text == "Your name is Ada."
    assert client.responses.retrieve(first.id).id == first.id


@pytest.mark.parametrize("vendor", [name for name in MODELS if name not in KEEPING])
def test_response_that_is_not_kept_cannot(client: openai.OpenAI, vendor: str) -> None:
    first = client.responses.create(model=MODELS[vendor], input="My name is Ada.")
    with pytest.raises(openai.APIStatusError):
        client.responses.create(model=MODELS[vendor], input="What is my name?", previous_response_id=first.id)


@pytest.mark.parametrize("vendor", MODELS)
def test_mistakes_and_failures_have_their_classes(client: openai.OpenAI, shared: Simulator, vendor: str) -> None:
    with pytest.raises(openai.APIStatusError) as hot:
        client.responses.create(model=MODELS[vendor], input="Hello!", temperature=9)
    assert hot.value.status_code in (400, 422)
    with pytest.raises(openai.APIStatusError):
        client.responses.create(model=MODELS[vendor], input="Hello!", extra_body={"reasoning": {"effort": "enormous"}})
    shared.script(Fault(error_after_events=3, message="It broke."))
    *_, last = client.responses.create(model=MODELS[vendor], input="Say: a b c d e", stream=True)
    assert last.type == "error" and last.message == "It broke."
