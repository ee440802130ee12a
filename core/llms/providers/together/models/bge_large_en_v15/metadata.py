"""What is known of BGE Large EN v1.5."""

from __future__ import annotations

from core.llms.providers.together.models._families import MODEL_CARD, PRICE_BY_SIZE, EmbeddingMetadata
from core.llms.types.prices import Prices


class BgeLargeEnV15Metadata(EmbeddingMetadata):
    """BGE Large EN v1.5 on Together AI: vectors of 1,024 numbers; priced as a model of 151 to 350 million weights."""

    NAME = "together-BAAI/bge-large-en-v1.5"
    MODEL_ID = "BAAI/bge-large-en-v1.5"
    DISPLAY_NAME = "BGE Large EN v1.5"
    FAMILY = "bge"
    CONTEXT_WINDOW = 512
    PRICES = Prices.of("0.016", "0")
    EMBEDDING_DIMENSIONS = 1_024
    SOURCES = (PRICE_BY_SIZE, MODEL_CARD)
