"""From a model's class to the facts of a row: what `classes` reads, written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from core.llms.catalog.fields import DATES, FEES, PARTS, PLAIN
from core.llms.providers.base.metadata import BaseMetadata, Capability
from core.llms.types.prices import PriceChange, Prices, PriceTier, PriceWindow

_KINDS: Final[dict[bool | None, str]] = {True: "embedding", False: "chat"}


def render_facts(metadata: type[BaseMetadata]) -> dict[str, Any]:
    """Return what a class states, as fields of a row; what it leaves open is not among them."""
    facts: dict[str, Any] = {field: getattr(metadata, attribute) for field, attribute in PLAIN.items()}
    facts |= {field: _day(getattr(metadata, attribute)) for field, attribute in DATES.items()}
    facts |= {
        "aliases": list(metadata.ALIASES),
        "kind": _KINDS.get(metadata.supports(Capability.EMBEDDINGS)),
        "efforts": list(metadata.REASONING_EFFORTS),
        "params": None if metadata.SUPPORTED_PARAMS is None else sorted(metadata.SUPPORTED_PARAMS),
        "prices": None if metadata.PRICES is None else render_prices(metadata.PRICES),
    }
    can = {f"can.{name.value}": value for name, value in metadata.CAPABILITIES.items()}
    return {field: value for field, value in facts.items() if value not in (None, [], "")} | can


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def render_prices(prices: Prices) -> dict[str, Any]:
    """Write prices as a row has them, amounts as exact text."""
    amounts = {part: getattr(prices, part) for part in PARTS} | {
        name: getattr(prices, field) for name, field in FEES.items()
    }
    rendered: dict[str, Any] = {name: _amount(value) for name, value in amounts.items() if value is not None}
    if prices.tiers:
        rendered["tiers"] = [_tier(tier) for tier in prices.tiers]
    if prices.service_tiers:
        rendered["service_tiers"] = {name: render_prices(tier) for name, tier in prices.service_tiers.items()}
    if prices.windows:
        rendered["windows"] = [_window(window) for window in prices.windows]
    if prices.changes:
        rendered["changes"] = [_change(change) for change in prices.changes]
    return rendered


def _amount(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _tier(tier: PriceTier) -> dict[str, Any]:
    return {"above": tier.above_input_tokens, **render_prices(tier.prices)}


def _window(window: PriceWindow) -> dict[str, Any]:
    begin, end = (round(hour * 60) for hour in (window.first_hour, window.end_hour))
    days = {} if len(window.weekdays) == 7 else {"weekdays": list(window.weekdays)}
    return {"begin": begin, "end": end, **days, "prices": render_prices(window.prices)}


def _change(change: PriceChange) -> dict[str, Any]:
    return {"from": change.starts_on.isoformat(), **render_prices(change.prices)}
