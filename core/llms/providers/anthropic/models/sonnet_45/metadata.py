"""What is known of Claude Sonnet 4.5."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import (
    DEPRECATIONS,
    GENAI_PRICES,
    LITELLM,
    MODELS_DEV,
    BudgetMetadata,
    prices_by_rule,
)


class Sonnet45Metadata(BudgetMetadata):
    """Claude Sonnet 4.5: soon retired."""

    NAME = "anthropic-claude-sonnet-4-5"
    MODEL_ID = "claude-sonnet-4-5"
    DISPLAY_NAME = "Claude Sonnet 4.5"
    ALIASES = ("claude-sonnet-4-5-20250929",)
    FAMILY = "claude-sonnet"
    # models.dev: 1,000,000; that beta ended on 2026-04-30 (genai-prices, litellm).
    CONTEXT_WINDOW = 200_000
    PRICES = prices_by_rule("3", "15", cache_read="0.30", us=False)
    KNOWLEDGE_CUTOFF = date(2025, 7, 31)
    RELEASED = date(2025, 9, 29)
    DEPRECATED = date(2026, 9, 30)
    RETIRED = date(2026, 11, 30)
    REPLACEMENT = "claude-sonnet-5-5"
    SOURCES = (MODELS_DEV, GENAI_PRICES, LITELLM, DEPRECATIONS)
