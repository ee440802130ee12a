"""The cache of similar questions: what the last user message means is compared, all else has to be equal."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

from core.llms.context import LLMContext
from core.llms.errors import ConfigurationError
from core.llms.runtime.caching.keys import digest, make_key
from core.llms.runtime.caching.memory import MemoryCacheStore
from core.llms.runtime.caching.middleware import check_positive
from core.llms.runtime.caching.policy import CachePolicy
from core.llms.runtime.caching.shelf import Cipher, Shelf
from core.llms.runtime.caching.statistics import CacheStatistics, Counters
from core.llms.runtime.caching.store import CacheStore
from core.llms.runtime.caching.turn import choose_ttl, present_hit
from core.llms.runtime.caching.vector_index import VectorIndex, normalise
from core.llms.runtime.middleware import CallNext, EventStream, Middleware, StreamNext
from core.llms.runtime.target import Target
from core.llms.types.content import TextPart
from core.llms.types.events import StreamFinished
from core.llms.types.messages import ToolMessage, UserMessage
from core.llms.types.replay import replay_events
from core.llms.types.request import LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse, seal_response

_POLICY = CachePolicy()
_LONGEST_SECONDS = 60.0
_NO_PRICE = "what the embedding of the question cost is not known"


class Embedder(Protocol):
    """An LLM that makes embeddings."""

    async def embed(self, texts: str, ctx: LLMContext | None = None) -> EmbeddingResponse:
        """Return the text's vector as the first of `vectors`."""


