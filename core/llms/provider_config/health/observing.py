"""`LiveHealthMiddleware`: tells `LiveHealth` of every attempt at the provider of one configuration."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from core.llms.context import LLMContext
from core.llms.runtime.middleware import EventStream, Middleware, RequestT, ResponseT, StreamNext
from core.llms.types.events import StreamFinished
from core.llms.types.request import LLMRequest


class CallObserver(Protocol):
    """Who is told of calls, and must not block."""

    def observe(self, config_id: int, seconds: float, error: Exception | None = None) -> None:
        """Take note of a call that is over."""
        ...


@dataclass(frozen=True)
class LiveHealthMiddleware(Middleware):
    """Stands around each attempt. What is answered out of a cache, or cancelled, is no attempt that ended."""

    observer: CallObserver
    config_id: int

    async def attempt(
        self, request: RequestT, ctx: LLMContext, attempt_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]]
    ) -> ResponseT:
        begun = monotonic()
        try:
            response = await attempt_next(request, ctx)
        except Exception as error:
            self.observer.observe(self.config_id, monotonic() - begun, error)
            raise
        self.observer.observe(self.config_id, monotonic() - begun)
        return response

    async def attempt_stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        begun = monotonic()
        first: float | None = None
        try:
            async with aclosing(stream_next(request, ctx)) as events:
                async for event in events:
                    if first is None:
                        first = monotonic() - begun
                    # Whoever has the last event may ask for no more.
                    if type(event) is StreamFinished:
                        self.observer.observe(self.config_id, first)
                    yield event
        except Exception as error:
            self.observer.observe(self.config_id, monotonic() - begun, error)
            raise
