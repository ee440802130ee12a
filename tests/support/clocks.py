"""Bounds on time that hold on a busy machine too: what the event loop itself lagged is measured, and allowed for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

_TICK_SECONDS = 0.005


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Stopwatch:
    """Seconds since it was started, without those in which the machine let the event loop wait."""

    def __init__(self) -> None:
        self._begin = monotonic()
        self._lag = 0.0

    @property
    def seconds(self) -> float:
        """All seconds that passed."""
        return monotonic() - self._begin

    @property
    def own_seconds(self) -> float:
        """What passed beyond the loop's lag: what the code that ran is to answer for."""
        return self.seconds - self._lag

    async def measure_lag(self) -> None:
        """Add up by how much the loop wakes a sleeper late, for ever."""
        while True:
            asleep = monotonic()
            await asyncio.sleep(_TICK_SECONDS)
            self._lag += monotonic() - asleep - _TICK_SECONDS


@asynccontextmanager
async def stopwatch() -> AsyncIterator[Stopwatch]:
    """Time what is done inside."""
    watch = Stopwatch()
    ticking = asyncio.create_task(watch.measure_lag())
    try:
        yield watch
    finally:
        ticking.cancel()
        # The loop may be held up at this very moment: its last tick is late, and tells by how much.
        await asyncio.gather(ticking, return_exceptions=True)
