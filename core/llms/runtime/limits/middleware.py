"""`RateLimitMiddleware`: lets each attempt of a call through the limiter, and settles it when it is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING

from core.llms.context import LLMContext
from core.llms.errors import Certainty, LLMError
from core.llms.runtime.failed_usage import usage_of_failure
from core.llms.runtime.limits.meters import Cost
from core.llms.runtime.limits.target_limits import Grant, TargetLimits
from core.llms.runtime.middleware import EventStream, Middleware, RequestT, ResponseT, StreamNext
from core.llms.runtime.target import Target
from core.llms.runtime.tokens.estimates import estimate_input, estimate_usage, find_largest_answer
from core.llms.types.events import StreamFinished
from core.llms.types.parameters import PARAM_N
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse
from core.llms.types.usage import Usage

if TYPE_CHECKING:
    from core.llms.runtime.limits.limiter import RateLimiter

_NOTHING = Cost(0, 0, 0)


class RateLimitMiddleware(Middleware):
    """Holds calls to limits: each attempt at an answer, a stream or vectors waits for its turn.

    One object around several LLMs shares the limiter between them. Raises `LimitReachedError` before anything is sent
    where an attempt cannot pass in time.
    """

    def __init__(self, limiter: RateLimiter) -> None:
        self._limiter = limiter

    def bind(self, target: Target) -> Middleware:
        return _TargetLimiter(self._limiter, target)


class _TargetLimiter(Middleware):
    def __init__(self, limiter: RateLimiter, target: Target) -> None:
        self._limiter = limiter
        self._target = target
        self._limits: TargetLimits = limiter.limits_of(target)

    async def attempt(
        self, request: RequestT, ctx: LLMContext, attempt_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]]
    ) -> ResponseT:
        grant = await self._enter(request, ctx)
        try:
            response = await attempt_next(request, ctx)
        except BaseException as error:
            await self._limits.leave(grant, _cost_of_failure(error, request, ctx, False), ctx.response_headers, error)
            raise
        await self._limits.leave(grant, _cost_of(response, request), ctx.response_headers)
        return response

    async def attempt_stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        grant = await self._enter(request, ctx)
        used: Cost | None = None
        begun = False
        try:
            async with aclosing(stream_next(request, ctx)) as events:
                async for event in events:
                    if not begun:
                        begun = True
                        if ctx.response_headers is not None:
                            await self._limits.learn(grant, ctx.response_headers)
                    if type(event) is StreamFinished:
                        used = _cost_of(event.response, request)
                    yield event
        except BaseException as error:
            used = used or _cost_of_failure(error, request, ctx, begun)
            await self._limits.leave(grant, used, None if begun else ctx.response_headers, error)
            raise
        await self._limits.leave(grant, used or grant.reserved, None)

    def _enter(self, request: LLMRequest | EmbeddingRequest, ctx: LLMContext) -> Awaitable[Grant]:
        limiter, target = self._limiter, self._target
        # Those of an earlier attempt say nothing of this one.
        ctx.response_headers = None
        cost = estimate_attempt(request, target.max_output_tokens, limiter.assumed_output_tokens)
        return self._limits.enter(cost, ctx, target, limiter.tenant(ctx), limiter.priority(ctx))


def estimate_attempt(
    request: LLMRequest | EmbeddingRequest, max_output_tokens: int | None, assumed_output_tokens: int
) -> Cost:
    """Say what an attempt may take: its prompt, and `max_tokens` where the request sets it, for each choice.

    Where it does not, `assumed_output_tokens`, for the largest answer that a model can give is hardly ever given.
    """
    if isinstance(request, EmbeddingRequest):
        return Cost(1, estimate_input(request), 0)
    asked = find_largest_answer(request.params, None)
    if asked is None:
        asked = assumed_output_tokens if max_output_tokens is None else min(assumed_output_tokens, max_output_tokens)
    return Cost(1, estimate_input(request), asked * int(request.params.get(PARAM_N, 1)))


def _cost_of(response: LLMResponse | EmbeddingResponse, request: LLMRequest | EmbeddingRequest) -> Cost:
    usage = response.usage
    if usage.raw is None:
        usage = estimate_usage(request, response if isinstance(response, LLMResponse) else None)
    return _cost_of_usage(usage)


def _cost_of_failure(
    error: BaseException, request: LLMRequest | EmbeddingRequest, ctx: LLMContext, begun: bool
) -> Cost:
    usage, _ = usage_of_failure(error, request, ctx, begun)
    if usage is not None:
        return _cost_of_usage(usage)
    # A vendor counts a request that it refuses.
    refused = isinstance(error, LLMError) and error.certainty is Certainty.REFUSED
    return Cost(1, 0, 0) if refused else _NOTHING


def _cost_of_usage(usage: Usage) -> Cost:
    return Cost(1, usage.input_tokens, usage.output_tokens)
