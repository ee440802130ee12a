"""Embed v1 0.6B."""

from core.llms.providers.perplexity.models.embed_v1_06b.metadata import EmbedV106BMetadata

__all__ = ["EmbedV106BMetadata"]
