"""Who is next: the higher priority, then each tenant by turns for as many tokens, then who came first."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable
from typing import Protocol


class Queued(Protocol):
    """What can wait in the queue."""

    @property
    def tenant(self) -> Hashable:
        """For whom it is."""
        ...

    @property
    def priority(self) -> int:
        """The higher goes first."""
        ...

    @property
    def tokens(self) -> int:
        """What it takes, which is what tenants are to have in equal shares."""
        ...


class _Flow:
    """What one tenant waits for, and the tokens that it may still take in this round."""

    __slots__ = ("credit", "waiting")

    def __init__(self) -> None:
        self.waiting: OrderedDict[Queued, None] = OrderedDict()
        self.credit = 0

    @property
    def first(self) -> Queued:
        return next(iter(self.waiting))


class _Level:
    """The tenants of one priority in a ring: deficit round-robin."""

    def __init__(self) -> None:
        self.flows: dict[Hashable, _Flow] = {}
        self._ring: deque[Hashable] = deque()

    def push(self, one: Queued) -> None:
        flow = self.flows.get(one.tenant)
        if flow is None:
            flow = self.flows[one.tenant] = _Flow()
            self._ring.append(one.tenant)
        flow.waiting[one] = None

    def peek(self) -> Queued:
        while True:
            for _ in range(len(self._ring)):
                flow = self.flows[self._ring[0]]
                if flow.first.tokens <= flow.credit:
                    return flow.first
                self._ring.rotate(-1)
            self._begin_round()

    def _begin_round(self) -> None:
        # Each saves as much as it takes until the first of them can go: large requests save for several rounds.
        quantum = min(flow.first.tokens - flow.credit for flow in self.flows.values())
        for flow in self.flows.values():
            flow.credit += quantum

    def drop(self, one: Queued) -> None:
        flow = self.flows[one.tenant]
        del flow.waiting[one]
        if not flow.waiting:
            # Who waits for nothing saves nothing.
            del self.flows[one.tenant]
            self._ring.remove(one.tenant)


class FairQueue:
    """Waiters in order. Not safe between threads by itself.

    Within a priority, tenants get equal shares of the tokens while they wait; a tenant's own waiters go first come,
    first served. Who is next stays next until it is taken or gives up, or one of a higher priority comes.
    """

    def __init__(self) -> None:
        self._levels: dict[int, _Level] = {}
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def push(self, one: Queued) -> None:
        """Let one wait."""
        self._levels.setdefault(one.priority, _Level()).push(one)
        self._size += 1

    def peek(self) -> Queued | None:
        """Return who is next."""
        return self._levels[max(self._levels)].peek() if self._levels else None

    def take(self, one: Queued) -> None:
        """Let one go with what it asked for."""
        self._levels[one.priority].flows[one.tenant].credit -= one.tokens
        self.discard(one)

    def discard(self, one: Queued) -> None:
        """Let one go without; it need not be there."""
        level = self._levels.get(one.priority)
        flow = None if level is None else level.flows.get(one.tenant)
        if level is None or flow is None or one not in flow.waiting:
            return
        level.drop(one)
        self._size -= 1
        if not level.flows:
            del self._levels[one.priority]

    def correct(self, tenant: Hashable, priority: int, tokens: int) -> None:
        """Give a tenant that still waits tokens back which it did not use (below 0: take what it used besides)."""
        level = self._levels.get(priority)
        flow = None if level is None else level.flows.get(tenant)
        if flow is not None:
            flow.credit += tokens
