"""What is known of o4-mini."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import OSeriesMetadata
from core.llms.types.prices import Prices

_PRIORITY = Prices.of("2", "8", cache_read="0.50")


class O4MiniMetadata(OSeriesMetadata):
    """o4-mini: small, always reasons, sees images; retired."""

    NAME = "openai-o4-mini"
    MODEL_ID = "o4-mini"
    DISPLAY_NAME = "o4-mini"
    ALIASES = ("o4-mini-2025-04-16",)
    CONTEXT_WINDOW = 200_000
    MAX_TOKENS = 100_000
    PRICES = Prices.of(
        "1.10",
        "4.40",
        cache_read="0.275",
        service_tiers={"flex": Prices.of("0.55", "2.20", cache_read="0.138"), "priority": _PRIORITY, "fast": _PRIORITY},
        server_tool_usd_per_thousand="10",
    )
    KNOWLEDGE_CUTOFF = date(2024, 5, 31)
    RELEASED = date(2025, 4, 16)
    DEPRECATED = date(2026, 4, 22)
    RETIRED = date(2026, 10, 23)
    REPLACEMENT = "gpt-5.6-terra"
