"""The limits of one target at work: an attempt is let in, what its answer tells is learned, its cost is settled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from math import inf

from core.llms.context import LLMContext
from core.llms.errors import LimitReachedError
from core.llms.runtime.call_ids import make_call_id
from core.llms.runtime.forked import forget_in_children
from core.llms.runtime.limits.gate import Gate, Waiter
from core.llms.runtime.limits.headers import Reading, read_limits
from core.llms.runtime.limits.keeper import Answer, StoreKeeper
from core.llms.runtime.limits.learning import LearnedLimits, find_floors, find_hold
from core.llms.runtime.limits.meters import Cost, Gauge
from core.llms.runtime.limits.room import Room, find_share
from core.llms.runtime.limits.tally import Tally
from core.llms.runtime.target import Target
from core.llms.types.limits import NO_SECONDS, Decision, Demand, LeaseDemand, LimitStore, Settlement
from core.llms.types.quick_init import quick_init


@dataclass(frozen=True, slots=True)
class Places:
    """How many attempts may run at once, and for how long a place is kept for one that says nothing more."""

    limit: int
    lease_seconds: float


@quick_init
@dataclass(frozen=True, slots=True)
class Grant:
    """The leave to make one attempt, to be settled."""

    reserved: Cost
    gauge: Gauge
    decision: Decision
    store: LimitStore
    tenant: Hashable
    priority: int
    lease_id: str | None = None
    renewal: LeaseRenewal | None = None


class TargetLimits:
    """What lets the attempts at one target in. Safe for threads and event loops."""

    def __init__(
        self,
        key: str,
        learned: LearnedLimits,
        keeper: StoreKeeper,
        tally: Tally,
        *,
        places: Places | None,
        learns: bool,
        clock: Callable[[], float],
    ) -> None:
        self.key = key
        self.learned = learned
        self.keeper = keeper
        self._tally = tally
        self.places = places
        self._learns = learns
        self._clock = clock
        self._room = Room(clock)
        self._running = 0
        self.gate: Gate = Gate(clock, is_shared=not keeper.store.is_local)
        forget_in_children(self)

    def forget_calls(self) -> None:
        """Count no attempt of the parent as one that runs here."""
        self._running = 0

    async def enter(
        self, cost: Cost, ctx: LLMContext, target: Target, tenant: Hashable = None, priority: int = 0
    ) -> Grant:
        """Reserve what an attempt may take, after waiting for it if need be.

        Raises `LimitReachedError` where it cannot be had before the deadline, `CostAboveLimitError` where it never can,
        and `StorageError` where the store fails and calls are to wait for it.
        """
        entry, begin = _Entry(self, cost, tenant, priority), self._clock()
        try:
            if self.gate.is_open():
                answer = entry.reserve_now() or await entry.reserve()
                if answer.decision.granted:
                    self._tally.admit(None)
                    return self._admit(entry, answer, ctx)
            return await self._queue(entry, ctx, begin)
        except LimitReachedError as error:
            self._tally.count("refused")
            error.provider, error.model = target.provider, target.model
            raise

    async def _queue(self, entry: _Entry, ctx: LLMContext, begin: float) -> Grant:
        try:
            waiter = Waiter(entry.tenant, entry.priority, entry.cost.tokens)
            answer = await self.gate.wait(waiter, entry.reserve, ctx.deadline_monotonic)
        finally:
            ctx.queued_seconds = self._clock() - begin
        self._tally.admit(ctx.queued_seconds)
        return self._admit(entry, answer, ctx)

    def _admit(self, entry: _Entry, answer: Answer, ctx: LLMContext) -> Grant:
        self._running += 1
        if self.keeper.local is None:
            self._room.note_decision(answer.decision)
        return entry.grant(answer)

    @property
    def room(self) -> float | None:
        """The free share of the limit that has least, 0 to 1, as far as this process knows; None without any limit."""
        meters = self.learned.gauge.meters.values()
        local = self.keeper.local
        backlogs, hold_seconds = self._room.look() if local is None else local.look(self.key)
        if not self.gate.is_open() or hold_seconds > 0:
            return 0.0
        if not meters and self.places is None:
            return None
        places = 1.0 if self.places is None else max(0.0, 1 - self._running / self.places.limit)
        return min(places, find_share(meters, backlogs))

    async def learn(self, grant: Grant, headers: Mapping[str, str]) -> None:
        """Take what an answer that has begun tells of the limits."""
        floors, _ = self._read(grant, headers, None)
        if floors:
            await self._settle(grant, Settlement(self.key, floors=floors))

    async def leave(
        self, grant: Grant, used: Cost, headers: Mapping[str, str] | None, error: BaseException | None = None
    ) -> None:
        """Settle an attempt to what it used, give its place back, and take what its answer tells of the limits."""
        self._running -= 1
        if grant.renewal is not None:
            grant.renewal.end()
        shifts = grant.gauge.shifts(grant.reserved, used)
        floors, hold = (NO_SECONDS, 0.0) if headers is None and error is None else self._read(grant, headers, error)
        if shifts or floors or hold or grant.lease_id is not None:
            settlement = Settlement(self.key, shifts, floors, hold, grant.lease_id)
            if self.keeper.local is None:
                await self._settle(grant, settlement)
            else:
                self.keeper.local.settle_now(settlement)
        if not self.gate.is_open():
            self.gate.correct(grant.tenant, grant.priority, grant.reserved.tokens - used.tokens)
            self.gate.wake_next()

    async def _settle(self, grant: Grant, settlement: Settlement) -> None:
        if self.keeper.local is None:
            self._room.note_settlement(settlement)
        await self.keeper.settle(grant.store, settlement)

    def _read(
        self, grant: Grant, headers: Mapping[str, str] | None, error: BaseException | None
    ) -> tuple[Mapping[str, float], float]:
        readings: dict[str, Reading] = {} if headers is None or not self._learns else read_limits(headers)
        if readings:
            self.learned.learn(readings)
        elif error is None:
            return NO_SECONDS, 0.0
        return find_floors(self.learned.gauge, readings, grant.decision.backlogs), find_hold(error, readings)


class _Entry:
    """One attempt that asks to be let in, as often as it takes."""

    __slots__ = ("_gauge", "_lease", "_limits", "cost", "priority", "tenant")

    def __init__(self, limits: TargetLimits, cost: Cost, tenant: Hashable, priority: int) -> None:
        self._limits = limits
        self.cost = cost
        self.tenant = tenant
        self.priority = priority
        places, is_local = limits.places, limits.keeper.store.is_local
        self._lease = (
            None
            if places is None
            else LeaseDemand(make_call_id(), places.limit, inf if is_local else places.lease_seconds)
        )

    def reserve_now(self) -> Answer | None:
        """Ask a store of this process; None where another one has to be waited for."""
        local = self._limits.keeper.local
        return None if local is None else Answer(local.reserve_now(self._demand()), local)

    async def reserve(self) -> Answer:
        return await self._limits.keeper.reserve(self._demand())

    def _demand(self) -> Demand:
        # What was learned while it waited holds for it, too.
        self._gauge = self._limits.learned.gauge
        return Demand(self._limits.key, self._gauge.spends(self.cost), self._lease)

    def grant(self, answer: Answer) -> Grant:
        lease, renewal = self._lease, None
        if lease is not None and lease.seconds != inf:
            renewal = LeaseRenewal(self._limits.keeper, answer.store, self._limits.key, lease)
        lease_id = None if lease is None else lease.id
        return Grant(
            self.cost, self._gauge, answer.decision, answer.store, self.tenant, self.priority, lease_id, renewal
        )


class LeaseRenewal:
    """Keeps a place for as long as an attempt runs, however long that is; a process that is killed keeps none."""

    def __init__(self, keeper: StoreKeeper, store: LimitStore, key: str, lease: LeaseDemand) -> None:
        self._keeper = keeper
        self._store = store
        self._key = key
        self._lease = lease
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._plan()

    def _plan(self) -> None:
        self._timer = self._loop.call_later(self._lease.seconds / 3, self._begin)

    def _begin(self) -> None:
        self._task = self._loop.create_task(self._renew())

    async def _renew(self) -> None:
        await self._keeper.renew(self._store, self._key, self._lease.id, self._lease.seconds)
        self._plan()

    def end(self) -> None:
        """Renew no more: the place is given back."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
