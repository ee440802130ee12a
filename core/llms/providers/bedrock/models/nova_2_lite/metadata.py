"""What is known of Amazon Nova 2 Lite on Bedrock."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from core.llms.providers.bedrock.models._families import REGIONAL, Nova2Metadata, cached_prices

_PRICES = cached_prices("0.3", "2.5", "0.075", write_factor="1")


class Nova2LiteMetadata(Nova2Metadata):
    """Amazon Nova 2 Lite, by its own id or in any region."""

    NAME = "bedrock-global.amazon.nova-2-lite-v1:0"
    MODEL_ID = "global.amazon.nova-2-lite-v1:0"
    DISPLAY_NAME = "Amazon Nova 2 Lite"
    ALIASES: ClassVar[tuple[str, ...]] = ("amazon.nova-2-lite-v1:0",)
    PRICES = _PRICES
    KNOWLEDGE_CUTOFF = date(2025, 10, 31)
    RELEASED = date(2025, 12, 2)


class Nova2LiteRegionalMetadata(Nova2LiteMetadata):
    """The same, by the inference profile that stays in the US."""

    NAME = "bedrock-us.amazon.nova-2-lite-v1:0"
    MODEL_ID = "us.amazon.nova-2-lite-v1:0"
    ALIASES = ()
    PRICES = _PRICES.scaled(REGIONAL, REGIONAL)
