"""`RedisLimitStore`: rate limits that several processes share through Redis, each step one script."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, Final
from weakref import WeakKeyDictionary

from core.llms.errors import ConfigurationError, StorageError
from core.llms.runtime.limits.redis_scripts import RENEW, RESERVE, SETTLE
from core.llms.types.limits import Decision, Demand, Settlement
from core.llms.types.secrets import Secret

_PLACE_LACKS: Final = -1.0


class RedisLimitStore:
    """Limits in Redis (or Valkey), at `url`, for instance `redis://:password@host:6379/0`.

    Nothing is connected before it is used. Each event loop has connections of its own; `aclose()` closes those of the
    running one. `prefix` begins the names of its keys. Time is the server's, or that of `clock` (seconds since any
    moment, the same for all processes).

    Raises `ConfigurationError` where the extra `redis` is not installed, or the URL cannot be read.
    """

    is_local = False

    def __init__(self, url: str, *, prefix: str = "core-llms:limits", clock: Callable[[], float] | None = None) -> None:
        if find_spec("redis") is None:
            raise ConfigurationError(
                "limits in Redis need redis, which the extra `redis` brings: pip install 'core-llms[redis]'"
            )
        self._url = Secret(url)
        self._prefix = prefix
        self._clock = clock
        self._opened: WeakKeyDictionary[asyncio.AbstractEventLoop, _Scripts] = WeakKeyDictionary()
        _check_url(url)

    async def reserve(self, demand: Demand) -> Decision:
        """Take all that is asked for, or nothing. Raises `StorageError`."""
        lease = demand.lease
        arguments: list[Any] = [self._now(), 0, "", 0.0] if lease is None else [
            self._now(), lease.limit, lease.id, lease.seconds
        ]  # fmt: skip
        for spend in demand.spends:
            arguments += (spend.dimension, spend.cost_seconds, spend.burst_seconds)
        granted, wait, *backlogs = await self._run("reserve", demand.key, arguments)
        named = {spend.dimension: float(backlog) for spend, backlog in zip(demand.spends, backlogs, strict=True)}
        if granted:
            return Decision(True, 0.0, named)
        seconds = float(wait)
        return Decision(False, None if seconds == _PLACE_LACKS else seconds, named)

    async def settle(self, settlement: Settlement) -> None:
        """Correct what was taken. Raises `StorageError`."""
        arguments: list[Any] = [self._now(), settlement.hold_seconds, settlement.lease_id or ""]
        for dimension in {**settlement.shifts, **settlement.floors}:
            arguments += (dimension, settlement.shifts.get(dimension, 0.0), settlement.floors.get(dimension, 0.0))
        await self._run("settle", settlement.key, arguments)

    async def renew(self, key: str, lease_ids: Sequence[str], seconds: float) -> None:
        """Keep places for so many seconds from now. Raises `StorageError`."""
        await self._run("renew", key, [self._now(), seconds, *lease_ids])

    async def aclose(self) -> None:
        """Close the connections of the running event loop. It may be used again, which opens new ones."""
        scripts = self._opened.pop(asyncio.get_running_loop(), None)
        if scripts is not None:
            await scripts.client.aclose()

    async def _run(self, name: str, key: str, arguments: Sequence[Any]) -> Any:
        from redis.exceptions import RedisError

        # In a cluster, the braces put both keys in one place.
        keys = [f"{self._prefix}:{{{key}}}", f"{self._prefix}:{{{key}}}:places"]
        try:
            return await getattr(self._scripts(), name)(keys=keys, args=arguments)
        except (RedisError, OSError) as error:
            raise StorageError(f"Redis failed: {type(error).__name__}") from error

    def _scripts(self) -> _Scripts:
        loop = asyncio.get_running_loop()
        scripts = self._opened.get(loop)
        if scripts is None:
            scripts = self._opened[loop] = _Scripts(self._url)
        return scripts

    def _now(self) -> float | str:
        return "" if self._clock is None else self._clock()

    def __repr__(self) -> str:
        return f"RedisLimitStore(prefix={self._prefix!r})"


class _Scripts:
    """A client of one event loop, with the scripts that it runs by their digests."""

    def __init__(self, url: Secret) -> None:
        from redis.asyncio import Redis

        self.client: Any = Redis.from_url(url.get_secret_value())
        self.reserve = self.client.register_script(RESERVE)
        self.settle = self.client.register_script(SETTLE)
        self.renew = self.client.register_script(RENEW)


def _check_url(url: str) -> None:
    from redis.asyncio.connection import parse_url

    try:
        parse_url(url)
    except ValueError as error:
        raise ConfigurationError("the URL of Redis looks like redis://:password@host:6379/0, and this is none") from (
            None if "@" in url else error
        )
