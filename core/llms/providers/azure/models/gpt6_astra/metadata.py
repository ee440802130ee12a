"""What is known of GPT-6 Astra on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import AlwaysReasoningMetadata, prices_by_prompt


class GPT6AstraMetadata(AlwaysReasoningMetadata):
    """GPT-6 Astra: the most capable of its generation, always reasons, sees images."""

    NAME = "azure-gpt-6-astra"
    MODEL_ID = "gpt-6-astra"
    DISPLAY_NAME = "GPT-6 Astra"
    ALIASES = ("gpt-6-astra-2026-09-03",)
    FAMILY = "gpt-6"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    # litellm prices flex for long prompts alone, so that its cost is not known.
    PRICES = prices_by_prompt("10", "50", cache_read="1", cache_write="12.50")
    # models.dev: none, too, which OpenAI refuses; litellm: not max.
    REASONING_EFFORTS = ("low", "medium", "high", "xhigh", "max")
    KNOWLEDGE_CUTOFF = date(2026, 4, 30)
    RELEASED = date(2026, 9, 4)
    RETIRED = date(2028, 1, 11)
