"""Circuit breakers: when they open, and what they let through."""

from __future__ import annotations

import asyncio

import pytest

from core.llms import (
    BadRequestError,
    BreakerPolicy,
    CircuitOpenError,
    ConfigurationError,
    ConnectError,
    DeadlineExceededError,
    LLMError,
    LLMTimeoutError,
    OverloadedError,
    ProtocolError,
    RateLimitError,
    ServerError,
    Target,
)
from core.llms.runtime.breaker import CircuitBreaker, Verdict, judge
from tests.support.clocks import Clock

TARGET = Target("openai", "gpt-4.1-mini")


def state_of(breaker: CircuitBreaker) -> str:
    return breaker.state


def attempt(breaker: CircuitBreaker, verdict: Verdict) -> None:
    breaker.settle(breaker.admit(), verdict)


def open_breaker(policy: BreakerPolicy | None = None) -> tuple[CircuitBreaker, Clock]:
    clock = Clock()
    breaker = CircuitBreaker(TARGET, policy or BreakerPolicy(), clock=clock)
    for _ in range(5):
        attempt(breaker, "failure")
    return breaker, clock


def test_breaker_opens_after_five_failures_in_a_row() -> None:
    breaker = CircuitBreaker(TARGET, BreakerPolicy(), clock=Clock())
    for verdict in ("failure", "failure", "failure", "failure", "success", "failure", "failure", "failure", "failure"):
        attempt(breaker, verdict)
    assert state_of(breaker) == "closed"

    attempt(breaker, "failure")

    assert state_of(breaker) == "open"
    with pytest.raises(CircuitOpenError, match="5 failures in a row") as caught:
        breaker.admit()
    assert caught.value.retry_after_seconds == pytest.approx(5)
    assert caught.value.certainty is LLMError.certainty


def test_breaker_opens_when_more_than_half_of_twenty_fail_within_the_window() -> None:
    clock = Clock()
    breaker = CircuitBreaker(TARGET, BreakerPolicy(), clock=clock)
    for index in range(20):
        attempt(breaker, "failure" if index % 2 else "success")
    assert state_of(breaker) == "closed"

    attempt(breaker, "failure")

    assert state_of(breaker) == "open"


def test_breaker_forgets_what_is_older_than_the_window() -> None:
    clock = Clock()
    breaker = CircuitBreaker(TARGET, BreakerPolicy(failures_in_a_row=100), clock=clock)
    for _ in range(19):
        attempt(breaker, "failure")
    clock.now += 31

    for _ in range(19):
        attempt(breaker, "success")
    attempt(breaker, "failure")

    assert state_of(breaker) == "closed"


def test_open_breaker_lets_one_probe_through_after_its_time() -> None:
    breaker, clock = open_breaker()
    clock.now += 4.9
    assert state_of(breaker) == "open"
    with pytest.raises(CircuitOpenError):
        breaker.admit()
    clock.now += 0.2
    assert state_of(breaker) == "half_open"

    probe = breaker.admit()

    with pytest.raises(CircuitOpenError, match="one call is trying it now"):
        breaker.admit()
    breaker.settle(probe, "success")
    assert state_of(breaker) == "closed"


def test_open_time_doubles_up_to_five_minutes_and_begins_anew_after_success() -> None:
    breaker, clock = open_breaker()
    waits = []
    for _ in range(8):
        waits.append(breaker.seconds_until_probe)
        clock.now += waits[-1]
        attempt(breaker, "failure")
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300]

    clock.now += 300
    attempt(breaker, "success")
    for _ in range(5):
        attempt(breaker, "failure")
    assert breaker.seconds_until_probe == 5


def test_cancelled_probe_leaves_the_place_to_the_next_call() -> None:
    breaker, clock = open_breaker()
    clock.now += 5

    breaker.settle(breaker.admit(), "unknown")

    assert state_of(breaker) == "half_open"
    attempt(breaker, "alive")
    assert state_of(breaker) == "closed"


def test_probe_of_which_nothing_is_heard_is_followed_by_another() -> None:
    breaker, clock = open_breaker()
    clock.now += 5
    breaker.admit()
    clock.now += 299
    with pytest.raises(CircuitOpenError):
        breaker.admit()

    clock.now += 1

    attempt(breaker, "success")
    assert state_of(breaker) == "closed"


def test_attempts_from_before_the_opening_change_nothing() -> None:
    clock = Clock()
    breaker = CircuitBreaker(TARGET, BreakerPolicy(), clock=clock)
    late = [breaker.admit() for _ in range(7)]
    for permit in late[:5]:
        breaker.settle(permit, "failure")

    breaker.settle(late[5], "success")
    breaker.settle(late[6], "failure")

    assert (state_of(breaker), breaker.seconds_until_probe) == ("open", 5)


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (OverloadedError("x", status=529), "failure"),
        (ServerError("x", status=500), "failure"),
        (ConnectError("x"), "failure"),
        (LLMTimeoutError("x", phase="first event"), "failure"),
        (ProtocolError("x"), "failure"),
        (RateLimitError("x", status=429), "alive"),
        (BadRequestError("x", status=400), "alive"),
        (DeadlineExceededError("x", phase="total"), "unknown"),
        (asyncio.CancelledError(), "unknown"),
        (ValueError("x"), "unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_failure_is_what_tells_of_the_target_s_health(error: BaseException, verdict: str) -> None:
    assert judge(error) == verdict


@pytest.mark.parametrize(
    "wrong",
    [
        {"failures_in_a_row": 0},
        {"minimum_calls": 0},
        {"failure_share": 0},
        {"window_seconds": 0},
        {"open_seconds": 301},
    ],
)
def test_policy_refuses_what_makes_no_sense(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError):
        BreakerPolicy(**wrong)  # type: ignore[arg-type]  # that is the point
