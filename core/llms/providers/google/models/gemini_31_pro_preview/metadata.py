"""What is known of Gemini 3.1 Pro Preview."""

from __future__ import annotations

from datetime import date

from core.llms.providers.google.models._families import GeminiMetadata, prices_by_rule


class Gemini31ProPreviewMetadata(GeminiMetadata):
    """Gemini 3.1 Pro Preview: the Pro model of Gemini 3; always thinks, sees and hears."""

    NAME = "google-gemini-3.1-pro-preview"
    MODEL_ID = "gemini-3.1-pro-preview"
    DISPLAY_NAME = "Gemini 3.1 Pro Preview"
    ALIASES = ("gemini-pro-latest",)
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 65_536
    PRICES = prices_by_rule("2", "12", cache_read="0.20", long_prompts=True, flex_cache=False)
    REASONING_EFFORTS = ("low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "high"
    KNOWLEDGE_CUTOFF = date(2025, 1, 31)
    RELEASED = date(2026, 2, 19)
