from __future__ import annotations

from math import inf
from time import monotonic

import pytest
from tenacity import stop_after_attempt, wait_fixed

from core.llms import (
    BadRequestError,
    ConfigurationError,
    ConnectError,
    ConnectionLostError,
    DeadlineExceededError,
    LLMError,
    LLMTimeoutError,
    OverloadedError,
    ProtocolError,
    QuotaExceededError,
    RateLimitError,
    ResponseTooLargeError,
    RetryPolicy,
    ServerError,
)
from core.llms.runtime.retry import RetryPlan
from core.llms.runtime.retry_budget import RetryBudget


def plan(policy: RetryPolicy | None = None, *, budget: RetryBudget | None = None, deadline: float = inf) -> RetryPlan:
    return RetryPlan(policy or RetryPolicy(), budget or RetryBudget(), deadline)


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (ConnectError("refused"), True),
        (ConnectionLostError("reset"), True),
        (LLMTimeoutError("slow", phase="first event"), True),
        (ProtocolError("html"), True),
        (ServerError("500", status=500), True),
        (OverloadedError("529", status=529), True),
        (RateLimitError("429", status=429), True),
        (QuotaExceededError("no credit", status=429), False),
        (BadRequestError("wrong", status=400), False),
        (DeadlineExceededError("late", phase="total"), False),
        (ResponseTooLargeError("large"), False),
        (ServerError("told not to", status=500, should_retry=False), False),
        (BadRequestError("told to", status=400, should_retry=True), True),
    ],
    ids=lambda value: value if isinstance(value, bool) else f"{type(value).__name__}-{value.message}",
)
def test_plan_tries_again_only_what_may_help(error: LLMError, again: bool) -> None:
    assert (plan().next_delay(error) is not None) is again


def test_plan_gives_up_after_three_attempts() -> None:
    three = plan()
    assert [three.next_delay(ConnectError("x")) is not None for _ in range(3)] == [True, True, False]


def test_plan_repeats_a_maybe_accepted_request_once() -> None:
    one = plan(RetryPolicy(max_attempts=9))
    assert one.next_delay(ConnectionLostError("x")) is not None
    assert one.next_delay(LLMTimeoutError("x", phase="first event")) is None


def test_plan_gives_a_stale_connection_one_immediate_attempt() -> None:
    stale = ConnectionLostError("x")
    stale.reused_connection = True
    one = plan(RetryPolicy(maybe_accepted_retries=0))
    assert one.next_delay(stale) == 0.0
    assert one.next_delay(stale) is None


def test_plan_of_one_attempt_never_repeats_even_a_stale_connection() -> None:
    stale = ConnectionLostError("x")
    stale.reused_connection = True
    assert plan(RetryPolicy(max_attempts=1)).next_delay(stale) is None


def test_plan_waits_with_full_jitter_below_the_exponential_bound() -> None:
    for _ in range(50):
        policy = RetryPolicy(max_attempts=9)
        waits = [one for plan_ in [plan(policy)] for _ in range(3) if (one := plan_.next_delay(ConnectError("x")))]
        assert all(0 <= wait <= bound for wait, bound in zip(waits, (0.5, 1.0, 2.0), strict=True))


def test_plan_waits_as_long_as_the_server_says() -> None:
    wait = plan().next_delay(RateLimitError("x", status=429, retry_after_seconds=30.0))
    assert wait is not None
    assert 30.0 <= wait <= 33.0


def test_plan_raises_rather_than_wait_longer_than_a_minute() -> None:
    error = RateLimitError("x", status=429, retry_after_seconds=61.0)
    assert plan().next_delay(error) is None
    assert error.retry_at is not None


def test_plan_never_waits_past_the_deadline() -> None:
    error = RateLimitError("x", status=429, retry_after_seconds=5.0)
    assert plan(deadline=monotonic() + 4).next_delay(error) is None


def test_plan_takes_strategies_of_tenacity() -> None:
    policy = RetryPolicy(wait=wait_fixed(0.25), stop=stop_after_attempt(2))
    one = plan(policy)
    assert [one.next_delay(ConnectError("x")) for _ in range(2)] == [0.25, None]


def test_budget_stops_retries_in_an_outage_and_refills_by_successes() -> None:
    budget = RetryBudget()
    allowed = [plan(budget=budget).next_delay(ConnectError("x")) is not None for _ in range(15)]
    assert allowed == [True] * 10 + [False] * 5
    for _ in range(10):
        budget.deposit()
    assert plan(budget=budget).next_delay(ConnectError("x")) is not None
    assert plan(budget=budget).next_delay(ConnectError("x")) is None


def test_policy_refuses_zero_attempts() -> None:
    with pytest.raises(ConfigurationError, match="at least 1"):
        RetryPolicy(max_attempts=0)
