"""What is known of Claude Haiku 4.5 on Bedrock."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from core.llms.providers.bedrock.models._families import REGIONAL, BudgetClaudeMetadata, cached_prices, profiles

_PRICES = cached_prices("1", "5", "0.1")


class Haiku45Metadata(BudgetClaudeMetadata):
    """Claude Haiku 4.5, by its own id in a region that has it, or in any region."""

    NAME = "bedrock-global.anthropic.claude-haiku-4-5-20251001-v1:0"
    MODEL_ID = "global.anthropic.claude-haiku-4-5-20251001-v1:0"
    DISPLAY_NAME = "Claude Haiku 4.5"
    ALIASES: ClassVar[tuple[str, ...]] = ("anthropic.claude-haiku-4-5-20251001-v1:0",)
    FAMILY = "claude-haiku"
    PRICES = _PRICES
    KNOWLEDGE_CUTOFF = date(2025, 2, 28)
    RELEASED = date(2025, 10, 15)


class Haiku45RegionalMetadata(Haiku45Metadata):
    """The same, by an inference profile that stays in a geography."""

    NAME = "bedrock-us.anthropic.claude-haiku-4-5-20251001-v1:0"
    MODEL_ID = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
    ALIASES = profiles("anthropic.claude-haiku-4-5-20251001-v1:0")
    PRICES = _PRICES.scaled(REGIONAL, REGIONAL)
