"""What is known of Sonar Pro."""

from __future__ import annotations

from datetime import date

from core.llms.providers.perplexity.models._families import SONAR_ENDED, VISION, SonarFamilyMetadata
from core.llms.types.prices import Prices


class SonarProMetadata(SonarFamilyMetadata):
    """Sonar Pro: reads more of the web, sees images."""

    NAME = "perplexity-sonar-pro"
    MODEL_ID = "sonar-pro"
    DISPLAY_NAME = "Sonar Pro"
    FAMILY = "sonar-pro"
    CONTEXT_WINDOW = 200_000
    MAX_TOKENS = 8_192
    PRICES = Prices.of("3", "15", request_usd_per_thousand="6")
    CAPABILITIES = VISION
    RELEASED = date(2024, 1, 1)
    RETIRED = SONAR_ENDED
    REPLACEMENT = "perplexity/sonar"
