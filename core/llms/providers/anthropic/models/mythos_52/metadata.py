"""What is known of Claude Mythos 5.2."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import (
    GENAI_PRICES,
    MODEL_PAGE,
    PI_AI,
    AlwaysThinkingMetadata,
    prices_by_rule,
)


class Mythos52Metadata(AlwaysThinkingMetadata):
    """Claude Mythos 5.2: Fable 5.2 without its safeguards, for verified organisations."""

    NAME = "anthropic-claude-mythos-5-2"
    MODEL_ID = "claude-mythos-5-2"
    DISPLAY_NAME = "Claude Mythos 5.2"
    FAMILY = "claude-mythos"
    PRICES = prices_by_rule("8", "40", cache_read="0.20", fast=True)
    DEFAULT_REASONING_EFFORT = None
    RELEASED = date(2026, 11, 9)
    SOURCES = (GENAI_PRICES, PI_AI, MODEL_PAGE)
