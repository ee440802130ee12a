"""A route as a layer of its first LLM: around that one's budget and attempts, beside other LLMs with their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from core.llms.context import LLMContext
from core.llms.errors import LLMError
from core.llms.runtime.middleware import (
    AttemptsOnly,
    EmbedNext,
    EventStream,
    Middleware,
    RequestT,
    ResponseT,
    StreamNext,
)
from core.llms.runtime.retry import RetryPolicy
from core.llms.runtime.routing.members import Member, Order, RoutableLLM
from core.llms.runtime.routing.policy import FallbackPolicy
from core.llms.runtime.routing.run import RouteRun
from core.llms.types.events import StreamFinished
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse


class RouteMiddleware(Middleware):
    """Asks its targets until one answers. The first member is the LLM whose layer this is.

    The others are given the same typed messages and the caller's own options, which each of them renders and validates
    for itself, within the same call. Vectors of different models do not compare: `embed` asks those of the same model.
    """

    def __init__(self, members: Sequence[Member], order: Order, policy: FallbackPolicy, retry: RetryPolicy) -> None:
        self.members: tuple[Member, ...] = tuple(members)
        self._order = order
        self._policy = policy
        self._retry = retry

    @property
    def others(self) -> tuple[RoutableLLM, ...]:
        """The LLMs beside the first one, which the route owns."""
        return tuple(member.llm for member in self.members if member.llm is not None)

    def renew(self, middleware: Sequence[Middleware]) -> RouteMiddleware:
        """Return the same route over LLMs with more middleware around each attempt, and leases of their own."""
        around = [AttemptsOnly(layer) for layer in middleware]
        members = [
            member if member.llm is None else replace(member, llm=member.llm.with_middleware(*around))
            for member in self.members
        ]
        return RouteMiddleware(members, self._order, self._policy, self._retry)

    def map_others(self, change: Callable[[RoutableLLM], RoutableLLM]) -> RouteMiddleware:
        """Return the same route over other LLMs than these, made of them."""
        members = [member if member.llm is None else replace(member, llm=change(member.llm)) for member in self.members]
        return RouteMiddleware(members, self._order, self._policy, self._retry)

    def _begin(self, members: Sequence[Member], ctx: LLMContext) -> RouteRun:
        run = RouteRun(members, self._order, self._policy, self._retry, ctx)
        ctx.plan = run
        return run

    async def call(
        self, request: RequestT, ctx: LLMContext, call_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]]
    ) -> ResponseT:
        run = self._begin(self._able(request), ctx)
        try:
            while True:
                member = await run.next_member()
                try:
                    with run.visit(member):
                        return run.seal(await _ask(member, request, ctx, call_next))
                except LLMError as error:
                    run.leave(member, error)
        finally:
            run.end()

    def embed(self, request: EmbeddingRequest, ctx: LLMContext, embed_next: EmbedNext) -> Awaitable[EmbeddingResponse]:
        return self.call(request, ctx, embed_next)

    def _able(self, request: LLMRequest | EmbeddingRequest) -> Sequence[Member]:
        if isinstance(request, LLMRequest):
            return self.members
        model_id = self.members[0].model_id
        return [member for member in self.members if member.model_id == model_id]

    async def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        run = self._begin(self.members, ctx)
        try:
            while True:
                member = await run.next_member()
                has_begun = False
                try:
                    with run.visit(member) as visit:
                        async with aclosing(_ask_for_stream(member, request, ctx, stream_next)) as events:
                            async for event in events:
                                if not has_begun:
                                    has_begun = True
                                    visit.note_answer()
                                if type(event) is StreamFinished:
                                    run.seal(event.response)
                                yield event
                    return
                except LLMError as error:
                    if has_begun:
                        raise
                    run.leave(member, error)
        finally:
            run.end()


def _ask(
    member: Member,
    request: RequestT,
    ctx: LLMContext,
    call_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]],
) -> Awaitable[ResponseT]:
    llm = member.llm
    if llm is None:
        return call_next(request, ctx)
    answer: Awaitable[Any] = (
        llm.embed_within(ctx, request)
        if isinstance(request, EmbeddingRequest)
        else llm.answer_within(ctx, request.messages, ctx.options or {})
    )
    return answer


def _ask_for_stream(member: Member, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
    if member.llm is None:
        return stream_next(request, ctx)
    return member.llm.stream_within(ctx, request.messages, ctx.options or {})
