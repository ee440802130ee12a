"""What stands between the limiter and its store: bounded waits, what happens when the store fails, leases renewed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import inf
from typing import Final, Literal, TypeAlias

from core.llms.errors import LLMError, StorageError
from core.llms.runtime.limits.memory_store import MemoryLimitStore
from core.llms.runtime.limits.tally import Tally
from core.llms.types.limits import Decision, Demand, LimitStore, Settlement
from core.llms.types.quick_init import quick_init

WhenStoreFails: TypeAlias = Literal["open", "closed"]

_LOG = logging.getLogger("core.llms.limits")
# A store that failed is left alone for so long: not every call waits for it anew.
_PAUSE_SECONDS: Final = 5.0
_FINAL_SECONDS: Final = 1.0
# Until it answered once: libraries are loaded, connections made, tables perhaps, too.
_FIRST_SECONDS: Final = 10.0


@quick_init
@dataclass(frozen=True, slots=True)
class Answer:
    """A decision, and the store that made it, where it is settled."""

    decision: Decision
    store: LimitStore


class StoreKeeper:
    """Asks a store within a bounded time.

    Where it fails and `when_fails` is `open`, the limits of this process alone hold; where `closed`, `StorageError` is
    raised. A store in this process does not fail and is asked directly.
    """

    def __init__(
        self,
        store: LimitStore,
        *,
        when_fails: WhenStoreFails,
        timeout_seconds: float,
        clock: Callable[[], float],
        tally: Tally,
    ) -> None:
        self.store = store
        # What answers at once need not be awaited.
        self.local = store if type(store) is MemoryLimitStore else None
        self._fallback = MemoryLimitStore(clock)
        self._fails_open = when_fails == "open"
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._tally = tally
        self._avoided_until = -inf
        self._is_down = False
        self._has_answered = False
        self._tasks: set[asyncio.Future[object]] = set()

    async def reserve(self, demand: Demand) -> Answer:
        """Reserve. Raises `StorageError`. Where the caller is cancelled, nothing stays reserved."""
        if self.store.is_local:
            return Answer(await self.store.reserve(demand), self.store)
        if self._clock() < self._avoided_until:
            return await self._without_store(demand, None)
        task = asyncio.ensure_future(self.store.reserve(demand))
        try:
            decision = await self._within(task, self._seconds)
        except (LLMError, TimeoutError) as error:
            self._give_back_later(task, demand)
            self._note_failure(error)
            return await self._without_store(demand, error)
        except BaseException:
            self._give_back_later(task, demand)
            raise
        self._note_success()
        return Answer(decision, self.store)

    async def settle(self, store: LimitStore, settlement: Settlement) -> None:
        """Settle within a second, also where the caller is being cancelled; a failure is counted, not raised."""
        if store.is_local:
            await store.settle(settlement)
        else:
            await self._finish(store.settle(settlement))

    async def renew(self, store: LimitStore, key: str, lease_id: str, seconds: float) -> None:
        """Keep a place for so many seconds; a failure is counted, not raised."""
        await self._finish(store.renew(key, [lease_id], seconds))

    @property
    def _seconds(self) -> float:
        return self._timeout_seconds if self._has_answered else max(self._timeout_seconds, _FIRST_SECONDS)

    async def _within(self, task: asyncio.Future[Decision], seconds: float) -> Decision:
        # The task itself goes on: what it was granted is given back, which one that is cancelled would never tell.
        async with asyncio.timeout(seconds):
            return await asyncio.shield(task)

    async def _without_store(self, demand: Demand, error: Exception | None) -> Answer:
        if not self._fails_open:
            reason = "it failed a moment ago" if error is None else (str(error) or "it does not answer")
            raise StorageError(f"the store of rate limits is down, and calls wait for it: {reason}") from error
        decision = await self._fallback.reserve(demand)
        if decision.granted:
            self._tally.count("admitted_without_store")
        return Answer(decision, self._fallback)

    def _give_back_later(self, task: asyncio.Future[Decision], demand: Demand) -> None:
        self._keep(task)
        task.add_done_callback(lambda done: self._give_back(done, demand))

    def _give_back(self, done: asyncio.Future[Decision], demand: Demand) -> None:
        if done.cancelled() or done.exception() is not None or not done.result().granted:
            return
        lease_id = None if demand.lease is None else demand.lease.id
        shifts = {spend.dimension: -spend.cost_seconds for spend in demand.spends}
        self._keep(asyncio.ensure_future(self._settle_quietly(Settlement(demand.key, shifts, lease_id=lease_id))))

    async def _settle_quietly(self, settlement: Settlement) -> None:
        await self._quietly(self.store.settle(settlement))

    async def _finish(self, step: Awaitable[None]) -> None:
        task = asyncio.ensure_future(self._quietly(step))
        self._keep(task)
        await asyncio.wait([task], timeout=_FINAL_SECONDS)

    async def _quietly(self, step: Awaitable[None]) -> None:
        try:
            await step
        except LLMError as error:
            self._note_failure(error)

    def _keep(self, task: asyncio.Future[object] | asyncio.Future[Decision] | asyncio.Future[None]) -> None:
        # The event loop itself holds tasks only weakly.
        self._tasks.add(task)  # type: ignore[arg-type]  # what they return is of no interest
        task.add_done_callback(self._tasks.discard)

    def _note_failure(self, error: Exception) -> None:
        self._tally.count("store_failures")
        self._avoided_until = self._clock() + _PAUSE_SECONDS
        if not self._is_down:
            self._is_down = True
            reason = str(error) or f"no answer within {self._seconds:g} s"
            then = "each process goes by its own limits" if self._fails_open else "calls are refused"
            _LOG.warning("the store of rate limits is down, %s: %s", then, reason)

    def _note_success(self) -> None:
        self._has_answered = True
        if self._is_down:
            self._is_down = False
            _LOG.warning("the store of rate limits is back")
