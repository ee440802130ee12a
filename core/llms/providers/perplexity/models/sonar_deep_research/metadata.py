"""What is known of Sonar Deep Research."""

from __future__ import annotations

from datetime import date

from core.llms.providers.perplexity.models._families import SONAR_ENDED, SonarReasoningFamilyMetadata
from core.llms.types.prices import Prices


class SonarDeepResearchMetadata(SonarReasoningFamilyMetadata):
    """Sonar Deep Research: many searches, one report. Reasoning had a price of its own."""

    NAME = "perplexity-sonar-deep-research"
    MODEL_ID = "sonar-deep-research"
    DISPLAY_NAME = "Sonar Deep Research"
    FAMILY = "sonar-deep-research"
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 32_768
    PRICES = Prices.of("2", "8", reasoning="3", server_tool_usd_per_thousand="5")
    RELEASED = date(2025, 2, 1)
    RETIRED = SONAR_ENDED
    REPLACEMENT = "perplexity/sonar"
