"""Writing rows whether they are there or not: one statement, the same on PostgreSQL and on SQLite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.storage.base import Base


async def upsert(
    session: AsyncSession, table: type[Base], rows: Sequence[Mapping[str, Any]], *, key: Sequence[str], keep: str
) -> None:
    """Insert rows; where `key` is there, its row gets the values of the new one, but for the column `keep`."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    statement: Any = sqlite.insert(table) if is_sqlite else postgresql.insert(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in (*key, keep)}
    await session.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_=changed), [dict(row) for row in rows]
    )
