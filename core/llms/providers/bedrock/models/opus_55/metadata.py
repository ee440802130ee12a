"""What is known of Claude Opus 5.5 on Bedrock."""

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
from core.llms.wires.anthropic_messages.styles import ALWAYS

_PRICES = cached_prices("4", "20", "0.2")


class Opus55Metadata(AlwaysThinkingClaudeMetadata):
    """Claude Opus 5.5, by its own id in a region that has it, or in any region."""

    NAME = "bedrock-global.anthropic.claude-opus-5-5"
    MODEL_ID = "global.anthropic.claude-opus-5-5"
    DISPLAY_NAME = "Claude Opus 5.5"
    ALIASES: ClassVar[tuple[str, ...]] = ("anthropic.claude-opus-5-5",)
    FAMILY = "claude-opus"
    PRICES = _PRICES
    THINKING = ALWAYS
    REASONING_EFFORTS = ("low", "medium", "high", "xhigh", "max")
    DEFAULT_REASONING_EFFORT = "medium"
    CAPABILITIES = capabilities(*CLAUDE)
    KNOWLEDGE_CUTOFF = date(2026, 6, 30)
    RELEASED = date(2026, 9, 22)


class Opus55RegionalMetadata(Opus55Metadata):
    """The same, by an inference profile that stays in a geography."""

    NAME = "bedrock-us.anthropic.claude-opus-5-5"
    MODEL_ID = "us.anthropic.claude-opus-5-5"
    ALIASES = profiles("anthropic.claude-opus-5-5")
    PRICES = _PRICES.scaled(REGIONAL, REGIONAL)
