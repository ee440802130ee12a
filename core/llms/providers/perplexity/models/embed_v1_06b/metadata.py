"""What is known of Embed v1 0.6B."""

from __future__ import annotations

from core.llms.providers.perplexity.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class EmbedV106BMetadata(EmbeddingMetadata):
    """Embed v1 0.6B: vectors of up to 1,024 numbers."""

    NAME = "perplexity-pplx-embed-v1-0.6b"
    MODEL_ID = "pplx-embed-v1-0.6b"
    DISPLAY_NAME = "Embed v1 0.6B"
    FAMILY = "pplx-embed"
    CONTEXT_WINDOW = 32_768
    PRICES = Prices.of("0.004", "0")
    EMBEDDING_DIMENSIONS = 1_024
