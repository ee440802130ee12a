"""What is known of GPT-6 Astra."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import SERVICE_TIERS, AlwaysReasoningMetadata, prices_by_rule


class GPT6AstraMetadata(AlwaysReasoningMetadata):
    """GPT-6 Astra: the most capable of its generation, always reasons, sees images."""

    NAME = "openai-gpt-6-astra"
    MODEL_ID = "gpt-6-astra"
    DISPLAY_NAME = "GPT-6 Astra"
    FAMILY = "gpt-6"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    PRICES = prices_by_rule(
        "10", "50", cache_read="1", cache_write="12.50", service_tiers={**SERVICE_TIERS, "ultrafast": "6"}
    )
    REASONING_EFFORTS = ("low", "medium", "high", "xhigh", "max")
    KNOWLEDGE_CUTOFF = date(2026, 4, 30)
    RELEASED = date(2026, 9, 4)  # Azure's snapshot: 2026-09-03
