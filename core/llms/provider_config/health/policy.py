"""`HealthPolicy`: how often and how long is checked, what counts, and whether anything is switched for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from core.llms.errors import ConfigurationError, LLMError
from core.llms.provider_config.health.outcomes import DEFAULT_OUTCOMES, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthPolicy:
    """What is done about health. Times are in seconds, shares from 0 to 1.

    A configuration is checked once in `interval_seconds` and up to `jitter_seconds` more, for at most
    `timeout_seconds`, `max_concurrency` of them at once.

    With `deactivates`, which is off by default, one is switched off after `failures_before_deactivation` failures in a
    row, live calls included, of which the last is a check's; at once where `outcomes` says `refused`; and never for
    `busy`. It is switched on again after `successes_before_return` checks that succeeded. At most `max_deactivated`, a
    share of all and at least one, are off for failures at a time: where everything fails it is rather the checker.
    A refusal is the provider's own word, and not bounded.

    What is told of health is of the last `window_seconds`: with at least `min_calls` in it, a share of successes below
    `healthy_success_rate` is degraded, below `degraded_success_rate` unhealthy. Checks are kept for `keep_seconds`,
    and of each configuration the newest `keep_checks`, with as many minutes of live calls.
    """

    interval_seconds: float = 60.0
    jitter_seconds: float = 6.0
    timeout_seconds: float = 15.0
    max_concurrency: int = 4
    deactivates: bool = False
    failures_before_deactivation: int = 3
    successes_before_return: int = 2
    max_deactivated: float = 0.5
    outcomes: Mapping[type[LLMError], Outcome] = field(default_factory=lambda: DEFAULT_OUTCOMES)
    window_seconds: float = 3600.0
    min_calls: int = 10
    healthy_success_rate: float = 0.95
    degraded_success_rate: float = 0.5
    keep_seconds: float = 7 * 86_400.0
    keep_checks: int = 10_000

    def __post_init__(self) -> None:
        """Raises `ConfigurationError`, which names the field."""
        for name in ("interval_seconds", "timeout_seconds", "window_seconds", "keep_seconds"):
            if not 0 < getattr(self, name) < inf:
                raise ConfigurationError(f"`{name}` must be more than 0 seconds, and finite")
        if not 0 <= self.jitter_seconds < inf:
            raise ConfigurationError("`jitter_seconds` must be 0 or more seconds, and finite")
        for name in (
            "max_concurrency",
            "failures_before_deactivation",
            "successes_before_return",
            "min_calls",
            "keep_checks",
        ):
            if getattr(self, name) < 1:
                raise ConfigurationError(f"`{name}` must be at least 1")
        for name in ("max_deactivated", "healthy_success_rate", "degraded_success_rate"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigurationError(f"`{name}` is a share, from 0 to 1")

    def allows_off(self, off: int, total: int) -> bool:
        """Tell whether one more may be off for failures, where `off` of `total` are already."""
        return off + 1 <= max(1, int(self.max_deactivated * total))
