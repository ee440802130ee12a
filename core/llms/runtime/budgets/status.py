"""What remains of budgets, as it is told: by `status`, by warnings and by errors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.llms.errors import BudgetExceededError
from core.llms.runtime.budgets.accounts import Entry
from core.llms.runtime.budgets.rules import Budget
from core.llms.types.spending import NO_USD, Amount, Balance, Charge


@dataclass(frozen=True, slots=True)
class BudgetStatus:
    """One budget as it stands for one user, tag, model …

    `subject` is "" where the budget holds for all together. Figures in USD, or in tokens, are None where it has no such
    limit. `reserved` is held by calls that go on. `resets_at` is when what is spent is given back, in the budget's time
    zone: for a rolling window, when its oldest part is; None: never, or nothing is spent.
    """

    budget: Budget
    subject: str
    spent_usd: Decimal | None
    reserved_usd: Decimal | None
    remaining_usd: Decimal | None
    spent_tokens: int | None
    reserved_tokens: int | None
    remaining_tokens: int | None
    unpriced_calls: int
    resets_at: datetime | None

    @property
    def limit_usd(self) -> Decimal | None:
        """The limit in USD."""
        return self.budget.usd_limit

    @property
    def limit_tokens(self) -> int | None:
        """The limit in tokens."""
        return self.budget.tokens

    @property
    def share(self) -> Decimal:
        """How much of the limit is spent, 1 being all of it: of money or tokens whichever is more."""
        return _share(self.budget, Amount(self.spent_usd or NO_USD, self.spent_tokens or 0))


@dataclass(frozen=True, slots=True)
class RemainingBudget:
    """What can still be reserved, by all budgets that hold: USD and tokens, None where there is no limit."""

    usd: Decimal | None
    tokens: int | None


def make_status(entry: Entry, balance: Balance, now: float) -> BudgetStatus:
    """Tell how one account stands."""
    budget, spent, held = entry.rule.budget, balance.spent, balance.held
    usd, tokens = budget.usd_limit, budget.tokens
    return BudgetStatus(
        budget,
        entry.subject,
        None if usd is None else spent.usd,
        None if usd is None else balance.reserved.usd,
        None if usd is None else max(usd - held.usd, NO_USD),
        None if tokens is None else spent.tokens,
        None if tokens is None else balance.reserved.tokens,
        None if tokens is None else max(tokens - held.tokens, 0),
        spent.unpriced_calls,
        entry.rule.calendar.resets_at(now, balance.oldest_slot),
    )


def combine(statuses: list[BudgetStatus]) -> RemainingBudget:
    """Say what several budgets leave together."""
    return RemainingBudget(
        min((each.remaining_usd for each in statuses if each.remaining_usd is not None), default=None),
        min((each.remaining_tokens for each in statuses if each.remaining_tokens is not None), default=None),
    )


def crossed(budget: Budget, balance: Balance) -> bool:
    """Tell whether what was just booked took the spending over the budget's `warn_at`."""
    if budget.warn_at is None:
        return False
    threshold = Decimal(str(budget.warn_at))
    return _share(budget, balance.spent) >= threshold > _share(budget, balance.spent - balance.booked)


def _share(budget: Budget, spent: Amount) -> Decimal:
    shares = []
    for limit, amount in ((budget.usd_limit, spent.usd), (budget.tokens, Decimal(spent.tokens))):
        if limit is not None:
            shares.append(amount / limit if limit else Decimal(1))
    return max(shares)


def make_refusal(entry: Entry, charge: Charge, balance: Balance, now: float) -> BudgetExceededError:
    """Say which budget refused, what remains of it, when more does, and what can be done."""
    status = make_status(entry, balance, now)
    budget = status.budget
    limit: Decimal | int | None
    remaining: Decimal | int | None
    if status.remaining_usd is not None and charge.amount.usd > status.remaining_usd:
        limit, remaining = status.limit_usd, status.remaining_usd
        asked, left = f"cost up to ${charge.amount.usd:.6f}", f"${remaining:.6f}"
    else:
        limit, remaining = status.limit_tokens, status.remaining_tokens
        asked, left = f"take up to {charge.amount.tokens:,} tokens", f"{remaining:,} tokens"
    whose = f" of {entry.subject!r}" if entry.subject else ""
    until = "" if status.resets_at is None else f" until {status.resets_at.isoformat(timespec='seconds')}"
    advice = "" if status.resets_at is None else ", wait"
    return BudgetExceededError(
        f"the call may {asked}, and of the budget {budget.name!r}{whose} ({budget}) only {left} remain{until};"
        f" lower `max_tokens`{advice} or raise the budget",
        budget=budget.name,
        subject=entry.subject,
        limit=limit,
        remaining=remaining,
        resets_at=status.resets_at,
    )
