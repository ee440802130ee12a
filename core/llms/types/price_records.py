"""Prices as plain data, for files and databases: amounts are exact text in USD, so that none loses a digit.

`{"input": "2.5", "output": "15", "cache_read": "0.25", "tiers": [{"above": 272000, "input": "5", "output": "22.5"}]}`:
per million tokens; `server_tools` and `requests` per thousand; `windows` in minutes of the day, UTC; `changes` by day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from core.llms.types.prices import PriceChange, Prices, PriceTier, PriceWindow

_PARTS: Final = (
    "input", "output", "cache_read", "cache_write", "cache_write_1h", "audio_input", "audio_output", "reasoning",
    "image_input", "image_output",
)  # fmt: skip
_FEES: Final = {"server_tools": "server_tool_usd_per_thousand", "requests": "request_usd_per_thousand"}
# `above` and `from` say for what size, and from what day on, a record holds.
_KNOWN: Final = frozenset({*_PARTS, *_FEES, "tiers", "service_tiers", "windows", "changes", "above", "from"})
_EVERY_DAY: Final = tuple(range(7))


def parse_prices(record: Mapping[str, Any]) -> Prices:
    """Read prices. Raises KeyError, TypeError or ValueError for a record of another form."""
    unknown = sorted(record.keys() - _KNOWN)
    if unknown:
        raise ValueError(f"unknown part {unknown[0]!r}; known: {', '.join(sorted(_KNOWN))}")
    return Prices.of(
        _parse_amount("input", record["input"]),
        _parse_amount("output", record["output"]),
        **{part: _parse_amount(part, record[part]) for part in _PARTS[2:] if part in record},
        **{field: _parse_amount(name, record[name]) for name, field in _FEES.items() if name in record},
        tiers=tuple(PriceTier(tier["above"], parse_prices(tier)) for tier in record.get("tiers", ())),
        service_tiers={name: parse_prices(tier) for name, tier in record.get("service_tiers", {}).items()},
        windows=tuple(_parse_window(window) for window in record.get("windows", ())),
        changes=tuple(
            PriceChange(date.fromisoformat(change["from"]), parse_prices(change))
            for change in record.get("changes", ())
        ),
    )


def _parse_amount(name: str, text: Any) -> Decimal:
    try:
        amount = Decimal(text if isinstance(text, str | int | Decimal) else str(text))
    except ArithmeticError as error:
        raise ValueError(f"{name!r} must be an amount of USD as text, as in '2.5', not {text!r}") from error
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{name!r} must be 0 or more, not {text!r}")
    return amount


def _parse_window(record: Mapping[str, Any]) -> PriceWindow:
    begin, end = record["begin"] / 60, record["end"] / 60
    return PriceWindow(begin, end, parse_prices(record["prices"]), tuple(record.get("weekdays", _EVERY_DAY)))


def render_prices(prices: Prices) -> dict[str, Any]:
    """Write prices."""
    fields = {part: part for part in _PARTS} | _FEES
    amounts = {name: getattr(prices, field) for name, field in fields.items()}
    record: dict[str, Any] = {name: _render_amount(amount) for name, amount in amounts.items() if amount is not None}
    if prices.tiers:
        record["tiers"] = [{"above": tier.above_input_tokens, **render_prices(tier.prices)} for tier in prices.tiers]
    if prices.service_tiers:
        record["service_tiers"] = {name: render_prices(tier) for name, tier in prices.service_tiers.items()}
    if prices.windows:
        record["windows"] = [_render_window(window) for window in prices.windows]
    if prices.changes:
        record["changes"] = [
            {"from": change.starts_on.isoformat(), **render_prices(change.prices)} for change in prices.changes
        ]
    return record


def _render_amount(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _render_window(window: PriceWindow) -> dict[str, Any]:
    begin, end = round(window.first_hour * 60), round(window.end_hour * 60)
    days = {} if window.weekdays == _EVERY_DAY else {"weekdays": list(window.weekdays)}
    return {"begin": begin, "end": end, **days, "prices": render_prices(window.prices)}
