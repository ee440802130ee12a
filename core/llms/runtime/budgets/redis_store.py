"""`RedisBudgetStore`: budgets shared by every process that uses one Redis; a script each step."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from weakref import WeakKeyDictionary

from core.llms.errors import ConfigurationError, StorageError
from core.llms.runtime.budgets import redis_scripts
from core.llms.types.secrets import Secret, mask_secrets_in
from core.llms.types.spending import Account, Amount, Balance, Charge, Decision, Reservation

_USD_DIGITS: Final = 12
# A key outlives its time by this, for calls that end late.
_KEPT_SECONDS: Final = 86_400.0


class RedisBudgetStore:
    """Counts in Redis 6.2 or newer, or in a server that speaks as it does, such as Valkey.

    All keys begin with `prefix`, whose braces keep them on one node of a cluster. What Redis forgets is forgotten here,
    too: let it write to disk, and never evict (`maxmemory-policy noeviction`).
    """

    waits = True

    def __init__(self, url: str, *, prefix: str = "{core-llms:budgets}:") -> None:
        """Raises `ConfigurationError` for a URL that is none, and where the extra `redis` is not installed."""
        self._redis = _import_redis()
        try:
            self._redis.asyncio.ConnectionPool.from_url(url)
        except ValueError:
            raise ConfigurationError("`url` must be like redis://host:6379/0; it is not repeated here") from None
        self._url = url
        self._prefix = prefix
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = WeakKeyDictionary()

    async def reserve(self, reservation: Reservation, now: float) -> Decision:
        """Set all charges aside, or none. Raises `StorageError`."""
        accounts = [charge.account for charge in reservation.charges]
        arguments = [_ms(now), reservation.id, _ms(reservation.expires_at)]
        for charge in reservation.charges:
            arguments += [*_place(charge.account), _units(charge.amount.usd), str(charge.amount.tokens)]
            arguments += [
                "" if charge.usd_limit is None else _units(charge.usd_limit),
                "" if charge.token_limit is None else str(charge.token_limit),
            ]
        refused, reports = await self._run(redis_scripts.RESERVE, accounts, arguments)
        return Decision(tuple(map(_parse_balance, reports)), int(refused) - 1 if refused else None)

    async def settle(self, reservation: Reservation, spent: Sequence[Amount], now: float) -> tuple[Balance, ...]:
        """Give back what is held and book what was spent. Raises `StorageError`."""
        accounts = [charge.account for charge in reservation.charges]
        arguments = [_ms(now), reservation.id]
        for charge, amount in zip(reservation.charges, spent, strict=True):
            arguments += [*_place(charge.account), _units(charge.amount.usd), str(charge.amount.tokens)]
            arguments += [_units(amount.usd), str(amount.tokens), str(amount.unpriced_calls)]
        reports = await self._run(redis_scripts.SETTLE, accounts, arguments)
        return tuple(
            _settled(*each) for each in zip(map(_parse_balance, reports), reservation.charges, spent, strict=True)
        )

    async def release(self, reservation: Reservation) -> None:
        """Give back what is held. Raises `StorageError`."""
        accounts = [charge.account for charge in reservation.charges]
        await self._run(redis_scripts.RELEASE, accounts, [reservation.id])

    async def read(self, accounts: Sequence[Account], now: float) -> tuple[Balance, ...]:
        """Return what accounts hold. Raises `StorageError`."""
        arguments = [_ms(now), *(str(account.first_slot) for account in accounts)]
        return tuple(map(_parse_balance, await self._run(redis_scripts.READ, accounts, arguments)))

    async def aclose(self) -> None:
        """Close the connections of the running event loop. It may be used again, which opens new ones."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    async def _run(self, script: str, accounts: Sequence[Account], arguments: Sequence[str]) -> Any:
        keys = [f"{self._prefix}{account.key}" for account in accounts]
        try:
            return await self._client().register_script(script)(keys, arguments)
        except (self._redis.RedisError, OSError) as error:
            words = mask_secrets_in(" ".join(str(error).split()).encode(), self._secrets()).decode()
            raise StorageError(f"the Redis of the budgets failed: {words or type(error).__name__}") from error

    def _client(self) -> Any:
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            # A step that is sent twice would count twice.
            retry = self._redis.asyncio.retry.Retry(self._redis.backoff.NoBackoff(), 0)
            client = self._redis.asyncio.Redis.from_url(self._url, decode_responses=True, retry=retry)
            self._clients[loop] = client
        return client

    def _secrets(self) -> list[Secret]:
        password = urlsplit(self._url).password
        return [Secret(unquote(password))] if password else []


def _import_redis() -> Any:
    try:
        import redis
        import redis.asyncio
        import redis.asyncio.retry
        import redis.backoff
    except ImportError as error:
        raise ConfigurationError(
            "budgets in Redis need redis, which the extra `redis` brings: pip install 'core-llms[redis]'"
        ) from error
    return redis


def _ms(seconds: float) -> str:
    return str(int(seconds * 1000))


def _units(usd: Decimal) -> str:
    return str(int(usd.scaleb(_USD_DIGITS)))


def _usd(units: str) -> Decimal:
    return Decimal(units).scaleb(-_USD_DIGITS)


def _place(account: Account) -> tuple[str, str, str]:
    ends_at = "" if account.ends_at is None else _ms(account.ends_at + _KEPT_SECONDS)
    return str(account.slot), str(account.first_slot), ends_at


def _parse_balance(report: Sequence[str]) -> Balance:
    usd, tokens, unpriced, held_usd, held_tokens, oldest, booked_usd, booked_tokens = report
    return Balance(
        Amount(_usd(usd), int(tokens), int(unpriced)),
        Amount(_usd(held_usd), int(held_tokens)),
        int(oldest) if oldest else None,
        Amount(_usd(booked_usd), int(booked_tokens)),
    )


def _settled(balance: Balance, charge: Charge, spent: Amount) -> Balance:
    # The script tells what was held; the difference between that and the charge had been booked when it expired.
    return replace(balance, booked=spent - charge.amount.beyond(balance.booked))
