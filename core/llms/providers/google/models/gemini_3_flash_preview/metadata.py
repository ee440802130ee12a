"""What is known of Gemini 3 Flash Preview."""

from __future__ import annotations

from datetime import date

from core.llms.providers.google.models._families import GeminiMetadata, prices_by_rule


class Gemini3FlashPreviewMetadata(GeminiMetadata):
    """Gemini 3 Flash Preview: the first Flash model of Gemini 3; always thinks, sees and hears."""

    NAME = "google-gemini-3-flash-preview"
    MODEL_ID = "gemini-3-flash-preview"
    DISPLAY_NAME = "Gemini 3 Flash Preview"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 65_536
    PRICES = prices_by_rule("0.50", "3", cache_read="0.05", audio_input="1", flex_cache=False)
    REASONING_EFFORTS = ("minimal", "low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "high"
    KNOWLEDGE_CUTOFF = date(2025, 1, 31)
    RELEASED = date(2025, 12, 17)
