"""What is known of Granite Embedding 278M."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from core.llms.providers.base.metadata import Source
from core.llms.providers.watsonx.models._families import EmbeddingMetadata


class GraniteEmbedding278MMetadata(EmbeddingMetadata):
    """ibm/granite-embedding-278m-multilingual. No list at hand has its price at watsonx.ai."""

    NAME = "watsonx-ibm/granite-embedding-278m-multilingual"
    MODEL_ID = "ibm/granite-embedding-278m-multilingual"
    DISPLAY_NAME = "Granite Embedding 278M"
    FAMILY = "granite-embedding"
    CONTEXT_WINDOW = 512
    EMBEDDING_DIMENSIONS = 768
    SOURCES: ClassVar[tuple[Source, ...]] = (
        Source("Ollama's library, the model's own file (limits)", date(2026, 11, 28)),
    )
