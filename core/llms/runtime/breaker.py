"""Circuit breakers: a target that keeps failing is left alone for a while, then tried by one call."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from time import monotonic
from typing import Literal, TypeAlias

from core.llms.context import LLMContext
from core.llms.errors import (
    APIError,
    CircuitOpenError,
    ConfigurationError,
    DeadlineExceededError,
    LLMTimeoutError,
    ProtocolError,
    ResponseTooLargeError,
    ServerError,
    TransportError,
)
from core.llms.runtime.failure_rate import FailureRate
from core.llms.runtime.fork_lock import ForkLock
from core.llms.runtime.middleware import EventStream, Middleware, RequestT, ResponseT, StreamNext
from core.llms.runtime.target import Target
from core.llms.types.request import LLMRequest

BreakerState: TypeAlias = Literal["closed", "open", "half_open"]
Verdict: TypeAlias = Literal["success", "failure", "alive", "unknown"]
Clock: TypeAlias = Callable[[], float]

_LOG = logging.getLogger("core.llms.breaker")
_LOG.addHandler(logging.NullHandler())  # without logging set up, Python would print to the standard error


@dataclass(frozen=True)
class BreakerPolicy:
    """When a breaker opens, and for how long.

    It opens after `failures_in_a_row`, or when more than `failure_share` of at least `minimum_calls` attempts of the
    last `window_seconds` failed. It stays open for `open_seconds`, doubled each time the probe fails, up to
    `max_open_seconds`. Servers' errors, broken connections, timeouts and answers that are not the wire count as
    failures; a 429, an error of the request and the caller's own deadline do not.
    """

    failures_in_a_row: int = 5
    failure_share: float = 0.5
    minimum_calls: int = 20
    window_seconds: float = 30.0
    open_seconds: float = 5.0
    max_open_seconds: float = 300.0

    def __post_init__(self) -> None:
        if self.failures_in_a_row < 1 or self.minimum_calls < 1:
            raise ConfigurationError("`failures_in_a_row` and `minimum_calls` must be at least 1")
        if not 0 < self.failure_share <= 1:
            raise ConfigurationError(f"`failure_share` must be above 0 and at most 1, not {self.failure_share!r}")
        if self.window_seconds <= 0 or not 0 < self.open_seconds <= self.max_open_seconds:
            raise ConfigurationError("the seconds must be positive, `open_seconds` at most `max_open_seconds`")


@dataclass(frozen=True, slots=True)
class BreakerChange:
    """A breaker changed its state: `reason` says why; where it opened, `open_seconds` says for how long."""

    target: Target
    before: BreakerState
    after: BreakerState
    reason: str
    open_seconds: float | None = None


OnChange: TypeAlias = Callable[[BreakerChange], None]


@dataclass(frozen=True, slots=True)
class Permit:
    """The leave to make one attempt. What comes of a permit from before the last change of state is not counted."""

    generation: int
    is_probe: bool = False


class CircuitBreaker:
    """The breaker of one target: `admit` an attempt, then `settle` it. Safe between threads."""

    def __init__(
        self, target: Target, policy: BreakerPolicy, *, clock: Clock = monotonic, on_change: OnChange | None = None
    ) -> None:
        self._target = target
        self._policy = policy
        self._clock = clock
        self._on_change = on_change
        self._lock = ForkLock()
        self._rate = FailureRate(policy.window_seconds)
        self._generation = 0
        self._failures_in_a_row = 0
        self._probe_lost_at = 0.0
        self._closed = True
        self._open_until = 0.0
        self._open_seconds = policy.open_seconds
        self._reason = ""

    @property
    def state(self) -> BreakerState:
        """`closed`: calls pass. `open`: none does. `half_open`: the next one, or the one under way, is the probe."""
        if self._closed:
            return "closed"
        return "half_open" if self._clock() >= self._open_until else "open"

    @property
    def seconds_until_probe(self) -> float:
        """Seconds until a call may pass as the probe; 0 where one may now."""
        return 0.0 if self._closed else max(0.0, self._open_until - self._clock())

    def admit(self) -> Permit:
        """Return the leave to make an attempt, to be settled. Raises `CircuitOpenError`."""
        with self._lock.held:
            if self._closed:
                return Permit(self._generation)
            now = self._clock()
            if now < max(self._open_until, self._probe_lost_at):
                raise self._refusal(max(0.0, self._open_until - now))
            # A probe of which nothing is heard (it was the parent's of a forked process, say) must not stick.
            self._probe_lost_at = now + self._policy.max_open_seconds
            return Permit(self._generation, is_probe=True)

    def settle(self, permit: Permit, verdict: Verdict) -> None:
        """Count what came of an attempt: `alive` is an answer that says nothing of health, `unknown` no answer."""
        with self._lock.held:
            if permit.generation != self._generation:
                return
            change = self._settle_probe(verdict) if permit.is_probe else self._count(verdict)
        self._tell(change)

    def _settle_probe(self, verdict: Verdict) -> BreakerChange | None:
        self._probe_lost_at = 0.0
        match verdict:
            case "success" | "alive":
                return self._close()
            case "failure":
                self._open_seconds = min(self._open_seconds * 2, self._policy.max_open_seconds)
                return self._open("half_open", "the probe failed")
            case "unknown":
                return None

    def _count(self, verdict: Verdict) -> BreakerChange | None:
        if verdict in ("alive", "unknown"):
            return None
        failed = verdict == "failure"
        self._failures_in_a_row = self._failures_in_a_row + 1 if failed else 0
        self._rate.add(self._clock(), failed)
        if not failed:
            return None
        if self._failures_in_a_row >= self._policy.failures_in_a_row:
            return self._open("closed", f"{self._failures_in_a_row} failures in a row")
        if self._rate.calls >= self._policy.minimum_calls and self._rate.share > self._policy.failure_share:
            return self._open("closed", f"{self._rate.failures} of {self._rate.calls} calls failed")
        return None

    def _open(self, before: BreakerState, reason: str) -> BreakerChange:
        self._generation += 1
        self._closed = False
        self._reason = reason
        self._open_until = self._clock() + self._open_seconds
        return BreakerChange(self._target, before, "open", reason, self._open_seconds)

    def _close(self) -> BreakerChange:
        self._generation += 1
        self._closed = True
        self._failures_in_a_row = 0
        self._rate.clear()
        self._open_seconds = self._policy.open_seconds
        return BreakerChange(self._target, "half_open", "closed", "the probe was answered")

    def _refusal(self, wait: float) -> CircuitOpenError:
        when = f"tried again in {wait:.1f} s" if wait else "one call is trying it now"
        return CircuitOpenError(
            f"the circuit breaker is open ({self._reason}); {when}",
            retry_after_seconds=wait,
            provider=self._target.provider,
            model=self._target.model,
        )

    def _tell(self, change: BreakerChange | None) -> None:
        if change is None:
            return
        target = change.target
        level = logging.WARNING if change.after == "open" else logging.INFO
        _LOG.log(level, "%s/%s: breaker %s: %s", target.provider, target.model, change.after, change.reason)
        if self._on_change is not None:
            self._on_change(change)


def judge(error: BaseException) -> Verdict:
    """Say what a failed attempt tells of its target's health."""
    match error:
        case ServerError():
            return "failure"
        case APIError():
            return "alive"
        case DeadlineExceededError() | ResponseTooLargeError():
            return "unknown"
        case TransportError() | LLMTimeoutError() | ProtocolError():
            return "failure"
    return "unknown"


