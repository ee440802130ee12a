"""What is known of Titan Text Embeddings V2 on Bedrock."""

from __future__ import annotations

from core.llms.providers.bedrock.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class TitanEmbedTextV2Metadata(EmbeddingMetadata):
    """Titan Text Embeddings V2."""

    NAME = "bedrock-amazon.titan-embed-text-v2:0"
    MODEL_ID = "amazon.titan-embed-text-v2:0"
    DISPLAY_NAME = "Titan Text Embeddings V2"
    PRICES = Prices.of("0.02", "0")
    CONTEXT_WINDOW = 8_192
    EMBEDDING_DIMENSIONS = 1_024
