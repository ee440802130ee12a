"""What a user does with models on a server of Ollama, against the simulator, which reads and cuts as a server does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from core.llms import (
    APIError,
    BadRequestError,
    ContextLengthExceededError,
    NotFoundError,
    OverloadedError,
    RateLimitError,
    ReasoningDelta,
    ServerError,
    StreamFinished,
    StreamInterruptedError,
    StreamStarted,
    TextDelta,
    ToolMessage,
    UserMessage,
)
from core.llms.providers.ollama import OllamaBaseLLM, create_ollama_llm
from core.llms.runtime.retry import RetryPolicy
from core.llms.simulator import Fault, Simulator
from tests.integration.models import Person, get_weather
from tests.unit.simulator.pictures import picture

PLAIN = "llama3.2:3b"
THINKING = "qwen3:4b"
LEVELLED = "gpt-oss:20b"
SEEING = "gemma3:4b"
BARE = "gemma3:1b"
EMBEDDER = "nomic-embed-text"
ONCE = RetryPolicy(max_attempts=1)


def llm_at(sim: Simulator, model: str = PLAIN, **options: Any) -> OllamaBaseLLM:
    return create_ollama_llm(model, base_url=sim.base_url("ollama"), **options)


@pytest.mark.parametrize("model", [PLAIN, THINKING, LEVELLED, SEEING, BARE])
async def test_every_model_answers_whole_and_streamed(sim: Simulator, model: str) -> None:
    async with llm_at(sim, model) as llm:
        whole = await llm.get_answer("Say: hello.")
        streamed = await llm.stream_answer("Say: hello.").get_response()
    assert (whole.text, streamed.text) == ("hello.", "hello.")
    assert whole.usage.total_tokens == streamed.usage.total_tokens > 0
    assert whole.finish_reason == streamed.finish_reason
    assert (whole.cost, bool(whole.cost_unknown_reason)) == (None, True)


async def test_the_environment_is_all_that_is_needed(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OLLAMA_API_KEY", raising=False)
    for name, value in sim.environment().items():
        monkeypatch.setenv(name, value)
    async with create_ollama_llm(PLAIN) as llm:
        assert (await llm.get_answer("What is 6 * 7?")).text == "42"
    assert "authorization" not in sim.requests[-1].headers


async def test_a_stream_is_thoughts_then_words(sim: Simulator) -> None:
    async with llm_at(sim, THINKING) as llm:
        events = [event async for event in llm.stream_answer("Say: one two.", reasoning_effort="high")]
    kinds = list(dict.fromkeys(type(event) for event in events))
    assert kinds[0] is StreamStarted
    assert kinds.index(ReasoningDelta) < kinds.index(TextDelta)
    assert kinds[-1] is StreamFinished
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == "one two."


@pytest.mark.parametrize(("effort", "thinks"), [("none", False), ("low", True), (None, True)])
async def test_thinking_is_asked_for_and_left(sim: Simulator, effort: str | None, thinks: bool) -> None:
    async with llm_at(sim, THINKING) as llm:
        response = await llm.get_answer("Say: hi.", reasoning_effort=effort)
    assert (response.text, bool(response.reasoning)) == ("hi.", thinks)


async def test_levels_reach_the_model(sim: Simulator) -> None:
    counts = []
    async with llm_at(sim, LEVELLED) as llm:
        for effort in ("low", "medium", "high"):
            counts.append((await llm.get_answer("Say: hi.", reasoning_effort=effort)).usage.output_tokens)
    assert counts == sorted(set(counts))


async def test_thoughts_and_calls_go_back(sim: Simulator) -> None:
    question = UserMessage("What is the weather in Paris and London?")
    async with llm_at(sim, THINKING) as llm:
        first = await llm.get_answer([question], tools=[get_weather])
        results = [ToolMessage(get_weather(**call.arguments), call.id) for call in first.tool_calls]
        second = await llm.get_answer([question, first.message, *results], tools=[get_weather])
    assert [call.arguments for call in first.tool_calls] == [{"city": "Paris"}, {"city": "London"}]
    assert second.text == 'get_weather returned: "18 degrees"\nget_weather returned: "rain"'
    sent = sim.requests[-1].body["messages"]
    assert sent[1]["thinking"] == first.reasoning
    assert [message["tool_call_id"] for message in sent[2:]] == [call.id for call in first.tool_calls]


@pytest.mark.parametrize("model", [PLAIN, THINKING, LEVELLED])
async def test_tools_run_until_the_model_answers(sim: Simulator, model: str) -> None:
    async with llm_at(sim, model) as llm:
        run = await llm.run_tools("What is the weather in London?", tools=[get_weather])
        stream = llm.stream_answer("What is the weather in Paris?", tools=[get_weather])
        streamed = await stream.get_response()
    assert (run.text, run.rounds) == ('get_weather returned: "rain"', 2)
    assert [call.arguments for call in streamed.tool_calls] == [{"city": "Paris"}]


@pytest.mark.parametrize("model", [PLAIN, THINKING, BARE])
async def test_answers_are_typed(sim: Simulator, model: str) -> None:
    async with llm_at(sim, model) as llm:
        response = await llm.get_answer("Alice is 30 years old and lives in Paris.", response_model=Person)
    assert response.parsed == Person(name="Alice", age=30, city="Paris")


async def test_images_are_seen(sim: Simulator) -> None:
    async with llm_at(sim, SEEING) as llm:
        response = await llm.generate_with_vision("What is it?", images=[picture(64, 48, "blue")])
    assert "PNG of 64×48 pixels, mainly blue" in response.text


async def test_texts_are_embedded_and_never_cut_without_a_word(sim: Simulator) -> None:
    async with llm_at(sim, EMBEDDER) as llm:
        result = await llm.embed(["hello", "world"])
        assert [len(vector) for vector in result.vectors] == [768, 768]
        with pytest.raises(BadRequestError, match="input length exceeds"):
            await llm.embed("word " * 3_000)
        cut = await llm.embed("word " * 3_000, provider_options={"truncate": True})
    assert cut.usage.input_tokens == 2_048


async def test_a_prompt_that_the_server_cuts_is_warned_of(sim: Simulator) -> None:
    async with llm_at(sim, num_ctx=64) as llm:
        response = await llm.get_answer("word " * 200)
        fitting = await llm.get_answer("Say: hi.")
    assert response.usage.input_tokens == 64
    assert "num_ctx=64" in response.warnings[0]
    assert fitting.warnings == ()


async def test_models_of_the_server_are_listed(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        names = [model.id for model in await llm.list_models()]
    assert {PLAIN, THINKING, "nomic-embed-text:latest"} <= set(names)


async def test_what_the_server_knows_of_a_model_is_shown(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        own, other = await llm.show_model(), await llm.show_model(SEEING)
        with pytest.raises(NotFoundError):
            await llm.show_model("never-pulled")
    assert (own["capabilities"], other["capabilities"]) == (["completion", "tools"], ["completion", "vision"])
    assert [request.body["model"] for request in sim.requests] == [PLAIN, SEEING, "never-pulled"]


async def test_settings_reach_the_server(sim: Simulator) -> None:
    async with llm_at(sim, num_ctx=8_192, keep_alive="10m") as llm:
        response = await llm.get_answer("Say: one two three.", max_tokens=2, temperature=0.1, seed=7, stop=["END"])
    assert (response.text, response.finish_reason.unified) == ("one two", "length")
    body = sim.requests[-1].body
    assert body["options"] == {"num_ctx": 8_192, "num_predict": 2, "temperature": 0.1, "seed": 7, "stop": ["END"]}
    assert body["keep_alive"] == "10m"


async def test_a_model_that_was_not_pulled_says_how_to_fetch_it(sim: Simulator) -> None:
    async with llm_at(sim, "no-such-model") as llm:
        for call in (llm.get_answer("Hi"), llm.stream_answer("Hi").get_response(), llm.embed("Hi")):
            with pytest.raises(NotFoundError, match="pull"):
                await call


@pytest.mark.parametrize(
    ("model", "options", "words"),
    [
        (BARE, {"tools": [get_weather]}, "does not support tools"),
        (BARE, {"reasoning_effort": "high"}, "does not support thinking"),
        (EMBEDDER, {}, "does not support chat"),
    ],
)
async def test_what_a_model_cannot_is_its_servers_refusal(
    sim: Simulator, model: str, options: dict[str, Any], words: str
) -> None:
    async with llm_at(sim, model) as llm:
        with pytest.raises(BadRequestError, match=words):
            await llm.get_answer("Hi", **options)
        with pytest.raises(BadRequestError, match=words):
            await llm.stream_answer("Hi", **options).get_response()
    assert len(sim.requests) == 2


async def test_a_prompt_that_may_not_be_cut_is_too_long(sim: Simulator) -> None:
    async with llm_at(sim, num_ctx=64) as llm:
        with pytest.raises(ContextLengthExceededError):
            await llm.get_answer("word " * 200, provider_options={"truncate": False})


@pytest.mark.parametrize(
    ("status", "kind"), [(400, BadRequestError), (429, RateLimitError), (500, ServerError), (503, OverloadedError)]
)
async def test_errors_have_their_class(sim: Simulator, status: int, kind: type[APIError]) -> None:
    async with llm_at(sim, retry=ONCE) as llm:
        sim.script(Fault(status=status))
        with pytest.raises(kind) as raised:
            await llm.get_answer("Hello!")
    assert (raised.value.status, raised.value.provider) == (status, "ollama")


async def test_a_busy_server_is_asked_again(sim: Simulator) -> None:
    sim.script(Fault(status=503, retry_after="0.01"), "At last.")
    async with llm_at(sim) as llm:
        response = await llm.get_answer("Hello!")
    assert response.text == "At last."
    assert [attempt.status for attempt in response.attempts] == [503, 200]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(cut_after_events=2),
        Fault(cut_after_events=2, cut_mode="reset"),
        Fault(error_after_events=2),
        Fault(garbage="json", garbage_after_events=2),
    ],
)
async def test_a_stream_that_breaks_gives_what_arrived(sim: Simulator, fault: Fault) -> None:
    # The pause lets the first words arrive before what breaks the stream.
    sim.script(replace(fault, pacing=0.005))
    async with llm_at(sim) as llm:
        with pytest.raises(StreamInterruptedError) as raised:
            await llm.stream_answer("Say: one two three four five.").get_response()
    assert raised.value.partial.text in ("one", "one two")
    assert len(sim.requests) == 1


async def test_streams_hold_at_every_split(sim: Simulator) -> None:
    async with llm_at(sim, THINKING) as llm:
        for size in (1, 7, 100):
            sim.script(Fault(chunk_bytes=size))
            response = await llm.stream_answer("Say: Grüße, 世界.").get_response()
            assert response.text == "Grüße, 世界."


async def test_many_at_once(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        answers = await asyncio.gather(*(llm.get_answer(f"Say: number {index}.") for index in range(20)))
    assert [answer.text for answer in answers] == [f"number {index}." for index in range(20)]