class BreakerMiddleware(Middleware):
    """Keeps attempts from targets that are down: one breaker for each provider, model and account.

    One object around several LLMs shares its breakers between them. `on_change` is told of every change of state,
    which the logger `core.llms.breaker` is, too. An open breaker raises `CircuitOpenError`.
    """

    def __init__(
        self, policy: BreakerPolicy | None = None, *, on_change: OnChange | None = None, clock: Clock = monotonic
    ) -> None:
        self._policy = policy or BreakerPolicy()
        self._on_change = on_change
        self._clock = clock
        self._breakers: dict[tuple[str, str, str], CircuitBreaker] = {}

    @property
    def breakers(self) -> Mapping[tuple[str, str, str], CircuitBreaker]:
        """The breakers by provider, model and account."""
        return self._breakers

    def breaker_of(self, target: Target) -> CircuitBreaker:
        """Return the breaker of a target, made when it is first asked for."""
        key = (target.provider, target.model, target.account)
        found = self._breakers.get(key)
        if found is None:
            made = CircuitBreaker(target, self._policy, clock=self._clock, on_change=self._on_change)
            found = self._breakers.setdefault(key, made)
        return found

    def bind(self, target: Target) -> Middleware:
        return _TargetBreaker(self.breaker_of(target))


class _TargetBreaker(Middleware):
    def __init__(self, breaker: CircuitBreaker) -> None:
        self._breaker = breaker

    async def attempt(
        self, request: RequestT, ctx: LLMContext, attempt_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]]
    ) -> ResponseT:
        permit = self._breaker.admit()
        try:
            response = await attempt_next(request, ctx)
        except BaseException as error:
            self._breaker.settle(permit, judge(error))
            raise
        self._breaker.settle(permit, "success")
        return response

    async def attempt_stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        permit = self._breaker.admit()
        try:
            async with aclosing(stream_next(request, ctx)) as events:
                async for event in events:
                    if permit.is_probe:
                        # A probe has told what it was for: its stream may go on for minutes.
                        self._breaker.settle(permit, "success")
                        permit = self._breaker.admit()
                    yield event
        except BaseException as error:
            self._breaker.settle(permit, judge(error))
            raise
        self._breaker.settle(permit, "success")
