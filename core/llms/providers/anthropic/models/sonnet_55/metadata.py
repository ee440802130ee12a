"""What is known of Claude Sonnet 5.5."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import AdaptiveMetadata, prices_by_rule
from core.llms.wires.anthropic_messages.styles import BETWEEN_TOOLS


class Sonnet55Metadata(AdaptiveMetadata):
    """Claude Sonnet 5.5: fast, for everyday coding and agents; it cannot be forced to call a tool."""

    NAME = "anthropic-claude-sonnet-5-5"
    MODEL_ID = "claude-sonnet-5-5"
    DISPLAY_NAME = "Claude Sonnet 5.5"
    FAMILY = "claude-sonnet"
    PRICES = prices_by_rule("2", "10", cache_read="0.10")  # models.dev: 0.20 from the cache
    THINKING = BETWEEN_TOOLS
    FORCED_TOOL_USE = False
    SYSTEM_IN_MESSAGES = True
    KNOWLEDGE_CUTOFF = date(2026, 6, 30)
    RELEASED = date(2026, 9, 28)
