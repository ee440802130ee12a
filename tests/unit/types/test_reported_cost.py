from __future__ import annotations

from decimal import Decimal

from core.llms.types.costs import compute_cost
from core.llms.types.prices import Prices
from core.llms.types.usage import Usage

PRICES = Prices.of("1", "2")


def test_reported_cost_goes_before_prices_tiers_and_fees() -> None:
    usage = Usage(10, 5, server_tool_requests=1, service_tier="flex", reported_cost=Decimal("0.25"))
    assert compute_cost(usage, PRICES) == compute_cost(usage, None) == (Decimal("0.25"), None)


def test_reported_cost_of_nothing_is_a_cost() -> None:
    assert compute_cost(Usage(10, 5, reported_cost=Decimal(0)), PRICES) == (Decimal(0), None)


def test_reported_costs_add_up_and_are_lost_where_one_is_missing() -> None:
    first, second = Usage(1, 1, reported_cost=Decimal("0.1")), Usage(2, 2, reported_cost=Decimal("0.2"))
    assert (first + second).reported_cost == Decimal("0.3")
    assert (first + Usage(3, 3)).reported_cost is None
