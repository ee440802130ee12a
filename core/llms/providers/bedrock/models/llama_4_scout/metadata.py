"""What is known of Llama 4 Scout on Bedrock."""

from __future__ import annotations

from datetime import date

from core.llms.providers.bedrock.models._families import LlamaMetadata
from core.llms.types.prices import Prices


class Llama4ScoutMetadata(LlamaMetadata):
    """Llama 4 Scout."""

    NAME = "bedrock-meta.llama4-scout-17b-instruct-v1:0"
    MODEL_ID = "meta.llama4-scout-17b-instruct-v1:0"
    DISPLAY_NAME = "Llama 4 Scout"
    ALIASES = ("us.meta.llama4-scout-17b-instruct-v1:0",)
    PRICES = Prices.of("0.17", "0.66")
    CONTEXT_WINDOW = 10_000_000
    MAX_TOKENS = 8_192
    KNOWLEDGE_CUTOFF = date(2024, 8, 31)
    RELEASED = date(2025, 4, 5)
    RETIRED = date(2027, 3, 30)
