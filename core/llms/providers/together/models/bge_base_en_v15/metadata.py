"""What is known of BGE Base EN v1.5."""

from __future__ import annotations

from core.llms.providers.together.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class BgeBaseEnV15Metadata(EmbeddingMetadata):
    """BGE Base EN v1.5 on Together AI: vectors of 768 numbers."""

    NAME = "together-BAAI/bge-base-en-v1.5"
    MODEL_ID = "BAAI/bge-base-en-v1.5"
    DISPLAY_NAME = "BGE Base EN v1.5"
    FAMILY = "bge"
    CONTEXT_WINDOW = 512
    PRICES = Prices.of("0.008", "0")
    EMBEDDING_DIMENSIONS = 768
