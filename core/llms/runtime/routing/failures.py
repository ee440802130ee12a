"""What an error of one target means for a route: raise it, skip the target, or move on, and to which of the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from core.llms.errors import (
    AllTargetsFailedError,
    APIError,
    BadRequestError,
    BudgetExceededError,
    Certainty,
    CircuitOpenError,
    ConfigurationError,
    ContentFilterError,
    ContextLengthExceededError,
    CostAboveLimitError,
    DeadlineExceededError,
    InvalidRequestError,
    LimitReachedError,
    LLMError,
    LLMTimeoutError,
    ProtocolError,
    QuotaExceededError,
    RateLimitError,
    RequestTooLargeError,
    ResponseTooLargeError,
    TransportError,
    UnsupportedCapabilityError,
    UnsupportedParameterError,
)
from core.llms.runtime.breaker import judge
from core.llms.runtime.retry_budget import Outcome
from core.llms.runtime.routing.members import REJECTIONS, Member

Turn: TypeAlias = Literal["move", "skip", "raise"]

_COOLDOWN_AFTER_429_SECONDS = 1.0
_COOLDOWN_BESIDE_PROBE_SECONDS = 0.5


def turn_after(error: LLMError, member: Member) -> Turn:
    """Say what a route does after an error: `skip` is for a target that cannot take the call, and was sent nothing."""
    match error:
        case UnsupportedParameterError() | UnsupportedCapabilityError() | BudgetExceededError() | CostAboveLimitError():
            return "skip"
        case InvalidRequestError() | ConfigurationError():
            return "raise" if member.is_first else "skip"
        case ContextLengthExceededError() | ContentFilterError():
            return "move"
        case BadRequestError() | DeadlineExceededError() | ResponseTooLargeError():
            return "raise"
        case APIError() | TransportError() | LLMTimeoutError() | ProtocolError():
            return "move"
        case CircuitOpenError() | LimitReachedError() | AllTargetsFailedError():
            return "move"
    # What keeps a target from being asked for now (a limiter, say) does not keep others.
    return "move" if hasattr(error, "retry_at") else "raise"


def _names_of_unsent(kind: type[LLMError] = LLMError) -> Iterator[str]:
    if kind.certainty is Certainty.NOT_SENT and not issubclass(kind, TransportError | LLMTimeoutError):
        yield kind.__name__
    for narrower in kind.__subclasses__():
        yield from _names_of_unsent(narrower)


# Outcomes of attempts that ended before anything left: they are recorded, and count for nothing.
UNSENT = frozenset(_names_of_unsent())


def rules_out(error: LLMError, failed: Member, other: Member) -> bool:
    """Say whether an error of one target tells that another would answer no better."""
    match error:
        case ContextLengthExceededError():
            known = failed.context_window is not None and other.context_window is not None
            return known and (other.context_window or 0) <= (failed.context_window or 0)
        case ContentFilterError():
            return (failed.target.provider, failed.model_id) == (other.target.provider, other.model_id)
        case RequestTooLargeError():
            return failed.target.provider == other.target.provider
    return False


def cooldown_after(error: LLMError, rejected_seconds: float) -> float:
    """Return for how many seconds a target is better not asked, by what it said; 0 where it may be at once."""
    match error:
        case RateLimitError() if not isinstance(error, QuotaExceededError):
            asked = error.retry_after_seconds
            return _COOLDOWN_AFTER_429_SECONDS if asked is None else asked
        case CircuitOpenError():
            return error.retry_after_seconds or _COOLDOWN_BESIDE_PROBE_SECONDS
    return rejected_seconds if isinstance(error, REJECTIONS) else 0.0


def outcome_of(error: BaseException | None) -> Outcome:
    """Say what a visit tells of whether the target can take over calls of others."""
    if error is None:
        return "success"
    if isinstance(error, RateLimitError | AllTargetsFailedError) or judge(error) == "failure":
        return "failure"
    return "unknown"
