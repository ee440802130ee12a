"""What is known of Gemini Embedding 001."""

from __future__ import annotations

from datetime import date

from core.llms.providers.google.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class GeminiEmbedding001Metadata(EmbeddingMetadata):
    """gemini-embedding-001: text, vectors of up to 3,072 dimensions."""

    NAME = "google-gemini-embedding-001"
    MODEL_ID = "gemini-embedding-001"
    DISPLAY_NAME = "Gemini Embedding 001"
    CONTEXT_WINDOW = 2_048
    PRICES = Prices.of("0.15", "0")
    EMBEDDING_DIMENSIONS = 3_072
    RELEASED = date(2025, 5, 20)
    RETIRED = date(2028, 5, 14)  # litellm on Vertex AI: 2028-05-20
