"""What is known of Claude Opus 4.6."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import EffortMetadata, prices_by_rule


class Opus46Metadata(EffortMetadata):
    """Claude Opus 4.6: coding and planning."""

    NAME = "anthropic-claude-opus-4-6"
    MODEL_ID = "claude-opus-4-6"
    DISPLAY_NAME = "Claude Opus 4.6"
    FAMILY = "claude-opus"
    PRICES = prices_by_rule("5", "25", cache_read="0.50")
    KNOWLEDGE_CUTOFF = date(2025, 5, 31)
    RELEASED = date(2026, 2, 4)
