"""Streams and calls that are cancelled at any moment: no socket, task or reservation is left, each is in the ledger."""

from __future__ import annotations

import asyncio
import gc
from decimal import Decimal

import pytest

from core.llms import NO_RETRY, LLMContext
from core.llms.providers.openai import create_openai_llm
from tests.integration.models import MODEL
from tests.support.cancelling import cancel_somewhere, paced
from tests.support.chat_bytes import completion
from tests.support.raw_server import Exchange, raw_server
from tests.support.settling import connections_gone, foreign_tasks

CANCELLED_STREAMS = 2_000
CANCELLED_CALLS = 300
AT_ONCE = 40


@pytest.mark.timeout(60)
async def test_streams_cancelled_at_any_moment_leave_nothing() -> None:
    before = asyncio.all_tasks()
    ctx = LLMContext(budget_usd="1000")
    assert ctx.budget is not None
    places = asyncio.Semaphore(AT_ONCE)
    async with (
        raw_server(paced) as server,
        create_openai_llm(MODEL, api_key="k", base_url=server.url, retry=NO_RETRY) as llm,
    ):

        async def one(seed: int) -> str:
            async with places:
                return await cancel_somewhere(llm, ctx, seed)

        outcomes = await asyncio.gather(*(one(seed) for seed in range(CANCELLED_STREAMS)))
        await connections_gone(server)
        assert set(outcomes) == {"CancelledError", "left", "whole"}
        assert min(outcomes.count(kind) for kind in set(outcomes)) > CANCELLED_STREAMS / 50
        assert ctx.ledger.attempt_count == ctx.ledger.call_count == CANCELLED_STREAMS
        assert ctx.budget.reserved == Decimal(0)
        assert ctx.budget.spent == ctx.cost + ctx.ledger.maybe_charged_cost > 0
    gc.collect()
    assert not foreign_tasks(before)


async def test_calls_cancelled_at_any_moment_leave_nothing() -> None:
    async def slow(exchange: Exchange) -> None:
        await asyncio.sleep(0.002)
        await exchange.answer(completion())

    before = asyncio.all_tasks()
    ctx = LLMContext(budget_usd="1000")
    assert ctx.budget is not None
    async with raw_server(slow) as server:
        async with create_openai_llm(MODEL, api_key="k", base_url=server.url, retry=NO_RETRY) as llm:

            async def one(seed: int) -> None:
                task = asyncio.ensure_future(llm.get_answer("Hi", ctx, max_tokens=10))
                for _ in range(1 + seed % 15):
                    await asyncio.sleep(0)
                await asyncio.sleep(seed % 4 / 1000)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

            for begin in range(0, CANCELLED_CALLS, AT_ONCE):
                await asyncio.gather(*(one(seed) for seed in range(begin, min(begin + AT_ONCE, CANCELLED_CALLS))))
            assert ctx.ledger.attempt_count == CANCELLED_CALLS
            assert {attempt.outcome for attempt in ctx.ledger} == {"ok", "cancelled"}
            assert ctx.budget.reserved == Decimal(0)
            assert ctx.budget.spent == ctx.cost + ctx.ledger.maybe_charged_cost
        await connections_gone(server)
    gc.collect()
    assert not foreign_tasks(before)


async def test_timeout_of_the_caller_ends_a_call_and_frees_its_socket() -> None:
    async def hang(exchange: Exchange) -> None:
        await exchange.client_gone()

    async with raw_server(hang) as server, create_openai_llm(MODEL, api_key="k", base_url=server.url) as llm:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await llm.get_answer("Hi")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await llm.stream_answer("Hi").get_response()
        await connections_gone(server)


async def test_calls_of_a_task_group_are_cancelled_with_their_neighbour() -> None:
    async def hang(exchange: Exchange) -> None:
        await exchange.client_gone()

    async def fail() -> None:
        await asyncio.sleep(0.03)
        raise LookupError("the neighbour fails")

    async with raw_server(hang) as server, create_openai_llm(MODEL, api_key="k", base_url=server.url) as llm:
        with pytest.raises(ExceptionGroup) as caught:
            async with asyncio.TaskGroup() as group:
                for _ in range(5):
                    group.create_task(llm.get_answer("Hi"))
                group.create_task(fail())
        assert [type(error) for error in caught.value.exceptions] == [LookupError]
        await connections_gone(server)
