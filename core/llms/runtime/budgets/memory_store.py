"""`MemoryBudgetStore`: budgets of one process, safe between its threads and event loops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import inf
from threading import Lock
from typing import Final

from core.llms.types.spending import NO_USD, NOTHING, Account, Amount, Balance, Charge, Decision, Reservation

_CLEANED_EVERY: Final = 4096


@dataclass(slots=True)
class _Lease:
    slot: int
    usd: Decimal
    tokens: int
    expires_at: float


@dataclass(slots=True)
class _Sum:
    """What is spent and reserved in one slot."""

    usd: Decimal = NO_USD
    tokens: int = 0
    unpriced_calls: int = 0
    reserved_usd: Decimal = NO_USD
    reserved_tokens: int = 0

    def book(self, amount: Amount) -> None:
        self.usd += amount.usd
        self.tokens += amount.tokens
        self.unpriced_calls += amount.unpriced_calls

    def forgive(self) -> None:
        """Keep what was never reserved from making the sum negative."""
        self.usd, self.tokens = max(self.usd, NO_USD), max(self.tokens, 0)

    def free(self, lease: _Lease) -> Amount:
        self.reserved_usd -= lease.usd
        self.reserved_tokens -= lease.tokens
        return Amount(lease.usd, lease.tokens)


@dataclass(slots=True)
class _Book:
    """One account: its slots, and who holds what. `earliest` is no later than the first lease that expires."""

    slots: dict[int, _Sum] = field(default_factory=dict)
    leases: dict[str, _Lease] = field(default_factory=dict)
    earliest: float = inf
    ends_at: float = -inf

    def sum_of(self, slot: int) -> _Sum:
        found = self.slots.get(slot)
        if found is None:
            found = self.slots[slot] = _Sum()
        return found

    def expire(self, now: float) -> Amount:
        """Book what expired leases held."""
        if now < self.earliest:
            return NOTHING
        booked = NOTHING
        for id, lease in list(self.leases.items()):
            if lease.expires_at <= now:
                place = self.sum_of(self.leases.pop(id).slot)
                amount = place.free(lease)
                place.book(amount)
                booked += amount
        self.earliest = min((lease.expires_at for lease in self.leases.values()), default=inf)
        return booked

    def balance(self, first_slot: int, booked: Amount = NOTHING) -> Balance:
        usd, tokens, unpriced, reserved_usd, reserved_tokens = NO_USD, 0, 0, NO_USD, 0
        oldest: int | None = None
        for slot, place in self.slots.items():
            if slot >= first_slot:
                usd += place.usd
                tokens += place.tokens
                unpriced += place.unpriced_calls
                reserved_usd += place.reserved_usd
                reserved_tokens += place.reserved_tokens
                if (place.usd or place.tokens) and (oldest is None or slot < oldest):
                    oldest = slot
        return Balance(Amount(usd, tokens, unpriced), Amount(reserved_usd, reserved_tokens), oldest, booked)

    def forget_before(self, slot: int) -> None:
        """Drop the slots before one in which nothing is held."""
        old = [number for number in self.slots if number < slot]
        held = {lease.slot for lease in self.leases.values()} if old else ()
        for number in old:
            if number not in held:
                del self.slots[number]

    def add(self, id: str, charge: Charge, expires_at: float) -> None:
        account, amount = charge.account, charge.amount
        place = self.slots.get(account.slot)
        if place is None:
            self.forget_before(account.first_slot)
            place = self.sum_of(account.slot)
        place.reserved_usd += amount.usd
        place.reserved_tokens += amount.tokens
        self.ends_at = inf if account.ends_at is None else max(self.ends_at, account.ends_at)
        self.earliest = min(self.earliest, expires_at)
        lease = self.leases.get(id)
        if lease is None:
            self.leases[id] = _Lease(account.slot, amount.usd, amount.tokens, expires_at)
        else:
            lease.usd += amount.usd
            lease.tokens += amount.tokens
            lease.expires_at = expires_at


class MemoryBudgetStore:
    """Counts in this process; nothing of it outlives the process."""

    waits = False

    def __init__(self) -> None:
        self._lock = Lock()
        self._books: dict[str, _Book] = {}
        self._until_cleaning = _CLEANED_EVERY

    async def reserve(self, reservation: Reservation, now: float) -> Decision:
        """Set all charges aside, or none."""
        with self._lock:
            self._clean_sometimes(now)
            balances = []
            refused: int | None = None
            for index, charge in enumerate(reservation.charges):
                book = self._book(charge.account)
                balance = book.balance(charge.account.first_slot, book.expire(now))
                balances.append(balance)
                if refused is None and not charge.fits(balance.held):
                    refused = index
            if refused is None:
                for charge in reservation.charges:
                    self._book(charge.account).add(reservation.id, charge, reservation.expires_at)
            return Decision(tuple(balances), refused)

    async def settle(self, reservation: Reservation, spent: Sequence[Amount], now: float) -> tuple[Balance, ...]:
        """Give back what is held and book what was spent."""
        with self._lock:
            return tuple(
                self._settle(reservation.id, charge, amount)
                for charge, amount in zip(reservation.charges, spent, strict=True)
            )

    def _settle(self, id: str, charge: Charge, spent: Amount) -> Balance:
        book = self._book(charge.account)
        lease = book.leases.pop(id, None)
        place = book.sum_of(charge.account.slot)
        held = NOTHING if lease is None else place.free(lease)
        booked = spent - charge.amount.beyond(held)
        place.book(booked)
        place.forgive()
        return book.balance(charge.account.first_slot, booked)

    async def release(self, reservation: Reservation) -> None:
        """Give back what is held."""
        with self._lock:
            for charge in reservation.charges:
                book = self._book(charge.account)
                lease = book.leases.pop(reservation.id, None)
                if lease is not None:
                    book.sum_of(lease.slot).free(lease)

    async def read(self, accounts: Sequence[Account], now: float) -> tuple[Balance, ...]:
        """Return what accounts hold."""
        with self._lock:
            return tuple(self._read(account, now) for account in accounts)

    def _read(self, account: Account, now: float) -> Balance:
        book = self._books.get(account.key)
        return Balance() if book is None else book.balance(account.first_slot, book.expire(now))

    async def aclose(self) -> None:
        """Do nothing: there is nothing open."""

    def _book(self, account: Account) -> _Book:
        book = self._books.get(account.key)
        if book is None:
            book = self._books[account.key] = _Book()
        return book

    def _clean_sometimes(self, now: float) -> None:
        self._until_cleaning -= 1
        if self._until_cleaning == 0:
            self._until_cleaning = _CLEANED_EVERY
            ended = [key for key, book in self._books.items() if book.ends_at < now and not book.leases]
            for key in ended:
                del self._books[key]
