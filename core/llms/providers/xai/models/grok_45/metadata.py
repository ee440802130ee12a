"""What is known of Grok 4.5."""

from __future__ import annotations

from datetime import date

from core.llms.providers.xai.models._families import GrokMetadata, prices_by_rule


class Grok45Metadata(GrokMetadata):
    """Grok 4.5."""

    NAME = "xai-grok-4.5"
    MODEL_ID = "grok-4.5"
    DISPLAY_NAME = "Grok 4.5"
    ALIASES = ("grok-4.5-latest",)
    CONTEXT_WINDOW = 500_000
    MAX_TOKENS = 500_000
    PRICES = prices_by_rule("2", "6", cache_read="0.30")
    REASONING_EFFORTS = ("low", "medium", "high")
    RELEASED = date(2026, 7, 8)
