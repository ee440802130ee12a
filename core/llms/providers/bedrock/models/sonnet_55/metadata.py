"""What is known of Claude Sonnet 5.5 on Bedrock."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from core.llms.providers.bedrock.models._families import REGIONAL, AlwaysThinkingClaudeMetadata, cached_prices, profiles

_PRICES = cached_prices("2", "10", "0.1")


class Sonnet55Metadata(AlwaysThinkingClaudeMetadata):
    """Claude Sonnet 5.5, by its own id in a region that has it, or in any region."""

    NAME = "bedrock-global.anthropic.claude-sonnet-5-5"
    MODEL_ID = "global.anthropic.claude-sonnet-5-5"
    DISPLAY_NAME = "Claude Sonnet 5.5"
    ALIASES: ClassVar[tuple[str, ...]] = ("anthropic.claude-sonnet-5-5",)
    FAMILY = "claude-sonnet"
    PRICES = _PRICES
    KNOWLEDGE_CUTOFF = date(2026, 6, 30)
    RELEASED = date(2026, 9, 28)


class Sonnet55RegionalMetadata(Sonnet55Metadata):
    """The same, by an inference profile that stays in a geography."""

    NAME = "bedrock-us.anthropic.claude-sonnet-5-5"
    MODEL_ID = "us.anthropic.claude-sonnet-5-5"
    ALIASES = profiles("anthropic.claude-sonnet-5-5")
    PRICES = _PRICES.scaled(REGIONAL, REGIONAL)
