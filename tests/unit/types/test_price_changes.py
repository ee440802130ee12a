from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from core.llms.types.costs import compute_cost
from core.llms.types.prices import PriceChange, Prices, PriceTier, PriceWindow
from core.llms.types.usage import Usage

LATER = Prices.of("4", "8", tiers=(PriceTier(1000, Prices.of("40", "80")),))
PRICES = Prices.of(
    "1",
    "2",
    changes=(PriceChange(date(2026, 6, 1), Prices.of("3", "6")), PriceChange(date(2026, 9, 1), LATER)),
    service_tiers={"batch": Prices.of("0.5", "1", changes=(PriceChange(date(2026, 9, 1), Prices.of("2", "4")),))},
)


@pytest.mark.parametrize(
    ("moment", "usd"),
    [
        (datetime(2026, 5, 31, 23, 59, tzinfo=UTC), "1"),
        (datetime(2026, 6, 1, tzinfo=UTC), "3"),
        (datetime(2026, 6, 1, 7, tzinfo=timezone(timedelta(hours=8))), "1"),
        (datetime(2026, 9, 1, tzinfo=UTC), "4"),
        (datetime(2030, 1, 1, tzinfo=UTC), "4"),
    ],
)
def test_cost_is_that_of_the_day(moment: datetime, usd: str) -> None:
    assert compute_cost(Usage(1_000, 0), PRICES, moment)[0] == Decimal(usd) / 1000


def test_cost_of_another_tier_has_days_of_its_own() -> None:
    batch = Usage(1_000, 0, service_tier="batch")
    assert compute_cost(batch, PRICES, datetime(2026, 8, 1, tzinfo=UTC))[0] == Decimal("0.0005")
    assert compute_cost(batch, PRICES, datetime(2026, 9, 1, tzinfo=UTC))[0] == Decimal("0.002")


def test_large_prompt_is_priced_by_the_tiers_of_the_day() -> None:
    assert compute_cost(Usage(1_001, 0), PRICES, datetime(2026, 10, 1, tzinfo=UTC))[0] == Decimal("0.04004")


def test_window_may_begin_at_a_half_hour() -> None:
    window = PriceWindow(0.5, 16.5, LATER)
    assert not window.holds_at(datetime(2026, 1, 1, 0, 29, tzinfo=UTC))
    assert window.holds_at(datetime(2026, 1, 1, 0, 30, tzinfo=UTC))
    assert window.holds_at(datetime(2026, 1, 1, 16, 29, tzinfo=UTC))
    assert not window.holds_at(datetime(2026, 1, 1, 16, 30, tzinfo=UTC))


def test_reasoning_and_requests_have_prices_of_their_own() -> None:
    prices = Prices.of("1", "2", reasoning="5", request_usd_per_thousand="12")
    usage = Usage(0, 300, reasoning_tokens=100)
    assert compute_cost(usage, prices)[0] == (200 * Decimal(2) + 100 * Decimal(5)) / 10**6 + Decimal("0.012")
    assert compute_cost(usage, Prices.of("1", "2"))[0] == 300 * Decimal(2) / 10**6


def test_fees_are_those_of_the_day_whatever_the_size_or_tier() -> None:
    cheaper = Prices.of("1", "1", server_tool_usd_per_thousand="5", request_usd_per_thousand="1")
    tier = PriceTier(1_000, Prices.of("2", "2"))
    prices = Prices.of(
        "1",
        "1",
        server_tool_usd_per_thousand="10",
        request_usd_per_thousand="2",
        tiers=(tier,),
        service_tiers={"batch": Prices.of("1", "1")},
        changes=(PriceChange(date(2026, 6, 1), cheaper),),
    )
    usages = Usage(1_000, server_tool_requests=2), Usage(1_000, server_tool_requests=2, service_tier="batch")
    for usage in usages:
        assert compute_cost(usage, prices, datetime(2026, 5, 31, tzinfo=UTC))[0] == Decimal("0.023")
        assert compute_cost(usage, prices, datetime(2026, 6, 1, tzinfo=UTC))[0] == Decimal("0.012")
    large = Usage(2_000, server_tool_requests=2)
    assert compute_cost(large, prices, datetime(2026, 5, 31, tzinfo=UTC))[0] == Decimal("0.026")
