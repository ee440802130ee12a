"""A store in this process: the quickest, and gone with it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import inf
from time import monotonic

from core.llms.runtime.caching.bounds import Bounds
from core.llms.runtime.fork_lock import ForkLock


class MemoryCacheStore:
    """Keeps up to `max_entries` and `max_bytes` (of keys and values); the least recently used go first.

    Safe between threads and event loops.
    """

    def __init__(
        self, *, max_entries: int = 10_000, max_bytes: int = 256 * 2**20, clock: Callable[[], float] = monotonic
    ) -> None:
        self._bounds = Bounds(max_entries, max_bytes)
        self._clock = clock
        self._entries: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._bytes = 0
        self._lock = ForkLock()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size_bytes(self) -> int:
        """The bytes of all keys and values."""
        return self._bytes

    async def get(self, key: str) -> bytes | None:
        with self._lock.held:
            found = self._entries.get(key)
            if found is None:
                return None
            value, expires_at = found
            if expires_at <= self._clock():
                self._drop(key)
                return None
            self._entries.move_to_end(key)
            return value

    def __contains__(self, key: str) -> bool:
        """Whether there is an entry, though its time may be over."""
        return key in self._entries

    async def set(self, key: str, value: bytes, ttl_seconds: float | None) -> int:
        return self.keep(key, value, ttl_seconds)

    def keep(self, key: str, value: bytes, ttl_seconds: float | None) -> int:
        """Do as `set` does, which here waits for nothing."""
        size = len(key) + len(value)
        with self._lock.held:
            self._drop(key)
            if not self._bounds.hold(1, size):
                return 0
            self._entries[key] = (value, inf if ttl_seconds is None else self._clock() + ttl_seconds)
            self._bytes += size
            return self._make_room()

    def _make_room(self) -> int:
        evicted = 0
        while not self._bounds.hold(len(self._entries), self._bytes):
            self._drop(next(iter(self._entries)))
            evicted += 1
        return evicted

    def _drop(self, key: str) -> None:
        found = self._entries.pop(key, None)
        if found is not None:
            self._bytes -= len(key) + len(found[0])

    async def delete(self, key: str) -> None:
        with self._lock.held:
            self._drop(key)

    async def clear(self) -> None:
        with self._lock.held:
            self._entries.clear()
            self._bytes = 0

    async def aclose(self) -> None:
        """Nothing is open; what is kept stays."""

    def __repr__(self) -> str:
        return f"MemoryCacheStore(entries={len(self._entries)}, bytes={self._bytes})"
