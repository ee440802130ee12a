"""What the calls of a context have consumed, and what they may still consume. Both are safe between threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from decimal import Decimal
from threading import Lock
from typing import Generic, TypeVar

from core.llms.errors import BudgetExceededError
from core.llms.types.caching import CacheHit
from core.llms.types.response import Attempt
from core.llms.types.usage import Usage

KEPT_ATTEMPTS = 1000
_NO_USAGE = Usage()
_NO_MONEY = Decimal(0)
NumberT = TypeVar("NumberT", Decimal, int)


class Ledger:
    """Adds up every attempt of every call, aborted and failed ones included.

    `cost` is what was charged as far as prices are known; `maybe_charged_cost` estimates attempts whose fate is unknown
    (the connection broke after sending). The sums cover all attempts; of the attempts the newest 1,000 are kept.
    `saved_cost` is what the `cache_hit_count` answers out of a cache would have cost, as far as that is known; they are
    no attempts, and nothing of them is in the other sums.
    """

    __slots__ = (
        "_attempts", "_lock", "attempt_count", "cache_hit_count", "call_count", "cost", "maybe_charged_cost",
        "maybe_charged_count", "saved_cost", "unpriced_count", "usage",
    )  # fmt: skip

    def __init__(self) -> None:
        self._lock = Lock()
        self._attempts: deque[Attempt] = deque(maxlen=KEPT_ATTEMPTS)
        self.usage: Usage = _NO_USAGE
        self.cost: Decimal = _NO_MONEY
        self.maybe_charged_cost: Decimal = _NO_MONEY
        self.call_count: int = 0
        self.attempt_count: int = 0
        self.unpriced_count: int = 0
        self.maybe_charged_count: int = 0
        self.cache_hit_count: int = 0
        self.saved_cost: Decimal = _NO_MONEY

    def record(self, attempt: Attempt, *, begins_call: bool = True) -> None:
        """Add one attempt; the first of a call counts the call, too."""
        with self._lock:
            self._attempts.append(attempt)
            self.call_count += begins_call
            self.attempt_count += 1
            if attempt.usage is not None:
                self.usage = self.usage + attempt.usage if self.attempt_count > 1 else attempt.usage
                if attempt.cost is None:
                    self.unpriced_count += 1
                elif attempt.maybe_charged:
                    self.maybe_charged_cost += attempt.cost
                else:
                    self.cost += attempt.cost
            if attempt.maybe_charged:
                self.maybe_charged_count += 1

    def record_hit(self, hit: CacheHit, *, begins_call: bool = True) -> None:
        """Add an answer out of a cache."""
        with self._lock:
            self.call_count += begins_call
            self.cache_hit_count += 1
            if hit.cost_saved is not None:
                self.saved_cost += hit.cost_saved

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """The newest attempts, oldest first."""
        with self._lock:
            return tuple(self._attempts)

    @property
    def cost_is_complete(self) -> bool:
        """Whether `cost` covers everything: no call without a known price, no attempt that may have been charged."""
        return self.unpriced_count == 0 and self.maybe_charged_count == 0

    def __iter__(self) -> Iterator[Attempt]:
        return iter(self.attempts)

    def __repr__(self) -> str:
        return (
            f"Ledger(calls={self.call_count}, attempts={self.attempt_count}, cost={self.cost}, "
            f"input_tokens={self.usage.input_tokens}, output_tokens={self.usage.output_tokens})"
        )


class _Allowance(Generic[NumberT]):
    """A limit of which an amount is reserved before a call and settled to the true one after it, atomically."""

    __slots__ = ("_lock", "limit", "reserved", "spent")

    def __init__(self, limit: NumberT) -> None:
        self.limit: NumberT = limit
        self.spent: NumberT = limit - limit
        self.reserved: NumberT = limit - limit
        self._lock = Lock()

    @property
    def remaining(self) -> NumberT:
        """What can still be reserved."""
        return self.limit - self.spent - self.reserved

    def reserve(self, amount: NumberT) -> None:
        """Set an amount aside. Raises `BudgetExceededError`, and reserves nothing, where it does not suffice."""
        with self._lock:
            if amount > self.remaining:
                message = self._refusal(amount)
                raise BudgetExceededError(message, limit=self.limit, remaining=self.remaining)
            self.reserved += amount

    def settle(self, reserved: NumberT, spent: NumberT) -> None:
        """Give a reservation back and book what was truly spent."""
        with self._lock:
            self.reserved -= reserved
            self.spent += spent

    def _refusal(self, amount: NumberT) -> str:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}(limit={self.limit}, spent={self.spent}, reserved={self.reserved})"


class MoneyBudget(_Allowance[Decimal]):
    """A limit in USD. An amount is reserved before a call and settled to the true cost after it, atomically."""

    __slots__ = ()

    def __init__(self, limit_usd: Decimal | int | str) -> None:
        if isinstance(limit_usd, float):
            raise TypeError("`budget_usd` must be a Decimal, a string or an int: a float is not exact money")
        limit = Decimal(limit_usd)
        if not limit.is_finite() or limit < 0:
            raise ValueError(f"`budget_usd` must be a finite amount of at least 0, not {limit_usd}")
        super().__init__(limit)

    def _refusal(self, amount: Decimal) -> str:
        return (
            f"the call may cost up to ${amount:.6f}, and of the budget of ${self.limit} only "
            f"${self.remaining:.6f} remain; lower `max_tokens` or raise `budget_usd`"
        )


class TokenBudget(_Allowance[int]):
    """A limit in tokens, those of prompts and answers together, held as a `MoneyBudget` is."""

    __slots__ = ()

    def __init__(self, limit_tokens: int) -> None:
        if isinstance(limit_tokens, bool) or not isinstance(limit_tokens, int):
            raise TypeError(f"`budget_tokens` must be an int, not {limit_tokens!r}")
        if limit_tokens < 0:
            raise ValueError(f"`budget_tokens` must be at least 0, not {limit_tokens}")
        super().__init__(limit_tokens)

    def _refusal(self, amount: int) -> str:
        return (
            f"the call may take up to {amount:,} tokens, and of the budget of {self.limit:,} only "
            f"{self.remaining:,} remain; lower `max_tokens` or raise `budget_tokens`"
        )
