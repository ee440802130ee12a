"""One holder at a time, each with a term of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio

import pytest

from core.llms.provider_config.health.leases import Lease, LeaseLostError
from core.llms.storage.database import Database


async def test_of_many_at_once_one_gets_it(database: Database) -> None:
    leases = [Lease(database, "x", 60) for _ in range(8)]
    taken = [tenure for tenure in await asyncio.gather(*(lease.acquire() for lease in leases)) if tenure is not None]
    assert [tenure.term for tenure in taken] == [1]
    assert taken[0].holder in {lease.holder for lease in leases}


async def test_the_holder_holds_it_for_longer_under_the_same_term(database: Database) -> None:
    lease = Lease(database, "x", 60)
    first = await lease.acquire()
    assert first is not None
    assert await lease.acquire() == first
    assert 50 < await Lease(database, "x", 1).remaining_seconds() <= 60
    assert await Lease(database, "x", 60).acquire() is None


async def test_who_takes_over_has_the_next_term_and_the_old_one_writes_no_more(database: Database) -> None:
    old, new = Lease(database, "x", 1e-6), Lease(database, "x", 60)
    before = await old.acquire()
    after = await new.acquire()
    assert before is not None
    assert after is not None
    assert (before.term, after.term) == (1, 2)
    assert await old.acquire() is None
    async with database.transaction() as session:
        await after.require(session)
    with pytest.raises(LeaseLostError):
        async with database.transaction() as session:
            await before.require(session)
    await old.release(before)
    assert await old.acquire() is None


async def test_who_had_it_and_let_it_end_has_a_new_term(database: Database) -> None:
    lease = Lease(database, "x", 1e-6)
    first, second = await lease.acquire(), await lease.acquire()
    assert first is not None
    assert second is not None
    assert (first.term, second.term) == (1, 2)


async def test_what_is_given_up_is_free_at_once(database: Database) -> None:
    first, second = Lease(database, "x", 60), Lease(database, "x", 60)
    tenure = await first.acquire()
    assert tenure is not None
    await first.release(tenure)
    assert await second.remaining_seconds() == 0
    assert (await second.acquire()) is not None


async def test_leases_of_other_names_are_others(database: Database) -> None:
    assert await Lease(database, "x", 60).acquire() is not None
    assert await Lease(database, "y", 60).acquire() is not None


async def test_a_takeover_waits_for_what_the_holder_is_writing(database: Database) -> None:
    old, new = Lease(database, "x", 1e-6), Lease(database, "x", 60)
    tenure = await old.acquire()
    assert tenure is not None
    async with database.transaction() as session:
        await tenure.require(session)
        taking = asyncio.create_task(new.acquire())
        done, _ = await asyncio.wait([taking], timeout=0.2)
        assert not done
    assert (await taking) is not None
