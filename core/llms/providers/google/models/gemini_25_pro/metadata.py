"""What is known of Gemini 2.5 Pro."""

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


class Gemini25ProMetadata(BudgetMetadata):
    """Gemini 2.5 Pro: always thinks, by a budget; sees and hears."""

    NAME = "google-gemini-2.5-pro"
    MODEL_ID = "gemini-2.5-pro"
    DISPLAY_NAME = "Gemini 2.5 Pro"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 65_536
    PRICES = prices_by_rule(
        "1.25", "10", cache_read="0.125", search=SEARCH_PROMPTS, long_prompts=True, flex_cache=False
    )
    REASONING_EFFORTS = ("minimal", "low", "medium", "high", "max")
    THINKING_BUDGETS = (128, 32_768)
    KNOWLEDGE_CUTOFF = date(2025, 1, 31)
    RELEASED = date(2025, 6, 17)
    # From that day on the Gemini API answers with the replacement; on Vertex AI litellm has 2026-10-20.
    RETIRED = date(2026, 12, 1)
    REPLACEMENT = "gemini-3.8-flash"
    SOURCES = (MODELS_DEV, GENAI_PRICES, LITELLM, DEPRECATIONS)
