"""Several processes that spend from one budget at once, one of which is killed in the midst of its calls."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import signal
import time
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from core.llms import BudgetsMiddleware
from tests.support.budget_spenders import COST, RESERVED, budgets, spend
from tests.support.budget_stores import opened_store
from tests.support.chat_bytes import completion
from tests.support.raw_server import Exchange, raw_server

AT_ONCE = 3


@dataclass(frozen=True)
class Spent:
    """What was billed of a limit, what is set aside and what is left, and what counts once the leases have ended."""

    limit: Decimal
    calls: int
    billed: Decimal
    reserved: Decimal
    remaining: Decimal
    spent_in_the_end: Decimal
    reserved_in_the_end: Decimal

    @property
    def held(self) -> bool:
        """Whether the limit held, all that could be used was used, and the killed one's calls count."""
        ended = self.billed <= self.spent_in_the_end <= self.limit and self.reserved_in_the_end == 0
        return ended and self.reserved >= AT_ONCE * RESERVED and self.remaining < RESERVED


class _Vendor:
    """Bills calls; those of the victim hang after its first few, those of the others wait until it hangs."""

    def __init__(self) -> None:
        self.billed: Counter[str] = Counter()
        self.victim_hangs = asyncio.Event()

    async def serve(self, exchange: Exchange) -> None:
        user = json.loads(exchange.body)["messages"][0]["content"][0]
        self.billed[user] += 1
        if user == "v" and self.billed["v"] > 2 * AT_ONCE:
            # What the victim is asking when it dies is billed, too.
            if self.billed["v"] == 3 * AT_ONCE:
                self.victim_hangs.set()
            await asyncio.Event().wait()
        if user == "s":
            await self.victim_hangs.wait()
        await exchange.answer(completion())


async def spend_from_many(place: str, processes: int, limit: Decimal) -> Spent:
    """Let processes call until the budget refuses, kill the first with calls under way, and say what became of it."""
    vendor = _Vendor()
    async with opened_store(place) as store, raw_server(vendor.serve) as server:
        guard = BudgetsMiddleware(budgets(limit), store=store, store_timeout_seconds=60)
        await guard.status()
        await _run(vendor, place, server.url, processes, limit)
        (now,) = await guard.status()
        (after,) = await BudgetsMiddleware(
            budgets(limit), store=store, store_timeout_seconds=60, clock=lambda: time.time() + 1_000
        ).status()
    assert now.reserved_usd is not None
    assert now.remaining_usd is not None
    assert after.spent_usd is not None
    assert after.reserved_usd is not None
    calls = vendor.billed.total()
    return Spent(limit, calls, calls * COST, now.reserved_usd, now.remaining_usd, after.spent_usd, after.reserved_usd)


async def _run(vendor: _Vendor, place: str, url: str, processes: int, limit: Decimal) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(processes)
    users = ("v", *(f"s{number}" for number in range(1, processes)))
    started = [context.Process(target=spend, args=(start, place, url, limit, user, AT_ONCE)) for user in users]
    for process in started:
        process.start()
    async with asyncio.timeout(100):
        await vendor.victim_hangs.wait()
    started[0].kill()
    for process in started:
        await asyncio.to_thread(process.join, 100)
    assert [process.exitcode for process in started] == [-signal.SIGKILL, *[0] * (processes - 1)]
