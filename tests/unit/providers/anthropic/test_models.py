"""Anthropic's rooms: figures typed by hand from the sources, names, and what each model is asked."""

from __future__ import annotations

import warnings
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest

from core.llms.providers.anthropic import AnthropicMetadata
from core.llms.providers.anthropic.models import ROOMS
from core.llms.providers.base.metadata import Capability
from core.llms.providers.base.rooms import model_id_for, resolve_metadata
from core.llms.types.costs import compute_cost
from core.llms.types.usage import Usage
from core.llms.wires.anthropic_messages.thinking import BUDGETS


class Figures(NamedTuple):
    """USD per million tokens, and tokens."""

    name: str
    input: str
    output: str
    cache_read: str
    context: int
    output_limit: int


# genai-prices 0.2.3, models.dev (opencode 1.18.34) and pi-ai 1.5.2, typed by hand on 2026-11-21.
GOLDEN = [
    Figures("claude-fable-5-2", "8", "40", "0.2", 1_000_000, 128_000),
    Figures("claude-mythos-5-2", "8", "40", "0.2", 1_000_000, 128_000),
    Figures("claude-fable-5-1", "10", "50", "0.25", 1_000_000, 128_000),
    Figures("claude-opus-5-5", "4", "20", "0.2", 1_000_000, 128_000),
    Figures("claude-sonnet-5-5", "2", "10", "0.1", 1_000_000, 128_000),
    Figures("claude-haiku-5-5", "0.1", "0.5", "0.01", 1_000_000, 128_000),
    Figures("claude-opus-5", "5", "25", "0.5", 1_000_000, 128_000),
    Figures("claude-sonnet-5", "2", "10", "0.2", 1_000_000, 128_000),
    Figures("claude-opus-4-8", "5", "25", "0.5", 1_000_000, 128_000),
    Figures("claude-opus-4-7", "5", "25", "0.5", 1_000_000, 128_000),
    Figures("claude-opus-4-6", "5", "25", "0.5", 1_000_000, 128_000),
    Figures("claude-sonnet-4-6", "3", "15", "0.3", 1_000_000, 128_000),
    Figures("claude-opus-4-5", "5", "25", "0.5", 200_000, 64_000),
    Figures("claude-sonnet-4-5", "3", "15", "0.3", 200_000, 64_000),
    Figures("claude-haiku-4-5", "1", "5", "0.1", 200_000, 64_000),
    Figures("claude-3-5-sonnet-latest", "3", "15", "0.3", 200_000, 8_192),
    Figures("claude-3-opus-latest", "15", "75", "1.5", 200_000, 4_096),
]


def metadata_of(name: str) -> type[AnthropicMetadata]:
    metadata = ROOMS[name].load()[0]
    assert issubclass(metadata, AnthropicMetadata)
    return metadata


@pytest.mark.parametrize("figures", GOLDEN, ids=lambda figures: figures.name)
def test_key_figures_are_those_of_the_sources(figures: Figures) -> None:
    metadata = metadata_of(figures.name)
    prices = metadata.PRICES
    assert prices is not None
    assert (prices.input, prices.output) == (Decimal(figures.input), Decimal(figures.output))
    assert prices.cache_read == Decimal(figures.cache_read)
    assert prices.cache_write == Decimal(figures.input) * Decimal("1.25")
    assert prices.cache_write_1h == Decimal(figures.input) * 2
    assert (figures.context, figures.output_limit) == (metadata.CONTEXT_WINDOW, metadata.MAX_TOKENS)


def test_every_room_has_its_figures() -> None:
    assert {metadata_of(figures.name) for figures in GOLDEN} == {metadata_of(name) for name in ROOMS}


@pytest.mark.parametrize(
    ("name", "tier", "usd"),
    [
        ("claude-opus-5-5", None, "24"),
        ("claude-opus-5-5", "standard", "24"),
        ("claude-opus-5-5", "fast", "48"),
        ("claude-opus-5-5", "us", "26.4"),
        ("claude-opus-5-5", "fast-us", "52.8"),
        ("claude-sonnet-5-5", "fast", None),
        ("claude-sonnet-4-5", "us", None),
        ("claude-opus-5-5", "priority", None),
    ],
)
def test_tiers_have_the_prices_that_are_known(name: str, tier: str | None, usd: str | None) -> None:
    cost, reason = compute_cost(Usage(1_000_000, 1_000_000, service_tier=tier), metadata_of(name).PRICES)
    assert cost == (None if usd is None else Decimal(usd))
    assert (reason is None) is (usd is not None)


def test_long_prompt_of_the_smallest_model_costs_five_times_as_much() -> None:
    prices = metadata_of("claude-haiku-5-5").PRICES
    assert compute_cost(Usage(100_000, 0), prices)[0] == Decimal("0.01")
    assert compute_cost(Usage(200_000, 0), prices)[0] == Decimal("0.1")
    assert compute_cost(Usage(200_000, 0, service_tier="us"), prices)[0] == Decimal("0.11")


def test_hour_of_cache_and_searches_are_priced() -> None:
    usage = Usage(
        1_000_000, 0, cache_write_tokens=600_000, cache_write_1h_tokens=100_000, cache_read_tokens=400_000,
        server_tool_requests=2,
    )  # fmt: skip
    # Half a million at 2.50, a tenth at 4.00, four tenths at 0.10, two searches at a cent.
    assert compute_cost(usage, metadata_of("claude-sonnet-5-5").PRICES)[0] == Decimal("1.71")


@pytest.mark.parametrize(
    ("name", "retired", "replacement"),
    [
        ("claude-3-5-sonnet-latest", date(2025, 10, 28), "claude-sonnet-4-6"),
        ("claude-3-5-sonnet-20240620", date(2025, 10, 28), "claude-sonnet-4-6"),
        ("claude-3-opus-20240229", date(2026, 1, 5), "claude-opus-4-8"),
        ("claude-sonnet-4-5-20250929", date(2026, 11, 30), "claude-sonnet-5-5"),
    ],
)
def test_retired_models_say_since_when_and_what_instead(name: str, retired: date, replacement: str) -> None:
    metadata = metadata_of(name)
    assert (retired, replacement) == (metadata.RETIRED, metadata.REPLACEMENT)
    assert replacement in ROOMS


def test_retired_model_warns_once_and_keeps_the_name_that_was_asked_for() -> None:
    metadata = metadata_of("claude-3-opus-latest")
    with pytest.warns(UserWarning, match="was retired on 2026-01-05; use claude-opus-4-8"):
        resolve_metadata("anthropic", "claude-3-opus-latest", ROOMS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        resolve_metadata("anthropic", "anthropic-claude-3-opus-20240229", ROOMS)
    assert model_id_for(metadata, "claude-3-opus-latest") == "claude-3-opus-latest"


@pytest.mark.parametrize("name", ROOMS)
def test_efforts_are_those_that_the_models_form_can_say(name: str) -> None:
    metadata = metadata_of(name)
    style = metadata.THINKING
    sayable = {"budget": set(BUDGETS), "adaptive": set(style.efforts), "none": set()}[style.form]
    if style.form == "budget" and style.efforts:
        sayable = set(style.efforts)
    assert set(metadata.REASONING_EFFORTS) == sayable | ({"none"} if style.off else set())
    assert metadata.supports(Capability.REASONING) is (style.form != "none")
