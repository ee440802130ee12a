"""What is known of Claude Opus 4.8 on Bedrock."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from core.llms.providers.bedrock.models._families import REGIONAL, ClaudeMetadata, cached_prices, profiles

_PRICES = cached_prices("5", "25", "0.5")


class Opus48Metadata(ClaudeMetadata):
    """Claude Opus 4.8, by its own id in a region that has it, or in any region."""

    NAME = "bedrock-global.anthropic.claude-opus-4-8"
    MODEL_ID = "global.anthropic.claude-opus-4-8"
    DISPLAY_NAME = "Claude Opus 4.8"
    ALIASES: ClassVar[tuple[str, ...]] = ("anthropic.claude-opus-4-8",)
    FAMILY = "claude-opus"
    PRICES = _PRICES
    KNOWLEDGE_CUTOFF = date(2026, 1, 31)
    RELEASED = date(2026, 5, 28)


class Opus48RegionalMetadata(Opus48Metadata):
    """The same, by an inference profile that stays in a geography."""

    NAME = "bedrock-us.anthropic.claude-opus-4-8"
    MODEL_ID = "us.anthropic.claude-opus-4-8"
    ALIASES = profiles("anthropic.claude-opus-4-8")
    PRICES = _PRICES.scaled(REGIONAL, REGIONAL)
