"""What stands between a call and the vendor: small objects, each around the next."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import TypeAlias, TypeVar

from core.llms.context import LLMContext
from core.llms.types.events import StreamEvent
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse

CallNext: TypeAlias = Callable[[LLMRequest, LLMContext], Awaitable[LLMResponse]]
EventStream: TypeAlias = AsyncGenerator[StreamEvent, None]
StreamNext: TypeAlias = Callable[[LLMRequest, LLMContext], EventStream]
RequestT = TypeVar("RequestT", LLMRequest, EmbeddingRequest)
ResponseT = TypeVar("ResponseT", LLMResponse, EmbeddingResponse)


class Middleware:
    """Passes calls and streams through. Override either or both.

    `stream` returns an async generator that must close the one it wraps: `contextlib.aclosing` does it.
    """

    def call(self, request: LLMRequest, ctx: LLMContext, call_next: CallNext) -> Awaitable[LLMResponse]:
        """Answer the request, usually by `await call_next(request, ctx)` in an `async def`."""
        return call_next(request, ctx)

    def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        """Answer as events, usually those of `stream_next(request, ctx)`."""
        return stream_next(request, ctx)


def compose(middleware: Sequence[Middleware], call: CallNext, stream: StreamNext) -> tuple[CallNext, StreamNext]:
    """Wrap the innermost call and stream, the first middleware outermost."""
    for layer in reversed(middleware):
        call, stream = _around_call(layer, call), _around_stream(layer, stream)
    return call, stream


def _around_call(layer: Middleware, call: CallNext) -> CallNext:
    # A function of its own costs a call less than `functools.partial`.
    return lambda request, ctx: layer.call(request, ctx, call)


def _around_stream(layer: Middleware, stream: StreamNext) -> StreamNext:
    return lambda request, ctx: layer.stream(request, ctx, stream)
