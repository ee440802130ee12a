"""What is known of Grok 4.6."""

from __future__ import annotations

from datetime import date

from core.llms.providers.xai.models._families import GrokMetadata, prices_by_rule


class Grok46Metadata(GrokMetadata):
    """Grok 4.6."""

    NAME = "xai-grok-4.6"
    MODEL_ID = "grok-4.6"
    DISPLAY_NAME = "Grok 4.6"
    ALIASES = ("grok-4.6-latest",)
    CONTEXT_WINDOW = 500_000
    MAX_TOKENS = 500_000
    PRICES = prices_by_rule("2", "6", cache_read="0.50")
    REASONING_EFFORTS = ("low", "medium", "high", "xhigh")
    KNOWLEDGE_CUTOFF = date(2026, 2, 1)
    RELEASED = date(2026, 8, 12)
