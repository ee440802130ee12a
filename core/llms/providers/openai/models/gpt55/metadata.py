"""What is known of GPT-5.5."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import ReasoningMetadata
from core.llms.types.prices import Prices, PriceTier

_FLEX = Prices.of(
    "2.50", "15", cache_read="0.25", tiers=(PriceTier(272_000, Prices.of("5", "22.50", cache_read="0.50")),)
)
_PRIORITY = Prices.of("12.50", "75", cache_read="1.25")


class GPT55Metadata(ReasoningMetadata):
    """GPT-5.5: reasons by default, sees images, one million tokens of context."""

    NAME = "openai-gpt-5.5"
    MODEL_ID = "gpt-5.5"
    DISPLAY_NAME = "GPT-5.5"
    ALIASES = ("gpt-5.5-2026-04-23",)
    FAMILY = "gpt-5.5"
    CONTEXT_WINDOW = 1_050_000  # genai-prices: 1,000,000
    MAX_INPUT_TOKENS = 922_000  # litellm: 1,050,000, the whole context
    MAX_TOKENS = 128_000
    PRICES = Prices.of(
        "5",
        "30",
        cache_read="0.50",
        tiers=(PriceTier(272_000, Prices.of("10", "45", cache_read="1")),),
        service_tiers={"flex": _FLEX, "priority": _PRIORITY, "fast": _PRIORITY},
        server_tool_usd_per_thousand="10",
    )
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2025, 12, 1)
    RELEASED = date(2026, 4, 23)
