"""What is known of Claude Sonnet 4.6 on Bedrock."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from core.llms.providers.bedrock.models._families import REGIONAL, EffortClaudeMetadata, cached_prices, profiles

_PRICES = cached_prices("3", "15", "0.3")


class Sonnet46Metadata(EffortClaudeMetadata):
    """Claude Sonnet 4.6, by its own id in a region that has it, or in any region."""

    NAME = "bedrock-global.anthropic.claude-sonnet-4-6"
    MODEL_ID = "global.anthropic.claude-sonnet-4-6"
    DISPLAY_NAME = "Claude Sonnet 4.6"
    ALIASES: ClassVar[tuple[str, ...]] = ("anthropic.claude-sonnet-4-6",)
    FAMILY = "claude-sonnet"
    PRICES = _PRICES
    MAX_TOKENS = 64_000  # models.dev: 128,000
    KNOWLEDGE_CUTOFF = date(2025, 8, 31)
    RELEASED = date(2026, 2, 17)


class Sonnet46RegionalMetadata(Sonnet46Metadata):
    """The same, by an inference profile that stays in a geography."""

    NAME = "bedrock-us.anthropic.claude-sonnet-4-6"
    MODEL_ID = "us.anthropic.claude-sonnet-4-6"
    ALIASES = profiles("anthropic.claude-sonnet-4-6")
    PRICES = _PRICES.scaled(REGIONAL, REGIONAL)
