"""What is known of Codestral Embed."""

from __future__ import annotations

from core.llms.providers.mistral.models._families import GENAI_PRICES, QUOTED, EmbeddingMetadata
from core.llms.types.prices import Prices


class CodestralEmbedMetadata(EmbeddingMetadata):
    """Codestral Embed: vectors of 1,536 numbers, or of as many as `dimensions` says, up to 3,072."""

    NAME = "mistral-codestral-embed"
    MODEL_ID = "codestral-embed"
    DISPLAY_NAME = "Codestral Embed"
    ALIASES = ("codestral-embed-2505",)
    FAMILY = "codestral-embed"
    CONTEXT_WINDOW = 8_192  # genai-prices: 8,000
    PRICES = Prices.of("0.15", "0")
    EMBEDDING_DIMENSIONS = 1_536
    SOURCES = (GENAI_PRICES, QUOTED)
