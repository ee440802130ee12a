"""Cohere Embed 4."""

from core.llms.providers.bedrock.models.cohere_embed_v4.metadata import CohereEmbedV4Metadata

__all__ = ["CohereEmbedV4Metadata"]
