"""What is known of Gemini 4 Argon."""

from __future__ import annotations

from datetime import date

from core.llms.providers.google.models._families import (
    GENAI_PRICES,
    GUIDES,
    LITELLM,
    UnsampledMetadata,
    prices_by_rule,
    prices_in_force,
)


class Gemini4ArgonMetadata(UnsampledMetadata):
    """Gemini 4 Argon: the frontier model, for long work; always thinks, sees and hears."""

    NAME = "google-gemini-4-argon"
    MODEL_ID = "gemini-4-argon"
    DISPLAY_NAME = "Gemini 4 Argon"
    FAMILY = "gemini-4"
    CONTEXT_WINDOW = 1_048_576
    # In all; a request ends with reason `pause` after 65,536 tokens, or 32,768 where it is not streamed.
    MAX_TOKENS = 1_048_576  # pi-ai: 32,768
    PRICES = prices_in_force(
        prices_by_rule("2", "10", cache_read="0.10"),
        prices_by_rule("4", "20", cache_read="0.20"),
        since=date(2026, 12, 1),
    )
    REASONING_EFFORTS = ("low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "medium"
    SOURCES = (GENAI_PRICES, LITELLM, GUIDES)
