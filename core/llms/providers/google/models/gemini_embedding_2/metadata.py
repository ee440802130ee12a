"""What is known of Gemini Embedding 2."""

from __future__ import annotations

from datetime import date

from core.llms.providers.google.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class GeminiEmbedding2Metadata(EmbeddingMetadata):
    """gemini-embedding-2: text (and media, which are not embedded here), vectors of up to 3,072 dimensions."""

    NAME = "google-gemini-embedding-2"
    MODEL_ID = "gemini-embedding-2"
    DISPLAY_NAME = "Gemini Embedding 2"
    ALIASES = ("gemini-embedding-2-preview",)
    CONTEXT_WINDOW = 8_192
    PRICES = Prices.of("0.20", "0", audio_input="6.50", image_input="0.45")
    EMBEDDING_DIMENSIONS = 3_072
    RELEASED = date(2026, 4, 22)
