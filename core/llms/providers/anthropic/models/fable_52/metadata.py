"""What is known of Claude Fable 5.2."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import (
    GENAI_PRICES,
    MODEL_PAGE,
    PI_AI,
    AlwaysThinkingMetadata,
    prices_by_rule,
)


class Fable52Metadata(AlwaysThinkingMetadata):
    """Claude Fable 5.2: the most able model, for the hardest and longest work."""

    NAME = "anthropic-claude-fable-5-2"
    MODEL_ID = "claude-fable-5-2"
    DISPLAY_NAME = "Claude Fable 5.2"
    FAMILY = "claude-fable"
    PRICES = prices_by_rule("8", "40", cache_read="0.20", fast=True)
    DEFAULT_REASONING_EFFORT = None
    RELEASED = date(2026, 11, 9)
    SOURCES = (GENAI_PRICES, PI_AI, MODEL_PAGE)
