"""What is known of Claude Fable 5.1."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import AlwaysThinkingMetadata, prices_by_rule


class Fable51Metadata(AlwaysThinkingMetadata):
    """Claude Fable 5.1: demanding reasoning over long stretches."""

    NAME = "anthropic-claude-fable-5-1"
    MODEL_ID = "claude-fable-5-1"
    DISPLAY_NAME = "Claude Fable 5.1"
    FAMILY = "claude-fable"
    PRICES = prices_by_rule("10", "50", cache_read="0.25")
    KNOWLEDGE_CUTOFF = date(2026, 6, 30)
    RELEASED = date(2026, 9, 1)
