"""What is known of Claude Opus 5."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import AdaptiveMetadata, prices_by_rule
from core.llms.wires.anthropic_messages.styles import ADAPTIVE


class Opus5Metadata(AdaptiveMetadata):
    """Claude Opus 5: coding, agents and professional work."""

    NAME = "anthropic-claude-opus-5"
    MODEL_ID = "claude-opus-5"
    DISPLAY_NAME = "Claude Opus 5"
    FAMILY = "claude-opus"
    PRICES = prices_by_rule("5", "25", cache_read="0.50", fast=True)
    THINKING = ADAPTIVE
    SYSTEM_IN_MESSAGES = True
    KNOWLEDGE_CUTOFF = date(2026, 5, 31)
    RELEASED = date(2026, 7, 24)
