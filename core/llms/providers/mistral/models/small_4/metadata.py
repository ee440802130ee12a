"""What is known of Mistral Small 4."""

from __future__ import annotations

from datetime import date

from core.llms.providers.mistral.models._families import ReasoningMetadata
from core.llms.types.prices import Prices


class Small4Metadata(ReasoningMetadata):
    """Mistral Small 4: reasons when asked to."""

    NAME = "mistral-mistral-small-2603"
    MODEL_ID = "mistral-small-2603"
    DISPLAY_NAME = "Mistral Small 4"
    ALIASES = ("mistral-small-latest",)
    FAMILY = "mistral-small"
    CONTEXT_WINDOW = 256_000  # genai-prices, litellm: 262,144
    MAX_TOKENS = 256_000
    PRICES = Prices.of("0.15", "0.60", cache_read="0.015")
    REASONING_EFFORTS = ("none", "high")
    KNOWLEDGE_CUTOFF = date(2025, 6, 30)
    RELEASED = date(2026, 3, 16)
