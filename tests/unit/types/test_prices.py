from __future__ import annotations

from decimal import Decimal

import pytest

from core.llms import Prices, PriceTier, Usage
from core.llms.types.costs import compute_cost

PRICES = Prices.of(
    "2",
    "10",
    cache_read="0.5",
    cache_write="2.5",
    cache_write_1h="4",
    tiers=(PriceTier(1000, Prices.of("4", "15")), PriceTier(5000, Prices.of("8", "30"))),
    service_tiers={"flex": Prices.of("1", "5")},
    server_tool_usd_per_thousand="10",
)


@pytest.mark.parametrize(
    ("usage", "usd_per_million"),
    [
        (Usage(100, 10), 100 * 2 + 10 * 10),
        (Usage(100, 10, reasoning_tokens=5), 100 * 2 + 10 * 10),
        (Usage(100, 0, cache_read_tokens=40), 60 * 2 + Decimal(40) * Decimal("0.5")),
        (Usage(100, 0, cache_write_tokens=40), 60 * 2 + 40 * Decimal("2.5")),
        (Usage(100, 0, cache_write_tokens=40, cache_write_1h_tokens=30), 60 * 2 + 10 * Decimal("2.5") + 30 * 4),
        (Usage(100, 0, audio_input_tokens=40), 100 * 2),
        (Usage(1000, 10), 1000 * 2 + 10 * 10),
        (Usage(1001, 10), 1001 * 4 + 10 * 15),
        (Usage(6000, 10), 6000 * 8 + 10 * 30),
        (Usage(100, 10, service_tier="flex"), 100 * 1 + 10 * 5),
        (Usage(100, 10, service_tier="default"), 100 * 2 + 10 * 10),
        (Usage(100, 10, server_tool_requests=3), 100 * 2 + 10 * 10 + 30_000),
        (Usage(), 0),
    ],
)
def test_cost_is_exact(usage: Usage, usd_per_million: Decimal) -> None:
    assert compute_cost(usage, PRICES) == (Decimal(usd_per_million) / 1_000_000, None)


def test_cost_of_audio_has_a_price_of_its_own_where_there_is_one() -> None:
    prices = Prices(Decimal(1), Decimal(2), audio_input=Decimal(10), audio_output=Decimal(20))
    usage = Usage(100, 50, audio_input_tokens=30, audio_output_tokens=20)
    assert compute_cost(usage, prices)[0] == Decimal(70 * 1 + 30 * 10 + 30 * 2 + 20 * 20) / 1_000_000


def test_cost_of_images_has_a_price_of_its_own_where_there_is_one() -> None:
    prices = Prices.of("1", "2", image_input="10", image_output="20", reasoning="5")
    usage = Usage(100, 50, image_input_tokens=30, image_output_tokens=20, reasoning_tokens=10)
    assert compute_cost(usage, prices)[0] == Decimal(70 * 1 + 30 * 10 + 20 * 2 + 20 * 20 + 10 * 5) / 1_000_000
    assert compute_cost(usage, prices.scaled("2", "3"))[0] == Decimal(2 * 370 + 3 * 490) / 1_000_000
    assert compute_cost(usage, Prices.of("1", "2"))[0] == Decimal(100 * 1 + 50 * 2) / 1_000_000


def test_image_that_a_vendor_counts_as_cached_too_is_paid_once() -> None:
    prices = Prices.of("1", "2", cache_read="0.5", image_input="10")
    usage = Usage(265, 0, cache_read_tokens=162, image_input_tokens=256)
    assert compute_cost(usage, prices)[0] == (162 * Decimal("0.5") + 103 * 10) / 1_000_000


def test_usages_add_up_image_by_image() -> None:
    total = Usage(9, 5, image_input_tokens=4, image_output_tokens=3) + Usage(2, 8, image_output_tokens=7)
    assert total == Usage(11, 13, image_input_tokens=4, image_output_tokens=10)


@pytest.mark.parametrize(
    ("usage", "prices", "reason"),
    [
        (Usage(1, 1), None, "no price is known for this model"),
        (Usage(1, 1, service_tier="scale"), PRICES, "no price is known for service tier 'scale'"),
        (Usage(1, 1, server_tool_requests=1), Prices.of("1", "1"), "the vendor's own tools"),
        (Usage(1, 1, server_tool_requests=2, other_tool_requests=1), PRICES, "images, code or found files"),
    ],
)
def test_cost_that_is_not_known_is_none_with_the_reason(usage: Usage, prices: Prices | None, reason: str) -> None:
    cost, why = compute_cost(usage, prices)
    assert cost is None
    assert why is not None
    assert reason in why


def test_scaled_prices_take_each_side_by_its_factor() -> None:
    scaled = PRICES.scaled("2", "1.5")
    assert (scaled.input, scaled.output, scaled.cache_read) == (Decimal(4), Decimal(15), Decimal(1))
    assert (scaled.cache_write, scaled.cache_write_1h, scaled.tiers) == (Decimal(5), Decimal(8), ())


def test_usage_adds_up() -> None:
    total = Usage(1, 2, cache_read_tokens=1, service_tier="flex") + Usage(3, 4, reasoning_tokens=2, estimated=True)
    assert (total.input_tokens, total.output_tokens, total.total_tokens) == (4, 6, 10)
    assert (total.cache_read_tokens, total.reasoning_tokens, total.service_tier, total.estimated) == (1, 2, None, True)
