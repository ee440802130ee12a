"""What is known of Amazon Nova Multimodal Embeddings on Bedrock."""

from __future__ import annotations

from core.llms.providers.bedrock.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class NovaEmbeddingsMetadata(EmbeddingMetadata):
    """Amazon Nova Multimodal Embeddings."""

    NAME = "bedrock-amazon.nova-2-multimodal-embeddings-v1:0"
    MODEL_ID = "amazon.nova-2-multimodal-embeddings-v1:0"
    DISPLAY_NAME = "Amazon Nova Multimodal Embeddings"
    PRICES = Prices.of("0.135", "0")
    CONTEXT_WINDOW = 8_172
    EMBEDDING_DIMENSIONS = 3_072
