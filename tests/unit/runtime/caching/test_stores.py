"""Every store: what is kept comes back until its time is over, the least recently used goes first, one owner a key."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sqlite3
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

import pytest

from core.llms import CacheStore, ConfigurationError, MemoryCacheStore, RedisCacheStore, SQLiteCacheStore
from core.llms.runtime.caching.store import ClaimingStore


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "sqlite", "redis"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[CacheStore]:
    made: CacheStore
    match request.param:
        case "memory":
            made = MemoryCacheStore()
        case "sqlite":
            made = SQLiteCacheStore(tmp_path / "cache.db")
        case _:
            made = RedisCacheStore(request.getfixturevalue("redis_url"))
    yield made
    await made.aclose()


@asynccontextmanager
async def closing(store: Any) -> AsyncIterator[Any]:
    try:
        yield store
    finally:
        await store.aclose()


async def test_store_gives_back_what_it_was_given(store: CacheStore) -> None:
    assert await store.get("a") is None
    assert await store.set("a", b"\x00one\xff", 60) == 0
    await store.set("b", b"", None)
    assert (await store.get("a"), await store.get("b")) == (b"\x00one\xff", b"")
    await store.set("a", b"two", None)
    await store.delete("b")
    await store.delete("never there")
    assert (await store.get("a"), await store.get("b")) == (b"two", None)
    await store.clear()
    assert await store.get("a") is None


async def test_store_may_be_used_again_after_it_was_closed(store: CacheStore) -> None:
    await store.set("a", b"one", None)
    await store.aclose()
    await store.aclose()
    assert await store.get("a") == b"one"


def stores_with_clock(tmp_path: Path, clock: Clock, **bounds: int) -> list[Any]:
    return [
        MemoryCacheStore(clock=clock, **bounds),
        SQLiteCacheStore(tmp_path / "bounded.db", clock=clock, **bounds),
    ]


@pytest.mark.parametrize("kind", [0, 1], ids=["memory", "sqlite"])
async def test_entry_ends_by_its_time(kind: int, tmp_path: Path, clock: Clock) -> None:
    async with closing(stores_with_clock(tmp_path, clock)[kind]) as store:
        await store.set("short", b"1", 10)
        await store.set("long", b"2", 20)
        clock.now += 9.9
        assert await store.get("short") == b"1"
        clock.now += 0.1
        assert (await store.get("short"), await store.get("long")) == (None, b"2")
        await store.set("short", b"3", None)
        clock.now += 10**6
        assert (await store.get("short"), await store.get("long")) == (b"3", None)


@pytest.mark.parametrize("kind", [0, 1], ids=["memory", "sqlite"])
async def test_least_recently_used_goes_first(kind: int, tmp_path: Path, clock: Clock) -> None:
    async with closing(stores_with_clock(tmp_path, clock, max_entries=3)[kind]) as store:
        for key in ("a", "b", "c"):
            clock.now += 2
            assert await store.set(key, b"1", None) == 0
        clock.now += 2
        assert await store.get("a") == b"1"
        clock.now += 2
        assert await store.set("d", b"1", None) == 1
        assert [await store.get(key) for key in ("a", "b", "c", "d")] == [b"1", None, b"1", b"1"]


@pytest.mark.parametrize("kind", [0, 1], ids=["memory", "sqlite"])
async def test_bytes_are_bounded_too(kind: int, tmp_path: Path, clock: Clock) -> None:
    async with closing(stores_with_clock(tmp_path, clock, max_bytes=100)[kind]) as store:
        for key in ("a", "b", "c"):
            clock.now += 2
            await store.set(key, bytes(29), None)
        clock.now += 2
        assert await store.set("d", bytes(69), None) == 2
        assert [await store.get(key) is not None for key in ("a", "b", "c", "d")] == [False, False, True, True]
        clock.now += 2
        await store.set("d", bytes(9), None)
        assert await store.set("e", bytes(59), None) == 0
        # What alone is too much is not kept, and takes the old value with it.
        assert await store.set("e", bytes(100), None) == 0
        assert await store.get("e") is None
        assert await store.get("c") is not None


@pytest.mark.parametrize("setting", ["max_entries", "max_bytes"])
def test_bound_below_one_is_refused(setting: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=f"`{setting}` must be at least 1"):
        stores_with_clock(tmp_path, Clock(), **{setting: 0})


async def test_redis_ends_entries_by_their_time(redis_url: str) -> None:
    async with RedisCacheStore(redis_url) as store:
        await store.set("a", b"1", 60)
        await store.set("b", b"1", None)
        client = store._client()
        assert 50_000 < await client.pttl("core-llms:cache:a") <= 60_000
        assert await client.pttl("core-llms:cache:b") == -1


async def test_redis_clears_its_prefix_alone(redis_url: str) -> None:
    async with RedisCacheStore(redis_url, prefix="on*e:") as one, RedisCacheStore(redis_url, prefix="onze:") as other:
        await other.set("a", b"kept", None)
        for number in range(1200):
            await one.set(str(number), b"1", None)
        await one.clear()
        assert (await one.get("7"), await other.get("a")) == (None, b"kept")
        assert await one._client().dbsize() == 1


async def test_two_event_loops_in_a_row_use_one_store(redis_url: str, tmp_path: Path) -> None:
    async def keep(store: Any) -> bytes:
        async with closing(store):
            await store.set("a", b"1", None)
            value: bytes = await store.get("a")
            return value

    for store in (RedisCacheStore(redis_url), SQLiteCacheStore(tmp_path / "c.db"), MemoryCacheStore()):
        results = [await asyncio.to_thread(asyncio.run, keep(store)) for _ in range(2)]
        assert results == [b"1", b"1"]


def test_address_of_redis_is_nowhere_shown() -> None:
    assert "canary" not in repr(RedisCacheStore("redis://:canary@localhost:1/0"))
    with pytest.raises(ConfigurationError) as caught:
        RedisCacheStore("http://:canary@localhost")
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_sqlite_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    async with closing(SQLiteCacheStore(path)) as store:
        await store.set("a", b"1", None)
        files = list(tmp_path.iterdir())
        assert path in files
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


async def test_sqlite_file_that_is_none_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 20)
    async with closing(SQLiteCacheStore(path)) as store:
        with pytest.raises(sqlite3.DatabaseError):
            await store.get("a")


@pytest.fixture(params=["sqlite", "redis"])
def make_claiming(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Any]:
    if request.param == "sqlite":
        return lambda: SQLiteCacheStore(tmp_path / "claims.db")
    url = request.getfixturevalue("redis_url")
    return lambda: RedisCacheStore(url)


async def test_key_is_one_owners_until_released(make_claiming: Callable[[], Any]) -> None:
    async with closing(make_claiming()) as store:
        assert isinstance(store, ClaimingStore)
        assert await store.claim("k", "one", 60) == "one"
        assert await store.claim("k", "two", 60) == "one"
        assert await store.claim("k", "one", 60) == "one"
        assert await store.claim("other", "two", 60) == "two"
        await store.release("k", "two")
        assert await store.claim("k", "two", 60) == "one"
        await store.release("k", "one")
        assert await store.claim("k", "two", 60) == "two"
        assert await store.get("k") is None


async def test_claim_ends_by_its_time(tmp_path: Path, clock: Clock, redis_url: str) -> None:
    async with closing(SQLiteCacheStore(tmp_path / "c.db", clock=clock)) as store:
        await store.claim("k", "one", 10)
        clock.now += 9
        assert await store.claim("k", "two", 10) == "one"
        assert await store.claim("k", "one", 10) == "one"
        clock.now += 9
        assert await store.claim("k", "two", 10) == "one"
        clock.now += 1
        assert await store.claim("k", "two", 10) == "two"
    async with RedisCacheStore(redis_url) as shared:
        await shared.claim("k", "one", 30)
        assert 25_000 < await shared._client().pttl("core-llms:cache:claim:k") <= 30_000


ROUNDS = 150


def work_on(path: str, name: str, told: SimpleQueue[Any]) -> None:
    """Claim, write and read, as a process of its own."""

    async def work() -> list[int]:
        won = []
        async with closing(SQLiteCacheStore(path, max_entries=40)) as store:
            for number in range(ROUNDS):
                if await store.claim(str(number), name, 600) == name:
                    won.append(number)
                await store.set(f"{name}-{number}", name.encode() * 50, 600)
                found = await store.get(f"{name}-{number}")
                assert found in (None, name.encode() * 50)
        return won

    told.put(asyncio.run(work()))


def test_processes_share_one_file_and_each_key_has_one_owner(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    told: SimpleQueue[list[int]] = spawn.SimpleQueue()
    path = str(tmp_path / "shared.db")
    several = [spawn.Process(target=work_on, args=(path, name, told)) for name in ("one", "two", "three")]
    for process in several:
        process.start()
    for process in several:
        process.join(60)
    assert [process.exitcode for process in several] == [0, 0, 0]
    won = [number for _ in several for number in told.get()]
    assert sorted(won) == list(range(ROUNDS))
    with sqlite3.connect(path) as connection:
        counted = connection.execute("SELECT count(*), sum(size) FROM entries").fetchone()
        assert connection.execute("SELECT entries, bytes FROM totals").fetchone() == counted
    connection.close()
    assert counted[0] == 40


async def test_fork_opens_the_file_anew(tmp_path: Path) -> None:
    async with closing(SQLiteCacheStore(tmp_path / "c.db")) as store:
        await store.set("a", b"parent", None)
        worker = store._worker
        child = os.fork()
        if child == 0:
            try:
                loop = asyncio.new_event_loop()
                found = loop.run_until_complete(asyncio.wait_for(_in_fork(store), 20))
                os._exit(0 if found == b"parent" and store._worker is not worker else 1)
            finally:
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert (await store.get("b"), await store.get("a")) == (b"child", b"parent")


async def _in_fork(store: Any) -> bytes | None:
    found: bytes | None = await store.get("a")
    await store.set("b", b"child", None)
    return found
