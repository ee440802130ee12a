"""What is known of Claude Sonnet 4.5 on Bedrock."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from core.llms.providers.bedrock.models._families import REGIONAL, BudgetClaudeMetadata, cached_prices, profiles

_PRICES = cached_prices("3", "15", "0.3")


class Sonnet45Metadata(BudgetClaudeMetadata):
    """Claude Sonnet 4.5, by its own id in a region that has it, or in any region."""

    NAME = "bedrock-global.anthropic.claude-sonnet-4-5-20250929-v1:0"
    MODEL_ID = "global.anthropic.claude-sonnet-4-5-20250929-v1:0"
    DISPLAY_NAME = "Claude Sonnet 4.5"
    ALIASES: ClassVar[tuple[str, ...]] = ("anthropic.claude-sonnet-4-5-20250929-v1:0",)
    FAMILY = "claude-sonnet"
    PRICES = _PRICES
    RETIRED = date(2027, 4, 8)
    KNOWLEDGE_CUTOFF = date(2025, 7, 31)
    RELEASED = date(2025, 9, 29)


class Sonnet45RegionalMetadata(Sonnet45Metadata):
    """The same, by an inference profile that stays in a geography."""

    NAME = "bedrock-us.anthropic.claude-sonnet-4-5-20250929-v1:0"
    MODEL_ID = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
    ALIASES = profiles("anthropic.claude-sonnet-4-5-20250929-v1:0")
    PRICES = _PRICES.scaled(REGIONAL, REGIONAL)
