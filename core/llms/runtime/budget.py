"""Holds a context's own budgets: reserves what a call may consume, settles to what it did consume.

Budgets of users, tags, models and time are in `budgets`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import aclosing

from core.llms.context import LLMContext
from core.llms.errors import BudgetExceededError
from core.llms.runtime.budgets.amounts import estimate_attempt, sum_attempts
from core.llms.runtime.middleware import EmbedNext, EventStream, Middleware, RequestT, ResponseT, StreamNext
from core.llms.runtime.target import Target
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse
from core.llms.types.spending import NO_USD, NOTHING, Amount


class BudgetMiddleware(Middleware):
    """Refuses a call that the context's budgets may not cover. Without a budget it costs nothing."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def call(
        self, request: RequestT, ctx: LLMContext, call_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]]
    ) -> Awaitable[ResponseT]:
        """Answer within the budgets. Raises `BudgetExceededError` before anything is sent."""
        if ctx.budget is None and ctx.token_budget is None:
            return call_next(request, ctx)
        return self._call(request, ctx, call_next)

    def embed(self, request: EmbeddingRequest, ctx: LLMContext, embed_next: EmbedNext) -> Awaitable[EmbeddingResponse]:
        return self.call(request, ctx, embed_next)

    async def _call(
        self, request: RequestT, ctx: LLMContext, call_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]]
    ) -> ResponseT:
        held = _Held(ctx, self._reserve(request, ctx))
        try:
            return await call_next(request, ctx)
        finally:
            held.end()

    def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        """Stream within the budgets; an aborted stream settles to its estimate."""
        if ctx.budget is None and ctx.token_budget is None:
            return stream_next(request, ctx)
        return self._stream(request, ctx, stream_next)

    async def _stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        held = _Held(ctx, self._reserve(request, ctx))
        try:
            async with aclosing(stream_next(request, ctx)) as events:
                async for event in events:
                    yield event
        finally:
            held.end()

    def _reserve(self, request: LLMRequest | EmbeddingRequest, ctx: LLMContext) -> Amount:
        money, tokens = ctx.budget is not None, ctx.token_budget is not None
        amount = estimate_attempt(request, self._target, money=money, tokens=tokens)
        try:
            _reserve(ctx, amount)
        except BudgetExceededError as error:
            error.provider, error.model = self._target.provider, self._target.model
            raise
        return amount


class _Held:
    """What a call holds of its context's budgets: enough for the attempt that is under way."""

    __slots__ = ("_amount", "_before", "_ctx", "_earlier", "_estimate")

    def __init__(self, ctx: LLMContext, reserved: Amount) -> None:
        self._ctx = ctx
        self._estimate = self._amount = reserved
        self._earlier = len(ctx.attempts)
        self._before = ctx.renew_reservation
        ctx.renew_reservation = self.renew

    def renew(self) -> None:
        """Book what the attempts consumed, and reserve for another. Raises `BudgetExceededError`."""
        self._settle()
        _reserve(self._ctx, self._estimate)
        self._amount = self._estimate

    def end(self) -> None:
        """Book what the attempts consumed, and give the rest back."""
        self._ctx.renew_reservation = self._before
        self._settle()

    def _settle(self) -> None:
        _settle(self._ctx, self._earlier, self._amount)
        self._earlier, self._amount = len(self._ctx.attempts), NOTHING


def _reserve(ctx: LLMContext, amount: Amount) -> None:
    if ctx.budget is not None:
        ctx.budget.reserve(amount.usd)
    if ctx.token_budget is not None:
        try:
            ctx.token_budget.reserve(amount.tokens)
        except BudgetExceededError:
            if ctx.budget is not None:
                ctx.budget.settle(amount.usd, NO_USD)
            raise


def _settle(ctx: LLMContext, earlier: int, reserved: Amount) -> None:
    # An attempt that was charged at an unknown price counts with the whole reservation.
    spent = sum_attempts(ctx.attempts[earlier:], reserved)
    if ctx.budget is not None:
        ctx.budget.settle(reserved.usd, spent.usd)
    if ctx.token_budget is not None:
        ctx.token_budget.settle(reserved.tokens, spent.tokens)
