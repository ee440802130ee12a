"""A store that is away, hangs or fails: calls pass by the limits of this process, or are refused, as was chosen."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import redis.asyncio

from core.llms import LimitReachedError, LLMContext, RateLimiter, StorageError
from core.llms.runtime.limits.redis_store import RedisLimitStore
from core.llms.types.limits import Decision, Demand, LeaseDemand, Settlement
from tests.support.clocks import Clock, stopwatch
from tests.unit.runtime.limits.admission import ONE, TARGET, enter
from tests.unit.runtime.limits.stores import demand

AWAY = "redis://127.0.0.1:9/0"
CANARY = "canary-5d1e"


@asynccontextmanager
async def limited(url: str, clock: Any, **options: Any) -> AsyncIterator[RateLimiter]:
    store = RedisLimitStore(url)
    try:
        yield RateLimiter(store=store, clock=clock, learns=False, **options)
    finally:
        await store.aclose()


@asynccontextmanager
async def silent_server() -> AsyncIterator[str]:
    """Takes connections, and never says a word."""
    writers = []

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    try:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
    finally:
        server.close()
        for writer in writers:
            writer.close()


async def test_open_goes_on_by_the_limits_of_this_process(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    async with limited(AWAY, clock, requests_per_minute=2, when_store_fails="open") as limiter:
        limits = limiter.limits_of(TARGET)
        with caplog.at_level(logging.WARNING, "core.llms.limits"):
            for _ in range(2):
                await limits.leave(await enter(limits, LLMContext()), ONE, None)
            ctx = LLMContext()
            ctx.deadline_monotonic = clock.now + 5
            with pytest.raises(LimitReachedError):
                await enter(limits, ctx)

    assert len(caplog.records) == 1
    assert "the store of rate limits is down, each process goes by its own limits: Redis failed" in caplog.text
    assert (limiter.statistics.store_failures, limiter.statistics.admitted_without_store) == (1, 2)


async def test_closed_refuses_calls() -> None:
    async with limited(AWAY, Clock(), requests_per_minute=2, when_store_fails="closed") as limiter:
        for reason in ("Redis failed", "it failed a moment ago"):
            with pytest.raises(StorageError, match=f"the store of rate limits is down, .*{reason}"):
                await enter(limiter.limits_of(TARGET), LLMContext())

    assert limiter.statistics.admitted_without_store == 0


async def test_store_that_hangs_is_waited_for_a_bounded_time_and_once() -> None:
    async with silent_server() as url:
        options = {"requests_per_minute": 100, "store_timeout_seconds": 0.1}
        async with limited(url, Clock(), **options) as limiter, stopwatch() as watch:
            limiter._keeper._has_answered = True
            limits = limiter.limits_of(TARGET)
            for _ in range(20):
                await enter(limits, LLMContext())

    assert watch.own_seconds < 1.0
    assert (limiter.statistics.store_failures, limiter.statistics.admitted_without_store) == (1, 20)


async def test_store_that_is_back_is_used_again(redis_url: str, caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    async with limited(redis_url, clock, requests_per_minute=1) as limiter:
        limits = limiter.limits_of(TARGET)
        limiter._keeper._note_failure(StorageError("it was away"))
        with caplog.at_level(logging.WARNING, "core.llms.limits"):
            await enter(limits, LLMContext())
            clock.now += 6
            await enter(limits, LLMContext())
        store = RedisLimitStore(redis_url)
        # The second was reserved there.
        kept = await store.reserve(demand(key="p/m/", cost=1.0, burst=60.0))
        await store.aclose()

    assert "the store of rate limits is back" in caplog.text
    assert not kept.granted
    assert limiter.statistics.admitted_without_store == 1


class Slow:
    """A store that says what it decided only when it is let, to be cancelled meanwhile."""

    is_local = False

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.settled: list[Settlement] = []

    async def reserve(self, demand: Demand) -> Decision:
        await self.go.wait()
        return Decision(True, 0.0, {"requests_per_minute": 1.0})

    async def settle(self, settlement: Settlement) -> None:
        self.settled.append(settlement)

    async def renew(self, key: str, lease_ids: Any, seconds: float) -> None:
        raise AssertionError("nothing runs long enough")

    async def aclose(self) -> None:
        """There is nothing to close."""


async def test_what_was_granted_to_one_who_left_meanwhile_is_given_back() -> None:
    store = Slow()
    limits = RateLimiter(requests_per_minute=60, concurrent_requests=3, store=store).limits_of(TARGET)
    asking = asyncio.create_task(enter(limits, LLMContext()))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert store.settled == []
    store.go.set()
    while not store.settled:
        await asyncio.sleep(0.001)

    (given_back,) = store.settled
    assert given_back.shifts == {"requests_per_minute": -1.0}
    assert given_back.lease_id is not None


async def test_lease_of_a_long_attempt_is_renewed(redis_url: str) -> None:
    clock = Clock()
    store = RedisLimitStore(redis_url, clock=clock)
    limits = RateLimiter(store=store, concurrent_requests=1, lease_seconds=0.3).limits_of(TARGET)
    other = Demand("p/m/", (), LeaseDemand("other", 1, 0.1))
    grant = await enter(limits, LLMContext())
    async with redis.asyncio.Redis.from_url(redis_url) as client:
        for _ in range(5):
            clock.now += 0.2
            while await ends_at(client) < clock.now + 0.29:
                await asyncio.sleep(0.002)
    taken = await store.reserve(other)
    await limits.leave(grant, ONE, None)
    free = await store.reserve(other)
    await store.aclose()

    assert (taken.granted, free.granted) == (False, True)


async def ends_at(client: Any) -> float:
    """When the only place that is taken is free again."""
    ((_, moment),) = await client.zrange("core-llms:limits:{p/m/}:places", 0, -1, withscores=True)
    return float(moment)


def test_address_of_redis_is_not_told() -> None:
    store = RedisLimitStore(f"redis://:{CANARY}@127.0.0.1:9/0")

    async def ask() -> None:
        with pytest.raises(StorageError) as caught:
            await store.reserve(demand())
        assert CANARY not in f"{caught.value!r} {caught.value} {store!r}"
        await store.aclose()

    asyncio.run(ask())
