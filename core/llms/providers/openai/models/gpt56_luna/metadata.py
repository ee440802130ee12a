"""What is known of GPT-5.6 Luna."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import ReasoningMetadata, prices_by_rule


class GPT56LunaMetadata(ReasoningMetadata):
    """GPT-5.6 Luna: the cheapest of its family, reasons by default, sees images."""

    NAME = "openai-gpt-5.6-luna"
    MODEL_ID = "gpt-5.6-luna"
    DISPLAY_NAME = "GPT-5.6 Luna"
    FAMILY = "gpt-5.6"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    PRICES = prices_by_rule("0.20", "1.20", cache_read="0.02", cache_write="0.25")
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh", "max")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2026, 2, 16)
    RELEASED = date(2026, 7, 9)
