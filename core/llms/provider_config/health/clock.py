"""One clock for all processes: PostgreSQL's own, and on SQLite, whose processes share a machine, the machine's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.storage.base import UtcDateTime


def moment(seconds: float = 0.0, *, is_sqlite: bool) -> ColumnElement[Any]:
    """Return the expression for now, or so many seconds from now."""
    ahead = timedelta(seconds=seconds)
    if is_sqlite:
        return literal(datetime.now(UTC) + ahead, UtcDateTime)
    return func.clock_timestamp(type_=UtcDateTime) + literal(ahead)


async def read_now(session: AsyncSession) -> datetime:
    """Return what the clock says."""
    if session.get_bind().dialect.name == "sqlite":
        return datetime.now(UTC)
    now: datetime | None = await session.scalar(select(func.clock_timestamp(type_=UtcDateTime)))
    assert now is not None
    return now
