"""Hedging: a call that takes longer than nearly all others is sent once more, and the first answer is taken."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from time import monotonic
from typing import Any

from core.llms.context import LLMContext
from core.llms.errors import ConfigurationError, LLMError
from core.llms.runtime.middleware import CallNext, Middleware
from core.llms.runtime.retry_budget import RetryBudget
from core.llms.runtime.target import Target
from core.llms.types.request import LLMRequest
from core.llms.types.response import LLMResponse, seal_response

_KEPT = 200
_SORTED_EVERY = 10
_MOST_SAVED_UP = 10.0


@dataclass(frozen=True)
class HedgePolicy:
    """When a call is sent a second time while the first goes on. Both are paid for.

    `quantile`: the second goes out when the first has taken longer than this share of the target's latest 200 answers;
    before there are `minimum_calls` of them, none does. `max_share`: at most this share of all calls is sent twice.
    """

    quantile: float = 0.95
    max_share: float = 0.05
    minimum_calls: int = 20

    def __post_init__(self) -> None:
        if not 0 < self.quantile < 1 or not 0 < self.max_share <= 1 or self.minimum_calls < 1:
            raise ConfigurationError(
                "`quantile` must be between 0 and 1, `max_share` above 0 and at most 1, `minimum_calls` at least 1"
            )


class Latencies:
    """The seconds that the latest answers took, and the quantile that they give."""

    __slots__ = ("_count", "_policy", "_quantile", "_seconds")

    def __init__(self, policy: HedgePolicy) -> None:
        self._policy = policy
        self._seconds: deque[float] = deque(maxlen=_KEPT)
        self._count = 0
        self._quantile: float | None = None

    @property
    def quantile(self) -> float | None:
        """The seconds beyond which a call is slow; None while too few are known."""
        return self._quantile

    def add(self, seconds: float) -> None:
        """Note how long an answer took."""
        self._seconds.append(seconds)
        self._count += 1
        known = len(self._seconds)
        if known >= self._policy.minimum_calls and (self._quantile is None or self._count % _SORTED_EVERY == 0):
            self._quantile = sorted(self._seconds)[min(known - 1, int(self._policy.quantile * known))]


class HedgeMiddleware(Middleware):
    """Sends a slow call of one LLM a second time. Streams and embeddings are left as they are."""

    def __init__(self, policy: HedgePolicy, target: Target) -> None:
        self._policy = policy
        self._retry_budget = target.retry_budget
        self._allowance = 0.0
        self.latencies = Latencies(policy)

    async def call(self, request: LLMRequest, ctx: LLMContext, call_next: CallNext) -> LLMResponse:
        self._allowance = min(_MOST_SAVED_UP, self._allowance + self._policy.max_share)
        begin, slow = monotonic(), self.latencies.quantile
        if slow is None or self._allowance < 1:
            response = await call_next(request, ctx)
        else:
            response = await self._race(_Race(request, ctx, call_next), slow)
        # Where the second one won, the first took longer than this: the figure errs on the quick side, never far.
        self.latencies.add(monotonic() - begin)
        return response

    async def _race(self, race: _Race, slow: float) -> LLMResponse:
        try:
            if not await race.wait_for_first(slow) and self._may_send():
                self._allowance -= 1
                race.send()
            return await race.winner()
        finally:
            await race.end()

    def _may_send(self) -> bool:
        # A target whose retries are half used up is in trouble: it is not sent more.
        return self._allowance >= 1 and self._retry_budget.tokens >= RetryBudget.CAPACITY / 2


class _Race:
    """One call and its twin, each with its own state of the attempt under way; the first whole answer wins."""

    def __init__(self, request: LLMRequest, ctx: LLMContext, call_next: CallNext) -> None:
        self._request = request
        self._ctx = ctx
        self._call_next = call_next
        self._tasks: list[asyncio.Task[LLMResponse]] = []
        self.send()

    def send(self) -> None:
        """Send the call, or send it once more."""
        answering: Any = self._call_next(self._request, self._ctx.branch())
        self._tasks.append(asyncio.ensure_future(answering))

    async def wait_for_first(self, seconds: float) -> bool:
        """Wait so long for the first one; true where it ended."""
        done, _ = await asyncio.wait(self._tasks, timeout=seconds)
        return bool(done)

    async def winner(self) -> LLMResponse:
        """Return the first whole answer. Raises the first call's error where none comes."""
        waiting = set(self._tasks)
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in self._tasks:
                if task in done and task.exception() is None:
                    await self.end()
                    return seal_response(task.result(), attempts=tuple(self._ctx.attempts))
        error = self._tasks[0].exception()
        if isinstance(error, LLMError):
            error.attempts = tuple(self._ctx.attempts)
        return self._tasks[0].result()

    async def end(self) -> None:
        """Cancel what still runs, and wait until its socket and its reservation are given back."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
