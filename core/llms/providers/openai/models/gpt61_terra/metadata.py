"""What is known of GPT-6.1 Terra."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import (
    GENAI_PRICES,
    LITELLM,
    MODEL_PAGE,
    ReasoningMetadata,
    prices_by_rule,
)


class GPT61TerraMetadata(ReasoningMetadata):
    """GPT-6.1 Terra: the middle of its generation, reasons by default, sees images."""

    NAME = "openai-gpt-6.1-terra"
    MODEL_ID = "gpt-6.1-terra"
    DISPLAY_NAME = "GPT-6.1 Terra"
    FAMILY = "gpt-6.1"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    PRICES = prices_by_rule("1", "5", cache_read="0.05", cache_write="1.25")
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh", "max")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2026, 6, 1)
    RELEASED = date(2026, 10, 26)
    SOURCES = (MODEL_PAGE, GENAI_PRICES, LITELLM)
