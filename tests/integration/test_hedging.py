"""Hedging over real sockets: when a call is sent twice, who wins, and what becomes of the other one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest

from core.llms import (
    BaseLLM,
    ConfigurationError,
    HedgePolicy,
    LLMContext,
    LLMResponse,
    Middleware,
    ServerError,
    balance,
)
from core.llms.runtime.hedging import Latencies
from tests.integration.routes import create, outcomes
from tests.support.chat_bytes import completion
from tests.support.raw_server import Exchange, RawServer, raw_server
from tests.support.settling import connections_gone, foreign_tasks

LEARNED = 40  # calls after which a quantile is known, none of them sent twice, and two more may be
POLICY = HedgePolicy(minimum_calls=LEARNED)


class Vendor:
    """Answers at once, but for requests that a test holds back or spoils, by their numbers."""

    def __init__(self) -> None:
        self.held: set[int] = set()
        self.spoilt: set[int] = set()
        self.released = asyncio.Event()
        self.gone: list[int] = []

    async def handle(self, exchange: Exchange) -> None:
        if exchange.number in self.held:
            release, gone = (
                asyncio.create_task(self.released.wait()),
                asyncio.create_task(exchange.client_gone()),
            )
            await asyncio.wait({release, gone}, return_when=asyncio.FIRST_COMPLETED)
            release.cancel()
            if gone.done():
                self.gone.append(exchange.number)
                return
            gone.cancel()
        if exchange.number in self.spoilt:
            await exchange.answer(b"{}", "500 Internal Server Error")
        else:
            await exchange.answer(completion(f"answer {exchange.number}"))


@asynccontextmanager
async def hedged(policy: HedgePolicy = POLICY) -> AsyncIterator[tuple[BaseLLM, Vendor, RawServer]]:
    """An LLM that has learned how long answers take."""
    vendor = Vendor()
    async with raw_server(vendor.handle) as server, create(server.url).with_hedging(policy) as llm:
        for _ in range(LEARNED):
            await llm.get_answer("Hi")
        yield llm, vendor, server


async def wait_for(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.001)


async def test_slow_call_is_sent_once_more_and_the_first_answer_wins() -> None:
    before = asyncio.all_tasks()
    async with hedged() as (llm, vendor, server):
        vendor.held.add(LEARNED + 1)
        ctx = LLMContext(budget_usd="1")
        answer = await llm.get_answer("Hi", ctx, max_tokens=10)
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0
        await wait_for(lambda: vendor.gone == [LEARNED + 1])

        assert answer.text == f"answer {LEARNED + 2}"
        assert outcomes(answer) == ["ok", "cancelled"]
        assert (await llm.get_answer("Hi")).text.startswith("answer")

    await connections_gone(server)
    assert foreign_tasks(before) == set()
    won, lost = answer.attempts
    assert ctx.budget is not None
    assert won.cost is not None
    assert lost.cost is not None
    assert (ctx.ledger.call_count, ctx.ledger.attempt_count, ctx.ledger.maybe_charged_count) == (1, 2, 1)
    assert (ctx.cost, ctx.ledger.maybe_charged_cost) == (won.cost, lost.cost)
    assert [ctx.budget.spent, ctx.budget.reserved] == [won.cost + lost.cost, Decimal(0)]


async def test_first_call_may_win_after_all() -> None:
    async with hedged() as (llm, vendor, server):
        vendor.held |= {LEARNED + 1, LEARNED + 2}
        calling = asyncio.create_task(llm.get_answer("Hi"))
        await wait_for(lambda: len(server.exchanges) == LEARNED + 2)
        vendor.held.clear()
        vendor.released.set()
        answer = await calling

    assert answer.text in (f"answer {LEARNED + 1}", f"answer {LEARNED + 2}")
    assert "ok" in outcomes(answer)


async def test_error_of_one_waits_for_the_other() -> None:
    async with hedged() as (llm, vendor, server):
        vendor.held.add(LEARNED + 1)
        vendor.spoilt |= set(range(LEARNED + 2, LEARNED + 9))
        calling = asyncio.create_task(llm.get_answer("Hi"))
        await wait_for(lambda: len(server.exchanges) == LEARNED + 4)  # the second, and its two retries
        vendor.released.set()
        answer = await calling

    assert answer.text == f"answer {LEARNED + 1}"
    assert outcomes(answer) == ["ServerError"] * 3 + ["ok"]


async def test_error_of_both_is_the_first_one_s() -> None:
    async with hedged() as (llm, vendor, server):
        vendor.held.add(LEARNED + 1)
        vendor.spoilt |= set(range(LEARNED + 1, LEARNED + 20))
        calling = asyncio.create_task(llm.get_answer("Hi"))
        await wait_for(lambda: len(server.exchanges) == LEARNED + 4)
        vendor.released.set()
        with pytest.raises(ServerError) as caught:
            await calling

    assert outcomes(caught.value) == ["ServerError"] * 6


async def test_cancelled_call_cancels_both() -> None:
    before = asyncio.all_tasks()
    async with hedged() as (llm, vendor, server):
        vendor.held |= {LEARNED + 1, LEARNED + 2}
        ctx = LLMContext(budget_usd="1")
        calling = asyncio.create_task(llm.get_answer("Hi", ctx, max_tokens=10))
        await wait_for(lambda: len(server.exchanges) == LEARNED + 2)
        calling.cancel()
        await asyncio.gather(calling, return_exceptions=True)
        await wait_for(lambda: sorted(vendor.gone) == [LEARNED + 1, LEARNED + 2])

    await connections_gone(server)
    assert foreign_tasks(before) == set()
    assert [attempt.outcome for attempt in ctx.ledger] == ["cancelled", "cancelled"]
    assert ctx.budget is not None
    assert ctx.budget.reserved == 0


async def test_cancellation_at_the_moment_of_the_second_answer_is_not_lost() -> None:
    calling: asyncio.Task[LLMResponse] | None = None

    class CancelledWithTheSecondAnswer(Middleware):
        async def attempt(self, request: Any, ctx: LLMContext, attempt_next: Callable[..., Awaitable[Any]]) -> Any:
            answer = await attempt_next(request, ctx)
            if calling is not None:
                # Heard in the same round of the event loop as the answer itself.
                asyncio.get_running_loop().call_soon(calling.cancel)
            return answer

    async with hedged() as (llm, vendor, server), llm.with_middleware(CancelledWithTheSecondAnswer()) as watched:
        for _ in range(LEARNED):
            await watched.get_answer("Hi")
        vendor.held.add(2 * LEARNED + 1)
        calling = asyncio.create_task(watched.get_answer("Hi"))
        with pytest.raises(asyncio.CancelledError):
            await calling
        assert len(server.exchanges) == 2 * LEARNED + 2
    await connections_gone(server)


async def test_hedged_calls_cancelled_at_any_moment_leave_nothing() -> None:
    before = asyncio.all_tasks()

    async def handle(exchange: Exchange) -> None:
        await asyncio.sleep(0 if exchange.number <= 10 else 0.01)
        await exchange.answer(completion())

    ctx = LLMContext(budget_usd="1")
    assert ctx.budget is not None
    policy = HedgePolicy(quantile=0.001, max_share=1, minimum_calls=10)  # nearly every call is sent twice
    results: list[object] = []
    async with raw_server(handle) as server, create(server.url).with_hedging(policy) as llm:
        for _ in range(10):
            await llm.get_answer("Hi")
        for step in range(60):
            task = asyncio.create_task(llm.get_answer("Hi", ctx, max_tokens=10))
            for _ in range(step % 12):
                await asyncio.sleep(0)
            await asyncio.sleep(step // 12 * 0.004)
            task.cancel()
            results += await asyncio.gather(task, return_exceptions=True)

    await connections_gone(server)
    assert foreign_tasks(before) == set()
    assert {type(result) for result in results} >= {asyncio.CancelledError}
    assert ctx.budget.reserved == 0
    assert ctx.cost + ctx.ledger.maybe_charged_cost == ctx.budget.spent


async def test_few_calls_are_sent_twice() -> None:
    quick, slow = 20, 40

    async def handle(exchange: Exchange) -> None:
        await asyncio.sleep(0 if exchange.number <= quick else 0.05)
        await exchange.answer(completion())

    policy = HedgePolicy(quantile=0.001, minimum_calls=quick)  # every slow one is slower than this
    async with raw_server(handle) as server, create(server.url).with_hedging(policy) as llm:
        for _ in range(quick + slow):
            await llm.get_answer("Hi")
        sent = len(server.exchanges)

    assert quick + slow < sent <= (quick + slow) * 1.05


async def test_no_call_is_sent_twice_before_enough_is_known() -> None:
    vendor = Vendor()
    async with raw_server(vendor.handle) as server, create(server.url).with_hedging() as llm:
        vendor.held.add(1)
        calling = asyncio.create_task(llm.get_answer("Hi"))
        await wait_for(lambda: len(server.exchanges) == 1)
        vendor.released.set()
        await calling

    assert len(server.exchanges) == 1


async def test_target_in_trouble_is_not_sent_more() -> None:
    async with hedged() as (llm, vendor, server):
        llm.target.retry_budget.tokens = 40
        vendor.held.add(LEARNED + 1)
        calling = asyncio.create_task(llm.get_answer("Hi"))
        await wait_for(lambda: len(server.exchanges) == LEARNED + 1)
        await asyncio.sleep(0.1)
        vendor.released.set()
        assert outcomes(await calling) == ["ok"]


async def test_route_is_hedged_target_by_target() -> None:
    first, second = Vendor(), Vendor()
    async with (
        raw_server(first.handle) as one,
        raw_server(second.handle) as two,
        balance(create(one.url), create(two.url)).with_hedging(POLICY) as llm,
    ):
        for _ in range(2 * LEARNED):
            await llm.get_answer("Hi")
        first.held.add(LEARNED + 1)
        second.held.add(LEARNED + 1)
        answers = [await llm.get_answer("Hi") for _ in range(2)]

    assert [outcomes(answer) for answer in answers] == [["ok", "cancelled"]] * 2
    assert [{attempt.account for attempt in answer.attempts} for answer in answers] == [
        {target.account} for target in llm.targets
    ]
    assert (len(one.exchanges), len(two.exchanges)) == (LEARNED + 2, LEARNED + 2)


def test_quantile_is_that_of_the_latest_answers() -> None:
    latencies = Latencies(HedgePolicy())
    known = []
    for answers in (range(19), range(19, 100), [7] * 200):
        for seconds in answers:
            latencies.add(seconds)
        known.append(latencies.quantile)

    assert known == [None, 95, 7]


@pytest.mark.parametrize(
    "wrong", [{"quantile": 0}, {"quantile": 1}, {"max_share": 0}, {"max_share": 1.5}, {"minimum_calls": 0}]
)
def test_policy_refuses_what_makes_no_sense(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError):
        HedgePolicy(**wrong)  # type: ignore[arg-type]  # that is the point
