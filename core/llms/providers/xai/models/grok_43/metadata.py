"""What is known of Grok 4.3."""

from __future__ import annotations

from datetime import date

from core.llms.providers.xai.models._families import GrokMetadata, prices_by_rule


class Grok43Metadata(GrokMetadata):
    """Grok 4.3: its reasoning can be turned off."""

    NAME = "xai-grok-4.3"
    MODEL_ID = "grok-4.3"
    DISPLAY_NAME = "Grok 4.3"
    ALIASES = ("grok-4.3-latest",)
    CONTEXT_WINDOW = 1_000_000
    MAX_TOKENS = 30_000
    PRICES = prices_by_rule("1.25", "2.50", cache_read="0.20")
    REASONING_EFFORTS = ("none", "low", "medium", "high")
    RELEASED = date(2026, 4, 17)
