"""What is told of health: one check, how calls of a kind went, and how a configuration stands. Frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from core.llms.provider_config.health.counting import State, Switch
from core.llms.provider_config.health.outcomes import Outcome
from core.llms.runtime.monitoring.histogram import NO_DURATIONS, Percentiles

Kind: TypeAlias = Literal["active", "passive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """One check (`active`), or the live calls of one minute that ended alike (`passive`): `calls` of them.

    `latency_seconds` is the mean. `error_class` is the name of the error's class, `status` the HTTP status; `message`
    has no secret in it. `switched` is what a check led to; history does not keep that, the configuration's does.
    """

    provider_name: str
    model_id: str
    kind: Kind
    at: datetime
    outcome: Outcome
    latency_seconds: float
    calls: int = 1
    error_class: str | None = None
    status: int | None = None
    message: str | None = None
    switched: Switch | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """How calls of one kind went within the window; `latency` is that of those that succeeded, in seconds.

    `calls` are those that say something of the provider. `busy` ones are no failures, and not part of `success_rate`,
    which is None where nothing else happened.
    """

    calls: int = 0
    failures: int = 0
    busy: int = 0
    latency: Percentiles = NO_DURATIONS

    @property
    def success_rate(self) -> float | None:
        """The share of successes, from 0 to 1."""
        decided = self.calls - self.busy
        return (decided - self.failures) / decided if decided else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthStatus:
    """How a configuration stands. `checks` and `live` are of the policy's window, the rest is what came last.

    `switched_off_at` is set where health has switched it off, and would switch it on again.
    """

    provider_name: str
    model_id: str
    alias: str | None
    is_active: bool
    state: State
    failures_in_a_row: int = 0
    checked_at: datetime | None = None
    succeeded_at: datetime | None = None
    error_class: str | None = None
    status: int | None = None
    message: str | None = None
    switched_off_at: datetime | None = None
    switched_off_reason: str | None = None
    checks: Measured = Measured()
    live: Measured = Measured()
