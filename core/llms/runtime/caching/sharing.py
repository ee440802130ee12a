"""How equal calls at the same time share one answer: in a process, and between processes by a claim on the key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from random import uniform
from time import monotonic
from uuid import uuid4

from core.llms.errors import ConfigurationError
from core.llms.runtime.caching.shelf import Shelf
from core.llms.runtime.caching.values import Entry

_FIRST_LOOK_SECONDS = 0.02
_SLOWEST_LOOK_SECONDS = 0.25
_RENEWALS = 3


@dataclass(frozen=True, slots=True)
class CacheSharing:
    """How long a call waits for an equal one that is on its way.

    After `wait_seconds` it goes out by itself. A process that works on a key holds it for `claim_seconds` in a store
    that several processes share, and renews that while its call runs: so long do others wait for one that was killed.
    `between_processes=False` leaves such claims out, and with them two steps of the store for each miss.
    """

    wait_seconds: float = 60.0
    claim_seconds: float = 10.0
    between_processes: bool = True

    def __post_init__(self) -> None:
        for name in ("wait_seconds", "claim_seconds"):
            if not 0 < getattr(self, name) < inf:
                raise ConfigurationError(f"`{name}` must be a positive number, not {getattr(self, name)!r}")


class Claim:
    """This process's word that it works on a key, renewed until it is released."""

    def __init__(self, shelf: Shelf, key: str, sharing: CacheSharing) -> None:
        self._shelf = shelf
        self._key = key
        self._sharing = sharing
        self._owner = uuid4().hex
        self._renewing: asyncio.Task[None] | None = None

    async def take(self, deadline: float, accepts: Callable[[Entry], bool]) -> tuple[bytes, Entry] | None:
        """Claim the key, or wait for who has it and return what he left.

        One process is waited for, not a row of them: where it leaves nothing, or another comes before, the call goes
        out without a claim.
        """
        first = await self._ask()
        if first is None or first == self._owner:
            return None
        seconds = _FIRST_LOOK_SECONDS
        until = min(deadline, monotonic() + self._sharing.wait_seconds)
        while monotonic() < until:
            await asyncio.sleep(min(uniform(seconds / 2, seconds), max(until - monotonic(), 0)))  # noqa: S311 - no secret
            seconds = min(seconds * 1.5, _SLOWEST_LOOK_SECONDS)
            holder = await self._ask()
            # Looked up after the claim: what the other left before it ended is found.
            found = await self._shelf.fetch(self._key, until - monotonic())
            if found is not None and accepts(found[1]):
                return found
            if holder != first:
                break
        return None

    async def _ask(self) -> str | None:
        holder = await self._shelf.claim(self._key, self._owner, self._sharing.claim_seconds)
        if holder == self._owner and self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())
        return holder

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._sharing.claim_seconds / _RENEWALS)
            await self._shelf.claim(self._key, self._owner, self._sharing.claim_seconds)

    async def release(self) -> None:
        """Let the others go, if the key is this process's."""
        renewing, self._renewing = self._renewing, None
        if renewing is not None:
            renewing.cancel()
            await self._shelf.release(self._key, self._owner)
