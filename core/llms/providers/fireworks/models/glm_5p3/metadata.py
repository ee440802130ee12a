"""What is known of GLM 5.3."""

from __future__ import annotations

from datetime import date

from core.llms.providers.fireworks.models._families import ReasoningMetadata
from core.llms.types.prices import Prices


class Glm5P3Metadata(ReasoningMetadata):
    """GLM 5.3 on Fireworks AI."""

    NAME = "fireworks-accounts/fireworks/models/glm-5p3"
    MODEL_ID = "accounts/fireworks/models/glm-5p3"
    DISPLAY_NAME = "GLM 5.3"
    FAMILY = "glm"
    CONTEXT_WINDOW = 1_048_573
    MAX_TOKENS = 262_144
    PRICES = Prices.of("1.40", "4.40", cache_read="0.26")
    REASONING_EFFORTS = ("low", "high", "max")
    RELEASED = date(2026, 8, 14)
