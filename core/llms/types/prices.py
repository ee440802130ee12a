"""Prices of a model, as its vendor states them. Money is `Decimal` in USD, never a float. `costs` prices a call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeAlias

from core.llms.types.usage import Usage

Money: TypeAlias = Decimal | int | str
STANDARD_TIERS = frozenset({None, "", "default", "auto", "standard", "on_demand"})


@dataclass(frozen=True, slots=True)
class PriceTier:
    """Prices that hold for the whole call once its prompt is larger than `above_input_tokens`."""

    above_input_tokens: int
    prices: Prices


@dataclass(frozen=True, slots=True)
class PriceWindow:
    """Prices that hold at some hours of some days: from `first_hour` up to, not with, `end_hour`, both UTC.

    16.5 is half past four. `weekdays` count from Monday, 0; hours do not pass midnight.
    """

    first_hour: float
    end_hour: float
    prices: Prices
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)

    def holds_at(self, moment: datetime) -> bool:
        """Tell whether a moment, which must have a time zone, is in the window."""
        moment = moment.astimezone(UTC)
        hour = moment.hour + moment.minute / 60
        return moment.weekday() in self.weekdays and self.first_hour <= hour < self.end_hour


@dataclass(frozen=True, slots=True)
class PriceChange:
    """Prices that hold from a day on, which begins at midnight UTC."""

    starts_on: date
    prices: Prices


@dataclass(frozen=True, slots=True)
class Prices:
    """USD per million tokens. A part without a price of its own costs what the tokens around it cost.

    `cache_write_1h` is for the vendor's longer cache (Anthropic's hour, OpenAI's 12 hours), `reasoning` for reasoning
    that is not billed like the rest of the answer, `image_input` and `image_output` for images that go in and come out.
    `service_tiers` has the prices of the vendor's other tiers (`batch`,
    `flex`, `priority`), `tiers` those of large prompts. `server_tool_usd_per_thousand` is the fee of calls to the
    vendor's own tools, `request_usd_per_thousand` that of requests. `windows`: other prices at some hours; `changes`:
    other prices from a day on, in the order of their days.
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
    changes: tuple[PriceChange, ...] = ()
    reasoning: Decimal | None = None
    request_usd_per_thousand: Decimal | None = None
    image_input: Decimal | None = None
    image_output: Decimal | None = None

    @classmethod
    def of(
        cls,
        input: Money,
        output: Money,
        *,
        cache_read: Money | None = None,
        cache_write: Money | None = None,
        cache_write_1h: Money | None = None,
        audio_input: Money | None = None,
        audio_output: Money | None = None,
        image_input: Money | None = None,
        image_output: Money | None = None,
        reasoning: Money | None = None,
        tiers: tuple[PriceTier, ...] = (),
        service_tiers: Mapping[str, Prices] | None = None,
        server_tool_usd_per_thousand: Money | None = None,
        request_usd_per_thousand: Money | None = None,
        windows: tuple[PriceWindow, ...] = (),
        changes: tuple[PriceChange, ...] = (),
    ) -> Prices:
        """Make prices of decimal strings, as the vendor's price page writes them."""
        return cls(
            Decimal(input),
            Decimal(output),
            cache_read=_decimal(cache_read),
            cache_write=_decimal(cache_write),
            cache_write_1h=_decimal(cache_write_1h),
            audio_input=_decimal(audio_input),
            audio_output=_decimal(audio_output),
            tiers=tiers,
            service_tiers=service_tiers or {},
            server_tool_usd_per_thousand=_decimal(server_tool_usd_per_thousand),
            windows=windows,
            changes=changes,
            reasoning=_decimal(reasoning),
            request_usd_per_thousand=_decimal(request_usd_per_thousand),
            image_input=_decimal(image_input),
            image_output=_decimal(image_output),
        )

    def scaled(self, input_factor: Money, output_factor: Money) -> Prices:
        """Return the same prices times a factor, all that goes in by one and all that comes out by the other.

        Tiers, dates and fees are not carried over: they follow rules of their own.
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
            reasoning=times(self.reasoning, out),
            image_input=times(self.image_input, into),
            image_output=times(self.image_output, out),
        )

    def for_usage(self, usage: Usage, moment: datetime | None = None) -> Prices | None:
        """Pick the prices that hold for a call that ended at a moment, now by default.

        None where its service tier has no known price.
        """
        chosen = self
        if usage.service_tier not in STANDARD_TIERS:
            tier = self.service_tiers.get(usage.service_tier or "")
            if tier is None:
                return None
            chosen = tier
        prices = chosen.at(moment)
        if not prices.tiers:
            return prices
        reached = [tier for tier in prices.tiers if usage.input_tokens > tier.above_input_tokens]
        return max(reached, key=lambda tier: tier.above_input_tokens).prices if reached else prices

    def at(self, moment: datetime | None = None) -> Prices:
        """Pick the prices of a moment, which must have a time zone; now by default."""
        if not (self.changes or self.windows):
            return self
        moment = moment or datetime.now(UTC)
        prices = self.on(moment.astimezone(UTC).date())
        return next((window.prices for window in prices.windows if window.holds_at(moment)), prices)

    def on(self, day: date) -> Prices:
        """Pick the prices of a day, whatever the hour."""
        return next((change.prices for change in reversed(self.changes) if change.starts_on <= day), self)

    def every(self) -> Iterator[Prices]:
        """Go through all prices that may hold for some call in the standard tier: of today, of any hour."""
        today = self.on(datetime.now(UTC).date())
        yield today
        for window in today.windows:
            yield window.prices


def _decimal(value: Money | None) -> Decimal | None:
    return None if value is None else Decimal(value)
