"""What is known of Embed v1 4B."""

from __future__ import annotations

from core.llms.providers.perplexity.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class EmbedV14BMetadata(EmbeddingMetadata):
    """Embed v1 4B: vectors of up to 2,560 numbers."""

    NAME = "perplexity-pplx-embed-v1-4b"
    MODEL_ID = "pplx-embed-v1-4b"
    DISPLAY_NAME = "Embed v1 4B"
    FAMILY = "pplx-embed"
    CONTEXT_WINDOW = 32_768
    PRICES = Prices.of("0.03", "0")
    EMBEDDING_DIMENSIONS = 2_560
