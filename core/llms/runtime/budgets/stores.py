"""`BudgetStore`: where budgets are counted. Each of its steps is atomic, whoever else takes one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from core.llms.types.spending import Account, Amount, Balance, Decision, Reservation


class BudgetStore(Protocol):
    """Counts what is spent and what is reserved. `now` is in seconds since 1970.

    A reservation that expired was never settled, since its process died: what it held counts as spent from then on,
    for the vendor may have charged it. `waits` is false for a store whose steps never wait for anything.
    """

    waits: bool

    async def reserve(self, reservation: Reservation, now: float) -> Decision:
        """Set all of its charges aside, or none of them where one does not fit.

        One whose id is held already grows by the charges. Raises `StorageError`.
        """
        ...

    async def settle(self, reservation: Reservation, spent: Sequence[Amount], now: float) -> tuple[Balance, ...]:
        """Give back what it holds, once, and book what was spent on each of its charges' accounts.

        Where it expired, what was booked then is taken back. Returns the balances after it. Raises `StorageError`.
        """
        ...

    async def release(self, reservation: Reservation) -> None:
        """Give back what it holds and book nothing; one that is not held changes nothing. Raises `StorageError`."""
        ...

    async def read(self, accounts: Sequence[Account], now: float) -> tuple[Balance, ...]:
        """Return what accounts hold. Raises `StorageError`."""
        ...

    async def aclose(self) -> None:
        """Close what it opened itself."""
        ...
