"""What is known of o3."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import OSeriesMetadata
from core.llms.types.prices import Prices

_PRIORITY = Prices.of("3.50", "14", cache_read="0.875")


class O3Metadata(OSeriesMetadata):
    """o3: always reasons, sees images."""

    NAME = "openai-o3"
    MODEL_ID = "o3"
    DISPLAY_NAME = "o3"
    ALIASES = ("o3-2025-04-16",)
    CONTEXT_WINDOW = 200_000
    MAX_TOKENS = 100_000
    PRICES = Prices.of(
        "2",
        "8",
        cache_read="0.50",
        service_tiers={"flex": Prices.of("1", "4", cache_read="0.25"), "priority": _PRIORITY, "fast": _PRIORITY},
        server_tool_usd_per_thousand="10",
    )
    KNOWLEDGE_CUTOFF = date(2024, 5, 31)
    RELEASED = date(2025, 4, 16)
    DEPRECATED = date(2026, 6, 11)
    RETIRED = date(2026, 12, 11)
    REPLACEMENT = "gpt-5.6-sol"
