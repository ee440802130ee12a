"""What is known of GPT-5."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import GPT5FamilyMetadata
from core.llms.types.prices import Prices

_PRIORITY = Prices.of("2.50", "20", cache_read="0.25")


class GPT5Metadata(GPT5FamilyMetadata):
    """GPT-5: always reasons, sees images."""

    NAME = "openai-gpt-5"
    MODEL_ID = "gpt-5"
    DISPLAY_NAME = "GPT-5"
    ALIASES = ("gpt-5-2025-08-07",)
    CONTEXT_WINDOW = 400_000
    MAX_INPUT_TOKENS = 272_000
    MAX_TOKENS = 128_000
    PRICES = Prices.of(
        "1.25",
        "10",
        cache_read="0.125",
        service_tiers={"flex": Prices.of("0.625", "5", cache_read="0.0625"), "priority": _PRIORITY, "fast": _PRIORITY},
        server_tool_usd_per_thousand="10",
    )
    KNOWLEDGE_CUTOFF = date(2024, 9, 30)
    RELEASED = date(2025, 8, 7)
    DEPRECATED = date(2026, 6, 11)
    RETIRED = date(2026, 12, 11)
    REPLACEMENT = "gpt-5.6-sol"
