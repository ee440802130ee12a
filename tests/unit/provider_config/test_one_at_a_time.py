"""Changes are made one at a time: each on top of the one before it, by who may make it then, while others read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import delete, text

from core.llms.provider_config.errors import AccessDeniedError, StaleConfigError
from core.llms.provider_config.models import RoleGrant
from core.llms.provider_config.repository import ProviderConfigRepository
from core.llms.provider_config.schemas import LLMParametersCreate, ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from core.llms.storage.engine import EngineOptions

MODEL = ("openai", "gpt-4.1-mini")
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@asynccontextmanager
async def holding(database: Database) -> AsyncIterator[Any]:
    """Be somebody else who is changing something."""
    async with database.transaction() as session:
        await ProviderConfigRepository(session).wait_for_others()
        yield session


async def start(database: Database, *changes: Coroutine[Any, Any, Any]) -> list[asyncio.Task[Any]]:
    """Start changes, and return when each waits for PostgreSQL's lock, or is over without having waited."""
    tasks = [asyncio.ensure_future(change) for change in changes]
    async with database.reading() as session:
        while not any(task.done() for task in tasks) and await session.scalar(WAITING) < len(tasks):
            await asyncio.sleep(0)
            # Each transaction sees the activity as it was when it looked first.
            await session.rollback()
    return tasks


async def register(database: Database) -> ProviderConfigService:
    service = ProviderConfigService(database)
    await service.register_provider_model(*MODEL, LLMParametersCreate(name="calm"), verify=False)
    return service


async def test_of_changes_on_top_of_one_version_one_is_made(postgresql_url: str) -> None:
    several = [Database(postgresql_url) for _ in range(3)]
    async with several[0] as others, several[1], several[2]:
        await register(others)
        services = [ProviderConfigService(database) for database in several[1:]]
        updates = [
            service.update_provider_model(*MODEL, {"description": str(number)}, expected_version=1)
            for number, service in enumerate(services)
        ]
        async with holding(others):
            tasks = await start(others, *updates)
            assert not any(task.done() for task in tasks)
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(one) for one in ended} == {ProviderModelConfigResponse, StaleConfigError}


async def test_what_is_revoked_while_a_change_waits_allows_it_no_more(postgresql_url: str) -> None:
    async with Database(postgresql_url) as others, Database(postgresql_url) as own:
        service = await register(own)
        await service.access.grant("ann", "editor")
        async with holding(others) as session:
            (task,) = await start(
                others, service.update_provider_model(*MODEL, {"description": "hers"}, actor="ann", expected_version=1)
            )
            await session.execute(delete(RoleGrant))
        with pytest.raises(AccessDeniedError):
            await task


async def test_changes_that_wait_leave_connections_for_who_reads(database_url: str) -> None:
    options = EngineOptions(pool_size=1, max_overflow=1, pool_timeout_seconds=60)
    async with Database(database_url) as others, Database(database_url, options=options) as own:
        service = await register(own)
        async with holding(others):
            updates = [service.update_provider_model(*MODEL, {"description": str(number)}) for number in range(4)]
            tasks = [asyncio.ensure_future(update) for update in updates]
            # Each begins, as far as it can.
            for _ in range(20):
                await asyncio.sleep(0)
            async with asyncio.timeout(30):
                read = await service.get_provider_model(*MODEL)
            assert read is not None
            assert not any(task.done() for task in tasks)
        assert [config.version for config in await asyncio.gather(*tasks)] == [2, 3, 4, 5]
