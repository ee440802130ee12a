"""Encryption keys in the environment, and a way to what the database really holds."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import MetaData, select, update

from core.llms.provider_config.credentials.key_sources import KEYS_VARIABLE
from core.llms.provider_config.models import Credential
from core.llms.storage.database import Database

MATERIAL = {name: urlsafe_b64encode(sha256(name.encode()).digest()).decode() for name in ("old", "new", "third")}


@pytest.fixture(autouse=True)
def set_keys(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set the environment's keys, by id, the current one first; at first it is `old` alone."""

    def set_to(*ids: str) -> None:
        monkeypatch.setenv(KEYS_VARIABLE, ",".join(f"{name}:{MATERIAL[name]}" for name in ids))

    set_to("old")
    return set_to


class Stored:
    """The table of credentials as an attacker with the database has it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, name: str) -> dict[str, Any]:
        """Return all columns of a row."""
        async with self._database.reading() as session:
            rows = await session.execute(select(Credential.__table__).where(Credential.name == name))
            return dict(rows.mappings().one())

    async def write(self, name: str, /, **columns: Any) -> None:
        """Change columns of a row."""
        async with self._database.transaction() as session:
            await session.execute(update(Credential).where(Credential.name == name).values(**columns))

    async def dump(self) -> bytes:
        """Return every value of every table."""
        async with self._database.reading() as session:
            connection = await session.connection()
            tables = MetaData()
            await connection.run_sync(tables.reflect)
            rows = [tuple(row) for table in tables.tables.values() for row in await session.execute(select(table))]
        return repr(rows).encode()


@pytest.fixture
def stored(database: Database) -> Stored:
    """What the database holds."""
    return Stored(database)
