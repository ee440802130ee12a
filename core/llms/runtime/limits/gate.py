"""The gate before one set of limits: lets attempts pass, or wait in order until they may, at most until a deadline."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Hashable
from math import inf
from threading import RLock
from typing import Final

from core.llms.errors import LimitReachedError
from core.llms.runtime.forked import renew_in_children
from core.llms.runtime.limits.fair_queue import FairQueue, Queued
from core.llms.runtime.limits.keeper import Answer

# Which calls of other processes end, nobody tells: who waits for a place looks again after so long, ever longer.
_FIRST_LOOK_SECONDS: Final = 0.02
_LONGEST_LOOK_SECONDS: Final = 0.5
# Processes that wait for the same moment do not all come at it.
_JITTER_SHARE: Final = 0.1
_MOST_JITTER_SECONDS: Final = 0.02


class Waiter:
    """One attempt that waits, in its own event loop. It is woken to look whether it may pass."""

    __slots__ = ("_future", "_loop", "priority", "tenant", "tokens")

    def __init__(self, tenant: Hashable, priority: int, tokens: int) -> None:
        self.tenant = tenant
        self.priority = priority
        self.tokens = max(1, tokens)
        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[None] = self._loop.create_future()

    def arm(self) -> None:
        """Forget earlier wakings: what happens from now on wakes."""
        if self._future.done():
            self._future = self._loop.create_future()

    def wake(self) -> bool:
        """Wake it, from any thread. Tell whether its event loop still runs."""
        if self._loop.is_closed():
            return False
        if asyncio._get_running_loop() is self._loop:
            self._set()
            return True
        try:
            self._loop.call_soon_threadsafe(self._set)
        except RuntimeError:
            # The loop was closed just now.
            return False
        return True

    def _set(self) -> None:
        if not self._future.done():
            self._future.set_result(None)

    async def sleep(self, seconds: float) -> None:
        """Wait to be woken, at most so long."""
        timer = None if seconds == inf else self._loop.call_later(max(0.0, seconds), self._set)
        try:
            await self._future
        finally:
            if timer is not None:
                timer.cancel()


class Gate:
    """Lets one after the other ask the store, in the order of a fair queue. Safe for threads and event loops.

    The first in line asks, and looks again when the store said that it may succeed, or when something was given back.
    """

    def __init__(self, clock: Callable[[], float], *, is_shared: bool) -> None:
        self._clock = clock
        self._is_shared = is_shared
        self._renew()
        # Those who wait, wait in the parent; and a thread that held the lock there would never let go.
        renew_in_children(self, Gate._renew)

    def _renew(self) -> None:
        self._queue = FairQueue()
        # A waiter that is collected leaves the queue, and may be collected while this very thread changes it.
        self._lock = RLock()
        self._free_at = -inf

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._queue)

    def is_open(self) -> bool:
        """Tell whether nobody waits, so that one may ask without waiting in line."""
        return not self._queue

    async def wait(self, waiter: Waiter, reserve: Callable[[], Awaitable[Answer]], deadline: float) -> Answer:
        """Wait in line until `reserve` succeeds.

        Raises `LimitReachedError` as soon as it is clear that it cannot before the deadline. Who is cancelled leaves
        nothing behind.
        """
        with self._lock:
            self._queue.push(waiter)
        try:
            return await self._wait(waiter, reserve, deadline)
        finally:
            with self._lock:
                self._queue.discard(waiter)
            self.wake_next()

    async def _wait(self, waiter: Waiter, reserve: Callable[[], Awaitable[Answer]], deadline: float) -> Answer:
        look_seconds = _FIRST_LOOK_SECONDS
        while True:
            waiter.arm()
            seconds = deadline - self._clock()
            if self._is_next(waiter):
                answer = await reserve()
                if answer.decision.granted:
                    with self._lock:
                        self._queue.take(waiter)
                        self._free_at = -inf
                    return answer
                wait = answer.decision.wait_seconds
                self._free_at = -inf if wait is None else self._clock() + wait
                self._refuse_late(deadline)
                seconds = min(seconds, self._pause(wait, look_seconds))
                look_seconds = min(look_seconds * 2, _LONGEST_LOOK_SECONDS)
            self._refuse_late(deadline)
            await waiter.sleep(seconds)

    def _is_next(self, waiter: Queued) -> bool:
        with self._lock:
            return self._queue.peek() is waiter

    def _pause(self, wait: float | None, look_seconds: float) -> float:
        if not self._is_shared:
            return inf if wait is None else wait
        seconds = look_seconds if wait is None else wait
        most = min(_MOST_JITTER_SECONDS, max(seconds * _JITTER_SHARE, _MOST_JITTER_SECONDS / 10))
        return seconds + random.random() * most  # noqa: S311 - jitter, not a secret

    def _refuse_late(self, deadline: float) -> None:
        now = self._clock()
        if now < deadline and self._free_at <= deadline:
            return
        after = None if self._free_at == -inf else max(0.0, self._free_at - now)
        when = "its place is not free yet" if after is None else f"it could pass in {after:.1f} s at the earliest"
        raise LimitReachedError(
            f"the rate limit leaves no room before the deadline in {max(0.0, deadline - now):.1f} s: {when}",
            retry_after_seconds=after,
        )

    def wake_next(self) -> None:
        """Let the first in line look again, because something was given back or somebody left."""
        while True:
            with self._lock:
                self._free_at = -inf
                first = self._queue.peek()
                if first is None:
                    return
                assert isinstance(first, Waiter)
                if first.wake():
                    return
                self._queue.discard(first)

    def correct(self, tenant: Hashable, priority: int, tokens: int) -> None:
        """Let a tenant that still waits have what it took and did not use."""
        with self._lock:
            self._queue.correct(tenant, priority, tokens)
