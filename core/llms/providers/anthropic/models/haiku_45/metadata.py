"""What is known of Claude Haiku 4.5."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import BudgetMetadata, prices_by_rule


class Haiku45Metadata(BudgetMetadata):
    """Claude Haiku 4.5: fast, for light agents and chat."""

    NAME = "anthropic-claude-haiku-4-5"
    MODEL_ID = "claude-haiku-4-5"
    DISPLAY_NAME = "Claude Haiku 4.5"
    ALIASES = ("claude-haiku-4-5-20251001",)
    FAMILY = "claude-haiku"
    PRICES = prices_by_rule("1", "5", cache_read="0.10", us=False)
    KNOWLEDGE_CUTOFF = date(2025, 2, 28)
    RELEASED = date(2025, 10, 15)
