"""What is known of GPT-6 Luna on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import ReasoningMetadata, prices_by_prompt


class GPT6LunaMetadata(ReasoningMetadata):
    """GPT-6 Luna: for much work at little cost, reasons by default, sees images."""

    NAME = "azure-gpt-6-luna"
    MODEL_ID = "gpt-6-luna"
    DISPLAY_NAME = "GPT-6 Luna"
    ALIASES = ("gpt-6-luna-2026-09-22",)
    FAMILY = "gpt-6"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    PRICES = prices_by_prompt("0.10", "0.50", cache_read="0.01", cache_write="0.125")
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh", "max")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2026, 5, 18)
    RELEASED = date(2026, 9, 22)
    RETIRED = date(2028, 3, 11)
