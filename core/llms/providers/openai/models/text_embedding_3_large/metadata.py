"""What is known of text-embedding-3-large."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class TextEmbedding3LargeMetadata(EmbeddingMetadata):
    """text-embedding-3-large: vectors of up to 3,072 dimensions."""

    NAME = "openai-text-embedding-3-large"
    MODEL_ID = "text-embedding-3-large"
    DISPLAY_NAME = "text-embedding-3-large"
    CONTEXT_WINDOW = 8_191  # genai-prices: 8,192
    PRICES = Prices.of("0.13", "0")
    EMBEDDING_DIMENSIONS = 3_072
    # models.dev has the month of its release as its cutoff, too: left out.
    RELEASED = date(2024, 1, 25)
