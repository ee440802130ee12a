"""What is known of GPT-6.1 Terra on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import LITELLM_ALONE, ReasoningMetadata, prices_by_prompt
from core.llms.providers.base.metadata import Source


class GPT61TerraMetadata(ReasoningMetadata):
    """GPT-6.1 Terra: the middle of its generation, reasons by default, sees images."""

    NAME = "azure-gpt-6.1-terra"
    MODEL_ID = "gpt-6.1-terra"
    DISPLAY_NAME = "GPT-6.1 Terra"
    FAMILY = "gpt-6.1"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    PRICES = prices_by_prompt("1", "5", cache_read="0.05", cache_write="1.25")
    # litellm: not none, which OpenAI's page of the model has.
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh", "max")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2026, 6, 1)
    RELEASED = date(2026, 10, 26)
    SOURCES = (
        LITELLM_ALONE,
        Source("OpenAI's model page, at second hand (reasoning, cutoff, released)", date(2026, 11, 19)),
    )
