"""What one call holds on its accounts, and how that is charged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.llms.context import LLMContext
from core.llms.runtime.budgets.accounts import Entry, Rule
from core.llms.runtime.budgets.amounts import sum_attempts
from core.llms.runtime.target import Target
from core.llms.types.spending import NO_USD, NOTHING, Amount, Charge, Reservation


@dataclass(slots=True)
class Holding:
    """What one call holds: an estimate for each of its attempts that is not over, and what the others consumed.

    `reservation` is what it asked for first, and from then on all that it holds, which adds up to `reserved`.
    `outer` is what the same budgets hold for a call that this one is a part of, on other accounts than these.
    """

    entries: tuple[Entry, ...]
    target: Target
    estimate: Amount
    reservation: Reservation
    earlier: int
    outer: Holding | None = None
    reserved: Amount = NOTHING
    begun: int = 0
    is_new: bool = True

    def chain(self) -> Iterator[Holding]:
        """Return it, and what is held for the calls that its call is a part of."""
        held: Holding | None = self
        while held is not None:
            yield held
            held = held.outer

    def take(self, reservation: Reservation, amount: Amount) -> None:
        """Note what was reserved."""
        if self.is_new:
            self.reservation, self.reserved, self.is_new = reservation, amount, False
        else:
            self.reserved += amount
            self.reservation = Reservation(
                reservation.id, charge_all(self.entries, self.reserved), reservation.expires_at
            )

    def spent(self, ctx: LLMContext) -> Amount:
        """Add up what the attempts of the call consumed so far."""
        return sum_attempts(ctx.attempts[self.earlier :], self.estimate)

    def is_first(self, ctx: LLMContext, target: Target) -> bool:
        """Count one more attempt, and tell whether it is the one that the call was opened for."""
        self.begun += 1
        return self.begun == 1 and len(ctx.attempts) == self.earlier and target is self.target

    def lacks(self, ctx: LLMContext) -> Amount:
        """Say what is to be reserved for the attempt that begins, beyond what is held."""
        going = max(1, self.begun - (len(ctx.attempts) - self.earlier))
        spent = self.spent(ctx)
        usd = spent.usd + going * self.estimate.usd - self.reserved.usd
        tokens = spent.tokens + going * self.estimate.tokens - self.reserved.tokens
        return Amount(max(usd, NO_USD), max(tokens, 0))


def charge_all(entries: Iterable[Entry], amount: Amount) -> tuple[Charge, ...]:
    """Charge an amount to accounts, as far as each counts it."""
    return tuple(
        [
            Charge(entry.account, count_by(entry.rule, amount), entry.rule.budget.usd_limit, entry.rule.budget.tokens)
            for entry in entries
        ]
    )


def count_by(rule: Rule, amount: Amount) -> Amount:
    """Return what a rule counts of an amount."""
    # What has no limit is not counted: it would grow without one.
    if rule.counts_money and (rule.counts_tokens or not amount.tokens):
        return amount
    return Amount(
        amount.usd if rule.counts_money else NO_USD,
        amount.tokens if rule.counts_tokens else 0,
        amount.unpriced_calls if rule.counts_money else 0,
    )
