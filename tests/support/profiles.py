"""Profiles of models with any facts, for property tests of whatever keeps them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from core.llms.registry.models import FactSource, LLMCapabilities, LLMProfile, Modality
from core.llms.types.prices import PriceChange, Prices, PriceTier, PriceWindow

names = st.text("ab-./:é\u2028😀 '\"%\\", min_size=1, max_size=8)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
amounts = st.decimals(0, 1000, places=6, allow_nan=False).map(lambda value: Decimal(f"{value.normalize():f}"))
tokens = st.integers(1, 10**7)
plain_prices = st.builds(Prices, amounts, amounts, cache_read=st.none() | amounts, reasoning=st.none() | amounts)
windows = st.builds(PriceWindow, st.just(0.5), st.just(16.0), plain_prices, st.just((0, 6)))
prices = st.builds(
    Prices,
    amounts,
    amounts,
    cache_write_1h=st.none() | amounts,
    request_usd_per_thousand=st.none() | amounts,
    tiers=st.lists(st.builds(PriceTier, tokens, plain_prices), max_size=2).map(tuple),
    service_tiers=st.dictionaries(names, plain_prices, max_size=2),
    windows=st.lists(windows, max_size=1).map(tuple),
    changes=st.lists(st.builds(PriceChange, days, plain_prices), max_size=2).map(tuple),
)
abilities = st.fixed_dictionaries(
    {},
    optional={
        "supports_vision": st.none() | st.booleans(),
        "context_window": st.just(10**7),
        "max_output_tokens": tokens,
        "input_modalities": st.frozensets(st.sampled_from(Modality)),
        "supported_parameters": st.frozensets(names, max_size=2),
        "reasoning_efforts": st.lists(names, max_size=2).map(tuple),
        "reasoning_budget_tokens": st.tuples(st.none() | tokens, st.none() | tokens),
        "sampling": st.sampled_from(["always", "never", "unless_reasoning"]),
    },
).map(LLMCapabilities.model_validate)
profiles = st.fixed_dictionaries(
    {"provider": names, "model_id": names},
    optional={
        "aliases": st.lists(names, max_size=2).map(tuple),
        "description": names,
        "capabilities": abilities,
        "prices": prices,
        "released": days,
        "retired": st.none() | days,
        "is_deprecated": st.booleans(),
        "sources": st.lists(st.builds(FactSource, name=names, read_on=days), max_size=2).map(tuple),
        "origin": st.sampled_from(["user", "detected"]),
        "detected_at": st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    },
).map(LLMProfile.model_validate)
profile_lists = st.lists(profiles, max_size=3, unique_by=lambda profile: profile.key)


def assert_same(back: list[LLMProfile], kept: list[LLMProfile]) -> None:
    """Compare what came back with what was kept, in order, to what was stated of each."""
    expected = sorted(kept, key=lambda profile: profile.key)
    assert back == expected
    assert [_stated(profile) for profile in back] == [_stated(profile) for profile in expected]


def _stated(profile: LLMProfile) -> tuple[set[str], set[str]]:
    return profile.model_fields_set, profile.capabilities.model_fields_set
