"""Taking the tables from one revision to another, by one process at a time, wholly or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select, text

from core.llms.errors import ConfigurationError, StorageError
from core.llms.storage.migrations import REVISIONS

_FOLDER: Final = Path(__file__).parent / "migrations"
# The database may be an application's own, with an `alembic_version` of its own.
_VERSION_TABLE: Final = "core_llms_revision"
_ADVISORY_LOCK: Final = 0x636F_7265_6C6C_6D73
_versions = Table(_VERSION_TABLE, MetaData(), Column("version_num", String(32)))


def read_revision(connection: Connection) -> str | None:
    """Return the revision that the tables are at, or None where there are none."""
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    return connection.execute(select(_versions.c.version_num)).scalar()


def migrate(
    connection: Connection, direction: Literal["upgrade", "downgrade"], revision: str, *more_versions: Path
) -> str | None:
    """Go to a revision (`head`, `base`, `0001`, `-1`) and return it; where the tables are there, nothing happens.

    `connection` has no transaction yet. `more_versions` are folders of further revisions.
    Raises `ConfigurationError` for a revision that there is not.
    """
    with _alone(connection):
        script = ScriptDirectory(str(_FOLDER), version_locations=[str(_FOLDER / "versions"), *map(str, more_versions)])
        plan = script._upgrade_revs if direction == "upgrade" else script._downgrade_revs
        options: dict[str, Any] = {
            "version_table": _VERSION_TABLE,
            "transactional_ddl": True,
            "fn": lambda current, _: plan(revision, current),
        }
        context = MigrationContext.configure(connection=connection, opts=options)
        try:
            # Alembic's `op` and `context` are one for the process: two databases migrated at once would share them.
            context.run_migrations(operations=Operations(context))
        except CommandError as error:
            raise ConfigurationError(
                f"no way to revision {revision!r} of the database: {error}; known: {', '.join(REVISIONS)}"
            ) from error
        return read_revision(connection)


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Hold the database for this migration alone, and end the transaction."""
    if connection.dialect.name == "postgresql":
        with connection.begin():
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            yield
        return
    # To change a table SQLite makes it anew: dropping the old one would delete the rows that refer to it.
    _set_foreign_keys(connection, "OFF")
    try:
        with connection.begin():
            yield
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise StorageError(f"the migration was undone: {len(broken)} rows would refer to nothing after it")
    finally:
        _set_foreign_keys(connection, "ON")


def _set_foreign_keys(connection: Connection, state: str) -> None:
    # SQLite takes it outside of transactions only, and the connection begins one with any statement of its own.
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys = {state}")
    cursor.close()
