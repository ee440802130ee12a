"""A store in an SQLite file, which any number of processes of one machine may share."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any, Final, TypeVar

from core.llms.runtime.caching.bounds import Bounds
from core.llms.runtime.fork_lock import ForkLock

T = TypeVar("T")

_BUSY_SECONDS: Final = 2.0
_RETRY_SECONDS: Final = 0.01
# How fine "least recently used" is: reading an entry again within this time writes nothing.
_TOUCH_SECONDS: Final = 1.0
_EVICTED_AT_ONCE: Final = 64
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS entries (
    key TEXT PRIMARY KEY, value BLOB NOT NULL, size INTEGER NOT NULL, expires_at REAL, used_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS entries_by_use ON entries (used_at, key, size);
CREATE INDEX IF NOT EXISTS entries_by_end ON entries (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS totals (id INTEGER PRIMARY KEY CHECK (id = 1), entries INTEGER, bytes INTEGER);
INSERT OR IGNORE INTO totals VALUES (1, 0, 0);
CREATE TRIGGER IF NOT EXISTS entry_added AFTER INSERT ON entries BEGIN
    UPDATE totals SET entries = entries + 1, bytes = bytes + NEW.size; END;
CREATE TRIGGER IF NOT EXISTS entry_gone AFTER DELETE ON entries BEGIN
    UPDATE totals SET entries = entries - 1, bytes = bytes - OLD.size; END;
CREATE TRIGGER IF NOT EXISTS entry_changed AFTER UPDATE OF size ON entries BEGIN
    UPDATE totals SET bytes = bytes + NEW.size - OLD.size; END;
CREATE TABLE IF NOT EXISTS claims (key TEXT PRIMARY KEY, owner TEXT NOT NULL, expires_at REAL NOT NULL);
"""
_KEEP: Final = """
INSERT INTO entries VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
    value = excluded.value, size = excluded.size, expires_at = excluded.expires_at, used_at = excluded.used_at
"""
_CLAIM: Final = """
INSERT INTO claims VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET
    owner = excluded.owner, expires_at = excluded.expires_at
    WHERE claims.expires_at <= ? OR claims.owner = excluded.owner
"""


class SQLiteCacheStore:
    """Keeps up to `max_entries` and `max_bytes` (of keys and values) in a file; the least recently used go first.

    The file is made on first use, for its owner's eyes alone. Safe between threads, event loops, processes and forks;
    it belongs on a disk of this machine, since SQLite's locks do not hold on network file systems. The work is done in
    one thread of the store's own. Raises `sqlite3.Error`, which a cache takes for a store that is down.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        max_entries: int = 100_000,
        max_bytes: int = 2**30,
        clock: Callable[[], float] = time,
    ) -> None:
        self._path = Path(path)
        self._bounds = Bounds(max_entries, max_bytes)
        self._clock = clock
        self._lock = ForkLock()
        self._worker: _Worker | None = None
        self._left_to_parent: list[_Worker] = []

    async def get(self, key: str) -> bytes | None:
        return await self._run(_get, key, self._clock())

    async def set(self, key: str, value: bytes, ttl_seconds: float | None) -> int:
        now = self._clock()
        return await self._run(_set, key, value, None if ttl_seconds is None else now + ttl_seconds, now, self._bounds)

    async def delete(self, key: str) -> None:
        await self._run(_execute, "DELETE FROM entries WHERE key = ?", key)

    async def clear(self) -> None:
        await self._run(_execute, "DELETE FROM entries")

    async def claim(self, key: str, owner: str, seconds: float) -> str:
        """Return whose the key is now: `owner` for so many seconds, or another who came first."""
        return await self._run(_claim, key, owner, seconds, self._clock())

    async def release(self, key: str, owner: str) -> None:
        """End a claim, if it is still this owner's."""
        await self._run(_execute, "DELETE FROM claims WHERE key = ? AND owner = ?", key, owner)

    async def aclose(self) -> None:
        """Close the file. It is opened again when it is used."""
        with self._lock.held:
            worker, self._worker = self._worker, None
        if worker is not None and worker.process == os.getpid():
            await asyncio.wrap_future(worker.close())

    async def _run(self, work: Callable[..., T], *arguments: Any) -> T:
        with self._lock.held:
            if self._worker is not None and self._worker.process != os.getpid():
                # SQLite forbids to close in a fork what the parent opened.
                self._left_to_parent.append(self._worker)
                self._worker = None
            if self._worker is None:
                self._worker = _Worker(self._path)
            future = self._worker.submit(work, *arguments)
        return await asyncio.wrap_future(future)

    def __repr__(self) -> str:
        return f"SQLiteCacheStore({str(self._path)!r})"


