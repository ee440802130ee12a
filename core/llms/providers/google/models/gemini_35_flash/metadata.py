"""What is known of Gemini 3.5 Flash."""

from __future__ import annotations

from datetime import date

from core.llms.providers.google.models._families import REGIONAL, GeminiMetadata, prices_by_rule


class Gemini35FlashMetadata(GeminiMetadata):
    """Gemini 3.5 Flash: deprecated, without a date; the Gemini API may answer with 3.6 Flash in its place."""

    NAME = "google-gemini-3.5-flash"
    MODEL_ID = "gemini-3.5-flash"
    DISPLAY_NAME = "Gemini 3.5 Flash"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 65_536
    # litellm: half of the cache is 0.08 at the Gemini API, and 0.075 on Vertex AI.
    PRICES = prices_by_rule("1.50", "9", cache_read="0.15")
    REGIONAL_UPLIFT = REGIONAL
    REASONING_EFFORTS = ("minimal", "low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2025, 1, 31)
    RELEASED = date(2026, 5, 19)
