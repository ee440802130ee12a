"""Processes that share rate limits through a store, one of which is killed; what each did is kept in files."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, time
from typing import Any

from core.llms.context import LLMContext
from core.llms.runtime.limits.meters import Cost
from core.llms.runtime.limits.redis_store import RedisLimitStore
from core.llms.runtime.rate_limiter import LimitStore, RateLimiter
from core.llms.runtime.target import Target
from core.llms.types.limits import Decision, Demand, Settlement

TARGET = Target("p", "m")
RESERVED, USED = Cost(1, 20, 80), Cost(1, 20, 30)
PLACES = 24
LEASE_SECONDS = 1.0
HOLD_SECONDS = 0.05


@dataclass(frozen=True)
class Plan:
    """What the processes do together: `rate` requests a second are allowed, and tokens for as many."""

    place: str
    folder: str
    rate: int
    seconds: float
    processes: int = 8
    callers: int = 12

    @property
    def burst(self) -> int:
        """How many may be let in at once."""
        return self.rate

    def limiter(self, store: LimitStore) -> RateLimiter:
        """The limits, the same in every process."""
        return RateLimiter(
            requests_per_minute=self.rate * 60,
            tokens_per_minute=self.rate * 60 * USED.tokens,
            concurrent_requests=PLACES,
            burst_share=1 / 60,
            lease_seconds=LEASE_SECONDS,
            store=store,
            store_timeout_seconds=30.0,
            when_store_fails="closed",
        )


@dataclass
class Log:
    """What was seen: moments of being let in and of leaving, and how long each step of the store took, in seconds."""

    spans: list[tuple[float, float]] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)

    def highest_excess(self, plan: Plan, begin: float) -> float:
        """By how many requests what was let in was ever above what the limit allows until then; below 0: never."""
        moments = sorted(entered for entered, _ in self.spans)
        allowed = (plan.burst + plan.rate * (moment - begin) for moment in moments)
        return max((count - limit for count, limit in enumerate(allowed, 1)), default=0.0)

    def most_at_once(self) -> int:
        """How many were inside together, at most."""
        changes = sorted([(entered, 1) for entered, _ in self.spans] + [(left, -1) for _, left in self.spans])
        most = now = 0
        for _, change in changes:
            now += change
            most = max(most, now)
        return most


class Timed:
    """A store whose reservations are timed."""

    is_local = False

    def __init__(self, store: LimitStore, steps: list[float]) -> None:
        self._store = store
        self._steps = steps

    async def reserve(self, demand: Demand) -> Decision:
        begin = perf_counter()
        decision = await self._store.reserve(demand)
        self._steps.append(perf_counter() - begin)
        return decision

    async def settle(self, settlement: Settlement) -> None:
        await self._store.settle(settlement)

    async def renew(self, key: str, lease_ids: Sequence[str], seconds: float) -> None:
        await self._store.renew(key, lease_ids, seconds)

    async def aclose(self) -> None:
        await self._store.aclose()


@asynccontextmanager
async def opened(place: str) -> AsyncIterator[LimitStore]:
    """The store at a URL, which stands ready."""
    if place.startswith("redis"):
        store = RedisLimitStore(place)
        try:
            yield store
        finally:
            await store.aclose()
        return
    from core.llms.storage.database import Database
    from core.llms.storage.limit_store import DatabaseLimitStore

    async with Database(place) as database:
        yield DatabaseLimitStore(database)


def work(start: Any, plan: Plan, number: int) -> None:
    """Ask to be let in from several callers at once, again and again, until the time is over."""
    asyncio.run(_work(start, plan, number))


async def _work(start: Any, plan: Plan, number: int) -> None:
    log = Path(plan.folder) / f"{number}.jsonl"
    steps: list[float] = []
    async with opened(plan.place) as store:
        await store.reserve(Demand(f"warm-{number}", ()))
        limits = plan.limiter(Timed(store, steps)).limits_of(TARGET)
        with log.open("w", buffering=1) as lines:
            for _ in ("all are ready", "go"):
                await asyncio.to_thread(start.wait, 90)
            until = time() + plan.seconds

            async def call() -> None:
                while time() < until:
                    grant = await limits.enter(RESERVED, LLMContext(), TARGET)
                    entered = time()
                    print(json.dumps(["in", entered]), file=lines)
                    await asyncio.sleep(HOLD_SECONDS)
                    print(json.dumps(["span", entered, time()]), file=lines)
                    await limits.leave(grant, USED, None)

            await asyncio.gather(*(call() for _ in range(plan.callers)))
            print(json.dumps(["steps", steps]), file=lines)


async def run(plan: Plan) -> tuple[Log, float, float]:
    """Run them all, kill the first at half time; return what was seen, when they began and when they ended."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(plan.processes + 1)
    processes = [context.Process(target=work, args=(start, plan, number)) for number in range(plan.processes)]
    for process in processes:
        process.start()
    await asyncio.to_thread(start.wait, 90)
    begin = time()
    await asyncio.to_thread(start.wait, 90)
    await asyncio.sleep(plan.seconds / 2)
    assert processes[0].pid is not None
    os.kill(processes[0].pid, signal.SIGKILL)
    for process in processes:
        await asyncio.to_thread(process.join, plan.seconds + 60)
    codes = [process.exitcode for process in processes]
    if codes != [-signal.SIGKILL, *([0] * (plan.processes - 1))]:
        raise RuntimeError(f"the processes ended with {codes}")
    return _read(Path(plan.folder)), begin, begin + plan.seconds


def _read(folder: Path) -> Log:
    log = Log()
    for path in sorted(folder.glob("*.jsonl")):
        open_ones: list[float] = []
        last = 0.0
        for line in path.read_text().splitlines():
            kind, *values = json.loads(line)
            match kind:
                case "in":
                    open_ones.append(values[0])
                    last = values[0]
                case "span":
                    open_ones.remove(values[0])
                    log.spans.append((values[0], values[1]))
                    last = values[1]
                case _:
                    log.steps.extend(values[0])
        # Those of the one that was killed ended with it.
        log.spans.extend((entered, last) for entered in open_ones)
    return log
