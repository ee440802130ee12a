"""`DatabaseLimitStore`: rate limits that several processes share, in the table `rate_limits`, a row for each key.

A reservation is one statement over one row, which a process has to itself meanwhile; only who is refused reads the row,
to know when to come again. Settling is one statement, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from time import time
from typing import Any, Final

from sqlalchemy import Row, TextClause

from core.llms.storage.database import Database
from core.llms.storage.limit_statements import LimitStatements
from core.llms.types.limits import DIMENSIONS, SMALLEST_WAIT_SECONDS, Decision, Demand, Settlement

# For limits that a reservation does not ask for, and where places are not counted.
_NO_LIMIT: Final = 1e15
_NAME_LENGTH: Final = 300


class DatabaseLimitStore:
    """Limits in a database. Closing the database is up to the caller.

    Time is the database's own, or that of `clock` (seconds since any moment, the same for all processes). On PostgreSQL
    the table is not logged: after a crash of the server all limits begin full.
    """

    is_local = False

    def __init__(self, database: Database, *, clock: Callable[[], float] | None = None) -> None:
        self._database = database
        # SQLite's clock is this machine's, and tells milliseconds only.
        self._clock = time if clock is None and database.url.is_sqlite else clock
        self._statements = LimitStatements(is_sqlite=database.url.is_sqlite, has_clock=self._clock is not None)

    async def reserve(self, demand: Demand) -> Decision:
        """Take all that is asked for, or nothing. Raises `StorageError`."""
        values: dict[str, Any] = {"digest": _digest(demand.key), "name": _clip(demand.key), **self._now()}
        for dimension in DIMENSIONS:
            values[f"cost_{dimension}"], values[f"burst_{dimension}"] = 0.0, _NO_LIMIT
        for spend in demand.spends:
            values[f"cost_{spend.dimension}"] = spend.cost_seconds
            values[f"burst_{spend.dimension}"] = spend.burst_seconds + SMALLEST_WAIT_SECONDS
        lease = demand.lease
        values["places"] = _NO_LIMIT if lease is None else float(lease.limit)
        values["lease_id"] = None if lease is None else lease.id
        values["lease_seconds"] = 0.0 if lease is None else lease.seconds
        rows = await self._run(self._statements.reserve, values)
        if rows:
            return Decision(True, 0.0, _backlogs(rows[0], demand))
        return await self._refuse(demand, values)

    async def _refuse(self, demand: Demand, values: Mapping[str, Any]) -> Decision:
        names = {name: value for name, value in values.items() if name in ("digest", "now")}
        rows = await self._run(self._statements.read, names)
        if not rows:
            return Decision(False, 0.0)
        backlogs = _backlogs(rows[0], demand)
        lacks = [backlogs[spend.dimension] + spend.cost_seconds - spend.burst_seconds for spend in demand.spends]
        wait = max([rows[0].held_until - rows[0].moment, *lacks], default=0.0)
        # Nothing lacks but a place, or somebody gave something back between the two statements.
        return Decision(False, wait if wait > SMALLEST_WAIT_SECONDS else None, backlogs)

    async def settle(self, settlement: Settlement) -> None:
        """Correct what was taken. Raises `StorageError`."""
        values: dict[str, Any] = {"digest": _digest(settlement.key), "name": _clip(settlement.key), **self._now()}
        for dimension in DIMENSIONS:
            shift = settlement.shifts.get(dimension, 0.0)
            values[f"credit_{dimension}"], values[f"debt_{dimension}"] = min(0.0, shift), max(0.0, shift)
            values[f"floor_{dimension}"] = settlement.floors.get(dimension, 0.0)
        values["hold"] = settlement.hold_seconds
        values["lease_id"] = settlement.lease_id
        await self._run(self._statements.settle, values)

    async def renew(self, key: str, lease_ids: Sequence[str], seconds: float) -> None:
        """Keep places for so many seconds from now. Raises `StorageError`."""
        for lease_id in lease_ids:
            values = {"digest": _digest(key), "lease_id": lease_id, "lease_seconds": seconds, **self._now()}
            await self._run(self._statements.renew, values)

    async def aclose(self) -> None:
        """There is nothing to close: the database is the caller's."""

    async def _run(self, statement: TextClause, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
        async with self._database.statement() as connection:
            result = await connection.execute(statement, dict(values))
            return result.fetchall() if result.returns_rows else []

    def _now(self) -> dict[str, float]:
        return {} if self._clock is None else {"now": self._clock()}


def _backlogs(row: Row[Any], demand: Demand) -> dict[str, float]:
    return {spend.dimension: max(0.0, getattr(row, spend.dimension) - row.moment) for spend in demand.spends}


def _digest(key: str) -> str:
    return sha256(json.dumps(key).encode()).hexdigest()


def _clip(key: str) -> str:
    """Make of any key a name that a database can hold; it is for people, the digest tells keys apart."""
    return key.encode("utf-8", "replace").decode().replace("\0", "?")[:_NAME_LENGTH]
