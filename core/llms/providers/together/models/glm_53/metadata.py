"""What is known of GLM-5.3."""

from __future__ import annotations

from datetime import date

from core.llms.providers.together.models._families import CACHING_REASONING, ReasoningMetadata
from core.llms.types.prices import Prices


class Glm53Metadata(ReasoningMetadata):
    """GLM-5.3 on Together AI."""

    NAME = "together-zai-org/GLM-5.3"
    MODEL_ID = "zai-org/GLM-5.3"
    DISPLAY_NAME = "GLM-5.3"
    FAMILY = "glm"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 262_144
    PRICES = Prices.of("1.40", "4.40", cache_read="0.26")
    CAPABILITIES = CACHING_REASONING
    REASONING_EFFORTS = ("none", "low", "high", "max")
    RELEASED = date(2026, 8, 14)
