"""What is known of Mistral Embed."""

from __future__ import annotations

from datetime import date

from core.llms.providers.mistral.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class EmbedMetadata(EmbeddingMetadata):
    """Mistral Embed: vectors of 1,024 numbers."""

    NAME = "mistral-mistral-embed"
    MODEL_ID = "mistral-embed"
    DISPLAY_NAME = "Mistral Embed"
    ALIASES = ("mistral-embed-2312",)
    FAMILY = "mistral-embed"
    CONTEXT_WINDOW = 8_192  # models.dev: 8,000
    PRICES = Prices.of("0.10", "0")
    EMBEDDING_DIMENSIONS = 1_024
    RELEASED = date(2023, 12, 11)
