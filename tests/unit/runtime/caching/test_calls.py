"""Calls in front of a cache: what is answered out of it, what that costs, and what is never kept."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from core.llms import (
    APIError,
    AssistantMessage,
    BudgetExceededError,
    CacheControl,
    CacheMiddleware,
    CacheMissError,
    CachePolicy,
    CallRecord,
    CallStatistics,
    Choice,
    ConfigurationError,
    FinishReason,
    LLMContext,
    LLMResponse,
    MemoryCacheStore,
    MonitoringMiddleware,
    OutputValidationError,
    RefusalPart,
    ServerTool,
    StreamFinished,
    TextDelta,
    Usage,
    UsageUpdated,
)
from core.llms.providers.openai import create_openai_llm
from core.llms.runtime.monitoring.call_log import describe_call
from core.llms.runtime.monitoring.genai_attributes import attributes_of_call
from tests.support.chat_bytes import completion
from tests.unit.runtime.caching.serving import cached_llm

PRICE = Decimal("0.000012")  # 10 tokens in, 5 out


async def test_equal_call_is_answered_without_the_vendor() -> None:
    async with cached_llm() as (llm, served, cache):
        ctx = LLMContext()
        first = await llm.get_answer("Hi", ctx, temperature=0)
        second = await llm.get_answer([{"role": "user", "content": "Hi"}], ctx, temperature=0.0)
        other = await llm.get_answer("Hi", ctx, temperature=0.1)
    assert [first.text, second.text, other.text] == ["Answer 1", "Answer 1", "Answer 2"]
    assert (first.cached, first.cost, first.cost_saved) == (False, PRICE, None)
    assert (second.cached, second.cost, second.cost_saved, second.attempts) == (True, Decimal(0), PRICE, ())
    assert second.cache is not None
    assert second.cache.similarity is None
    assert 0 <= second.cache.age_seconds < 60
    assert (second.usage, second.raw, second.id, second.request_id) == (first.usage, first.raw, first.id, None)
    assert second.message == first.message
    assert len(served.bodies) == 2
    figures = cache.statistics
    assert (figures.hits, figures.misses, figures.stores, figures.errors) == (1, 2, 2, 0)
    assert (figures.saved_cost, figures.hit_ratio) == (PRICE, 1 / 3)


async def test_ledger_counts_what_was_saved_and_no_attempt() -> None:
    async with cached_llm() as (llm, _, _):
        ctx = LLMContext()
        for _ in range(3):
            await llm.get_answer("Hi", ctx)
    ledger = ctx.ledger
    assert (ledger.call_count, ledger.attempt_count, ledger.cache_hit_count) == (3, 1, 2)
    assert (ledger.cost, ledger.saved_cost, ledger.usage.input_tokens) == (PRICE, 2 * PRICE, 10)
    assert ledger.cost_is_complete


async def test_hit_takes_nothing_from_the_budget() -> None:
    async with cached_llm() as (llm, served, _):
        await llm.get_answer("Hi", max_tokens=5)
        broke = LLMContext(budget_usd="0")
        assert (await llm.get_answer("Hi", broke, max_tokens=5)).cached
        with pytest.raises(BudgetExceededError):
            await llm.get_answer("Other", broke, max_tokens=5)
    assert broke.budget is not None
    assert (broke.budget.spent, broke.budget.reserved, len(served.bodies)) == (Decimal(0), Decimal(0), 1)


async def test_streamed_and_whole_answers_serve_each_other() -> None:
    async with cached_llm() as (llm, served, _):
        streamed = [event async for event in llm.stream_answer("Hi")]
        whole = await llm.get_answer("Hi")
        again = [event async for event in llm.stream_answer("Hi")]
        assert len(served.bodies) == 1
        await llm.get_answer("Ho")
        texts = [text async for text in llm.stream_answer("Ho").text_deltas()]
    assert (whole.text, whole.cached) == ("Streamed 1", True)
    assert [event for event in streamed if isinstance(event, TextDelta)] == [TextDelta("Streamed "), TextDelta("1")]
    assert [event for event in again if isinstance(event, TextDelta)] == [TextDelta("Streamed 1")]
    assert UsageUpdated(whole.usage) in again
    last = again[-1]
    assert isinstance(last, StreamFinished)
    assert (last.response.text, last.response.cached, last.response.cost) == ("Streamed 1", True, Decimal(0))
    assert (texts, len(served.bodies)) == (["Answer 2"], 2)


async def test_stream_broken_off_keeps_nothing() -> None:
    async with cached_llm() as (llm, served, cache):
        async with llm.stream_answer("Hi") as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    break
        assert cache.statistics.stores == 0
        assert not (await llm.get_answer("Hi")).cached
    assert len(served.bodies) == 2


async def test_stream_left_at_its_last_event_is_kept() -> None:
    async with cached_llm() as (llm, _, _):
        async with llm.stream_answer("Hi") as events:
            async for event in events:
                if isinstance(event, StreamFinished):
                    break
        assert (await llm.get_answer("Hi")).text == "Streamed 1"


async def test_stream_left_early_counts_as_a_hit_for_observers_as_for_the_cache() -> None:
    statistics, records = CallStatistics(), Records()
    async with (
        cached_llm() as (llm, _, cache),
        llm.with_middleware(MonitoringMiddleware(statistics, records)) as observed,
    ):
        await observed.get_answer("Hi")
        async with observed.stream_answer("Hi") as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    break
    (figures,) = statistics.snapshot().values()
    assert (cache.statistics.hits, cache.statistics.saved_cost) == (1, PRICE)
    assert (figures.cache_hits, figures.saved_cost) == (1, PRICE)
    assert (figures.calls, figures.succeeded, figures.cancelled, figures.retries) == (2, 1, 1, 0)
    assert [describe_call(record).get("cached") for record in records.kept] == [None, True]


async def test_embeddings_are_answered_again() -> None:
    async with cached_llm(model="text-embedding-3-small") as (llm, served, cache):
        ctx = LLMContext()
        first = await llm.embed(["a", "b"], ctx)
        second = await llm.embed(["a", "b"], ctx)
        await llm.embed(["b", "a"], ctx)
    assert (second.vectors, second.usage) == (first.vectors, first.usage)
    assert (first.cache, second.cost) == (None, Decimal(0))
    assert second.cache is not None
    assert second.cache.cost_saved == first.cost == Decimal("6E-8")
    assert (len(served.bodies), cache.statistics.hits, ctx.ledger.saved_cost) == (2, 1, first.cost)


async def test_every_hit_is_an_object_of_its_own() -> None:
    class Word(BaseModel):
        word: str

    async with cached_llm() as (llm, served, _):
        served.answer = lambda number: completion('{"word": "hello"}')
        first = await llm.get_answer("Hi", response_model=Word)
        second = await llm.get_answer("Hi", response_model=Word)
        form = served.bodies[0]["response_format"]["json_schema"]
        assert form["name"]
    assert (first.parsed, second.parsed) == (Word(word="hello"), Word(word="hello"))
    assert second.cached
    assert first.parsed is not second.parsed
    assert len(served.bodies) == 1


async def test_answer_that_does_not_fit_its_model_is_not_kept() -> None:
    class Word(BaseModel):
        word: str

    async with cached_llm() as (llm, served, cache):
        for number in (1, 2):
            with pytest.raises(OutputValidationError):
                await llm.get_answer("Hi", response_model=Word, output_retries=0)
            assert (len(served.bodies), cache.statistics.stores) == (number, 0)


async def test_errors_are_not_kept() -> None:
    async with cached_llm() as (llm, served, cache):
        served.status = "500 X"
        for _ in range(2):
            with pytest.raises(APIError):
                await llm.get_answer("Hi")
        served.status = "200 OK"
        assert (await llm.get_answer("Hi")).text == "Answer 3"
    assert (cache.statistics.misses, cache.statistics.stores) == (3, 1)


def finished(reason: str, **message: Any) -> bytes:
    said = {"role": "assistant", "content": "Hello", "refusal": None, **message}
    return completion(choices=[{"index": 0, "message": said, "finish_reason": reason}])


CALL = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
UNUSUAL: dict[str, bytes] = {
    "truncated": finished("length"),
    "filtered": finished("content_filter"),
    "filtered refusal": finished("stop", content=None, refusal="I can't."),
    "tool_calls": finished("tool_calls", content=None, tool_calls=[CALL]),
}


@pytest.mark.parametrize("name", UNUSUAL)
async def test_unusual_answer_is_kept_only_where_told(name: str) -> None:
    field = name.split()[0]
    store = MemoryCacheStore()
    plain, told = CacheMiddleware(store), CacheMiddleware(store, policy=CachePolicy(**{field: True}))
    async with cached_llm(plain) as (llm, served, _), llm.with_middleware(told) as telling:
        served.answer = lambda number: UNUSUAL[name]
        await llm.get_answer("Hi")
        await llm.get_answer("Hi")
        assert (len(served.bodies), plain.statistics.stores) == (2, 0)
        await telling.get_answer("Hi")
        again = await telling.get_answer("Hi")
        assert (again.cached, len(served.bodies), told.statistics.stores) == (True, 3, 1)
        # Kept by one policy is not given out by another.
        assert not (await llm.get_answer("Hi")).cached


def test_refusal_is_one_whatever_it_ended_by() -> None:
    refused = Choice(AssistantMessage((RefusalPart("I can't."),)), FinishReason("stop"))
    response = LLMResponse((refused,), Usage(1, 1))
    assert (CachePolicy().keeps(response), CachePolicy(filtered=True).keeps(response)) == (False, True)


async def test_hit_asks_no_stand_in_and_what_one_answered_is_kept() -> None:
    cache = CacheMiddleware()
    async with cached_llm(middleware=()) as (broken, served, _), cached_llm(middleware=()) as (good, other, _):
        served.status = "500 X"
        async with broken.with_fallback(good).with_middleware(cache) as llm:
            first, second = [await llm.get_answer("Hi") for _ in range(2)]
    assert (first.text, first.cached, second.text, second.cached) == ("Answer 1", False, "Answer 1", True)
    assert (len(served.bodies), len(other.bodies)) == (1, 1)


class Records:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.kept: list[CallRecord] = []

    def observe(self, record: CallRecord) -> None:
        self.kept.append(record)


async def test_observers_tell_hits_from_requests() -> None:
    statistics, records = CallStatistics(), Records()
    async with cached_llm() as (llm, _, _), llm.with_middleware(MonitoringMiddleware(statistics, records)) as observed:
        for _ in range(3):
            await observed.get_answer("Hi")
    (figures,) = statistics.snapshot().values()
    assert (figures.calls, figures.attempts, figures.retries, figures.cache_hits) == (3, 1, 0, 2)
    assert (figures.cost, figures.saved_cost) == (PRICE, 2 * PRICE)
    assert [describe_call(record).get("cached") for record in records.kept] == [None, True, True]
    spans = [attributes_of_call(record, newest=True) for record in records.kept]
    assert [span.get("core_llms.cached") for span in spans] == [None, True, True]


async def test_unknown_ending_is_never_kept() -> None:
    everything = CachePolicy(tool_calls=True, server_tools=True, truncated=True, filtered=True)
    async with cached_llm(CacheMiddleware(policy=everything)) as (llm, served, cache):
        served.answer = lambda number: finished("no_such_reason")
        await llm.get_answer("Hi")
    assert cache.statistics.stores == 0


async def test_one_unusual_choice_keeps_all_out() -> None:
    async with cached_llm() as (llm, served, cache):
        choices = [
            {"index": index, "message": {"role": "assistant", "content": "x"}, "finish_reason": reason}
            for index, reason in enumerate(("stop", "length"))
        ]
        served.answer = lambda number: completion(choices=choices)
        await llm.get_answer("Hi", n=2)
        assert cache.statistics.stores == 0
        choices[1]["finish_reason"] = "stop"
        await llm.get_answer("Hi", n=2)
        assert len((await llm.get_answer("Hi", n=2)).choices) == 2
    assert len(served.bodies) == 2


async def test_requests_drawn_by_lot_can_be_left_out() -> None:
    async with cached_llm(CacheMiddleware(policy=CachePolicy(sampled=False))) as (llm, served, cache):
        for options in ({}, {"temperature": 1}, {"temperature": 0}, {"temperature": 1, "seed": 7}):
            for _ in range(2):
                await llm.get_answer("Hi", **options)  # type: ignore[arg-type]  # each is an option's value
    assert (len(served.bodies), cache.statistics.hits, cache.statistics.bypassed) == (6, 2, 4)


async def test_tools_that_the_vendor_runs_are_left_out() -> None:
    search = ServerTool({"type": "web_search"})
    async with cached_llm() as (llm, served, cache):
        for _ in range(2):
            await llm.get_answer("Hi", tools=[search])
    assert (len(served.bodies), cache.statistics.bypassed) == (2, 2)


async def test_context_says_how_the_cache_is_used() -> None:
    async with cached_llm() as (llm, served, cache):

        async def ask(mode: Any) -> str:
            return (await llm.get_answer("Hi", LLMContext(cache=CacheControl(mode)))).text

        with pytest.raises(CacheMissError, match="the cache has no answer"):
            await ask("only")
        assert [await ask("bypass"), await ask("bypass"), await ask("use")] == ["Answer 1", "Answer 2", "Answer 3"]
        assert [await ask("only"), await ask("refresh"), await ask("use")] == ["Answer 3", "Answer 4", "Answer 4"]
    assert (len(served.bodies), cache.statistics.bypassed) == (4, 2)


async def test_nothing_is_sent_where_the_cache_alone_is_to_be_asked_and_may_not_be() -> None:
    only = LLMContext(cache=CacheControl("only"))
    search = ServerTool({"type": "web_search"})
    async with cached_llm(CacheMiddleware(policy=CachePolicy(sampled=False))) as (llm, served, _):
        address = llm.connector.base_url
        async with create_openai_llm("gpt-4.1-mini", api_key="k", base_url=address) as uncached:
            calls = [
                llm.get_answer("Hi", only),
                llm.get_answer("Hi", only, tools=[search]),
                llm.stream_answer("Hi", only).get_response(),
                uncached.get_answer("Hi", only),
                uncached.stream_answer("Hi", only).get_response(),
            ]
            for call in calls:
                with pytest.raises(CacheMissError, match="the cache has no answer"):
                    await call
    assert served.bodies == []
    assert only.ledger.attempt_count == 0


async def test_cache_behind_another_is_asked_where_caches_alone_are_to_be() -> None:
    kept = CacheMiddleware()
    async with cached_llm(kept) as (llm, served, _):
        await llm.get_answer("Hi")
        async with llm.with_middleware(CacheMiddleware()) as double:
            answer = await double.get_answer("Hi", LLMContext(cache=CacheControl("only")))
    assert (answer.text, answer.cached, len(served.bodies)) == ("Answer 1", True, 1)


async def test_context_says_how_long_an_answer_is_kept() -> None:
    now = 0.0
    store = MemoryCacheStore(clock=lambda: now)
    async with cached_llm(CacheMiddleware(store, ttl_seconds=100)) as (llm, served, _):
        await llm.get_answer("short", LLMContext(cache=CacheControl(ttl_seconds=10)))
        await llm.get_answer("long")
        now = 50.0
        assert [(await llm.get_answer(text)).cached for text in ("short", "long")] == [False, True]
        now = 149.0
        assert [(await llm.get_answer(text)).cached for text in ("short", "long")] == [True, False]
    assert len(served.bodies) == 4


async def test_namespace_keeps_tenants_apart() -> None:
    cache = CacheMiddleware(namespace=lambda ctx: ctx.user_id or "")
    async with cached_llm(cache) as (llm, _, _):
        answers = [(await llm.get_answer("Hi", LLMContext(user_id=user))).text for user in ("a", "b", "a", "b")]
    assert answers == ["Answer 1", "Answer 2", "Answer 1", "Answer 2"]


async def test_who_asks_plays_no_part() -> None:
    async with (
        cached_llm() as (llm, served, cache),
        create_openai_llm(
            "gpt-4.1-mini", api_key="another", base_url=llm.connector.base_url, middleware=[cache]
        ) as other,
    ):
        await llm.get_answer("Hi", LLMContext(user_id="a", tags=["x"]))
        assert (await other.get_answer("Hi", LLMContext(user_id="b", timeout_seconds=9))).cached
    assert len(served.bodies) == 1


async def test_warnings_of_the_request_are_those_of_the_call() -> None:
    async with cached_llm() as (llm, _, _):
        dropped = await llm.get_answer("Hi", reasoning_effort="high", on_unsupported="drop")
        plain = await llm.get_answer("Hi")
        again = await llm.get_answer("Hi", reasoning_effort="high", on_unsupported="drop")
    assert [len(answer.warnings) for answer in (dropped, plain, again)] == [1, 0, 1]
    assert (plain.cached, again.cached, again.warnings) == (True, True, dropped.warnings)


async def test_cache_over_a_cache_keeps_what_was_paid() -> None:
    near, far = CacheMiddleware(), CacheMiddleware()
    async with cached_llm(far) as (llm, _, _), llm.with_middleware(near) as both:
        await llm.get_answer("Hi")
        ctx = LLMContext()
        answers = [await both.get_answer("Hi", ctx) for _ in range(2)]
    assert [answer.cost_saved for answer in answers] == [PRICE, PRICE]
    assert (near.statistics.hits, far.statistics.hits) == (1, 1)
    assert (ctx.ledger.call_count, ctx.ledger.saved_cost) == (2, 2 * PRICE)


async def test_unknown_price_saves_an_unknown_amount() -> None:
    async with cached_llm() as (llm, served, cache):
        usage_left_out = json.loads(completion()) | {"usage": None}
        served.answer = lambda number: json.dumps(usage_left_out).encode()
        ctx = LLMContext()
        first, second = [await llm.get_answer("Hi", ctx) for _ in range(2)]
    assert (first.cost, second.cost, second.cost_saved) == (None, Decimal(0), None)
    assert (cache.statistics.unpriced_hits, ctx.ledger.saved_cost, ctx.ledger.cache_hit_count) == (1, Decimal(0), 1)
    assert second.cost_unknown_reason is None


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_time_to_keep_must_be_positive(seconds: float) -> None:
    with pytest.raises(ConfigurationError, match="`ttl_seconds` must be a positive number"):
        CacheMiddleware(ttl_seconds=seconds)
    with pytest.raises(ValueError, match="`ttl_seconds` must be a positive number"):
        CacheControl(ttl_seconds=seconds)
    with pytest.raises(ValueError, match="`mode` must be one of use, bypass, refresh, only"):
        CacheControl("never")  # type: ignore[arg-type]


async def test_cache_without_a_context_works_in_many_tasks() -> None:
    async with cached_llm() as (llm, served, cache):
        texts = {(await answer).text for answer in [asyncio.create_task(llm.get_answer("Hi")) for _ in range(50)]}
    assert (texts, len(served.bodies), cache.statistics.hits) == ({"Answer 1"}, 1, 49)
