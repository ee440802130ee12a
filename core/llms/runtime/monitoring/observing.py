"""`MonitoringMiddleware`: tells observers of every call that is over."""

from __future__ import annotations

import logging
from contextlib import aclosing
from copy import copy
from datetime import UTC, datetime
from time import monotonic, time

from core.llms.context import LLMContext
from core.llms.runtime.middleware import CallNext, EmbedNext, EventStream, Middleware, StreamNext
from core.llms.runtime.monitoring.call_record import CallObserver, CallRecord, Operation, outcome_of
from core.llms.runtime.target import Target
from core.llms.types.caching import CacheHit
from core.llms.types.events import StreamFinished
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse

_LOG = logging.getLogger("core.llms.monitoring")
_NOWHERE = Target("", "")


class MonitoringMiddleware(Middleware):
    """Tells each observer of each call, stream and embedding, with its attempts, when it is over.

    Put it outermost. `CallStatistics`, `CallLog` and the usage writer are observers; one of your own is any object with
    `observe(record)`. One that an LLM and its stand-ins share is told of a call once, by the LLM that was asked.
    """

    def __init__(self, *observers: CallObserver) -> None:
        self._observers = observers
        self._target = _NOWHERE

    def bind(self, target: Target) -> MonitoringMiddleware:
        bound = copy(self)
        bound._target = target
        return bound

    async def call(self, request: LLMRequest, ctx: LLMContext, call_next: CallNext) -> LLMResponse:
        watch = CallWatch(self._target, "chat", request.model, ctx)
        audience = _Audience(self._observers, ctx)
        try:
            response = await call_next(request, ctx)
        except BaseException as error:
            audience.tell(watch.end(error=error))
            raise
        audience.tell(watch.end(response))
        return response

    async def embed(self, request: EmbeddingRequest, ctx: LLMContext, embed_next: EmbedNext) -> EmbeddingResponse:
        watch = CallWatch(self._target, "embeddings", request.model, ctx)
        audience = _Audience(self._observers, ctx)
        try:
            response = await embed_next(request, ctx)
        except BaseException as error:
            audience.tell(watch.end(error=error))
            raise
        audience.tell(watch.end(response))
        return response

    async def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        watch = CallWatch(self._target, "chat", request.model, ctx, streamed=True)
        audience = _Audience(self._observers, ctx)
        try:
            async with aclosing(stream_next(request, ctx)) as events:
                async for event in events:
                    watch.note_event()
                    if type(event) is StreamFinished:
                        audience.tell(watch.end(event.response))
                    yield event
        except BaseException as error:
            if not watch.ended:
                audience.tell(watch.end(error=error))
            raise


class _Audience:
    """Who is told of one call: those observers whom no layer further out tells of it."""

    __slots__ = ("_ctx", "_observers", "_outer")

    def __init__(self, observers: tuple[CallObserver, ...], ctx: LLMContext) -> None:
        self._ctx, self._outer = ctx, ctx.observers
        if self._outer:
            observers = tuple(one for one in observers if not any(one is other for other in self._outer))
        self._observers = observers
        ctx.observers = self._outer + observers

    def tell(self, record: CallRecord) -> None:
        self._ctx.observers = self._outer
        for observer in self._observers:
            try:
                observer.observe(record)
            except Exception:  # noqa: BLE001 - an observer that fails must not fail the call
                _LOG.exception("%s failed to take note of a call", type(observer).__name__)


class CallWatch:
    """Times one call and says at its end what it was."""

    __slots__ = (
        "_arguments", "_began_at", "_begin", "_ctx", "_earlier", "_earlier_hits", "_first_event_seconds", "ended",
    )  # fmt: skip

    def __init__(
        self, target: Target, operation: Operation, model: str, ctx: LLMContext, *, streamed: bool = False
    ) -> None:
        self._arguments = (target, operation, streamed, model)
        self._ctx = ctx
        self._earlier = len(ctx.attempts)
        self._earlier_hits = len(ctx.cache_hits)
        self._first_event_seconds: float | None = None
        self._began_at = time()
        self._begin = monotonic()
        self.ended = False

    @property
    def seconds(self) -> float:
        """Seconds since the call began."""
        return monotonic() - self._begin

    def note_event(self) -> None:
        """Note that an event came; only the first one's time is kept."""
        if self._first_event_seconds is None:
            self._first_event_seconds = monotonic() - self._begin

    def end(
        self, response: LLMResponse | EmbeddingResponse | None = None, error: BaseException | None = None
    ) -> CallRecord:
        """Say what the call was."""
        self.ended = True
        attempts = self._ctx.attempts
        return CallRecord(
            *self._arguments,
            "ok" if error is None else outcome_of(error),
            datetime.fromtimestamp(self._began_at, UTC),
            monotonic() - self._begin,
            self._first_event_seconds,
            tuple(attempts[self._earlier :] if self._earlier else attempts),
            self._ctx,
            response,
            error,
            self._find_hit(response),
        )

    def _find_hit(self, response: LLMResponse | EmbeddingResponse | None) -> CacheHit | None:
        # A stream that is left out of a cache has no response that could say so.
        if response is not None:
            return response.cache
        hits = self._ctx.cache_hits[self._earlier_hits :]
        return hits[-1] if hits else None
