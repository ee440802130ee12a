"""What befalls a call from its own side: a cancellation at any of its waits, a fork, two loops, a clock that jumps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from tenacity import wait_fixed

from core.llms import DeadlineExceededError, LLMContext, RetryPolicy, TransportOptions
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from tests.faults.harness import MODEL, OVERSHOOT_SECONDS, ask
from tests.faults.matrix.fault import hang, head, is_streamed, whole
from tests.support.chat_bytes import completion, stream
from tests.support.clocks import stopwatch
from tests.support.interrupting import Moment, cancelled_at
from tests.support.raw_server import Exchange, raw_server
from tests.support.settling import connections_gone, tasks_gone

BESIDE = {
    "cancel at every await": "tests.faults.test_beside:test_call_cancelled_at_any_wait_leaves_nothing",
    "fork": "tests.integration.test_lifecycle:test_child_of_a_fork_calls_with_the_parents_llm",
    "two event loops": "tests.integration.test_lifecycle:test_two_loops_in_two_threads_use_one_llm_at_once",
    "two runs of a loop": "tests.integration.test_lifecycle:test_two_runs_of_the_event_loop_use_one_llm",
    "clock jump": "tests.faults.test_beside:test_jump_of_the_wall_clock_moves_no_deadline",
}
BOTH = pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
MOST_WAITS = 200


@pytest.mark.parametrize("fault", BESIDE)
def test_every_fault_beside_the_matrix_is_tested(fault: str) -> None:
    module, _, name = BESIDE[fault].partition(":")

    assert callable(getattr(import_module(module), name))


async def limited_then_slow(exchange: Exchange) -> None:
    """Say no once, then answer in pieces with pauses, so that a call waits in all the ways there are."""
    if exchange.number == 1:
        await exchange.answer(b"", "429 X")
        return
    body = completion("one two")
    pieces = stream("one", " two") if is_streamed(exchange) else [body[:50], body[50:]]
    await asyncio.sleep(0.001)
    await exchange.send(head(exchange, f"Content-Length: {sum(map(len, pieces))}"))
    for piece in pieces:
        await asyncio.sleep(0.001)
        await exchange.send(piece)


async def cut_short(llm: OpenAIBaseLLM, ctx: LLMContext) -> str:
    """Leave a stream after its second event."""
    async with llm.stream_answer("Hi", ctx, max_tokens=10) as answer:
        await anext(answer)
        await anext(answer)
    return "left"


WAYS: dict[str, Callable[[OpenAIBaseLLM, LLMContext], Awaitable[str]]] = {
    "whole": lambda llm, ctx: ask(llm, False, ctx),
    "streamed": lambda llm, ctx: ask(llm, True, ctx),
    "left": cut_short,
}


async def interrupt(way: str, wait: int, moment: Moment) -> tuple[str | None, LLMContext]:
    """Make a call that is cancelled at its n-th wait, and see that nothing of it is left."""
    before = asyncio.all_tasks()
    ctx = LLMContext(budget_usd="1000", timeout_seconds=20)
    # With one connection for all, the next call would wait for ever for one that was not given back.
    options: Any = {"retry": RetryPolicy(wait=wait_fixed(0.001)), "transport": TransportOptions(max_connections=1)}
    async with raw_server(limited_then_slow) as server:
        async with create_openai_llm(MODEL, api_key="k", base_url=server.url, **options) as llm:
            ended = await cancelled_at(_text(WAYS[way], llm, ctx), wait, moment)
            assert await ask(llm, way != "whole", LLMContext(timeout_seconds=20)) == "one two"
        await connections_gone(server)
    await tasks_gone(before)
    return ended, ctx


async def _text(way: Callable[[OpenAIBaseLLM, LLMContext], Awaitable[str]], llm: OpenAIBaseLLM, ctx: LLMContext) -> str:
    return await way(llm, ctx)


@pytest.mark.parametrize("moment", ["waiting", "woken"])
@pytest.mark.parametrize("way", WAYS)
async def test_call_cancelled_at_any_wait_leaves_nothing(way: str, moment: Moment) -> None:
    cancelled = 0
    for wait in range(1, MOST_WAITS):
        ended, ctx = await interrupt(way, wait, moment)
        assert ctx.budget is not None
        assert ctx.budget.reserved == Decimal(0)
        assert ctx.budget.spent == ctx.cost + ctx.ledger.maybe_charged_cost
        if ended is not None:
            break
        cancelled += 1
        assert ctx.ledger.call_count == 1
    assert ended in ("one two", "left")
    assert cancelled >= 5


async def test_call_cancelled_before_anything_was_sent_is_not_charged(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(*args: Any, **kwargs: Any) -> list[Any]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", silent)
    ctx = LLMContext(budget_usd="1")
    async with create_openai_llm(MODEL, api_key="k", base_url="http://silent.invalid") as llm:
        for streamed in (False, True):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.02):
                    await ask(llm, streamed, ctx)
    assert [(attempt.outcome, attempt.maybe_charged) for attempt in ctx.ledger] == [("cancelled", False)] * 2
    assert ctx.ledger.cost_is_complete


async def test_call_cancelled_as_it_is_answered_may_be_charged() -> None:
    async def serve(exchange: Exchange) -> None:
        await hang(exchange, exchange.send)

    ctx = LLMContext(budget_usd="1")
    async with raw_server(serve) as server, create_openai_llm(MODEL, api_key="k", base_url=server.url) as llm:
        for streamed in (False, True):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await ask(llm, streamed, ctx)
    assert [(attempt.outcome, attempt.maybe_charged) for attempt in ctx.ledger] == [("cancelled", True)] * 2


class Wall(datetime):
    """A wall clock that was set to another time."""

    offset = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + cls.offset


def jump(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    """Set the wall clock to another time, for whoever reads it."""
    true_time = time.time
    monkeypatch.setattr(Wall, "offset", timedelta(hours=hours))
    monkeypatch.setattr(time, "time", lambda: true_time() + hours * 3600)
    for module in ("core.llms.context", "core.llms.errors", "core.llms.wires.retry_headers", "core.llms.types.costs"):
        monkeypatch.setattr(f"{module}.datetime", Wall)


@BOTH
@pytest.mark.parametrize("hours", [-5.0, 5.0], ids=["back", "ahead"])
@pytest.mark.parametrize("absolute", [False, True], ids=["timeout", "deadline"])
async def test_jump_of_the_wall_clock_moves_no_deadline(
    monkeypatch: pytest.MonkeyPatch, absolute: bool, hours: float, streamed: bool
) -> None:
    async def serve(exchange: Exchange) -> None:
        jump(monkeypatch, hours)
        if exchange.number == 1:
            await hang(exchange, exchange.send)
        await whole(exchange, exchange.send)

    moment = datetime.now(UTC) + timedelta(seconds=0.2)
    ctx = LLMContext(deadline=moment) if absolute else LLMContext(timeout_seconds=0.2)
    async with raw_server(serve) as server, create_openai_llm(MODEL, api_key="k", base_url=server.url) as llm:
        async with stopwatch() as watch:
            with pytest.raises(DeadlineExceededError):
                await ask(llm, streamed, ctx)
            assert watch.own_seconds < 0.2 + OVERSHOOT_SECONDS
            assert watch.seconds > 0.1
        assert await ask(llm, streamed, LLMContext(timeout_seconds=5)) == "Hello"


@BOTH
@pytest.mark.parametrize("hours", [-5.0, 5.0], ids=["back", "ahead"])
async def test_jump_of_the_wall_clock_moves_no_wait_for_a_rate_limit(
    monkeypatch: pytest.MonkeyPatch, hours: float, streamed: bool
) -> None:
    begun: list[float] = []

    async def serve(exchange: Exchange) -> None:
        begun.append(time.monotonic())
        if exchange.number == 1:
            await exchange.answer(b"", "429 X", "application/json", "retry-after: 0.2")
            jump(monkeypatch, hours)
        else:
            await whole(exchange, exchange.send)

    async with (
        raw_server(serve) as server,
        create_openai_llm(MODEL, api_key="k", base_url=server.url) as llm,
        stopwatch() as watch,
    ):
        assert await ask(llm, streamed, LLMContext(timeout_seconds=10)) == "Hello"
        # The wait is the longer one of the server's wish and an own one of at most 0.5 seconds, and up to 10%.
        assert watch.own_seconds < 0.55 + OVERSHOOT_SECONDS
    assert begun[1] - begun[0] >= 0.2
