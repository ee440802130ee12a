"""What is known of Claude Opus 5.5."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import AlwaysThinkingMetadata, prices_by_rule


class Opus55Metadata(AlwaysThinkingMetadata):
    """Claude Opus 5.5: long-running coding and knowledge work."""

    NAME = "anthropic-claude-opus-5-5"
    MODEL_ID = "claude-opus-5-5"
    DISPLAY_NAME = "Claude Opus 5.5"
    FAMILY = "claude-opus"
    PRICES = prices_by_rule("4", "20", cache_read="0.20", fast=True)
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2026, 6, 30)
    RELEASED = date(2026, 9, 22)
