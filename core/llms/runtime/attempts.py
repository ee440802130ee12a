"""The one owner of retries: every attempt of a call is made, timed, priced and recorded here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from decimal import Decimal
from time import monotonic
from typing import TypeVar

from core.llms.context import AttemptPlan, LLMContext
from core.llms.errors import (
    APIError,
    BudgetExceededError,
    CacheMissError,
    LLMError,
    ProtocolError,
    StreamInterruptedError,
)
from core.llms.runtime.failed_usage import usage_of_failure
from core.llms.runtime.middleware import EmbedNext, EventStream, Middleware, RequestT, ResponseT, StreamNext
from core.llms.runtime.retry import RetryPlan, RetryPolicy
from core.llms.runtime.target import Target
from core.llms.types.costs import compute_cost
from core.llms.types.events import StreamEvent, StreamFinished, StreamStarted
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import Attempt, EmbeddingResponse, seal_response

T = TypeVar("T")
_NO_USAGE: tuple[Decimal | None, str | None] = (None, "the vendor did not say what the call consumed")


class AttemptsMiddleware(Middleware):
    """Tries a call until it succeeds or the policy, the retry budget or the deadline says no.

    A stream is tried again only while none of its events reached the caller; after that a failure is a
    `StreamInterruptedError` with what arrived.
    """

    def __init__(self, target: Target, policy: RetryPolicy) -> None:
        self._target = target
        self._retry_budget = target.retry_budget
        self._policy = policy

    async def call(
        self, request: RequestT, ctx: LLMContext, call_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]]
    ) -> ResponseT:
        """Answer, with every attempt recorded in the context's ledger and in `response.attempts`."""
        if ctx.cache is not None:
            self._require_leave(ctx)
        begin = monotonic()
        try:
            response = await call_next(request, ctx)
        except LLMError as error:
            self._record_failure(error, request, ctx, begin)
            return await self._try_again(error, request, ctx, call_next)
        except asyncio.CancelledError as error:
            self._record_failure(error, request, ctx, begin)
            raise
        if (budget := self._retry_budget).tokens < budget.CAPACITY:
            budget.deposit()
        return self._succeed(response, request, ctx, begin)

    def _require_leave(self, ctx: LLMContext) -> None:
        # Behind all caches, so that each was asked; where there is none, nothing is sent either.
        if ctx.cache is not None and ctx.cache.mode == "only":
            raise CacheMissError(
                "the cache has no answer to this, and it alone was to be asked",
                provider=self._target.provider,
                model=self._target.model,
            )

    async def _try_again(
        self,
        error: LLMError,
        request: RequestT,
        ctx: LLMContext,
        call_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]],
    ) -> ResponseT:
        plan = self._plan(ctx)
        while True:
            await self._wait_or_raise(plan, error, ctx)
            begin = monotonic()
            try:
                response = await call_next(request, ctx)
            except LLMError as next_error:
                error = next_error
                self._record_failure(error, request, ctx, begin)
                continue
            except asyncio.CancelledError as cancelled:
                self._record_failure(cancelled, request, ctx, begin)
                raise
            return self._succeed(response, request, ctx, begin)

    def embed(self, request: EmbeddingRequest, ctx: LLMContext, embed_next: EmbedNext) -> Awaitable[EmbeddingResponse]:
        return self.call(request, ctx, embed_next)

    async def repeat(self, operation: Callable[[], Awaitable[T]], ctx: LLMContext) -> T:
        """Do something that costs nothing (a model list, say), tried again by the same rules."""
        plan = RetryPlan(self._policy, self._retry_budget, ctx.deadline_monotonic)
        while True:
            try:
                return await operation()
            except LLMError as error:
                await self._wait_or_raise(plan, error, ctx)

    def _plan(self, ctx: LLMContext) -> AttemptPlan:
        # A route has one plan for the attempts at all of its targets.
        return ctx.plan or RetryPlan(self._policy, self._retry_budget, ctx.deadline_monotonic)

    async def _wait_or_raise(self, plan: AttemptPlan, error: LLMError, ctx: LLMContext) -> None:
        delay = plan.next_delay(error)
        if delay is None or not _may_spend_again(ctx, error):
            error.attempts = tuple(ctx.attempts)
            raise error
        ctx.fresh_connection = delay == 0.0
        ctx.was_sent = False
        await asyncio.sleep(delay)

    async def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        """Answer as events; the last one is `StreamFinished` with the sealed response.

        `StreamStarted` is held back until an event with content comes, so that an error in between can be retried.
        """
        self._require_leave(ctx)
        plan: AttemptPlan | None = None
        while True:
            begin = monotonic()
            delivered = finished = False
            held: StreamEvent | None = None
            try:
                async with aclosing(stream_next(request, ctx)) as events:
                    async for event in events:
                        if not delivered:
                            if held is None and type(event) is StreamStarted:
                                held = event
                                continue
                            delivered = True
                            if held is not None:
                                yield held
                        if type(event) is StreamFinished:
                            finished = True
                            self._succeed(event.response, request, ctx, begin)
                        yield event
                if plan is None:
                    self._retry_budget.deposit()
                return
            except LLMError as error:
                self._record_failure(error, request, ctx, begin, delivered)
                if delivered:
                    raise self._interrupted(error, ctx) from error
                plan = plan or self._plan(ctx)
                await self._wait_or_raise(plan, error, ctx)
            except BaseException as error:
                if not finished:
                    self._record_failure(error, request, ctx, begin, delivered)
                raise

    def _interrupted(self, error: LLMError, ctx: LLMContext) -> LLMError:
        partial = None if ctx.partial_response is None else ctx.partial_response()
        if partial is None:
            return error
        last = ctx.attempts[-1]
        seal_response(partial, usage=last.usage or partial.usage, cost=last.cost, attempts=tuple(ctx.attempts))
        interrupted = StreamInterruptedError(
            f"the stream broke after it had begun: {error.message}",
            response=partial,
            provider=self._target.provider,
            model=self._target.model,
        )
        interrupted.attempts = tuple(ctx.attempts)
        return interrupted

    def _succeed(
        self, response: ResponseT, request: LLMRequest | EmbeddingRequest, ctx: LLMContext, begin: float
    ) -> ResponseT:
        target, usage = self._target, response.usage
        cost, reason = compute_cost(usage, target.prices) if usage.raw is not None else _NO_USAGE
        seconds, queued = monotonic() - begin, ctx.queued_seconds
        attempt = Attempt(
            target.provider, target.model, "ok", seconds, 200, usage, cost, False, target.account, target.alias, queued
        )
        ctx.record(attempt)
        if request.warnings:
            seal_response(response, warnings=(*request.warnings, *response.warnings))
        return seal_response(
            response, provider=target.provider, cost=cost, cost_unknown_reason=reason, attempts=tuple(ctx.attempts)
        )

    def _record_failure(
        self,
        error: BaseException,
        request: LLMRequest | EmbeddingRequest,
        ctx: LLMContext,
        begin: float,
        delivered: bool = False,
    ) -> None:
        usage, certain = usage_of_failure(error, request, ctx, delivered)
        cost: Decimal | None = None if usage is None else compute_cost(usage, self._target.prices)[0]
        attempt = Attempt(
            self._target.provider,
            self._target.model,
            type(error).__name__ if isinstance(error, LLMError) else "cancelled",
            monotonic() - begin,
            error.status if isinstance(error, APIError | ProtocolError) else None,
            usage,
            cost,
            maybe_charged=usage is not None and not certain,
            account=self._target.account,
            alias=self._target.alias,
            queued_seconds=ctx.queued_seconds,
        )
        ctx.record(attempt)


def _may_spend_again(ctx: LLMContext, error: LLMError) -> bool:
    """Reserve for another attempt beside what the failed ones may have consumed, or say why it is not made."""
    if ctx.renew_reservation is None:
        return True
    try:
        ctx.renew_reservation()
    except BudgetExceededError as refusal:
        error.add_note(f"it was not tried again: {refusal.message}")
        return False
    return True
