"""A database of every earlier revision, filled as it was then, is taken to the newest and back without loss."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Connection, select

from core.llms import ConfigurationError
from core.llms.provider_config.credentials.encryption_keys import EncryptionKey
from core.llms.provider_config.credentials.key_sources import StaticKeys
from core.llms.provider_config.health.tables import HealthCheckRow
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage import database as module
from core.llms.storage.database import Database
from core.llms.storage.migrations import HEAD, REVISIONS
from core.llms.storage.profile_store import DatabaseProfileStore
from tests.support.config_processes import upgrade
from tests.support.forks import forking, require_ended_well
from tests.support.old_rows import KEY_MATERIAL, OLD_ROWS, SECRET, columns_at, insert, rows_until

TABLES = HealthCheckRow.metadata.tables
EARLIER = REVISIONS[:-1]
KEYS = StaticKeys({"2026-01": EncryptionKey(KEY_MATERIAL)})
# What the rows of a table have in columns that are younger than they.
DEFAULTS: dict[str, Any] = {"organisation": "default", "workspace": "default", "credential_id": None, "unset": []}


async def fill(database: Database, revision: str) -> None:
    await database.upgrade(revision)
    async with database.engine.begin() as connection:
        await connection.run_sync(insert, revision)


def read(connection: Connection, columns: dict[str, set[str]]) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of the tables, in an order, as the types of today's columns understand them."""
    found = {}
    for name, wanted in columns.items():
        table = TABLES[name]
        query = select(*(table.c[column] for column in sorted(wanted))).order_by(*table.primary_key.columns)
        found[name] = [_plain(dict(row)) for row in connection.execute(query).mappings()]
    return found


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    # SQLite holds a limit's leases as text, which no Python reads.
    return {**row, "leases": json.loads(row["leases"])} if isinstance(row.get("leases"), str) else row


async def held(database: Database, columns: dict[str, set[str]]) -> dict[str, list[dict[str, Any]]]:
    async with database.engine.connect() as connection:
        return await connection.run_sync(read, columns)


def expected(filled: str, columns: dict[str, set[str]]) -> dict[str, list[dict[str, Any]]]:
    """Return what a database that was filled at one revision holds in these columns."""
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in columns}
    for table, row in rows_until(filled):
        if table in columns:
            rows[table].append({name: row.get(name, DEFAULTS.get(name)) for name in columns[table]})
    if "audit_head" in columns and not rows["audit_head"]:
        rows["audit_head"].append({"id": 1, "sequence": 0, "hash": "0" * 64})
    if "config_generation" in columns and not rows["config_generation"]:
        rows["config_generation"].append({"id": 1, "generation": 0})
    return rows


def test_rows_are_there_for_every_column_of_every_table() -> None:
    assert tuple(OLD_ROWS) == REVISIONS
    assert columns_at(HEAD) == {name: {column.name for column in table.columns} for name, table in TABLES.items()}


@pytest.mark.parametrize("revision", REVISIONS)
async def test_every_row_of_an_earlier_revision_is_there_after_upgrading(
    empty_database_url: str, revision: str
) -> None:
    async with Database(empty_database_url) as database:
        await fill(database, revision)
        if revision != HEAD:
            with pytest.raises(ConfigurationError, match=f"is at revision {revision}, this version needs {HEAD}"):
                await ProviderConfigService(database).list_providers()
        assert await held(database, columns_at(revision)) == expected(revision, columns_at(revision))
        assert await database.upgrade() == HEAD
        assert await held(database, columns_at(HEAD)) == expected(revision, columns_at(HEAD))
        assert [profile.description for profile in await DatabaseProfileStore(database).load()] == ["kept"]
        if revision >= "0003":
            await use(ProviderConfigService(database, keys=KEYS), has_credential=revision >= "0006")


async def use(service: ProviderConfigService, *, has_credential: bool) -> None:
    """Read and change what was there before the service was."""
    config = await service.get_by_alias("alias of gpt-4.1-mini")
    assert config is not None and config.prompt_template is not None
    assert (config.version, config.is_active, config.is_verified, config.workspace) == (3, True, True, "default")
    assert (config.parameters.temperature, config.parameters.extra_parameters["verbosity"]) == (0.3, "low")
    if has_credential:
        user = await service.get_provider_model("openai", "gpt-4.1")
        assert user is not None
        assert (await service.credentials.resolve(user))["api_key"].get_secret_value() == SECRET
    changed = await service.update_provider_model("openai", "gpt-4.1-mini", {"description": "new"})
    assert changed.version == 4
    history = await service.revisions.history("openai", "gpt-4.1-mini")
    assert [(one.number, one.action) for one in history] == [(4, "update"), (3, "found")]
    assert (await service.audit.verify_audit_chain()).is_intact


async def test_what_older_tables_hold_stays_on_every_step_down_and_up_again(empty_database_url: str) -> None:
    async with Database(empty_database_url) as database:
        await fill(database, HEAD)
        for step, newer in reversed(list(pairwise(REVISIONS))):
            columns = columns_at(step)
            for there in (step, newer, step):
                await (database.upgrade if there == newer else database.downgrade)(there)
                assert await held(database, columns) == expected(HEAD, columns), (step, there)
        assert await database.downgrade("base") is None
        assert await database.upgrade() == HEAD


async def test_service_of_an_earlier_revision_refuses_a_newer_database_and_leaves_it(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, revision in enumerate(EARLIER, 1):
        # The service of then, over the tables of now.
        monkeypatch.setattr(module, "HEAD", revision)
        monkeypatch.setattr(module, "REVISIONS", REVISIONS[:number])
        async with Database(sqlite_url, upgrade=True) as database:
            for work in (
                ProviderConfigService(database).list_providers(),
                database.upgrade(),
                database.downgrade("base"),
            ):
                with pytest.raises(ConfigurationError, match=f"is at revision {HEAD}, which this version"):
                    await work
            assert await database.current_revision() == HEAD


async def test_processes_that_upgrade_at_once_lose_nothing(empty_database_url: str) -> None:
    async with Database(empty_database_url) as database:
        await fill(database, "0005")
        await database.aclose()
        context = forking()
        start = context.Barrier(3)
        processes = [context.Process(target=upgrade, args=(start, empty_database_url)) for _ in range(3)]
        for process in processes:
            process.start()
        await asyncio.to_thread(require_ended_well, processes)
        columns = columns_at(HEAD)
        assert await held(database, columns) == expected("0005", columns)
