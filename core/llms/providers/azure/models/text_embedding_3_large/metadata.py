"""What is known of text-embedding-3-large on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class TextEmbedding3LargeMetadata(EmbeddingMetadata):
    """text-embedding-3-large: vectors of up to 3,072 dimensions."""

    NAME = "azure-text-embedding-3-large"
    MODEL_ID = "text-embedding-3-large"
    DISPLAY_NAME = "text-embedding-3-large"
    CONTEXT_WINDOW = 8_192
    PRICES = Prices.of("0.13", "0")  # litellm: 0.143, a tenth more, as in a region
    EMBEDDING_DIMENSIONS = 3_072
    RELEASED = date(2024, 1, 25)
    RETIRED = date(2028, 2, 9)  # Microsoft's schedule of 2026-07-07: 2027-04-15
