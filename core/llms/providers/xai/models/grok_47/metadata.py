"""What is known of Grok 4.7."""

from __future__ import annotations

from datetime import date

from core.llms.providers.xai.models._families import GrokMetadata, prices_by_rule


class Grok47Metadata(GrokMetadata):
    """Grok 4.7."""

    NAME = "xai-grok-4.7"
    MODEL_ID = "grok-4.7"
    DISPLAY_NAME = "Grok 4.7"
    ALIASES = ("grok-4.7-latest",)
    CONTEXT_WINDOW = 500_000
    MAX_TOKENS = 500_000
    PRICES = prices_by_rule("2", "6", cache_read="0.50")
    REASONING_EFFORTS = ("low", "medium", "high", "xhigh")
    KNOWLEDGE_CUTOFF = date(2026, 5, 31)
    RELEASED = date(2026, 9, 21)
