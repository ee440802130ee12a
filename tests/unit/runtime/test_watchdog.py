"""Time limits: what they break off, what they leave alone, and how few timers they take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

import pytest

from core.llms.runtime.watchdog import TimeLimit, Watchdog
from tests.support.clocks import stopwatch


def scheduled_timers() -> list[asyncio.TimerHandle]:
    timers: list[asyncio.TimerHandle] = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
    return timers


class CountingLoop:
    """The running loop, with a count of the timers that were set on it."""

    def __init__(self) -> None:
        self.timers = 0

    def call_later(self, seconds: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
        self.timers += 1
        return asyncio.get_running_loop().call_later(seconds, callback)


def running_watchdog() -> Watchdog:
    return Watchdog(asyncio.get_running_loop())


async def forever() -> None:
    await asyncio.Event().wait()


async def test_time_limit_ends_the_wait_at_its_moment() -> None:
    async with stopwatch() as watch:
        with pytest.raises(TimeoutError), TimeLimit(running_watchdog(), monotonic() + 0.02):
            await forever()
        assert watch.seconds >= 0.02
        assert watch.own_seconds < 0.12


async def test_time_limit_in_the_past_ends_the_wait_at_once() -> None:
    with pytest.raises(TimeoutError), TimeLimit(running_watchdog(), monotonic() - 1):
        await forever()


async def test_time_limit_leaves_nothing_behind_when_the_wait_ends_in_time() -> None:
    watchdog = running_watchdog()
    with TimeLimit(watchdog, monotonic() + 0.01):
        await asyncio.sleep(0)
    await asyncio.sleep(0.02)
    assert scheduled_timers() == []


async def test_time_limit_lets_a_cancellation_from_elsewhere_through() -> None:
    watchdog = running_watchdog()

    async def wait() -> None:
        with TimeLimit(watchdog, monotonic() + 60):
            await forever()

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_cancellation_wins_over_a_time_limit_that_passes_at_the_same_moment() -> None:
    watchdog = running_watchdog()
    limits: list[TimeLimit] = []

    async def wait() -> None:
        with TimeLimit(watchdog, monotonic() + 60) as limit:
            limits.append(limit)
            await forever()

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    limits[0].expire()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_time_limit_moved_later_holds_from_then_on() -> None:
    begin = monotonic()
    with pytest.raises(TimeoutError), TimeLimit(running_watchdog(), begin + 0.01) as limit:
        limit.move(begin + 0.04)
        await forever()
    assert monotonic() - begin >= 0.04


async def test_time_limit_moved_earlier_holds_from_then_on() -> None:
    with pytest.raises(TimeoutError), TimeLimit(running_watchdog(), monotonic() + 60) as limit:
        limit.move(monotonic() + 0.01)
        await forever()


async def test_inner_time_limit_does_not_end_the_outer_one() -> None:
    watchdog = running_watchdog()
    with TimeLimit(watchdog, monotonic() + 60):
        with pytest.raises(TimeoutError), TimeLimit(watchdog, monotonic() + 0.01):
            await forever()
        await asyncio.sleep(0)


async def test_wait_that_may_last_longer_than_the_others_sets_no_timer_of_its_own() -> None:
    loop = CountingLoop()
    watchdog = Watchdog(loop)  # type: ignore[arg-type]  # the part of a loop that it uses
    for seconds in range(60, 70):
        with TimeLimit(watchdog, monotonic() + seconds):
            await asyncio.sleep(0)
    assert loop.timers == 1


async def test_one_watchdog_ends_each_wait_at_its_own_moment() -> None:
    watchdog, begin = running_watchdog(), monotonic()
    ended: list[int] = []

    async def wait(number: int) -> None:
        try:
            with TimeLimit(watchdog, begin + number * 0.03):
                await forever()
        except TimeoutError:
            ended.append(number)

    await asyncio.gather(*(wait(number) for number in (3, 1, 2)))
    assert ended == [1, 2, 3]


async def test_watchdog_looks_at_most_a_hundred_times_a_second_when_many_waits_end() -> None:
    loop = CountingLoop()
    watchdog = Watchdog(loop)  # type: ignore[arg-type]  # the part of a loop that it uses

    async def wait(moment: float) -> None:
        with pytest.raises(TimeoutError), TimeLimit(watchdog, moment):
            await forever()

    async with stopwatch() as watch:
        begin = monotonic()
        await asyncio.gather(*(wait(begin + number / 10_000) for number in range(500)))
        assert watch.seconds >= 0.05
        assert watch.own_seconds < 0.2
        assert loop.timers <= 2 + watch.seconds * 100


async def test_infinite_time_limit_sets_no_timer() -> None:
    with TimeLimit(running_watchdog(), float("inf")):
        await asyncio.sleep(0)
        assert scheduled_timers() == []


async def test_infinite_time_limit_beside_a_finite_one_sets_no_timer_of_its_own() -> None:
    watchdog = running_watchdog()
    with TimeLimit(watchdog, float("inf")):
        with pytest.raises(TimeoutError), TimeLimit(watchdog, monotonic() + 0.01):
            await forever()
        assert scheduled_timers() == []