EmbedFunction: TypeAlias = Callable[[str], Awaitable[Sequence[float]]]


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked: the text, whose meaning is compared, and the key of all else."""

    context: str
    text: str
    direction: array[float]
    cost: Decimal | None

    @property
    def key(self) -> str:
        """Where its answer is kept."""
        return digest(["semantic", self.context, self.text])


class SemanticCache(Middleware):
    """Answers a question that means nearly the same as an earlier one with that one's answer.

    `embed` is an LLM with `embed`, whose cost is entered in the context's ledger and held to its budget, or an async
    function from a text to its vector. Compared is the last user message alone, by the cosine of the two vectors:
    `threshold` is how near it must be, from 0 to 1. All before it, the model, its parameters and its tools have to be
    equal. Messages with media and conversations with tools pass by unless `media` or `tools` says otherwise; media
    then has to be equal.

    The index is in this process, `max_entries` questions at the most; answers are in `store`. `namespace`, `version`,
    `policy`, `ttl_seconds`, `cipher` and `store_timeout_seconds` are as those of `CacheMiddleware`. Where no vector can
    be had the call goes out.
    """

    def __init__(
        self,
        embed: Embedder | EmbedFunction,
        threshold: float = 0.95,
        *,
        store: CacheStore | None = None,
        ttl_seconds: float | None = 3600.0,
        max_entries: int = 1000,
        media: bool = False,
        tools: bool = False,
        policy: CachePolicy = _POLICY,
        namespace: str | Callable[[LLMContext], str] = "",
        version: str = "",
        cipher: Cipher | None = None,
        store_timeout_seconds: float = 0.5,
    ) -> None:
        check_positive(ttl_seconds=ttl_seconds, store_timeout_seconds=store_timeout_seconds)
        if not 0 < threshold <= 1:
            raise ConfigurationError(f"`threshold` is a cosine above 0 and up to 1, not {threshold!r}")
        if max_entries < 1:
            raise ConfigurationError(f"`max_entries` must be at least 1, not {max_entries}")
        self._embed = embed
        self._threshold = threshold
        self._ttl_seconds = ttl_seconds
        self._media = media
        self._tools = tools
        self._policy = policy
        self._namespace = namespace
        self._version = version
        self._counters = Counters()
        kept_in = MemoryCacheStore(max_entries=max_entries) if store is None else store
        self._shelf = Shelf(kept_in, self._counters, store_timeout_seconds, cipher=cipher)
        self._index = VectorIndex(max_entries)

    @property
    def statistics(self) -> CacheStatistics:
        """What the cache did so far, for all LLMs that use it; vectors that could not be had are among its errors."""
        return self._counters.snapshot()

    def bind(self, target: Target) -> Middleware:
        return _BoundSemanticCache(self, target)

    async def ask(self, target: Target, request: LLMRequest, ctx: LLMContext) -> _Question | None:
        """Return the question with its vector, None for a call that does not use the cache."""
        bypassed = ctx.cache is not None and ctx.cache.mode == "bypass"
        split = None if bypassed or not self._policy.takes(request) else self._split(request)
        question = None
        if split is not None:
            text, rest = split
            try:
                namespace = self._namespace if isinstance(self._namespace, str) else self._namespace(ctx)
                context = make_key(rest, target, namespace, self._version)
                direction, cost = await self._vector(text, ctx)
                question = _Question(context, text, direction, cost)
            except Exception as error:  # noqa: BLE001 - the function is the caller's; without a vector the call goes out
                self._shelf.complain("embed", "a question has no vector or no key, and goes out", error)
        if question is None:
            self._counters.count("bypassed")
        return question

    async def look_up(self, question: _Question, request: LLMRequest, ctx: LLMContext) -> LLMResponse | None:
        """Return the answer to a similar question."""
        mode = "use" if ctx.cache is None else ctx.cache.mode
        answer = None if mode == "refresh" else await self._find(question, request, ctx)
        if answer is None:
            self._counters.count("misses")
        return answer

    async def _find(self, question: _Question, request: LLMRequest, ctx: LLMContext) -> LLMResponse | None:
        nearest = self._index.nearest(question.context, question.direction)
        # The sum of many products is as exact as floats are: equal texts come out at 1 less some of its last digits.
        if nearest is None or nearest[1] < self._threshold - 1e-9:
            return None
        key, similarity = nearest
        found = await self._shelf.fetch(key, ctx.remaining_seconds)
        if found is None:
            self._index.remove(key)
            return None
        entry = found[1]
        if not isinstance(entry.answer, LLMResponse) or not self._policy.keeps(entry.answer, ctx.options):
            return None
        hit = self._shelf.describe(key, entry, similarity=similarity)
        present_hit(entry.answer, hit, request, ctx, question.cost)
        if question.cost is None:
            seal_response(entry.answer, cost_unknown_reason=_NO_PRICE)
        return entry.answer

    async def keep(self, question: _Question, response: LLMResponse, request: LLMRequest, ctx: LLMContext) -> None:
        """Keep an answer, if it is worth it."""
        if not self._policy.keeps(response, ctx.options):
            return
        data = self._shelf.encode(response, request.warnings)
        if data is not None:
            ttl_seconds = choose_ttl(ctx, self._ttl_seconds)
            await self._shelf.put(question.key, data, ttl_seconds)
            self._index.add(question.context, question.key, question.direction, ttl_seconds)

    async def _vector(self, text: str, ctx: LLMContext) -> tuple[array[float], Decimal | None]:
        embed: Any = getattr(self._embed, "embed", None)
        if embed is None:
            function: Any = self._embed
            async with asyncio.timeout(min(ctx.remaining_seconds, _LONGEST_SECONDS)):
                return normalise(await function(text)), Decimal(0)
        # The call's own deadline, ledger and budget hold; its cache control does not concern the embedding.
        of_embedding = ctx.for_call(ctx.remaining_seconds)
        of_embedding.cache = None
        response: EmbeddingResponse = await embed(text, of_embedding)
        return normalise(response.vectors[0]), response.cost

    def _split(self, request: LLMRequest) -> tuple[str, LLMRequest] | None:
        """Part the question's text from all else; None for what is not compared by its meaning."""
        last = request.messages[-1]
        if not isinstance(last, UserMessage) or not last.text.strip():
            return None
        if not self._tools and (request.tools or any(isinstance(message, ToolMessage) for message in request.messages)):
            return None
        if not self._media and not all(
            isinstance(part, TextPart) for message in request.messages for part in _parts_of_user(message)
        ):
            return None
        others = tuple(part for part in last.parts if not isinstance(part, TextPart))
        return last.text, replace(request, messages=(*request.messages[:-1], replace(last, content=others)))


def _parts_of_user(message: Any) -> tuple[Any, ...]:
    return message.parts if isinstance(message, UserMessage) else ()


class _BoundSemanticCache(Middleware):
    """A semantic cache in front of one LLM."""

    def __init__(self, cache: SemanticCache, target: Target) -> None:
        self._cache = cache
        self._target = target

    async def call(self, request: LLMRequest, ctx: LLMContext, call_next: CallNext) -> LLMResponse:
        question = await self._cache.ask(self._target, request, ctx)
        if question is None:
            return await call_next(request, ctx)
        answer = await self._cache.look_up(question, request, ctx)
        if answer is None:
            answer = await call_next(request, ctx)
            await self._cache.keep(question, answer, request, ctx)
        return answer

    async def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        question = await self._cache.ask(self._target, request, ctx)
        answer = None if question is None else await self._cache.look_up(question, request, ctx)
        if answer is not None:
            for event in replay_events(answer):
                yield event
            return
        async with aclosing(stream_next(request, ctx)) as events:
            async for event in events:
                if question is not None and type(event) is StreamFinished:
                    await self._cache.keep(question, event.response, request, ctx)
                yield event
