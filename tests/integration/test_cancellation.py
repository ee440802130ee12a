"""Streams and calls that are cancelled at any moment: no socket, task or reservation is left, each is in the ledger."""

from __future__ import annotations

import asyncio
import gc
import random
from decimal import Decimal

import pytest

from core.llms import NO_RETRY, LLMContext
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from tests.integration.models import MODEL
from tests.support.chat_bytes import completion, stream
from tests.support.raw_server import Exchange, raw_server
from tests.support.settling import connections_gone, foreign_tasks

CANCELLED_STREAMS = 2_000
CANCELLED_CALLS = 300
AT_ONCE = 40


async def paced(exchange: Exchange) -> None:
    """A stream whose headers and events come with pauses, so that a cancellation meets every state of it."""
    rounds = random.Random(exchange.number)
    await asyncio.sleep(rounds.choice([0, 0, 0.002]))
    await exchange.begin_stream()
    for event in stream("one", " two", " three", " four"):
        await asyncio.sleep(rounds.choice([0, 0, 0.001]))
        await exchange.send(event)
    exchange.writer.close()


async def cancel_somewhere(llm: OpenAIBaseLLM, ctx: LLMContext, seed: int) -> str:
    """Stream, and stop: during connect, before the headers, between events, at an event, or not at all."""
    rounds = random.Random(seed)
    leave_after = rounds.randrange(1, 12)

    async def consume() -> str:
        async with llm.stream_answer("Hi", ctx, max_tokens=10) as answer:
            count = 0
            async for _ in answer:
                count += 1
                if count == leave_after:
                    if rounds.random() < 0.5:
                        return "left"
                    task.cancel()
                    await asyncio.sleep(0)
        return "whole"

    task = asyncio.ensure_future(consume())
    await asyncio.sleep(0)
    if rounds.random() < 0.6:
        for _ in range(rounds.randrange(12)):
            await asyncio.sleep(0)
        await asyncio.sleep(rounds.choice([0, 0, 0.001, 0.003]))
        task.cancel()
    (result,) = await asyncio.gather(task, return_exceptions=True)
    return result if isinstance(result, str) else type(result).__name__


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
