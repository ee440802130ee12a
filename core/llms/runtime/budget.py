"""Holds a context's money budget: reserves what a call may cost, settles to what it did cost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from decimal import Decimal

from core.llms.context import LLMContext
from core.llms.errors import BudgetExceededError
from core.llms.ledger import MoneyBudget
from core.llms.runtime.middleware import EmbedNext, EventStream, Middleware, RequestT, ResponseT, StreamNext
from core.llms.runtime.target import Target
from core.llms.runtime.tokens.estimates import estimate_highest_cost
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse


class BudgetMiddleware(Middleware):
    """Refuses a call that the context's budget may not cover. Without a budget it costs nothing."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def call(
        self, request: RequestT, ctx: LLMContext, call_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]]
    ) -> Awaitable[ResponseT]:
        """Answer within the budget. Raises `BudgetExceededError` before anything is sent."""
        if ctx.budget is None:
            return call_next(request, ctx)
        return self._call(request, ctx, ctx.budget, call_next)

    def embed(self, request: EmbeddingRequest, ctx: LLMContext, embed_next: EmbedNext) -> Awaitable[EmbeddingResponse]:
        return self.call(request, ctx, embed_next)

    async def _call(
        self,
        request: RequestT,
        ctx: LLMContext,
        budget: MoneyBudget,
        call_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]],
    ) -> ResponseT:
        reserved, earlier = self._reserve(request, budget), len(ctx.attempts)
        try:
            return await call_next(request, ctx)
        finally:
            budget.settle(reserved, _spent(ctx, earlier, reserved))

    def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        """Stream within the budget; an aborted stream settles to its estimate."""
        if ctx.budget is None:
            return stream_next(request, ctx)
        return self._stream(request, ctx, ctx.budget, stream_next)

    async def _stream(
        self, request: LLMRequest, ctx: LLMContext, budget: MoneyBudget, stream_next: StreamNext
    ) -> EventStream:
        reserved, earlier = self._reserve(request, budget), len(ctx.attempts)
        try:
            async with aclosing(stream_next(request, ctx)) as events:
                async for event in events:
                    yield event
        finally:
            budget.settle(reserved, _spent(ctx, earlier, reserved))

    def _reserve(self, request: LLMRequest | EmbeddingRequest, budget: MoneyBudget) -> Decimal:
        try:
            amount = estimate_highest_cost(request, self._target.prices, self._target.max_output_tokens)
            budget.reserve(amount)
        except BudgetExceededError as error:
            error.provider, error.model = self._target.provider, self._target.model
            raise
        return amount


def _spent(ctx: LLMContext, earlier: int, reserved: Decimal) -> Decimal:
    # An attempt that was charged at an unknown price counts with the whole reservation.
    attempts = ctx.attempts[earlier:]
    known = sum((attempt.cost for attempt in attempts if attempt.cost is not None), Decimal(0))
    unknown = any(attempt.usage is not None and attempt.cost is None for attempt in attempts)
    return max(known, reserved) if unknown else known
