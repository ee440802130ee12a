"""What is known of Claude Fable 5.1 on Bedrock."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from core.llms.providers.base.metadata import capabilities
from core.llms.providers.bedrock.models._families import (
    CLAUDE,
    REGIONAL,
    AlwaysThinkingClaudeMetadata,
    cached_prices,
    profiles,
)

_PRICES = cached_prices("10", "50", "0.25")


class Fable51Metadata(AlwaysThinkingClaudeMetadata):
    """Claude Fable 5.1, by its own id in a region that has it, or in any region."""

    NAME = "bedrock-global.anthropic.claude-fable-5-1"
    MODEL_ID = "global.anthropic.claude-fable-5-1"
    DISPLAY_NAME = "Claude Fable 5.1"
    ALIASES: ClassVar[tuple[str, ...]] = ("anthropic.claude-fable-5-1",)
    FAMILY = "claude-fable"
    PRICES = _PRICES
    CAPABILITIES = capabilities(*CLAUDE)
    KNOWLEDGE_CUTOFF = date(2026, 6, 30)
    RELEASED = date(2026, 9, 1)


class Fable51RegionalMetadata(Fable51Metadata):
    """The same, by an inference profile that stays in a geography."""

    NAME = "bedrock-us.anthropic.claude-fable-5-1"
    MODEL_ID = "us.anthropic.claude-fable-5-1"
    ALIASES = profiles("anthropic.claude-fable-5-1")
    PRICES = _PRICES.scaled(REGIONAL, REGIONAL)
