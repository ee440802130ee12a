"""Loads shared out over several LLMs, and what a route owns."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from core.llms import (
    AllTargetsFailedError,
    BaseLLM,
    ConfigurationError,
    FallbackPolicy,
    LLMContext,
    LLMRequest,
    LLMResponse,
    Middleware,
    RateLimitError,
    RoomGauge,
    Target,
    balance,
)
from core.llms.runtime.middleware import CallNext
from core.llms.simulator import Fault, Simulator
from tests.integration.routes import create, outcomes
from tests.support.chat_bytes import completion
from tests.support.raw_server import Exchange, raw_server
from tests.support.settling import connections_gone


@asynccontextmanager
async def pool(
    sim: Simulator,
    keys: Sequence[str] = ("one", "two"),
    weights: Sequence[float] | None = None,
    policy: FallbackPolicy | None = None,
    gauge: RoomGauge | None = None,
) -> AsyncIterator[BaseLLM]:
    first, *others = [create(sim.openai_base_url, api_key=key) for key in keys]
    async with balance(first, *others, weights=weights, policy=policy, gauge=gauge) as llm:
        yield llm


async def shares(llm: BaseLLM, answers: Sequence[LLMResponse]) -> list[int]:
    """How many answers each target gave."""
    counted = Counter(answer.attempts[-1].account for answer in answers)
    return [counted[target.account] for target in llm.targets]


@pytest.mark.parametrize(("weights", "expected"), [(None, [20, 20]), ([3, 1], [30, 10]), ([1, 0.25], [32, 8])])
async def test_calls_in_turn_are_shared_by_weight(
    sim: Simulator, weights: list[float] | None, expected: list[int]
) -> None:
    async with pool(sim, weights=weights) as llm:
        answers = [await llm.get_answer("Say: hello.") for _ in range(40)]

        assert await shares(llm, answers) == expected


async def test_calls_at_once_are_shared_by_weight(sim: Simulator) -> None:
    async with pool(sim, weights=[3, 1]) as llm:
        answers = await asyncio.gather(*(llm.get_answer("Say: hello.") for _ in range(40)))

        assert await shares(llm, answers) == [30, 10]


async def test_slow_target_is_given_less() -> None:
    slow_goes_on = asyncio.Event()

    async def slow(exchange: Exchange) -> None:
        await slow_goes_on.wait()
        await exchange.answer(completion())

    async def quick(exchange: Exchange) -> None:
        await exchange.answer(completion())

    async with (
        raw_server(slow) as first,
        raw_server(quick) as second,
        balance(create(first.url), create(second.url)) as llm,
    ):
        waiting = asyncio.create_task(llm.get_answer("Hi"))
        while not first.exchanges:
            await asyncio.sleep(0.001)
        for _ in range(10):
            await llm.get_answer("Hi")
        assert (len(first.exchanges), len(second.exchanges)) == (1, 10)
        slow_goes_on.set()
        await waiting


async def test_limited_key_rests_until_its_time(sim: Simulator) -> None:
    async with pool(sim) as llm:
        sim.script(Fault(status=429, retry_after="0.5"))
        moved = await llm.get_answer("Say: hello.")
        resting = [await llm.get_answer("Say: hello.") for _ in range(6)]
        await asyncio.sleep(0.6)
        rested = [await llm.get_answer("Say: hello.") for _ in range(6)]

        assert outcomes(moved) == ["RateLimitError", "ok"]
        assert await shares(llm, resting) == [0, 6]
        assert await shares(llm, rested) == [3, 3]


async def test_call_waits_for_the_key_that_is_ready_first(sim: Simulator) -> None:
    async with pool(sim) as llm:
        sim.script(Fault(status=429, retry_after="0.3"), Fault(status=429, retry_after="0.1"), "there", "there")
        first = await llm.get_answer("Hi")

        assert outcomes(first) == ["RateLimitError", "RateLimitError", "ok"]
        assert await shares(llm, [first]) == [0, 1]


async def test_keys_that_all_rest_too_long_raise_without_asking(sim: Simulator) -> None:
    async with pool(sim) as llm:
        sim.script(Fault(status=429, retry_after="100", repeat=2))
        for _ in range(2):
            with pytest.raises(AllTargetsFailedError) as caught:
                await llm.get_answer("Hi")

    assert [type(error) for error in caught.value.errors] == [RateLimitError, RateLimitError]
    assert caught.value.attempts == ()
    assert len(sim.requests) == 2


async def test_rejected_key_is_asked_last(sim: Simulator) -> None:
    async with pool(sim) as llm:
        sim.script(Fault(status=401))
        answers = [await llm.get_answer("Say: hello.") for _ in range(5)]
        assert outcomes(answers[0]) == ["AuthenticationError", "ok"]
        assert [outcomes(answer) for answer in answers[1:]] == [["ok"]] * 4

        sim.script(Fault(status=401))
        mended = await llm.get_answer("Say: hello.")
        assert outcomes(mended) == ["AuthenticationError", "ok"]


async def test_target_without_room_is_asked_last(sim: Simulator) -> None:
    class Full:
        def room_of(self, target: Target) -> float | None:
            return 0.0 if target.account in full else None

    full: set[str] = set()
    async with pool(sim, gauge=Full()) as llm:
        full.add(llm.targets[0].account)
        answers = [await llm.get_answer("Say: hello.") for _ in range(4)]
        assert await shares(llm, answers) == [0, 4]

        full.add(llm.targets[1].account)
        answers = [await llm.get_answer("Say: hello.") for _ in range(4)]
        assert await shares(llm, answers) == [2, 2]


async def test_pool_then_another_model(sim: Simulator) -> None:
    async with pool(sim) as keys, keys.with_fallback(create(sim.openai_base_url, "gpt-4.1")) as llm:
        sim.script(Fault(status=429, retry_after="30", repeat=2))
        answer = await llm.get_answer("Say: hello.", LLMContext(timeout_seconds=30))

        assert len(llm.targets) == 3
        assert outcomes(answer) == ["RateLimitError", "RateLimitError", "ok"]
        assert answer.attempts[-1].model == "gpt-4.1"


@pytest.mark.parametrize("weights", [[1], [1, 0], [1, -1], [1, float("inf")], [1, float("nan")]])
async def test_weights_must_be_positive_and_one_each(sim: Simulator, weights: list[float]) -> None:
    with pytest.raises(ConfigurationError, match="weights"):
        await AsyncExitStack().enter_async_context(pool(sim, weights=weights))


async def test_route_owns_shares_of_its_own() -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(completion("fine"))

    async with raw_server(handle) as near, raw_server(handle) as far:
        first, other = create(near.url), create(far.url)
        route = balance(first, other)
        await other.aclose()
        for _ in range(4):
            assert (await route.get_answer("Hi")).text == "fine"
        assert (near.open_connections, far.open_connections) == (1, 1)

        await route.aclose()
        await connections_gone(far)
        assert (await first.get_answer("Hi")).text == "fine"
        with pytest.raises(ConfigurationError, match="closed"):
            await route.get_answer("Hi")
        await first.aclose()
        await connections_gone(near)


async def test_route_that_is_dropped_closes_without_a_word(recwarn: pytest.WarningsRecorder) -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(completion("fine"))

    async with raw_server(handle) as near, raw_server(handle) as far:
        route = balance(create(near.url), create(far.url))
        for _ in range(2):
            await route.get_answer("Hi")
        del route
        gc.collect()
        await connections_gone(near)
        await connections_gone(far)

    assert [str(warning.message) for warning in recwarn] == []


async def test_middleware_around_a_route_sees_the_call_once_and_every_attempt(sim: Simulator) -> None:
    class Watch(Middleware):
        def __init__(self) -> None:
            self.calls = 0
            self.bound: list[Target] = []

        def bind(self, target: Target) -> Middleware:
            return WatchTarget(self, target)

    class WatchTarget(Middleware):
        def __init__(self, watch: Watch, target: Target) -> None:
            self.watch, self.target = watch, target

        async def call(self, request: LLMRequest, ctx: LLMContext, call_next: CallNext) -> LLMResponse:
            self.watch.calls += 1
            return await call_next(request, ctx)

        async def attempt(self, request, ctx, attempt_next):  # type: ignore[no-untyped-def]  # of either kind
            self.watch.bound.append(self.target)
            return await attempt_next(request, ctx)

    watch = Watch()
    async with pool(sim) as keys, keys.with_middleware(watch) as llm:
        sim.script(Fault(status=503))
        await llm.get_answer("Say: hello.")

        assert watch.calls == 1
        assert watch.bound == list(llm.targets)
