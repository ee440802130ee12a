"""What is known of Claude Sonnet 4.6."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import EffortMetadata, prices_by_rule


class Sonnet46Metadata(EffortMetadata):
    """Claude Sonnet 4.6: coding agents and analysis."""

    NAME = "anthropic-claude-sonnet-4-6"
    MODEL_ID = "claude-sonnet-4-6"
    DISPLAY_NAME = "Claude Sonnet 4.6"
    FAMILY = "claude-sonnet"
    PRICES = prices_by_rule("3", "15", cache_read="0.30")
    KNOWLEDGE_CUTOFF = date(2025, 8, 31)
    RELEASED = date(2026, 2, 17)
