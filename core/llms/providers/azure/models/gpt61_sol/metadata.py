"""What is known of GPT-6.1 Sol on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import AlwaysReasoningMetadata, prices_by_prompt


class GPT61SolMetadata(AlwaysReasoningMetadata):
    """GPT-6.1 Sol: near Astra at a fifth of its price, always reasons, sees images."""

    NAME = "azure-gpt-6.1-sol"
    MODEL_ID = "gpt-6.1-sol"
    DISPLAY_NAME = "GPT-6.1 Sol"
    ALIASES = ("gpt-6.1-sol-2026-09-29",)
    FAMILY = "gpt-6.1"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    PRICES = prices_by_prompt("2", "10", cache_read="0.10", cache_write="2.50")
    REASONING_EFFORTS = ("low", "medium", "high", "xhigh", "max")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2026, 4, 30)
    RELEASED = date(2026, 9, 29)
    RETIRED = date(2028, 3, 11)
