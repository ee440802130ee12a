"""A store in Redis (or Valkey), shared by any number of machines."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from core.llms.errors import ConfigurationError

if TYPE_CHECKING:
    from redis.asyncio import Redis

# Gives the key to who asks first, and more time to whose it is: one step, so that two never have it.
_CLAIM: Final = """
local holder = redis.call('GET', KEYS[1])
if not holder or holder == ARGV[1] then
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
    return ARGV[1]
end
return holder
"""
_RELEASE: Final = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
_DELETED_AT_ONCE: Final = 500


class RedisCacheStore:
    """Keeps entries below `prefix` in the Redis at `url` (`redis://`, `rediss://`, `unix://`).

    How much it holds, and what goes first, is the server's to say (`maxmemory`, `maxmemory-policy allkeys-lru`). Each
    event loop has connections of its own; `async with`, or `aclose()`, closes those of the running loop. Raises
    `ConfigurationError` where the extra `redis` is not installed; what fails later is an error of `redis`, which a
    cache takes for a store that is down.
    """

    def __init__(self, url: str, *, prefix: str = "core-llms:cache:", max_connections: int = 50) -> None:
        try:
            from redis.asyncio import ConnectionPool
        except ImportError as error:
            raise ConfigurationError(
                "a cache in Redis needs redis, which the extra `redis` brings: pip install 'core-llms[redis]'"
            ) from error
        try:
            ConnectionPool.from_url(url)
        except ValueError:
            raise ConfigurationError("`url` must be like redis://host:6379/0; it is not repeated here") from None
        self._url = url
        self._prefix = prefix
        self._max_connections = max_connections
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Redis] = WeakKeyDictionary()

    async def get(self, key: str) -> bytes | None:
        value: Any = await self._client().get(self._prefix + key)
        return None if value is None else bytes(value)

    async def set(self, key: str, value: bytes, ttl_seconds: float | None) -> int:
        """Keep a value; 0 is returned, since the server evicts by itself."""
        milliseconds = None if ttl_seconds is None else max(1, int(ttl_seconds * 1000))
        await self._client().set(self._prefix + key, value, px=milliseconds)
        return 0

    async def delete(self, key: str) -> None:
        await self._client().delete(self._prefix + key)

    async def clear(self) -> None:
        """Forget every key below the prefix."""
        client, found = self._client(), []
        async for key in client.scan_iter(match=_escape(self._prefix) + "*", count=_DELETED_AT_ONCE):
            found.append(key)
            if len(found) == _DELETED_AT_ONCE:
                await client.unlink(*found)
                found.clear()
        if found:
            await client.unlink(*found)

    async def claim(self, key: str, owner: str, seconds: float) -> str:
        """Return whose the key is now: `owner` for so many seconds, or another who came first."""
        milliseconds = str(max(1, int(seconds * 1000)))
        holder: Any = await self._client().eval(_CLAIM, 1, self._claim_key(key), owner, milliseconds)
        return str(holder, "utf-8")

    async def release(self, key: str, owner: str) -> None:
        """End a claim, if it is still this owner's."""
        await self._client().eval(_RELEASE, 1, self._claim_key(key), owner)

    def _claim_key(self, key: str) -> str:
        return f"{self._prefix}claim:{key}"

    def _client(self) -> Redis:
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            from redis.asyncio import Redis

            client = self._clients[loop] = Redis.from_url(self._url, max_connections=self._max_connections)
        return client

    async def aclose(self) -> None:
        """Close the connections of the running event loop. They are opened again when they are used."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    async def __aenter__(self) -> RedisCacheStore:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        # The address may hold a password.
        return f"RedisCacheStore(prefix={self._prefix!r})"


def _escape(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "*?[]\\" else sign for sign in text)
