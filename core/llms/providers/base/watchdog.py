"""Time limits of waits. One timer serves all waits of an event loop: beginning and ending a wait moves no timer."""

from __future__ import annotations

import asyncio
from math import inf
from time import monotonic
from types import TracebackType
from typing import Self


class Watchdog:
    """Ends the waits of one event loop that last too long. The timer stands at the earliest limit it has seen."""

    __slots__ = ("_armed_for", "_limits", "_loop", "_timer")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._limits: set[TimeLimit] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._armed_for = inf

    def add(self, limit: TimeLimit) -> None:
        """Watch over a wait until it is removed."""
        self._limits.add(limit)
        if limit.moment < self._armed_for:
            self._arm(limit.moment)

    def remove(self, limit: TimeLimit) -> None:
        """Watch over a wait no longer."""
        self._limits.discard(limit)

    def _arm(self, moment: float) -> None:
        self._disarm()
        self._armed_for = moment
        self._timer = self._loop.call_later(moment - monotonic(), self._check)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._armed_for = inf

    def _check(self) -> None:
        self._disarm()
        now = monotonic()
        expired = [limit for limit in self._limits if limit.moment <= now]
        self._limits.difference_update(expired)
        for limit in expired:
            limit.expire()
        if self._limits:
            self._arm(min(limit.moment for limit in self._limits))


class TimeLimit:
    """Bounds what its `with` block awaits: raises `TimeoutError` there once `time.monotonic()` reaches `moment`.

    A cancellation from elsewhere goes through untouched, as with `asyncio.timeout_at`.
    """

    __slots__ = ("_cancelling", "_expired", "_task", "_watchdog", "moment")

    def __init__(self, watchdog: Watchdog, moment: float) -> None:
        self._watchdog = watchdog
        self.moment = moment
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
