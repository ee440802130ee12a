"""One async engine for PostgreSQL and SQLite, made so that both behave alike. Sessions are in `database`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from core.llms.errors import ConfigurationError
from core.llms.storage.urls import DatabaseUrl

# An execution option: the transaction will write.
WRITES: Final = "core_llms_writes"
_EXTRAS: Final = {"asyncpg": "config", "aiosqlite": "config", "psycopg": "pgbouncer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """How many connections are kept, and how long things are waited for.

    `pool_size` connections stay open and up to `max_overflow` more while they are needed; who finds none free waits
    `pool_timeout_seconds`. `lock_timeout_seconds` is how long SQLite waits for another writer.
    """

    pool_size: int = 5
    max_overflow: int = 10
    pool_timeout_seconds: float = 30.0
    connect_timeout_seconds: float = 10.0
    lock_timeout_seconds: float = 30.0


def create_engine(url: DatabaseUrl, options: EngineOptions) -> AsyncEngine:
    """Make an engine; nothing is connected yet. Raises `ConfigurationError` where the driver is not installed."""
    if find_spec(url.driver) is None:
        extra = _EXTRAS[url.driver]
        raise ConfigurationError(
            f"{url.shown} needs {url.driver}, which the extra `{extra}` brings: pip install 'core-llms[{extra}]'"
        )
    return _sqlite_engine(url, options) if url.is_sqlite else _postgresql_engine(url, options)


def _postgresql_engine(url: DatabaseUrl, options: EngineOptions) -> AsyncEngine:
    # The address goes to the driver itself, which knows all of PostgreSQL's parameters, and the engine holds no secret.
    return create_async_engine(
        URL.create(f"postgresql+{url.driver}"),
        async_creator=_connect_asyncpg(url, options) if url.driver == "asyncpg" else _connect_psycopg(url, options),
        pool_size=options.pool_size,
        max_overflow=options.max_overflow,
        pool_timeout=options.pool_timeout_seconds,
        pool_pre_ping=True,
        hide_parameters=True,
    )


def _connect_asyncpg(url: DatabaseUrl, options: EngineOptions) -> Callable[[], Any]:
    import asyncpg

    assert url.dsn is not None
    dsn = url.dsn
    return lambda: asyncpg.connect(dsn.get_secret_value(), timeout=options.connect_timeout_seconds)


def _connect_psycopg(url: DatabaseUrl, options: EngineOptions) -> Callable[[], Any]:
    import psycopg

    assert url.dsn is not None
    dsn, timeout = url.dsn, max(1, round(options.connect_timeout_seconds))
    # PgBouncer gives each transaction another server, which knows none of the statements prepared before.
    return lambda: psycopg.AsyncConnection.connect(
        dsn.get_secret_value(), connect_timeout=timeout, prepare_threshold=None
    )


def _sqlite_engine(url: DatabaseUrl, options: EngineOptions) -> AsyncEngine:
    # A database in memory is its one connection, which its users take in turn.
    pool_size, max_overflow = (1, 0) if url.is_in_memory else (options.pool_size, options.max_overflow)
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=":memory:" if url.path is None else str(url.path)),
        connect_args={"timeout": options.lock_timeout_seconds},
        poolclass=AsyncAdaptedQueuePool,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=options.pool_timeout_seconds,
        hide_parameters=True,
    )
    # At DEBUG the driver logs every statement with its values.
    logging.getLogger("aiosqlite").setLevel(logging.INFO)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Else the driver begins transactions by itself, and not before statements that define tables.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that has read may not begin to write once another has written; one that will write says so first.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
