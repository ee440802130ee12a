"""Usages and moments that this package and genai-prices both price, and how each of them does it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final

from genai_prices import Usage as ForeignUsage
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ModelInfo, Provider

from core.llms.catalog.assembly.names import GENAI_PRICES
from core.llms.catalog.classes import catalogued_metadata
from core.llms.catalog.store import load_provider
from core.llms.types.costs import compute_cost
from core.llms.types.prices import Prices
from core.llms.types.usage import Usage

USAGES: Final = (
    Usage(1_000, 100),
    Usage(1, 0),
    Usage(1_000, 100, cache_read_tokens=400),
    Usage(5_000, 100, cache_read_tokens=1_000, cache_write_tokens=2_000),
    Usage(5_000, 100, cache_write_tokens=2_000, cache_write_1h_tokens=500),
    Usage(150_000, 1_000, cache_read_tokens=140_000),
    Usage(200_000, 1_000),
    Usage(300_000, 1_000, cache_read_tokens=1_000),
    Usage(1_200_000, 9_000),
    Usage(1_000, 500, reasoning_tokens=300),
    Usage(1_000, 10, server_tool_requests=3),
    Usage(5_000, 300, audio_input_tokens=1_000),
    Usage(5_000, 300, audio_output_tokens=200),
    Usage(5_000, 300, image_input_tokens=1_000),
    Usage(5_000, 1_500, image_output_tokens=1_290),
    Usage(5_000, 1_500, image_output_tokens=1_290, service_tier="batch"),
    Usage(5_000, 300, service_tier="batch"),
    Usage(5_000, 300, cache_read_tokens=1_000, service_tier="batch"),
    Usage(300_000, 300, service_tier="batch"),
    Usage(500, 30, service_tier="priority"),
    Usage(300_000, 30, cache_read_tokens=100_000, service_tier="priority"),
    Usage(500, 30, service_tier="flex"),
)
NOW: Final = datetime(2026, 11, 20, 12, 15, tzinfo=UTC)  # a Friday
PEAK: Final = datetime(2026, 11, 20, 2, 15, tzinfo=UTC)
WEEKEND: Final = datetime(2026, 11, 21, 2, 15, tzinfo=UTC)
LATER: Final = datetime(2027, 2, 1, 12, 15, tzinfo=UTC)
EARLIER: Final = datetime(2026, 6, 15, 12, 15, tzinfo=UTC)
MOMENTS: Final = (NOW, PEAK, WEEKEND, LATER, EARLIER)
# Amounts of the lists are kept with nine decimals, in USD per million tokens.
ROUNDING: Final = Decimal("1e-15")


@dataclass(frozen=True, slots=True)
class Model:
    """A model that both price; `borrowed` where genai-prices takes another provider's price for it."""

    provider: str
    id: str
    prices: Prices
    foreign: ModelInfo
    foreign_provider: Provider
    borrowed: bool

    @property
    def is_dated(self) -> bool:
        """Whether the moment matters to either side."""
        ours = self.prices.changes or self.prices.windows or any(t.changes for t in self.prices.service_tiers.values())
        theirs = isinstance(self.foreign.prices, list) and len(self.foreign.prices) > 1
        return bool(ours) or theirs or any(variant.constraint for variant in self.foreign.price_variants or ())


@dataclass(frozen=True, slots=True)
class Difference:
    """One usage of one model that costs differently; ours is None where this package says that it does not know."""

    model: Model
    usage: Usage
    moment: datetime
    ours: Decimal | None
    theirs: Decimal


@cache
def find_models() -> tuple[Model, ...]:
    """Find the models that both have a price of."""
    found = (find_model(provider, id) for provider in GENAI_PRICES for id in load_provider(provider).rows)
    return tuple(model for model in found if model is not None)


def find_model(provider: str, id: str) -> Model | None:
    """Find a model that both have a price of, by its id or another name."""
    metadata = catalogued_metadata(provider, id)
    if metadata is None or metadata.PRICES is None:
        return None
    try:
        (name,) = GENAI_PRICES[provider]
        their_provider, foreign = get_snapshot().find_provider_model(id, None, name, None)
    except LookupError:
        return None
    borrowed = not any(foreign is model for model in their_provider.models)
    return Model(provider, id, metadata.PRICES, foreign, their_provider, borrowed)


def price_foreign(model: Model, usage: Usage, moment: datetime) -> Decimal | None:
    """Price by genai-prices; None for what it calls invalid."""
    parts: dict[str, Any] = {
        "cache_read_tokens": usage.cache_read_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "cache_write_1h_tokens": usage.cache_write_1h_tokens,
        "output_reasoning_tokens": usage.reasoning_tokens,
        "input_audio_tokens": usage.audio_input_tokens,
        "output_audio_tokens": usage.audio_output_tokens,
        "input_image_tokens": usage.image_input_tokens,
        "output_image_tokens": usage.image_output_tokens,
        "web_searches": usage.server_tool_requests,
    }
    counts = {name: count for name, count in parts.items() if count}
    foreign = ForeignUsage(input_tokens=usage.input_tokens, output_tokens=usage.output_tokens, **counts)
    try:
        return model.foreign.calc_price(
            foreign, model.foreign_provider, genai_request_timestamp=moment, price_context=_context(usage)
        ).total_price
    except ValueError:
        return None


def _context(usage: Usage) -> dict[str, str] | None:
    match usage.service_tier:
        case None:
            return None
        case "batch":
            return {"processing": "batch"}
        case tier:
            return {"service_tier": tier}


def compare(model: Model, usage: Usage, moment: datetime) -> Difference | None:
    """Price on both sides; None where they agree, to what the lists' decimals allow."""
    theirs = price_foreign(model, usage, moment)
    if theirs is None:
        return None
    ours = compute_cost(usage, model.prices, moment)[0]
    if ours is not None and abs(ours - theirs) <= ROUNDING * usage.total_tokens:
        return None
    return Difference(model, usage, moment, ours, theirs)


def walk_cases() -> Iterator[tuple[Model, Usage, datetime]]:
    """Go over the grid: every usage of every model now, and at the other moments where the moment matters."""
    for model in find_models():
        for moment in MOMENTS if model.is_dated else MOMENTS[:1]:
            for usage in USAGES:
                yield model, usage, moment
