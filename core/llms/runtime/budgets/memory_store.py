"""`MemoryBudgetStore`: budgets of one process, safe between its threads and event loops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Final

from core.llms.runtime.fork_lock import ForkLock
from core.llms.runtime.forked import forget_in_children
from core.llms.types.spending import NO_USD, NOTHING, Account, Amount, Balance, Charge, Decision, Reservation

_CLEANED_EVERY: Final = 4096


@dataclass(slots=True)
class _Lease:
    slot: int
    amount: Amount
    expires_at: float


@dataclass(slots=True)
class _Sum:
    """What is spent and reserved in one slot."""

    spent: Amount = NOTHING
    reserved: Amount = NOTHING

    def book(self, amount: Amount) -> None:
        """Add to what is spent; what was never reserved does not make it negative."""
        spent = self.spent + amount
        if spent.usd < NO_USD or spent.tokens < 0:
            spent = Amount(max(spent.usd, NO_USD), max(spent.tokens, 0), spent.unpriced_calls)
        self.spent = spent

    def free(self, lease: _Lease) -> Amount:
        self.reserved -= lease.amount
        return lease.amount


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
        spent = reserved = NOTHING
        oldest: int | None = None
        for slot, place in self.slots.items():
            if slot >= first_slot:
                spent = place.spent if spent is NOTHING else spent + place.spent
                reserved = place.reserved if reserved is NOTHING else reserved + place.reserved
                if (place.spent.usd or place.spent.tokens) and (oldest is None or slot < oldest):
                    oldest = slot
        return Balance(spent, reserved, oldest, booked)

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
        place.reserved += amount
        if account.ends_at is None:
            self.ends_at = inf
        elif account.ends_at > self.ends_at:
            self.ends_at = account.ends_at
        if expires_at < self.earliest:
            self.earliest = expires_at
        lease = self.leases.get(id)
        if lease is None:
            self.leases[id] = _Lease(account.slot, amount, expires_at)
        else:
            lease.amount += amount
            lease.expires_at = expires_at


class MemoryBudgetStore:
    """Counts in this process; nothing of it outlives the process."""

    waits = False

    def __init__(self) -> None:
        self._lock = ForkLock()
        self._books: dict[str, _Book] = {}
        self._until_cleaning = _CLEANED_EVERY
        forget_in_children(self)

    def forget_calls(self) -> None:
        """Give back what calls of the parent hold: they are settled there."""
        for book in self._books.values():
            for lease in book.leases.values():
                book.sum_of(lease.slot).free(lease)
            book.leases.clear()

    async def reserve(self, reservation: Reservation, now: float) -> Decision:
        """Set all charges aside, or none."""
        with self._lock.held:
            self._clean_sometimes(now)
            books: list[_Book] = []
            balances: list[Balance] = []
            refused: int | None = None
            for charge in reservation.charges:
                book = self._book(charge.account)
                balance = book.balance(charge.account.first_slot, book.expire(now))
                if refused is None and not charge.fits(balance):
                    refused = len(balances)
                books.append(book)
                balances.append(balance)
            if refused is None:
                for book, charge in zip(books, reservation.charges, strict=True):
                    book.add(reservation.id, charge, reservation.expires_at)
            return Decision(tuple(balances), refused)

    async def settle(self, reservation: Reservation, spent: Sequence[Amount], now: float) -> tuple[Balance, ...]:
        """Give back what is held and book what was spent."""
        with self._lock.held:
            charged = zip(reservation.charges, spent, strict=True)
            return tuple([self._settle(reservation.id, charge, amount) for charge, amount in charged])

    def _settle(self, id: str, charge: Charge, spent: Amount) -> Balance:
        book = self._book(charge.account)
        lease = book.leases.pop(id, None)
        place = book.sum_of(charge.account.slot)
        held = NOTHING if lease is None else place.free(lease)
        # As a rule all is still held that was set aside, and nothing was booked meanwhile.
        booked = spent if held is charge.amount else spent - charge.amount.beyond(held)
        place.book(booked)
        return book.balance(charge.account.first_slot, booked)

    async def release(self, reservation: Reservation) -> None:
        """Give back what is held."""
        with self._lock.held:
            for charge in reservation.charges:
                book = self._book(charge.account)
                lease = book.leases.pop(reservation.id, None)
                if lease is not None:
                    book.sum_of(lease.slot).free(lease)

    async def read(self, accounts: Sequence[Account], now: float) -> tuple[Balance, ...]:
        """Return what accounts hold."""
        with self._lock.held:
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
