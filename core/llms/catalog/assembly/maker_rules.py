"""Rules of price that a model's maker sets for every host, for the rows of lists that leave them out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from core.llms.catalog.assembly.facts import Facts, money

_CLAUDE: Final = "claude"
_NESTED: Final = ("tiers", "changes")


def add_maker_s_rules(id: str, prices: Facts) -> Facts:
    """Add what the maker's rules say of a price that no list states.

    Claude: what is written to the cache for five minutes costs 1.25 times its input, for an hour 2 times
    (https://platform.claude.com/docs/en/build-with-claude/prompt-caching, "Pricing", as genai-prices 0.2.3 cites it).
    """
    return _with_the_hour(prices) if _CLAUDE in id else prices


def _with_the_hour(prices: Facts) -> Facts:
    completed: dict[str, Any] = dict(prices)
    if "cache_write_1h" not in prices and _is_five_minutes(prices):
        completed["cache_write_1h"] = money(Decimal(prices["input"]) * 2)
    for name in _NESTED:
        if name in prices:
            completed[name] = [_with_the_hour(step) for step in prices[name]]
    if "service_tiers" in prices:
        completed["service_tiers"] = {tier: _with_the_hour(each) for tier, each in prices["service_tiers"].items()}
    return completed


def _is_five_minutes(prices: Facts) -> bool:
    return "cache_write" in prices and Decimal(prices["cache_write"]) == Decimal(prices["input"]) * Decimal("1.25")
