"""What is known of Gemini 3.8 Flash."""

from __future__ import annotations

from datetime import date

from core.llms.providers.google.models._families import UnsampledMetadata, prices_by_rule, prices_in_force


class Gemini38FlashMetadata(UnsampledMetadata):
    """Gemini 3.8 Flash: the strongest Flash model, for agents and code; always thinks, sees and hears."""

    NAME = "google-gemini-3.8-flash"
    MODEL_ID = "gemini-3.8-flash"
    DISPLAY_NAME = "Gemini 3.8 Flash"
    ALIASES = ("gemini-flash-latest",)
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 65_536
    PRICES = prices_in_force(
        prices_by_rule("0.75", "3.75", cache_read="0.075"),
        prices_by_rule("1.50", "7.50", cache_read="0.15"),
        since=date(2027, 1, 1),
    )
    REASONING_EFFORTS = ("low", "medium", "high")
    RELEASED = date(2026, 9, 2)
