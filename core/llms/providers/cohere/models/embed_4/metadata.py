"""What is known of Embed 4."""

from __future__ import annotations

from core.llms.providers.cohere.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class Embed4Metadata(EmbeddingMetadata):
    """embed-v4.0: text, and images, which are not embedded here."""

    NAME = "cohere-embed-v4.0"
    MODEL_ID = "embed-v4.0"
    DISPLAY_NAME = "Embed 4"
    CONTEXT_WINDOW = 128_000
    PRICES = Prices.of("0.12", "0")
    EMBEDDING_DIMENSIONS = 1_536
