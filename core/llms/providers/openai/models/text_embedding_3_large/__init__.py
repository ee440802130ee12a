"""text-embedding-3-large."""

from core.llms.providers.openai.models.text_embedding_3_large.metadata import TextEmbedding3LargeMetadata

__all__ = ["TextEmbedding3LargeMetadata"]
