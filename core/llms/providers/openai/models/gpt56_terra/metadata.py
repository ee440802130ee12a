"""What is known of GPT-5.6 Terra."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import ReasoningMetadata, prices_by_rule


class GPT56TerraMetadata(ReasoningMetadata):
    """GPT-5.6 Terra: the middle of its family, reasons by default, sees images."""

    NAME = "openai-gpt-5.6-terra"
    MODEL_ID = "gpt-5.6-terra"
    DISPLAY_NAME = "GPT-5.6 Terra"
    FAMILY = "gpt-5.6"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    PRICES = prices_by_rule("2", "12", cache_read="0.20", cache_write="2.50")
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh", "max")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2026, 2, 16)
    RELEASED = date(2026, 7, 9)
