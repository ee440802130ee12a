"""Equal calls at the same time: one goes out, the others wait, and nobody suffers by another's end."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.llms import (
    NO_RETRY,
    AuthenticationError,
    CacheMiddleware,
    CacheSharing,
    ConfigurationError,
    DeadlineExceededError,
    LimitReachedError,
    LLMContext,
    RateLimiter,
    RateLimitError,
    RateLimitMiddleware,
    RedisCacheStore,
    ServerError,
    SQLiteCacheStore,
    StreamFinished,
    TextDelta,
)
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from tests.support.chat_bytes import completion
from tests.support.settling import tasks_gone
from tests.unit.runtime.caching.serving import Served, cached_llm

Task = asyncio.Task[Any]


async def gather(*tasks: Task) -> list[Any]:
    async with asyncio.timeout(20):
        return await asyncio.gather(*tasks, return_exceptions=True)


def start(*calls: Coroutine[Any, Any, Any]) -> list[Task]:
    return [asyncio.create_task(call) for call in calls]


async def settle() -> None:
    """Let every task that can go on do so, as far as it comes without the network."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_one_of_many_equal_calls_goes_out() -> None:
    async with cached_llm() as (llm, served, cache):
        served.gate.clear()
        ctx = LLMContext()
        tasks = start(*(llm.get_answer("Hi", ctx) for _ in range(20)), llm.get_answer("Ho", ctx))
        await served.asked(2)
        served.gate.set()
        answers = await gather(*tasks)
    assert len(served.bodies) == 2
    assert sorted(answer.cached for answer in answers) == [False] * 2 + [True] * 19
    assert len({id(answer.message) for answer in answers}) == 21
    assert (cache.statistics.hits, cache.statistics.shared_hits, cache.statistics.misses) == (19, 19, 2)
    assert (ctx.ledger.attempt_count, ctx.ledger.call_count) == (2, 21)
    assert ctx.ledger.saved_cost == 19 * Decimal("0.000012")


async def test_waiter_that_is_cancelled_takes_nobody_with_it() -> None:
    async with cached_llm() as (llm, served, _):
        served.gate.clear()
        leader, waiter, another = start(*(llm.get_answer("Hi") for _ in range(3)))
        await served.asked(1)
        await settle()
        waiter.cancel()
        await settle()
        assert waiter.cancelled()
        served.gate.set()
        answers = await gather(leader, another)
    assert ([answer.cached for answer in answers], len(served.bodies)) == ([False, True], 1)


async def test_next_one_goes_where_the_first_is_cancelled() -> None:
    async with cached_llm() as (llm, served, _):
        served.gate.clear()
        leader, *others = start(*(llm.get_answer("Hi") for _ in range(4)))
        await served.asked(1)
        await settle()
        leader.cancel()
        await served.asked(2)
        served.gate.set()
        answers = await gather(*others)
        assert leader.cancelled()
        assert ([answer.cached for answer in answers], len(served.bodies)) == ([False, True, True], 2)
        assert {answer.text for answer in answers} == {"Answer 2"}


async def test_next_one_goes_where_the_first_has_no_more_time() -> None:
    async with cached_llm() as (llm, served, _):
        served.gate.clear()
        hasty, patient = start(llm.get_answer("Hi", LLMContext(timeout_seconds=0.2)), llm.get_answer("Hi"))
        await served.asked(2)
        served.gate.set()
        failed, answer = await gather(hasty, patient)
    assert isinstance(failed, DeadlineExceededError)
    assert (answer.text, answer.cached) == ("Answer 2", False)


async def test_waiter_has_its_own_deadline() -> None:
    async with cached_llm() as (llm, served, _):
        served.gate.clear()
        (leader,) = start(llm.get_answer("Hi"))
        await served.asked(1)
        with pytest.raises(DeadlineExceededError, match="an equal call was waited for") as caught:
            await llm.get_answer("Hi", LLMContext(timeout_seconds=0.1))
        served.gate.set()
        assert not (await leader).cached
    assert (caught.value.phase, caught.value.provider, len(served.bodies)) == ("total", "openai", 1)


async def test_vendors_error_is_told_to_all_who_waited() -> None:
    async with cached_llm() as (llm, served, cache):
        served.gate.clear()
        served.status, served.answer = "429 X", lambda number: b'{"error": {"message": "slow down"}}'
        tasks = start(*(llm.get_answer("Hi") for _ in range(5)))
        await served.asked(1)
        await settle()
        served.gate.set()
        errors = await gather(*tasks)
        assert {type(error) for error in errors} == {RateLimitError}
        assert len({id(error) for error in errors}) == 5
        assert len(served.bodies) == 1
        served.status, served.answer = "200 OK", lambda number: completion()
        assert not (await llm.get_answer("Hi")).cached
    assert cache.statistics.hits == 0


