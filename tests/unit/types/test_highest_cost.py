"""The most that a call of a size can cost: no answer of that size costs more, and a plain one costs just that."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.llms import Prices, Usage
from core.llms.types.costs import compute_cost, compute_highest_cost
from core.llms.types.prices import PriceTier, PriceWindow

KINDS = ("audio_output", "image_output", "reasoning")
MONEY = st.decimals(0, 100, places=4)
MAYBE_MONEY = st.none() | MONEY
PLAIN = st.builds(Prices, MONEY, MONEY, cache_read=MAYBE_MONEY, request_usd_per_thousand=MAYBE_MONEY)
# Each has one thing that makes some calls dearer than others of the same size.
RICH = st.one_of(
    *(st.builds(Prices, MONEY, MONEY, **{kind: MONEY}) for kind in KINDS),
    st.builds(Prices, MONEY, MONEY, tiers=st.builds(PriceTier, st.integers(0, 1000), PLAIN).map(lambda tier: (tier,))),
    st.builds(Prices, MONEY, MONEY, windows=PLAIN.map(lambda prices: (PriceWindow(0, 24, prices),))),
    st.builds(Prices, MONEY, MONEY, service_tiers=st.fixed_dictionaries({"batch": PLAIN})),
)
TOKENS = st.integers(0, 2000)
TIERS = st.sampled_from([None, "default", "batch", "flex", "unheard-of"])


@settings(max_examples=300)
@given(PLAIN | RICH, TOKENS, TOKENS, TIERS)
def test_no_answer_of_the_size_costs_more(prices: Prices, into: int, out: int, tier: str | None) -> None:
    highest = compute_highest_cost(into, out, prices, tier)
    for usage in (Usage(into, out, service_tier=tier), Usage(into, out)):
        kinds = (replace(usage, **dict[str, Any]({f"{kind}_tokens": out})) for kind in KINDS)
        assert all((compute_cost(each, prices)[0] or Decimal(0)) <= highest for each in (usage, *kinds))


@given(PLAIN, TOKENS, TOKENS)
def test_where_nothing_has_a_price_of_its_own_it_costs_just_that(prices: Prices, into: int, out: int) -> None:
    assert compute_highest_cost(into, out, prices, None) == compute_cost(Usage(into, out), prices)[0]
