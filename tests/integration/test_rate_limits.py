"""The limiter around real LLMs, over real sockets: calls, streams and embeddings, as their answers end or fail."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest
from tenacity import wait_none

from core.llms import (
    NO_RETRY,
    AllTargetsFailedError,
    CostAboveLimitError,
    LimitReachedError,
    LLMContext,
    RateLimiter,
    RateLimitError,
    RateLimitMiddleware,
    RetryPolicy,
    TextDelta,
    balance,
)
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from core.llms.runtime.limits.meters import Cost
from core.llms.runtime.rate_limiter import MemoryLimitStore
from core.llms.simulator import Fault, Simulator
from core.llms.types.limits import Demand, Spend
from tests.integration.models import MODEL
from tests.support.chat_bytes import chunk, completion, stream
from tests.support.clocks import Clock, stopwatch
from tests.support.raw_server import Exchange, raw_server

KEY = "shared"
ONE = Cost(1, 1, 1)
LARGE = 1_000_000


def create(url: str, limiter: RateLimiter, **options: Any) -> OpenAIBaseLLM:
    settings: dict[str, Any] = {"api_key": "k", "retry": NO_RETRY, **options}
    return create_openai_llm(MODEL, base_url=url, middleware=[RateLimitMiddleware(limiter)], **settings)


class Meters:
    """A limiter whose clock stands still, and what is taken of its limits of a million each."""

    def __init__(self, **options: Any) -> None:
        self.clock = Clock()
        self.store = MemoryLimitStore(self.clock)
        limits = {"requests_per_minute": LARGE, "input_tokens_per_minute": LARGE, "output_tokens_per_minute": LARGE}
        self.limiter = RateLimiter(
            **{**limits, **options}, store=self.store, clock=self.clock, key=lambda target: KEY, learns=False
        )

    async def taken(self) -> list[int]:
        """Return requests and tokens, in and out."""
        names = ("requests_per_minute", "input_tokens_per_minute", "output_tokens_per_minute")
        decision = await self.store.reserve(Demand(KEY, tuple(Spend(name, 0.0, 60.0) for name in names)))
        return [round(decision.backlogs[name] * LARGE / 60) for name in names]


async def test_calls_wait_for_their_turn_and_say_for_how_long(sim: Simulator) -> None:
    limiter = RateLimiter(requests_per_minute=300, burst_share=1 / 300)
    async with create(sim.openai_base_url, limiter) as llm, stopwatch() as watch:
        answers = await asyncio.gather(*(llm.get_answer("Say: hello.") for _ in range(3)))

    attempts = [answer.attempts[0] for answer in answers]
    queued = [attempt.queued_seconds for attempt in attempts if attempt.queued_seconds]
    # Timers keep to their time on the late side only.
    assert watch.seconds >= 0.39
    assert (limiter.statistics.admitted, limiter.statistics.queued) == (3, len(queued))
    assert queued
    assert sum(queued) == pytest.approx(limiter.statistics.queued_seconds)
    assert all(attempt.seconds > attempt.queued_seconds for attempt in attempts)


async def test_call_without_room_before_its_deadline_sends_nothing(sim: Simulator) -> None:
    async with create(sim.openai_base_url, RateLimiter(requests_per_minute=1), retry=RetryPolicy()) as llm:
        await llm.get_answer("Say: hello.")
        ctx = LLMContext(timeout_seconds=20)
        with pytest.raises(LimitReachedError) as caught:
            await llm.get_answer("Say: hello.", ctx)
        with pytest.raises(LimitReachedError):
            await llm.stream_answer("Say: hello.", ctx).get_response()

    assert len(sim.requests) == 1
    assert caught.value.retry_at is not None
    assert [(attempt.outcome, attempt.usage) for attempt in ctx.ledger] == [("LimitReachedError", None)] * 2
    assert ctx.ledger.cost_is_complete


async def test_cost_above_a_limit_is_said_at_once(sim: Simulator) -> None:
    async with create(sim.openai_base_url, RateLimiter(tokens_per_minute=500)) as llm:
        with pytest.raises(CostAboveLimitError, match=r"500 tokens per minute .* lower `max_tokens`"):
            await llm.get_answer("Say: hello.", max_tokens=600)
        await llm.get_answer("Say: hello.", max_tokens=300)
        with pytest.raises(CostAboveLimitError):
            await llm.get_answer("Say: hello.")

    assert len(sim.requests) == 1


async def test_reservation_is_settled_to_what_was_used(sim: Simulator) -> None:
    meters = Meters()
    embedder = create_openai_llm(
        "text-embedding-3-small",
        base_url=sim.openai_base_url,
        api_key="k",
        middleware=[RateLimitMiddleware(meters.limiter)],
    )
    async with create(sim.openai_base_url, meters.limiter) as llm, embedder:
        answer = await llm.get_answer("Say: hello.", max_tokens=700)
        whole = await meters.taken()
        streamed = await llm.stream_answer("Say: hello.", max_tokens=700).get_response()
        both = await meters.taken()
        vectors = await embedder.embed(["one", "two"])
        all_three = await meters.taken()

    assert whole == [1, answer.usage.input_tokens, answer.usage.output_tokens]
    assert both == [2, 2 * streamed.usage.input_tokens, 2 * streamed.usage.output_tokens]
    assert all_three == [3, both[1] + vectors.usage.input_tokens, both[2]]


async def test_attempts_that_fail_are_settled_too(sim: Simulator) -> None:
    meters = Meters()
    async with create("http://127.0.0.1:9/v1", meters.limiter) as unreachable:
        with pytest.raises(Exception, match=r"127\.0\.0\.1"):
            await unreachable.get_answer("Say: hello.")
    not_sent = await meters.taken()
    async with create(sim.openai_base_url, meters.limiter, retry=RetryPolicy(wait=wait_none())) as llm:
        sim.script(Fault(status=500))
        answer = await llm.get_answer("Say: hello.")

    assert not_sent == [0, 0, 0]
    # The one that was refused counts as a request, and with no tokens.
    assert await meters.taken() == [2, answer.usage.input_tokens, answer.usage.output_tokens]


async def test_stream_that_is_left_is_settled_to_what_arrived() -> None:
    async def serve(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.send(chunk({"role": "assistant", "content": ""}), chunk({"content": "word " * 30}))
        await exchange.client_gone()

    meters = Meters(concurrent_requests=1)
    ctx = LLMContext()
    async with raw_server(serve) as server, create(server.url, meters.limiter) as llm:
        async with aclosing(llm.stream_answer("Say: hello.", ctx, max_tokens=5000)) as events:
            async for event in events:
                if type(event) is TextDelta:
                    break
        left = await meters.taken()
        # Its place is free.
        async with aclosing(llm.stream_answer("Say: hello.", LLMContext(timeout_seconds=5))) as events:
            await anext(events)

    (attempt,) = ctx.ledger
    assert attempt.usage is not None
    assert left == [1, attempt.usage.input_tokens, attempt.usage.output_tokens]
    assert 30 <= left[2] < 100


async def test_call_that_is_cancelled_in_the_queue_was_never_made(sim: Simulator) -> None:
    limiter = RateLimiter(concurrent_requests=1)
    ctx = LLMContext()
    async with create(sim.openai_base_url, limiter) as llm:
        sim.script(Fault(hang=True))
        running = asyncio.create_task(llm.get_answer("Say: hello."))
        waiting = asyncio.create_task(llm.get_answer("Say: hello.", ctx))
        while not (sim.requests and limiter.statistics.waiting):
            await asyncio.sleep(0.001)
        for task in (waiting, running):
            task.cancel()
        await asyncio.gather(waiting, running, return_exceptions=True)
        after = await llm.get_answer("Say: hello.")

    (attempt,) = ctx.ledger
    assert (attempt.outcome, attempt.usage, attempt.maybe_charged) == ("cancelled", None, False)
    assert attempt.queued_seconds > 0
    assert (after.text, limiter.statistics.waiting) == ("hello.", 0)


def said(*headers: str, status: str = "200 OK") -> Any:
    """Serve with headers of a vendor."""

    async def serve(exchange: Exchange) -> None:
        if status != "200 OK" and exchange.number == 1:
            await exchange.answer(b'{"error": {"message": "slow down"}}', status, "application/json", *headers)
        elif b'"stream":true' in exchange.body:
            await exchange.begin_stream(*headers)
            await exchange.send(*stream("Hello"))
            exchange.writer.close()
        else:
            await exchange.answer(completion(), "200 OK", "application/json", *headers)

    return serve


@pytest.mark.parametrize("streamed", [False, True])
async def test_headers_tighten_limits_and_time_loosens_them(streamed: bool) -> None:
    clock = Clock()
    limiter = RateLimiter(requests_per_minute=1000, clock=clock)
    headers = ("x-ratelimit-limit-requests: 60", "x-ratelimit-remaining-requests: 0")

    async def ask(llm: OpenAIBaseLLM) -> None:
        # A deadline by the limiter's own clock, which stands still.
        ctx = LLMContext()
        ctx.deadline_monotonic = clock.now + 0.5
        await limiter.limits_of(llm.target).enter(ONE, ctx, llm.target)

    async with raw_server(said(*headers)) as server, create(server.url, limiter) as llm:
        await ask(llm)
        if streamed:
            await llm.stream_answer("Hi").get_response()
        else:
            await llm.get_answer("Hi")
        with pytest.raises(LimitReachedError) as caught:
            await ask(llm)
        assert caught.value.retry_after_seconds == pytest.approx(1.0)
        clock.now += 1.0
        await ask(llm)
        with pytest.raises(LimitReachedError):
            await ask(llm)
        # What was told is not heard again for a minute: what is configured holds.
        clock.now += 61.0
        for _ in range(61):
            await ask(llm)


async def test_headers_never_loosen_what_is_configured() -> None:
    headers = ("x-ratelimit-limit-requests: 100000", "x-ratelimit-remaining-requests: 99999")
    async with (
        raw_server(said(*headers)) as server,
        create(server.url, RateLimiter(requests_per_minute=2)) as llm,
    ):
        for _ in range(2):
            await llm.get_answer("Hi")
        with pytest.raises(LimitReachedError):
            await llm.get_answer("Hi", LLMContext(timeout_seconds=5))


async def test_limiter_that_is_not_to_learn_does_not() -> None:
    headers = ("x-ratelimit-limit-requests: 1", "x-ratelimit-remaining-requests: 0")
    async with raw_server(said(*headers)) as server, create(server.url, RateLimiter(learns=False)) as llm:
        for _ in range(3):
            await llm.get_answer("Hi", LLMContext(timeout_seconds=5))


async def test_retry_after_of_one_call_holds_the_others_back() -> None:
    limiter = RateLimiter()
    serve = said("retry-after: 40", status="429 Too Many Requests")
    async with raw_server(serve) as server, create(server.url, limiter) as llm:
        with pytest.raises(RateLimitError):
            await llm.get_answer("Hi")
        with pytest.raises(LimitReachedError) as caught:
            await llm.get_answer("Hi", LLMContext(timeout_seconds=30))
        room = limiter.room_of(llm.target)

    assert len(server.exchanges) == 1
    assert caught.value.retry_after_seconds == pytest.approx(40, abs=1)
    assert room == 0.0


async def test_route_shares_calls_out_by_the_limiter_s_room(sim: Simulator) -> None:
    limiter = RateLimiter(requests_per_minute=3)
    one, two = (create(sim.openai_base_url, limiter, api_key=key) for key in ("one", "two"))
    async with one, two, balance(one, two, gauge=limiter) as llm:
        answers = [await llm.get_answer("Say: hello.", LLMContext(timeout_seconds=5)) for _ in range(6)]
        with pytest.raises(AllTargetsFailedError):
            await llm.get_answer("Say: hello.", LLMContext(timeout_seconds=5))

    assert all(len(answer.attempts) == 1 for answer in answers)
    asked = [answer.attempts[0].account for answer in answers]
    assert (asked.count(one.target.account), asked.count(two.target.account)) == (3, 3)
