"""What is known of Claude Sonnet 5."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import AdaptiveMetadata, prices_by_rule
from core.llms.wires.anthropic_messages.styles import ADAPTIVE


class Sonnet5Metadata(AdaptiveMetadata):
    """Claude Sonnet 5: coding, planning and general work."""

    NAME = "anthropic-claude-sonnet-5"
    MODEL_ID = "claude-sonnet-5"
    DISPLAY_NAME = "Claude Sonnet 5"
    FAMILY = "claude-sonnet"
    PRICES = prices_by_rule("2", "10", cache_read="0.20")
    THINKING = ADAPTIVE
    # litellm: takes system messages between the others; pi-ai: does not.
    SYSTEM_IN_MESSAGES = False
    KNOWLEDGE_CUTOFF = date(2026, 1, 31)
    RELEASED = date(2026, 6, 29)
