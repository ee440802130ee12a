"""What one call was: where it went, how it ended, what it took. Never what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol, TypeAlias

from core.llms.context import LLMContext
from core.llms.errors import LLMError
from core.llms.runtime.target import Target
from core.llms.types.caching import CacheHit
from core.llms.types.quick_init import quick_init
from core.llms.types.response import Attempt, EmbeddingResponse, LLMResponse
from core.llms.types.usage import Usage

Operation: TypeAlias = Literal["chat", "embeddings"]
NO_USAGE = Usage()
NO_MONEY = Decimal(0)


@quick_init
@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call with all its attempts, told when it is over.

    `outcome` is `ok`, `cancelled` (by the caller, or a stream that was left) or the error's class name. Times are in
    seconds; `first_event_seconds` is that of a stream's first event with content. `ctx` is the call's context, with the
    caller's user, tags and request id; `response` and `error` are for observers that read more of them. `cache` says
    where an answer came from that no vendor was asked for, of a stream that was left, too.
    """

    target: Target
    operation: Operation
    streamed: bool
    model: str
    outcome: str
    began_at: datetime
    seconds: float
    first_event_seconds: float | None
    attempts: tuple[Attempt, ...]
    ctx: LLMContext
    response: LLMResponse | EmbeddingResponse | None = None
    error: BaseException | None = None
    cache: CacheHit | None = None

    @property
    def name(self) -> str:
        """The alias, or else `provider/model`."""
        return self.target.alias or f"{self.target.provider}/{self.target.model}"

    @property
    def usage(self) -> Usage:
        """What all attempts consumed together."""
        if len(self.attempts) == 1:
            return self.attempts[0].usage or NO_USAGE
        return sum((attempt.usage for attempt in self.attempts if attempt.usage is not None), NO_USAGE)

    @property
    def cost(self) -> Decimal:
        """What all attempts cost together in USD, as far as it is known and certain."""
        if len(self.attempts) == 1 and not self.attempts[0].maybe_charged:
            return self.attempts[0].cost or NO_MONEY
        return sum(
            (attempt.cost for attempt in self.attempts if attempt.cost is not None and not attempt.maybe_charged),
            NO_MONEY,
        )

    @property
    def maybe_charged_cost(self) -> Decimal:
        """What attempts may have cost of which it is not known whether the vendor charged them."""
        return sum(
            (attempt.cost for attempt in self.attempts if attempt.cost is not None and attempt.maybe_charged), NO_MONEY
        )

    @property
    def queued_seconds(self) -> float:
        """How long rate limits let the attempts wait, together."""
        return sum(attempt.queued_seconds for attempt in self.attempts)

    @property
    def is_cached(self) -> bool:
        """Whether the answer came out of a cache."""
        return self.cache is not None

    @property
    def saved_cost(self) -> Decimal:
        """What a cached answer would have cost in USD, as far as that is known."""
        return NO_MONEY if self.cache is None or self.cache.cost_saved is None else self.cache.cost_saved

    @property
    def is_priced(self) -> bool:
        """Whether a price was known for everything that was consumed."""
        return all(attempt.cost is not None for attempt in self.attempts if attempt.usage is not None)


class CallObserver(Protocol):
    """Who is told of calls. It must not block; what it raises is logged, and does not reach the call."""

    def observe(self, record: CallRecord) -> None:
        """Take note of a call that is over."""
        ...


def outcome_of(error: BaseException) -> str:
    """Say in a word how a call that raised ended."""
    return type(error).__name__ if isinstance(error, LLMError) else "cancelled" if _is_leaving(error) else "error"


def _is_leaving(error: BaseException) -> bool:
    # CancelledError, GeneratorExit, KeyboardInterrupt: the caller's doing, not the call's.
    return not isinstance(error, Exception)
