"""What is known of Claude Haiku 5.5."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import (
    GENAI_PRICES,
    LITELLM,
    MODEL_PAGE,
    PI_AI,
    AdaptiveMetadata,
    prices_by_rule,
)
from core.llms.wires.anthropic_messages.styles import ADAPTIVE


class Haiku55Metadata(AdaptiveMetadata):
    """Claude Haiku 5.5: the fastest and cheapest, for work in volume."""

    NAME = "anthropic-claude-haiku-5-5"
    MODEL_ID = "claude-haiku-5-5"
    DISPLAY_NAME = "Claude Haiku 5.5"
    FAMILY = "claude-haiku"
    PRICES = prices_by_rule("0.10", "0.50", cache_read="0.01", long_prompt=(100_000, "5"))
    DEFAULT_REASONING_EFFORT = "medium"
    THINKING = ADAPTIVE
    SYSTEM_IN_MESSAGES = True
    KNOWLEDGE_CUTOFF = date(2026, 6, 30)
    SOURCES = (GENAI_PRICES, LITELLM, PI_AI, MODEL_PAGE)
