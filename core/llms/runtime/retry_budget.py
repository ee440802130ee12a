"""What keeps retries and fallbacks from multiplying an outage: a bucket for each model and credential."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from math import inf
from time import monotonic
from typing import Literal, TypeAlias

from core.llms.runtime.forked import forget_in_children

Outcome: TypeAlias = Literal["success", "failure", "unknown"]


class _Waiter:
    __slots__ = ("let_in", "woken")

    def __init__(self) -> None:
        self.woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.let_in: bool | None = None

    def answer(self, let_in: bool) -> None:
        self.let_in = let_in
        # Another thread's loop may be the one that waits.
        self.woken.get_loop().call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if not self.woken.done():
            self.woken.set_result(None)


class RetryBudget:
    """A bucket that holds 100. A retry costs 10; a success at the first try gives 1 back.

    A call that comes over from another target costs 10, too, which a success gives back. Where the bucket is too low
    and others that came over are still on their way, it waits for what becomes of them: each success lets two more go,
    so that a healthy target takes over a burst in a few rounds, and a dead one is sent 10 requests too many, not all.
    """

    __slots__ = ("__weakref__", "_on_their_way", "_waiters", "tokens")
    CAPACITY = 100
    RETRY_COST = 10

    def __init__(self) -> None:
        self.tokens: int = self.CAPACITY
        self.forget_calls()
        forget_in_children(self)

    def forget_calls(self) -> None:
        """Count no call as on its way, and none as waiting."""
        self._on_their_way = 0
        self._waiters: deque[_Waiter] = deque()

    @property
    def waiting(self) -> int:
        """How many calls wait to come over from another target."""
        return sum(waiter.let_in is None for waiter in self._waiters)

    def deposit(self) -> None:
        """Note a success at the first try."""
        if self.tokens < self.CAPACITY:
            self.tokens += 1

    def withdraw(self) -> bool:
        """Pay for a retry; false where the bucket is too low."""
        if self.tokens < self.RETRY_COST:
            return False
        self.tokens -= self.RETRY_COST
        return True

    async def admit_from_elsewhere(self, deadline: float) -> bool:
        """Let a call come over from another target, or not. One that was let in must be settled."""
        if self.withdraw():
            self._on_their_way += 1
            return True
        if not self._on_their_way:
            return False
        waiter = _Waiter()
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(None if deadline == inf else deadline - monotonic()):
                await waiter.woken
        except TimeoutError:
            self._leave(waiter)
        except asyncio.CancelledError:
            self._leave(waiter)
            raise
        return waiter.let_in is True

    def _leave(self, waiter: _Waiter) -> None:
        # It may have been let in at the very moment in which it gave up.
        if waiter.let_in:
            self.settle_from_elsewhere("unknown")
        waiter.let_in = False

    def settle_from_elsewhere(self, outcome: Outcome) -> None:
        """Say what became of a call that was let in; `unknown` where it was cancelled."""
        self._on_their_way -= 1
        if outcome != "failure":
            self.tokens = min(self.CAPACITY, self.tokens + self.RETRY_COST)
        if not self._waiters:
            return
        if outcome == "success":
            self._let_in(paid_by_success=1)
        elif outcome == "unknown":
            self._let_in(paid_by_success=0)
        if not self._on_their_way:
            self._turn_away()

    def _let_in(self, paid_by_success: int) -> None:
        for waiter in self._waiting():
            if not self.withdraw():
                if not paid_by_success:
                    self._waiters.appendleft(waiter)
                    return
                paid_by_success -= 1
            self._on_their_way += 1
            waiter.answer(True)

    def _turn_away(self) -> None:
        for waiter in self._waiting():
            waiter.answer(False)

    def _waiting(self) -> Iterator[_Waiter]:
        while self._waiters:
            waiter = self._waiters.popleft()
            if waiter.let_in is None and not waiter.woken.get_loop().is_closed():
                yield waiter
