"""The cache of equal requests, as middleware around calls, streams and embeddings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

from core.llms.context import LLMContext
from core.llms.errors import ConfigurationError
from core.llms.runtime.caching.flights import Flights
from core.llms.runtime.caching.keys import make_key
from core.llms.runtime.caching.memory import MemoryCacheStore
from core.llms.runtime.caching.policy import CachePolicy
from core.llms.runtime.caching.sharing import CacheSharing
from core.llms.runtime.caching.shelf import Cipher, Shelf
from core.llms.runtime.caching.statistics import CacheStatistics, Counters
from core.llms.runtime.caching.store import CacheStore
from core.llms.runtime.caching.turn import Desk, Turn
from core.llms.runtime.middleware import (
    EmbedNext,
    EventStream,
    Middleware,
    RequestT,
    ResponseT,
    StreamNext,
)
from core.llms.runtime.target import Target
from core.llms.types.events import StreamFinished
from core.llms.types.replay import replay_events
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse

_SHARING = CacheSharing()
_POLICY = CachePolicy()


class CacheMiddleware(Middleware):
    """Answers an equal request out of a store: whole, as a stream, and embeddings.

    `store` is a `MemoryCacheStore` of its own where none is given; one that you give stays yours to close.
    `ttl_seconds` is how long an answer is kept, None for as long as the store does. `namespace` keeps tenants apart: a
    name, or a function of the context. Another `version` leaves behind all that was kept before. `sharing` says how
    equal calls at the same time wait for one of them; None lets each go out. `keep_raw=False` drops `response.raw`,
    which is about half of an entry. `cipher` (a `Fernet`, say) encrypts what is kept. A store that takes longer than
    `store_timeout_seconds`, or fails, is done without.

    One object may serve any number of LLMs; what it does is in `statistics`.
    """

    def __init__(
        self,
        store: CacheStore | None = None,
        *,
        ttl_seconds: float | None = 3600.0,
        policy: CachePolicy = _POLICY,
        sharing: CacheSharing | None = _SHARING,
        namespace: str | Callable[[LLMContext], str] = "",
        version: str = "",
        keep_raw: bool = True,
        cipher: Cipher | None = None,
        store_timeout_seconds: float = 0.5,
    ) -> None:
        check_positive(ttl_seconds=ttl_seconds, store_timeout_seconds=store_timeout_seconds)
        self._counters = Counters()
        kept_in = MemoryCacheStore() if store is None else store
        self._shelf = Shelf(kept_in, self._counters, store_timeout_seconds, keep_raw, cipher)
        self._desk = Desk(self._shelf, policy, sharing, ttl_seconds, Flights())
        self._namespace = namespace
        self._version = version

    @property
    def store(self) -> CacheStore:
        """Where the answers are kept."""
        return self._shelf.store

    @property
    def statistics(self) -> CacheStatistics:
        """What the cache did so far, for all LLMs that use it."""
        return self._counters.snapshot()

    def bind(self, target: Target) -> Middleware:
        return _BoundCache(self, target)

    def begin(self, target: Target, request: LLMRequest | EmbeddingRequest, ctx: LLMContext) -> Turn[Any] | None:
        """Begin a call's way through the cache; None for one that does not use it."""
        skipped = ctx.cache is not None and ctx.cache.mode == "bypass"
        if not skipped and (not isinstance(request, LLMRequest) or self._desk.policy.takes(request)):
            namespace = self._namespace if isinstance(self._namespace, str) else self._namespace(ctx)
            try:
                key = make_key(request, target, namespace, self._version)
                return Turn(self._desk, target, key, request, ctx)
            except (TypeError, ValueError) as error:
                self._shelf.complain("key", "a request has no key, and goes out without the cache", error)
        self._counters.count("bypassed")
        return None


class _BoundCache(Middleware):
    """A cache in front of one LLM."""

    def __init__(self, cache: CacheMiddleware, target: Target) -> None:
        self._cache = cache
        self._target = target

    async def call(
        self, request: RequestT, ctx: LLMContext, call_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]]
    ) -> ResponseT:
        turn: Turn[ResponseT] | None = self._cache.begin(self._target, request, ctx)
        if turn is None:
            return await call_next(request, ctx)
        async with turn:
            if turn.answer is not None:
                return turn.answer
            answer = await call_next(request, ctx)
            await turn.keep(answer)
            return answer

    def embed(self, request: EmbeddingRequest, ctx: LLMContext, embed_next: EmbedNext) -> Awaitable[EmbeddingResponse]:
        return self.call(request, ctx, embed_next)

    async def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        turn = self._cache.begin(self._target, request, ctx)
        if turn is None:
            async with aclosing(stream_next(request, ctx)) as events:
                async for event in events:
                    yield event
            return
        async with turn:
            if turn.answer is not None:
                for event in replay_events(turn.answer):
                    yield event
                return
            async with aclosing(stream_next(request, ctx)) as events:
                async for event in events:
                    if type(event) is StreamFinished:
                        await turn.keep(event.response)
                    yield event


def check_positive(**seconds: float | None) -> None:
    """Raise `ConfigurationError` for a number of seconds that is none; None passes."""
    for name, value in seconds.items():
        if value is not None and not value > 0:
            raise ConfigurationError(f"`{name}` must be a positive number, not {value!r}")
