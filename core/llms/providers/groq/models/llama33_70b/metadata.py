"""What is known of Llama 3.3 70B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.groq.models._families import ChatMetadata
from core.llms.types.prices import Prices


class Llama3370BMetadata(ChatMetadata):
    """Llama 3.3 70B on Groq; retired."""

    NAME = "groq-llama-3.3-70b-versatile"
    MODEL_ID = "llama-3.3-70b-versatile"
    DISPLAY_NAME = "Llama 3.3 70B"
    FAMILY = "llama-3.3"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 32_768
    PRICES = Prices.of("0.59", "0.79")
    KNOWLEDGE_CUTOFF = date(2023, 12, 31)
    RELEASED = date(2024, 12, 6)
    DEPRECATED = date(2026, 6, 17)
    RETIRED = date(2026, 8, 16)
    REPLACEMENT = "openai/gpt-oss-120b"
