"""The judge where a vendor's own SDK is OpenAI's, or like it: OpenAI's SDK works against every dialect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from core.llms.simulator import Fault, Simulator
from core.llms.simulator.compatible import DIALECTS
from tests.unit.simulator.pictures import data_url, picture
from tests.unit.simulator.test_openai_sdk import ALICE, CHAT_TOOLS, ask

# For each vendor: a model, one that thinks, one that sees, and one that makes vectors, where it has them.
MODELS: dict[str, tuple[str, str | None, str | None, str | None]] = {
    "cerebras": ("llama-3.3-70b", "gpt-oss-120b", "qwen-3.8-27b", None),
    "deepseek": ("deepseek-chat", "deepseek-v4-pro", "deepseek-flash", None),
    "fireworks": (
        "accounts/fireworks/models/gpt-oss-120b",
        "accounts/fireworks/models/glm-5p3",
        "accounts/fireworks/models/kimi-k3",
        "nomic-ai/nomic-embed-text-v1.5",
    ),
    "groq": ("llama-3.3-70b-versatile", "openai/gpt-oss-20b", "qwen/qwen3.8-27b", None),
    "huggingface": ("meta-llama/Llama-3.3-70B-Instruct", "openai/gpt-oss-120b:groq", "Qwen/Qwen3.8-27B", None),
    "mistral": ("mistral-large-latest", None, "mistral-small-latest", "codestral-embed"),
    "nvidia": ("meta/llama-3.2-90b-vision-instruct", "z-ai/glm-5.3", "meta/llama-3.2-90b-vision-instruct", None),
    "openai_compatible": ("plain-chat", "qwen3-8b", "qwen3-8b", "bge-m3"),
    "openrouter": (
        "meta-llama/llama-3.3-70b-instruct",
        "z-ai/glm-5.3",
        "anthropic/claude-sonnet-5.5",
        "openai/text-embedding-3-small",
    ),
    "perplexity": ("sonar", None, "sonar-pro", None),
    "together": (
        "meta-llama/Llama-3.3-70B-Instruct-Turbo",
        "openai/gpt-oss-120b",
        "moonshotai/Kimi-K3",
        "BAAI/bge-base-en-v1.5",
    ),
    "xai": ("grok-4.3", "grok-4.7", "grok-4.7", None),
}
VENDORS = sorted(MODELS)
CALLERS = [name for name in VENDORS if name != "perplexity"]
THINKERS = [name for name in VENDORS if MODELS[name][1]]
# Status of the answer to a wrong key, an unknown model and a bad temperature, where it is not the usual one.
STATUSES = {
    "deepseek": {404: 400},
    "huggingface": {404: 400},
    "mistral": {404: 400, 400: 422},
    "openrouter": {404: 400},
    "perplexity": {404: 400},
    "xai": {401: 400, 400: 422},
}


class Person(BaseModel):
    name: str
    age: int
    city: str


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator.in_thread() as sim:
        yield sim


@pytest.fixture(scope="module")
def opened(shared: Simulator) -> Iterator[dict[str, openai.OpenAI]]:
    made = {name: client_of(shared, name) for name in VENDORS}
    yield made
    for client in made.values():
        client.close()


@pytest.fixture
def clients(shared: Simulator, opened: dict[str, openai.OpenAI]) -> Iterator[dict[str, openai.OpenAI]]:
    yield opened
    shared.reset()


def client_of(sim: Simulator, vendor: str, key: str = "any") -> openai.OpenAI:
    address = sim.base_url(vendor)
    if vendor == "perplexity":
        address = address.removesuffix("/v1")
    return openai.OpenAI(base_url=address, api_key=key, max_retries=0)


def spoken(message: Any) -> str:
    """The text of a message, of which one vendor's may be a list of blocks."""
    if isinstance(message.content, list):
        return "".join(block.get("text", "") for block in message.content)
    return message.content or ""


def test_every_dialect_is_judged() -> None:
    assert {dialect.provider for dialect in DIALECTS} == set(MODELS)


