"""text-embedding-3-small."""

from core.llms.providers.openai.models.text_embedding_3_small.metadata import TextEmbedding3SmallMetadata

__all__ = ["TextEmbedding3SmallMetadata"]
