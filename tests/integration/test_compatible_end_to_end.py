"""What a user does with the vendors of OpenAI's chat wire, against the simulator, which has the dialect of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest

from core.llms import (
    APIError,
    AuthenticationError,
    BadRequestError,
    BaseLLM,
    Capability,
    ContextLengthExceededError,
    LLMError,
    NotFoundError,
    ProtocolError,
    RateLimitError,
    ReasoningDelta,
    ServerError,
    StreamFinished,
    StreamInterruptedError,
    StreamStarted,
    SystemMessage,
    TextDelta,
    ToolMessage,
    UserMessage,
    create_llm,
)
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.runtime.retry import RetryPolicy
from core.llms.simulator import Fault, Reply, Simulator
from core.llms.types.messages import Message
from tests.integration.models import Person, get_weather
from tests.unit.simulator.pictures import picture

# Some of these models are retired, and some are not listed.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

ONCE = RetryPolicy(max_attempts=1)
ALICE = "Alice is 30 years old and lives in Paris."
# Models that their vendors no longer serve, or only on servers of one's own.
GONE = {"mixtral-8x7b-32768", "llama3-70b-8192", "llama3-8b-8192", "gemma2-9b-it", "qwen-3-32b"}


@dataclass(frozen=True)
class Row:
    """A vendor on one of its wires: a model that acts, and those that think, see and embed, where it has them."""

    vendor: str
    model: str
    thinker: str | None = None
    seer: str | None = None
    embedder: str | None = None
    wire: str | None = None
    keeps_thoughts: bool = True

    def __str__(self) -> str:
        return f"{self.vendor}-{self.wire}" if self.wire else self.vendor


FIREWORKS = "accounts/fireworks/models"
ROWS = (
    Row("cerebras", "llama-3.3-70b", "gpt-oss-120b", "qwen-3.8-27b"),
    Row("deepseek", "deepseek-v4-pro", "deepseek-v4-pro", "deepseek-flash"),
    Row("deepseek", "deepseek-flash", "deepseek-flash", wire="responses"),
    Row(
        "fireworks",
        f"{FIREWORKS}/kimi-k3",
        f"{FIREWORKS}/glm-5p3",
        f"{FIREWORKS}/kimi-k3",
        f"{FIREWORKS}/qwen3-embedding-8b",
    ),
    Row("groq", "openai/gpt-oss-120b", "qwen/qwen3.8-27b", "qwen/qwen3.8-27b"),
    Row(
        "huggingface",
        "meta-llama/Llama-3.3-70B-Instruct",
        "openai/gpt-oss-120b:cerebras",
        "Qwen/Qwen3.8-27B",
        keeps_thoughts=False,
    ),
    Row("mistral", "mistral-large-latest", "mistral-small-latest", "mistral-small-latest", "codestral-embed"),
    Row("nvidia", "z-ai/glm-5.3", "nvidia/nemotron-3-super-120b-a12b", keeps_thoughts=False),
    Row("openai_compatible", "plain-chat", "qwen3-8b", "qwen3-8b", "bge-m3", keeps_thoughts=False),
    Row("openai_compatible", "qwen3-8b", "qwen3-8b", wire="responses"),
    Row(
        "openrouter", "anthropic/claude-sonnet-5.5", "z-ai/glm-5.3", "openai/gpt-6-sol", "openai/text-embedding-3-small"
    ),
    Row("openrouter", "openai/gpt-6-sol", "openai/gpt-6-sol", "openai/gpt-6-sol", wire="responses"),
    Row("perplexity", "sonar-pro", seer="sonar-pro", embedder="pplx-embed-v1-0.6b"),
    Row("perplexity", "perplexity/sonar", wire="responses"),
    Row(
        "together",
        "meta-llama/Llama-3.3-70B-Instruct-Turbo",
        "openai/gpt-oss-120b",
        "moonshotai/Kimi-K3",
        "BAAI/bge-base-en-v1.5",
    ),
    Row("xai", "grok-4.7", "grok-4.7", "grok-4.3"),
    Row("xai", "grok-4.7", "grok-4.7", "grok-4.7", wire="chat", keeps_thoughts=False),
)
ACTING = [row for row in ROWS if row.model != "sonar-pro"]
FIRST = {row.vendor: row for row in reversed(ROWS)}


def llm_at(sim: Simulator, row: Row, model: str | None = None, **options: Any) -> BaseLLM:
    wire = {"wire": row.wire} if row.wire else {}
    settings = {"api_key": "any", "base_url": sim.base_url(row.vendor), **wire, **options}
    return create_llm(f"{row.vendor}/{model or row.model}", **settings)


def load_rooms() -> Iterator[tuple[str, str, type[BaseMetadata]]]:
    for vendor in FIRST:
        if vendor != "openai_compatible":
            for name, room in import_module(f"core.llms.providers.{vendor}.models").ROOMS.items():
                yield vendor, name, room.load()[0]


def find_rooms() -> Iterator[tuple[str, str]]:
    for vendor, name, metadata in load_rooms():
        if metadata.MODEL_ID not in GONE and metadata.CAPABILITIES.get(Capability.EMBEDDINGS) is not True:
            yield vendor, name


ROOMS = tuple(find_rooms())


@pytest.mark.parametrize(("vendor", "name"), ROOMS)
async def test_every_model_answers_whole_and_streamed_with_usage_and_cost(
    sim: Simulator, vendor: str, name: str
) -> None:
    async with create_llm(f"{vendor}/{name}", api_key="any", base_url=sim.base_url(vendor)) as llm:
        whole = await llm.get_answer("Say: hello there.")
        streamed = await llm.stream_answer("Say: hello there.").get_response()
        priced = llm.metadata.PRICES is not None
    assert whole.text.startswith("hello there.") or "</think>" in whole.text
    assert (whole.text, whole.finish_reason.unified) == (streamed.text, "stop")
    assert (whole.usage.input_tokens, whole.usage.output_tokens) == (
        streamed.usage.input_tokens,
        streamed.usage.output_tokens,
    )
    assert whole.usage.input_tokens > 3 and whole.usage.output_tokens > 1
    assert whole.warnings == streamed.warnings == ()
    assert (whole.cost is not None and whole.cost > 0) is priced and whole.cost == streamed.cost


@pytest.mark.parametrize(("vendor", "name"), ROOMS)
async def test_every_effort_of_a_model_is_taken(sim: Simulator, vendor: str, name: str) -> None:
    async with create_llm(f"{vendor}/{name}", api_key="any", base_url=sim.base_url(vendor)) as llm:
        for effort in llm.metadata.REASONING_EFFORTS:
            response = await llm.get_answer("Say: done.", reasoning_effort=effort)
            assert "done." in response.text
            if effort == "none":
                assert (response.usage.reasoning_tokens, response.reasoning) == (0, None)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_parameters_that_the_model_supports_are_taken(sim: Simulator, row: Row) -> None:
    values: dict[str, Any] = {"max_tokens": 300, "temperature": 0.5, "top_p": 0.5, "prompt_cache_key": "key"}
    async with llm_at(sim, row) as llm:
        if llm.wire.name == "openai_chat":
            values |= {"stop": ["END"], "seed": 7, "n": 1, "frequency_penalty": 0.1, "presence_penalty": 0.1}
            values |= {"top_k": 5, "logit_bias": {"7": 1}, "metadata": {"purpose": "test"}}
        supported = llm.metadata.SUPPORTED_PARAMS
        params = {name: value for name, value in values.items() if supported is not None and name in supported}
        if llm.metadata.SAMPLING == "unless_reasoning":
            params |= {"reasoning_effort": "none"}
        response = await llm.get_answer([SystemMessage("Be brief."), UserMessage("Say: hello.")], **params)
    assert "hello." in response.text


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_stream_begins_and_ends_and_flows_between(sim: Simulator, row: Row) -> None:
    async with llm_at(sim, row) as llm, llm.stream_answer("Say: a b c d e.") as stream:
        events = [event async for event in stream]
    assert (type(events[0]), type(events[-1])) == (StreamStarted, StreamFinished)
    texts = [event.text for event in events if isinstance(event, TextDelta)]
    assert len(texts) >= 5 and "".join(texts) == stream.response.text
    assert "a b c d e." in stream.response.text


@pytest.mark.parametrize("row", ACTING, ids=str)
async def test_tools_run_until_the_model_answers(sim: Simulator, row: Row) -> None:
    async with llm_at(sim, row) as llm:
        run = await llm.run_tools("What is the weather in London and in Paris?", tools=[get_weather])
        async with llm.stream_answer("What is the weather in Paris?", tools=[get_weather]) as stream:
            async for _ in stream:
                continue
    assert [message.text for message in run.messages if isinstance(message, ToolMessage)] == ["rain", "18 degrees"]
    assert "18 degrees" in run.response.text
    assert [call.arguments for call in stream.response.tool_calls] == [{"city": "Paris"}]
    assert stream.response.finish_reason.unified == "tool_calls"


@pytest.mark.parametrize("row", ACTING, ids=str)
async def test_tool_can_be_forced_by_its_name(sim: Simulator, row: Row) -> None:
    async with llm_at(sim, row) as llm:
        if row.vendor == "perplexity":
            return
        response = await llm.get_answer("Hello!", tools=[get_weather], tool_choice="get_weather")
    assert [call.name for call in response.tool_calls] == ["get_weather"]


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_answer_is_typed_whole_and_streamed(sim: Simulator, row: Row) -> None:
    async with llm_at(sim, row) as llm:
        whole = await llm.get_answer(ALICE, response_model=Person)
        streamed = await llm.stream_answer(ALICE, response_model=Person).get_response()
    assert whole.parsed == streamed.parsed == Person(name="Alice", age=30, city="Paris")


@pytest.mark.parametrize("row", [row for row in ROWS if row.thinker], ids=str)
async def test_thoughts_are_shown_and_go_back_with_the_calls_they_led_to(sim: Simulator, row: Row) -> None:
    question = UserMessage("What is the weather in Paris?")
    async with llm_at(sim, row, row.thinker) as llm:
        options: dict[str, Any] = {"tools": [get_weather]}
        if llm.metadata.REASONING_EFFORTS:
            options["reasoning_effort"] = "high"
        async with llm.stream_answer([question], **options) as stream:
            shown = "".join([event.text async for event in stream if isinstance(event, ReasoningDelta)])
        first = stream.response
        whole = await llm.get_answer([question], **options)
        history: list[Message] = [question, first.message, ToolMessage("18 degrees", first.tool_calls[0].id)]
        second = await llm.get_answer(history, **options)
    assert shown == first.reasoning == whole.reasoning and shown.startswith("**Considering")
    assert "18 degrees" in second.text
    assert ["reasoning was left out" in warning for warning in second.warnings] == [True] * (not row.keeps_thoughts)
    sent = str(sim.requests[-1].body)
    assert ("I look for what it asks" in sent or "encrypted_content" in sent) is row.keeps_thoughts


@pytest.mark.parametrize("row", [row for row in ROWS if row.seer], ids=str)
async def test_pictures_are_seen(sim: Simulator, row: Row) -> None:
    async with llm_at(sim, row, row.seer) as llm:
        response = await llm.generate_with_vision("What is it?", [picture(8, 6, "blue")], max_tokens=500)
    assert "8×6 pixels, mainly blue" in response.text


@pytest.mark.parametrize("row", [row for row in ROWS if row.embedder], ids=str)
async def test_texts_are_embedded_in_their_order(sim: Simulator, row: Row) -> None:
    async with llm_at(sim, row, row.embedder) as llm:
        both = await llm.embed(["hello world", "goodbye"])
        one = await llm.embed("goodbye")
    assert both.vectors[1] == one.vectors[0] != both.vectors[0]
    assert len(both.vectors[0]) >= 768
    assert (both.usage.input_tokens > 0) is (row.vendor != "together")


async def test_what_is_embedded_at_nvidia_says_what_it_is_for(sim: Simulator) -> None:
    row = FIRST["nvidia"]
    async with llm_at(sim, row, "nvidia/nv-embedqa-e5-v5") as llm:
        found = await llm.embed("hello", input_type="query")
        with pytest.raises(BadRequestError, match="input_type"):
            await llm.embed("hello")
    assert len(found.vectors[0]) == 1024


@pytest.mark.parametrize("row", tuple(FIRST.values()), ids=str)
async def test_models_are_listed(sim: Simulator, row: Row) -> None:
    async with llm_at(sim, row) as llm:
        names = {model.id for model in await llm.list_models()}
    assert row.model in names and len(names) >= 3


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_wrong_key_and_unknown_model_have_their_classes(sim: Simulator, row: Row) -> None:
    if row.vendor != "openai_compatible":
        async with llm_at(sim, row, api_key="invalid-key", retry=ONCE) as llm:
            with pytest.raises(AuthenticationError):
                await llm.get_answer("Hello!")
    async with llm_at(sim, row, "nowhere/no-such-model", retry=ONCE) as llm:
        with pytest.raises(NotFoundError) as caught:
            await llm.get_answer("Hello!")
    assert caught.value.status in (400, 404)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_busy_vendor_is_asked_again(sim: Simulator, row: Row) -> None:
    sim.script(Fault(status=429, retry_after="0.01"), Fault(status=503, retry_after="0.01"), "At last.")
    async with llm_at(sim, row) as llm:
        response = await llm.get_answer("Hello!")
    assert response.text.endswith("At last.")
    assert [attempt.status for attempt in response.attempts] == [429, 503, 200]


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_limits_of_the_vendor_are_a_rate_limit(sim: Simulator, row: Row) -> None:
    sim.rate_limit(requests_per_minute=1)
    async with llm_at(sim, row, retry=ONCE) as llm:
        await llm.get_answer("Hello!")
        with pytest.raises(RateLimitError) as caught:
            await llm.get_answer("Hello!")
    assert caught.value.retry_after_seconds is not None and caught.value.retry_after_seconds > 1


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_stream_that_fails_inside_gives_what_arrived(sim: Simulator, row: Row) -> None:
    words = "one two three four five six"
    sim.script(Reply(words, fault=Fault(error_after_events=4, message="It broke.", pacing=0.002)))
    async with llm_at(sim, row, retry=ONCE) as llm:
        with pytest.raises((StreamInterruptedError, APIError)) as caught:
            await llm.stream_answer("Hello!").get_response()
    error = caught.value
    if isinstance(error, StreamInterruptedError):
        assert words.startswith(error.partial.text)
        assert "It broke." in str(error.__cause__)
    else:
        assert isinstance(error, ServerError)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_cut_stream_is_never_a_short_answer(sim: Simulator, row: Row) -> None:
    sim.script(Reply("one two three four five six", fault=Fault(cut_after_events=5)))
    async with llm_at(sim, row, retry=ONCE) as llm:
        with pytest.raises(LLMError) as caught:
            await llm.stream_answer("Hello!").get_response()
    assert isinstance(caught.value, StreamInterruptedError | ProtocolError)


@pytest.mark.parametrize("row", tuple(FIRST.values()), ids=str)
async def test_prompt_that_is_too_long_has_its_class(sim: Simulator, row: Row) -> None:
    async with llm_at(sim, row, retry=ONCE) as llm:
        window = llm.metadata.CONTEXT_WINDOW or 8_192
        with pytest.raises(ContextLengthExceededError):
            await llm.get_answer("word " * (window + 1_000))
