"""What is known of Mistral Large 4."""

from __future__ import annotations

from core.llms.providers.mistral.models._families import ReasoningMetadata
from core.llms.types.prices import Prices


class Large4Metadata(ReasoningMetadata):
    """Mistral Large 4: the largest, always reasons. Its price is that of 2026-10-29; litellm has an older one."""

    NAME = "mistral-mistral-large-4"
    MODEL_ID = "mistral-large-4"
    DISPLAY_NAME = "Mistral Large 4"
    ALIASES = ("mistral-large-4-0",)
    FAMILY = "mistral-large"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 262_144
    PRICES = Prices.of("0.70", "2.10", cache_read="0.07")
    REASONING_EFFORTS = ("low", "medium", "high")  # litellm: none, high
