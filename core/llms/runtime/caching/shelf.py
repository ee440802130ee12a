"""A store that no call fails by: what goes wrong with it is counted, said once in a while, and left aside."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from math import inf
from time import monotonic, time
from typing import Protocol, TypeVar

from core.llms.runtime.caching.memory import MemoryCacheStore
from core.llms.runtime.caching.statistics import Counters
from core.llms.runtime.caching.store import CacheStore, ClaimingStore
from core.llms.runtime.caching.values import Answer, Entry, UnreadableEntryError, decode_entry, encode_entry
from core.llms.types.caching import CacheHit

T = TypeVar("T")
_log = logging.getLogger("core.llms.cache")
_PAUSE_SECONDS = 5.0
_SILENCE_SECONDS = 60.0


class Cipher(Protocol):
    """Hides what is kept from who can read the store; `cryptography.fernet.Fernet` is one."""

    def encrypt(self, data: bytes) -> bytes:
        """Return the text that is kept."""

    def decrypt(self, token: bytes) -> bytes:
        """Return the plain text. Raises any exception for one that was changed or is another key's."""


@dataclass(slots=True)
class Shelf:
    """Entries in a store. After a failure the store is left alone for 5 seconds."""

    store: CacheStore
    counters: Counters
    timeout_seconds: float = 0.5
    keep_raw: bool = True
    cipher: Cipher | None = None
    clock: Callable[[], float] = time
    _resting_until: float = field(default=-inf, init=False)
    _silent_until: dict[str, float] = field(default_factory=dict, init=False)
    # Whether the store lets one process at a time work on a key, and whether it may have to be waited for.
    claims: bool = field(init=False)
    _waits: bool = field(init=False)
    # A store whose steps never wait and never fail, unless somebody derived another from it.
    _at_hand: MemoryCacheStore | None = field(init=False)

    def __post_init__(self) -> None:
        self.claims = isinstance(self.store, ClaimingStore)
        self._waits = not isinstance(self.store, MemoryCacheStore)
        self._at_hand = self.store if type(self.store) is MemoryCacheStore else None

    def encode(self, answer: Answer, given: tuple[str, ...]) -> bytes | None:
        """Write an answer as it is kept, without its request's warnings (`given`); None where that cannot be done."""
        said = answer.warnings
        warnings = said[len(given) :] if said[: len(given)] == given else said
        try:
            data = encode_entry(answer, self.clock(), warnings=warnings, keep_raw=self.keep_raw)
            return data if self.cipher is None else self.cipher.encrypt(data)
        except Exception as error:  # noqa: BLE001 - a cipher is the caller's, and the answer is there all the same
            self.complain("write", "an answer could not be written for the cache", error)
            return None

    def decode(self, data: bytes) -> Entry | None:
        """Read an entry, or None where it cannot be read."""
        try:
            return decode_entry(data if self.cipher is None else self.cipher.decrypt(data))
        except UnreadableEntryError as error:
            self.complain("read", f"an entry of the cache was dropped ({error})", None)
        except Exception as error:  # noqa: BLE001 - what a cipher raises for a changed text is its own
            self.complain("read", "an entry of the cache could not be decrypted, and was dropped", error)
        return None

    def describe(self, key: str, entry: Entry, *, shared: bool = False, similarity: float | None = None) -> CacheHit:
        """Say of an entry what its answer says of itself, and count the hit."""
        age_seconds = max(0.0, self.clock() - entry.stored_at)
        hit = CacheHit(key, entry.cost, age_seconds, entry.similarity if similarity is None else similarity)
        self.counters.count_hit(hit, shared)
        return hit

    def surely_lacks(self, key: str) -> bool:
        """Whether nothing is kept under a key, where that can be told without waiting."""
        return self._at_hand is not None and key not in self._at_hand

    async def fetch(self, key: str, remaining_seconds: float) -> tuple[bytes, Entry] | None:
        """Return what is kept under a key; what cannot be read is deleted."""
        data = await self._try(self.store.get, (key,), remaining_seconds)
        if data is None:
            return None
        entry = self.decode(data)
        if entry is not None:
            return data, entry
        await self._try(self.store.delete, (key,), remaining_seconds)
        return None

    async def put(self, key: str, data: bytes, ttl_seconds: float | None) -> None:
        """Keep what `encode` wrote."""
        evicted = (
            await self._try(self.store.set, (key, data, ttl_seconds))
            if self._at_hand is None
            else self._at_hand.keep(key, data, ttl_seconds)
        )
        if evicted is not None:
            self.counters.count("stores")
            if evicted:
                self.counters.count("evictions", evicted)

    async def claim(self, key: str, owner: str, seconds: float) -> str | None:
        """Return whose the key is, None where the store does not say."""
        assert isinstance(self.store, ClaimingStore)
        return await self._try(self.store.claim, (key, owner, seconds))

    async def release(self, key: str, owner: str) -> None:
        """End a claim; one that is not ended ends by its time."""
        assert isinstance(self.store, ClaimingStore)
        await self._try(self.store.release, (key, owner))

    async def _try(
        self, operation: Callable[..., Awaitable[T]], arguments: tuple[object, ...], remaining_seconds: float = inf
    ) -> T | None:
        if monotonic() < self._resting_until or remaining_seconds <= 0:
            return None
        try:
            if not self._waits:
                return await operation(*arguments)
            async with asyncio.timeout(min(self.timeout_seconds, remaining_seconds)):
                return await operation(*arguments)
        except Exception as error:  # noqa: BLE001 - a store is the caller's choice, and may raise what it likes
            if isinstance(error, TimeoutError) and remaining_seconds < self.timeout_seconds:
                return None  # the call had less time than a store may take
            self._resting_until = monotonic() + _PAUSE_SECONDS
            self.complain("store", "the cache's store failed; calls go on without it", error)
            return None

    def complain(self, kind: str, problem: str, error: Exception | None) -> None:
        """Count a failure, and log it unless one of its kind was logged within a minute."""
        # The error's own text is left out: it may hold an address with its password.
        self.counters.count("errors")
        if monotonic() < self._silent_until.get(kind, -inf):
            return
        self._silent_until[kind] = monotonic() + _SILENCE_SECONDS
        _log.warning("%s%s", problem, "" if error is None else f": {type(error).__name__}")
