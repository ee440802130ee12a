"""`BudgetsMiddleware`: holds budgets around calls, streams and embeddings."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing

from core.llms.context import LLMContext
from core.llms.errors import ConfigurationError
from core.llms.runtime.budgets.accounts import Subjects
from core.llms.runtime.budgets.amounts import UnknownPrice
from core.llms.runtime.budgets.bookkeeping import Bookkeeper, StoreDown
from core.llms.runtime.budgets.holding import Holding
from core.llms.runtime.budgets.memory_store import MemoryBudgetStore
from core.llms.runtime.budgets.rules import Budget, Per
from core.llms.runtime.budgets.status import BudgetStatus, RemainingBudget, combine
from core.llms.runtime.budgets.stores import BudgetStore
from core.llms.runtime.closing import AsyncClosing
from core.llms.runtime.middleware import EmbedNext, EventStream, Middleware, RequestT, ResponseT, StreamNext
from core.llms.runtime.target import Target
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse


class BudgetsMiddleware(AsyncClosing, Middleware):
    """Refuses calls that a budget may not cover, before anything is sent; all budgets hold at once.

    What an attempt may consume at most is reserved before it, on all budgets or on none, and settled to what all
    attempts did consume, however the call ends. An attempt after a failed one needs what it may consume once more; it
    is refused where that does not fit.

    `store` counts: in this process by default, else a `DatabaseBudgetStore` or a `RedisBudgetStore`, which processes
    share. `unknown_price="pass"` lets calls of models without a known price pass budgets in money, and counts them.
    `store_down="pass"` makes calls uncounted while the store fails; by default they are refused with `StorageError`.
    `on_warning` is told of each `warn_at` that is reached. `clock` gives seconds since 1970.
    """

    def __init__(
        self,
        budgets: Iterable[Budget],
        *,
        store: BudgetStore | None = None,
        unknown_price: UnknownPrice = "refuse",
        store_down: StoreDown = "refuse",
        store_timeout_seconds: float = 5.0,
        on_warning: Callable[[BudgetStatus], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Raises `ConfigurationError` where two budgets have one name."""
        for name, value in (("unknown_price", unknown_price), ("store_down", store_down)):
            if value not in ("refuse", "pass"):
                raise ConfigurationError(f"`{name}` must be 'refuse' or 'pass', not {value!r}")
        self._keeper = Bookkeeper(
            budgets,
            MemoryBudgetStore() if store is None else store,
            unknown_price=unknown_price,
            store_down=store_down,
            store_timeout_seconds=store_timeout_seconds,
            on_warning=on_warning,
            clock=clock,
        )

    def bind(self, target: Target) -> Middleware:
        """Return what holds these budgets around one LLM."""
        return BoundBudgets(self._keeper, target)

    @property
    def store_failure_count(self) -> int:
        """How often the store failed so far."""
        return self._keeper.failure_count

    @property
    def uncounted_call_count(self) -> int:
        """How many calls were made uncounted so far, because the store failed."""
        return self._keeper.uncounted_count

    async def status(
        self,
        *,
        ctx: str | None = None,
        user: str | None = None,
        tag: str | None = None,
        alias: str | None = None,
        provider: str | None = None,
        model: str | None = None,
        key: str | None = None,
    ) -> list[BudgetStatus]:
        """Tell how the budgets stand: those that hold for everything, and those for what is named.

        `ctx` is a `request_id`, `model` is `provider/model`, `key` is `provider/account`. Raises `StorageError`.
        """
        named: dict[Per, str | None] = {
            "all": "", "ctx": ctx, "user": user, "tag": tag, "alias": alias, "provider": provider, "model": model,
            "key": key,
        }  # fmt: skip
        subjects: Subjects = {name: () if value is None else (value,) for name, value in named.items()}
        entries = self._keeper.find_entries(subjects)
        return await self._keeper.read(entries) if entries else []

    async def remaining(
        self,
        *,
        ctx: str | None = None,
        user: str | None = None,
        tag: str | None = None,
        alias: str | None = None,
        provider: str | None = None,
        model: str | None = None,
        key: str | None = None,
    ) -> RemainingBudget:
        """Tell what can still be reserved by the budgets that `status` would tell of. Raises `StorageError`."""
        return combine(
            await self.status(ctx=ctx, user=user, tag=tag, alias=alias, provider=provider, model=model, key=key)
        )

    async def aclose(self) -> None:
        """Close what the store opened."""
        await self._keeper.store.aclose()


class BoundBudgets(Middleware):
    """Holds budgets around one LLM."""

    def __init__(self, keeper: Bookkeeper, target: Target) -> None:
        self._keeper = keeper
        self._target = target

    async def call(
        self, request: RequestT, ctx: LLMContext, call_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]]
    ) -> ResponseT:
        """Answer within the budgets."""
        holding = await self._keeper.open(request, ctx, self._target)
        if holding is None:
            return await call_next(request, ctx)
        try:
            return await call_next(request, ctx)
        finally:
            await self._keeper.close(holding, ctx)

    def embed(self, request: EmbeddingRequest, ctx: LLMContext, embed_next: EmbedNext) -> Awaitable[EmbeddingResponse]:
        return self.call(request, ctx, embed_next)

    async def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        """Stream within the budgets; a stream that is left early settles to what it consumed until then."""
        holding = await self._keeper.open(request, ctx, self._target)
        try:
            async with aclosing(stream_next(request, ctx)) as events:
                async for event in events:
                    yield event
        finally:
            if holding is not None:
                await self._keeper.close(holding, ctx)

    def attempt(
        self, request: RequestT, ctx: LLMContext, attempt_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]]
    ) -> Awaitable[ResponseT]:
        """Make an attempt, where what is held suffices for it or can be made to."""
        short = self._keeper.begin_attempt(ctx, self._target)
        return attempt_next(request, ctx) if short is None else self._grow(*short, request, ctx, attempt_next)

    async def _grow(
        self,
        short: Sequence[Holding],
        call: LLMContext,
        request: RequestT,
        ctx: LLMContext,
        attempt_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]],
    ) -> ResponseT:
        await self._keeper.grow(short, request, call, self._target)
        return await attempt_next(request, ctx)

    def attempt_stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        """Make an attempt at a stream, where what is held suffices for it or can be made to."""
        short = self._keeper.begin_attempt(ctx, self._target)
        return stream_next(request, ctx) if short is None else self._grow_stream(*short, request, ctx, stream_next)

    async def _grow_stream(
        self, short: Sequence[Holding], call: LLMContext, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext
    ) -> EventStream:
        await self._keeper.grow(short, request, call, self._target)
        async with aclosing(stream_next(request, ctx)) as events:
            async for event in events:
                yield event
