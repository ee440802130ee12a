"""What is known of GPT-5.4."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import ReasoningMetadata
from core.llms.types.prices import Prices, PriceTier

_FLEX = Prices.of(
    "1.25", "7.50", cache_read="0.13", tiers=(PriceTier(272_000, Prices.of("2.50", "11.25", cache_read="0.25")),)
)
_PRIORITY = Prices.of("5", "30", cache_read="0.50")


class GPT54Metadata(ReasoningMetadata):
    """GPT-5.4: reasons on demand, sees images, one million tokens of context."""

    NAME = "openai-gpt-5.4"
    MODEL_ID = "gpt-5.4"
    DISPLAY_NAME = "GPT-5.4"
    ALIASES = ("gpt-5.4-2026-03-05",)
    FAMILY = "gpt-5.4"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000  # litellm: 1,050,000, the whole context
    MAX_TOKENS = 128_000
    PRICES = Prices.of(
        "2.50",
        "15",
        cache_read="0.25",
        tiers=(PriceTier(272_000, Prices.of("5", "22.50", cache_read="0.50")),),
        service_tiers={"flex": _FLEX, "priority": _PRIORITY, "fast": _PRIORITY},
        server_tool_usd_per_thousand="10",
    )
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh")
    DEFAULT_REASONING_EFFORT = "none"
    KNOWLEDGE_CUTOFF = date(2025, 8, 31)
    RELEASED = date(2026, 3, 5)
