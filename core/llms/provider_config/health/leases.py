"""`Lease`: something that one of many processes has, for a while, and what tells an old holder from the new one."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.provider_config.errors import ProviderConfigError
from core.llms.provider_config.health.clock import moment, read_now
from core.llms.provider_config.health.tables import HOLDER_LENGTH, LeaseRow
from core.llms.storage.database import Database


class LeaseLostError(ProviderConfigError):
    """Somebody else holds the lease by now: what was about to be written was not."""


@dataclass(frozen=True, slots=True)
class Tenure:
    """A time in which one holder has the lease without a break. No two have the same `term`."""

    name: str
    holder: str
    term: int

    async def require(self, session: AsyncSession) -> None:
        """Make sure that the tenure goes on until the transaction ends. Raises `LeaseLostError`.

        Who wants to take the lease over waits for the transaction.
        """
        query = select(LeaseRow.term, LeaseRow.holder).where(LeaseRow.name == self.name).with_for_update(read=True)
        found = (await session.execute(query)).one_or_none()
        if found is None or tuple(found) != (self.term, self.holder):
            raise LeaseLostError(f"the lease {self.name!r} was taken over")


class Lease:
    """A lease by its name, as one process sees it: `holder` is its own name."""

    def __init__(self, database: Database, name: str, seconds: float) -> None:
        self._database = database
        self._is_sqlite = database.url.is_sqlite
        self.name = name
        self.seconds = seconds
        self.holder: str = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"[-HOLDER_LENGTH:]

    async def acquire(self) -> Tenure | None:
        """Take the lease, or hold it for longer; None where another has it. One statement. Raises `StorageError`."""
        now = moment(is_sqlite=self._is_sqlite)
        ends_at = moment(self.seconds, is_sqlite=self._is_sqlite)
        insert: Any = sqlite.insert(LeaseRow) if self._is_sqlite else postgresql.insert(LeaseRow)
        is_own = and_(LeaseRow.holder == self.holder, LeaseRow.ends_at > now)
        statement = (
            insert.values(name=self.name, holder=self.holder, ends_at=ends_at, term=1)
            .on_conflict_do_update(
                index_elements=["name"],
                set_={
                    "holder": self.holder,
                    "ends_at": ends_at,
                    "term": case((is_own, LeaseRow.term), else_=LeaseRow.term + 1),
                },
                where=or_(is_own, LeaseRow.ends_at <= now),
            )
            .returning(LeaseRow.term)
        )
        async with self._database.statement() as connection:
            term = (await connection.execute(statement)).scalar_one_or_none()
        return None if term is None else Tenure(self.name, self.holder, term)

    async def remaining_seconds(self) -> float:
        """Return for how long whoever has it will have it, where it is not held for longer. Raises `StorageError`."""
        async with self._database.reading() as session:
            now = await read_now(session)
            ends_at = await session.scalar(select(LeaseRow.ends_at).where(LeaseRow.name == self.name))
        return 0.0 if ends_at is None else max(0.0, (ends_at - now).total_seconds())

    async def release(self, tenure: Tenure) -> None:
        """Give the lease up, so that another need not wait for its end. Raises `StorageError`."""
        is_held = and_(LeaseRow.name == tenure.name, LeaseRow.holder == tenure.holder, LeaseRow.term == tenure.term)
        async with self._database.statement() as connection:
            ended = moment(is_sqlite=self._is_sqlite)
            await connection.execute(update(LeaseRow).where(is_held).values(ends_at=ended))
