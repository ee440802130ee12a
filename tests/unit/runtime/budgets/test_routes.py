"""Budgets around a route: an attempt at another target needs what that one may cost, and is settled with the call."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import pytest

from core.llms import NO_RETRY, Budget, BudgetsMiddleware, LLMContext, LLMError
from core.llms.providers.openai import create_openai_llm
from tests.support.chat_bytes import completion
from tests.support.raw_server import Exchange, raw_server

# 9 tokens in and 10 out: $0.0000196 at gpt-4.1-mini's prices, five times that at gpt-4.1's.
DEAR = Decimal("0.000098")
DEAR_COST = Decimal("0.00006")


async def fail_first(exchange: Exchange) -> None:
    if exchange.number == 1:
        await exchange.answer(b'{"error": {"message": "busy"}}', "503 X")
    else:
        await exchange.answer(completion())


@pytest.mark.parametrize(("limit", "fits"), [(DEAR, True), (DEAR - Decimal("0.000001"), False)])
async def test_dearer_target_is_asked_where_what_it_may_cost_fits(limit: Decimal, fits: bool) -> None:
    guard = BudgetsMiddleware([Budget(usd=limit, per="model")])
    async with (
        raw_server(fail_first) as server,
        create_openai_llm("gpt-4.1-mini", api_key="k", base_url=server.url, retry=NO_RETRY) as cheap,
        create_openai_llm("gpt-4.1", api_key="k", base_url=server.url, retry=NO_RETRY) as dear,
        cheap.with_fallback(dear).with_middleware(guard) as llm,
    ):
        if fits:
            response = await llm.get_answer("Hi", max_tokens=10)
            assert response.cost == DEAR_COST
        else:
            with pytest.raises(LLMError) as caught:
                await llm.get_answer("Hi", max_tokens=10)
            outcomes = [attempt.outcome for attempt in caught.value.attempts]
            assert outcomes == ["OverloadedError", "BudgetExceededError"]
            assert len(server.exchanges) == 1
        (status,) = await guard.status(model="openai/gpt-4.1-mini")
        assert (status.spent_usd, status.reserved_usd) == (DEAR_COST if fits else Decimal(0), Decimal(0))
        assert (await guard.status(model="openai/gpt-4.1"))[0].spent_usd == 0


async def test_same_budgets_around_a_route_and_its_targets_count_once() -> None:
    guard = BudgetsMiddleware([Budget(usd="1"), Budget(usd="1", per="model"), Budget(usd="1", per="user")])
    async with (
        raw_server(fail_first) as server,
        create_openai_llm("gpt-4.1-mini", api_key="k", base_url=server.url, retry=NO_RETRY) as cheap,
        create_openai_llm("gpt-4.1", api_key="k", base_url=server.url, middleware=[guard]) as dear,
        cheap.with_fallback(dear).with_middleware(guard) as llm,
    ):
        await llm.get_answer("Hi", LLMContext(user_id="u"), max_tokens=10)
        for model in ("openai/gpt-4.1-mini", "openai/gpt-4.1"):
            for status in await guard.status(model=model, user="u"):
                assert (status.spent_usd, status.reserved_usd) == (DEAR_COST, Decimal(0)), status


@pytest.mark.parametrize("per", ["all", "model"])
async def test_budget_around_a_route_and_its_targets_holds_for_the_dearest(per: Literal["all", "model"]) -> None:
    guard = BudgetsMiddleware([Budget(usd="0.00002"), Budget(usd="1", per=per, name="another")])
    async with (
        raw_server(fail_first) as server,
        create_openai_llm("gpt-4.1-mini", api_key="k", base_url=server.url, retry=NO_RETRY) as cheap,
        create_openai_llm("gpt-4.1", api_key="k", base_url=server.url, middleware=[guard]) as dear,
        cheap.with_fallback(dear).with_middleware(guard) as llm,
    ):
        with pytest.raises(LLMError):
            await llm.get_answer("Hi", max_tokens=10)
        for status in await guard.status(model="openai/gpt-4.1"):
            assert (status.spent_usd, status.reserved_usd) == (Decimal(0), Decimal(0))
