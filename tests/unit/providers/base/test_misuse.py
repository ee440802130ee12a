"""What a user may do wrong, and what the SDK says to it before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms import (
    BudgetExceededError,
    ConfigurationError,
    InvalidRequestError,
    LLMContext,
    MediaError,
    UnknownModelWarning,
    UnsupportedCapabilityError,
    UnsupportedParameterError,
)
from core.llms.providers.openai import create_openai_llm
from tests.support.answering import answering
from tests.support.chat_bytes import completion


async def test_closed_llm_refuses_to_call() -> None:
    async with answering(completion()) as (llm, sent):
        wrapped = llm.with_middleware()
        await llm.aclose()
        with pytest.raises(ConfigurationError, match="this LLM was closed"):
            await llm.get_answer("Hi")
        await wrapped.get_answer("Hi")
        await wrapped.aclose()
    assert len(sent) == 1


async def test_context_of_another_kind_is_refused() -> None:
    async with answering(completion()) as (llm, _):
        with pytest.raises(InvalidRequestError, match="`ctx` must be an LLMContext, not dict"):
            await llm.get_answer("Hi", {"timeout_seconds": 3})  # type: ignore[arg-type]  # what this test is about


@pytest.mark.parametrize("images", [None, [], [None], 5, [3.5]])
async def test_images_that_are_none_are_refused(images: Any) -> None:
    async with answering(completion()) as (llm, sent):
        with pytest.raises(InvalidRequestError, match="`images`"):
            await llm.generate_with_vision("What?", images)
    assert not sent


async def test_embedding_model_refuses_to_answer() -> None:
    async with answering(completion(), model="text-embedding-3-small") as (llm, sent):
        with pytest.raises(UnsupportedCapabilityError, match="call `embed`"):
            await llm.get_answer("Hi")
    assert not sent


async def test_missing_file_names_provider_and_model() -> None:
    async with answering(completion()) as (llm, _):
        with pytest.raises(MediaError, match=r"openai/gpt-4\.1-mini: .*nowhere\.png"):
            await llm.generate_with_vision("What?", "nowhere.png")


async def test_budget_reserves_at_the_tier_that_is_asked_for() -> None:
    async with answering(completion(service_tier="priority")) as (llm, _):
        ctx = LLMContext(budget_usd="0.00018")
        await llm.get_answer("Hi", ctx, max_tokens=100)
        with pytest.raises(BudgetExceededError, match="the call may cost up to"):
            await llm.get_answer("Hi", LLMContext(budget_usd="0.00018"), max_tokens=100, service_tier="priority")


async def test_call_refused_before_sending_is_no_call() -> None:
    ctx = LLMContext()
    async with answering(completion()) as (llm, _):
        with pytest.raises(UnsupportedParameterError):
            await llm.get_answer("Hi", ctx, top_k=3)
        await llm.get_answer("Hi", ctx)
    assert ctx.ledger.call_count == 1


def test_factory_refuses_an_unknown_argument_with_a_suggestion() -> None:
    with pytest.raises(ConfigurationError, match=r"did you mean 'temperature'\? .*`defaults=\{…\}`"):
        create_openai_llm("gpt-4.1-mini", api_key="k", temprature=1)  # type: ignore[call-arg]
    with pytest.raises(ConfigurationError, match="did you mean 'retry'"):
        create_openai_llm("gpt-4.1-mini", api_key="k", retyr=None)  # type: ignore[call-arg]


def test_unlisted_model_warns_at_the_callers_line_with_a_suggestion() -> None:
    with pytest.warns(UnknownModelWarning, match=r"did you mean 'gpt-4\.1-mini'") as caught:
        create_openai_llm("gpt-4.1-minu", api_key="k")
    assert caught[0].filename == __file__


class PlainClass:
    """As a user may write it: no base class, a float price, a set left open."""

    NAME = "openai-house-model"
    MAX_TOKENS = 4096
    COST_PER_1K_INPUT = 0.00015
    SUPPORTED_PARAMS = {"max_tokens", ...}


async def test_plain_class_serves_as_metadata() -> None:
    async with answering(completion(), model="openai-house-model", metadata=PlainClass) as (llm, sent):
        response = await llm.get_answer("Hi", temperature=0.5)
    assert (sent[0]["model"], sent[0]["temperature"]) == ("house-model", 0.5)
    assert response.cost is None
    assert llm.metadata.COST_PER_1K_INPUT == 0.00015
