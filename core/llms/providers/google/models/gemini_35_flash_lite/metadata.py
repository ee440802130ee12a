"""What is known of Gemini 3.5 Flash-Lite."""

from __future__ import annotations

from datetime import date

from core.llms.providers.google.models._families import UnsampledMetadata, prices_by_rule


class Gemini35FlashLiteMetadata(UnsampledMetadata):
    """Gemini 3.5 Flash-Lite: fast and cheap, for many small calls; sees and hears."""

    NAME = "google-gemini-3.5-flash-lite"
    MODEL_ID = "gemini-3.5-flash-lite"
    DISPLAY_NAME = "Gemini 3.5 Flash-Lite"
    ALIASES = ("gemini-flash-lite-latest",)
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 65_536
    # litellm: the tiers of the cache rounded to 0.02 and 0.05 at the Gemini API.
    PRICES = prices_by_rule("0.30", "2.50", cache_read="0.03")
    REASONING_EFFORTS = ("minimal", "low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "minimal"
    KNOWLEDGE_CUTOFF = date(2026, 3, 31)
    RELEASED = date(2026, 7, 21)
