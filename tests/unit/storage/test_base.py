"""Column types mean the same on PostgreSQL and on SQLite: what goes in comes out, or is refused by both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.storage.base import ExactJson, Money, UtcDateTime
from core.llms.storage.database import Database

values = Table(
    "values_of_tests",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("moment", UtcDateTime),
    Column("content", ExactJson),
    Column("amount", Money),
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
zones = st.builds(timezone, st.timedeltas(timedelta(hours=-14), timedelta(hours=14)))
moments = st.datetimes(datetime(1970, 1, 3), datetime(2199, 1, 1), timezones=zones)
amounts = st.decimals(-9_000_000, 9_000_000, places=12, allow_nan=False)


@asynccontextmanager
async def session_of(url: str) -> AsyncIterator[AsyncSession]:
    async with Database(url, upgrade=True) as database:
        async with database.engine.begin() as connection:
            await connection.run_sync(values.metadata.create_all)
        async with database.transaction() as session:
            yield session


async def store(session: AsyncSession, **row: Any) -> Any:
    await session.execute(values.delete())
    await session.execute(insert(values).values(id=1, **row))
    return (await session.execute(select(*(values.c[name] for name in row)))).one()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(json_values, moments, amounts), min_size=10, max_size=20))
def test_values_come_back_as_they_went_in(database_url: str, rows: list[tuple[Any, datetime, Decimal]]) -> None:
    async def check() -> None:
        async with session_of(database_url) as session:
            for content, moment, amount in rows:
                back = await store(session, content=content, moment=moment, amount=amount)
                assert repr(back.content) == repr(content)
                assert (back.moment, back.moment.tzinfo) == (moment, UTC)
                assert back.amount == amount

    asyncio.run(check())


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"moment": datetime(2026, 1, 1)}, "a moment without a time zone is ambiguous"),
        ({"content": float("nan")}, "not JSON compliant"),
        ({"content": {"a": Decimal(1)}}, "not JSON serializable"),
        ({"amount": Decimal("0.0000000000001")}, "more than 12 decimal places"),
        ({"amount": Decimal(9_000_001)}, "more than 9000000"),
        ({"amount": Decimal("NaN")}, "is no amount of money"),
        ({"amount": Decimal("Infinity")}, "is no amount of money"),
    ],
)
async def test_what_would_not_be_exact_is_refused_by_both(database_url: str, row: dict[str, Any], problem: str) -> None:
    with pytest.raises((ValueError, TypeError), match=problem):
        async with session_of(database_url) as session:
            await store(session, **row)


async def test_money_sorts_and_adds_up_inside_the_database(database_url: str) -> None:
    amounts = [Decimal("10"), Decimal("9.5"), Decimal("-1"), Decimal("0.000000000001")]
    async with session_of(database_url) as session:
        await session.execute(insert(values), [{"id": index, "amount": each} for index, each in enumerate(amounts)])
        ordered = (await session.execute(select(values.c.amount).order_by(values.c.amount))).scalars().all()
        total = (await session.execute(select(func.sum(values.c.amount, type_=Money())))).scalar()
    assert ordered == sorted(amounts)
    assert total == sum(amounts)
