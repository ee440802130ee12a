"""What is known of Llama 3.3 70B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openrouter.models._families import ToolMetadata
from core.llms.types.prices import Prices


class Llama3370BMetadata(ToolMetadata):
    """Llama 3.3 70B on OpenRouter."""

    NAME = "openrouter-meta-llama/llama-3.3-70b-instruct"
    MODEL_ID = "meta-llama/llama-3.3-70b-instruct"
    DISPLAY_NAME = "Llama 3.3 70B"
    FAMILY = "llama-3.3"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 16_384
    PRICES = Prices.of("0.59", "0.79", cache_read="0.295")
    KNOWLEDGE_CUTOFF = date(2023, 12, 31)
    RELEASED = date(2024, 12, 6)
