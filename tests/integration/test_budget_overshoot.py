"""Processes that spend from one budget at once, one of which is killed in the midst of its calls."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import signal
import time

import pytest

from core.llms import BudgetsMiddleware
from tests.support.budget_spenders import COST, RESERVED, budgets, spend
from tests.support.budget_stores import opened_store
from tests.support.chat_bytes import completion
from tests.support.raw_server import Exchange, raw_server

LIMIT = 60 * COST
AT_ONCE = 3


@pytest.mark.parametrize("kind", ["postgresql", "redis"])
async def test_processes_take_no_more_than_the_limit_though_one_is_killed(
    kind: str, request: pytest.FixtureRequest
) -> None:
    place: str = request.getfixturevalue(f"{kind}_url")
    billed: dict[str, int] = {"v": 0, "s": 0}
    held = asyncio.Event()

    async def serve(exchange: Exchange) -> None:
        user = json.loads(exchange.body)["messages"][0]["content"][0]
        billed[user] += 1
        if user == "v" and billed["v"] > 2 * AT_ONCE:
            # What the victim is asking when it dies is billed, too.
            if billed["v"] == 3 * AT_ONCE:
                held.set()
            await asyncio.Event().wait()
        if user == "s":
            await held.wait()
        await exchange.answer(completion())

    async with opened_store(place) as store, raw_server(serve) as server:
        guard = BudgetsMiddleware(budgets(LIMIT), store=store)
        await guard.status()
        context = multiprocessing.get_context("spawn")
        start = context.Barrier(3)
        victim, *others = (
            context.Process(target=spend, args=(start, place, server.url, LIMIT, user, AT_ONCE))
            for user in ("v1", "s1", "s2")
        )
        for process in (victim, *others):
            process.start()
        async with asyncio.timeout(100):
            await held.wait()
        victim.kill()
        for process in (victim, *others):
            await asyncio.to_thread(process.join, 100)
        assert [process.exitcode for process in (victim, *others)] == [-signal.SIGKILL, 0, 0]

        bill = sum(billed.values()) * COST
        assert bill <= LIMIT
        (now,) = await guard.status()
        assert now.reserved_usd is not None
        assert now.remaining_usd is not None
        assert now.reserved_usd >= AT_ONCE * RESERVED
        assert now.remaining_usd < RESERVED

        later = BudgetsMiddleware(budgets(LIMIT), store=store, clock=lambda: time.time() + 1_000)
        (after,) = await later.status()
        assert after.spent_usd is not None
        assert bill <= after.spent_usd <= LIMIT
        assert after.reserved_usd == 0
