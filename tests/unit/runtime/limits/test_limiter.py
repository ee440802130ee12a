"""The limiter in one process: exact waits, order, deadlines, cancellation, threads. Time passes at once here."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections import Counter

import pytest

from core.llms import ConfigurationError, CostAboveLimitError, LimitReachedError, LLMContext, RateLimiter, RateLimits
from core.llms.registry import current
from core.llms.registry.provider_registry import ProviderRegistry
from core.llms.runtime.limits.meters import Cost
from tests.support.clocks import Clock
from tests.support.virtual_time import run_virtually
from tests.unit.runtime.limits.admission import (
    ONE,
    TARGET,
    context,
    enter,
    in_virtual_time,
    limiter,
    settle_down,
    start,
)


@in_virtual_time
async def test_attempts_pass_at_the_very_moment_at_which_they_may() -> None:
    limits = limiter(requests_per_minute=60, burst_share=0.05).limits_of(TARGET)
    log: list[tuple[int, float]] = []
    contexts = [context() for _ in range(6)]
    await asyncio.gather(*(start(limits, log, number, ctx=ctx) for number, ctx in enumerate(contexts)))

    assert log == [(0, 0.0), (1, 0.0), (2, 0.0), (3, 1.0), (4, 2.0), (5, 3.0)]
    assert [ctx.queued_seconds for ctx in contexts] == [0.0, 0.0, 0.0, 1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("name", "limit", "at_once", "seconds"),
    [
        ("requests_per_minute", 30, 30, 2.0),
        ("tokens_per_minute", 6000, 60, 1.0),
        ("input_tokens_per_minute", 300, 30, 2.0),
        ("output_tokens_per_minute", 1800, 20, 3.0),
        ("requests_per_day", 2, 2, 43_200.0),
        ("tokens_per_day", 300, 3, 28_800.0),
    ],
)
def test_every_limit_holds(name: str, limit: int, at_once: int, seconds: float) -> None:
    async def check() -> None:
        limits = limiter(**{name: limit}).limits_of(TARGET)
        log: list[tuple[int, float]] = []
        await asyncio.gather(*(start(limits, log, number) for number in range(at_once + 2)))

        assert [moment for _, moment in log] == [*([0.0] * at_once), pytest.approx(seconds), pytest.approx(2 * seconds)]

    run_virtually(check())


@in_virtual_time
async def test_what_was_not_used_lets_the_next_one_in_at_once() -> None:
    limits = limiter(tokens_per_minute=100).limits_of(TARGET)
    log: list[tuple[str, float]] = []
    grant = await enter(limits, context())
    waiting = start(limits, log, "next", cost=Cost(1, 10, 40))
    await settle_down()
    assert log == []
    await limits.leave(grant, Cost(1, 10, 15), None)
    await waiting

    assert log == [("next", 0.0)]


@in_virtual_time
async def test_what_was_used_beyond_the_reservation_is_owed() -> None:
    limits = limiter(tokens_per_minute=100).limits_of(TARGET)
    log: list[tuple[str, float]] = []
    await limits.leave(await enter(limits, context(), Cost(1, 10, 10)), Cost(1, 100, 100), None)
    await start(limits, log, "next", cost=Cost(1, 50, 0))

    assert log == [("next", 90.0)]


@in_virtual_time
async def test_places_are_limited_and_free_with_the_attempt() -> None:
    limits = limiter(concurrent_requests=2).limits_of(TARGET)
    log: list[tuple[int, float]] = []
    tasks = [start(limits, log, number) for number in range(4)]
    await settle_down()
    assert [name for name, _ in log] == [0, 1]
    for number in (1, 0):
        await limits.leave(await tasks[number], ONE, None)
    await settle_down()

    assert [name for name, _ in log] == [0, 1, 2, 3]


@in_virtual_time
async def test_waiters_go_by_priority_then_by_who_came_first() -> None:
    limits = limiter(requests_per_minute=60, burst_share=0.01).limits_of(TARGET)
    log: list[tuple[str, float]] = []
    tasks = [start(limits, log, name, priority=int(name[1])) for name in ("a0", "b0", "c0")]
    await settle_down()
    tasks += [start(limits, log, name, priority=int(name[1])) for name in ("d1", "e2", "f1")]
    await asyncio.gather(*tasks)

    assert log == [("a0", 0.0), ("e2", 1.0), ("d1", 2.0), ("f1", 3.0), ("b0", 4.0), ("c0", 5.0)]


@in_virtual_time
async def test_tenants_share_equally_at_a_skew_of_a_hundred_to_one() -> None:
    limits = limiter(tokens_per_minute=60_000, burst_share=0.02).limits_of(TARGET)
    used: Counter[str] = Counter()

    async def call(tenant: str, number: int) -> None:
        # What is reserved says little of what is used, and tenants differ in both.
        reserved, tokens = Cost(1, 100, 400), Cost(1, 100, 100 + 40 * (number % 3))
        grant = await enter(limits, context(tenant), reserved)
        await asyncio.sleep(0.5)
        await limits.leave(grant, tokens, None)
        used[tenant] += tokens.tokens

    tenants = [f"t{number}" for number in range(10)]
    calls = [(tenant, number) for tenant in tenants for number in range(5_000 if tenant == "t0" else 50)]
    tasks = [asyncio.create_task(call(*one)) for one in calls]
    await asyncio.sleep(60)
    contended = dict(used)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    shares = [contended[tenant] for tenant in tenants]
    assert sum(shares) ** 2 / (len(shares) * sum(share**2 for share in shares)) >= 0.95
    assert sum(shares) >= 0.95 * 60_000


@in_virtual_time
async def test_wait_that_cannot_end_in_time_fails_at_once_with_the_moment() -> None:
    one = limiter(requests_per_minute=1)
    limits = one.limits_of(TARGET)
    await enter(limits, context())
    began = asyncio.get_running_loop().time()
    with pytest.raises(LimitReachedError, match=r"^p/m: the rate limit leaves no room .* in 60.0 s") as caught:
        await enter(limits, context(seconds=59))

    assert asyncio.get_running_loop().time() == began
    assert caught.value.retry_after_seconds == pytest.approx(60.0)
    assert caught.value.retry_at is not None
    assert one.statistics.refused == 1


@in_virtual_time
async def test_one_who_waits_behind_others_gives_up_at_its_deadline_and_not_later() -> None:
    limits = limiter(requests_per_minute=60, burst_share=0.01).limits_of(TARGET)
    log: list[tuple[int, float]] = []
    began = asyncio.get_running_loop().time()
    tasks = [start(limits, log, number, ctx=context(seconds=2.5)) for number in range(5)]
    results = await asyncio.gather(*tasks, return_exceptions=True)

    assert log == [(0, 0.0), (1, 1.0), (2, 2.0)]
    assert [type(result) for result in results[3:]] == [LimitReachedError, LimitReachedError]
    assert asyncio.get_running_loop().time() - began <= 2.5
    assert limits.gate.waiting == 0


@in_virtual_time
async def test_place_that_nobody_frees_is_waited_for_until_the_deadline() -> None:
    limits = limiter(concurrent_requests=1).limits_of(TARGET)
    await enter(limits, context())
    began = asyncio.get_running_loop().time()
    with pytest.raises(LimitReachedError, match="its place is not free yet") as caught:
        await enter(limits, context(seconds=5))

    assert asyncio.get_running_loop().time() - began == pytest.approx(5.0)
    assert caught.value.retry_at is None


@in_virtual_time
async def test_cost_above_the_burst_fails_at_once() -> None:
    limits = limiter(tokens_per_minute=1000, burst_share=0.5).limits_of(TARGET)
    with pytest.raises(CostAboveLimitError, match=r"may take 600 tokens, .* 1000 tokens per minute has room for 500"):
        await enter(limits, context(), Cost(1, 500, 100))
    await enter(limits, context(), Cost(1, 400, 100))

    assert limits.gate.waiting == 0


@in_virtual_time
async def test_who_is_cancelled_leaves_nothing_and_the_next_one_comes_sooner() -> None:
    one = limiter(requests_per_minute=60, burst_share=0.01, concurrent_requests=10)
    limits = one.limits_of(TARGET)
    log: list[tuple[int, float]] = []
    contexts = [context() for _ in range(4)]
    tasks = [start(limits, log, number, ctx=ctx) for number, ctx in enumerate(contexts)]
    await settle_down()
    tasks[1].cancel()
    await asyncio.sleep(0.25)
    tasks[2].cancel()
    await tasks[3]

    assert log == [(0, 0.0), (3, 1.0)]
    assert [ctx.queued_seconds for ctx in contexts] == [0.0, 0.0, 0.25, 1.0]
    assert one.statistics.waiting == 0


@in_virtual_time
async def test_cancelling_at_any_moment_loses_no_place() -> None:
    for moment in range(12):
        limits = limiter(concurrent_requests=1).limits_of(TARGET)
        first = await enter(limits, context())
        waiter = asyncio.create_task(enter(limits, context()))
        await settle_down()
        leaving = asyncio.create_task(limits.leave(first, ONE, None))
        for _ in range(moment):
            await asyncio.sleep(0)
        waiter.cancel()
        await asyncio.gather(leaving, waiter, return_exceptions=True)
        if not waiter.cancelled():
            await limits.leave(waiter.result(), ONE, None)
        await asyncio.wait_for(enter(limits, context()), 1)


def test_threads_with_loops_of_their_own_share_a_limit() -> None:
    limits = RateLimiter(concurrent_requests=2).limits_of(TARGET)
    running, most, done = 0, 0, 0
    lock = threading.Lock()

    async def call() -> None:
        nonlocal running, most, done
        grant = await enter(limits, LLMContext())
        with lock:
            running += 1
            most = max(most, running)
        await asyncio.sleep(0)
        with lock:
            running -= 1
            done += 1
        await limits.leave(grant, ONE, None)

    async def calls() -> None:
        await asyncio.gather(*(call() for _ in range(50)))

    threads = [threading.Thread(target=asyncio.run, args=(calls(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert (done, most, limits.gate.waiting) == (200, 2, 0)


def test_waiter_of_a_loop_that_was_closed_holds_nobody_up() -> None:
    limits = RateLimiter(concurrent_requests=1).limits_of(TARGET)
    first = asyncio.run(enter(limits, LLMContext()))
    loop = asyncio.new_event_loop()
    forgotten = enter(limits, LLMContext())
    loop.call_soon(lambda: forgotten.send(None))
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.close()
    assert limits.gate.waiting == 1

    async def go_on() -> None:
        next_one = asyncio.create_task(enter(limits, LLMContext()))
        await asyncio.sleep(0)
        await limits.leave(first, ONE, None)
        await asyncio.wait_for(next_one, 5)

    asyncio.run(go_on())
    forgotten.close()
    gc.collect()
    assert limits.gate.waiting == 0


def test_what_is_registered_is_what_the_limiter_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = ProviderRegistry()
    monkeypatch.setattr(current, "_providers", registry)
    registry.register_provider(
        "p",
        rate_limits={"requests_per_minute": 60, "tokens_per_day": 5},
        tiers={"big": {"requests_per_minute": 600}},
        models={"m": {"rate_limits": {"tokens_per_minute": 1000}}},
    )

    assert RateLimiter().configured_limits(TARGET) == RateLimits(
        requests_per_minute=60, tokens_per_day=5, tokens_per_minute=1000
    )
    big = RateLimiter(tier="big", tokens_per_minute=7).configured_limits(TARGET)
    assert (big.requests_per_minute, big.tokens_per_minute) == (600, 7)
    with pytest.raises(ConfigurationError, match="tier 'small' is not registered; known: big"):
        RateLimiter(tier="small").limits_of(TARGET)


@pytest.mark.parametrize(
    "options",
    [
        {"requests_per_minute": 0},
        {"tokens_per_day": -1},
        {"burst_share": 0},
        {"burst_share": 1.5},
        {"when_store_fails": "ajar"},
        {"lease_seconds": 0},
    ],
)
def test_limit_that_is_none_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(options)).split("_")[0]):
        RateLimiter(**options)  # type: ignore[arg-type]


async def test_limiter_tells_how_much_room_there_is() -> None:
    clock = Clock()
    one = RateLimiter(requests_per_minute=10, concurrent_requests=4, clock=clock)
    limits = one.limits_of(TARGET)
    assert (one.room_of(TARGET), RateLimiter().room_of(TARGET)) == (1.0, None)
    grants = [await enter(limits, LLMContext()) for _ in range(3)]
    assert one.room_of(TARGET) == pytest.approx(0.25)
    for grant in grants:
        await limits.leave(grant, ONE, None)
    assert one.room_of(TARGET) == pytest.approx(0.7)
    clock.now += 12
    assert one.room_of(TARGET) == pytest.approx(0.9)


def test_forked_child_waits_for_nobody_of_its_parent() -> None:
    limits = RateLimiter(requests_per_minute=60, burst_share=0.01).limits_of(TARGET)

    async def wait_and_fork() -> int:
        await enter(limits, LLMContext())
        waiting = asyncio.create_task(enter(limits, LLMContext()))
        await asyncio.sleep(0)
        assert limits.gate.waiting == 1
        with limits.gate._lock:
            child = os.fork()
            if child == 0:
                # Another thread would not get the lock if it were still the parent's.
                looker = threading.Thread(target=limits.gate.wake_next, daemon=True)
                looker.start()
                looker.join(5)
                os._exit(1 if looker.is_alive() or limits.gate.waiting else 0)
        waiting.cancel()
        return child

    _, status = os.waitpid(asyncio.run(wait_and_fork()), 0)
    assert os.waitstatus_to_exitcode(status) == 0
