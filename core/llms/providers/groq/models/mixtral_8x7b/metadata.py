"""What is known of Mixtral 8x7B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.groq.models._families import FirstGenerationMetadata
from core.llms.types.prices import Prices


class Mixtral8x7BMetadata(FirstGenerationMetadata):
    """Mixtral 8x7B on Groq; retired."""

    NAME = "groq-mixtral-8x7b-32768"
    MODEL_ID = "mixtral-8x7b-32768"
    DISPLAY_NAME = "Mixtral 8x7B"
    FAMILY = "mixtral"
    CONTEXT_WINDOW = 32_768
    MAX_TOKENS = 32_768
    PRICES = Prices.of("0.24", "0.24")
    DEPRECATED = date(2025, 3, 5)
    RETIRED = date(2025, 3, 20)
    REPLACEMENT = "openai/gpt-oss-20b"
