"""`DatabaseBudgetStore`: budgets shared by every process that uses one database; a transaction each step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import BigInteger, and_, bindparam, case, delete, func, literal, or_, select, text, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.storage.base import Money
from core.llms.storage.database import Database
from core.llms.storage.tables import BudgetReservationRow as Held
from core.llms.storage.tables import BudgetSpendingRow as Spent
from core.llms.types.spending import NO_USD, NOTHING, Account, Amount, Balance, Decision, Reservation

_CLEANED_EVERY_SECONDS: Final = 3600.0
_KEPT_SECONDS: Final = 86_400.0
# Takes a lock for each account, in one order for all, until the transaction ends.
_LOCK: Final = text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")


class DatabaseBudgetStore:
    """Counts in PostgreSQL or SQLite. Closing the database is up to the caller.

    On PostgreSQL steps that touch the same account take their turn, others go on side by side; on SQLite one step is
    made at a time. Accounts whose time is over are removed a day later.
    """

    waits = True

    def __init__(self, database: Database) -> None:
        self._database = database
        self._clean_at = 0.0

    async def reserve(self, reservation: Reservation, now: float) -> Decision:
        """Set all charges aside, or none. Raises `StorageError`."""
        accounts = [charge.account for charge in reservation.charges]
        async with self._database.transaction() as session:
            await _lock(session, accounts)
            balances = await _expire_and_read(session, accounts, now)
            refused = _find_refused(reservation, balances)
            if refused is None:
                await _hold(session, reservation)
            if now >= self._clean_at:
                self._clean_at = now + _CLEANED_EVERY_SECONDS
                await _clean(session, now - _KEPT_SECONDS)
        return Decision(balances, refused)

    async def settle(self, reservation: Reservation, spent: Sequence[Amount], now: float) -> tuple[Balance, ...]:
        """Give back what is held and book what was spent. Raises `StorageError`."""
        accounts = [charge.account for charge in reservation.charges]
        async with self._database.transaction() as session:
            await _lock(session, accounts)
            held = await _give_back(session, reservation)
            booked = {
                charge.account.key: amount - charge.amount.beyond(held.get(charge.account.key, NOTHING))
                for charge, amount in zip(reservation.charges, spent, strict=True)
            }
            await _book(session, [(account, booked[account.key]) for account in accounts])
            return await _read(session, accounts, now, booked)

    async def release(self, reservation: Reservation) -> None:
        """Give back what is held. Raises `StorageError`."""
        async with self._database.transaction() as session:
            await _lock(session, [charge.account for charge in reservation.charges])
            await _give_back(session, reservation)

    async def read(self, accounts: Sequence[Account], now: float) -> tuple[Balance, ...]:
        """Return what accounts hold. Raises `StorageError`."""
        async with self._database.reading() as session:
            return await _read(session, accounts, now)

    async def aclose(self) -> None:
        """Do nothing: the database is the caller's."""


def _find_refused(reservation: Reservation, balances: Sequence[Balance]) -> int | None:
    charges = zip(reservation.charges, balances, strict=True)
    return next((index for index, (charge, balance) in enumerate(charges) if not charge.fits(balance)), None)


async def _lock(session: AsyncSession, accounts: Iterable[Account]) -> None:
    # SQLite's transactions that write are alone from their beginning on.
    if session.get_bind().dialect.name == "postgresql":
        keys = {sha256(f"core-llms budget {account.key}".encode()).digest()[:8] for account in accounts}
        numbers = sorted(int.from_bytes(key, "big", signed=True) for key in keys)
        await session.execute(_LOCK, {"keys": numbers})


async def _expire_and_read(session: AsyncSession, accounts: Sequence[Account], now: float) -> tuple[Balance, ...]:
    statement = _read_statement(accounts, now)
    rows = (await session.execute(statement)).all()
    if not any(row.kind == "expired" for row in rows):
        return _balances(accounts, rows, {})
    booked = await _expire(session, accounts, now)
    return _balances(accounts, (await session.execute(statement)).all(), booked)


async def _expire(session: AsyncSession, accounts: Sequence[Account], now: float) -> dict[str, Amount]:
    keys = {account.key: account for account in accounts}
    statement = delete(Held).where(Held.account.in_(keys), Held.expires_at <= _moment(now))
    gone = (
        await session.execute(statement.returning(Held.account, Held.slot, Held.usd, Held.tokens, Held.ends_at))
    ).all()
    sums: dict[tuple[str, int], tuple[Account, Amount]] = {}
    booked: dict[str, Amount] = {}
    for row in gone:
        amount = Amount(row.usd, row.tokens)
        booked[row.account] = booked.get(row.account, NOTHING) + amount
        ends_at = None if row.ends_at is None else row.ends_at.timestamp()
        account = Account(row.account, row.slot, ends_at=ends_at)
        before = sums.get((row.account, row.slot), (account, NOTHING))[1]
        sums[row.account, row.slot] = account, before + amount
    await _book(session, sums.values())
    return booked


