"""What is known of GPT-6 Sol on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import ReasoningMetadata, prices_by_prompt

_PRIORITY = prices_by_prompt("4", "20", cache_read="0.40", cache_write="5")


class GPT6SolMetadata(ReasoningMetadata):
    """GPT-6 Sol: for code and agents, reasons by default, sees images."""

    NAME = "azure-gpt-6-sol"
    MODEL_ID = "gpt-6-sol"
    DISPLAY_NAME = "GPT-6 Sol"
    ALIASES = ("gpt-6-sol-2026-09-22",)
    FAMILY = "gpt-6"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    PRICES = prices_by_prompt("2", "10", cache_read="0.20", cache_write="2.50", service_tiers={"priority": _PRIORITY})
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh", "max")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2026, 4, 20)
    RELEASED = date(2026, 9, 22)
    RETIRED = date(2028, 3, 11)
