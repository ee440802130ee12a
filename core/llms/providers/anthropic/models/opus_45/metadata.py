"""What is known of Claude Opus 4.5."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import BudgetMetadata, prices_by_rule
from core.llms.wires.anthropic_messages.styles import BUDGET_WITH_EFFORT


class Opus45Metadata(BudgetMetadata):
    """Claude Opus 4.5: takes an effort beside the budget of its thinking."""

    NAME = "anthropic-claude-opus-4-5"
    MODEL_ID = "claude-opus-4-5"
    DISPLAY_NAME = "Claude Opus 4.5"
    ALIASES = ("claude-opus-4-5-20251101",)
    FAMILY = "claude-opus"
    PRICES = prices_by_rule("5", "25", cache_read="0.50", us=False)
    THINKING = BUDGET_WITH_EFFORT
    REASONING_EFFORTS = ("none", "low", "medium", "high")
    KNOWLEDGE_CUTOFF = date(2025, 5, 31)
    RELEASED = date(2025, 11, 24)
