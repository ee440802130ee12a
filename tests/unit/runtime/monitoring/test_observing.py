"""What observers are told of calls, streams and embeddings, however they end."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from core.llms import (
    NO_RETRY,
    CallRecord,
    CallStatistics,
    LLMContext,
    MonitoringMiddleware,
    ServerError,
    StreamFinished,
    StreamInterruptedError,
    TextDelta,
)
from core.llms.providers.openai import create_openai_llm
from tests.support.raw_server import Exchange, raw_server
from tests.unit.runtime.monitoring.calls import COST, KEY, observed


class Keeping:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.records: list[CallRecord] = []

    def observe(self, record: CallRecord) -> None:
        self.records.append(record)


async def test_a_call_is_told_with_all_its_attempts() -> None:
    keeping, ctx = Keeping(), LLMContext(user_id="u1", tags=["t"])
    before = datetime.now(UTC)
    async with observed(MonitoringMiddleware(keeping), alias="fast") as (llm, _):
        response = await llm.get_answer("fail once", ctx)
    (record,) = keeping.records
    assert (record.name, record.operation, record.streamed, record.outcome) == ("fast", "chat", False, "ok")
    assert [attempt.outcome for attempt in record.attempts] == ["ServerError", "ok"]
    assert record.cost == response.cost == Decimal(COST)
    assert (record.usage.input_tokens, record.usage.output_tokens) == (10, 5)
    assert record.response is response
    assert (record.ctx.user_id, record.ctx.tags) == ("u1", ("t",))
    assert before - timedelta(seconds=1) < record.began_at <= datetime.now(UTC)
    assert record.first_event_seconds is None
    assert record.seconds > 0


async def test_a_stream_is_told_with_the_time_of_its_first_event() -> None:
    keeping = Keeping()
    async with observed(MonitoringMiddleware(keeping)) as (llm, _):
        await llm.stream_answer("Hi").get_response()
    (record,) = keeping.records
    assert (record.name, record.streamed, record.outcome) == ("openai/gpt-4.1-mini", True, "ok")
    assert record.first_event_seconds is not None
    assert 0 < record.first_event_seconds <= record.seconds


async def test_a_stream_that_is_left_at_its_last_event_is_told_once_and_as_whole() -> None:
    keeping = Keeping()
    async with observed(MonitoringMiddleware(keeping)) as (llm, _), llm.stream_answer("Hi") as answer:
        async for event in answer:
            if isinstance(event, StreamFinished):
                break
    assert [record.outcome for record in keeping.records] == ["ok"]


async def test_embeddings_are_told() -> None:
    keeping = Keeping()
    async with observed(MonitoringMiddleware(keeping), model="text-embedding-3-small") as (llm, _):
        await llm.embed("Hi")
    assert [(record.operation, record.usage.input_tokens) for record in keeping.records] == [("embeddings", 8)]


async def test_endings_of_every_kind_are_told_once() -> None:
    keeping = Keeping()
    async with observed(MonitoringMiddleware(keeping)) as (llm, _):
        with pytest.raises(ServerError):
            await llm.get_answer("fail")
        with pytest.raises(StreamInterruptedError):
            await llm.stream_answer("cut").get_response()
        call = asyncio.create_task(llm.get_answer("hang"))
        await asyncio.sleep(0.01)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        async with llm.stream_answer("Hi") as answer:
            async for event in answer:
                if isinstance(event, TextDelta):
                    break
    outcomes = [record.outcome for record in keeping.records]
    assert outcomes == ["ServerError", "StreamInterruptedError", "cancelled", "cancelled"]
    assert all(record.error is not None for record in keeping.records)
    assert keeping.records[2].maybe_charged_cost > 0 == keeping.records[2].cost


async def test_each_answer_of_a_typed_call_is_told_with_its_own_attempts() -> None:
    keeping = Keeping()
    async with observed(MonitoringMiddleware(keeping)) as (llm, server):
        with pytest.raises(Exception, match="does not fit"):
            await llm.get_answer("Hi", response_model=int)
    assert [len(record.attempts) for record in keeping.records] == [1, 1]
    assert len(server.exchanges) == 2


async def test_an_observer_that_fails_is_logged_and_harms_no_call(caplog: pytest.LogCaptureFixture) -> None:
    class Failing:
        def observe(self, record: CallRecord) -> None:
            raise RuntimeError("out of paper")

    keeping = Keeping()
    with caplog.at_level(logging.ERROR):
        async with observed(MonitoringMiddleware(Failing(), keeping)) as (llm, _):
            await llm.get_answer("Hi")
    assert len(keeping.records) == 1
    assert "Failing failed to take note" in caplog.text
    assert "out of paper" in caplog.text


async def refuse(exchange: Exchange) -> None:
    await exchange.answer(b'{"error": {"message": "down"}}', "503 X")


@pytest.mark.parametrize("operation", ["answer", "stream", "embed"])
async def test_an_observer_of_an_llm_and_its_stand_ins_is_told_of_a_call_once(operation: str) -> None:
    shared, own, statistics = Keeping(), Keeping(), CallStatistics()
    model = "text-embedding-3-small" if operation == "embed" else "gpt-4.1-mini"
    inner = [MonitoringMiddleware(shared, own), MonitoringMiddleware(statistics)]
    async with (
        raw_server(refuse) as refusing,
        observed(*inner, model=model, alias="second") as (second, _),
        create_openai_llm(model, api_key=KEY, base_url=refusing.url, retry=NO_RETRY) as bare,
        bare.with_middleware(MonitoringMiddleware(shared, statistics), alias="first") as alone,
        alone.with_fallback(second) as first,
    ):
        ctx = LLMContext()
        for _ in range(2):
            if operation == "embed":
                await first.embed("Hi", ctx)
            elif operation == "stream":
                await first.stream_answer("Hi", ctx).get_response()
            else:
                await first.get_answer("Hi", ctx)
        await (second.embed("Hi") if operation == "embed" else second.get_answer("Hi"))
    assert [record.name for record in shared.records] == ["first", "first", "second"]
    assert [record.name for record in own.records] == ["second"] * 3
    counted = statistics.snapshot()
    assert {name: figures.calls for name, figures in counted.items()} == {"first": 2, "second": 1}
    assert counted["first"].cost == ctx.ledger.cost > 0
    assert counted["first"].attempts == ctx.ledger.attempt_count


async def test_each_stand_in_tells_the_same_observer_where_nobody_around_them_does() -> None:
    keeping = Keeping()
    async with (
        raw_server(refuse) as refusing,
        observed(MonitoringMiddleware(keeping), alias="third") as (third, _),
        create_openai_llm("gpt-4.1-mini", api_key=KEY, base_url=refusing.url, retry=NO_RETRY) as first,
        first.with_middleware(MonitoringMiddleware(keeping), alias="second") as second,
        first.with_fallback(second, third) as route,
    ):
        await route.get_answer("Hi")
    told = [(record.name, record.outcome) for record in keeping.records]
    assert told == [("second", "OverloadedError"), ("third", "ok")]
