"""What is known of Gemini 3.7 Flash."""

from __future__ import annotations

from datetime import date

from core.llms.providers.google.models._families import (
    DEPRECATIONS,
    GENAI_PRICES,
    LITELLM,
    MODELS_DEV,
    UnsampledMetadata,
    prices_by_rule,
    prices_in_force,
)


class Gemini37FlashMetadata(UnsampledMetadata):
    """Gemini 3.7 Flash: the Flash model before 3.8; always thinks, sees and hears."""

    NAME = "google-gemini-3.7-flash"
    MODEL_ID = "gemini-3.7-flash"
    DISPLAY_NAME = "Gemini 3.7 Flash"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 65_536
    PRICES = prices_in_force(
        prices_by_rule("0.75", "3.75", cache_read="0.075"),
        prices_by_rule("1.50", "7.50", cache_read="0.15"),
        since=date(2027, 1, 1),
    )
    REASONING_EFFORTS = ("low", "medium", "high")
    KNOWLEDGE_CUTOFF = date(2026, 3, 31)
    RELEASED = date(2026, 8, 13)
    # Not on the deprecations page; on Vertex AI litellm has it.
    RETIRED = date(2027, 1, 28)
    REPLACEMENT = "gemini-3.8-flash"
    SOURCES = (MODELS_DEV, GENAI_PRICES, LITELLM, DEPRECATIONS)
