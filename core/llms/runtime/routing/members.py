"""The targets of a route, and in which order they are asked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Sequence
from copy import copy
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol, Self

from core.llms.context import LLMContext
from core.llms.errors import (
    AuthenticationError,
    LLMError,
    NotFoundError,
    PermissionDeniedError,
    QuotaExceededError,
)
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.runtime.forked import forget_in_children
from core.llms.runtime.hedging import HedgePolicy
from core.llms.runtime.middleware import Middleware
from core.llms.runtime.routing.policy import RoomGauge
from core.llms.runtime.target import Target
from core.llms.types.events import StreamEvent
from core.llms.types.messages import Message
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse

REJECTIONS = (AuthenticationError, PermissionDeniedError, NotFoundError, QuotaExceededError)


class RoutableLLM(Protocol):
    """What a route needs of an LLM: it answers typed messages within a call that has begun."""

    target: Target
    metadata: type[BaseMetadata]

    @property
    def targets(self) -> tuple[Target, ...]:
        """Where its calls may go: more than one for an LLM with a route of its own."""
        ...

    def answer_within(
        self, call: LLMContext, messages: tuple[Message, ...], options: Any
    ) -> Awaitable[LLMResponse]: ...

    def stream_within(
        self, call: LLMContext, messages: tuple[Message, ...], options: Any
    ) -> AsyncGenerator[StreamEvent, None]: ...

    def embed_within(self, call: LLMContext, request: EmbeddingRequest) -> Awaitable[EmbeddingResponse]: ...

    def request_within(self, messages: tuple[Message, ...], options: Any, *, stream: bool = False) -> LLMRequest: ...

    def with_middleware(self, *middleware: Middleware) -> Self: ...

    def with_hedging(self, policy: HedgePolicy | None = None) -> Self: ...

    async def aclose(self) -> None: ...


class MemberState:
    """What all calls of a route know of one target: calls under way, and until when it is better not asked."""

    __slots__ = ("__weakref__", "cooled_by", "credit", "in_flight", "ready_at")

    def __init__(self) -> None:
        self.in_flight = 0
        self.credit = 0.0
        self.ready_at = 0.0
        self.cooled_by: LLMError | None = None
        forget_in_children(self)

    def forget_calls(self) -> None:
        """Count no call as under way."""
        self.in_flight = 0

    def cool_down(self, seconds: float, error: LLMError) -> None:
        """Set the target aside for some seconds, and remember why."""
        until = monotonic() + seconds
        if until > self.ready_at:
            self.ready_at, self.cooled_by = until, forget_where(error)

    def warm_up(self, asked_at: float) -> None:
        """Note that the target answered a call; what it said to others since that was asked still holds."""
        if self.ready_at <= asked_at or isinstance(self.cooled_by, REJECTIONS):
            self.ready_at, self.cooled_by = 0.0, None


def forget_where(error: LLMError) -> LLMError:
    """Return a copy that keeps no frames, notes or attempts of the call it comes from."""
    fresh = copy(error)
    fresh.__dict__.pop("__notes__", None)
    fresh.attempts = ()
    return fresh


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """One target of a route. The first one has no `llm`: it is the LLM whose layer the route is.

    `target_count` is more than 1 where the target is a route itself.
    """

    target: Target
    metadata: type[BaseMetadata]
    llm: RoutableLLM | None = None
    weight: float = 1.0
    target_count: int = 1
    state: MemberState = field(default_factory=MemberState)

    @property
    def is_first(self) -> bool:
        """Whether this is the LLM whose layer the route is."""
        return self.llm is None

    @property
    def context_window(self) -> int | None:
        """The model's context in tokens, where it is known."""
        return self.metadata.CONTEXT_WINDOW

    @property
    def model_id(self) -> str:
        """The model, whatever a deployment of it is called."""
        return self.metadata.MODEL_ID or self.target.model

    @property
    def name(self) -> str:
        """How the target is named in warnings and errors."""
        return f"{self.target.provider}/{self.target.model}"


class Order(Protocol):
    """Chooses which of the targets that can be asked now is asked next."""

    def choose(self, ready: Sequence[Member]) -> Member: ...


class InOrder:
    """The first one that can be asked."""

    def choose(self, ready: Sequence[Member]) -> Member:
        return ready[0]


class ByWeight:
    """Those with room first; of them the one with the fewest calls under way for its weight; ties go round."""

    def __init__(self, gauge: RoomGauge | None = None) -> None:
        self._gauge = gauge

    def choose(self, ready: Sequence[Member]) -> Member:
        if len(ready) == 1:
            return ready[0]
        able = ready if self._gauge is None else [member for member in ready if self._has_room(member)] or ready
        least = min(member.state.in_flight / member.weight for member in able)
        tied = [member for member in able if member.state.in_flight / member.weight == least]
        for member in tied:
            member.state.credit += member.weight
        chosen = max(tied, key=lambda member: member.state.credit)
        chosen.state.credit -= sum(member.weight for member in tied)
        return chosen

    def _has_room(self, member: Member) -> bool:
        room = None if self._gauge is None else self._gauge.room_of(member.target)
        return room is None or room > 0