class _Worker:
    """The thread that has the connection. It ends, and closes the file, when the store is dropped."""

    def __init__(self, path: Path) -> None:
        self.process = os.getpid()
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="core-llms-cache")
        self._connection: sqlite3.Connection | None = None

    def submit(self, work: Callable[..., T], *arguments: Any) -> Future[T]:
        """Do a piece of work, after all that came before."""
        return self._thread.submit(self._work, work, arguments)

    def close(self) -> Future[None]:
        """Close the file after all that came before."""
        closing = self._thread.submit(self._close)
        self._thread.shutdown(wait=False)
        return closing

    def _work(self, work: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        if self._connection is None:
            self._connection = _open(self._path)
        return work(self._connection, *arguments)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def __del__(self) -> None:
        if self.process == os.getpid():
            self._close()


def _open(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    until = monotonic() + _BUSY_SECONDS
    while True:
        try:
            _set_up(connection)
            return connection
        except sqlite3.Error as error:
            # While two processes open a new file SQLite does not wait by itself.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                connection.close()
                raise
            sleep(_RETRY_SECONDS)


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    # What the newest writes lose by a power cut is worth a call each, not a wait of the disk each.
    connection.execute("PRAGMA synchronous = NORMAL")
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'claims'").fetchone() is None:
        connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")


def _execute(connection: sqlite3.Connection, statement: str, *values: Any) -> None:
    connection.execute(statement, values)


def _get(connection: sqlite3.Connection, key: str, now: float) -> bytes | None:
    found = connection.execute("SELECT value, expires_at, used_at FROM entries WHERE key = ?", (key,)).fetchone()
    if found is None:
        return None
    value, expires_at, used_at = found
    if expires_at is not None and expires_at <= now:
        connection.execute("DELETE FROM entries WHERE key = ? AND expires_at <= ?", (key, now))
        return None
    if now - used_at >= _TOUCH_SECONDS:
        connection.execute("UPDATE entries SET used_at = ? WHERE key = ?", (now, key))
    return bytes(value)


def _set(
    connection: sqlite3.Connection, key: str, value: bytes, expires_at: float | None, now: float, bounds: Bounds
) -> int:
    size = len(key) + len(value)
    with _writing(connection):
        if bounds.hold(1, size):
            connection.execute(_KEEP, (key, value, size, expires_at, now))
        else:
            connection.execute("DELETE FROM entries WHERE key = ?", (key,))
        return _make_room(connection, key, now, bounds)


def _make_room(connection: sqlite3.Connection, key: str, now: float, bounds: Bounds) -> int:
    evicted = 0
    if not _holds(connection, bounds):
        connection.execute("DELETE FROM entries WHERE expires_at <= ?", (now,))
    while not _holds(connection, bounds):
        oldest = connection.execute(
            "SELECT key, size FROM entries WHERE key <> ? ORDER BY used_at LIMIT ?", (key, _EVICTED_AT_ONCE)
        ).fetchall()
        for other, _ in oldest:
            connection.execute("DELETE FROM entries WHERE key = ?", (other,))
            evicted += 1
            if _holds(connection, bounds):
                break
    return evicted


def _holds(connection: sqlite3.Connection, bounds: Bounds) -> bool:
    entries, size = connection.execute("SELECT entries, bytes FROM totals").fetchone()
    return bounds.hold(entries, size)


def _claim(connection: sqlite3.Connection, key: str, owner: str, seconds: float, now: float) -> str:
    with _writing(connection):
        connection.execute(_CLAIM, (key, owner, now + seconds, now))
        holder: str = connection.execute("SELECT owner FROM claims WHERE key = ?", (key,)).fetchone()[0]
        return holder


@contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
