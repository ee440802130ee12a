"""What is known of Embed 5 Fast."""

from __future__ import annotations

from core.llms.providers.cohere.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class Embed5FastMetadata(EmbeddingMetadata):
    """embed-v5.0-fast: text, and images, which are not embedded here."""

    NAME = "cohere-embed-v5.0-fast"
    MODEL_ID = "embed-v5.0-fast"
    DISPLAY_NAME = "Embed 5 Fast"
    CONTEXT_WINDOW = 128_000
    PRICES = Prices.of("0.08", "0")
    EMBEDDING_DIMENSIONS = 2_048