async def _hold(session: AsyncSession, reservation: Reservation) -> None:
    statement = _insert(session, Held)
    columns = ("usd", "tokens")
    added: dict[str, Any] = {name: getattr(Held, name) + statement.excluded[name] for name in columns}
    added["expires_at"] = statement.excluded["expires_at"]
    rows = [
        {
            "account": charge.account.key,
            "id": reservation.id,
            "slot": charge.account.slot,
            "usd": charge.amount.usd,
            "tokens": charge.amount.tokens,
            "expires_at": _moment(reservation.expires_at),
            "ends_at": _end(charge.account),
        }
        for charge in reservation.charges
    ]
    await session.execute(statement.on_conflict_do_update(index_elements=["account", "id"], set_=added), rows)


async def _give_back(session: AsyncSession, reservation: Reservation) -> dict[str, Amount]:
    keys = [charge.account.key for charge in reservation.charges]
    statement = delete(Held).where(Held.account.in_(keys), Held.id == reservation.id)
    rows = (await session.execute(statement.returning(Held.account, Held.usd, Held.tokens))).all()
    return {row.account: Amount(row.usd, row.tokens) for row in rows}


async def _book(session: AsyncSession, amounts: Iterable[tuple[Account, Amount]]) -> None:
    statement = _insert(session, Spent)
    added: dict[str, Any] = {
        "usd": Spent.usd + bindparam("usd_change", type_=Money()),
        "tokens": Spent.tokens + bindparam("tokens_change", type_=BigInteger()),
        "unpriced_calls": Spent.unpriced_calls + statement.excluded["unpriced_calls"],
        "ends_at": statement.excluded["ends_at"],
    }
    rows = [
        {
            "account": account.key,
            "slot": account.slot,
            # Of an account that was removed by hand while a call went on, nothing can be taken back.
            "usd": max(amount.usd, NO_USD),
            "tokens": max(amount.tokens, 0),
            "usd_change": amount.usd,
            "tokens_change": amount.tokens,
            "unpriced_calls": amount.unpriced_calls,
            "ends_at": _end(account),
        }
        for account, amount in amounts
    ]
    await session.execute(statement.on_conflict_do_update(index_elements=["account", "slot"], set_=added), rows)


async def _read(
    session: AsyncSession, accounts: Sequence[Account], now: float, booked: dict[str, Amount] | None = None
) -> tuple[Balance, ...]:
    rows = (await session.execute(_read_statement(accounts, now))).all()
    return _balances(accounts, rows, booked or {})


def _read_statement(accounts: Sequence[Account], now: float) -> Any:
    spent = select(
        Spent.account,
        func.sum(Spent.usd).label("usd"),
        func.sum(Spent.tokens).label("tokens"),
        func.sum(Spent.unpriced_calls).label("unpriced_calls"),
        func.min(case((or_(Spent.usd > NO_USD, Spent.tokens > 0), Spent.slot))).label("oldest"),
        literal("spent").label("kind"),
    )
    held = select(Held.account, func.sum(Held.usd), func.sum(Held.tokens), literal(0), func.min(Held.slot))
    going, over = Held.expires_at > _moment(now), Held.expires_at <= _moment(now)
    return union_all(
        _counting(spent, Spent, accounts),
        _counting(held.add_columns(literal("reserved")).where(going), Held, accounts),
        _counting(held.add_columns(literal("expired")).where(over), Held, accounts),
    )


def _counting(query: Any, table: Any, accounts: Sequence[Account]) -> Any:
    return query.where(
        or_(*(and_(table.account == account.key, table.slot >= account.first_slot) for account in accounts))
    ).group_by(table.account)


def _balances(accounts: Sequence[Account], rows: Sequence[Any], booked: dict[str, Amount]) -> tuple[Balance, ...]:
    spent: dict[str, Amount] = {}
    reserved: dict[str, Amount] = {}
    oldest: dict[str, int] = {}
    for row in rows:
        sums = reserved if row.kind == "reserved" else spent
        amount = Amount(row.usd or NO_USD, int(row.tokens), int(row.unpriced_calls))
        sums[row.account] = sums.get(row.account, NOTHING) + amount
        if row.oldest is not None and row.kind != "reserved":
            oldest[row.account] = min(row.oldest, oldest.get(row.account, row.oldest))
    return tuple(
        Balance(
            spent.get(account.key, NOTHING),
            reserved.get(account.key, NOTHING),
            oldest.get(account.key),
            booked.get(account.key, NOTHING),
        )
        for account in accounts
    )


async def _clean(session: AsyncSession, before: float) -> None:
    for table in (Spent, Held):
        await session.execute(delete(table).where(table.ends_at < _moment(before)))


def _insert(session: AsyncSession, table: Any) -> Any:
    return sqlite.insert(table) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(table)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _end(account: Account) -> datetime | None:
    return None if account.ends_at is None else _moment(account.ends_at)
