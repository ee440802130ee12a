"""What is known of Cohere Embed 4 on Bedrock."""

from __future__ import annotations

from core.llms.providers.bedrock.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class CohereEmbedV4Metadata(EmbeddingMetadata):
    """Cohere Embed 4."""

    NAME = "bedrock-cohere.embed-v4:0"
    MODEL_ID = "cohere.embed-v4:0"
    DISPLAY_NAME = "Cohere Embed 4"
    ALIASES = (
        "us.cohere.embed-v4:0",
        "global.cohere.embed-v4:0",
    )
    PRICES = Prices.of("0.12", "0")
    CONTEXT_WINDOW = 128_000
    EMBEDDING_DIMENSIONS = 1_536
