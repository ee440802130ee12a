"""A store that is down, slow or full of rubbish costs a call nothing but its answer out of the cache."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from core.llms import (
    CacheMiddleware,
    MemoryCacheStore,
    RedisCacheStore,
    SQLiteCacheStore,
)
from core.llms.providers.openai import create_openai_llm
from tests.support.chat_bytes import completion
from tests.support.raw_server import Exchange, raw_server
from tests.unit.runtime.caching.serving import cached_llm


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "core.llms.cache"]


async def test_calls_go_on_where_redis_is_down(caplog: pytest.LogCaptureFixture) -> None:
    store = RedisCacheStore("redis://:canary@127.0.0.1:1/0")
    async with cached_llm(CacheMiddleware(store)) as (llm, _, cache):
        assert [(await llm.get_answer("Hi")).text for _ in range(3)] == ["Answer 1", "Answer 2", "Answer 3"]
        streamed = await llm.stream_answer("Hi").get_response()
    await store.aclose()
    assert streamed.text == "Streamed 4"
    assert warnings_of(caplog) == ["the cache's store failed; calls go on without it: ConnectionError"]
    # One failure, and the store is left alone for a while.
    assert (cache.statistics.errors, cache.statistics.stores, cache.statistics.misses) == (1, 0, 4)
    assert "canary" not in caplog.text


async def test_calls_go_on_where_the_file_is_no_database(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "c.db").write_bytes(b"rubbish " * 500)
    store = SQLiteCacheStore(tmp_path / "c.db")
    async with cached_llm(CacheMiddleware(store)) as (llm, _, cache):
        assert (await llm.get_answer("Hi")).text == "Answer 1"
    await store.aclose()
    assert warnings_of(caplog) == ["the cache's store failed; calls go on without it: DatabaseError"]
    assert cache.statistics.errors == 1


async def test_slow_store_is_waited_for_so_long_and_no_longer(caplog: pytest.LogCaptureFixture) -> None:
    async def hang(exchange: Exchange) -> None:
        await exchange.client_gone()

    async with raw_server(hang) as silent:
        store = RedisCacheStore(silent.url.replace("http", "redis"))
        cache = CacheMiddleware(store, store_timeout_seconds=0.05)
        async with cached_llm(cache) as (llm, _, _):
            assert (await llm.get_answer("Hi")).text == "Answer 1"
            assert (await llm.get_answer("Hi")).text == "Answer 2"
        await store.aclose()
    assert warnings_of(caplog) == ["the cache's store failed; calls go on without it: TimeoutError"]
    assert cache.statistics.errors == 1


async def test_equal_calls_share_one_answer_where_the_store_is_down() -> None:
    store = RedisCacheStore("redis://127.0.0.1:1/0")
    async with cached_llm(CacheMiddleware(store)) as (llm, served, _):
        served.gate.clear()
        tasks = [asyncio.create_task(llm.get_answer("Hi")) for _ in range(5)]
        await served.asked(1)
        served.gate.set()
        answers = await asyncio.gather(*tasks)
    await store.aclose()
    assert ([answer.cached for answer in answers].count(True), len(served.bodies)) == (4, 1)


class Recording(MemoryCacheStore):
    """A store in memory that also tells its keys and lets a test spoil its values."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, bytes] = {}

    async def set(self, key: str, value: bytes, ttl_seconds: float | None) -> int:
        self.values[key] = value
        return await super().set(key, value, ttl_seconds)


@pytest.mark.parametrize("rubbish", [b"", b"{", b'{"v": 99}', b"\x80\x04K\x01.", b"\xff" * 9])
async def test_corrupt_entry_is_deleted_and_asked_for_anew(rubbish: bytes, caplog: pytest.LogCaptureFixture) -> None:
    store = Recording()
    async with cached_llm(CacheMiddleware(store)) as (llm, served, cache):
        await llm.get_answer("Hi")
        (key,) = store.values
        await store.set(key, rubbish, None)
        assert (await llm.get_answer("Hi")).text == "Answer 2"
        assert (await llm.get_answer("Hi")).text == "Answer 2"
    assert (len(served.bodies), cache.statistics.errors) == (2, 1)
    assert len(warnings_of(caplog)) == 1


async def test_corrupt_entry_is_deleted_also_where_nothing_replaces_it() -> None:
    store = Recording()
    async with cached_llm(CacheMiddleware(store)) as (llm, served, _):
        await llm.get_answer("Hi")
        (key,) = store.values
        await store.set(key, b"{", None)
        cut = {"index": 0, "message": {"role": "assistant", "content": "Cut"}, "finish_reason": "length"}
        served.answer = lambda number: completion(choices=[cut])
        await llm.get_answer("Hi")
    assert await store.get(key) is None


async def test_entries_are_encrypted_where_a_cipher_is_given(caplog: pytest.LogCaptureFixture) -> None:
    store = Recording()
    async with cached_llm(CacheMiddleware(store, cipher=Fernet(Fernet.generate_key()))) as (llm, _, cache):
        await llm.get_answer("Hi")
        assert (await llm.get_answer("Hi")).text == "Answer 1"
        (value,) = store.values.values()
        assert b"Answer" not in value
        strange = CacheMiddleware(store, cipher=Fernet(Fernet.generate_key()))
        address = llm.connector.base_url
        async with create_openai_llm("gpt-4.1-mini", api_key="k", base_url=address, middleware=[strange]) as other:
            assert (await other.get_answer("Hi")).text == "Answer 2"
    assert (cache.statistics.hits, strange.statistics.errors) == (1, 1)
    assert warnings_of(caplog) == ["an entry of the cache could not be decrypted, and was dropped: InvalidToken"]


async def test_neither_key_nor_entry_holds_what_is_not_the_answers() -> None:
    store = Recording()
    async with cached_llm(CacheMiddleware(store), api_key="canary-of-a-key") as (llm, _, _):
        await llm.get_answer("Do not repeat: the prompt's canary", temperature=0)
    ((key, value),) = store.values.items()
    assert "canary" not in key
    assert b"canary" not in value
    assert b"Answer 1" in value


async def test_request_without_a_key_goes_out(caplog: pytest.LogCaptureFixture) -> None:
    async with cached_llm() as (llm, served, cache):
        for _ in range(2):
            await llm.get_answer("Hi", provider_options={"since": date(2026, 1, 1)})
    assert (len(served.bodies), cache.statistics.bypassed) == (2, 2)
    assert warnings_of(caplog) == ["a request has no key, and goes out without the cache: TypeError"]
