"""What counts, what is switched for it and what is told of it: each rule a row."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ConnectError,
    DeadlineExceededError,
    LimitReachedError,
    LLMError,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitError,
    ServerError,
)
from core.llms.provider_config.errors import EncryptionKeyError
from core.llms.provider_config.health.counting import State, Streak, Switch, find_state, find_switch
from core.llms.provider_config.health.outcomes import (
    DEFAULT_OUTCOMES,
    Outcome,
    read_call_error,
    read_error,
)
from core.llms.provider_config.health.policy import HealthPolicy

OK, FAILED, REFUSED, BUSY = Outcome.OK, Outcome.FAILED, Outcome.REFUSED, Outcome.BUSY
INCONCLUSIVE = Outcome.INCONCLUSIVE
THREE = HealthPolicy(deactivates=True, failures_before_deactivation=3, successes_before_return=2)


@pytest.mark.parametrize(
    ("error", "of_check", "of_call"),
    [
        (AuthenticationError("no"), REFUSED, REFUSED),
        (PermissionDeniedError("no"), REFUSED, REFUSED),
        (NotFoundError("no"), REFUSED, REFUSED),
        (RateLimitError("wait"), BUSY, BUSY),
        (OverloadedError("wait"), BUSY, BUSY),
        (QuotaExceededError("pay"), FAILED, FAILED),
        (ServerError("oh"), FAILED, FAILED),
        (ConnectError("oh"), FAILED, FAILED),
        (BadRequestError("what"), FAILED, INCONCLUSIVE),
        (DeadlineExceededError("late", phase="total"), FAILED, INCONCLUSIVE),
        (LimitReachedError("own"), INCONCLUSIVE, INCONCLUSIVE),
        (ConfigurationError("own"), INCONCLUSIVE, INCONCLUSIVE),
        (EncryptionKeyError("own"), INCONCLUSIVE, INCONCLUSIVE),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, LLMError) else "",
)
def test_each_error_says_what_the_table_says(error: LLMError, of_check: Outcome, of_call: Outcome) -> None:
    assert read_error(error).outcome is of_check
    assert read_call_error(error).outcome is of_call


def test_an_entry_of_one_s_own_goes_before_those_of_wider_classes() -> None:
    outcomes = {**DEFAULT_OUTCOMES, OverloadedError: FAILED}
    assert read_error(OverloadedError("wait"), outcomes).outcome is FAILED
    assert read_error(RateLimitError("wait"), outcomes).outcome is BUSY
    assert read_call_error(ValueError("a bug")).outcome is INCONCLUSIVE


def test_messages_are_short_and_without_secrets() -> None:
    found = read_error(APIError(f"no \0 such\nkey sk-{'a' * 40} " + "x" * 1000, status=418))
    assert found.message is not None
    assert (found.error_class, found.status, len(found.message)) == ("APIError", 418, 500)
    assert found.message.startswith("no ? such key **********")


@pytest.mark.parametrize(
    ("outcomes", "failures", "successes"),
    [
        ([], 0, 0),
        ([OK, OK], 0, 2),
        ([OK, FAILED, FAILED], 2, 0),
        ([FAILED, REFUSED], 2, 0),
        ([FAILED, BUSY, INCONCLUSIVE, FAILED], 2, 0),
        ([OK, BUSY, OK], 0, 2),
        ([FAILED, FAILED, OK], 0, 1),
    ],
)
def test_checks_are_counted_in_a_row(outcomes: list[Outcome], failures: int, successes: int) -> None:
    streak = Streak()
    for outcome in outcomes:
        streak = streak.after_check(outcome)
    assert (streak.failures, streak.successes) == (failures, successes)


def test_live_calls_add_to_failures_and_never_to_successes() -> None:
    streak = Streak(2, 0, FAILED)
    assert streak.after_calls(3, FAILED, had_success=False) == Streak(5, 0, FAILED)
    assert streak.after_calls(1, FAILED, had_success=True) == Streak(1, 0, FAILED)
    assert Streak(2, 1, OK).after_calls(0, OK, had_success=True) == Streak(0, 1, OK)


@pytest.mark.parametrize(
    ("streak", "is_active", "is_off_by_health", "switch"),
    [
        (Streak(3, 0, FAILED), True, False, "off"),
        (Streak(2, 0, FAILED), True, False, None),
        (Streak(9, 0, OK), True, False, None),
        (Streak(9, 0, BUSY), True, False, None),
        (Streak(1, 0, REFUSED), True, False, "off"),
        (Streak(3, 0, FAILED), False, True, None),
        (Streak(0, 2, OK), False, True, "on"),
        (Streak(0, 1, OK), False, True, None),
        (Streak(0, 9, OK), False, False, None),
        (Streak(0, 9, BUSY), False, True, None),
        (Streak(0, 9, OK), True, False, None),
    ],
)
def test_policy_switches_by_the_rules(
    streak: Streak, is_active: bool, is_off_by_health: bool, switch: Switch | None
) -> None:
    assert find_switch(THREE, streak, is_active=is_active, is_off_by_health=is_off_by_health) == switch
    default = HealthPolicy()
    assert find_switch(default, streak, is_active=is_active, is_off_by_health=is_off_by_health) is None


@pytest.mark.parametrize(
    ("streak", "calls", "rate", "state"),
    [
        (Streak(), 0, None, "unknown"),
        (Streak(0, 1, OK), 0, None, "unknown"),
        (Streak(0, 1, OK), 1, 1.0, "healthy"),
        (Streak(1, 0, FAILED), 1, 0.0, "degraded"),
        (Streak(3, 0, FAILED), 3, 0.0, "unhealthy"),
        (Streak(1, 0, REFUSED), 1, 0.0, "unhealthy"),
        (Streak(0, 1, BUSY), 2, 1.0, "degraded"),
        (Streak(0, 1, OK), 9, 0.2, "healthy"),
        (Streak(0, 1, OK), 10, 0.94, "degraded"),
        (Streak(0, 1, OK), 10, 0.49, "unhealthy"),
        (Streak(0, 1, OK), 10, 0.95, "healthy"),
    ],
)
def test_state_follows_from_what_came_last_and_from_the_window(
    streak: Streak, calls: int, rate: float | None, state: State
) -> None:
    assert find_state(THREE, streak, calls, rate) == state


@pytest.mark.parametrize(("off", "total", "allowed"), [(0, 1, True), (1, 2, False), (1, 4, True), (2, 4, False)])
def test_one_may_always_be_off_and_others_up_to_the_share(off: int, total: int, allowed: bool) -> None:
    assert HealthPolicy(max_deactivated=0.5).allows_off(off, total) is allowed


@pytest.mark.parametrize(
    "wrong",
    [
        {"interval_seconds": 0.0},
        {"timeout_seconds": float("inf")},
        {"jitter_seconds": -1.0},
        {"failures_before_deactivation": 0},
        {"max_deactivated": 1.5},
        {"keep_checks": 0},
    ],
    ids=str,
)
def test_a_policy_that_cannot_be_is_refused_by_the_name_of_its_field(wrong: dict[str, Any]) -> None:
    (name,) = wrong
    with pytest.raises(ConfigurationError, match=f"`{name}`"):
        HealthPolicy(**wrong)
