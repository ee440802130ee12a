"""What a call may consume at most, guessed before it, and what it did consume, by its attempts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from core.llms.errors import BudgetExceededError
from core.llms.runtime.target import Target
from core.llms.runtime.tokens.estimates import estimate_highest, require_prices
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import Attempt
from core.llms.types.spending import NO_USD, NOTHING, Amount

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
    try:
        prices = target.prices if money else None
        if money and unknown_price == "refuse":
            require_prices(request, prices)
        if prices is None and not tokens:
            return NOTHING
        usd, count = estimate_highest(request, prices, target.max_output_tokens)
    except BudgetExceededError as error:
        error.provider, error.model = target.provider, target.model
        raise
    return Amount(usd, count if tokens else 0)


def sum_attempts(attempts: Sequence[Attempt], estimate: Amount) -> Amount:
    """Add up what attempts consumed, those included that may have been charged.

    Where a charge or the tokens of an attempt are not known, at least the estimate counts for all of them.
    """
    usd, tokens, unpriced, untold = NO_USD, 0, False, False
    for attempt in attempts:
        usage, cost = attempt.usage, attempt.cost
        if cost is not None:
            usd += cost
        if usage is not None:
            total = usage.total_tokens
            tokens += total
            unpriced = unpriced or cost is None
            untold = untold or (total == 0 and usage.raw is None)
    if unpriced:
        usd = max(usd, estimate.usd)
    if untold:
        tokens = max(tokens, estimate.tokens)
    return Amount(usd, tokens, int(unpriced))