async def test_error_of_one_account_is_not_told_to_another() -> None:
    async with cached_llm() as (llm, served, cache):
        address = llm.connector.base_url
        settings: dict[str, Any] = {"base_url": address, "middleware": [cache], "retry": NO_RETRY}
        async with create_openai_llm("gpt-4.1-mini", api_key="another", **settings) as other:
            served.gate.clear()
            served.status, served.answer = "401 X", lambda number: b'{"error": {"message": "wrong key"}}'
            first, same, *others = start(*(each.get_answer("Hi") for each in (llm, llm, other, other)))
            await served.asked(1)
            await settle()
            served.gate.set()
            errors = await gather(first, same)
            served.gate.clear()
            await served.asked(2)
            served.status, served.answer = "200 OK", lambda number: completion()
            served.gate.set()
            answers = await gather(*others)
    assert [type(error) for error in errors] == [AuthenticationError] * 2
    assert ([answer.cached for answer in answers], len(served.bodies)) == ([False, True], 2)


async def test_next_one_goes_where_the_first_cannot_pass_a_rate_limit_in_its_time() -> None:
    limits = RateLimitMiddleware(RateLimiter(concurrent_requests=1))
    async with cached_llm() as (llm, served, _), llm.with_middleware(limits) as limited:
        served.gate.clear()
        (before,) = start(limited.get_answer("Ho"))
        await served.asked(1)
        hasty, patient = start(limited.get_answer("Hi", LLMContext(timeout_seconds=0.2)), limited.get_answer("Hi"))
        (failed,) = await gather(hasty)
        served.gate.set()
        answer, _ = await gather(patient, before)
    assert isinstance(failed, LimitReachedError)
    assert (answer.text, answer.cached) == ("Answer 2", False)


async def test_answer_that_is_not_kept_sends_the_others_out_together() -> None:
    cut = {"index": 0, "message": {"role": "assistant", "content": "Cut"}, "finish_reason": "length"}
    async with cached_llm() as (llm, served, cache):
        served.gate.clear()
        served.answer = lambda number: completion(choices=[cut])
        leader, *others = start(*(llm.get_answer("Hi") for _ in range(4)))
        await served.asked(1)
        await settle()
        served.gate.set()
        assert not (await leader).cached
        served.gate.clear()
        # All of them are on their way before one is answered.
        await served.asked(4)
        served.gate.set()
        answers = await gather(*others)
    assert ([answer.cached for answer in answers], len(served.bodies)) == ([False] * 3, 4)
    assert cache.statistics.stores == 0


async def test_stream_is_replayed_to_those_who_waited() -> None:
    async with cached_llm() as (llm, served, _):
        served.gate.clear()

        async def read(llm: OpenAIBaseLLM) -> list[Any]:
            return [event async for event in llm.stream_answer("Hi")]

        tasks = start(read(llm), read(llm), llm.get_answer("Hi"))
        await served.asked(1)
        await settle()
        served.gate.set()
        first, second, whole = await gather(*tasks)
    assert [event.text for event in first if isinstance(event, TextDelta)] == ["Streamed ", "1"]
    assert [event.text for event in second if isinstance(event, TextDelta)] == ["Streamed 1"]
    last = second[-1]
    assert isinstance(last, StreamFinished)
    assert (last.response.cached, whole.cached, whole.text, len(served.bodies)) == (True, True, "Streamed 1", 1)


async def test_stream_that_is_left_lets_the_next_one_go() -> None:
    async with cached_llm() as (llm, served, _):
        left = llm.stream_answer("Hi")
        await anext(left)
        (waiter,) = start(llm.get_answer("Hi"))
        await settle()
        assert (len(served.bodies), waiter.done()) == (1, False)
        await left.aclose()
        assert ((await waiter).text, len(served.bodies)) == ("Answer 2", 2)


async def test_waiting_has_an_end() -> None:
    async with cached_llm(CacheMiddleware(sharing=CacheSharing(wait_seconds=0.05))) as (llm, served, _):
        slow = llm.stream_answer("Hi")
        await anext(slow)
        answer = await llm.get_answer("Hi")
        assert (answer.text, answer.cached, len(served.bodies)) == ("Answer 2", False, 2)
        await slow.aclose()


async def test_sharing_can_be_left_out() -> None:
    async with cached_llm(CacheMiddleware(sharing=None)) as (llm, served, _):
        served.gate.clear()
        tasks = start(*(llm.get_answer("Hi") for _ in range(3)))
        await served.asked(3)
        served.gate.set()
        await gather(*tasks)
        assert (await llm.get_answer("Hi")).cached


@pytest.mark.parametrize("setting", ["wait_seconds", "claim_seconds"])
def test_times_of_sharing_must_be_positive(setting: str) -> None:
    with pytest.raises(ConfigurationError, match=f"`{setting}` must be a positive number"):
        CacheSharing(**{setting: 0})  # type: ignore[arg-type]  # one of the two numbers