@pytest.mark.parametrize("vendor", VENDORS)
def test_answer_and_stream_say_and_count_the_same(clients: dict[str, openai.OpenAI], vendor: str) -> None:
    model, *_ = MODELS[vendor]
    chat = clients[vendor].chat.completions
    whole = chat.create(model=model, messages=ask("Say: one two."))
    asked: Any = {} if vendor in ("mistral", "together") else {"stream_options": {"include_usage": True}}
    chunks = list(chat.create(model=model, messages=ask("Say: one two."), stream=True, **asked))
    texts = [choice.delta.content or "" for chunk in chunks for choice in chunk.choices]
    ends = [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]
    counts = [chunk.usage for chunk in chunks if chunk.usage]
    assert "".join(texts).startswith("one two.") and spoken(whole.choices[0].message) == "".join(texts)
    assert (ends, whole.choices[0].finish_reason) == (["stop"], "stop")
    assert whole.usage is not None and whole.usage.total_tokens == counts[-1].total_tokens > 5
    assert len({chunk.id for chunk in chunks}) == 1
    if vendor != "xai":
        assert whole.usage.prompt_tokens + whole.usage.completion_tokens == whole.usage.total_tokens


@pytest.mark.parametrize("vendor", THINKERS)
def test_thoughts_are_where_the_vendor_shows_them(clients: dict[str, openai.OpenAI], vendor: str) -> None:
    model = MODELS[vendor][1]
    assert model is not None
    field = "reasoning" if vendor in ("cerebras", "groq", "openrouter", "together") else "reasoning_content"
    chat = clients[vendor].chat.completions
    options: Any = {"extra_body": {"reasoning": {"effort": "high"}}} if vendor == "openrouter" else {}
    message = chat.create(model=model, messages=ask("Say: hi"), **options).choices[0].message
    chunks = chat.create(model=model, messages=ask("Say: hi"), stream=True, **options)
    pieces = [getattr(choice.delta, field, None) or "" for chunk in chunks for choice in chunk.choices]
    assert message.content == "hi"
    assert getattr(message, field).startswith("**Considering") and getattr(message, field) == "".join(pieces)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("vendor", CALLERS)
def test_tools_are_called_and_their_results_read(clients: dict[str, openai.OpenAI], vendor: str, stream: bool) -> None:
    model, *_ = MODELS[vendor]
    chat = clients[vendor].chat.completions
    messages = ask("What is the weather in Paris and London?")
    if stream:
        calls = streamed_calls(chat.create(model=model, messages=messages, tools=CHAT_TOOLS, stream=True))
        messages.append({"role": "assistant", "content": "", "tool_calls": calls})
    else:
        choice = chat.create(model=model, messages=messages, tools=CHAT_TOOLS).choices[0]
        assert choice.finish_reason == "tool_calls"
        calls = [named(call) for call in choice.message.tool_calls or []]
        messages.append({"role": "assistant", "content": "", "tool_calls": calls})
    assert [call["function"]["arguments"] for call in calls] == ['{"city":"Paris"}', '{"city":"London"}']
    messages += [{"role": "tool", "tool_call_id": call["id"], "content": "18 degrees"} for call in calls]
    second = chat.create(model=model, messages=messages, tools=CHAT_TOOLS)
    assert second.choices[0].message.content == "\n".join(['get_weather returned: "18 degrees"'] * 2)


def named(call: Any) -> dict[str, Any]:
    return {"id": call.id, "type": "function", "function": call.function.model_dump()}


def streamed_calls(chunks: Any) -> list[dict[str, Any]]:
    calls: dict[int, dict[str, Any]] = {}
    for chunk in chunks:
        for delta in chunk.choices[0].delta.tool_calls or () if chunk.choices else ():
            empty = {"id": delta.id, "type": "function", "function": {"name": delta.function.name, "arguments": ""}}
            calls.setdefault(delta.index, empty)["function"]["arguments"] += delta.function.arguments or ""
    return [calls[index] for index in sorted(calls)]


@pytest.mark.parametrize("vendor", [name for name in VENDORS if name != "deepseek"])
def test_schema_is_filled(clients: dict[str, openai.OpenAI], vendor: str) -> None:
    model = MODELS[vendor][1] or MODELS[vendor][0]
    schema = Person.model_json_schema() | {"additionalProperties": False}
    form: Any = {"type": "json_schema", "json_schema": {"name": "person", "schema": schema, "strict": True}}
    completion = clients[vendor].chat.completions.create(model=model, messages=ask(ALICE), response_format=form)
    filled = Person.model_validate_json(spoken(completion.choices[0].message))
    assert filled == Person(name="Alice", age=30, city="Paris")


@pytest.mark.parametrize("vendor", [name for name in VENDORS if MODELS[name][2]])
def test_images_are_seen(clients: dict[str, openai.OpenAI], vendor: str) -> None:
    model = MODELS[vendor][2]
    content = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": data_url(picture(64, 48, "red"))}},
    ]
    asked: Any = [{"role": "user", "content": content}]
    completion = clients[vendor].chat.completions.create(model=str(model), messages=asked)
    assert "Image 1 is a PNG of 64×48 pixels, mainly red." in spoken(completion.choices[0].message)


