"""What is known of GPT-5.6 Luna on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import ReasoningMetadata, prices_by_prompt

_FLEX = prices_by_prompt("0.10", "0.60", cache_read="0.01", cache_write="0.125")
_PRIORITY = prices_by_prompt("0.40", "2.40", cache_read="0.04", cache_write="0.50")


class GPT56LunaMetadata(ReasoningMetadata):
    """GPT-5.6 Luna: the cheapest of its family, reasons by default, sees images."""

    NAME = "azure-gpt-5.6-luna"
    MODEL_ID = "gpt-5.6-luna"
    DISPLAY_NAME = "GPT-5.6 Luna"
    ALIASES = ("gpt-5.6-luna-2026-07-09",)
    FAMILY = "gpt-5.6"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    PRICES = prices_by_prompt(
        "0.20", "1.20", cache_read="0.02", cache_write="0.25", service_tiers={"flex": _FLEX, "priority": _PRIORITY}
    )
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh", "max")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2026, 2, 16)
    RELEASED = date(2026, 7, 9)
    RETIRED = date(2028, 1, 11)
