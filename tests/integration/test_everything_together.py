"""Every part around one alias at once: ledger, budgets, limiter, statistics, spans and attempts agree to the cent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from core.llms import (
    AliasDefinition,
    Attempt,
    BreakerPolicy,
    Budget,
    BudgetsMiddleware,
    CacheMiddleware,
    CallRecord,
    HedgePolicy,
    LLMContext,
    OpenTelemetryMiddleware,
    RateLimiter,
    StreamInterruptedError,
    TextDelta,
    define_config,
)
from core.llms.handlers.base_handler import AsyncModelHandler
from core.llms.simulator import Fault, Simulator
from tests.support.settling import tasks_gone

REGISTRY = {
    alias: define_config(AliasDefinition(alias=alias, provider=provider, model=model, parameters={"max_tokens": 200}))
    for alias, provider, model in (("main", "openai", "gpt-4.1-mini"), ("spare", "anthropic", "claude-haiku-4-5"))
}


class Keeping:
    """An observer that keeps what it is told."""

    def __init__(self) -> None:
        self.records: list[CallRecord] = []

    def observe(self, record: CallRecord) -> None:
        self.records.append(record)


class Whole:
    """A handler with everything on, and what each part can be asked afterwards."""

    def __init__(self) -> None:
        self.keeping = Keeping()
        self.spans, self.reader = InMemorySpanExporter(), InMemoryMetricReader()
        tracers = TracerProvider()
        tracers.add_span_processor(SimpleSpanProcessor(self.spans))
        self.budgets = BudgetsMiddleware([Budget(usd="1", tokens=1_000_000, per="user", window="day")])
        self.limiter = RateLimiter(requests_per_minute=600, tokens_per_minute=1_000_000, concurrent_requests=8)
        self.ctx = LLMContext(user_id="u1", budget_usd="1", timeout_seconds=20)
        self.handler = AsyncModelHandler(
            REGISTRY,
            observers=[self.keeping],
            telemetry=OpenTelemetryMiddleware(tracers, MeterProvider(metric_readers=[self.reader])),
            budgets=self.budgets,
            cache=CacheMiddleware(),
            limits=self.limiter,
            breaker=BreakerPolicy(),
            hedging=HedgePolicy(),
            fallback={"main": ["spare"]},
        )

    def metric(self, name: str) -> list[Any]:
        data = self.reader.get_metrics_data()
        assert data is not None
        found = [one for resource in data.resource_metrics for scope in resource.scope_metrics for one in scope.metrics]
        return [point for metric in found if metric.name == name for point in metric.data.data_points]


@pytest.fixture
def whole(llm_simulator: Simulator) -> Iterator[Whole]:
    yield Whole()


async def test_everything_agrees_to_the_cent(whole: Whole, llm_simulator: Simulator) -> None:
    known: set[asyncio.Task[object]] = set(asyncio.all_tasks())
    handler, ctx = whole.handler, whole.ctx
    async with handler:
        await handler.get_full_response("main", "Say: hi", ctx)
        hit = await handler.get_full_response("main", "Say: hi", ctx)
        await handler.stream_response("main", "Count from 1 to 5.", ctx).get_response()

        llm_simulator.script(Fault(status=429, retry_after="120"))
        elsewhere = await handler.get_full_response("main", "Say: elsewhere", ctx)

        llm_simulator.script(Fault(cut_after_events=6, pacing=0.002))
        with pytest.raises(StreamInterruptedError) as cut:
            await handler.stream_response("spare", "Count from 1 to 30.", ctx).get_response()

        async with handler.stream_response("spare", "Count from 1 to 50.", ctx) as left:
            async for event in left:
                if isinstance(event, TextDelta):
                    break

        llm_simulator.script(Fault(hang=True))
        sent = len(llm_simulator.requests)
        hanging = asyncio.create_task(handler.get_full_response("spare", "Hang", ctx))
        while len(llm_simulator.requests) == sent:
            await asyncio.sleep(0.001)
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)
    await tasks_gone(known)

    outcomes = [(attempt.provider, attempt.outcome) for attempt in ctx.ledger]
    assert outcomes == [
        ("openai", "ok"),
        ("openai", "ok"),
        ("openai", "RateLimitError"),
        ("anthropic", "ok"),
        ("anthropic", cut.value.attempts[-1].outcome),
        ("anthropic", "cancelled"),
        ("anthropic", "cancelled"),
    ]
    assert hit.cached
    assert [attempt.alias for attempt in elsewhere.attempts] == ["main", "spare"]
    await agree(whole, list(ctx.ledger))


async def agree(whole: Whole, attempts: list[Attempt]) -> None:
    """Compare what every part says of the same attempts."""
    ctx, records = whole.ctx, whole.keeping.records
    certain = sum((one.cost for one in attempts if one.cost is not None and not one.maybe_charged), Decimal(0))
    uncertain = sum((one.cost for one in attempts if one.cost is not None and one.maybe_charged), Decimal(0))
    assert certain > 0 < uncertain
    assert (ctx.ledger.cost, ctx.ledger.maybe_charged_cost) == (certain, uncertain)
    assert ctx.ledger.call_count == 7
    assert ctx.ledger.cache_hit_count == 1

    assert [attempt for record in records for attempt in record.attempts] == attempts
    assert sum((record.cost for record in records), Decimal(0)) == certain
    stats = whole.handler.stats()
    assert sum(one.cost for one in stats.values()) == certain
    assert sum(one.maybe_charged_cost for one in stats.values()) == uncertain
    assert (stats["main"].calls, stats["main"].cache_hits, stats["main"].succeeded) == (4, 1, 4)
    assert (stats["spare"].calls, stats["spare"].cancelled, len(stats["spare"].errors)) == (3, 2, 1)

    assert ctx.budget is not None
    assert ctx.budget.spent == certain + uncertain
    assert ctx.budget.reserved == 0
    (budget,) = await whole.budgets.status(user="u1")
    assert budget.spent_usd == certain + uncertain
    assert budget.reserved_usd == 0
    tokens = sum(one.usage.total_tokens for one in attempts if one.usage is not None)
    assert (budget.spent_tokens, budget.reserved_tokens) == (tokens, 0)

    limits = whole.limiter.statistics
    assert (limits.admitted, limits.refused, limits.waiting) == (len(attempts), 0, 0)

    spans = whole.spans.get_finished_spans()
    assert len([span for span in spans if span.name.startswith("attempt")]) == len(attempts)
    assert len([span for span in spans if span.name.startswith("chat")]) == len(records) == 7
    used = whole.metric("gen_ai.client.token.usage")
    assert sum(point.sum for point in used) == tokens
    assert sum(point.value for point in whole.metric("core_llms.client.cost")) == pytest.approx(float(certain))
