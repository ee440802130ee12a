"""What is known of Gemma 2 9B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.groq.models._families import FirstGenerationMetadata
from core.llms.types.prices import Prices


class Gemma29BMetadata(FirstGenerationMetadata):
    """Gemma 2 9B on Groq; retired."""

    NAME = "groq-gemma2-9b-it"
    MODEL_ID = "gemma2-9b-it"
    DISPLAY_NAME = "Gemma 2 9B"
    FAMILY = "gemma-2"
    CONTEXT_WINDOW = 8_192
    MAX_TOKENS = 8_192
    PRICES = Prices.of("0.20", "0.20")
    DEPRECATED = date(2025, 8, 8)
    RETIRED = date(2025, 10, 8)
    REPLACEMENT = "openai/gpt-oss-20b"
