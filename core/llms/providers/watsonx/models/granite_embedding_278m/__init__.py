"""Granite Embedding 278M."""

from core.llms.providers.watsonx.models.granite_embedding_278m.metadata import GraniteEmbedding278MMetadata

__all__ = ["GraniteEmbedding278MMetadata"]
