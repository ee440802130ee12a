"""What a user does with a model at IBM watsonx.ai, against the simulator, which exchanges keys as IBM does."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from core.llms import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ContextLengthExceededError,
    NotFoundError,
    OverloadedError,
    ProtocolError,
    QuotaExceededError,
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
from core.llms.providers.watsonx import WatsonxBaseLLM, create_watsonx_llm
from core.llms.providers.watsonx.models import ROOMS
from core.llms.runtime.retry import RetryPolicy
from core.llms.simulator import Fault, Reply, Simulator
from tests.integration.models import Person, get_weather
from tests.unit.simulator.pictures import picture

MODEL = "ibm/granite-4-h-small"
SEEING = "meta-llama/llama-4-maverick-17b-128e-instruct-fp8"
REASONING = "openai/gpt-oss-120b"
EMBEDDER = "ibm/granite-embedding-278m-multilingual"
CURRENT = [name for name, room in ROOMS.items() if room.load()[0].RETIRED is None and name != EMBEDDER]
ONCE = RetryPolicy(max_attempts=1)


def llm_at(sim: Simulator, model: str = MODEL, **options: Any) -> WatsonxBaseLLM:
    url = sim.base_url("watsonx")
    place = {"project_id": "7f0e6f4c-5f0b-4c1e-9d7a-2b6c1a3d5e8f", "api_key": "key"}
    return create_watsonx_llm(model, **{"base_url": url, "iam_url": f"{url}/identity/token", **place, **options})


def exchanges(sim: Simulator) -> int:
    return len([request for request in sim.requests if request.path.endswith("/identity/token")])


@pytest.mark.parametrize("model", CURRENT)
async def test_every_current_model_answers_whole_and_streamed_with_a_cost(sim: Simulator, model: str) -> None:
    async with llm_at(sim, model) as llm:
        whole = await llm.get_answer("Say: hello.", max_tokens=100)
        streamed = await llm.stream_answer("Say: hello.", max_tokens=100).get_response()
    for response in (whole, streamed):
        assert (response.text, response.finish_reason.raw) == ("hello.", "stop")
        assert response.usage.input_tokens > 0 and response.usage.output_tokens > 0
        assert response.cost is not None and response.cost > 0
        assert (response.provider, response.model, response.warnings) == ("watsonx", model, ())
    assert exchanges(sim) == 1


async def test_limit_that_the_vendor_sets_itself_is_said(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        for response in (await llm.get_answer("Hi"), await llm.stream_answer("Hi").get_response()):
            (warning,) = response.warnings
            assert "'max_completion_tokens'" in warning and "was set to value" in warning


async def test_stream_gives_its_events_in_order(sim: Simulator) -> None:
    async with llm_at(sim, REASONING) as llm:
        async with llm.stream_answer("Say: a b c.", reasoning_effort="high", max_tokens=500) as stream:
            events = [event async for event in stream]
        again = await llm.get_answer([UserMessage("Say: a b c."), stream.response.message, UserMessage("Say: d.")])
    kinds = [type(event) for event in events]
    assert (kinds[0], kinds[-1]) == (StreamStarted, StreamFinished)
    assert max(i for i, kind in enumerate(kinds) if kind is ReasoningDelta) < kinds.index(TextDelta)
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == stream.response.text == "a b c."
    assert again.text == "d."
    assert sim.requests[-1].body["messages"][1]["reasoning_content"] == stream.response.reasoning


@pytest.mark.parametrize("model", CURRENT)
async def test_tools_run_until_the_model_answers(sim: Simulator, model: str) -> None:
    async with llm_at(sim, model) as llm:
        run = await llm.run_tools("What is the weather in London?", tools=[get_weather], max_tokens=500)
        forced = await llm.get_answer("Hi, Paris.", tools=[get_weather], tool_choice="get_weather", max_tokens=500)
        none = await llm.get_answer("What is the weather in London?", tools=[get_weather], tool_choice="none")
    assert [message.text for message in run.messages if isinstance(message, ToolMessage)] == ["rain"]
    assert "rain" in run.response.text
    assert [call.name for call in forced.tool_calls] == ["get_weather"]
    assert none.tool_calls == ()


async def test_tool_is_called_in_a_stream(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        response = await llm.stream_answer("What is the weather in London?", tools=[get_weather]).get_response()
    assert response.finish_reason.unified == "tool_calls"
    assert [(call.name, call.arguments) for call in response.tool_calls] == [("get_weather", {"city": "London"})]


async def test_typed_answer_whole_and_streamed(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        whole = await llm.get_answer("Ada is 36 and lives in London.", response_model=Person)
        streamed = await llm.stream_answer("Ada is 36 and lives in London.", response_model=Person).get_response()
    assert isinstance(whole.parsed, Person)
    assert isinstance(streamed.parsed, Person)


async def test_image_is_seen(sim: Simulator) -> None:
    async with llm_at(sim, SEEING) as llm:
        seen = await llm.generate_with_vision("What is it?", [picture(4, 4)], max_tokens=100)
    assert "4×4" in seen.text


async def test_vectors_tokens_and_models(sim: Simulator) -> None:
    async with llm_at(sim, EMBEDDER) as embedder, llm_at(sim) as llm:
        vectors = await embedder.embed(["a", "b"])
        count = await llm.count_tokens("How many tokens are these?", exact=True)
        models = {model.id: model for model in await llm.list_models()}
    assert [len(vector) for vector in vectors.vectors] == [768, 768]
    assert vectors.usage.input_tokens > 0
    assert (count.tokens > 3, count.exact) == (True, False)
    assert models[MODEL].owned_by == "IBM"
    assert EMBEDDER in models


async def test_deployment_answers_without_a_project(sim: Simulator) -> None:
    async with llm_at(sim, project_id=None, deployment_id="granite_prod") as llm:
        response = await llm.get_answer("Say: hello.")
        streamed = await llm.stream_answer("Say: hello.").get_response()
    assert (response.text, streamed.text, response.cost) == ("hello.", "hello.", None)
    assert sim.requests[-1].path.endswith("/ml/v1/deployments/granite_prod/text/chat_stream")


async def test_token_that_ends_is_renewed_once_for_all_callers(sim: Simulator) -> None:
    async with llm_at(sim, retry=ONCE) as llm:
        await llm.get_answer("Hi")
        sim.expire_tokens()
        answers = await asyncio.gather(*(llm.get_answer("Say: hello.") for _ in range(8)))
        streamed = await llm.stream_answer("Say: hello.").get_response()
    assert {response.text for response in (*answers, streamed)} == {"hello."}
    assert exchanges(sim) == 2


async def test_key_that_is_refused_names_the_problem(sim: Simulator) -> None:
    async with llm_at(sim, api_key="invalid-key") as llm:
        with pytest.raises(AuthenticationError, match="Provided API key could not be found") as caught:
            await llm.get_answer("Hi")
    assert (caught.value.status, caught.value.code, exchanges(sim)) == (400, "BXNIM0415E", 1)
    assert caught.value.request_id is not None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (403, QuotaExceededError),
        (404, NotFoundError),
        (429, RateLimitError),
        (500, ServerError),
        (503, OverloadedError),
    ],
)
async def test_error_of_the_vendor_has_its_class(sim: Simulator, status: int, kind: type[APIError]) -> None:
    async with llm_at(sim, retry=ONCE) as llm:
        for call in (llm.get_answer("Hi"), llm.stream_answer("Hi").get_response()):
            sim.script(Fault(status=status))
            with pytest.raises(APIError) as caught:
                await call
            assert type(caught.value) is kind
            assert (caught.value.status, caught.value.request_id is not None) == (status, True)


async def test_model_that_is_not_there_and_a_prompt_that_is_too_long(sim: Simulator) -> None:
    with pytest.warns(UserWarning, match="not a listed model"):
        unknown = llm_at(sim, "acme/next")
    async with unknown, llm_at(sim) as llm:
        with pytest.raises(NotFoundError, match="acme/next"):
            await unknown.get_answer("Hi")
        with pytest.raises(ContextLengthExceededError):
            await llm.get_answer("word " * 200_000)


async def test_overload_is_tried_again(sim: Simulator) -> None:
    sim.script(Fault(status=503, retry_after="0"))
    async with llm_at(sim) as llm:
        response = await llm.get_answer("Say: hello.")
    assert [attempt.outcome for attempt in response.attempts] == ["OverloadedError", "ok"]


async def test_stream_that_breaks_or_fails_inside_gives_what_arrived(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        for fault in (Fault(cut_after_events=4), Fault(error_after_events=4, pacing=0.005)):
            sim.script(Reply("one two three four five", fault=fault))
            with pytest.raises(StreamInterruptedError) as caught:
                await llm.stream_answer("Hi").get_response()
            assert "one two three four five".startswith(caught.value.partial.text) and caught.value.partial.text
            assert isinstance(caught.value.__cause__, ProtocolError | ServerError)


async def test_stream_arrives_whole_in_the_smallest_pieces(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        sim.script(Reply("Zoë 🙂", fault=Fault(chunk_bytes=1)))
        assert (await llm.stream_answer("Hi").get_response()).text == "Zoë 🙂"
