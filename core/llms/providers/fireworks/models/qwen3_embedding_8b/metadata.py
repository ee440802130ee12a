"""What is known of Qwen3 Embedding 8B."""

from __future__ import annotations

from core.llms.providers.fireworks.models._families import EmbeddingMetadata
from core.llms.types.prices import Prices


class Qwen3Embedding8BMetadata(EmbeddingMetadata):
    """Qwen3 Embedding 8B on Fireworks AI: vectors of up to 4,096 numbers."""

    NAME = "fireworks-accounts/fireworks/models/qwen3-embedding-8b"
    MODEL_ID = "accounts/fireworks/models/qwen3-embedding-8b"
    DISPLAY_NAME = "Qwen3 Embedding 8B"
    ALIASES = ("fireworks/qwen3-embedding-8b",)
    FAMILY = "qwen3-embedding"
    CONTEXT_WINDOW = 40_960
    PRICES = Prices.of("0.10", "0")
    EMBEDDING_DIMENSIONS = 4_096
