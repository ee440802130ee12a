"""What is known of GPT-5.6 Sol on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import ReasoningMetadata, prices_by_prompt

_FLEX = prices_by_prompt("2", "10", cache_read="0.20", cache_write="2.50")
_PRIORITY = prices_by_prompt("8", "40", cache_read="0.80", cache_write="10")


class GPT56SolMetadata(ReasoningMetadata):
    """GPT-5.6 Sol: the largest of its family, reasons by default, sees images."""

    NAME = "azure-gpt-5.6-sol"
    MODEL_ID = "gpt-5.6-sol"
    DISPLAY_NAME = "GPT-5.6 Sol"
    ALIASES = ("gpt-5.6", "gpt-5.6-sol-2026-07-09")
    FAMILY = "gpt-5.6"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    # models.dev has the older prices of the cache (0.50, 6.25) and of long prompts (10, 45).
    PRICES = prices_by_prompt(
        "4", "20", cache_read="0.40", cache_write="5", service_tiers={"flex": _FLEX, "priority": _PRIORITY}
    )
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh", "max")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2026, 2, 16)
    RELEASED = date(2026, 7, 9)
    RETIRED = date(2028, 1, 11)
