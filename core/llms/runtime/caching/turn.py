"""One call's way through the cache: look it up, wait for an equal one, or go out and tell the others."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from time import monotonic
from types import TracebackType
from typing import Generic, Self, cast

from core.llms.context import LLMContext
from core.llms.errors import (
    AllTargetsFailedError,
    BudgetExceededError,
    DeadlineExceededError,
    LimitReachedError,
    LLMError,
    StreamInterruptedError,
)
from core.llms.runtime.caching.flights import Ending, Failure, Flights, Outcome
from core.llms.runtime.caching.policy import CachePolicy
from core.llms.runtime.caching.sharing import CacheSharing, Claim
from core.llms.runtime.caching.shelf import Shelf
from core.llms.runtime.caching.values import Answer, Entry
from core.llms.runtime.middleware import ResponseT
from core.llms.runtime.target import Target
from core.llms.types.caching import CacheHit, CacheMode
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import LLMResponse, seal_response

_FREE = Decimal(0)
# What befell one caller alone, or came after its stream had begun: the others are not served with it.
_ITS_OWN = (DeadlineExceededError, BudgetExceededError, LimitReachedError, StreamInterruptedError)


@dataclass(slots=True)
class Desk:
    """What all calls of one cache share."""

    shelf: Shelf
    policy: CachePolicy
    sharing: CacheSharing | None
    ttl_seconds: float | None
    flights: Flights


class Turn(Generic[ResponseT]):
    """`async with` it: either `answer` is there, or the call goes out and `keep`s what it got."""

    __slots__ = ("_claim", "_ctx", "_desk", "_flies", "_key", "_mode", "_outcome", "_request", "_target", "answer")

    def __init__(
        self, desk: Desk, target: Target, key: str, request: LLMRequest | EmbeddingRequest, ctx: LLMContext
    ) -> None:
        self._desk = desk
        self._target = target
        self._key = key
        self._request = request
        self._ctx = ctx
        self._mode: CacheMode = "use" if ctx.cache is None else ctx.cache.mode
        self._flies = False
        self._claim: Claim | None = None
        self._outcome: Outcome = Ending.LEFT
        self.answer: ResponseT | None = None

    async def __aenter__(self) -> Self:
        if not self._departs_at_once():
            try:
                await self._look_up()
            except BaseException:
                await self._end()
                raise
        if self.answer is None:
            self._desk.shelf.counters.count("misses")
        return self

    def _departs_at_once(self) -> bool:
        """Whether nothing is kept and no equal call is on its way; this one is from now on."""
        desk = self._desk
        if self._mode != "use" or not desk.shelf.surely_lacks(self._key):
            return False
        if desk.sharing is None:
            return True
        self._flies = desk.flights.take_off(self._key)
        return self._flies

    async def _look_up(self) -> None:
        if self._mode == "refresh":
            return
        # Who asks caches alone waits for nobody; what is not here, another cache behind this one may have.
        if self._desk.sharing is None or self._mode == "only":
            self._take(await self._fetch())
            return
        await self._join(self._desk.sharing)

    async def _join(self, sharing: CacheSharing) -> None:
        until = monotonic() + sharing.wait_seconds
        while True:
            flight, self._flies = self._desk.flights.join(self._key)
            if self._flies:
                self._take(await self._fetch() or await self._claim_key(sharing))
                if self.answer is not None:
                    await self._end()
                return
            outcome = await flight.wait(min(until - monotonic(), self._ctx.remaining_seconds))
            if self._settle(outcome):
                return

    def _settle(self, outcome: Outcome | None) -> bool:
        """Take what another call left; False where this one is to look again."""
        if outcome is Ending.LEFT:
            return False
        if isinstance(outcome, Failure):
            if outcome.account != self._target.account:
                return False
            raise copy(outcome.error) from outcome.error
        if isinstance(outcome, bytes):
            entry = self._desk.shelf.decode(outcome)
            if entry is not None and self._accepts(entry):
                self._take((outcome, entry), shared=True)
        elif self._ctx.remaining_seconds <= 0:
            problem = "the deadline passed while an equal call was waited for"
            raise self._named(DeadlineExceededError(problem, phase="total"))
        return True

    async def _fetch(self) -> tuple[bytes, Entry] | None:
        found = await self._desk.shelf.fetch(self._key, self._ctx.remaining_seconds)
        return found if found is not None and self._accepts(found[1]) else None

    async def _claim_key(self, sharing: CacheSharing) -> tuple[bytes, Entry] | None:
        if not sharing.between_processes or not self._desk.shelf.claims:
            return None
        self._claim = Claim(self._desk.shelf, self._key, sharing)
        return await self._claim.take(self._ctx.deadline_monotonic, self._accepts)

    def _accepts(self, entry: Entry) -> bool:
        return self._keeps(entry.answer)

    def _keeps(self, answer: Answer) -> bool:
        return not isinstance(answer, LLMResponse) or self._desk.policy.keeps(answer, self._ctx.options)

    def _take(self, found: tuple[bytes, Entry] | None, *, shared: bool = False) -> None:
        if found is None:
            return
        self._outcome, entry = found
        hit = self._desk.shelf.describe(self._key, entry, shared=shared)
        self.answer = cast("ResponseT", present_hit(entry.answer, hit, self._request, self._ctx))

    async def keep(self, answer: ResponseT) -> None:
        """Keep an answer, if it is worth it, and give it to those who wait for it."""
        self._outcome = Ending.NOT_KEPT
        if not self._keeps(answer):
            return
        data = self._desk.shelf.encode(answer, self._request.warnings)
        if data is not None:
            self._outcome = data
            await self._desk.shelf.put(self._key, data, choose_ttl(self._ctx, self._desk.ttl_seconds))

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, LLMError) and not _is_its_own(error) and not isinstance(self._outcome, bytes):
            self._outcome = Failure(error, self._target.account)
        await self._end()

    async def _end(self) -> None:
        if self._flies:
            self._flies = False
            self._desk.flights.end(self._key, self._outcome)
        if self._claim is not None:
            await self._claim.release()

    def _named(self, error: LLMError) -> LLMError:
        error.provider, error.model = self._target.provider, self._target.model
        return error


def _is_its_own(error: LLMError) -> bool:
    several = error.errors if isinstance(error, AllTargetsFailedError) else (error,)
    return any(isinstance(each, _ITS_OWN) for each in several)


def choose_ttl(ctx: LLMContext, own: float | None) -> float | None:
    """Return for how many seconds an answer is kept: as the context says, or else as the cache does."""
    return own if ctx.cache is None or ctx.cache.ttl_seconds is None else ctx.cache.ttl_seconds


def present_hit(
    answer: Answer, hit: CacheHit, request: LLMRequest | EmbeddingRequest, ctx: LLMContext, cost: Decimal | None = _FREE
) -> Answer:
    """Make what was kept the answer to a request: without attempts, entered in the ledger as a hit."""
    ctx.record_hit(hit)
    seal_response(answer, cost=cost, warnings=(*request.warnings, *answer.warnings), cache=hit)  # type: ignore[type-var]
    return answer
