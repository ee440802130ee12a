"""What is known of Sonar Reasoning Pro."""

from __future__ import annotations

from datetime import date

from core.llms.providers.perplexity.models._families import REASONING_VISION, SONAR_ENDED, SonarReasoningFamilyMetadata
from core.llms.types.prices import Prices


class SonarReasoningProMetadata(SonarReasoningFamilyMetadata):
    """Sonar Reasoning Pro: reasons over what it finds, sees images."""

    NAME = "perplexity-sonar-reasoning-pro"
    MODEL_ID = "sonar-reasoning-pro"
    DISPLAY_NAME = "Sonar Reasoning Pro"
    FAMILY = "sonar-reasoning"
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 4_096
    PRICES = Prices.of("2", "8", request_usd_per_thousand="6")
    CAPABILITIES = REASONING_VISION
    RELEASED = date(2024, 1, 1)
    RETIRED = SONAR_ENDED
    REPLACEMENT = "perplexity/sonar"
