"""Routes in outages and under cancellation: what is sent stays bounded, and nothing is left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from math import inf

import pytest

from core.llms import BaseLLM, FallbackPolicy, LLMContext, LLMError
from core.llms.providers.openai import OpenAIBaseLLM
from tests.integration.routes import NO_BREAKER, create
from tests.support.chat_bytes import completion, stream
from tests.support.raw_server import Exchange, RawServer, raw_server
from tests.support.settling import connections_gone, foreign_tasks

CALLS = 400


class Vendor:
    """A server that answers, or is down."""

    def __init__(self, *, is_down: bool = False) -> None:
        self.is_down = is_down

    async def handle(self, exchange: Exchange) -> None:
        if self.is_down:
            await exchange.answer(b"{}", "503 Service Unavailable")
        elif b'"stream":true' in exchange.body:
            await exchange.begin_stream()
            await exchange.send(*stream("fine"))
            exchange.writer.close()
        else:
            await exchange.answer(completion("fine"))


@asynccontextmanager
async def routed(
    *vendors: Vendor, policy: FallbackPolicy | None = None
) -> AsyncIterator[tuple[OpenAIBaseLLM, list[RawServer]]]:
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(raw_server(vendor.handle)) for vendor in vendors]
        first, *others = [create(server.url) for server in servers]
        yield await stack.enter_async_context(first.with_fallback(*others, policy=policy)), servers


async def call_all(llm: BaseLLM, at_once: int) -> int:
    """Call, and count the answers."""
    places = asyncio.Semaphore(at_once)

    async def one() -> bool:
        async with places:
            try:
                return (await llm.get_answer("Hi")).text == "fine"
            except LLMError:
                return False

    return sum(await asyncio.gather(*(one() for _ in range(CALLS))))


@pytest.mark.parametrize("at_once", [1, 50], ids=["in turn", "50 at once"])
@pytest.mark.parametrize("policy", [NO_BREAKER, None], ids=["without breakers", "with breakers"])
async def test_total_outage_is_not_multiplied(policy: FallbackPolicy | None, at_once: int) -> None:
    vendors = [Vendor(is_down=True) for _ in range(3)]
    async with routed(*vendors, policy=policy) as (llm, servers):
        assert await call_all(llm, at_once) == 0
        sent = [len(server.exchanges) for server in servers]

    assert sum(sent) <= 1.1 * CALLS + 10 * len(vendors)
    if policy is NO_BREAKER:
        assert sent[0] >= CALLS
    else:
        assert sum(sent) < CALLS


@pytest.mark.parametrize("at_once", [1, 50], ids=["in turn", "50 at once"])
@pytest.mark.parametrize("policy", [NO_BREAKER, None], ids=["without breakers", "with breakers"])
async def test_outage_of_the_first_target_costs_no_call_its_answer(policy: FallbackPolicy | None, at_once: int) -> None:
    async with routed(Vendor(is_down=True), Vendor(), policy=policy) as (llm, servers):
        assert await call_all(llm, at_once) == CALLS
        sent = [len(server.exchanges) for server in servers]

    assert sent[1] == CALLS
    assert sent[0] == CALLS if policy is NO_BREAKER else sent[0] < CALLS / 2


async def test_first_target_is_asked_again_once_it_is_back() -> None:
    near, far = Vendor(is_down=True), Vendor()
    async with routed(near, far, policy=NO_BREAKER) as (llm, servers):
        await call_all(llm, 50)
        near.is_down = False
        before = len(servers[1].exchanges)

        assert await call_all(llm, 50) == CALLS
        assert len(servers[1].exchanges) == before


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
async def test_fallback_cancelled_at_any_await_leaves_nothing(streamed: bool) -> None:
    before = asyncio.all_tasks()
    ctx = LLMContext(budget_usd="1000")
    assert ctx.budget is not None
    results: list[object] = []
    async with routed(Vendor(is_down=True), Vendor(), policy=NO_BREAKER) as (llm, servers):

        async def call() -> str:
            if streamed:
                return (await llm.stream_answer("Hi", ctx, max_tokens=10).get_response()).text
            return (await llm.get_answer("Hi", ctx, max_tokens=10)).text

        for steps in range(10_000):
            task = asyncio.create_task(call())
            for _ in range(steps):
                await asyncio.sleep(0)
                if task.done():
                    break
            task.cancel()
            results += await asyncio.gather(task, return_exceptions=True)
            if results[-10:] == ["fine"] * 10:
                break
        budgets = [target.retry_budget for target in llm.targets]
        assert [budget.tokens for budget in budgets] == [100, 100]
        assert [budget.waiting for budget in budgets] == [0, 0]
        assert (await llm.get_answer("Hi")).text == "fine"
        for budget in budgets:
            # Nobody is on the way any more: a call that finds the bucket empty is turned away at once.
            budget.tokens = 0
            async with asyncio.timeout(20):
                assert not await budget.admit_from_elsewhere(inf)

    for server in servers:
        await connections_gone(server)
    assert foreign_tasks(before) == set()
    assert {type(result) for result in results} == {str, asyncio.CancelledError}
    assert sum(type(result) is asyncio.CancelledError for result in results) > 5
    assert ctx.budget.reserved == 0


async def test_stream_that_breaks_before_its_first_event_moves_on() -> None:
    async def cut(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.send(stream("one")[0])
        exchange.reset()

    async with raw_server(cut) as near, raw_server(Vendor().handle) as far:
        async with create(near.url).with_fallback(create(far.url)) as llm:
            answer = await llm.stream_answer("Hi").get_response()
        await connections_gone(near)
        await connections_gone(far)

    assert answer.text == "fine"
    assert [(attempt.outcome, attempt.maybe_charged) for attempt in answer.attempts] == [
        ("ProtocolError", True),
        ("ok", False),
    ]
