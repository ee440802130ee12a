"""What is known of Gemini 3.1 Flash-Lite."""

from __future__ import annotations

from datetime import date

from core.llms.providers.google.models._families import REGIONAL, GeminiMetadata, prices_by_rule


class Gemini31FlashLiteMetadata(GeminiMetadata):
    """Gemini 3.1 Flash-Lite: small and cheap; sees and hears."""

    NAME = "google-gemini-3.1-flash-lite"
    MODEL_ID = "gemini-3.1-flash-lite"
    DISPLAY_NAME = "Gemini 3.1 Flash-Lite"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 65_536
    PRICES = prices_by_rule("0.25", "1.50", cache_read="0.025", audio_input="0.50")
    REGIONAL_UPLIFT = REGIONAL
    REASONING_EFFORTS = ("minimal", "low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "minimal"
    KNOWLEDGE_CUTOFF = date(2025, 1, 31)
    RELEASED = date(2026, 5, 7)
    RETIRED = date(2027, 5, 7)
