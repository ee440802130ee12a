"""Budgets around real calls: what is refused, what is settled however a call ends, what is told."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tenacity import wait_none

from core.llms import (
    Budget,
    BudgetExceededError,
    BudgetsMiddleware,
    BudgetStatus,
    ConfigurationError,
    LLMContext,
    LLMRequest,
    LLMResponse,
    MemoryBudgetStore,
    Middleware,
    RedisBudgetStore,
    RetryPolicy,
    ServerError,
    StorageError,
    StreamInterruptedError,
)
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from core.llms.types.spending import Amount, Balance, Decision, Reservation
from tests.support.chat_bytes import completion, stream
from tests.support.clocks import stopwatch
from tests.support.raw_server import Exchange, raw_server

# "Hi" with `max_tokens=10`: 9 tokens in at $0.40 a million and 10 out at $1.60 are reserved; 10 and 5 are billed.
RESERVED = Decimal("0.0000196")
COST = Decimal("0.000012")
ZERO = Decimal(0)
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC).timestamp()


@asynccontextmanager
async def serving(
    *budgets: Budget,
    answer: Callable[[Exchange], Any] | None = None,
    model: str = "gpt-4.1-mini",
    inside: Sequence[Middleware] = (),
    llm_options: dict[str, Any] | None = None,
    **options: Any,
) -> AsyncIterator[tuple[OpenAIBaseLLM, BudgetsMiddleware]]:
    """An LLM with budgets, over a server that answers every call alike."""

    async def usual(exchange: Exchange) -> None:
        asked = json.loads(exchange.body)
        if "input" in asked:
            vectors = {"data": [{"index": 0, "embedding": [1.0]}], "model": "e", "usage": {"prompt_tokens": 3}}
            await exchange.answer(json.dumps(vectors).encode())
        elif asked.get("stream"):
            await exchange.answer(b"".join(stream("Hel", "lo")), "200 OK", "text/event-stream")
        else:
            await exchange.answer(completion())

    guard = BudgetsMiddleware(budgets, **{"clock": lambda: NOON, **options})
    settings: dict[str, Any] = {"api_key": "k", "retry": RetryPolicy(wait=wait_none()), **(llm_options or {})}
    async with (
        raw_server(answer or usual) as server,
        create_openai_llm(model, base_url=server.url, middleware=[guard, *inside], **settings) as llm,
    ):
        yield llm, guard


async def ask(llm: OpenAIBaseLLM, **context: Any) -> LLMResponse:
    return await llm.get_answer("Hi", LLMContext(**context), max_tokens=10)


async def only(guard: BudgetsMiddleware, **named: str) -> BudgetStatus:
    (status,) = await guard.status(**named)
    return status


async def test_budget_of_a_user_refuses_that_user_alone_and_says_why() -> None:
    async with serving(Budget(usd="0.00002", per="user", window="day")) as (llm, guard):
        await ask(llm, user_id="u1")
        with pytest.raises(BudgetExceededError) as caught:
            await ask(llm, user_id="u1")
        await ask(llm, user_id="u2")
        error = caught.value
        assert (error.budget, error.subject, error.limit) == ("user:day:usd", "u1", Decimal("0.00002"))
        assert error.remaining == Decimal("0.000008")
        assert error.resets_at == datetime(2026, 11, 29, tzinfo=UTC)
        assert str(error) == (
            "openai/gpt-4.1-mini: the call may cost up to $0.000020, and of the budget 'user:day:usd' of 'u1'"
            " ($0.00002 per user a day) only $0.000008 remain until 2026-11-29T00:00:00+00:00;"
            " lower `max_tokens`, wait or raise the budget"
        )
        status = await only(guard, user="u1")
        assert (status.spent_usd, status.reserved_usd, status.remaining_usd) == (COST, ZERO, Decimal("0.000008"))


async def test_budget_in_tokens_counts_prompts_and_answers() -> None:
    async with serving(Budget(tokens=33, per="alias", window="day")) as (llm, guard):
        async with llm.with_middleware(alias="fast") as fast:
            await ask(fast)
            with pytest.raises(BudgetExceededError, match=r"may take up to 19 tokens, .* only 18 tokens remain"):
                await ask(fast)
        await ask(llm)
        assert (await guard.remaining(alias="fast")).tokens == 18
        assert (await guard.remaining(alias="openai/gpt-4.1-mini")).tokens == 18
        assert (await guard.remaining(alias="fast")).usd is None


async def test_call_that_one_budget_refuses_takes_nothing_from_the_others() -> None:
    budgets = [Budget(usd="1"), Budget(usd="1", per="tag"), Budget(tokens=5, per="user")]
    async with serving(*budgets) as (llm, guard):
        with pytest.raises(BudgetExceededError, match="user:forever:tokens"):
            await ask(llm, user_id="u1", tags=["a", "b"])
        statuses = await guard.status(tag="a", user="u1")
        assert [(status.spent_usd, status.reserved_usd) for status in statuses] == [(0, 0), (0, 0), (None, None)]


async def test_every_tag_of_a_call_is_charged_and_one_without_tags_is_not_bound() -> None:
    async with serving(Budget(usd="0.00002", per="tag")) as (llm, guard):
        await ask(llm)
        await ask(llm, tags=["a", "b", "a"])
        await ask(llm, tags=["c"])
        with pytest.raises(BudgetExceededError, match="of 'b'"):
            await ask(llm, tags=["d", "b"])
        spent = [(await only(guard, tag=tag)).spent_usd for tag in "abcd"]
        assert spent == [COST, COST, COST, 0]


async def test_calls_of_one_context_share_its_budget_and_calls_without_a_user_one_account() -> None:
    async with serving(Budget(usd="0.00003", per="ctx"), Budget(usd="0.00005", per="user")) as (llm, guard):
        ctx = LLMContext()
        await llm.get_answer("Hi", ctx, max_tokens=10)
        with pytest.raises(BudgetExceededError, match="ctx:forever:usd"):
            await llm.get_answer("Hi", ctx, max_tokens=10)
        await ask(llm)
        await llm.get_answer("Hi", max_tokens=10)
        with pytest.raises(BudgetExceededError, match="user:forever:usd"):
            await ask(llm)
        own = await guard.status(ctx=ctx.request_id)
        assert [status.spent_usd for status in own] == [COST]


async def test_only_and_excluding_say_whom_a_budget_holds_for() -> None:
    strict = Budget(usd="0", per="user", excluding=("vip",), name="strict")
    lax = Budget(usd="1", per="user", only=("vip",), name="lax")
    async with serving(strict, lax) as (llm, guard):
        await ask(llm, user_id="vip")
        with pytest.raises(BudgetExceededError, match="strict"):
            await ask(llm, user_id="u1")
        assert [status.budget for status in await guard.status(user="vip")] == [lax]


async def test_key_and_provider_are_counted_apart_and_combinations_too() -> None:
    budgets = [Budget(tokens=99, per=per) for per in ("key", "provider", "model", ("user", "model"))]
    async with serving(*budgets) as (llm, guard):
        await ask(llm, user_id="u1")
        model = "openai/gpt-4.1-mini"
        statuses = await guard.status(key=f"openai/{llm.target.account}", provider="openai", model=model, user="u1")
        assert [status.spent_tokens for status in statuses] == [15, 15, 15, 15]
        assert statuses[-1].subject == f"u1/{model}"


async def test_budget_of_a_day_begins_anew_with_the_next() -> None:
    now = [NOON]
    async with serving(Budget(usd="0.00002", window="day"), clock=lambda: now[0]) as (llm, guard):
        await ask(llm)
        with pytest.raises(BudgetExceededError):
            await ask(llm)
        now[0] += 12 * 3600
        await ask(llm)
        status = await only(guard)
        assert (status.spent_usd, status.resets_at) == (COST, datetime(2026, 11, 30, tzinfo=UTC))


async def test_rolling_budget_gives_back_what_is_older_than_its_window() -> None:
    now = [NOON]
    window = timedelta(hours=1)
    async with serving(Budget(usd="0.00003", window=window), clock=lambda: now[0]) as (llm, guard):
        await ask(llm)
        status = await only(guard)
        assert status.resets_at == datetime(2026, 11, 28, 13, 1, tzinfo=UTC)
        now[0] += 3600
        with pytest.raises(BudgetExceededError):
            await ask(llm)
        now[0] += 60
        await ask(llm)
        assert (await only(guard)).spent_usd == COST


async def test_stream_and_embedding_are_settled_to_what_they_cost() -> None:
    async with serving(Budget(usd="1")) as (llm, guard):
        assert (await llm.stream_answer("Hi", max_tokens=10).get_response()).cost == COST
        status = await only(guard)
        assert (status.spent_usd, status.reserved_usd) == (COST, ZERO)
    async with serving(Budget(tokens=5), model="text-embedding-3-small") as (llm, guard):
        assert (await llm.embed("Hi")).usage.input_tokens == 3
        assert (await only(guard)).spent_tokens == 3
        with pytest.raises(BudgetExceededError):
            await llm.embed("a rather long text")


async def test_stream_that_is_left_early_is_settled_to_its_estimate() -> None:
    async with serving(Budget(usd="1")) as (llm, guard):
        ctx = LLMContext()
        async with llm.stream_answer("Hi", ctx, max_tokens=10) as events:
            async for event in events.text_deltas():
                assert event == "Hel"
                break
        status = await only(guard)
        assert status.reserved_usd == 0
        assert status.spent_usd == ctx.cost + ctx.ledger.maybe_charged_cost > 0


async def test_stream_that_breaks_is_settled_to_what_arrived() -> None:
    async def cut(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.send(*stream("Hel", "lo")[:2])
        exchange.reset()

    async with serving(Budget(usd="1"), answer=cut) as (llm, guard):
        ctx = LLMContext()
        with pytest.raises(StreamInterruptedError):
            await llm.stream_answer("Hi", ctx, max_tokens=10).get_response()
        status = await only(guard)
        assert (status.spent_usd, status.reserved_usd) == (ctx.cost + ctx.ledger.maybe_charged_cost, ZERO)


async def test_refused_and_cancelled_calls_are_settled() -> None:
    begun = asyncio.Event()

    async def refuse_then_hang(exchange: Exchange) -> None:
        if exchange.number == 1:
            await exchange.answer(b'{"error": {"message": "no"}}', "400 X")
        else:
            begun.set()
            await asyncio.Event().wait()

    async with serving(Budget(usd="1"), answer=refuse_then_hang) as (llm, guard):
        with pytest.raises(Exception, match="no"):
            await ask(llm)
        assert (await only(guard)).remaining_usd == 1
        task = asyncio.create_task(ask(llm))
        await begun.wait()
        assert (await only(guard)).reserved_usd == RESERVED
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        status = await only(guard)
        assert (status.spent_usd, status.reserved_usd) == (Decimal("0.0000036"), ZERO)


async def fail_once(exchange: Exchange) -> None:
    """Break the first connection after the request came: nobody knows whether it was charged."""
    if exchange.number == 1:
        exchange.reset()
    else:
        await exchange.answer(completion())


async def test_second_attempt_is_refused_where_the_first_may_have_been_charged_and_both_do_not_fit() -> None:
    # The first may have cost its prompt, 9 tokens: $0.0000036, beside which another $0.0000196 have to fit.
    async with serving(Budget(usd="0.0000231"), answer=fail_once) as (llm, guard):
        with pytest.raises(BudgetExceededError) as caught:
            await ask(llm)
        assert [attempt.outcome for attempt in caught.value.attempts] == ["ConnectionLostError", "BudgetExceededError"]
        status = await only(guard)
        assert (status.spent_usd, status.reserved_usd) == (Decimal("0.0000036"), ZERO)
    async with serving(Budget(usd="0.0000232"), answer=fail_once) as (llm, guard):
        assert len((await ask(llm)).attempts) == 2
        status = await only(guard)
        assert (status.spent_usd, status.reserved_usd) == (Decimal("0.0000036") + COST, ZERO)


async def test_attempt_after_one_that_cost_nothing_needs_nothing_more() -> None:
    async def busy_once(exchange: Exchange) -> None:
        if exchange.number == 1:
            await exchange.answer(b'{"error": {"message": "busy"}}', "503 X")
        else:
            await exchange.answer(completion())

    async with serving(Budget(usd=RESERVED), answer=busy_once) as (llm, guard):
        assert len((await ask(llm)).attempts) == 2
        assert (await only(guard)).spent_usd == COST


async def test_call_without_a_known_price_is_refused_or_passes_and_is_counted() -> None:
    unknown = pytest.warns(UserWarning, match="gpt-unknown")
    with unknown:
        async with serving(Budget(usd="1"), model="gpt-unknown") as (llm, _):
            with pytest.raises(BudgetExceededError, match="price of gpt-unknown is not known"):
                await ask(llm)
    async with serving(Budget(usd="1"), model="gpt-unknown", unknown_price="pass") as (llm, guard):
        await ask(llm)
        status = await only(guard)
        assert (status.spent_usd, status.unpriced_calls) == (ZERO, 1)


async def test_answer_out_of_a_cache_costs_nothing() -> None:
    class Cache(Middleware):
        kept: LLMResponse | None = None

        async def call(self, request: LLMRequest, ctx: LLMContext, call_next: Any) -> LLMResponse:
            self.kept = self.kept or await call_next(request, ctx)
            return self.kept

    async with serving(Budget(usd="1"), inside=[Cache()]) as (llm, guard):
        for _ in range(3):
            await ask(llm)
        assert (await only(guard)).spent_usd == COST


async def test_warning_comes_once_when_its_share_is_reached(caplog: pytest.LogCaptureFixture) -> None:
    told: list[BudgetStatus] = []
    budget = Budget(usd=5 * COST, per="user", window="day", warn_at=0.5)
    async with serving(budget, on_warning=told.append) as (llm, _):
        for _ in range(4):
            await ask(llm, user_id="u1")
        await ask(llm, user_id="u2")
    assert [(status.subject, status.share) for status in told] == [("u1", Decimal("0.6"))]
    assert [record.message for record in caplog.records] == ["the budget 'user:day:usd' of 'u1' is spent by 60%"]


async def test_warning_that_fails_fails_no_call(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: BudgetStatus) -> None:
        raise RuntimeError("broken")

    async with serving(Budget(usd=COST * 2, warn_at=0.1), on_warning=fail) as (llm, _):
        await ask(llm)
    assert "`on_warning` failed" in caplog.text


async def test_calls_are_refused_while_the_store_is_down_and_pass_where_that_is_chosen(
    caplog: pytest.LogCaptureFixture, unused_port: int
) -> None:
    store = RedisBudgetStore(f"redis://:secret-word@127.0.0.1:{unused_port}")
    async with serving(Budget(usd="1"), store=store) as (llm, guard):
        for _ in range(2):
            with pytest.raises(StorageError, match=r"calls are refused then \(`store_down`\)"):
                await ask(llm)
        assert (guard.store_failure_count, guard.uncounted_call_count) == (2, 0)
    async with serving(Budget(usd="1"), store=store, store_down="pass") as (llm, guard):
        for _ in range(2):
            assert (await ask(llm)).text == "Hello"
        assert (guard.store_failure_count, guard.uncounted_call_count) == (2, 2)
        with pytest.raises(StorageError):
            await guard.status()
    warnings = [record.message for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 2
    assert "calls are refused" in warnings[0]
    assert "calls are made without being counted" in warnings[1]
    assert "secret-word" not in caplog.text


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class SlowStore(MemoryBudgetStore):
    """A store whose steps wait until they may go on, as one at the other end of a network."""

    waits = True

    def __init__(self) -> None:
        super().__init__()
        self.may_reserve, self.may_settle = asyncio.Event(), asyncio.Event()
        self.entered = asyncio.Event()
        self.fails = False

    async def reserve(self, reservation: Reservation, now: float) -> Decision:
        self.entered.set()
        await self.may_reserve.wait()
        return await super().reserve(reservation, now)

    async def settle(self, reservation: Reservation, spent: Sequence[Amount], now: float) -> tuple[Balance, ...]:
        self.entered.set()
        await self.may_settle.wait()
        if self.fails:
            raise StorageError("gone")
        return await super().settle(reservation, spent, now)


async def test_store_that_does_not_answer_refuses_in_time_and_holds_nothing() -> None:
    store = SlowStore()
    async with serving(Budget(usd="1"), store=store, store_timeout_seconds=0.01) as (llm, guard):
        asyncio.get_running_loop().call_later(0.05, store.may_reserve.set)
        with pytest.raises(StorageError, match="did not answer in time"):
            await ask(llm)
        assert (await only(guard)).reserved_usd == 0


async def test_call_that_is_cancelled_while_it_reserves_holds_nothing() -> None:
    store = SlowStore()
    async with serving(Budget(usd="1"), store=store) as (llm, guard):
        call = asyncio.create_task(ask(llm))
        await store.entered.wait()
        call.cancel()
        store.may_reserve.set()
        with pytest.raises(asyncio.CancelledError):
            await call
        status = await only(guard)
        assert (status.spent_usd, status.reserved_usd) == (ZERO, ZERO)


async def test_call_that_is_cancelled_while_it_settles_is_settled() -> None:
    store = SlowStore()
    store.may_reserve.set()
    async with serving(Budget(usd="1"), store=store) as (llm, guard):
        call = asyncio.create_task(ask(llm))
        await store.entered.wait()
        store.entered.clear()
        await store.entered.wait()
        call.cancel()
        await asyncio.sleep(0)
        store.may_settle.set()
        with pytest.raises(asyncio.CancelledError):
            await call
        status = await only(guard)
        assert (status.spent_usd, status.reserved_usd) == (COST, ZERO)


async def test_answer_is_not_lost_where_settling_hangs_or_fails(caplog: pytest.LogCaptureFixture) -> None:
    store = SlowStore()
    store.may_reserve.set()
    async with serving(Budget(usd="1"), store=store) as (llm, guard):
        async with stopwatch() as watch:
            assert (await ask(llm)).text == "Hello"
        assert watch.own_seconds < 2
        assert guard.store_failure_count == 1
        store.may_settle.set()
        store.fails = True
        assert (await ask(llm)).text == "Hello"
        assert guard.store_failure_count == 2
        assert (await only(guard)).reserved_usd == 2 * RESERVED
    assert "it took too long to settle a call" in caplog.text


async def test_failed_call_keeps_its_own_error_where_settling_fails() -> None:
    async def fail(exchange: Exchange) -> None:
        await exchange.answer(b'{"error": {"message": "busy"}}', "500 X")

    store = SlowStore()
    store.may_reserve.set()
    store.may_settle.set()
    store.fails = True
    async with serving(Budget(usd="1"), store=store, answer=fail) as (llm, _):
        with pytest.raises(ServerError, match="busy"):
            await ask(llm)


def test_choices_and_names_that_are_wrong_are_told() -> None:
    with pytest.raises(ConfigurationError, match="`store_down` must be 'refuse' or 'pass', not 'maybe'"):
        BudgetsMiddleware([], store_down="maybe")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="two budgets go by the name 'user:day:usd'"):
        BudgetsMiddleware([Budget(usd=usd, per="user", window="day") for usd in (1, 2)])


async def test_budgets_of_the_context_hold_money_and_tokens_or_neither() -> None:
    async with serving() as (llm, _):
        ctx = LLMContext(budget_usd="1", budget_tokens=30)
        assert ctx.budget is not None
        assert ctx.token_budget is not None
        await llm.get_answer("Hi", ctx, max_tokens=10)
        assert (ctx.token_budget.spent, ctx.token_budget.reserved) == (15, 0)
        with pytest.raises(
            BudgetExceededError, match="may take up to 19 tokens, and of the budget of 30 only 15 remain"
        ):
            await llm.get_answer("Hi", ctx, max_tokens=10)
        assert (ctx.budget.spent, ctx.budget.reserved) == (COST, ZERO)
        await llm.stream_answer("Hi", ctx, max_tokens=5).get_response()
        assert (ctx.token_budget.spent, ctx.token_budget.reserved) == (30, 0)
