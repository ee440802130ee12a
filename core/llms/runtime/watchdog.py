"""Time limits of waits. One timer serves all waits of an event loop: beginning and ending a wait moves no timer."""

from __future__ import annotations

import asyncio
from math import inf
from time import monotonic
from types import TracebackType
from typing import Protocol, Self

_REST_SECONDS = 0.01


class Limit(Protocol):
    """What a watchdog watches over. `moment` is a `time.monotonic()` moment; one that moves earlier is added again."""

    moment: float

    def expire(self) -> None:
        """Do what is to be done as `moment` has come: end the wait, say. The watchdog has let go of it."""
        ...


class Watchdog:
    """Ends the waits of one event loop that last too long.

    The timer stands at the earliest moment it was told of, and looks at all waits when it rings: at most 100 times a
    second, so that thousands of waits that end in one second are not looked at thousands of times.
    """

    __slots__ = ("_limits", "_resting_until", "_rings_at", "_timer", "loop")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop: asyncio.AbstractEventLoop = loop
        self._limits: set[Limit] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at = inf
        self._resting_until = 0.0

    def add(self, limit: Limit) -> None:
        """Watch over a wait until it is removed."""
        self._limits.add(limit)
        if limit.moment < self._rings_at:
            self._set_timer(limit.moment)

    def remove(self, limit: Limit) -> None:
        """Watch over a wait no longer."""
        self._limits.discard(limit)

    def _set_timer(self, moment: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._rings_at = max(moment, self._resting_until)
        self._timer = self.loop.call_later(self._rings_at - monotonic(), self._ring)

    def _ring(self) -> None:
        now = monotonic()
        self._timer, self._rings_at, self._resting_until = None, inf, now + _REST_SECONDS
        expired = [limit for limit in self._limits if limit.moment <= now]
        self._limits.difference_update(expired)
        for limit in expired:
            limit.expire()
        earliest = min((limit.moment for limit in self._limits), default=inf)
        if earliest < inf:
            self._set_timer(earliest)


class TimeLimit:
    """Bounds what its `with` block awaits: raises `TimeoutError` there once `time.monotonic()` reaches `moment`.

    A cancellation from elsewhere goes through untouched, as with `asyncio.timeout_at`.
    """

    __slots__ = ("_cancelling", "_expired", "_task", "_watchdog", "moment")

    def __init__(self, watchdog: Watchdog, moment: float) -> None:
        self._watchdog = watchdog
        self.moment: float = moment
        self._expired = False

    def move(self, moment: float) -> None:
        """Set another limit for the rest of the block; one that has passed stays passed."""
        self.moment = moment
        if not self._expired:
            self._watchdog.add(self)

    def expire(self) -> None:
        """Break the wait off; the watchdog calls this."""
        self._expired = True
        self._task.cancel()

    def __enter__(self) -> Self:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a time limit needs a task")
        self._task = task
        self._cancelling = task.cancelling()
        self._watchdog.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._watchdog.remove(self)
        if self._expired and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error
