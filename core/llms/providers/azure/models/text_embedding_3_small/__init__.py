"""text-embedding-3-small on Azure."""

from core.llms.providers.azure.models.text_embedding_3_small.metadata import TextEmbedding3SmallMetadata

__all__ = ["TextEmbedding3SmallMetadata"]
