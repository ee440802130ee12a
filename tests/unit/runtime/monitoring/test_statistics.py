"""Statistics of calls by alias, and the percentiles in them."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llms import CallStatistics, MonitoringMiddleware, ServerError
from core.llms.runtime.monitoring.histogram import DurationHistogram
from tests.unit.runtime.monitoring.calls import COST, observed

DURATIONS = st.lists(st.floats(1e-6, 1e5), min_size=1, max_size=200)


@given(DURATIONS)
def test_percentiles_are_at_most_one_percent_off(durations: list[float]) -> None:
    histogram = DurationHistogram()
    for seconds in durations:
        histogram.add(seconds)
    found = histogram.percentiles()
    assert found.count == len(durations)
    assert found.largest == max(durations)
    assert found.mean == pytest.approx(sum(durations) / len(durations))
    for share, value in ((0.5, found.p50), (0.9, found.p90), (0.95, found.p95), (0.99, found.p99)):
        exact = sorted(durations)[ceil(share * len(durations)) - 1]
        assert value == pytest.approx(exact, rel=0.0101)


def test_durations_of_nothing_and_of_no_time_are_counted() -> None:
    histogram = DurationHistogram()
    assert histogram.percentiles().p99 == 0
    histogram.add(0.0)
    assert histogram.percentiles().count == 1


async def test_calls_are_counted_by_alias() -> None:
    statistics = CallStatistics()
    async with (
        observed(MonitoringMiddleware(statistics), alias="fast") as (fast, _),
        observed(MonitoringMiddleware(statistics)) as (other, _),
    ):
        await asyncio.gather(*(fast.get_answer("Hi") for _ in range(5)))
        await fast.stream_answer("Hi").get_response()
        with pytest.raises(ServerError):
            await fast.get_answer("fail")
        await other.get_answer("fail once")
    counted = statistics.snapshot()
    assert sorted(counted) == ["fast", "openai/gpt-4.1-mini"]
    fast_calls, other_calls = counted["fast"], counted["openai/gpt-4.1-mini"]
    assert (fast_calls.calls, fast_calls.succeeded, fast_calls.errors) == (7, 6, {"ServerError": 1})
    assert (fast_calls.attempts, fast_calls.retries) == (9, 2)
    assert fast_calls.cost == 6 * Decimal(COST)
    assert (fast_calls.usage.input_tokens, fast_calls.usage.output_tokens) == (60, 30)
    assert (fast_calls.latency.count, fast_calls.first_event.count) == (6, 1)
    assert (other_calls.calls, other_calls.retries) == (1, 1)
    statistics.reset()
    assert statistics.snapshot() == {}
