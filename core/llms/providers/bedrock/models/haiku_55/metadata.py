"""What is known of Claude Haiku 5.5 on Bedrock."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from core.llms.providers.bedrock.models._families import REGIONAL, ClaudeMetadata, cached_prices, profiles
from core.llms.types.prices import PriceTier

_BASE = cached_prices("0.1", "0.5", "0.01")
_REGIONAL = _BASE.scaled(REGIONAL, REGIONAL)


class Haiku55Metadata(ClaudeMetadata):
    """Claude Haiku 5.5, by its own id in a region that has it, or in any region."""

    NAME = "bedrock-global.anthropic.claude-haiku-5-5"
    MODEL_ID = "global.anthropic.claude-haiku-5-5"
    DISPLAY_NAME = "Claude Haiku 5.5"
    ALIASES: ClassVar[tuple[str, ...]] = ("anthropic.claude-haiku-5-5",)
    FAMILY = "claude-haiku"
    PRICES = replace(_BASE, tiers=(PriceTier(100_000, _BASE.scaled(5, 5)),))


class Haiku55RegionalMetadata(Haiku55Metadata):
    """The same, by an inference profile that stays in a geography."""

    NAME = "bedrock-us.anthropic.claude-haiku-5-5"
    MODEL_ID = "us.anthropic.claude-haiku-5-5"
    ALIASES = profiles("anthropic.claude-haiku-5-5")
    PRICES = replace(_REGIONAL, tiers=(PriceTier(100_000, _REGIONAL.scaled(5, 5)),))
