"""What is known of GLM-5.3."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openrouter.models._families import ReasoningMetadata
from core.llms.types.prices import Prices


class Glm53Metadata(ReasoningMetadata):
    """GLM-5.3 on OpenRouter."""

    NAME = "openrouter-z-ai/glm-5.3"
    MODEL_ID = "z-ai/glm-5.3"
    DISPLAY_NAME = "GLM-5.3"
    FAMILY = "glm"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 943_717
    PRICES = Prices.of("1.40", "4.40", cache_read="0.26")
    REASONING_EFFORTS = ("low", "high", "max")
    RELEASED = date(2026, 8, 14)
