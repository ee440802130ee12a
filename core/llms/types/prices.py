"""Prices of a model and the exact cost of a call. Money is `Decimal` in USD, never a float."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeAlias

from core.llms.types.usage import Usage

MILLION = Decimal(1_000_000)
Money: TypeAlias = Decimal | int | str


@dataclass(frozen=True, slots=True)
class PriceTier:
    """Prices that hold for the whole call once its prompt is larger than `above_input_tokens`."""

    above_input_tokens: int
    prices: Prices


@dataclass(frozen=True, slots=True)
class PriceWindow:
    """Prices that hold at some hours of some days: from `first_hour` up to, not with, `end_hour`, both UTC.

    `weekdays` count from Monday, 0; hours do not pass midnight.
    """

    first_hour: int
    end_hour: int
    prices: Prices
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)

    def holds_at(self, moment: datetime) -> bool:
        """Tell whether a moment, which must have a time zone, is in the window."""
        moment = moment.astimezone(UTC)
        return moment.weekday() in self.weekdays and self.first_hour <= moment.hour < self.end_hour


@dataclass(frozen=True, slots=True)
class Prices:
    """USD per million tokens. A part without a price of its own costs what the tokens around it cost.

    `cache_write_1h` is for the vendor's longer cache (Anthropic's hour, OpenAI's 12 hours). `service_tiers` has the
    prices of the vendor's other tiers (`flex`, `priority`), `tiers` those of large prompts,
    `server_tool_usd_per_thousand` the fee of calls to the vendor's own tools. `windows`: other prices at some hours.
    """

    input: Decimal
    output: Decimal
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    cache_write_1h: Decimal | None = None
    audio_input: Decimal | None = None
    audio_output: Decimal | None = None
    tiers: tuple[PriceTier, ...] = ()
    service_tiers: Mapping[str, Prices] = field(default_factory=dict)
    server_tool_usd_per_thousand: Decimal | None = None
    windows: tuple[PriceWindow, ...] = ()

    @classmethod
    def of(
        cls,
        input: Money,
        output: Money,
        *,
        cache_read: Money | None = None,
        cache_write: Money | None = None,
        cache_write_1h: Money | None = None,
        tiers: tuple[PriceTier, ...] = (),
        service_tiers: Mapping[str, Prices] | None = None,
        server_tool_usd_per_thousand: Money | None = None,
        windows: tuple[PriceWindow, ...] = (),
    ) -> Prices:
        """Make prices of decimal strings, as the vendor's price page writes them."""
        return cls(
            input=Decimal(input),
            output=Decimal(output),
            cache_read=None if cache_read is None else Decimal(cache_read),
            cache_write=None if cache_write is None else Decimal(cache_write),
            cache_write_1h=None if cache_write_1h is None else Decimal(cache_write_1h),
            tiers=tiers,
            service_tiers=service_tiers or {},
            server_tool_usd_per_thousand=(
                None if server_tool_usd_per_thousand is None else Decimal(server_tool_usd_per_thousand)
            ),
            windows=windows,
        )

    def scaled(self, input_factor: Money, output_factor: Money) -> Prices:
        """Return the same prices times a factor, all that goes in by one and all that comes out by the other.

        Tiers and fees are not carried over: they follow rules of their own.
        """
        into, out = Decimal(input_factor), Decimal(output_factor)

        def times(price: Decimal | None, factor: Decimal) -> Decimal | None:
            return None if price is None else price * factor

        return Prices(
            input=self.input * into,
            output=self.output * out,
            cache_read=times(self.cache_read, into),
            cache_write=times(self.cache_write, into),
            cache_write_1h=times(self.cache_write_1h, into),
            audio_input=times(self.audio_input, into),
            audio_output=times(self.audio_output, out),
        )

    def for_usage(self, usage: Usage) -> Prices | None:
        """Pick the prices that hold for this call, which ends now; None where its service tier has no known price."""
        prices: Prices | None = self.at(datetime.now(UTC)) if self.windows else self
        if usage.service_tier not in STANDARD_TIERS:
            prices = self.service_tiers.get(usage.service_tier or "")
        if prices is None or not prices.tiers:
            return prices
        reached = [tier for tier in prices.tiers if usage.input_tokens > tier.above_input_tokens]
        return max(reached, key=lambda tier: tier.above_input_tokens).prices if reached else prices

    def at(self, moment: datetime) -> Prices:
        """Pick the prices of a moment, which must have a time zone."""
        return next((window.prices for window in self.windows if window.holds_at(moment)), self)


STANDARD_TIERS = frozenset({None, "", "default", "auto", "standard", "on_demand"})


def compute_cost(usage: Usage, prices: Prices | None) -> tuple[Decimal | None, str | None]:
    """Price a call: the cost in USD and None, or None and the reason why it is not known.

    What the vendor itself reports as the call's cost goes before any price.
    """
    if usage.reported_cost is not None:
        return usage.reported_cost, None
    if prices is None:
        return None, "no price is known for this model"
    effective = prices.for_usage(usage)
    if effective is None:
        return None, f"no price is known for service tier {usage.service_tier!r}"
    cost = (_input_cost(usage, effective) + _output_cost(usage, effective)) / MILLION
    if usage.server_tool_requests:
        if prices.server_tool_usd_per_thousand is None:
            return None, "no price is known for the vendor's own tools, which this call used"
        cost += usage.server_tool_requests * prices.server_tool_usd_per_thousand / 1000
    return cost, None


def _input_cost(usage: Usage, prices: Prices) -> Decimal:
    plain = usage.input_tokens
    if not (usage.cache_read_tokens or usage.cache_write_tokens or usage.audio_input_tokens):
        return plain * prices.input
    cost = Decimal(0)
    for tokens, price in (
        (usage.cache_read_tokens, prices.cache_read),
        (usage.cache_write_tokens - usage.cache_write_1h_tokens, prices.cache_write),
        (usage.cache_write_1h_tokens, prices.cache_write_1h or prices.cache_write),
        (usage.audio_input_tokens, prices.audio_input),
    ):
        if tokens and price is not None:
            plain -= tokens
            cost += tokens * price
    return cost + plain * prices.input


def _output_cost(usage: Usage, prices: Prices) -> Decimal:
    audio = usage.audio_output_tokens
    if not audio or prices.audio_output is None:
        return usage.output_tokens * prices.output
    return (usage.output_tokens - audio) * prices.output + audio * prices.audio_output
