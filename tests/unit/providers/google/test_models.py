"""What the rooms say, where a rule stands behind it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.llms.providers.base.metadata import BaseMetadata, Capability
from core.llms.providers.google.models import ROOMS
from core.llms.providers.google.models._families import BudgetMetadata, GeminiMetadata
from core.llms.types.costs import compute_cost
from core.llms.types.usage import Usage

CLASSES = {room.load()[0] for room in ROOMS.values()}


def metadata(name: str) -> type[BaseMetadata]:
    return ROOMS[name].load()[0]


def test_budgets_belong_to_the_older_generation_alone() -> None:
    for model in CLASSES:
        if issubclass(model, GeminiMetadata):
            assert (model.THINKING_BUDGETS is not None) is issubclass(model, BudgetMetadata)
            assert ("none" in model.REASONING_EFFORTS) is (
                model.THINKING_BUDGETS is not None and model.THINKING_BUDGETS[0] == 0
            )


@pytest.mark.parametrize(
    ("name", "takes"),
    [
        ("gemini-4-argon", False),
        ("gemini-3.8-flash", False),
        ("gemini-3.5-flash-lite", False),
        ("gemini-3.5-flash", True),
        ("gemini-3.1-flash-lite", True),
        ("gemini-2.5-pro", True),
    ],
)
def test_sampling_is_taken_by_models_before_3_6(name: str, takes: bool) -> None:
    assert ("temperature" in (metadata(name).SUPPORTED_PARAMS or ())) is takes


@pytest.mark.parametrize(
    ("moment", "usd"),
    [(datetime(2026, 11, 30, 23, 59, tzinfo=UTC), "2"), (datetime(2026, 12, 1, tzinfo=UTC), "4")],
)
def test_introductory_prices_end_on_their_day_in_every_tier(moment: datetime, usd: str) -> None:
    prices = metadata("gemini-4-argon").PRICES
    assert compute_cost(Usage(10**6, 0), prices, moment)[0] == Decimal(usd)
    assert compute_cost(Usage(10**6, 0, service_tier="flex"), prices, moment)[0] == Decimal(usd) / 2


def test_long_prompt_costs_more_in_every_tier() -> None:
    prices = metadata("gemini-2.5-pro").PRICES
    short, long = Usage(200_000, 1_000), Usage(200_001, 1_000)
    assert compute_cost(short, prices)[0] == Decimal("0.26")
    assert compute_cost(long, prices)[0] == Decimal("200_001") * Decimal("2.5") / 10**6 + Decimal("0.015")
    flex = Usage(200_001, 0, cache_read_tokens=200_001, service_tier="flex")
    assert compute_cost(flex, prices)[0] == Decimal("200_001") * Decimal("0.25") / 10**6


def test_sound_search_and_tiers_have_their_prices() -> None:
    prices = metadata("gemini-2.5-flash").PRICES
    assert compute_cost(Usage(1_000_000, audio_input_tokens=1_000_000), prices)[0] == 1
    assert compute_cost(Usage(server_tool_requests=1), prices)[0] == Decimal("0.035")
    assert compute_cost(Usage(1_000_000, service_tier="priority"), prices)[0] == Decimal("0.54")
    assert compute_cost(Usage(1_000_000, service_tier="provisioned_throughput"), prices)[0] is None


def test_every_model_but_embedders_reasons_and_hears() -> None:
    for model in CLASSES:
        embeds = model.supports(Capability.EMBEDDINGS)
        assert model.supports(Capability.AUDIO_INPUT) is model.supports(Capability.REASONING) is not embeds
