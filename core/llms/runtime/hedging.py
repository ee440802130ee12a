"""Hedging: a call that takes longer than nearly all others is sent once more, and the first answer is taken."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from time import monotonic
from typing import Any

from core.llms.context import LLMContext
from core.llms.errors import ConfigurationError, LLMError
from core.llms.runtime.middleware import CallNext, Middleware
from core.llms.runtime.retry_budget import RetryBudget
from core.llms.runtime.target import Target
from core.llms.runtime.watchdog import Watchdog
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
        self._watchdog: Watchdog | None = None
        self.latencies = Latencies(policy)

    async def call(self, request: LLMRequest, ctx: LLMContext, call_next: CallNext) -> LLMResponse:
        self._allowance = min(_MOST_SAVED_UP, self._allowance + self._policy.max_share)
        begin, slow = monotonic(), self.latencies.quantile
        if slow is None or self._allowance < 1:
            response = await call_next(request, ctx)
        else:
            race = _Race(request, ctx, call_next, begin + slow, self._claim)
            response = await race.run(self._find_watchdog())
        # Where the second one won, the first took longer than this: the figure errs on the quick side, never far.
        self.latencies.add(monotonic() - begin)
        return response

    def _find_watchdog(self) -> Watchdog:
        loop, found = asyncio.get_running_loop(), self._watchdog
        if found is None or found.loop is not loop:
            found = self._watchdog = Watchdog(loop)
        return found

    def _claim(self) -> bool:
        # A target whose retries are half used up is in trouble: it is not sent more.
        allowed = self._allowance >= 1 and self._retry_budget.tokens >= RetryBudget.CAPACITY / 2
        self._allowance -= allowed
        return allowed


class _Race:
    """One call and its twin, each with its own state of the attempt under way; the first whole answer wins.

    The first runs in the caller's task, so that it costs hardly more than a call that is not hedged; the twin has a
    task of its own from the `moment` on in which the first is slow.
    """

    __slots__ = (
        "_call_next",
        "_cancelling",
        "_claim",
        "_context",
        "_ctx",
        "_request",
        "_task",
        "_twin",
        "_won",
        "moment",
    )

    def __init__(
        self, request: LLMRequest, ctx: LLMContext, call_next: CallNext, moment: float, claim: Callable[[], bool]
    ) -> None:
        self._request = request
        self._ctx = ctx
        self._call_next = call_next
        self._claim = claim
        self._context = copy_context()
        self._twin: asyncio.Task[LLMResponse] | None = None
        self._won = False
        self.moment: float = moment

    async def run(self, watchdog: Watchdog) -> LLMResponse:
        """Return the first whole answer. Raises the first call's error where none comes."""
        task = asyncio.current_task()
        assert task is not None
        self._task: asyncio.Task[Any] | None = task
        self._cancelling = task.cancelling()
        watchdog.add(self)
        try:
            response = await self._call_next(self._request, self._ctx.branch())
            self._end_first(watchdog, task)
        except asyncio.CancelledError:
            if self._twin is None or not self._end_first(watchdog, task):
                raise
            response = self._twin.result()
        except Exception as error:  # noqa: BLE001 - raised again where the twin has no answer
            self._end_first(watchdog, task)
            response = await self._wait_for_twin(error)
        finally:
            watchdog.remove(self)
            self._task = None
            if self._twin is not None:
                await self._end_twin(self._twin)
        return seal_response(response, attempts=tuple(self._ctx.attempts))

    def expire(self) -> None:
        """Send the call once more, if it may be; the watchdog calls this."""
        if self._claim():
            self._twin = asyncio.get_running_loop().create_task(self._answer_again(), context=self._context)
            self._twin.add_done_callback(self._note_twin)

    async def _answer_again(self) -> LLMResponse:
        return await self._call_next(self._request, self._ctx.branch())

    def _note_twin(self, twin: asyncio.Task[LLMResponse]) -> None:
        if self._task is not None and not twin.cancelled() and twin.exception() is None:
            self._won = True
            self._task.cancel()

    def _end_first(self, watchdog: Watchdog, task: asyncio.Task[Any]) -> bool:
        """Let nothing break the first off any more; tell whether the twin's answer did, and nobody else."""
        watchdog.remove(self)
        self._task = None
        return self._won and task.uncancel() <= self._cancelling

    async def _wait_for_twin(self, error: Exception) -> LLMResponse:
        if self._twin is not None:
            await asyncio.wait([self._twin])
            if not self._twin.cancelled() and self._twin.exception() is None:
                return self._twin.result()
        if isinstance(error, LLMError):
            error.attempts = tuple(self._ctx.attempts)
        raise error

    async def _end_twin(self, twin: asyncio.Task[LLMResponse]) -> None:
        """Cancel it where it still runs, and wait until its socket and its reservation are given back."""
        twin.cancel()
        await asyncio.gather(twin, return_exceptions=True)
