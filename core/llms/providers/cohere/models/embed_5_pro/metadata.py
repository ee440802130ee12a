"""What is known of Embed 5 Pro."""

from __future__ import annotations

from core.llms.providers.cohere.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class Embed5ProMetadata(EmbeddingMetadata):
    """embed-v5.0-pro: text, and images, which are not embedded here."""

    NAME = "cohere-embed-v5.0-pro"
    MODEL_ID = "embed-v5.0-pro"
    DISPLAY_NAME = "Embed 5 Pro"
    CONTEXT_WINDOW = 128_000
    PRICES = Prices.of("0.12", "0")
    EMBEDDING_DIMENSIONS = 2_048
