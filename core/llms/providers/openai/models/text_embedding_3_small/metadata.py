"""What is known of text-embedding-3-small."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class TextEmbedding3SmallMetadata(EmbeddingMetadata):
    """text-embedding-3-small: vectors of up to 1,536 dimensions."""

    NAME = "openai-text-embedding-3-small"
    MODEL_ID = "text-embedding-3-small"
    DISPLAY_NAME = "text-embedding-3-small"
    CONTEXT_WINDOW = 8_191  # genai-prices: 8,192
    PRICES = Prices.of("0.02", "0")
    EMBEDDING_DIMENSIONS = 1_536
    # models.dev has the month of its release as its cutoff, too: left out.
    RELEASED = date(2024, 1, 25)
