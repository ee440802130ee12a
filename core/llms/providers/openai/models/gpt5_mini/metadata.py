"""What is known of GPT-5 mini."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import GPT5FamilyMetadata
from core.llms.types.prices import Prices

_PRIORITY = Prices.of("0.45", "3.60", cache_read="0.045")


class GPT5MiniMetadata(GPT5FamilyMetadata):
    """GPT-5 mini: smaller, always reasons, sees images."""

    NAME = "openai-gpt-5-mini"
    MODEL_ID = "gpt-5-mini"
    DISPLAY_NAME = "GPT-5 mini"
    ALIASES = ("gpt-5-mini-2025-08-07",)
    CONTEXT_WINDOW = 400_000
    MAX_INPUT_TOKENS = 272_000
    MAX_TOKENS = 128_000
    PRICES = Prices.of(
        "0.25",
        "2",
        cache_read="0.025",
        service_tiers={"flex": Prices.of("0.125", "1", cache_read="0.0125"), "priority": _PRIORITY, "fast": _PRIORITY},
        server_tool_usd_per_thousand="10",
    )
    KNOWLEDGE_CUTOFF = date(2024, 5, 30)
    RELEASED = date(2025, 8, 7)
    DEPRECATED = date(2026, 6, 11)
    RETIRED = date(2026, 12, 11)
    REPLACEMENT = "gpt-5.6-terra"
