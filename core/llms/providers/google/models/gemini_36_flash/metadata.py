"""What is known of Gemini 3.6 Flash."""

from __future__ import annotations

from datetime import date

from core.llms.providers.google.models._families import UnsampledMetadata, prices_by_rule, prices_in_force


class Gemini36FlashMetadata(UnsampledMetadata):
    """Gemini 3.6 Flash: balanced, for agents and media; always thinks, sees and hears."""

    NAME = "google-gemini-3.6-flash"
    MODEL_ID = "gemini-3.6-flash"
    DISPLAY_NAME = "Gemini 3.6 Flash"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 65_536
    PRICES = prices_in_force(
        prices_by_rule("0.75", "3.75", cache_read="0.075"),
        prices_by_rule("1.50", "7.50", cache_read="0.15"),
        since=date(2027, 1, 1),
    )
    REASONING_EFFORTS = ("minimal", "low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2026, 3, 31)
    # litellm retires it on Vertex AI on 2026-11-19; the deprecations page has no date.
    RELEASED = date(2026, 7, 21)
