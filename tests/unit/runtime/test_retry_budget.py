"""The bucket of retries, for calls that come over from another target: a burst is let over, an outage is not."""

from __future__ import annotations

import asyncio
import os
from math import inf
from time import monotonic

import pytest

from core.llms.runtime.retry_budget import Outcome, RetryBudget


class Elsewhere:
    """Calls that come over to a target, whose answers come when the test says so."""

    def __init__(self, budget: RetryBudget, outcome: Outcome) -> None:
        self.budget = budget
        self.outcome = outcome
        self.let_in = 0
        self.turned_away = 0
        self.most_at_once = 0
        self.at_once = 0
        self.go_on = asyncio.Event()

    async def come(self) -> None:
        if not await self.budget.admit_from_elsewhere(inf):
            self.turned_away += 1
            return
        self.let_in += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.go_on.wait()
        self.at_once -= 1
        self.budget.settle_from_elsewhere(self.outcome)


async def come_in_a_burst(outcome: Outcome, count: int) -> Elsewhere:
    calls = Elsewhere(RetryBudget(), outcome)
    tasks = [asyncio.create_task(calls.come()) for _ in range(count)]
    await asyncio.sleep(0)
    assert (calls.let_in, calls.turned_away) == (10, 0)
    calls.go_on.set()
    await asyncio.gather(*tasks)
    return calls


async def test_healthy_target_takes_over_a_whole_burst() -> None:
    calls = await come_in_a_burst("success", 400)

    assert (calls.let_in, calls.turned_away) == (400, 0)
    assert calls.budget.tokens == 100


async def test_dead_target_is_sent_ten_of_a_burst() -> None:
    calls = await come_in_a_burst("failure", 400)

    assert (calls.let_in, calls.turned_away) == (10, 390)
    assert calls.budget.tokens == 0


async def test_cancelled_calls_let_others_in_their_places() -> None:
    calls = await come_in_a_burst("unknown", 40)

    assert (calls.let_in, calls.turned_away, calls.most_at_once) == (40, 0, 10)
    assert calls.budget.tokens == 100


@pytest.mark.parametrize("let_in_first", [False, True])
async def test_waiter_that_is_cancelled_leaves_its_place_to_the_next(let_in_first: bool) -> None:
    budget = RetryBudget()
    for _ in range(10):
        assert await budget.admit_from_elsewhere(inf)
    waiting = [asyncio.create_task(budget.admit_from_elsewhere(inf)) for _ in range(2)]
    await asyncio.sleep(0)

    if let_in_first:
        budget.settle_from_elsewhere("unknown")
        waiting[0].cancel()
    else:
        waiting[0].cancel()
        await asyncio.sleep(0)
        budget.settle_from_elsewhere("unknown")

    assert await waiting[1]
    assert waiting[0].cancelled() or waiting[0].exception() is not None


async def test_waiter_does_not_wait_beyond_the_deadline() -> None:
    budget = RetryBudget()
    for _ in range(10):
        assert await budget.admit_from_elsewhere(inf)

    assert not await budget.admit_from_elsewhere(monotonic() + 0.01)

    budget.settle_from_elsewhere("success")
    assert budget.tokens == 10


async def test_waiter_of_another_loop_is_woken() -> None:
    budget = RetryBudget()
    for _ in range(10):
        assert await budget.admit_from_elsewhere(inf)
    waiting = asyncio.create_task(asyncio.to_thread(asyncio.run, budget.admit_from_elsewhere(inf)))
    while not budget.waiting:
        await asyncio.sleep(0.001)

    budget.settle_from_elsewhere("success")

    async with asyncio.timeout(10):
        assert await waiting


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_child_of_a_fork_waits_for_no_call_of_its_parent() -> None:
    budget = RetryBudget()

    async def come_over() -> bool:
        return await budget.admit_from_elsewhere(monotonic() + 20)

    assert all(asyncio.run(come_over()) for _ in range(10))
    child = os.fork()
    if child == 0:
        begin = monotonic()
        os._exit(0 if not asyncio.run(come_over()) and monotonic() - begin < 10 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