class Asked:
    """A store that counts how often it was asked for a value or a claim."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.asked = 0
        self.set, self.delete, self.clear = store.set, store.delete, store.clear
        self.release, self.aclose = store.release, store.aclose

    async def get(self, key: str) -> bytes | None:
        self.asked += 1
        value: bytes | None = await self._store.get(key)
        return value

    async def claim(self, key: str, owner: str, seconds: float) -> str:
        self.asked += 1
        holder: str = await self._store.claim(key, owner, seconds)
        return holder


@pytest.fixture(params=["sqlite", "redis"])
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Any]:
    if request.param == "sqlite":
        return lambda: Asked(SQLiteCacheStore(tmp_path / "cache.db"))
    url = request.getfixturevalue("redis_url")
    return lambda: Asked(RedisCacheStore(url))


@asynccontextmanager
async def two_processes(
    make_store: Callable[[], Any], sharing: CacheSharing | None = None
) -> AsyncIterator[tuple[OpenAIBaseLLM, OpenAIBaseLLM, Served, tuple[CacheMiddleware, CacheMiddleware]]]:
    """Two LLMs whose caches share nothing but what is in the store, as those of two processes do."""
    # On a busy machine a store may take its time: it is not to be done without for that.
    one, two = (
        CacheMiddleware(make_store(), sharing=sharing or CacheSharing(), store_timeout_seconds=20) for _ in range(2)
    )
    known = asyncio.all_tasks()
    async with cached_llm(one) as (llm, served, _):
        served.gate.clear()
        address = llm.connector.base_url
        options: dict[str, Any] = {"api_key": "k", "middleware": [two], "retry": NO_RETRY}
        async with create_openai_llm("gpt-4.1-mini", base_url=address, **options) as other:
            yield llm, other, served, (one, two)
    await one.store.aclose()
    await two.store.aclose()
    await tasks_gone(known)


async def test_two_processes_ask_once(make_store: Callable[[], Any]) -> None:
    async with two_processes(make_store) as (llm, other, served, caches):
        tasks = start(llm.get_answer("Hi"), other.get_answer("Hi"))
        await served.asked(1)
        await looked_again(caches[1], caches[0])
        served.gate.set()
        answers = await gather(*tasks)
        assert (sorted(answer.cached for answer in answers), len(served.bodies)) == ([False, True], 1)
        assert [cache.statistics.errors for cache in caches] == [0, 0]


async def looked_again(*caches: CacheMiddleware) -> None:
    """Wait until one of the caches asked its store more often than a call that goes out at once does."""
    async with asyncio.timeout(20):
        while not any(cache.store.asked >= 4 for cache in caches):  # type: ignore[attr-defined]
            await asyncio.sleep(0.001)


async def test_other_process_goes_where_the_first_failed(make_store: Callable[[], Any]) -> None:
    async with two_processes(make_store, CacheSharing(claim_seconds=600)) as (llm, other, served, caches):
        served.status, served.answer = "500 X", lambda number: b"{}"
        tasks = start(llm.get_answer("Hi"), other.get_answer("Hi"))
        await served.asked(1)
        await looked_again(*caches)
        served.gate.set()
        errors = await gather(*tasks)
        assert [type(error) for error in errors] == [ServerError, ServerError]
        assert len(served.bodies) == 2


async def test_claim_is_renewed_while_its_call_runs(tmp_path: Path) -> None:
    now = 1000.0
    path = tmp_path / "cache.db"
    sharing = CacheSharing(claim_seconds=0.3)
    async with two_processes(lambda: Asked(SQLiteCacheStore(path, clock=lambda: now)), sharing) as (
        llm, other, served, caches,
    ):  # fmt: skip
        (first,) = start(llm.get_answer("Hi"))
        await served.asked(1)
        (second,) = start(other.get_answer("Hi"))
        for _ in range(5):
            before = [cache.store.asked for cache in caches]  # type: ignore[attr-defined]
            async with asyncio.timeout(20):
                while any(cache.store.asked < was + 2 for cache, was in zip(caches, before, strict=True)):  # type: ignore[attr-defined]
                    await asyncio.sleep(0.001)
            now += 0.25
        assert len(served.bodies) == 1
        served.gate.set()
        answers = await gather(first, second)
        assert [answer.cached for answer in answers] == [False, True]


def call_and_hang(address: str, path: str) -> None:
    """Ask as a process of its own, which the server keeps waiting."""

    async def call() -> None:
        cache = CacheMiddleware(SQLiteCacheStore(path), sharing=CacheSharing(claim_seconds=1))
        async with create_openai_llm("gpt-4.1-mini", api_key="k", base_url=address, middleware=[cache]) as llm:
            await llm.get_answer("Hi")

    asyncio.run(call())


async def test_process_that_is_killed_holds_others_up_for_its_claim_alone(tmp_path: Path) -> None:
    path = str(tmp_path / "cache.db")
    async with cached_llm(CacheMiddleware(SQLiteCacheStore(path))) as (llm, served, cache):
        served.gate.clear()
        process = multiprocessing.get_context("spawn").Process(
            target=call_and_hang, args=(llm.connector.base_url, path)
        )
        process.start()
        await served.asked(1)
        (waiter,) = start(llm.get_answer("Hi"))
        await asyncio.sleep(0.1)
        assert len(served.bodies) == 1
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        await served.asked(2)
        served.gate.set()
        assert not (await waiter).cached
        assert cache.statistics.stores == 1
        await asyncio.to_thread(process.join)
        await cache.store.aclose()
