"""What is known of Gemini 2.5 Flash."""

from __future__ import annotations

from datetime import date

from core.llms.providers.google.models._families import (
    DEPRECATIONS,
    GENAI_PRICES,
    LITELLM,
    MODELS_DEV,
    SEARCH_PROMPTS,
    BudgetMetadata,
    prices_by_rule,
)


class Gemini25FlashMetadata(BudgetMetadata):
    """Gemini 2.5 Flash: thinks unless it is told not to; sees and hears."""

    NAME = "google-gemini-2.5-flash"
    MODEL_ID = "gemini-2.5-flash"
    DISPLAY_NAME = "Gemini 2.5 Flash"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 65_536
    PRICES = prices_by_rule("0.30", "2.50", cache_read="0.03", search=SEARCH_PROMPTS, audio_input="1", flex_cache=False)
    REASONING_EFFORTS = ("none", "minimal", "low", "medium", "high")
    THINKING_BUDGETS = (0, 24_576)
    KNOWLEDGE_CUTOFF = date(2025, 1, 31)
    RELEASED = date(2025, 6, 17)
    # From that day on the Gemini API answers with the replacement; on Vertex AI litellm has 2026-10-20.
    RETIRED = date(2026, 12, 1)
    REPLACEMENT = "gemini-3.5-flash-lite"
    SOURCES = (MODELS_DEV, GENAI_PRICES, LITELLM, DEPRECATIONS)
