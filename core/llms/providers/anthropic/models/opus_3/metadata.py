"""What is known of Claude 3 Opus."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import WITHOUT_SCHEMAS, Claude3Metadata, prices_by_rule
from core.llms.providers.base.metadata import Capability, capabilities


class Opus3Metadata(Claude3Metadata):
    """Claude 3 Opus: retired."""

    NAME = "anthropic-claude-3-opus-20240229"
    MODEL_ID = "claude-3-opus-20240229"
    DISPLAY_NAME = "Claude 3 Opus"
    ALIASES = ("claude-3-opus-latest",)
    FAMILY = "claude-opus"
    MAX_TOKENS = 4_096
    PRICES = prices_by_rule("15", "75", cache_read="1.50", us=False)
    # litellm names no PDFs for it.
    CAPABILITIES = capabilities(*(able for able in WITHOUT_SCHEMAS if able is not Capability.FILES))
    RELEASED = date(2024, 2, 29)
    DEPRECATED = date(2025, 6, 30)
    RETIRED = date(2026, 1, 5)
    REPLACEMENT = "claude-opus-4-8"
