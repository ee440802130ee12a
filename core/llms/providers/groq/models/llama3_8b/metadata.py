"""What is known of Llama 3 8B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.groq.models._families import FirstGenerationMetadata
from core.llms.types.prices import Prices


class Llama38BMetadata(FirstGenerationMetadata):
    """Llama 3 8B on Groq; retired."""

    NAME = "groq-llama3-8b-8192"
    MODEL_ID = "llama3-8b-8192"
    DISPLAY_NAME = "Llama 3 8B"
    FAMILY = "llama-3"
    CONTEXT_WINDOW = 8_192
    MAX_TOKENS = 8_192
    PRICES = Prices.of("0.05", "0.08")
    DEPRECATED = date(2025, 5, 31)
    RETIRED = date(2025, 8, 30)
    REPLACEMENT = "openai/gpt-oss-20b"
