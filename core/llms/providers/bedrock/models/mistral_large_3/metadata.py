"""What is known of Mistral Large 3 on Bedrock."""

from __future__ import annotations

from datetime import date

from core.llms.providers.bedrock.models._families import MistralMetadata
from core.llms.types.prices import Prices


class MistralLarge3Metadata(MistralMetadata):
    """Mistral Large 3."""

    NAME = "bedrock-mistral.mistral-large-3-675b-instruct"
    MODEL_ID = "mistral.mistral-large-3-675b-instruct"
    DISPLAY_NAME = "Mistral Large 3"
    PRICES = Prices.of("0.5", "1.5")
    CONTEXT_WINDOW = 256_000
    MAX_TOKENS = 32_000
    KNOWLEDGE_CUTOFF = date(2024, 11, 30)
    RELEASED = date(2025, 12, 2)
