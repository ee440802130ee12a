"""What is known of Claude Opus 4.8."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import AdaptiveMetadata, prices_by_rule
from core.llms.wires.anthropic_messages.styles import ADAPTIVE


class Opus48Metadata(AdaptiveMetadata):
    """Claude Opus 4.8: thinks where it is asked to."""

    NAME = "anthropic-claude-opus-4-8"
    MODEL_ID = "claude-opus-4-8"
    DISPLAY_NAME = "Claude Opus 4.8"
    FAMILY = "claude-opus"
    PRICES = prices_by_rule("5", "25", cache_read="0.50", fast=True)  # the fast speed until 2026-11-30
    THINKING = ADAPTIVE
    DEFAULT_REASONING_EFFORT = "none"
    SYSTEM_IN_MESSAGES = True
    KNOWLEDGE_CUTOFF = date(2026, 1, 31)
    RELEASED = date(2026, 5, 28)
