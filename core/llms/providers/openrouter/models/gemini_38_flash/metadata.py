"""What is known of Gemini 3.8 Flash."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openrouter.models._families import DocumentReasoningMetadata
from core.llms.types.prices import Prices


class Gemini38FlashMetadata(DocumentReasoningMetadata):
    """Gemini 3.8 Flash on OpenRouter."""

    NAME = "openrouter-google/gemini-3.8-flash"
    MODEL_ID = "google/gemini-3.8-flash"
    DISPLAY_NAME = "Gemini 3.8 Flash"
    FAMILY = "gemini-flash"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 65_536
    PRICES = Prices.of("0.75", "3.75", cache_read="0.075")
    REASONING_EFFORTS = ("low", "medium", "high")
    RELEASED = date(2026, 9, 2)
