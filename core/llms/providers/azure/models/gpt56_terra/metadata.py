"""What is known of GPT-5.6 Terra on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import ReasoningMetadata, prices_by_prompt

_FLEX = prices_by_prompt("1", "6", cache_read="0.10", cache_write="1.25")
_PRIORITY = prices_by_prompt("4", "24", cache_read="0.40", cache_write="5")


class GPT56TerraMetadata(ReasoningMetadata):
    """GPT-5.6 Terra: the middle of its family, reasons by default, sees images."""

    NAME = "azure-gpt-5.6-terra"
    MODEL_ID = "gpt-5.6-terra"
    DISPLAY_NAME = "GPT-5.6 Terra"
    ALIASES = ("gpt-5.6-terra-2026-07-09",)
    FAMILY = "gpt-5.6"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    PRICES = prices_by_prompt(
        "2", "12", cache_read="0.20", cache_write="2.50", service_tiers={"flex": _FLEX, "priority": _PRIORITY}
    )
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh", "max")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2026, 2, 16)
    RELEASED = date(2026, 7, 9)
    RETIRED = date(2028, 1, 11)
