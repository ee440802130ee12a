"""Attempts, budget and ledger through a real LLM and real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest
from tenacity import wait_none

from core.llms import (
    NO_RETRY,
    BudgetExceededError,
    DeadlineExceededError,
    LLMContext,
    Prices,
    ProtocolError,
    RateLimitError,
    RetryPolicy,
    ServerError,
    StreamEvent,
    StreamFinished,
    StreamInterruptedError,
    StreamStarted,
    TextDelta,
)
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from tests.support.chat_bytes import chunk, completion, stream
from tests.support.clocks import stopwatch
from tests.support.raw_server import Exchange, RawServer, raw_server
from tests.support.settling import connections_gone

FAST = RetryPolicy(wait=wait_none())
COST = Decimal("0.000012")  # 10 tokens in at $0.40 a million, 5 out at $1.60


@asynccontextmanager
async def served(
    *handlers: Callable[[Exchange], object], retry: RetryPolicy = FAST
) -> AsyncIterator[tuple[OpenAIBaseLLM, RawServer]]:
    """An LLM over a server whose n-th request is answered by the n-th handler, the last one from then on."""

    async def handle(exchange: Exchange) -> None:
        await handlers[min(exchange.number, len(handlers)) - 1](exchange)  # type: ignore[misc]  # all are async

    async with (
        raw_server(handle) as server,
        create_openai_llm("gpt-4.1-mini", api_key="k", base_url=server.url, retry=retry) as llm,
    ):
        yield llm, server


async def good(exchange: Exchange) -> None:
    await exchange.answer(completion())


async def good_stream(exchange: Exchange) -> None:
    await exchange.begin_stream()
    await exchange.send(*stream("Hel", "lo"))
    exchange.writer.close()


def status(code: int, *headers: str) -> Callable[[Exchange], object]:
    async def handle(exchange: Exchange) -> None:
        body = b'{"error": {"message": "no", "type": "t", "param": null, "code": null}}'
        await exchange.answer(body, f"{code} X", "application/json", *headers)

    return handle


async def reset(exchange: Exchange) -> None:
    exchange.reset()


async def hang(exchange: Exchange) -> None:
    await exchange.client_gone()


async def test_call_records_its_attempt_with_cost() -> None:
    ctx = LLMContext()
    async with served(good) as (llm, _):
        response = await llm.get_answer("Hi", ctx)
    (attempt,) = response.attempts
    assert (attempt.provider, attempt.model, attempt.outcome, attempt.status) == ("openai", "gpt-4.1-mini", "ok", 200)
    assert (response.cost, ctx.cost, ctx.ledger.call_count) == (COST, COST, 1)


async def test_call_recovers_from_failures_of_the_vendor() -> None:
    ctx = LLMContext()
    async with served(status(500), status(529), good) as (llm, server):
        response = await llm.get_answer("Hi", ctx)
    assert [attempt.outcome for attempt in response.attempts] == ["ServerError", "OverloadedError", "ok"]
    assert (ctx.cost, ctx.ledger.cost_is_complete, len(server.exchanges)) == (COST, True, 3)


async def test_call_does_not_repeat_what_the_vendor_refused() -> None:
    async with served(status(400), good) as (llm, server):
        with pytest.raises(Exception, match="no") as caught:
            await llm.get_answer("Hi")
    assert len(server.exchanges) == 1
    assert [attempt.outcome for attempt in caught.value.attempts] == ["BadRequestError"]  # type: ignore[attr-defined]


async def test_call_marks_a_lost_attempt_as_maybe_charged() -> None:
    ctx = LLMContext()
    async with served(reset, good) as (llm, _):
        response = await llm.get_answer("Hi", ctx)
    lost, fine = response.attempts
    assert (lost.outcome, lost.maybe_charged, fine.maybe_charged) == ("ConnectionLostError", True, False)
    assert lost.usage is not None
    assert lost.usage.estimated
    assert ctx.cost == COST
    assert ctx.ledger.maybe_charged_cost == lost.cost
    assert not ctx.ledger.cost_is_complete


async def test_stale_connection_is_replaced_at_once() -> None:
    async def close(exchange: Exchange) -> None:
        exchange.writer.close()

    async with served(good, close, good) as (llm, server):
        await llm.get_answer("Hi")
        response = await llm.get_answer("Hi")
    assert [attempt.outcome for attempt in response.attempts] == ["ConnectionLostError", "ok"]
    assert server.connections == 2


async def test_error_carries_all_attempts_and_where_it_happened() -> None:
    async with served(status(503, "x-request-id: req_7")) as (llm, server):
        with pytest.raises(ServerError) as caught:
            await llm.get_answer("Hi")
    error = caught.value
    assert len(server.exchanges) == len(error.attempts) == 3
    assert str(error) == "openai/gpt-4.1-mini: no (503, request req_7)"


async def test_long_retry_after_raises_at_once_with_the_moment() -> None:
    async with served(status(429, "retry-after: 300")) as (llm, server):
        with pytest.raises(RateLimitError) as caught:
            await llm.get_answer("Hi")
    assert (len(server.exchanges), caught.value.retry_after_seconds) == (1, 300.0)
    assert caught.value.retry_at is not None


async def test_deadline_ends_a_hanging_call_and_frees_its_socket() -> None:
    async with served(hang) as (llm, server):
        async with stopwatch() as watch:
            with pytest.raises(DeadlineExceededError):
                await llm.get_answer("Hi", LLMContext(timeout_seconds=0.2))
            assert watch.own_seconds < 0.3
        await connections_gone(server)


async def test_stream_gives_events_in_order_and_the_whole_response() -> None:
    ctx = LLMContext()
    async with served(good_stream) as (llm, _), llm.stream_answer("Hi", ctx) as answer:
        events = [event async for event in answer]
    assert events[0] == StreamStarted("chatcmpl-1", "gpt-4.1-mini-2025-04-14")
    assert [event.text for event in events if isinstance(event, TextDelta)] == ["Hel", "lo"]
    assert isinstance(events[-1], StreamFinished)
    assert events[-1].response is answer.response
    assert (answer.response.text, answer.response.cost, ctx.cost) == ("Hello", COST, COST)


async def test_stream_is_tried_again_before_its_first_content() -> None:
    async def role_then_error(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.send(b'data: {"error": {"message": "overloaded", "code": 503}}\n\n')
        exchange.writer.close()

    async with served(role_then_error, good_stream) as (llm, _):
        response = await llm.stream_answer("Hi").get_response()
    assert response.text == "Hello"
    assert [attempt.outcome for attempt in response.attempts][-1] == "ok"
    assert len(response.attempts) == 2


async def cut(exchange: Exchange) -> None:
    await exchange.begin_stream()
    await exchange.send(chunk({"role": "assistant", "content": ""}), chunk({"content": "Half an ans"}))
    exchange.writer.close()


async def test_stream_that_is_cut_raises_with_what_arrived() -> None:
    ctx = LLMContext()
    seen: list[StreamEvent] = []
    async with served(cut, good_stream) as (llm, server):
        with pytest.raises(StreamInterruptedError, match="broke after it had begun") as caught:
            async for event in llm.stream_answer("Hi", ctx):
                seen.append(event)
    partial = caught.value.partial
    assert (partial.text, partial.finish_reason.unified) == ("Half an ans", "error")
    assert partial.usage.estimated
    assert partial.cost == ctx.cost > 0
    assert [type(event) for event in seen] == [StreamStarted, TextDelta]
    assert len(server.exchanges) == 1


async def test_stream_without_any_event_is_an_error() -> None:
    async def empty(exchange: Exchange) -> None:
        await exchange.begin_stream()
        exchange.writer.close()

    async with served(empty, retry=NO_RETRY) as (llm, _):
        with pytest.raises(ProtocolError):
            await llm.stream_answer("Hi").get_response()


async def endless(exchange: Exchange) -> None:
    await exchange.begin_stream()
    await exchange.send(chunk({"content": "one"}), chunk({"content": "two"}))
    await exchange.client_gone()


async def test_stream_left_early_reaches_the_socket_and_the_ledger() -> None:
    ctx = LLMContext()
    async with served(endless) as (llm, server):
        async with llm.stream_answer("Hi", ctx) as answer:
            async for event in answer:
                if isinstance(event, TextDelta):
                    break
        async with asyncio.timeout(2):
            while server.open_connections:
                await asyncio.sleep(0.005)
        with pytest.raises(RuntimeError, match="not at its end"):
            _ = answer.response
    (attempt,) = ctx.ledger
    assert (attempt.outcome, attempt.maybe_charged) == ("cancelled", False)
    assert attempt.usage is not None
    assert attempt.usage.estimated
    assert attempt.usage.output_tokens > 0


async def test_stream_without_with_closes_when_it_is_dropped() -> None:
    async with served(endless) as (llm, server):
        async for event in llm.stream_answer("Hi"):
            if isinstance(event, TextDelta):
                break
        async with asyncio.timeout(2):
            while server.open_connections:
                await asyncio.sleep(0.005)


async def test_cancelled_call_reaches_the_socket_and_the_ledger() -> None:
    ctx = LLMContext()
    async with served(hang) as (llm, server):
        task = asyncio.create_task(llm.get_answer("Hi", ctx))
        while not server.exchanges:
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(2):
            while server.open_connections:
                await asyncio.sleep(0.005)
    (attempt,) = ctx.ledger
    assert (attempt.outcome, attempt.maybe_charged) == ("cancelled", True)


async def test_text_deltas_give_the_text_alone() -> None:
    async with served(good_stream) as (llm, _), llm.stream_answer("Hi") as answer:
        assert [text async for text in answer.text_deltas()] == ["Hel", "lo"]


async def test_answer_that_was_not_streamed_is_told_as_events() -> None:
    async with served(good) as (llm, _), llm.stream_answer("Hi") as answer:
        texts = [text async for text in answer.text_deltas()]
    assert texts == ["Hello"]
    assert answer.response.cost == COST


async def test_budget_settles_to_the_true_cost() -> None:
    ctx = LLMContext(budget_usd="1")
    async with served(good) as (llm, _):
        await llm.get_answer("Hi", ctx, max_tokens=100)
    assert ctx.budget is not None
    assert (ctx.budget.spent, ctx.budget.reserved) == (COST, Decimal(0))


async def test_budget_refuses_before_anything_is_sent() -> None:
    ctx = LLMContext(budget_usd="0.001")
    async with served(good) as (llm, server):
        with pytest.raises(BudgetExceededError, match="may cost up to"):
            await llm.get_answer("Hi", ctx, max_tokens=10_000)
    assert not server.exchanges


async def test_budget_is_never_overshot_by_calls_at_once() -> None:
    prices = Prices.of("0", "1000000")  # a dollar a token of output
    ctx = LLMContext(budget_usd="50")

    async def five_tokens(exchange: Exchange) -> None:
        await exchange.answer(completion())

    async with (
        raw_server(five_tokens) as server,
        create_openai_llm("gpt-4.1-mini", api_key="k", base_url=server.url, prices=prices) as llm,
    ):
        calls = (llm.get_answer("Hi", ctx, max_tokens=10) for _ in range(40))
        results = await asyncio.gather(*calls, return_exceptions=True)
    refused = [result for result in results if isinstance(result, BudgetExceededError)]
    assert ctx.budget is not None
    assert ctx.budget.spent == 5 * (40 - len(refused)) <= 50
    assert len(refused) == 35
    assert ctx.budget.reserved == 0


async def test_budget_counts_an_aborted_stream() -> None:
    ctx = LLMContext(budget_usd="1")
    async with served(cut) as (llm, _):
        with pytest.raises(StreamInterruptedError):
            await llm.stream_answer("Hi", ctx, max_tokens=100).get_response()
    assert ctx.budget is not None
    assert (ctx.budget.spent, ctx.budget.reserved) == (ctx.cost, Decimal(0))
    assert ctx.cost > 0


async def test_budget_without_a_known_price_is_an_error_and_not_free() -> None:
    async with raw_server(good) as server:
        with pytest.warns(UserWarning, match="not a listed model"):
            llm = create_openai_llm("gpt-nobody-knows", api_key="k", base_url=server.url)
        async with llm:
            with pytest.raises(BudgetExceededError, match="price of gpt-nobody-knows is not known"):
                await llm.get_answer("Hi", LLMContext(budget_usd="1"))
            response = await llm.get_answer("Hi")
    assert response.cost is None
    assert response.cost_unknown_reason == "no price is known for this model"


async def test_key_in_an_error_of_the_vendor_is_masked() -> None:
    async def leak(exchange: Exchange) -> None:
        await exchange.answer(b'{"error": {"message": "bad key sk-canary-1", "code": "invalid_api_key"}}', "401 X")

    async with (
        raw_server(leak) as server,
        create_openai_llm("gpt-4.1-mini", api_key="sk-canary-1", base_url=server.url) as llm,
    ):
        with pytest.raises(Exception, match=r"bad key \*+") as caught:
            await llm.get_answer("Hi")
    assert "sk-canary-1" not in repr(caught.value.__dict__) + str(caught.value) + repr(llm)
