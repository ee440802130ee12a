"""What is known of Sonar."""

from __future__ import annotations

from datetime import date

from core.llms.providers.perplexity.models._families import SONAR_ENDED, SonarFamilyMetadata
from core.llms.types.prices import Prices


class SonarMetadata(SonarFamilyMetadata):
    """Sonar, the smallest with web search."""

    NAME = "perplexity-sonar"
    MODEL_ID = "sonar"
    DISPLAY_NAME = "Sonar"
    FAMILY = "sonar"
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 4_096
    PRICES = Prices.of("1", "1", request_usd_per_thousand="5")
    RELEASED = date(2024, 1, 1)
    RETIRED = SONAR_ENDED
    REPLACEMENT = "perplexity/sonar"
