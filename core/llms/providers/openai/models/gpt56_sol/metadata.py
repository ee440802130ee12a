"""What is known of GPT-5.6 Sol."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import ReasoningMetadata, prices_by_rule


class GPT56SolMetadata(ReasoningMetadata):
    """GPT-5.6 Sol: the largest of its family, reasons by default, sees images."""

    NAME = "openai-gpt-5.6-sol"
    MODEL_ID = "gpt-5.6-sol"
    DISPLAY_NAME = "GPT-5.6 Sol"
    ALIASES = ("gpt-5.6",)
    FAMILY = "gpt-5.6"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    PRICES = prices_by_rule("4", "20", cache_read="0.40", cache_write="5")
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh", "max")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2026, 2, 16)
    RELEASED = date(2026, 7, 9)
