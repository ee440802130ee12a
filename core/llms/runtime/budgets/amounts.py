"""What a call may consume at most, guessed before it, and what it did consume, by its attempts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal, TypeAlias

from core.llms.errors import BudgetExceededError
from core.llms.runtime.target import Target
from core.llms.runtime.tokens.estimates import estimate_highest_cost, estimate_highest_tokens
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import Attempt
from core.llms.types.spending import NO_USD, Amount

UnknownPrice: TypeAlias = Literal["refuse", "pass"]


def estimate_attempt(
    request: LLMRequest | EmbeddingRequest,
    target: Target,
    *,
    money: bool,
    tokens: bool,
    unknown_price: UnknownPrice = "refuse",
) -> Amount:
    """Say what one attempt may consume at most, in money, in tokens or in both.

    Raises `BudgetExceededError` where the largest answer is not known, and where the price is not, unless such calls
    pass; they are estimated at no money.
    """
    usd, count = NO_USD, 0
    try:
        if money and not (target.prices is None and unknown_price == "pass"):
            usd = estimate_highest_cost(request, target.prices, target.max_output_tokens)
        if tokens:
            count = estimate_highest_tokens(request, target.max_output_tokens)
    except BudgetExceededError as error:
        error.provider, error.model = target.provider, target.model
        raise
    return Amount(usd, count)


def sum_attempts(attempts: Sequence[Attempt], estimate: Amount) -> Amount:
    """Add up what attempts consumed, those included that may have been charged.

    Where a charge or the tokens of an attempt are not known, at least the estimate counts for all of them.
    """
    usd = sum_costs(attempts)
    tokens = sum(attempt.usage.total_tokens for attempt in attempts if attempt.usage is not None)
    unpriced = any(attempt.usage is not None and attempt.cost is None for attempt in attempts)
    if unpriced:
        usd = max(usd, estimate.usd)
    if any(_is_untold(attempt) for attempt in attempts):
        tokens = max(tokens, estimate.tokens)
    return Amount(usd, tokens, int(unpriced))


def sum_costs(attempts: Iterable[Attempt]) -> Decimal:
    """Add up what is known of the costs."""
    return sum((attempt.cost for attempt in attempts if attempt.cost is not None), NO_USD)


def _is_untold(attempt: Attempt) -> bool:
    usage = attempt.usage
    return usage is not None and usage.raw is None and usage.total_tokens == 0
