"""What a cache keeps its entries in: bytes under keys, for a time. The contract alone."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


class CacheStore(Protocol):
    """Keeps bytes under keys. What it raises costs a cache its help, never a call its answer."""

    async def get(self, key: str) -> bytes | None:
        """Return the value, or None where there is none or its time is over. An entry that is read is young again."""

    async def set(self, key: str, value: bytes, ttl_seconds: float | None) -> int:
        """Keep a value for so long, None for ever, and return how many others had to go to make room."""

    async def delete(self, key: str) -> None:
        """Forget a key; one that is not there is no error."""

    async def clear(self) -> None:
        """Forget every key."""

    async def aclose(self) -> None:
        """Give back what is open. A store may be used again afterwards."""


@runtime_checkable
class ClaimingStore(CacheStore, Protocol):
    """A store that several processes share, and that lets one of them at a time work on a key."""

    async def claim(self, key: str, owner: str, seconds: float) -> str:
        """Return whose the key is now: `owner` for so many seconds, again where it was, or another who came first."""

    async def release(self, key: str, owner: str) -> None:
        """End a claim, if it is still this owner's."""
