"""What a cache did, counted."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal

from core.llms.runtime.fork_lock import ForkLock
from core.llms.types.caching import CacheHit


@dataclass(frozen=True, slots=True)
class CacheStatistics:
    """What a cache did since it was made.

    `hits` are calls that no vendor was asked for; of these `shared_hits` waited for an equal call that was on its way.
    `misses` went out. `bypassed` did not use the cache: as the context asked, by the policy, or because the request has
    no key. `stores` and `evictions` are entries kept and entries that had to go for them. `errors` are entries that
    could not be read and failures of the store, after each of which it is left alone for a moment. `saved_cost` is what
    the hits would have cost in USD; `unpriced_hits` are those without a known cost.
    """

    hits: int = 0
    shared_hits: int = 0
    misses: int = 0
    bypassed: int = 0
    stores: int = 0
    evictions: int = 0
    errors: int = 0
    unpriced_hits: int = 0
    saved_cost: Decimal = Decimal(0)

    @property
    def hit_ratio(self) -> float:
        """Hits among the calls that used the cache; 0.0 where there were none."""
        looked_up = self.hits + self.misses
        return self.hits / looked_up if looked_up else 0.0


_NAMES = tuple(field.name for field in fields(CacheStatistics))


class Counters:
    """The figures as they grow. Safe between threads."""

    __slots__ = ("_lock", *_NAMES)

    def __init__(self) -> None:
        self._lock = ForkLock()
        self.hits = self.shared_hits = self.misses = self.bypassed = 0
        self.stores = self.evictions = self.errors = self.unpriced_hits = 0
        self.saved_cost = Decimal(0)

    def count(self, name: str, amount: int = 1) -> None:
        """Add to one of them."""
        with self._lock.held:
            setattr(self, name, getattr(self, name) + amount)

    def count_hit(self, hit: CacheHit, shared: bool) -> None:
        """Add a hit with what it saved."""
        with self._lock.held:
            self.hits += 1
            self.shared_hits += shared
            if hit.cost_saved is None:
                self.unpriced_hits += 1
            else:
                self.saved_cost += hit.cost_saved

    def snapshot(self) -> CacheStatistics:
        """Return the figures of this moment."""
        with self._lock.held:
            return CacheStatistics(*(getattr(self, name) for name in _NAMES))
