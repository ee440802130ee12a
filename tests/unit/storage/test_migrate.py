"""The history of the tables: it leads to what the code expects, there and back, whoever runs it at once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from core.llms import LLMProfile, StorageError
from core.llms.provider_config.health.tables import HealthCheckRow
from core.llms.storage import migrations
from core.llms.storage.database import Database
from core.llms.storage.engine import WRITES
from core.llms.storage.migrate import migrate
from core.llms.storage.migrations import HEAD, REVISIONS
from core.llms.storage.profile_store import DatabaseProfileStore

PROFILE = LLMProfile(provider="x", model_id="m", description="kept")


async def run(database: Database, work: Any, *arguments: Any) -> Any:
    async with database.engine.execution_options(**{WRITES: True}).connect() as connection:
        return await connection.run_sync(work, *arguments)


def test_revisions_are_those_of_the_history_in_order() -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert tuple(reversed([step.revision for step in script.walk_revisions()])) == REVISIONS
    assert script.get_current_head() == HEAD


async def test_history_leads_to_the_tables_of_the_code(empty_database_url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        options = {"compare_type": True, "version_table": "core_llms_revision"}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, HealthCheckRow.metadata))

    async with Database(empty_database_url) as database:
        await database.upgrade()
        assert await run(database, differences) == []


async def test_every_revision_is_reached_upwards_and_downwards(empty_database_url: str) -> None:
    async with Database(empty_database_url) as database:
        assert [await database.upgrade(revision) for revision in REVISIONS] == list(REVISIONS)
        down = [await database.downgrade(revision) for revision in (*reversed(REVISIONS[:-1]), "base")]
        assert down == [*reversed(REVISIONS[:-1]), None]
        assert await database.upgrade() == HEAD


async def test_profiles_of_the_first_revision_live_through_all_of_them(empty_database_url: str) -> None:
    row = "INSERT INTO model_profiles VALUES ('x', 'm', '{\"description\": \"kept\"}', '2026-01-31', '2026-01-31')"
    async with Database(empty_database_url) as database:
        await database.upgrade(REVISIONS[0])
        async with database.engine.begin() as connection:
            await connection.execute(text(row))
        await database.upgrade()
        store = DatabaseProfileStore(database)
        assert await store.load() == [PROFILE]
        await database.downgrade(REVISIONS[0])
        await database.upgrade()
        assert await store.load() == [PROFILE]


async def test_upgrade_of_current_tables_changes_nothing(empty_database_url: str) -> None:
    async with Database(empty_database_url, upgrade=True) as database:
        await DatabaseProfileStore(database).save([PROFILE])
        assert await database.upgrade() == HEAD
        assert await DatabaseProfileStore(database).load() == [PROFILE]


async def test_databases_upgraded_at_once_in_one_process_do_not_mix(empty_postgresql_url: str, tmp_path: Path) -> None:
    urls = [empty_postgresql_url, *(f"sqlite:///{tmp_path / f'{number}.db'}" for number in range(5))]
    databases = [Database(url) for url in urls]
    assert await asyncio.gather(*(database.upgrade() for database in databases)) == [HEAD] * len(urls)
    for database in databases:
        assert await DatabaseProfileStore(database).load() == []
        await database.aclose()


NEXT = """
import sqlalchemy as sa

revision = "next"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade(operations):
    operations.create_table(
        "notes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("provider", sa.Text()),
        sa.Column("model_id", sa.Text()),
        sa.ForeignKeyConstraint(
            ["provider", "model_id"], ["model_profiles.provider", "model_profiles.model_id"], ondelete="CASCADE"
        ),
    )
    operations.execute("INSERT INTO notes VALUES (1, 'x', 'm')")
    with operations.batch_alter_table("model_profiles") as table:
        table.add_column(sa.Column("note", sa.Text(), nullable=False, server_default="none"))
        table.alter_column("created_at", nullable=True, existing_type=sa.DateTime(timezone=True))
    {more}


def downgrade(operations):
    operations.drop_table("notes")
    with operations.batch_alter_table("model_profiles") as table:
        table.drop_column("note")
"""


def write_next(folder: Path, more: str = "") -> Path:
    (folder / "versions").mkdir()
    (folder / "versions" / "next.py").write_text(NEXT.format(head=HEAD, more=more))
    return folder / "versions"


async def test_tables_that_others_refer_to_are_changed_without_loss(empty_database_url: str, tmp_path: Path) -> None:
    async with Database(empty_database_url) as database:
        await database.upgrade()
        store = DatabaseProfileStore(database)
        await store.save([PROFILE])
        versions = write_next(tmp_path)
        assert await run(database, migrate, "upgrade", "head", versions) == "next"
        async with database.engine.connect() as connection:
            found = (await connection.execute(text("SELECT note, n.id FROM model_profiles, notes n"))).all()
        assert [tuple(row) for row in found] == [("none", 1)]
        assert await run(database, migrate, "downgrade", HEAD, versions) == HEAD
        assert await store.load() == [PROFILE]


FAILING: dict[str, tuple[str, tuple[type[Exception], ...], str]] = {
    "an exception": ('raise RuntimeError("half way")', (RuntimeError,), "half way"),
    "a broken reference": (
        "operations.execute(\"INSERT INTO notes VALUES (2, 'no', 'no')\")",
        (IntegrityError, StorageError),
        "refer|foreign",
    ),
}


@pytest.mark.parametrize("reason", FAILING)
async def test_migration_that_fails_half_way_is_undone(empty_database_url: str, tmp_path: Path, reason: str) -> None:
    more, kind, problem = FAILING[reason]
    async with Database(empty_database_url) as database:
        await database.upgrade()
        await DatabaseProfileStore(database).save([PROFILE])
        with pytest.raises(kind, match=problem):
            await run(database, migrate, "upgrade", "head", write_next(tmp_path, more))
        names = await run(database, lambda connection: inspect(connection).get_table_names())
        assert "notes" not in names
        assert await database.current_revision() == HEAD
        assert await DatabaseProfileStore(database).load() == [PROFILE]


async def test_broken_reference_after_a_migration_of_sqlite_is_told(empty_sqlite_url: str, tmp_path: Path) -> None:
    async with Database(empty_sqlite_url) as database:
        await database.upgrade()
        with pytest.raises(StorageError, match=r"the migration was undone: 1 rows would refer to nothing"):
            await run(database, migrate, "upgrade", "head", write_next(tmp_path))


async def test_tables_of_an_application_in_the_same_database_stay(empty_database_url: str) -> None:
    async with Database(empty_database_url) as database:
        async with database.engine.begin() as connection:
            await connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
            await connection.execute(text("INSERT INTO alembic_version VALUES ('theirs')"))
        await database.upgrade()
        await database.downgrade("base")
        async with database.engine.connect() as connection:
            assert (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar() == "theirs"
