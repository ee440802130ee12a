"""What calls consume and what is set aside for them, as the budgets and their stores speak of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final

from core.llms.types.quick_init import quick_init

NO_USD: Final = Decimal(0)
# What a budget counts, at the finest: a token at a millionth of the sixth decimal place that price lists use.
USD_STEP: Final = Decimal("0.000000000001")
# From here on 28 digits do not reach to the 12th decimal place.
_LARGEST_EXPONENT: Final = 15


def round_up(usd: Decimal) -> Decimal:
    """Return an amount with at most 12 decimal places, which every store keeps exactly."""
    if not usd.is_finite() or usd.adjusted() >= _LARGEST_EXPONENT:
        return usd
    rounded = usd.quantize(USD_STEP, ROUND_CEILING)
    return usd if rounded == usd else rounded


@quick_init
@dataclass(frozen=True, slots=True)
class Amount:
    """Money in USD, tokens in and out together, and how many calls had no known price."""

    usd: Decimal = NO_USD
    tokens: int = 0
    unpriced_calls: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.usd + other.usd, self.tokens + other.tokens, self.unpriced_calls + other.unpriced_calls)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.usd - other.usd, self.tokens - other.tokens, self.unpriced_calls - other.unpriced_calls)

    def rounded(self) -> Amount:
        """Return the same with at most 12 decimal places of a dollar, rounded up."""
        usd = round_up(self.usd)
        return self if usd is self.usd else Amount(usd, self.tokens, self.unpriced_calls)

    def at_least(self, other: Amount) -> Amount:
        """Return of each the larger."""
        return Amount(
            max(self.usd, other.usd),
            max(self.tokens, other.tokens),
            max(self.unpriced_calls, other.unpriced_calls),
        )

    def beyond(self, other: Amount) -> Amount:
        """Return by how much of each this is more than the other; what is less counts as nothing."""
        return Amount(
            max(self.usd - other.usd, NO_USD),
            max(self.tokens - other.tokens, 0),
            max(self.unpriced_calls - other.unpriced_calls, 0),
        )


NOTHING: Final = Amount()


@quick_init
@dataclass(frozen=True, slots=True)
class Account:
    """What is counted together: a budget's name with whom it holds for, in one span of time.

    Time is cut into slots with rising numbers. What begins now counts in `slot`; `first_slot` is the oldest that counts
    still. `ends_at` is when this slot counts no more, in seconds since 1970; None: never.
    """

    key: str
    slot: int = 0
    first_slot: int = 0
    ends_at: float | None = None


@quick_init
@dataclass(frozen=True, slots=True)
class Charge:
    """An amount for one account, which holds at most the limits; None is no limit."""

    account: Account
    amount: Amount
    usd_limit: Decimal | None = None
    token_limit: int | None = None

    def fits(self, balance: Balance) -> bool:
        """Tell whether the amount fits beside what is spent and reserved."""
        spent, reserved = balance.spent, balance.reserved
        return (self.usd_limit is None or spent.usd + reserved.usd + self.amount.usd <= self.usd_limit) and (
            self.token_limit is None or spent.tokens + reserved.tokens + self.amount.tokens <= self.token_limit
        )


@quick_init
@dataclass(frozen=True, slots=True)
class Reservation:
    """What one call holds, on several accounts at once, until it is settled or `expires_at` (seconds since 1970)."""

    id: str
    charges: tuple[Charge, ...]
    expires_at: float


@quick_init
@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds: `booked` is what the very step that returns it added to `spent`.

    `oldest_slot` is the oldest slot with something spent that still counts.
    """

    spent: Amount = NOTHING
    reserved: Amount = NOTHING
    oldest_slot: int | None = None
    booked: Amount = NOTHING

    @property
    def held(self) -> Amount:
        """What no other call can have."""
        return self.spent + self.reserved


@quick_init
@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a reservation was made: `refused` is the place of the first charge that did not fit, None if all did.

    `balances` are those of all charges in their order, before the reservation.
    """

    balances: tuple[Balance, ...]
    refused: int | None = None
