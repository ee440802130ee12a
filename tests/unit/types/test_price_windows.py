from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from core.llms.runtime.tokens.estimates import estimate_highest_cost
from core.llms.types.costs import compute_cost
from core.llms.types.message_dicts import parse_messages
from core.llms.types.prices import Prices, PriceWindow
from core.llms.types.request import LLMRequest
from core.llms.types.usage import Usage

PEAK = Prices.of("2", "20")
PRICES = Prices.of("1", "10", windows=(PriceWindow(1, 4, PEAK, (0, 1, 2, 3, 4)),))


@pytest.mark.parametrize(
    ("moment", "is_peak"),
    [
        (datetime(2026, 11, 20, 0, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 20, 1, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 20, 3, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 20, 4, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 21, 2, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=8))), True),
    ],
)
def test_window_holds_at_its_hours_of_its_days(moment: datetime, is_peak: bool) -> None:
    assert PRICES.at(moment) is (PEAK if is_peak else PRICES)


def test_cost_is_that_of_the_present_moment() -> None:
    always = Prices.of("1", "10", windows=(PriceWindow(0, 24, PEAK),))
    assert compute_cost(Usage(1_000_000, 0), always) == (Decimal(2), None)
    never = Prices.of("1", "10", windows=(PriceWindow(0, 24, PEAK, ()),))
    assert compute_cost(Usage(1_000_000, 0), never) == (Decimal(1), None)


def test_reservation_holds_for_an_answer_of_images() -> None:
    request = LLMRequest("m", parse_messages("Hi"), {"max_tokens": 100})
    drawn = Prices.of("1", "2.5", image_output="30")
    assert estimate_highest_cost(request, drawn, None) == estimate_highest_cost(request, Prices.of("1", "30"), None)


def test_reservation_is_made_at_the_dearest_hour() -> None:
    never = Prices.of("1", "10", windows=(PriceWindow(0, 24, PEAK, ()),))
    request = LLMRequest("m", parse_messages("Hi"), {"max_tokens": 100})
    assert estimate_highest_cost(request, never, None) == estimate_highest_cost(request, PEAK, None)
