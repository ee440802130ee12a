"""What is known of Claude 3.5 Sonnet."""

from __future__ import annotations

from datetime import date

from core.llms.providers.anthropic.models._families import WITHOUT_SCHEMAS, Claude3Metadata, prices_by_rule
from core.llms.providers.base.metadata import capabilities


class Sonnet35Metadata(Claude3Metadata):
    """Claude 3.5 Sonnet, both snapshots: retired."""

    NAME = "anthropic-claude-3-5-sonnet-20241022"
    MODEL_ID = "claude-3-5-sonnet-20241022"
    DISPLAY_NAME = "Claude 3.5 Sonnet"
    ALIASES = ("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20240620")
    FAMILY = "claude-sonnet"
    MAX_TOKENS = 8_192
    PRICES = prices_by_rule("3", "15", cache_read="0.30", us=False)
    CAPABILITIES = capabilities(*WITHOUT_SCHEMAS)
    RELEASED = date(2024, 6, 20)
    DEPRECATED = date(2025, 8, 13)
    RETIRED = date(2025, 10, 28)
    REPLACEMENT = "claude-sonnet-4-6"
