"""What a user does with a Gemini model, at both hosts, against the simulator, which is as strict as the vendor."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from core.llms import (
    APIError,
    AssistantMessage,
    AuthenticationError,
    BadRequestError,
    ContentFilterError,
    FilePart,
    ImagePart,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    ProtocolError,
    RateLimitError,
    ReasoningDelta,
    ReasoningPart,
    ServerError,
    StreamFinished,
    StreamInterruptedError,
    StreamStarted,
    SystemMessage,
    TextPart,
    ToolCall,
    ToolMessage,
    UserMessage,
)
from core.llms.providers.google import GoogleBaseLLM, create_google_llm
from core.llms.providers.google.models import ROOMS
from core.llms.providers.openai import create_openai_llm
from core.llms.runtime.retry import RetryPolicy
from core.llms.simulator import Fault, Simulator
from core.llms.types.messages import Message
from tests.integration.models import Person, get_weather
from tests.unit.simulator.pictures import picture

MODEL = "gemini-3.8-flash"
OLDER = "gemini-2.5-flash"
HOSTS = pytest.mark.parametrize("host", ["gemini", "vertex"])
CHAT = sorted(name for name in ROOMS if "embedding" not in name)
STABLE = [name for name in CHAT if not name.endswith("-latest")]
ONCE = RetryPolicy(max_attempts=1)
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Page >>\nendobj\n%%EOF"


def llm_at(sim: Simulator, model: str = MODEL, host: str = "gemini", **options: Any) -> GoogleBaseLLM:
    if host == "gemini":
        return create_google_llm(model, api_key="AIza-test", vertex=False, base_url=sim.google_base_url, **options)
    place: dict[str, Any] = {"project": "p", "location": "global", "token_provider": lambda: "token"}
    return create_google_llm(model, vertex=True, base_url=sim.vertex_base_url, **place, **options)


@pytest.mark.parametrize(
    ("model", "host"), [*((name, "gemini") for name in CHAT), *((name, "vertex") for name in STABLE)]
)
async def test_every_model_answers_whole_and_streamed_with_a_cost(sim: Simulator, model: str, host: str) -> None:
    async with llm_at(sim, model, host) as llm:
        whole = await llm.get_answer("Say: hello.")
        streamed = await llm.stream_answer("Say: hello.").get_response()
        count = await llm.count_tokens("Say: hello.", exact=True)
    assert (whole.text, streamed.text) == ("hello.", "hello.")
    assert whole.finish_reason == streamed.finish_reason
    assert count.tokens == whole.usage.input_tokens == streamed.usage.input_tokens
    assert whole.cost is not None
    assert whole.cost == streamed.cost


@HOSTS
@pytest.mark.parametrize("model", STABLE)
async def test_every_effort_that_a_model_lists_is_taken(sim: Simulator, model: str, host: str) -> None:
    async with llm_at(sim, model, host) as llm:
        for effort in llm.metadata.REASONING_EFFORTS:
            response = await llm.get_answer("Say: done.", reasoning_effort=effort, reasoning_summary="auto")
            assert response.text == "done."
            if effort != "minimal":  # at which a model may think or not
                assert (response.usage.reasoning_tokens > 0) is (effort != "none")
            assert len(response.warnings) == (effort == "none")  # there are no thoughts to show


@HOSTS
async def test_every_parameter_is_taken(sim: Simulator, host: str) -> None:
    sampling: dict[str, Any] = {
        "temperature": 0.5,
        "top_p": 0.9,
        "top_k": 40,
        "frequency_penalty": 0.1,
        "presence_penalty": 0.1,
    }
    others: dict[str, Any] = {"max_tokens": 500, "stop": ["END"], "seed": 7, "n": 2, "metadata": {"team": "a"}}
    async with llm_at(sim, OLDER, host) as llm:
        response = await llm.get_answer("Say: hello.", service_tier="flex", **sampling, **others)
    assert len(response.choices) == 2
    assert response.warnings == ()


@HOSTS
@pytest.mark.parametrize("model", [MODEL, OLDER])
async def test_thoughts_and_calls_go_back_with_their_signatures(sim: Simulator, model: str, host: str) -> None:
    question = UserMessage("What is the weather in Paris and Oslo?")
    async with llm_at(sim, model, host) as llm:
        first = await llm.get_answer(
            [question], tools=[get_weather], reasoning_effort="low", reasoning_summary="auto", max_tokens=4_000
        )
        calls = first.tool_calls
        results = [ToolMessage(f"rain in {call.arguments['city']}", call.id) for call in calls]
        messages: list[Message] = [question, first.message, *results]
        second = await llm.get_answer(messages, tools=[get_weather])
    assert len(calls) == 2
    assert first.finish_reason.unified == "tool_calls"
    assert "rain in Paris" in second.text
    assert "rain in Oslo" in second.text
    assert second.warnings == ()
    content = next(body for body in sim.requests[-1].body["contents"] if body["role"] == "model")
    assert content["parts"][0]["thought"] is True
    signed = [part for part in content["parts"] if "thoughtSignature" in part]
    assert signed


async def test_tampered_signature_is_refused_by_the_vendor(sim: Simulator) -> None:
    question = UserMessage("What is the weather in Paris?")
    async with llm_at(sim) as llm:
        first = await llm.get_answer([question], tools=[get_weather])
        (call,) = first.tool_calls
        forged = replace(call, signature=base64.b64encode(b"forged").decode())
        parts = [forged if isinstance(part, ToolCall) else part for part in first.message.parts]
        with pytest.raises(BadRequestError):
            await llm.get_answer([question, AssistantMessage(parts), ToolMessage("rain", call.id)], tools=[get_weather])


@HOSTS
@pytest.mark.parametrize("model", [MODEL, OLDER])
async def test_run_tools_streams_and_types_go_together(sim: Simulator, model: str, host: str) -> None:
    async with llm_at(sim, model, host) as llm:
        run = await llm.run_tools("What is the weather in Paris and Oslo?", tools=[get_weather])
        person = (
            await llm.get_answer("Ada Lovelace is 36 years old and lives in London.", response_model=Person)
        ).parsed
    assert run.rounds == 2
    assert "18 degrees" in run.response.text
    assert person.name == "Ada Lovelace"


async def test_conversation_of_another_provider_goes_on(sim: Simulator) -> None:
    question = UserMessage("What is the weather in Paris?")
    async with create_openai_llm("gpt-5.4", api_key="sk-test", base_url=sim.openai_base_url) as other:
        first = await other.get_answer([question], tools=[get_weather], reasoning_effort="low")
    (call,) = first.tool_calls
    async with llm_at(sim) as llm:
        second = await llm.get_answer([question, first.message, ToolMessage("rain", call.id)], tools=[get_weather])
    assert "rain" in second.text
    assert any("its check is skipped" in warning for warning in second.warnings)


@HOSTS
async def test_conversation_goes_on_from_an_older_model_to_a_newer(sim: Simulator, host: str) -> None:
    question = UserMessage("What is the weather in Paris?")
    async with llm_at(sim, OLDER, host) as older:
        first = await older.get_answer([question], tools=[get_weather], reasoning_effort="none")
    (call,) = first.tool_calls
    async with llm_at(sim, MODEL, host) as llm:
        second = await llm.get_answer([question, first.message, ToolMessage("rain", call.id)], tools=[get_weather])
    assert "rain" in second.text


@HOSTS
@pytest.mark.parametrize("model", [MODEL, OLDER])
async def test_images_and_documents_are_seen_also_in_results(sim: Simulator, model: str, host: str) -> None:
    message = UserMessage([ImagePart(data=picture(64, 48)), FilePart(data=PDF), TextPart("What do you see?")])
    question = UserMessage("What is the weather in Paris?")
    async with llm_at(sim, model, host) as llm:
        seen = await llm.get_answer([message])
        first = await llm.get_answer([question], tools=[get_weather])
        (call,) = first.tool_calls
        shown = ToolMessage([TextPart("a chart"), ImagePart(data=picture(64, 48))], call.id)
        await llm.get_answer([question, first.message, shown], tools=[get_weather])
    assert "64×48" in seen.text


@HOSTS
async def test_stream_has_its_events_in_order(sim: Simulator, host: str) -> None:
    async with llm_at(sim, MODEL, host) as llm:
        events = [event async for event in llm.stream_answer("Count to 5.", reasoning_summary="auto")]
    assert isinstance(events[0], StreamStarted)
    assert isinstance(events[-1], StreamFinished)
    assert any(isinstance(event, ReasoningDelta) for event in events)
    assert any(isinstance(part, ReasoningPart) for part in events[-1].response.message.parts)


@HOSTS
async def test_blocked_prompt_is_a_content_filter_error_whole_and_streamed(sim: Simulator, host: str) -> None:
    async with llm_at(sim, host=host) as llm:
        with pytest.raises(ContentFilterError):
            await llm.get_answer("[[content_filter]]")
        with pytest.raises(ContentFilterError):
            await llm.stream_answer("[[content_filter]]").get_response()


@HOSTS
async def test_instructions_are_counted_and_obeyed_in_every_place(sim: Simulator, host: str) -> None:
    messages: list[Message] = [
        SystemMessage("Be brief."),
        UserMessage("Hello!"),
        SystemMessage("In French."),
        UserMessage("Say: oui."),
    ]
    async with llm_at(sim, host=host) as llm:
        response = await llm.get_answer(messages)
        count = await llm.count_tokens(messages, exact=True)
    assert response.text == "oui."
    assert count.tokens == response.usage.input_tokens
    assert len(response.warnings) == 1


@HOSTS
async def test_vectors_and_models_are_had(sim: Simulator, host: str) -> None:
    async with llm_at(sim, "gemini-embedding-001", host) as llm:
        response = await llm.embed(["a", "b"], dimensions=64, input_type="query")
        models = {model.id for model in await llm.list_models()}
    assert [len(vector) for vector in response.vectors] == [64, 64]
    assert MODEL in models


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (429, RateLimitError),
        (500, ServerError),
        (503, OverloadedError),
        (504, ServerError),
    ],
)
@HOSTS
async def test_status_has_its_class(sim: Simulator, status: int, kind: type[APIError], host: str) -> None:
    sim.faults.append(Fault(status=status))
    async with llm_at(sim, host=host, retry=ONCE) as llm:
        with pytest.raises(kind) as caught:
            await llm.get_answer("Hello!")
    assert type(caught.value) is kind
    assert caught.value.status == status
    assert caught.value.code is not None


async def test_wrong_key_and_unknown_model_have_their_classes(sim: Simulator) -> None:
    wrong = create_google_llm(MODEL, api_key="invalid-key", vertex=False, base_url=sim.google_base_url)
    async with wrong as llm:
        with pytest.raises(AuthenticationError) as caught:
            await llm.get_answer("Hello!")
    assert caught.value.status == 400
    with pytest.warns(UserWarning, match="not a listed model"):
        missing = llm_at(sim, "gemini-nonesuch")
    async with missing:
        with pytest.raises(NotFoundError):
            await missing.get_answer("Hello!")


@HOSTS
async def test_stream_that_is_cut_is_no_short_answer(sim: Simulator, host: str) -> None:
    sim.faults.append(Fault(cut_after_events=2))
    async with llm_at(sim, host=host) as llm:
        with pytest.raises((StreamInterruptedError, ProtocolError)):
            await llm.stream_answer("Count to 20.").get_response()
