"""The stopwatch of the tests: the machine's lag is not counted, a wait of the code's own is."""

from __future__ import annotations

import asyncio
import time

from tests.support.clocks import stopwatch


async def test_own_seconds_leave_out_what_held_the_loop_up() -> None:
    async with stopwatch() as watch:
        await asyncio.sleep(0.01)
        time.sleep(0.2)  # holds the loop up on purpose
        await asyncio.sleep(0.01)
        assert watch.seconds >= 0.2
        assert watch.own_seconds < 0.1


async def test_own_seconds_count_a_wait() -> None:
    async with stopwatch() as watch:
        await asyncio.sleep(0.1)
        assert 0 < watch.own_seconds <= watch.seconds
