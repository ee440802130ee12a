"""What is known of GPT-6.1 Sol."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import (
    GENAI_PRICES,
    LITELLM,
    MODEL_PAGE,
    MODELS_DEV,
    SERVICE_TIERS,
    AlwaysReasoningMetadata,
    prices_by_rule,
)


class GPT61SolMetadata(AlwaysReasoningMetadata):
    """GPT-6.1 Sol: near Astra at a fifth of its price, always reasons, sees images."""

    NAME = "openai-gpt-6.1-sol"
    MODEL_ID = "gpt-6.1-sol"
    DISPLAY_NAME = "GPT-6.1 Sol"
    FAMILY = "gpt-6.1"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    PRICES = prices_by_rule(
        "2", "10", cache_read="0.10", cache_write="2.50", service_tiers={**SERVICE_TIERS, "ultrafast": "6"}
    )
    REASONING_EFFORTS = ("low", "medium", "high", "xhigh", "max")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2026, 4, 30)
    RELEASED = date(2026, 9, 29)
    SOURCES = (MODELS_DEV, GENAI_PRICES, LITELLM, MODEL_PAGE)
