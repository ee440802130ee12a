"""What is known of Llama 3.1 8B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.groq.models._families import ChatMetadata
from core.llms.types.prices import Prices


class Llama318BMetadata(ChatMetadata):
    """Llama 3.1 8B on Groq; retired."""

    NAME = "groq-llama-3.1-8b-instant"
    MODEL_ID = "llama-3.1-8b-instant"
    DISPLAY_NAME = "Llama 3.1 8B"
    FAMILY = "llama-3.1"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 131_072
    PRICES = Prices.of("0.05", "0.08")
    KNOWLEDGE_CUTOFF = date(2023, 12, 31)
    RELEASED = date(2024, 7, 23)
    DEPRECATED = date(2026, 6, 17)
    RETIRED = date(2026, 8, 16)
    REPLACEMENT = "openai/gpt-oss-20b"
