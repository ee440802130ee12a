"""What a user does with a model of Anthropic, against the simulator, which is as strict as the vendor."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.llms import (
    APIError,
    AssistantMessage,
    AuthenticationError,
    BadRequestError,
    CachePoint,
    FilePart,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    ProtocolError,
    RateLimitError,
    ReasoningDelta,
    ReasoningPart,
    RequestTooLargeError,
    ServerError,
    StreamFinished,
    StreamInterruptedError,
    StreamStarted,
    SystemMessage,
    TextDelta,
    TextPart,
    ToolCall,
    ToolMessage,
    UserMessage,
)
from core.llms.providers.anthropic import AnthropicBaseLLM, create_anthropic_llm
from core.llms.providers.anthropic.models import ROOMS
from core.llms.providers.openai import create_openai_llm
from core.llms.runtime.retry import RetryPolicy
from core.llms.simulator import Fault, Reply, Simulator
from tests.integration.models import Person, get_weather
from tests.unit.simulator.pictures import picture

MODEL = "claude-sonnet-5-5"
CURRENT = sorted({name for name, room in ROOMS.items() if not name.startswith("claude-3") and room})
ONCE = RetryPolicy(max_attempts=1)
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Page >>\nendobj\n%%EOF"


def llm_at(sim: Simulator, model: str = MODEL, **options: Any) -> AnthropicBaseLLM:
    return create_anthropic_llm(model, api_key="sk-ant-test", base_url=sim.anthropic_base_url, **options)


@pytest.mark.parametrize("model", CURRENT)
async def test_every_current_model_answers_whole_and_streamed_with_a_cost(sim: Simulator, model: str) -> None:
    async with llm_at(sim, model) as llm:
        whole = await llm.get_answer("Say: hello.")
        streamed = await llm.stream_answer("Say: hello.").get_response()
        count = await llm.count_tokens("Say: hello.", exact=True)
    for response in (whole, streamed):
        assert (response.text, response.finish_reason.raw) == ("hello.", "end_turn")
        assert response.usage.input_tokens == count.tokens
        assert response.cost is not None and response.cost > 0
        assert (response.provider, response.warnings) == ("anthropic", ())
        assert response.request_id is not None


@pytest.mark.parametrize("model", CURRENT)
async def test_every_effort_of_a_current_model_is_taken(sim: Simulator, model: str) -> None:
    async with llm_at(sim, model) as llm:
        for effort in llm.metadata.REASONING_EFFORTS:
            response = await llm.get_answer("Say: hello.", reasoning_effort=effort)
            assert (response.text, response.warnings) == ("hello.", ())
            assert (response.usage.reasoning_tokens > 0) is (effort != "none")


async def test_stream_shows_thinking_before_text_and_ends_whole(sim: Simulator) -> None:
    async with llm_at(sim) as llm, llm.stream_answer("Say: a b c.", reasoning_summary="auto") as stream:
        events = [event async for event in stream]
    kinds = [type(event) for event in events]
    assert (kinds[0], kinds[-1]) == (StreamStarted, StreamFinished)
    assert max(i for i, kind in enumerate(kinds) if kind is ReasoningDelta) < kinds.index(TextDelta)
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == stream.response.text == "a b c."


@pytest.mark.parametrize("model", [MODEL, "claude-haiku-4-5", "claude-fable-5-2"])
async def test_thinking_with_tools_goes_back_and_is_refused_when_tampered_with(sim: Simulator, model: str) -> None:
    question = UserMessage("What is the weather in Oslo?")
    options: Any = {"tools": [get_weather], "reasoning_effort": "high"}
    async with llm_at(sim, model) as llm:
        first = await llm.get_answer([question], **options)
        (call,) = first.tool_calls
        result = ToolMessage("rain", call.id)
        second = await llm.get_answer([question, first.message, result], **options)
        assert second.warnings == () and second.text
        thought = next(part for part in first.message.parts if isinstance(part, ReasoningPart))
        tampered = replace(thought, signature="AAAA", raw=None)
        others = tuple(part for part in first.message.parts if not isinstance(part, ReasoningPart))
        with pytest.raises(BadRequestError, match="signature"):
            await llm.get_answer([question, AssistantMessage((tampered, *others)), result], **options)


async def test_tools_run_in_parallel_until_the_model_answers(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        run = await llm.run_tools("What is the weather in London and in Paris?", tools=[get_weather])
        single = await llm.get_answer(
            "What is the weather in London and in Paris?", tools=[get_weather], parallel_tool_calls=False
        )
    assert [message.text for message in run.messages if isinstance(message, ToolMessage)] == ["rain", "18 degrees"]
    assert "18 degrees" in run.response.text
    assert len(single.tool_calls) == 1


@pytest.mark.parametrize("model", [MODEL, "claude-haiku-4-5"])
async def test_typed_answer_whole_and_streamed(sim: Simulator, model: str) -> None:
    async with llm_at(sim, model) as llm:
        whole = await llm.get_answer("Ada is 36 and lives in London.", response_model=Person)
        streamed = await llm.stream_answer("Ada is 36 and lives in London.", response_model=Person).get_response()
    assert isinstance(whole.parsed, Person)
    assert isinstance(streamed.parsed, Person)


async def test_images_and_documents_are_seen(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        seen = await llm.generate_with_vision("What is it?", [picture(4, 4)])
        read = await llm.get_answer(
            [UserMessage([FilePart(data=PDF, filename="a.pdf", citations=True), TextPart("What is it?")])]
        )
    assert "4×4" in seen.text
    assert any(part.annotations for part in read.message.parts if isinstance(part, TextPart))
    (part,) = [part for part in read.message.parts if isinstance(part, TextPart) and part.annotations]
    async with llm_at(sim) as llm:
        again = await llm.get_answer([UserMessage("What is it?"), read.message, UserMessage("Say: back.")])
    assert (part.origin, again.text, again.warnings) == ("anthropic_messages", "back.", ())


async def test_cached_prompt_is_written_then_read_and_priced(sim: Simulator) -> None:
    system = SystemMessage([TextPart("You answer in one sentence. " * 400), CachePoint()])
    async with llm_at(sim) as llm:
        first = await llm.get_answer([system, UserMessage("Say: a.")])
        second = await llm.get_answer([system, UserMessage("Say: b.")])
        plain = await llm.get_answer([SystemMessage(system.text), UserMessage("Say: b.")])
    written = first.usage.cache_write_tokens
    assert (written > 1_000, second.usage.cache_read_tokens) == (True, written)
    assert first.usage.input_tokens == second.usage.input_tokens == plain.usage.input_tokens
    assert second.cost is not None and plain.cost is not None
    assert plain.cost - second.cost == written * (Decimal("2") - Decimal("0.10")) / 1_000_000


async def test_system_message_stays_between_others_or_moves_to_the_top(sim: Simulator) -> None:
    conversation = (UserMessage("Say: a."), SystemMessage("Be brief."))
    async with llm_at(sim) as newer, llm_at(sim, "claude-haiku-4-5") as older:
        stays = await newer.get_answer(conversation)
        moves = await older.get_answer(conversation)
    assert (stays.text, stays.warnings) == ("a.", ())
    assert "moved to the top" in moves.warnings[0]


async def test_refusal_is_told_apart(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        response = await llm.get_answer("[[refuse]]")
        again = await llm.get_answer([UserMessage("Hi"), response.message, UserMessage("Say: hello.")])
    assert (response.finish_reason.unified, response.finish_reason.raw) == ("refusal", "refusal")
    assert response.choices[0].content_filter is not None
    assert (again.text, len(again.warnings)) == ("hello.", 1)


async def test_conversation_begun_with_openai_goes_on(sim: Simulator) -> None:
    question = UserMessage("What is the weather in Oslo?")
    async with create_openai_llm("gpt-5.4", api_key="sk-test", base_url=sim.openai_base_url) as llm:
        begun = await llm.get_answer([question], tools=[get_weather], reasoning_effort="high")
    result = ToolMessage("rain", begun.tool_calls[0].id)
    for model in (MODEL, "claude-haiku-4-5"):
        async with llm_at(sim, model) as llm:
            conversation = (question, begun.message, result)
            response = await llm.get_answer(conversation, tools=[get_weather], reasoning_effort="low")
        assert response.text
        assert all("was left out" in warning for warning in response.warnings)


async def test_older_version_takes_sampling_and_the_newer_refuses_it_at_the_vendor_too(sim: Simulator) -> None:
    async with llm_at(sim, "claude-sonnet-4-6", api_version="2023-06-01") as old:
        assert (await old.get_answer("Say: warm.", temperature=0.9)).text == "warm."
    async with llm_at(sim, "claude-sonnet-4-6") as new:
        with pytest.raises(BadRequestError, match="temperature: Extra inputs are not permitted"):
            await new.get_answer("Say: warm.", provider_options={"temperature": 0.9})


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (413, RequestTooLargeError),
        (429, RateLimitError),
        (500, ServerError),
        (529, OverloadedError),
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


async def test_overload_is_tried_again(sim: Simulator) -> None:
    sim.script(Fault(status=529, retry_after="0"))
    async with llm_at(sim) as llm:
        response = await llm.get_answer("Say: hello.")
    assert [attempt.outcome for attempt in response.attempts] == ["OverloadedError", "ok"]


async def test_stream_that_breaks_or_fails_inside_gives_what_arrived(sim: Simulator) -> None:
    async with llm_at(sim, "claude-haiku-4-5") as llm:
        for fault in (Fault(cut_after_events=5), Fault(error_after_events=5, pacing=0.005)):
            sim.script(Reply("one two three four five", fault=fault))
            with pytest.raises(StreamInterruptedError) as caught:
                await llm.stream_answer("Hi").get_response()
            assert "one two three four five".startswith(caught.value.partial.text) and caught.value.partial.text
            assert isinstance(caught.value.__cause__, ProtocolError | OverloadedError)


async def test_stream_arrives_whole_in_the_smallest_pieces(sim: Simulator) -> None:
    calls = (ToolCall.of("toolu_1", "get_weather", {"city": "Oslo"}),)
    async with llm_at(sim) as llm:
        sim.script(Reply("Zoë 🙂", fault=Fault(chunk_bytes=1)))
        response = await llm.stream_answer("Hi", tools=[get_weather]).get_response()
    assert (response.text, calls[0].name) == ("Zoë 🙂", "get_weather")


async def test_models_are_listed_in_the_vendors_form(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        models = {model.id: model for model in await llm.list_models()}
    assert models[MODEL].raw["lifecycle"] == "active"
    assert models[MODEL].raw["max_tokens"] == 128_000
    assert models[MODEL].created is not None
