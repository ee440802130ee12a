"""text-embedding-3-large on Azure."""

from core.llms.providers.azure.models.text_embedding_3_large.metadata import TextEmbedding3LargeMetadata

__all__ = ["TextEmbedding3LargeMetadata"]
