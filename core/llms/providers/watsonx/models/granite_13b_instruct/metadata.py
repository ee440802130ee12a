"""What is known of Granite 13B Instruct v2."""

from __future__ import annotations

from datetime import date

from core.llms.providers.watsonx.models._families import FirstGenerationMetadata
from core.llms.types.prices import Prices


class Granite13BInstructMetadata(FirstGenerationMetadata):
    """ibm/granite-13b-instruct-v2; retired."""

    NAME = "watsonx-ibm/granite-13b-instruct-v2"
    MODEL_ID = "ibm/granite-13b-instruct-v2"
    DISPLAY_NAME = "Granite 13B Instruct v2"
    CONTEXT_WINDOW = 8_192
    MAX_TOKENS = 8_192
    PRICES = Prices.of("0.60", "0.60")
    DEPRECATED = date(2025, 6, 18)
    RETIRED = date(2025, 10, 15)
    REPLACEMENT = "ibm/granite-4-h-small"