@pytest.mark.parametrize("vendor", [name for name in VENDORS if MODELS[name][3]])
def test_vectors_have_their_dimensions(clients: dict[str, openai.OpenAI], vendor: str) -> None:
    model = MODELS[vendor][3]
    texts = ["hello world", "goodbye"]
    reply = clients[vendor].embeddings.create(model=str(model), input=texts, encoding_format="float")
    assert [entry.index for entry in reply.data] == [0, 1]
    assert {len(entry.embedding) for entry in reply.data} <= {768, 1024, 1536}
    assert reply.data[0].embedding != reply.data[1].embedding


@pytest.mark.parametrize("vendor", VENDORS)
def test_models_are_listed_and_found(shared: Simulator, vendor: str) -> None:
    with openai.OpenAI(base_url=shared.base_url(vendor), api_key="any") as client:
        listed = client.get("/models", cast_to=object)
        cards: Any = listed if isinstance(listed, list) else listed["data"]  # type: ignore[index]
        names = {card["id"] for card in cards}
        assert MODELS[vendor][0] in names
        assert client.models.retrieve(MODELS[vendor][0]).id in names


@pytest.mark.parametrize("vendor", VENDORS)
def test_mistakes_have_the_vendors_statuses(clients: dict[str, openai.OpenAI], shared: Simulator, vendor: str) -> None:
    model, *_ = MODELS[vendor]
    expected = STATUSES.get(vendor, {})
    chat = clients[vendor].chat.completions
    with pytest.raises(openai.APIStatusError) as unknown:
        chat.create(model="no-such-model", messages=ask("Hello!"))
    assert unknown.value.status_code == expected.get(404, 404)
    with pytest.raises(openai.APIStatusError) as hot:
        chat.create(model=model, messages=ask("Hello!"), temperature=9)
    assert hot.value.status_code == expected.get(400, 400)
    with pytest.raises(openai.APIStatusError) as lost:
        clients[vendor].post("/nowhere", cast_to=object, body={})
    assert lost.value.status_code == 404
    if vendor != "openai_compatible":
        with client_of(shared, vendor, "invalid") as stranger, pytest.raises(openai.APIStatusError) as strange:
            stranger.chat.completions.create(model=model, messages=ask("Hello!"))
        assert strange.value.status_code == expected.get(401, 401)


@pytest.mark.parametrize("vendor", VENDORS)
def test_limits_are_enforced_and_told(clients: dict[str, openai.OpenAI], shared: Simulator, vendor: str) -> None:
    model, *_ = MODELS[vendor]
    shared.rate_limit(requests_per_minute=1)
    first = clients[vendor].chat.completions.with_raw_response.create(model=model, messages=ask("Hello!"))
    left = [value for name, value in first.headers.items() if "remaining" in name and "token" not in name]
    with pytest.raises(openai.RateLimitError) as limited:
        clients[vendor].chat.completions.create(model=model, messages=ask("Hello!"))
    assert set(left) <= {"0", "2879999"}
    assert int(limited.value.response.headers["retry-after"]) > 0
    assert "openai.com" not in str(limited.value)


@pytest.mark.parametrize("vendor", [name for name in VENDORS if name != "mistral"])
def test_stream_that_fails_says_so(clients: dict[str, openai.OpenAI], shared: Simulator, vendor: str) -> None:
    model, *_ = MODELS[vendor]
    shared.script(Fault(error_after_events=4, message="It broke."))
    words = "An error occurred during streaming" if vendor == "xai" else "It broke."
    with pytest.raises(openai.APIError, match=words):
        list(clients[vendor].chat.completions.create(model=model, messages=ask("Say: a b c d e f"), stream=True))


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("status", [400, 402, 403, 404, 422, 429, 500, 503, 529])
def test_every_status_can_be_had_in_the_vendors_form(
    clients: dict[str, openai.OpenAI], shared: Simulator, vendor: str, status: int
) -> None:
    shared.script(Fault(status=status, message="On demand."))
    with pytest.raises(openai.APIStatusError) as caught:
        clients[vendor].chat.completions.create(model=MODELS[vendor][0], messages=ask("Hello!"))
    assert (caught.value.status_code, "On demand." in caught.value.response.text) == (status, True)
