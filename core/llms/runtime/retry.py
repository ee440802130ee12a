"""When a failed attempt is tried again, and how long to wait before: the policy and the decision."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, Any

from core.llms.errors import (
    APIError,
    Certainty,
    ConfigurationError,
    DeadlineExceededError,
    LLMError,
    LLMTimeoutError,
    ProtocolError,
    ResponseTooLargeError,
    TransportError,
)
from core.llms.runtime.retry_budget import RetryBudget

if TYPE_CHECKING:
    from tenacity import RetryCallState


@dataclass(frozen=True)
class RetryPolicy:
    """How failures are tried again. `wait` and `stop` take any of tenacity's strategies.

    By default: 3 attempts, full jitter from 0.5 up to 20 seconds. A request that the vendor may have accepted is sent
    again at most `maybe_accepted_retries` times, for it may be charged twice. A server's Retry-After up to
    `max_retry_after_seconds` is waited for; a longer one raises at once, with `retry_at` in the error.
    """

    max_attempts: int = 3
    maybe_accepted_retries: int = 1
    max_retry_after_seconds: float = 60.0
    wait: Callable[[RetryCallState], float] | None = None
    stop: Callable[[RetryCallState], bool] | None = None

    def __post_init__(self) -> None:
        if self.max_attempts < 1:
            raise ConfigurationError("`max_attempts` counts the first one too: it must be at least 1")

    @cached_property
    def wait_strategy(self) -> Callable[[RetryCallState], float]:
        """The wait, loaded at the first failure."""
        from tenacity import wait_random_exponential

        return self.wait or wait_random_exponential(multiplier=0.5, max=20)

    @cached_property
    def stop_strategy(self) -> Callable[[RetryCallState], bool]:
        """The stop, loaded at the first failure."""
        from tenacity import stop_after_attempt

        return self.stop or stop_after_attempt(self.max_attempts)


NO_RETRY = RetryPolicy(max_attempts=1)


class RetryPlan:
    """The retries of one call at one target: made at its first failure, asked after each one."""

    def __init__(self, policy: RetryPolicy, budget: RetryBudget, deadline: float) -> None:
        self._policy = policy
        self._budget = budget
        self._deadline = deadline
        self._state = _new_state()
        self._maybe_accepted_left = policy.maybe_accepted_retries
        self._stale_left = 1

    def next_delay(self, error: LLMError) -> float | None:
        """Return the seconds to wait before the next attempt, or None to give up with this error."""
        if (immediate := self.repeat_stale(error)) is not None:
            return immediate
        delay = self.delay_after(error)
        if delay is None or not self._may_repeat(error):
            return None
        return self.pay_for(delay)

    def pay_for(self, delay: float) -> float | None:
        """Take a repetition after so many seconds from the budget; None where that, or the deadline, forbids it."""
        if monotonic() + delay >= self._deadline or not self._budget.withdraw():
            return None
        self._state.attempt_number += 1
        return delay

    def repeat_stale(self, error: LLMError) -> float | None:
        """Return 0 where a kept-alive connection broke as it was used again: once, that is tried anew at once."""
        if isinstance(error, TransportError) and error.reused_connection and self._stale_left:
            self._stale_left -= 1
            return self.pay_for(0.0) if self._policy.max_attempts > 1 else None
        return None

    def delay_after(self, error: LLMError) -> float | None:
        """Return the seconds to wait before the target is asked again, or None where that does not help."""
        self._state.set_exception((type(error), error, error.__traceback__))
        if not is_retryable(error) or self._policy.stop_strategy(self._state):
            return None
        return self._delay(error)

    def _may_repeat(self, error: LLMError) -> bool:
        if isinstance(error, APIError) or error.certainty is Certainty.NOT_SENT:
            return True
        self._maybe_accepted_left -= 1
        return self._maybe_accepted_left >= 0

    def _delay(self, error: LLMError) -> float | None:
        own = self._policy.wait_strategy(self._state)
        asked = error.retry_after_seconds if isinstance(error, APIError) else None
        if asked is None:
            return own
        if asked > self._policy.max_retry_after_seconds:
            return None
        return max(own, asked) * (1 + random.random() * 0.1)  # noqa: S311 - jitter, not a secret


def is_retryable(error: LLMError) -> bool:
    """Say whether the same request may succeed at the same target a little later."""
    match error:
        case APIError():
            return error.retryable if error.should_retry is None else error.should_retry
        case DeadlineExceededError() | ResponseTooLargeError():
            return False
        case TransportError() | LLMTimeoutError() | ProtocolError():
            return error.certainty is not Certainty.REFUSED
    return False


def _new_state() -> Any:
    from tenacity import AsyncRetrying, RetryCallState

    return RetryCallState(AsyncRetrying(), None, (), {})
