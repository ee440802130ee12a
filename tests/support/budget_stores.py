"""The stores of budgets, opened by a word or an address, here and in other processes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Final

from core.llms.runtime.budgets.memory_store import MemoryBudgetStore
from core.llms.runtime.budgets.stores import BudgetStore
from core.llms.types.spending import Account, Amount, Charge, Reservation

STORES: Final = ("memory", "sqlite", "postgresql", "redis")


@asynccontextmanager
async def opened_store(place: str) -> AsyncIterator[BudgetStore]:
    """The store at a database's or a Redis's URL, or in memory."""
    if place == "memory":
        yield MemoryBudgetStore()
    elif place.startswith("redis"):
        from core.llms.runtime.budgets.redis_store import RedisBudgetStore

        store = RedisBudgetStore(place)
        try:
            yield store
        finally:
            await store.aclose()
    else:
        from core.llms.storage.budget_store import DatabaseBudgetStore
        from core.llms.storage.database import Database

        async with Database(place, upgrade=True) as database:
            yield DatabaseBudgetStore(database)


def reservation(
    id: str, *accounts: Account, usd: str = "0", tokens: int = 0, limit: str | None = None, expires_at: float = 100.0
) -> Reservation:
    """A reservation of the same amount on each account."""
    amount, most = Amount(Decimal(usd), tokens), None if limit is None else Decimal(limit)
    return Reservation(id, tuple(Charge(account, amount, most) for account in accounts), expires_at)
