"""How a route behaves: when it moves on, how long it waits, whom it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from core.llms.errors import ConfigurationError, LLMError
from core.llms.runtime.breaker import BreakerPolicy
from core.llms.runtime.target import Target


class RoomGauge(Protocol):
    """Knows how much of a target's limits is free, as a rate limiter does."""

    def room_of(self, target: Target) -> float | None:
        """Return the free share, 0 to 1; None where it is not known. A target with 0 is asked last."""
        ...


@dataclass(frozen=True)
class FallbackPolicy:
    """How a route goes from target to target.

    `max_attempts`: tries of one call at all targets together; by default one each, and the retries of the first LLM's
    `RetryPolicy` besides. `patience_seconds`: a Retry-After of up to this long is waited for at the target that named
    it; a longer one moves on. `max_wait_seconds`: how long a call waits where no target can be asked now.
    `rejected_cooldown_seconds`: for how long a target is asked last whose credential, quota or model was refused.
    `breaker`: the circuit breaker around each target that has none; None for none. `should_move`: your own word on an
    error, asked first: True moves on, False raises it, None leaves it to the rules.
    """

    max_attempts: int | None = None
    patience_seconds: float = 1.0
    max_wait_seconds: float = 60.0
    rejected_cooldown_seconds: float = 60.0
    breaker: BreakerPolicy | None = field(default_factory=BreakerPolicy)
    should_move: Callable[[LLMError], bool | None] | None = None

    def __post_init__(self) -> None:
        if self.max_attempts is not None and self.max_attempts < 1:
            raise ConfigurationError("`max_attempts` counts the first one too: it must be at least 1")
        if min(self.patience_seconds, self.max_wait_seconds, self.rejected_cooldown_seconds) < 0:
            raise ConfigurationError("the seconds of a FallbackPolicy must not be negative")
