"""The steps of one call on its accounts: opened before it, grown for another attempt, closed after it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final, Literal, TypeAlias, TypeVar

from core.llms.context import LLMContext
from core.llms.errors import ConfigurationError, StorageError
from core.llms.runtime.budgets.accounts import Entry, Rule, Subjects, find_subjects
from core.llms.runtime.budgets.amounts import UnknownPrice, estimate_attempt
from core.llms.runtime.budgets.finishing import finish
from core.llms.runtime.budgets.holding import Holding, charge_all, count_by
from core.llms.runtime.budgets.rules import Budget
from core.llms.runtime.budgets.status import BudgetStatus, crossed, make_refusal, make_status
from core.llms.runtime.budgets.stores import BudgetStore
from core.llms.runtime.call_ids import make_call_id
from core.llms.runtime.target import Target
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.spending import NOTHING, Amount, Balance, Decision, Reservation

StoreDown: TypeAlias = Literal["refuse", "pass"]
T = TypeVar("T")

# How much longer than its deadline a call may take to settle.
_GRACE_SECONDS: Final = 60.0
_logger = logging.getLogger("core.llms.budgets")


class Bookkeeper:
    """Keeps a set of budgets in one store, for any number of LLMs."""

    def __init__(
        self,
        budgets: Iterable[Budget],
        store: BudgetStore,
        *,
        unknown_price: UnknownPrice,
        store_down: StoreDown,
        store_timeout_seconds: float,
        on_warning: Callable[[BudgetStatus], None] | None,
        clock: Callable[[], float],
    ) -> None:
        self.rules: tuple[Rule, ...] = tuple(Rule(budget) for budget in budgets)
        self._dimensions = tuple({dimension: None for rule in self.rules for dimension in rule.budget.dimensions})
        self._warns = any(rule.budget.warn_at is not None for rule in self.rules)
        _check_names(self.rules)
        self.store = store
        self.failure_count = 0
        self.uncounted_count = 0
        self._unknown_price: UnknownPrice = unknown_price
        self._store_down: StoreDown = store_down
        self._timeout = store_timeout_seconds
        self._on_warning = on_warning
        self._clock = clock
        self._is_down = False
        self._holdings: dict[LLMContext, Holding] = {}

    async def open(self, request: LLMRequest | EmbeddingRequest, ctx: LLMContext, target: Target) -> Holding | None:
        """Reserve what an attempt may consume, on every account that the call counts in; None where it counts in none.

        Raises `BudgetExceededError`, and `StorageError` where the store fails and calls are then refused.
        """
        now = self._clock()
        entries = self.find_entries(find_subjects(ctx, target, self._dimensions), now)
        outer = self._holdings.get(ctx)
        if outer is not None:
            # What a call is a part of counts for it on the accounts that both count in.
            counted = {entry.account.key for held in outer.chain() for entry in held.entries}
            entries = tuple(entry for entry in entries if entry.account.key not in counted)
        if not entries:
            return None
        estimate = self._estimate(entries, request, target)
        expires_at = now + max(0.0, ctx.remaining_seconds) + _GRACE_SECONDS
        amount = estimate.rounded()
        reservation = Reservation(make_call_id(), charge_all(entries, amount), expires_at)
        holding = Holding(entries, target, estimate, reservation, len(ctx.attempts), outer)
        if not await self._reserve(holding, reservation, amount, target, now):
            return None
        self._holdings[ctx] = holding
        return holding

    def begin_attempt(self, ctx: LLMContext, target: Target) -> tuple[list[Holding], LLMContext] | None:
        """Count an attempt that begins; return what of its call does not suffice for it, and the call's context."""
        holding = self._holdings.get(ctx)
        if holding is None and ctx.parent is not None:
            # Attempts that run beside each other have contexts that branch from the call's.
            ctx = ctx.parent
            holding = self._holdings.get(ctx)
        if holding is None:
            return None
        short = [held for held in holding.chain() if not held.is_first(ctx, target)]
        return (short, ctx) if short else None

    async def grow(
        self, short: Sequence[Holding], request: LLMRequest | EmbeddingRequest, ctx: LLMContext, target: Target
    ) -> None:
        """Reserve what the attempt that begins may consume, beyond what its call holds. Raises as `open`."""
        for holding in short:
            await self._grow(holding, request, ctx, target)

    async def _grow(
        self, holding: Holding, request: LLMRequest | EmbeddingRequest, ctx: LLMContext, target: Target
    ) -> None:
        if target is not holding.target:
            holding.estimate = holding.estimate.at_least(self._estimate(holding.entries, request, target))
        lacking = holding.lacks(ctx).rounded()
        if lacking != NOTHING:
            held = holding.reservation
            reservation = Reservation(held.id, charge_all(holding.entries, lacking), held.expires_at)
            await self._reserve(holding, reservation, lacking, target, self._clock())

    def _estimate(self, entries: Sequence[Entry], request: LLMRequest | EmbeddingRequest, target: Target) -> Amount:
        money = tokens = False
        for entry in entries:
            money = money or entry.rule.counts_money
            tokens = tokens or entry.rule.counts_tokens
        return estimate_attempt(request, target, money=money, tokens=tokens, unknown_price=self._unknown_price)

    async def close(self, holding: Holding, ctx: LLMContext) -> None:
        """Settle what a call held to what it consumed. A store that fails then is logged and counted, not raised.

        What could not be settled counts with what was reserved.
        """
        if holding.outer is None:
            del self._holdings[ctx]
        else:
            self._holdings[ctx] = holding.outer
        spent = holding.spent(ctx).rounded()
        amounts = [count_by(entry.rule, spent) for entry in holding.entries]
        now = self._clock()
        settling = self.store.settle(holding.reservation, amounts, now)
        try:
            if self.store.waits:
                ended = await finish(self._take(holding.entries, settling, now))
                if not ended:
                    self._note_failure(TimeoutError("it took too long to settle a call"))
            else:
                await self._take(holding.entries, settling, now)
        except (StorageError, OSError) as error:
            self._note_failure(error)

    async def read(self, entries: Sequence[Entry]) -> list[BudgetStatus]:
        """Return how accounts stand. Raises `StorageError`."""
        now = self._clock()
        balances = await self.store.read([entry.account for entry in entries], now)
        self._warn(entries, balances, now)
        return [make_status(entry, balance, now) for entry, balance in zip(entries, balances, strict=True)]

    def find_entries(self, subjects: Subjects, now: float | None = None) -> tuple[Entry, ...]:
        """Find the accounts of all rules."""
        moment = self._clock() if now is None else now
        return tuple([entry for rule in self.rules for entry in rule.find_entries(subjects, moment)])

    async def _take(self, entries: Sequence[Entry], settling: Awaitable[Sequence[Balance]], now: float) -> None:
        balances = await settling
        self._note_success()
        self._warn(entries, balances, now)

    async def _reserve(
        self, holding: Holding, reservation: Reservation, amount: Amount, target: Target, now: float
    ) -> bool:
        try:
            decision = await (
                self._decide(holding, reservation, amount, now)
                if self.store.waits
                else self.store.reserve(reservation, now)
            )
        except (StorageError, OSError) as error:
            self._note_failure(error)
            if self._store_down == "refuse":
                raise _refusal_of_store(error, target) from error
            self.uncounted_count += 1
            return False
        self._note_success()
        self._warn(holding.entries, decision.balances, now)
        if decision.refused is not None:
            place = decision.refused
            refusal = make_refusal(holding.entries[place], reservation.charges[place], decision.balances[place], now)
            refusal.provider, refusal.model = target.provider, target.model
            raise refusal
        holding.take(reservation, amount)
        return True

    async def _decide(self, holding: Holding, reservation: Reservation, amount: Amount, now: float) -> Decision:
        task = asyncio.ensure_future(self.store.reserve(reservation, now))
        try:
            async with asyncio.timeout(self._timeout):
                return await asyncio.shield(task)
        except (asyncio.CancelledError, TimeoutError):
            # Whether it was made is not known: wait for it, and give it back.
            await finish(self._undo(task, holding, reservation, amount))
            raise

    async def _undo(
        self, task: asyncio.Task[Decision], holding: Holding, reservation: Reservation, amount: Amount
    ) -> None:
        try:
            if (await task).refused is None:
                if holding.is_new:
                    await self.store.release(reservation)
                else:
                    # It is one with what the call holds already, and is settled with it.
                    holding.take(reservation, amount)
        except (StorageError, OSError) as error:
            self._note_failure(error)

    def _warn(self, entries: Sequence[Entry], balances: Sequence[Balance], now: float) -> None:
        if not self._warns:
            return
        for entry, balance in zip(entries, balances, strict=True):
            if crossed(entry.rule.budget, balance):
                status = make_status(entry, balance, now)
                _logger.warning(
                    "the budget %r of %r is spent by %.0f%%", status.budget.name, status.subject, status.share * 100
                )
                self._tell(status)

    def _tell(self, status: BudgetStatus) -> None:
        if self._on_warning is not None:
            try:
                self._on_warning(status)
            except Exception:
                _logger.exception("`on_warning` failed")

    def _note_failure(self, error: Exception) -> None:
        self.failure_count += 1
        if not self._is_down:
            self._is_down = True
            fate = "refused" if self._store_down == "refuse" else "made without being counted"
            _logger.warning("the store of the budgets fails, calls are %s: %s", fate, error)

    def _note_success(self) -> None:
        if self._is_down:
            self._is_down = False
            _logger.info("the store of the budgets works again")


def _check_names(rules: Sequence[Rule]) -> None:
    names = [rule.budget.name for rule in rules]
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise ConfigurationError(f"two budgets go by the name {double!r}: give one of them a `name` of its own")


def _refusal_of_store(error: Exception, target: Target) -> StorageError:
    reason = "it did not answer in time" if isinstance(error, TimeoutError) else str(error)
    return StorageError(
        f"the store of the budgets fails, and calls are refused then (`store_down`): {reason}",
        provider=target.provider,
        model=target.model,
    )
