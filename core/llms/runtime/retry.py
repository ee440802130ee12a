"""When a failed attempt is tried again, and how long to wait before: the policy, the bucket, the decision."""

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


class RetryBudget:
    """A bucket per model and credential that keeps retries from multiplying an outage.

    It holds 100; a retry costs 10, a success at the first try gives 1 back.
    """

    __slots__ = ("tokens",)
    CAPACITY = 100
    RETRY_COST = 10

    def __init__(self) -> None:
        self.tokens: int = self.CAPACITY

    def deposit(self) -> None:
        """Note a success at the first try."""
        if self.tokens < self.CAPACITY:
            self.tokens += 1

    def withdraw(self) -> bool:
        """Pay for a retry; false where the bucket is too low."""
        if self.tokens < self.RETRY_COST:
            return False
        self.tokens -= self.RETRY_COST
        return True


class RetryPlan:
    """The retries of one call: made at its first failure, asked after each one."""

    def __init__(self, policy: RetryPolicy, budget: RetryBudget, deadline: float) -> None:
        self._policy = policy
        self._budget = budget
        self._deadline = deadline
        self._state = _new_state()
        self._maybe_accepted_left = policy.maybe_accepted_retries
        self._stale_left = 1

    def next_delay(self, error: LLMError) -> float | None:
        """Return the seconds to wait before the next attempt, or None to give up with this error."""
        self._state.set_exception((type(error), error, error.__traceback__))
        immediate = self._is_stale_connection(error)
        if not immediate and not self._may_retry(error):
            return None
        delay = 0.0 if immediate else self._delay(error)
        if delay is None or monotonic() + delay >= self._deadline or not self._budget.withdraw():
            return None
        self._state.attempt_number += 1
        return delay

    def _is_stale_connection(self, error: LLMError) -> bool:
        if isinstance(error, TransportError) and error.reused_connection and self._stale_left:
            self._stale_left -= 1
            return self._policy.max_attempts > 1
        return False

    def _may_retry(self, error: LLMError) -> bool:
        if self._policy.stop_strategy(self._state):
            return False
        match error:
            case APIError():
                return error.retryable if error.should_retry is None else error.should_retry
            case DeadlineExceededError() | ResponseTooLargeError():
                return False
            case TransportError() | LLMTimeoutError() | ProtocolError() if error.certainty is not Certainty.REFUSED:
                return error.certainty is Certainty.NOT_SENT or self._spend_maybe_accepted()
        return False

    def _spend_maybe_accepted(self) -> bool:
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


def _new_state() -> Any:
    from tenacity import AsyncRetrying, RetryCallState

    return RetryCallState(AsyncRetrying(), None, (), {})
