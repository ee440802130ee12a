"""Counting in a row, and what follows from it: pure functions of a policy and of what was found out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from core.llms.provider_config.health.outcomes import BAD, Outcome
from core.llms.provider_config.health.policy import HealthPolicy

State: TypeAlias = Literal["healthy", "degraded", "unhealthy", "unknown"]
Switch: TypeAlias = Literal["on", "off"]


@dataclass(frozen=True, slots=True)
class Streak:
    """What came last. `failures` are of checks and live calls; `successes` of checks alone."""

    failures: int = 0
    successes: int = 0
    outcome: Outcome | None = None

    def after_check(self, outcome: Outcome) -> Streak:
        """Count a check."""
        match outcome:
            case Outcome.OK:
                return Streak(0, self.successes + 1, outcome)
            case Outcome.FAILED | Outcome.REFUSED:
                return Streak(self.failures + 1, 0, outcome)
            case Outcome.BUSY:
                return replace(self, outcome=outcome)
        return self

    def after_calls(self, trailing_failures: int, last: Outcome, *, had_success: bool) -> Streak:
        """Count live calls, of which so many failed at the end."""
        failures = trailing_failures if had_success else self.failures + trailing_failures
        return replace(self, failures=failures, outcome=last)


def find_switch(policy: HealthPolicy, streak: Streak, *, is_active: bool, is_off_by_health: bool) -> Switch | None:
    """Say what a check whose outcome is the streak's last leads to."""
    if not policy.deactivates:
        return None
    if is_active:
        is_enough = streak.outcome in BAD and streak.failures >= policy.failures_before_deactivation
        return "off" if is_enough or streak.outcome is Outcome.REFUSED else None
    is_back = streak.outcome is Outcome.OK and streak.successes >= policy.successes_before_return
    return "on" if is_off_by_health and is_back else None


def find_state(policy: HealthPolicy, streak: Streak, calls: int, success_rate: float | None) -> State:
    """Say how a configuration stands, with what was found out within the window."""
    if streak.outcome is None or not calls:
        return "unknown"
    rate = success_rate if success_rate is not None and calls >= policy.min_calls else 1.0
    is_failing = streak.failures >= policy.failures_before_deactivation or streak.outcome is Outcome.REFUSED
    if is_failing or rate < policy.degraded_success_rate:
        return "unhealthy"
    is_impaired = streak.failures > 0 or streak.outcome is Outcome.BUSY
    return "degraded" if is_impaired or rate < policy.healthy_success_rate else "healthy"
