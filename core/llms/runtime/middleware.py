"""What stands between a call and the vendor: small objects, each around the next."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Any, Literal, TypeAlias, TypeVar

from core.llms.context import LLMContext
from core.llms.runtime.target import Target
from core.llms.types.events import StreamEvent
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse

CallNext: TypeAlias = Callable[[LLMRequest, LLMContext], Awaitable[LLMResponse]]
EmbedNext: TypeAlias = Callable[[EmbeddingRequest, LLMContext], Awaitable[EmbeddingResponse]]
EventStream: TypeAlias = AsyncGenerator[StreamEvent, None]
StreamNext: TypeAlias = Callable[[LLMRequest, LLMContext], EventStream]
RequestT = TypeVar("RequestT", LLMRequest, EmbeddingRequest)
ResponseT = TypeVar("ResponseT", LLMResponse, EmbeddingResponse)
Hook: TypeAlias = Literal["call", "stream", "embed", "attempt", "attempt_stream"]


class Middleware:
    """Passes everything through. Override what you need.

    `call`, `stream` and `embed` stand around a whole call with all its attempts; `attempt` and `attempt_stream` around
    each attempt. A stream is an async generator that must close the one it wraps: `contextlib.aclosing` does it. One
    object may serve any number of LLMs and calls at once.
    """

    def bind(self, target: Target) -> Middleware:
        """Return the middleware for one LLM: this one, unless it must know where the calls go."""
        return self

    def call(self, request: LLMRequest, ctx: LLMContext, call_next: CallNext) -> Awaitable[LLMResponse]:
        """Answer the request, usually by `await call_next(request, ctx)` in an `async def`."""
        return call_next(request, ctx)

    def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        """Answer as events, usually those of `stream_next(request, ctx)`."""
        return stream_next(request, ctx)

    def embed(self, request: EmbeddingRequest, ctx: LLMContext, embed_next: EmbedNext) -> Awaitable[EmbeddingResponse]:
        """Turn texts into vectors, usually by `await embed_next(request, ctx)` in an `async def`."""
        return embed_next(request, ctx)

    def attempt(
        self, request: RequestT, ctx: LLMContext, attempt_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]]
    ) -> Awaitable[ResponseT]:
        """Make one attempt at an answer or at vectors, usually by `await attempt_next(request, ctx)`."""
        return attempt_next(request, ctx)

    def attempt_stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        """Make one attempt at a stream, usually by passing on the events of `stream_next(request, ctx)`."""
        return stream_next(request, ctx)


class AttemptsOnly(Middleware):
    """A middleware without what it has around whole calls: its `attempt` and `attempt_stream` alone."""

    def __init__(self, whole: Middleware) -> None:
        self._whole = whole

    def bind(self, target: Target) -> Middleware:
        whole = self._whole.bind(target)
        hooks: tuple[Hook, ...] = ("attempt", "attempt_stream")
        return AttemptsOnly(whole) if any(overrides(whole, hook) for hook in hooks) else Middleware()

    def attempt(
        self, request: RequestT, ctx: LLMContext, attempt_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]]
    ) -> Awaitable[ResponseT]:
        return self._whole.attempt(request, ctx, attempt_next)

    def attempt_stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        return self._whole.attempt_stream(request, ctx, stream_next)


def overrides(layer: Middleware, hook: Hook) -> bool:
    """Say whether a middleware has a hook of its own."""
    return getattr(type(layer), hook) is not getattr(Middleware, hook)


def compose(middleware: Sequence[Middleware], hook: Hook, innermost: Any) -> Any:
    """Wrap the innermost function in one hook of each that overrides it, the first outermost."""
    for layer in reversed(middleware):
        if overrides(layer, hook):
            innermost = _around(getattr(layer, hook), innermost)
    return innermost


def _around(method: Callable[..., Any], inner: Any) -> Any:
    # A function of its own costs a call less than `functools.partial`.
    return lambda request, ctx: method(request, ctx, inner)
