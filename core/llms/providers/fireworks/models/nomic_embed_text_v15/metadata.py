"""What is known of Nomic Embed Text v1.5."""

from __future__ import annotations

from core.llms.providers.fireworks.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class NomicEmbedTextV15Metadata(EmbeddingMetadata):
    """Nomic Embed Text v1.5 on Fireworks AI: vectors of up to 768 numbers."""

    NAME = "fireworks-nomic-ai/nomic-embed-text-v1.5"
    MODEL_ID = "nomic-ai/nomic-embed-text-v1.5"
    DISPLAY_NAME = "Nomic Embed Text v1.5"
    FAMILY = "nomic-embed"
    CONTEXT_WINDOW = 8_192
    PRICES = Prices.of("0.008", "0")
    EMBEDDING_DIMENSIONS = 768
