"""What is known of GPT-6 Sol."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import ReasoningMetadata, prices_by_rule


class GPT6SolMetadata(ReasoningMetadata):
    """GPT-6 Sol: for code and agents, reasons by default, sees images."""

    NAME = "openai-gpt-6-sol"
    MODEL_ID = "gpt-6-sol"
    DISPLAY_NAME = "GPT-6 Sol"
    FAMILY = "gpt-6"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    PRICES = prices_by_rule("2", "10", cache_read="0.20", cache_write="2.50")
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh", "max")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2026, 4, 20)
    RELEASED = date(2026, 9, 22)
