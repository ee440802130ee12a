"""What is known of Gemini 2.5 Flash-Lite."""

from __future__ import annotations

from datetime import date

from core.llms.providers.google.models._families import SEARCH_PROMPTS, BudgetMetadata, prices_by_rule


class Gemini25FlashLiteMetadata(BudgetMetadata):
    """Gemini 2.5 Flash-Lite: thinks where it is asked to; sees and hears."""

    NAME = "google-gemini-2.5-flash-lite"
    MODEL_ID = "gemini-2.5-flash-lite"
    DISPLAY_NAME = "Gemini 2.5 Flash-Lite"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 65_536
    PRICES = prices_by_rule(
        "0.10", "0.40", cache_read="0.01", search=SEARCH_PROMPTS, audio_input="0.30", flex_cache=False
    )
    REASONING_EFFORTS = ("none", "minimal", "low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "none"
    # It thinks with at least 512 tokens where it thinks at all, which the smallest effort exceeds.
    THINKING_BUDGETS = (0, 24_576)
    KNOWLEDGE_CUTOFF = date(2025, 1, 31)
    RELEASED = date(2025, 6, 17)  # Google: 2025-07-22
