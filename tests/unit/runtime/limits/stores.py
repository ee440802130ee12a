"""The stores of limits, each over a real server, by a clock that a test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.llms.runtime.limits.redis_store import RedisLimitStore
from core.llms.runtime.rate_limiter import LimitStore, MemoryLimitStore
from core.llms.storage.database import Database
from core.llms.storage.limit_store import DatabaseLimitStore
from core.llms.types.limits import Demand, LeaseDemand, Spend
from tests.support.clocks import Clock

KINDS = ("memory", "sqlite", "postgresql", "redis")


@asynccontextmanager
async def opened(place: str, clock: Clock | None) -> AsyncIterator[LimitStore]:
    """Open the store at a URL; `memory` is none."""
    if place == "memory":
        yield MemoryLimitStore() if clock is None else MemoryLimitStore(clock)
    elif place.startswith(("redis", "unix")):
        store = RedisLimitStore(place, clock=clock)
        try:
            yield store
        finally:
            await store.aclose()
    else:
        async with Database(place, upgrade=True) as database:
            yield DatabaseLimitStore(database, clock=clock)


def demand(key: str = "k", cost: float = 1.0, burst: float = 10.0, lease: LeaseDemand | None = None) -> Demand:
    return Demand(key, (Spend("requests_per_minute", cost, burst),), lease)
