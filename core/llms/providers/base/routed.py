"""LLMs that ask others, too: fallbacks, and loads shared out over several."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import Any, NoReturn, Self, TypeVar

from core.llms.context import LLMContext
from core.llms.errors import ConfigurationError, InvalidRequestError
from core.llms.providers.base.answering import AnsweringLLM
from core.llms.providers.base.structured import plan_answer
from core.llms.runtime.breaker import BreakerMiddleware
from core.llms.runtime.hedging import HedgeMiddleware, HedgePolicy
from core.llms.runtime.middleware import CallNext, EventStream, Hook, Middleware, StreamNext, compose
from core.llms.runtime.routing.members import ByWeight, InOrder, Member, Order
from core.llms.runtime.routing.policy import FallbackPolicy, RoomGauge
from core.llms.runtime.routing.route import RouteMiddleware
from core.llms.runtime.target import Target
from core.llms.types.messages import Message
from core.llms.types.options import AnswerOptions
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse


class RoutedLLM(AnsweringLLM):
    """What an LLM does beside others: it leads a route, or is one of its targets.

    A route has leases of its own in the connectors of all its LLMs, and gives them back when it is closed or dropped;
    the LLMs it was made of stay open, and their callers' to close.
    """

    def with_fallback(self, *others: RoutedLLM, policy: FallbackPolicy | None = None) -> Self:
        """Return an LLM that asks the others, in their order, where this one fails.

        They may be of any model, key, region and provider: each renders and validates the call for itself. What
        another one does not take is said in `response.warnings`, and it is left out. Raises `AllTargetsFailedError`
        where several failed, else the one's own error.
        """
        if not others:
            raise ConfigurationError("`with_fallback` needs at least one other LLM")
        return self._lead(others, InOrder(), policy or FallbackPolicy(), [1.0] * (len(others) + 1))

    def with_hedging(self, policy: HedgePolicy | None = None) -> Self:
        """Return an LLM that sends a call a second time where it takes longer than nearly all before it.

        The first whole answer is taken, the other one cancelled; both are paid for, and recorded. Streams and
        embeddings are not sent twice. On a route it holds for each target by itself.
        """
        chosen = policy or HedgePolicy()
        clone = self.with_middleware()
        routes = (route.map_others(lambda llm: llm.with_hedging(chosen)) for route in clone._routes)
        clone._inner = (*routes, HedgeMiddleware(chosen, clone.target))
        clone._compose(clone._middleware)
        return clone

    def _lead(
        self, others: Sequence[RoutedLLM], order: Order, policy: FallbackPolicy, weights: Sequence[float]
    ) -> Self:
        for other in others:
            if not isinstance(other, RoutedLLM):
                raise ConfigurationError(f"a route goes over LLMs, not {type(other).__name__}")
        breaker = None if policy.breaker is None else BreakerMiddleware(policy.breaker)
        clone = self._with_breaker(breaker)
        members = [Member(self.target, self.metadata, None, weights[0], len(self.targets))]
        for other, weight in zip(others, weights[1:], strict=True):
            llm = other._with_breaker(breaker)
            members.append(Member(llm.target, llm.metadata, llm, weight, len(llm.targets)))
        clone._inner = (RouteMiddleware(members, order, policy, self._retry), *clone._inner)
        clone._compose(clone._middleware)
        return clone

    def _with_breaker(self, breaker: BreakerMiddleware | None) -> Self:
        has_one = any(isinstance(layer, BreakerMiddleware) for layer in self._middleware)
        return self.with_middleware() if breaker is None or has_one else self.with_middleware(breaker)

    @property
    def _routes(self) -> list[RouteMiddleware]:
        return [layer for layer in self._inner if isinstance(layer, RouteMiddleware)]

    @property
    def targets(self) -> tuple[Target, ...]:
        """Where calls may go: its own target first, then those of a route's others."""
        others = (llm for route in self._routes for llm in route.others)
        return (self.target, *(target for llm in others for target in llm.targets))

    def _renew_inner(self, middleware: Sequence[Middleware]) -> tuple[Middleware, ...]:
        return tuple(layer.renew(middleware) if isinstance(layer, RouteMiddleware) else layer for layer in self._inner)

    def embed_within(self, call: LLMContext, request: EmbeddingRequest) -> Awaitable[EmbeddingResponse]:
        """Turn the texts of a request for the same model into vectors, within a call that has begun."""
        return self._embed(replace(request, model=self.model), call)

    async def _answer_elsewhere(
        self, call: LLMContext, messages: tuple[Message, ...], options: AnswerOptions, refusal: InvalidRequestError
    ) -> LLMResponse:
        request = self._build_elsewhere(messages, options, refusal, stream=False)
        answer: CallNext = self._compose_refusing("call", refusal)
        return await answer(request, call)

    def _stream_elsewhere(
        self, call: LLMContext, messages: tuple[Message, ...], options: AnswerOptions, refusal: InvalidRequestError
    ) -> EventStream:
        request = self._build_elsewhere(messages, options, refusal, stream=True)
        stream: StreamNext = self._compose_refusing("stream", refusal)
        return stream(request, call)

    def _compose_refusing(self, hook: Hook, refusal: InvalidRequestError) -> Any:
        """Compose what stands around the targets, for a call that the first of them refuses."""

        def refuse(request: LLMRequest, ctx: LLMContext) -> NoReturn:
            raise refusal

        return compose([*(layer.bind(self.target) for layer in self._middleware), *self._routes], hook, refuse)

    def request_within(
        self, messages: tuple[Message, ...], options: AnswerOptions, *, stream: bool = False
    ) -> LLMRequest:
        """Build the request that the first target which takes it would send. Raises `InvalidRequestError`."""
        try:
            return self._build(messages, options, plan_answer(options, self.metadata), stream=stream)
        except InvalidRequestError as refusal:
            return self._build_elsewhere(messages, options, refusal, stream=stream)

    def _build_elsewhere(
        self, messages: tuple[Message, ...], options: AnswerOptions, refusal: InvalidRequestError, *, stream: bool
    ) -> LLMRequest:
        for route in self._routes:
            for llm in route.others:
                try:
                    return llm.request_within(messages, options, stream=stream)
                except InvalidRequestError:
                    continue
        raise refusal

    async def aclose(self) -> None:
        """Give the connectors back, those of a route's LLMs too; callers' own connectors stay open."""
        try:
            await super().aclose()
        finally:
            for route in self._routes:
                for llm in route.others:
                    await llm.aclose()


LLMT = TypeVar("LLMT", bound=RoutedLLM)


def balance(
    first: LLMT,
    *others: RoutedLLM,
    weights: Sequence[float] | None = None,
    policy: FallbackPolicy | None = None,
    gauge: RoomGauge | None = None,
) -> LLMT:
    """Return an LLM that shares its calls out over several: keys, regions or deployments, of one model or of many.

    Those that said 429 rest until they said they would answer; of the others the one with the fewest calls under way
    for its weight is asked, then whose turn it is. Where one fails the next is asked, as `with_fallback` does, without
    patience by default. `gauge` tells which have room. Middleware around the first LLM's calls is around all.
    """
    weights = [1.0] * (1 + len(others)) if weights is None else list(weights)
    if len(weights) != 1 + len(others) or any(not 0 < weight < float("inf") for weight in weights):
        raise ConfigurationError("`weights` must be positive numbers, one for each LLM")
    return first._lead(others, ByWeight(gauge), policy or FallbackPolicy(patience_seconds=0.0), weights)
