"""`Database`: where everything that is kept in a database is kept, opened on first use, at the right revision."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, NoReturn, Self
from weakref import WeakKeyDictionary

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from core.llms.errors import ConfigurationError
from core.llms.storage.engine import WRITES, EngineOptions, create_engine
from core.llms.storage.failures import connecting, working
from core.llms.storage.migrations import HEAD, REVISIONS
from core.llms.storage.urls import DatabaseUrl, resolve_url


@dataclass(slots=True)
class _Opened:
    """The engine of one event loop, and whether its database was found at the right revision."""

    engine: AsyncEngine
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    is_current: bool = False


class Database:
    """A database of the SDK: PostgreSQL, or an SQLite file.

    `url` is `postgresql://…` or `sqlite:///…`; without it `CORE_LLMS_DATABASE_URL` counts, else an SQLite file among
    the user's data. Nothing is opened before it is used, and then the tables have to be at this version's revision:
    `upgrade=True` takes them there, otherwise `core-llms db upgrade` does. Each event loop, and each process after a
    fork, has connections of its own; `async with`, or `aclose()`, closes those of the running loop.
    """

    def __init__(self, url: str | None = None, *, upgrade: bool = False, options: EngineOptions | None = None) -> None:
        """Raises `ConfigurationError` for a URL that cannot be read; it is never repeated."""
        self._url = resolve_url(url)
        self._upgrades = upgrade
        self._options = options or EngineOptions()
        self._opened: WeakKeyDictionary[asyncio.AbstractEventLoop, _Opened] = WeakKeyDictionary()
        self._left_to_parent: list[object] = []
        self._process = os.getpid()
        self._lock = threading.Lock()

    @property
    def url(self) -> DatabaseUrl:
        """Where it is; `url.shown` has no password."""
        return self._url

    @property
    def engine(self) -> AsyncEngine:
        """The engine of the running event loop."""
        return self._open().engine

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Give a session whose transaction only reads. Raises `StorageError`, `ConfigurationError`."""
        async with self._session(writes=False) as session:
            yield session

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Give a session whose transaction is kept at the end, and undone by an exception.

        On SQLite it is the only one that writes from its beginning on. Raises `StorageError`, `ConfigurationError`.
        """
        async with self._session(writes=True) as session:
            yield session

    @asynccontextmanager
    async def statement(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection for one statement that is kept by itself, which takes one trip to the database.

        On SQLite it is the only one that writes meanwhile. Raises `StorageError`, `ConfigurationError`.
        """
        await self._require_current()
        alone = {WRITES: True} if self._url.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        async with self._connection(alone) as connection:
            yield connection
            await connection.commit()

    async def upgrade(self, revision: str = "head") -> str | None:
        """Take the tables to a revision, by default the newest, and return it. Several processes may do so at once.

        Raises `StorageError`, and `ConfigurationError` for a revision that there is not.
        """
        await self._refuse_newer()
        return await self._migrate("upgrade", revision)

    async def downgrade(self, revision: str) -> str | None:
        """Take the tables back to a revision (`base`: before the first) and return it.

        What only the newer tables hold is lost. Raises as `upgrade` does.
        """
        await self._refuse_newer()
        return await self._migrate("downgrade", revision)

    async def current_revision(self) -> str | None:
        """Return the revision that the tables are at, None where there are none. Raises `StorageError`."""
        if self._url.path is not None and not self._url.path.exists():
            # To open a file is to make it.
            return None
        from core.llms.storage.migrate import read_revision

        async with self._connection({WRITES: False}) as connection:
            return await connection.run_sync(read_revision)

    async def aclose(self) -> None:
        """Close the connections of the running event loop. It may be used again, which opens new ones."""
        opened = self._opened.pop(asyncio.get_running_loop(), None)
        if opened is not None and self._process == os.getpid():
            await opened.engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"Database({self._url.shown!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Database cannot be pickled: its URL may hold a password; each process makes its own")

    def _open(self) -> _Opened:
        loop = asyncio.get_running_loop()
        with self._lock:
            if self._process != os.getpid():
                # The connections are the parent's: collecting them here would end them there.
                self._left_to_parent.append(dict(self._opened))
                self._opened, self._process = WeakKeyDictionary(), os.getpid()
            opened = self._opened.get(loop)
            if opened is None:
                self._make_folder()
                opened = self._opened[loop] = _Opened(create_engine(self._url, self._options))
            return opened

    def _make_folder(self) -> None:
        if self._url.path is not None:
            with connecting(self._url):
                self._url.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    @asynccontextmanager
    async def _session(self, *, writes: bool) -> AsyncIterator[AsyncSession]:
        await self._require_current()
        engine = self.engine.execution_options(**{WRITES: writes})
        async with AsyncSession(engine, expire_on_commit=False) as session:
            with connecting(self._url):
                await session.connection()
            with working(self._url):
                yield session
                await session.commit()

    @asynccontextmanager
    async def _connection(self, options: Mapping[str, Any]) -> AsyncIterator[AsyncConnection]:
        engine = self.engine.execution_options(**options)
        with connecting(self._url):
            connection = await engine.connect()
        try:
            with working(self._url):
                yield connection
        finally:
            await connection.close()

    async def _migrate(self, direction: Literal["upgrade", "downgrade"], revision: str) -> str | None:
        from core.llms.storage.migrate import migrate

        opened = self._open()
        async with self._connection({WRITES: True}) as connection:
            reached = await connection.run_sync(migrate, direction, revision)
        opened.is_current = reached == HEAD
        return reached

    async def _require_current(self) -> None:
        opened = self._open()
        if not opened.is_current:
            async with opened.lock:
                await self._make_current(opened)

    async def _make_current(self, opened: _Opened) -> None:
        if opened.is_current:
            return
        found = await self._refuse_newer()
        if found != HEAD and self._upgrades:
            found = await self._migrate("upgrade", "head")
        if found != HEAD:
            state = "has no tables yet" if found is None else f"is at revision {found}, this version needs {HEAD}"
            raise ConfigurationError(f"the database {self._url.shown} {state}: run `core-llms db upgrade`")
        opened.is_current = True

    async def _refuse_newer(self) -> str | None:
        found = await self.current_revision()
        if found is not None and found not in REVISIONS:
            raise ConfigurationError(
                f"the database {self._url.shown} is at revision {found}, which this version of core-llms does not know"
                f" (its newest is {HEAD}): install the version that made it, or a newer one, then run"
                " `core-llms db upgrade`"
            )
        return found
