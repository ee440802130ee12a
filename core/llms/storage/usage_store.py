"""`DatabaseUsageStore`: what calls consumed, in the table `usage_totals`, a row for each hour and set of names."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from core.llms.storage.database import Database
from core.llms.storage.tables import USAGE_NAME_LENGTH, UsageTotalsRow
from core.llms.storage.usage_sums import UsageQuery, sum_usage
from core.llms.types.usage_totals import UsageKey, UsageTotals

_SUMS: Final = tuple(one.name for one in fields(UsageTotals))
_NAMES: Final = ("provider", "model", "operation", "alias", "user_id")
_SMALLEST_MONEY: Final = Decimal("0.000000000001")


class DatabaseUsageStore:
    """Sums of usage that any number of processes add to. Closing the database is up to the caller."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, totals: Mapping[UsageKey, UsageTotals]) -> None:
        """Add sums to those that are there, all of them or none. Raises `StorageError`."""
        rows = sorted((_render(key, value) for key, value in totals.items()), key=lambda row: str(row["digest"]))
        if not rows:
            return
        async with self._database.transaction() as session:
            is_sqlite = session.get_bind().dialect.name == "sqlite"
            statement: Any = sqlite.insert(UsageTotalsRow) if is_sqlite else postgresql.insert(UsageTotalsRow)
            summed = {name: getattr(UsageTotalsRow, name) + statement.excluded[name] for name in _SUMS}
            await session.execute(
                statement.on_conflict_do_update(index_elements=["digest"], set_=summed), _without_doubles(rows)
            )

    async def read(
        self, since: datetime | None = None, until: datetime | None = None, **names: str
    ) -> AsyncIterator[tuple[UsageKey, UsageTotals]]:
        """Give the sums of hours from `since` on and before `until`, oldest first, of the names that are given.

        Names are `provider`, `model`, `operation`, `alias` and `user_id`. Raises `StorageError`.
        """
        query = select(UsageTotalsRow).order_by(UsageTotalsRow.hour, UsageTotalsRow.digest)
        if since is not None:
            query = query.where(UsageTotalsRow.hour >= since)
        if until is not None:
            query = query.where(UsageTotalsRow.hour < until)
        for name, value in names.items():
            query = query.where(getattr(UsageTotalsRow, name) == value)
        async with self._database.reading() as session:
            async for row in await session.stream_scalars(query):
                yield _parse(row)

    async def summarize(self, query: UsageQuery) -> list[tuple[tuple[str, ...], UsageTotals]]:
        """Add up by groups inside the database; see `sum_usage`. Raises `StorageError`."""
        async with self._database.reading() as session:
            return await sum_usage(session, query)

    async def delete_before(self, moment: datetime) -> int:
        """Forget the hours before a moment; return how many rows that were. Raises `StorageError`."""
        async with self._database.transaction() as session:
            result = await session.execute(delete(UsageTotalsRow).where(UsageTotalsRow.hour < moment))
            return int(result.rowcount)  # type: ignore[attr-defined]  # of a DELETE there is one


def _render(key: UsageKey, totals: UsageTotals) -> dict[str, Any]:
    names = {name: _clip(getattr(key, name)) for name in _NAMES}
    tags = [_clip(tag) for tag in key.tags]
    hour = key.hour.astimezone(UTC)
    sums = asdict(totals)
    for name in ("cost", "maybe_charged_cost", "saved_cost"):
        sums[name] = sums[name].quantize(_SMALLEST_MONEY, ROUND_HALF_EVEN)
    whole = json.dumps([hour.isoformat(), names, tags])
    return {"digest": sha256(whole.encode()).hexdigest(), "hour": hour, **names, "tags": tags, **sums}


def _without_doubles(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # Names that are clipped may agree then, and one statement cannot add to the same row twice.
    merged: dict[str, dict[str, Any]] = {}
    for row in rows:
        earlier = merged.get(row["digest"])
        if earlier is not None:
            row = {**row, **{name: earlier[name] + row[name] for name in _SUMS}}
        merged[row["digest"]] = row
    return list(merged.values())


def _clip(name: str) -> str:
    """Make of any text one that a database can hold: usage is never refused for the sake of a name."""
    return name.encode("utf-8", "replace").decode().replace("\0", "?")[:USAGE_NAME_LENGTH]


def _parse(row: UsageTotalsRow) -> tuple[UsageKey, UsageTotals]:
    key = UsageKey(row.hour, row.provider, row.model, row.operation, row.alias, row.user_id, tuple(row.tags))
    return key, UsageTotals(*(getattr(row, name) for name in _SUMS))
