"""Embed v1 4B."""

from core.llms.providers.perplexity.models.embed_v1_4b.metadata import EmbedV14BMetadata

__all__ = ["EmbedV14BMetadata"]
