"""The exact cost of a call, from its usage and the model's prices."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from core.llms.types.prices import STANDARD_TIERS, Prices
from core.llms.types.usage import Usage

MILLION = Decimal(1_000_000)


def compute_cost(
    usage: Usage, prices: Prices | None, moment: datetime | None = None
) -> tuple[Decimal | None, str | None]:
    """Price a call that ended at a moment, now by default.

    Returns the cost in USD and None, or None and the reason why it is not known. What the vendor itself reports as the
    call's cost goes before any price.
    """
    if usage.reported_cost is not None:
        return usage.reported_cost, None
    if prices is None:
        return None, "no price is known for this model"
    effective = prices.for_usage(usage, moment)
    if effective is None:
        return None, f"no price is known for service tier {usage.service_tier!r}"
    cost = (_input_cost(usage, effective) + _output_cost(usage, effective)) / MILLION
    # Fees change with the day alone: neither the size of the prompt, the tier nor the hour touches them.
    fees = prices.on((moment or datetime.now(UTC)).astimezone(UTC).date()) if prices.changes else prices
    if fees.request_usd_per_thousand is not None:
        cost += fees.request_usd_per_thousand / 1000
    if usage.other_tool_requests:
        return None, "no price is known for what the vendor's tools made in this call: images, code or found files"
    if usage.server_tool_requests:
        fee = fees.server_tool_usd_per_thousand
        if fee is None:
            return None, "no price is known for the vendor's own tools, which this call used"
        cost += usage.server_tool_requests * fee / 1000
    return cost, None


def compute_highest_cost(input_tokens: int, output_tokens: int, prices: Prices, service_tier: str | None) -> Decimal:
    """Return the most that a call of this size can cost: at any hour of today, in its tier or in the standard one."""
    if service_tier in STANDARD_TIERS and _are_plain(prices):
        cost = (input_tokens * prices.input + output_tokens * prices.output) / MILLION
        fee = prices.request_usd_per_thousand
        return cost if fee is None else cost + fee / 1000
    usages = {service_tier: Usage(input_tokens, output_tokens, service_tier=service_tier)}
    usages.setdefault(None, Usage(input_tokens, output_tokens))
    costs = [
        compute_cost(dearest, each)[0]
        for usage in usages.values()
        for dearest in list_dearest_usages(usage, prices)
        for each in prices.every()
    ]
    return max(cost for cost in (*costs, Decimal(0)) if cost is not None)


def _are_plain(prices: Prices) -> bool:
    """Whether what goes in has one price, and what comes out has one, whatever it is and whenever."""
    return (
        not (prices.tiers or prices.windows or prices.changes)
        and prices.audio_output is None
        and prices.image_output is None
        and prices.reasoning is None
    )


def list_dearest_usages(usage: Usage, prices: Prices) -> list[Usage]:
    """Return usages of which one costs the most that a call of this size can.

    The answer is plain, or of sound, images or reasoning alone where these have prices of their own.
    """
    usages = [usage]
    if prices.audio_output is not None:
        usages.append(replace(usage, audio_output_tokens=usage.output_tokens))
    if prices.image_output is not None:
        usages.append(replace(usage, image_output_tokens=usage.output_tokens))
    if prices.reasoning is not None:
        usages.append(replace(usage, reasoning_tokens=usage.output_tokens))
    return usages


def _input_cost(usage: Usage, prices: Prices) -> Decimal:
    plain = usage.input_tokens
    if not (
        usage.cache_read_tokens or usage.cache_write_tokens or usage.audio_input_tokens or usage.image_input_tokens
    ):
        return plain * prices.input
    cost = Decimal(0)
    for tokens, price in (
        (usage.cache_read_tokens, prices.cache_read),
        (usage.cache_write_tokens - usage.cache_write_1h_tokens, prices.cache_write),
        (usage.cache_write_1h_tokens, prices.cache_write_1h or prices.cache_write),
        (usage.audio_input_tokens, prices.audio_input),
        (usage.image_input_tokens, prices.image_input),
    ):
        if tokens and price is not None:
            # Vendors count cached sound and images as both: what has its price already has no second one.
            tokens = min(tokens, plain)
            plain -= tokens
            cost += tokens * price
    return cost + plain * prices.input


def _output_cost(usage: Usage, prices: Prices) -> Decimal:
    plain = usage.output_tokens
    if not (usage.reasoning_tokens or usage.audio_output_tokens or usage.image_output_tokens):
        return plain * prices.output
    cost = Decimal(0)
    for tokens, price in (
        (usage.audio_output_tokens, prices.audio_output),
        (usage.image_output_tokens, prices.image_output),
        (usage.reasoning_tokens, prices.reasoning),
    ):
        if tokens and price is not None:
            plain -= tokens
            cost += tokens * price
    return cost + plain * prices.output
