"""`MemoryLimitStore`: limits kept in this process, for all of its threads and event loops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

from core.llms.runtime.fork_lock import ForkLock
from core.llms.runtime.forked import forget_in_children
from core.llms.types.limits import SMALLEST_WAIT_SECONDS, Decision, Demand, LeaseDemand, Settlement, Spend


class _Account:
    """What is kept under one key: a moment for each limit, until when nothing is granted, and who holds a place."""

    __slots__ = ("held_until", "leases", "moments")

    def __init__(self) -> None:
        self.moments: dict[str, float] = {}
        self.held_until = 0.0
        self.leases: dict[str, float] = {}


class MemoryLimitStore:
    """Limits of one process. `clock` returns seconds; tests may set it."""

    is_local = True

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._accounts: dict[str, _Account] = {}
        self._lock = ForkLock()
        forget_in_children(self)

    def forget_calls(self) -> None:
        """Free the places that calls of the parent hold."""
        for account in self._accounts.values():
            account.leases.clear()

    async def reserve(self, demand: Demand) -> Decision:
        """Take all that is asked for, or nothing."""
        return self.reserve_now(demand)

    async def settle(self, settlement: Settlement) -> None:
        """Correct what was taken."""
        self.settle_now(settlement)

    def reserve_now(self, demand: Demand) -> Decision:
        """Do as `reserve` does."""
        with self._lock.held:
            account = self._accounts.get(demand.key)
            if account is None:
                account = self._accounts[demand.key] = _Account()
            now = self._clock()
            wait = _wait_seconds(account, demand.spends, now)
            if wait > SMALLEST_WAIT_SECONDS:
                return Decision(False, wait, _backlogs(account, demand.spends, now))
            if demand.lease is not None and not _take_place(account, demand.lease, now):
                return Decision(False, None, _backlogs(account, demand.spends, now))
            return Decision(True, 0.0, _take(account, demand.spends, now))

    def settle_now(self, settlement: Settlement) -> None:
        """Do as `settle` does."""
        with self._lock.held:
            account = self._accounts.get(settlement.key)
            if account is None:
                account = self._accounts[settlement.key] = _Account()
            now, moments = self._clock(), account.moments
            for dimension, seconds in settlement.shifts.items():
                credit, debt = (seconds, 0.0) if seconds < 0 else (0.0, seconds)
                moments[dimension] = max(moments.get(dimension, now) + credit, now) + debt
            for dimension, seconds in settlement.floors.items():
                moments[dimension] = max(moments.get(dimension, now), now + seconds)
            if settlement.hold_seconds:
                account.held_until = max(account.held_until, now + settlement.hold_seconds)
            if settlement.lease_id is not None:
                account.leases.pop(settlement.lease_id, None)

    async def renew(self, key: str, lease_ids: Sequence[str], seconds: float) -> None:
        """Keep places for so many seconds from now."""
        with self._lock.held:
            account = self._accounts.setdefault(key, _Account())
            account.leases.update(dict.fromkeys(lease_ids, self._clock() + seconds))

    def look(self, key: str) -> tuple[dict[str, float], float]:
        """Return the backlog of each limit under a key, and for how long nothing is granted, in seconds."""
        with self._lock.held:
            account, now = self._accounts.get(key), self._clock()
            if account is None:
                return {}, 0.0
            return {name: moment - now for name, moment in account.moments.items()}, account.held_until - now

    async def aclose(self) -> None:
        """There is nothing to close."""


def _wait_seconds(account: _Account, spends: tuple[Spend, ...], now: float) -> float:
    wait, moments = account.held_until - now, account.moments
    for spend in spends:
        backlog = moments.get(spend.dimension, now) - now
        lack = (backlog if backlog > 0.0 else 0.0) + spend.cost_seconds - spend.burst_seconds
        if lack > wait:
            wait = lack
    return wait


def _take(account: _Account, spends: tuple[Spend, ...], now: float) -> dict[str, float]:
    moments, backlogs = account.moments, {}
    for spend in spends:
        moment = moments.get(spend.dimension, now)
        moment = (moment if moment > now else now) + spend.cost_seconds
        moments[spend.dimension] = moment
        backlogs[spend.dimension] = moment - now
    return backlogs


def _backlogs(account: _Account, spends: tuple[Spend, ...], now: float) -> dict[str, float]:
    return {spend.dimension: max(0.0, account.moments.get(spend.dimension, now) - now) for spend in spends}


def _take_place(account: _Account, lease: LeaseDemand, now: float) -> bool:
    leases = account.leases
    if len(leases) >= lease.limit:
        for id in [id for id, until in leases.items() if until <= now]:
            del leases[id]
        if len(leases) >= lease.limit:
            return False
    leases[lease.id] = now + lease.seconds
    return True
