"""Fallback between unlike targets: what each renders and validates for itself, and what none can take over."""

from __future__ import annotations

import pytest

from core.llms import (
    ContentFilterError,
    ContextLengthExceededError,
    ImagePart,
    LLMContext,
    TextPart,
    UnsupportedParameterError,
    UserMessage,
)
from core.llms.simulator import Fault, Simulator
from tests.integration.models import EMBEDDER, MODEL, Person, TextOnlyMetadata, get_weather
from tests.integration.routes import create, outcomes, two, unlike

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301"
    "0100c9fe92ef0000000049454e44ae426082"
)


async def test_too_long_context_goes_to_larger_models_alone(sim: Simulator) -> None:
    url = sim.openai_base_url
    llm = create(url, "gpt-4o-mini").with_fallback(
        create(url, "gpt-4o"),  # its context is as large
        create(url, MODEL),
    )
    async with llm:
        answer = await llm.get_answer("word " * 140_000 + "Say: hello.", max_tokens=10)

    assert [attempt.model for attempt in answer.attempts] == ["gpt-4o-mini", MODEL]
    assert outcomes(answer) == ["ContextLengthExceededError", "ok"]


async def test_too_long_context_without_a_larger_model_is_the_error() -> None:
    async with two() as (llm, near, far):
        near.script(Fault(status=400, code="context_length_exceeded"))
        with pytest.raises(ContextLengthExceededError):
            await llm.get_answer("Hi")

    assert len(far.requests) == 0


async def test_filtered_prompt_is_not_sent_to_the_same_model_elsewhere() -> None:
    async with two() as (llm, near, far):
        near.script(Fault(status=400, code="content_filter"))
        with pytest.raises(ContentFilterError):
            await llm.get_answer("Hi")

    assert len(far.requests) == 0


async def test_target_that_does_not_take_a_parameter_is_left_out_with_its_reason(sim: Simulator) -> None:
    url = sim.openai_base_url
    llm = create(url, MODEL).with_fallback(create(url, "gpt-5"), create(url, "gpt-4.1"))
    sim.script(Fault(status=503))
    async with llm:
        answer = await llm.get_answer("Say: hello.", temperature=0.5)

    assert [attempt.model for attempt in answer.attempts] == [MODEL, "gpt-4.1"]
    assert answer.warnings[0].startswith("openai/gpt-5 was not asked: `temperature`")


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
async def test_what_the_first_target_cannot_do_another_one_does(sim: Simulator, streamed: bool) -> None:
    url = sim.openai_base_url
    llm = create(url, "gpt-4", metadata=TextOnlyMetadata).with_fallback(create(url, MODEL))
    async with llm:
        if streamed:
            asked = UserMessage([TextPart("What is it?"), ImagePart.of(PIXEL)])
            answer = await llm.stream_answer([asked]).get_response()
        else:
            answer = await llm.generate_with_vision("What is it?", images=[PIXEL])

    assert [attempt.model for attempt in answer.attempts] == [MODEL]
    assert "openai/gpt-4 was not asked" in answer.warnings[0]


async def test_what_no_target_takes_is_the_first_one_s_refusal() -> None:
    async with two(model="gpt-5", other_model="gpt-5") as (llm, near, far):
        with pytest.raises(UnsupportedParameterError, match="temperature"):
            await llm.get_answer("Hi", temperature=0.5)

    assert len(near.requests) == len(far.requests) == 0


async def test_typed_answer_comes_from_whoever_answers(sim: Simulator) -> None:
    sim.script(Fault(status=503), Fault(status=529))
    async with unlike(sim) as llm:
        answer = await llm.get_answer("Ada is 36 and lives in London.", response_model=Person, max_tokens=200)

    assert answer.parsed == Person(name="Ada", age=36, city="London")
    assert [attempt.provider for attempt in answer.attempts] == ["openai", "anthropic", "google"]


async def test_typed_stream_comes_from_whoever_answers(sim: Simulator) -> None:
    sim.script(Fault(status=503), Fault(status=529))
    async with unlike(sim) as llm:
        stream = llm.stream_answer("Ada is 36 and lives in London.", response_model=Person, max_tokens=200)
        answer = await stream.get_response()

    assert answer.parsed == Person(name="Ada", age=36, city="London")


async def test_tools_run_over_unlike_targets(sim: Simulator) -> None:
    sim.script(Fault(status=503))
    async with unlike(sim) as llm:
        ctx = LLMContext()
        run = await llm.run_tools("What is the weather in Paris?", ctx, tools=[get_weather], max_tokens=200)

    assert "18 degrees" in run.text
    assert [(attempt.provider, attempt.outcome) for attempt in ctx.ledger] == [
        ("openai", "OverloadedError"),
        ("anthropic", "ok"),
        ("openai", "ok"),
    ]


async def test_vectors_come_from_the_same_model_alone(sim: Simulator) -> None:
    url = sim.openai_base_url
    async with (
        Simulator() as far,
        create(url, EMBEDDER).with_fallback(
            create(url, "text-embedding-3-large"),
            create(far.openai_base_url, EMBEDDER),
        ) as llm,
    ):
        sim.script(Fault(status=503))
        answer = await llm.embed("A text.")

    assert [attempt.model for attempt in answer.attempts] == [EMBEDDER, EMBEDDER]
    assert (len(sim.requests), len(far.requests)) == (1, 1)
