"""What is known of Llama 4 Maverick on Bedrock."""

from __future__ import annotations

from datetime import date

from core.llms.providers.bedrock.models._families import LlamaMetadata
from core.llms.types.prices import Prices


class Llama4MaverickMetadata(LlamaMetadata):
    """Llama 4 Maverick."""

    NAME = "bedrock-meta.llama4-maverick-17b-instruct-v1:0"
    MODEL_ID = "meta.llama4-maverick-17b-instruct-v1:0"
    DISPLAY_NAME = "Llama 4 Maverick"
    ALIASES = ("us.meta.llama4-maverick-17b-instruct-v1:0",)
    PRICES = Prices.of("0.24", "0.97")
    CONTEXT_WINDOW = 1_000_000
    MAX_TOKENS = 8_192
    KNOWLEDGE_CUTOFF = date(2024, 8, 31)
    RELEASED = date(2025, 4, 5)
    RETIRED = date(2027, 3, 30)
