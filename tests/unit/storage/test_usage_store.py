"""Sums of usage in both databases: they add up exactly, whoever writes them."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.llms import LLMContext, MonitoringMiddleware, ServerError, StorageError, UsageRecorder
from core.llms.storage.database import Database
from core.llms.storage.usage_store import DatabaseUsageStore
from core.llms.types.usage_totals import UsageKey, UsageTotals
from tests.unit.runtime.monitoring.calls import COST, observed

HOUR = datetime(2026, 11, 1, 12, tzinfo=UTC)
KEY = UsageKey(HOUR, "openai", "gpt-4.1-mini", alias="fast", user_id="u1", tags=("a", "b"))
ONE = UsageTotals(calls=1, succeeded=1, attempts=2, input_tokens=10, seconds=0.5, cost=Decimal("0.000012"))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url, upgrade=True) as opened:
        yield opened


async def read_all(store: DatabaseUsageStore, **options: Any) -> dict[UsageKey, UsageTotals]:
    return {key: totals async for key, totals in store.read(**options)}


async def test_sums_of_a_key_add_up_exactly(database: Database) -> None:
    store = DatabaseUsageStore(database)
    other = UsageKey(HOUR + timedelta(hours=1), "openai", "gpt-4.1-mini")
    for _ in range(3):
        await store.add({KEY: ONE, other: ONE})
    found = await read_all(store)
    assert list(found) == [KEY, other]
    assert found[KEY] == ONE + ONE + ONE
    assert found[KEY].cost == Decimal("0.000036")


async def test_hours_and_names_are_chosen(database: Database) -> None:
    store = DatabaseUsageStore(database)
    keys = [UsageKey(HOUR + timedelta(hours=hour), "openai", f"m{hour}", user_id=f"u{hour % 2}") for hour in range(4)]
    await store.add(dict.fromkeys(keys, ONE))
    until = HOUR + timedelta(hours=3)
    assert list(await read_all(store, since=keys[1].hour, until=until)) == keys[1:3]
    assert list(await read_all(store, user_id="u1")) == [keys[1], keys[3]]
    assert await store.delete_before(keys[2].hour) == 2
    assert list(await read_all(store)) == keys[2:]


async def test_no_name_is_refused(database: Database) -> None:
    store = DatabaseUsageStore(database)
    names = ["x" * 600 + "1", "x" * 600 + "2", "nul\0", "\ud800", "", "ä'\"\\"]
    await store.add({UsageKey(HOUR, "openai", "m", user_id=name): ONE for name in names})
    found = await read_all(store)
    assert sum(totals.calls for totals in found.values()) == 6
    assert found[UsageKey(HOUR, "openai", "m", user_id="x" * 500)].calls == 2


async def test_money_of_more_places_than_are_kept_is_rounded_to_even(database: Database) -> None:
    store = DatabaseUsageStore(database)
    await store.add({KEY: UsageTotals(cost=Decimal("0.0000000000015"))})
    assert (await read_all(store))[KEY].cost == Decimal("0.000000000002")


_WRITER = """
import asyncio, sys
from decimal import Decimal
from tests.unit.storage.test_usage_store import KEY, ONE
from core.llms.storage.database import Database
from core.llms.storage.usage_store import DatabaseUsageStore

async def main():
    async with Database(sys.argv[1]) as database:
        for _ in range(25):
            await DatabaseUsageStore(database).add({KEY: ONE})

asyncio.run(main())
"""


async def test_processes_that_add_at_once_lose_nothing(database_url: str, database: Database) -> None:
    store = DatabaseUsageStore(database)
    await store.add({KEY: ONE})
    writers = [await asyncio.create_subprocess_exec(sys.executable, "-c", _WRITER, database_url) for _ in range(3)]
    assert [await writer.wait() for writer in writers] == [0, 0, 0]
    assert (await read_all(store))[KEY].calls == 76


async def test_calls_reach_the_database_through_the_recorder(database: Database) -> None:
    store = DatabaseUsageStore(database)
    async with UsageRecorder(store) as recorder, observed(MonitoringMiddleware(recorder), alias="fast") as (llm, _):
        ctx = LLMContext(user_id="u1", tags=["b", "a", "b"])
        await llm.get_answer("fail once", ctx)
        await llm.stream_answer("Hi", ctx).get_response()
        with pytest.raises(ServerError):
            await llm.get_answer("fail", ctx)
    ((key, totals),) = (await read_all(store)).items()
    assert (key.provider, key.model, key.alias, key.user_id, key.tags) == (
        "openai", "gpt-4.1-mini", "fast", "u1", ("a", "b")
    )  # fmt: skip
    assert (totals.calls, totals.succeeded, totals.failed, totals.attempts) == (3, 2, 1, 6)
    assert (totals.input_tokens, totals.output_tokens, totals.cost) == (20, 10, 2 * Decimal(COST))


async def test_sums_wait_in_memory_while_the_store_is_down(caplog: pytest.LogCaptureFixture) -> None:
    class Store:
        down = True
        kept: dict[UsageKey, UsageTotals] = {}
        tried = asyncio.Event()

        async def add(self, totals: Mapping[UsageKey, UsageTotals]) -> None:
            if self.down:
                self.tried.set()
                raise StorageError("no database")
            self.kept.update(totals)

    store = Store()
    recorder = UsageRecorder(store, flush_seconds=0.001, most_rows=1)
    with caplog.at_level(logging.WARNING):
        async with observed(MonitoringMiddleware(recorder)) as (llm, _):
            await llm.get_answer("Hi")
            await store.tried.wait()
            await llm.get_answer("Hi")
            await llm.get_answer("Hi", LLMContext(user_id="one row too many"))
        with pytest.raises(StorageError):
            await recorder.flush()
        store.down = False
        await recorder.aclose()
    assert [totals.calls for totals in store.kept.values()] == [2]
    assert recorder.lost_calls == 1
    assert "waits in memory" in caplog.text
    assert "usage of 1 calls is lost" in caplog.text
