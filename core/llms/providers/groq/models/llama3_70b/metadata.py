"""What is known of Llama 3 70B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.groq.models._families import FirstGenerationMetadata
from core.llms.types.prices import Prices


class Llama370BMetadata(FirstGenerationMetadata):
    """Llama 3 70B on Groq; retired."""

    NAME = "groq-llama3-70b-8192"
    MODEL_ID = "llama3-70b-8192"
    DISPLAY_NAME = "Llama 3 70B"
    FAMILY = "llama-3"
    CONTEXT_WINDOW = 8_192
    MAX_TOKENS = 8_192
    PRICES = Prices.of("0.59", "0.79")
    DEPRECATED = date(2025, 5, 31)
    RETIRED = date(2025, 8, 30)
    REPLACEMENT = "openai/gpt-oss-120b"
